//! What an instance of a resource sees, or the call of a module.

use std::path::Path;

use super::{Instance, Module};
use crate::address::Key;
use crate::lang::{Env, Found, Type, Value};

/// The scope within one instance: `each`, `count` and `self` besides the module's.
pub struct Within<'s> {
    pub module: Module<'s>,
    /// `each.key` and `each.value`, or `count.index`; unknown where the repetition is.
    pub each: Option<(Value, Value)>,
    pub index: Option<Value>,
    pub itself: Option<Value>,
}

impl<'s> Within<'s> {
    pub fn new(module: Module<'s>, instance: &Instance) -> Self {
        let mut it = Within { module, each: None, index: None, itself: None };
        match &instance.key {
            Key::Index(_) => it.index = instance.key.value(),
            Key::Name(_) => it.each = instance.key.value().zip(Some(instance.value.clone())),
            Key::None => {}
        }
        it
    }

    /// For an instance of a repetition that is not known yet.
    pub fn unknown(module: Module<'s>) -> Self {
        Within {
            module,
            each: Some((Value::unknown(Type::String), Value::unknown(Type::Any))),
            index: Some(Value::unknown(Type::Number)),
            itself: None,
        }
    }

    /// The same once more.
    pub fn again(&self) -> Within<'s> {
        Within {
            module: self.module.scope.module(&self.module.path),
            each: self.each.clone(),
            index: self.index.clone(),
            itself: self.itself.clone(),
        }
    }

    /// With `self`.
    pub fn with(self, itself: Value) -> Self {
        Within { itself: Some(itself), ..self }
    }
}

impl Env for Within<'_> {
    fn resolve(&self, path: &[&str]) -> Found {
        let own = match path {
            ["each", "key", ..] => self.each.as_ref().map(|it| (it.0.clone(), 2)),
            ["each", "value", ..] => self.each.as_ref().map(|it| (it.1.clone(), 2)),
            ["count", "index", ..] => self.index.clone().map(|it| (it, 2)),
            ["self", ..] => self.itself.clone().map(|it| (it, 1)),
            _ => None,
        };
        match own {
            Some((value, used)) => Found::Value(value, used),
            None => self.module.resolve(path),
        }
    }
    fn base_dir(&self) -> &Path {
        self.module.base_dir()
    }
    fn now(&self) -> Option<String> {
        self.module.now()
    }
    fn plan_time(&self) -> Option<String> {
        self.module.plan_time()
    }
}
