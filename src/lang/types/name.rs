//! What a type is called in an error.

use super::Type;

impl Type {
    /// In words, every detail of it: `list of string`.
    pub fn words(&self) -> String {
        match self {
            Type::Any => "any type".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Number => "number".to_owned(),
            Type::String => "string".to_owned(),
            Type::List(of) => format!("list of {}", of.element_words()),
            Type::Set(of) => format!("set of {}", of.element_words()),
            Type::Map(of) => format!("map of {}", of.element_words()),
            Type::Tuple(_) => "tuple".to_owned(),
            Type::Object(_) => "object".to_owned(),
        }
    }

    fn element_words(&self) -> String {
        match self {
            Type::Any => "any single type".to_owned(),
            _ => self.words(),
        }
    }

    /// With its article: `a list of string`.
    pub fn a(&self) -> String {
        let words = self.words();
        let article = if words.starts_with(['a', 'o']) { "an" } else { "a" };
        format!("{article} {words}")
    }
}
