//! `[…]` and `{…}`.

use std::sync::Arc;

use hcl_edit::expr::{Array, Expression as E, Object, ObjectKey};

use super::{Outcome, Scope};
use crate::diag::Diagnostics;
use crate::lang::types::Type;
use crate::lang::value::{Map, Marks, Value, normal};

impl Scope<'_> {
    pub(super) fn array(&self, it: &Array) -> Outcome {
        let mut errors = Diagnostics::default();
        let items = it.iter().filter_map(|it| errors.take(self.expr(it))).collect();
        errors.check(Value::tuple(items))
    }

    pub(super) fn object(&self, it: &Object) -> Outcome {
        let mut errors = Diagnostics::default();
        let mut fields = Map::new();
        let mut marks = Marks::default();
        let mut known = true;
        for (key, value) in it.iter() {
            let key = errors.take(self.object_key(key));
            let value = errors.take(self.expr(value.expr()));
            let (Some((name, key_marks)), Some(value)) = (key, value) else { continue };
            marks = marks | key_marks;
            match name {
                Some(name) => drop(fields.insert(name, value)),
                None => known = false,
            }
        }
        // With a key unknown, so is the type.
        let value = if known { Value::object(fields) } else { Value::unknown_not_null(Type::Any) };
        errors.check(value.marked(marks))
    }

    fn object_key(&self, key: &ObjectKey) -> Result<(Option<Arc<str>>, Marks), Diagnostics> {
        match key {
            ObjectKey::Ident(name) => Ok((Some(normal(name)), Marks::default())),
            // A bare word is a key, whatever it means elsewhere.
            ObjectKey::Expression(E::Null(_)) => Ok((Some("null".into()), Marks::default())),
            ObjectKey::Expression(expr @ E::Traversal(_)) => {
                let error = self.at(expr).error("a key that is an expression needs parentheses");
                Err(error.help("write (…) around the key, or \"…\" to take it as text").into())
            }
            ObjectKey::Expression(expr) => {
                let value = self.expr(expr)?;
                Ok((self.key_text(&value, expr)?, value.marks))
            }
        }
    }

    /// The text of a key; `None` while it is unknown.
    pub(super) fn key_text(&self, value: &Value, expr: &E) -> Result<Option<Arc<str>>, Diagnostics> {
        if value.is_null() {
            return Err(self.at(expr).error("a key cannot be null").into());
        }
        match value.convert(&Type::String) {
            Ok(it) => Ok(it.as_str().map(Arc::from)),
            Err(_) => {
                let summary = format!("a key must be a string, not {}", value.ty().a());
                Err(self.at(expr).error(summary).into())
            }
        }
    }
}
