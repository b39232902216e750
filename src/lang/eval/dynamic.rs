//! Nested blocks, `dynamic` ones among them.

use std::path::Path;

use super::Outcome;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::expr::{Dynamic, Env, Found, Part};
use crate::lang::types::Type;
use crate::lang::value::{Kind, Marks, Value};

/// More of the same would teach nothing.
const MOST: usize = 5;

/// All the blocks, in order. How many they are is unknown where a `dynamic` does not know yet what
/// it goes through. None at all is as if nothing was written: an attribute that is written as blocks is
/// left to AWS then, unlike an empty list.
pub(super) fn blocks(parts: &[Part], env: &dyn Env) -> Outcome {
    let mut errors = Diagnostics::default();
    let mut out = Vec::new();
    let mut marks = Marks::default();
    let mut known = true;
    for part in parts {
        match part {
            Part::Static(it) => out.extend(errors.take(it.eval(env))),
            Part::Dynamic(it) => {
                let Some((made, theirs)) = errors.take(expanded(it, env)) else { continue };
                marks = marks | theirs;
                known &= made.is_some();
                out.extend(made.into_iter().flatten());
            }
        }
    }
    let value = match known {
        false => Value::unknown_not_null(Type::Any),
        true if out.is_empty() => Value::null(Type::Any),
        true => Value::tuple(out),
    };
    errors.check(value.marked(marks))
}

/// The blocks of one `dynamic`, `None` while what it goes through is unknown; and its marks.
fn expanded(it: &Dynamic, env: &dyn Env) -> Result<(Option<Vec<Value>>, Marks), Diagnostics> {
    let collection = it.for_each.eval(env)?;
    let marks = collection.marks;
    let Some(pairs) = pairs(&collection).map_err(|why| why.at(&it.for_each.place))? else {
        return Ok((None, marks));
    };
    let mut errors = Diagnostics::default();
    let mut out = Vec::new();
    for (key, value) in pairs {
        let element = Value::object([("key", key), ("value", value)]);
        let scope = Element { outer: env, name: &it.iterator, element };
        out.extend(errors.take(it.content.eval(&scope)));
        if errors.0.len() >= MOST {
            break;
        }
    }
    errors.check((Some(out), marks))
}

/// Keys and values; `None` while they are unknown.
fn pairs(it: &Value) -> Result<Option<Vec<(Value, Value)>>, Diagnostic> {
    let number = |at: usize| Value::from(i64::try_from(at).unwrap_or(i64::MAX));
    Ok(Some(match &it.kind {
        Kind::Unknown(unknown) if !unknown.ty.is_primitive() => return Ok(None),
        Kind::Null(_) => {
            let error = Diagnostic::error("the `for_each` of a `dynamic` block cannot be null");
            return Err(error.help("use coalesce(…, []) to say that there is none"));
        }
        Kind::List(_, all) | Kind::Tuple(all) => {
            all.iter().enumerate().map(|(at, it)| (number(at), it.clone())).collect()
        }
        Kind::Set(_, all) => all.iter().map(|it| (it.clone(), it.clone())).collect(),
        Kind::Map(_, all) | Kind::Object(all) => {
            all.iter().map(|(key, it)| (Value::from(&**key), it.clone())).collect()
        }
        _ => {
            let what = it.ty().a();
            let error = format!("the `for_each` of a `dynamic` block needs a collection, not {what}");
            return Err(Diagnostic::error(error).help("to make one block of it, put it in brackets: [value]"));
        }
    }))
}

/// What is seen around a `dynamic`, and its element.
struct Element<'a> {
    outer: &'a dyn Env,
    name: &'a str,
    element: Value,
}

impl Env for Element<'_> {
    fn resolve(&self, path: &[&str]) -> Found {
        match path.first() {
            Some(first) if *first == self.name => Found::Value(self.element.clone(), 1),
            _ => self.outer.resolve(path),
        }
    }
    fn base_dir(&self) -> &Path {
        self.outer.base_dir()
    }
    fn template_depth(&self) -> usize {
        self.outer.template_depth()
    }
    fn now(&self) -> Option<String> {
        self.outer.now()
    }
    fn plan_time(&self) -> Option<String> {
        self.outer.plan_time()
    }
}
