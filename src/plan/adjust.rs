//! What a type may change about its own plan: Terraform's `CustomizeDiff`.

use crate::lang::{Type, Value};

pub use super::diff::{equal, is_nothing};

/// One instance's plan, as far as the attributes' types settle it.
pub struct Adjust {
    /// As the state has it; `None` for a create.
    pub was: Option<Value>,
    /// As it will be: unknown where AWS decides.
    pub will: Value,
    /// What the configuration says: null where it says nothing.
    pub config: Value,
    /// Attributes that call for a replacement, besides the fixed ones that change: `name`, or `block.0.name`.
    pub replace: Vec<String>,
    /// What is wrong with the configuration: attribute and sentence.
    pub errors: Vec<(String, String)>,
}

impl Adjust {
    /// The attribute as it was and as it will be, where it changes (or one of them is unknown).
    pub fn change(&self, name: &str) -> Option<(&Value, &Value)> {
        let (was, will) = (self.was.as_ref()?.get(name)?, self.will.get(name)?);
        (!super::diff::equal(was, will)).then_some((was, will))
    }
    pub fn will(&self, name: &str) -> Option<&Value> {
        self.will.get(name)
    }
    pub fn config(&self, name: &str) -> Option<&Value> {
        self.config.get(name).filter(|it| !it.is_null())
    }
    pub fn set(&mut self, name: &str, value: Value) {
        if let Some(mut fields) = self.will.as_fields().cloned() {
            fields.insert(name.into(), value);
            self.will = Value::object(fields);
        }
    }
    /// AWS decides anew.
    pub fn set_unknown(&mut self, name: &str) {
        let ty = self.will.get(name).map_or(Type::Any, Value::ty);
        self.set(name, Value::unknown(ty));
    }
    pub fn require_replace(&mut self, name: &str) {
        self.replace.push(name.to_owned());
    }
    pub fn error(&mut self, name: &str, sentence: impl Into<String>) {
        self.errors.push((name.to_owned(), sentence.into()));
    }
}

/// Rules over several attributes. What is not known yet breaks none of them.
impl Adjust {
    fn said(&self, name: &str) -> bool {
        self.config(name).is_some_and(|it| !it.is_unknown())
    }
    /// At most one of these may stand.
    pub fn at_most_one(&mut self, names: &[&str]) {
        let said: Vec<_> = names.iter().filter(|it| self.said(it)).copied().collect();
        if let [first, second, ..] = said[..] {
            self.error(second, format!("`{second}` cannot stand beside `{first}`: leave one of them out"));
        }
    }
    /// At most one of these may stand in each block of this name.
    pub fn at_most_one_in(&mut self, block: &str, names: &[&str]) {
        let items = self.config(block).and_then(Value::as_items).unwrap_or_default();
        let says =
            |item: &Value, name: &str| item.get(name).is_some_and(|it| !it.is_unknown() && !is_nothing(it));
        let said = |item: &Value| names.iter().filter(|it| says(item, it)).copied().collect::<Vec<_>>();
        let both = items.iter().map(said).find(|it| it.len() > 1);
        if let Some([first, second, ..]) = both.as_deref() {
            let text = format!("`{second}` cannot stand beside `{first}`: leave one of them out");
            self.error(block, text);
        }
    }
    /// One of these has to stand, and no more.
    pub fn exactly_one(&mut self, names: &[&str]) {
        self.at_most_one(names);
        if names.iter().all(|it| self.config(it).is_none()) {
            let all = names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
            self.error(names.first().copied().unwrap_or_default(), format!("say one of {all}"));
        }
    }
    /// The first makes sense only beside the second.
    pub fn needs(&mut self, name: &str, other: &str) {
        if self.said(name) && self.config(other).is_none() {
            self.error(name, format!("`{name}` needs `{other}` beside it"));
        }
    }
}

/// The text of a value; none where it is something else, unknown or absent.
pub fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}
