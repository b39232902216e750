//! What a type may change about its own plan: Terraform's `CustomizeDiff`.

use crate::lang::{Type, Value};

/// One instance's plan, as far as the attributes' types settle it.
pub struct Adjust {
    /// As the state has it; `None` for a create.
    pub was: Option<Value>,
    /// As it will be: unknown where AWS decides.
    pub will: Value,
    /// What the configuration says: null where it says nothing.
    pub config: Value,
    /// Attributes that call for a replacement, besides the fixed ones that change.
    pub replace: Vec<String>,
    /// What is wrong with the configuration: attribute and sentence.
    pub errors: Vec<(String, String)>,
}

impl Adjust {
    /// The attribute as it was and as it will be, where it changes (or one of them is unknown).
    pub fn change(&self, name: &str) -> Option<(&Value, &Value)> {
        let (was, will) = (self.was.as_ref()?.get(name)?, self.will.get(name)?);
        (was != will).then_some((was, will))
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
