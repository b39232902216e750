//! `.name`, `[index]` and splats.

use std::sync::Arc;

use hcl_edit::expr::{Expression as E, Traversal, TraversalOperator as T};
use hcl_edit::{Decorate, Decorated};

use super::{At, Outcome, Scope, span};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::expr::static_names;
use crate::lang::types::Type;
use crate::lang::value::{Kind, Value, normal};

impl Scope<'_> {
    pub(super) fn traversal(&self, it: &Traversal) -> Outcome {
        let E::Variable(root) = &it.expr else {
            return self.walk(self.expr(&it.expr)?, &it.operators);
        };
        // All the names at once: the scope never has to build what is not asked for.
        let names = static_names(&it.operators);
        let end = it.operators.get(..names.len()).and_then(<[_]>::last).map(|it| span(it).end);
        let start = span(root);
        let at = At(self.offsets, start.start..end.unwrap_or(start.end));
        let path: Vec<&str> = [root.as_str()].into_iter().chain(names).collect();
        let (value, used) = self.lookup(&path, &at)?;
        self.walk(value, &it.operators[used - 1..])
    }

    fn walk(&self, mut value: Value, mut operators: &[Decorated<T>]) -> Outcome {
        while let Some((op, rest)) = operators.split_first() {
            operators = rest;
            let at = self.at(op);
            self.no_fraction(op, rest)?;
            value = match op.value() {
                T::GetAttr(name) => attribute(&value, name.as_str()).map_err(|it| fail(it, &at))?,
                T::LegacyIndex(index_of) => {
                    let key = Value::from(i64::try_from(**index_of).unwrap_or(i64::MAX));
                    index(&value, &key).map_err(|it| fail(it, &at))?
                }
                T::Index(expr) => {
                    let key = self.expr(expr)?;
                    index(&value, &key).map_err(|it| fail(it, &self.at(expr)))?
                }
                T::AttrSplat(_) | T::FullSplat(_) => {
                    let full = matches!(op.value(), T::FullSplat(_));
                    let plain = |it: &&Decorated<T>| matches!(it.value(), T::GetAttr(_) | T::LegacyIndex(_));
                    let count = if full { rest.len() } else { rest.iter().take_while(plain).count() };
                    operators = &rest[count..];
                    self.splat(value, &rest[..count], &at)?
                }
            };
        }
        Ok(value)
    }

    /// `.0.1` is an index by the number 0.1.
    fn no_fraction(&self, op: &Decorated<T>, rest: &[Decorated<T>]) -> Result<(), Diagnostics> {
        let (T::LegacyIndex(a), Some(next)) = (op.value(), rest.first()) else { return Ok(()) };
        let T::LegacyIndex(b) = next.value() else { return Ok(()) };
        if next.decor().prefix().is_some_and(|it| !it.is_empty()) {
            return Ok(());
        }
        let at = At(self.offsets, span(op).start..span(next).end);
        let (a, b) = (**a, **b);
        let error = at.error(format!("an index must be a whole number, not {a}.{b}"));
        Err(error.help(format!("write two indexes as `[{a}][{b}]`")).into())
    }

    /// Each element, or the one thing it is, with the rest of the path applied.
    fn splat(&self, value: Value, path: &[Decorated<T>], at: &At) -> Outcome {
        let marks = value.marks;
        let out = match &value.kind {
            Kind::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                let error = at.error("`*` cannot go through a list that is null");
                return Err(error.help("use coalesce(…, [])").into());
            }
            Kind::Null(_) => Value::tuple(Vec::new()),
            Kind::Unknown(it) => self.unknown_splat(&value, &it.ty, it.not_null, path)?,
            Kind::Tuple(all) => Value::tuple(self.each(all, path)?),
            Kind::List(of, all) | Kind::Set(of, all) => {
                let items = self.each(all, path)?;
                let ty = match items.first() {
                    Some(first) => first.ty(),
                    None => self.walk(Value::unknown(of.clone()), path)?.ty(),
                };
                Value::list(ty, items)
            }
            _ => Value::tuple(vec![self.walk(value.clone(), path)?]),
        };
        Ok(out.marked(marks))
    }

    fn each(&self, all: &[Value], path: &[Decorated<T>]) -> Result<Vec<Value>, Diagnostics> {
        let mut errors = Diagnostics::default();
        let items = all.iter().filter_map(|it| errors.take(self.walk(it.clone(), path))).collect();
        errors.check(items)
    }

    fn unknown_splat(&self, value: &Value, ty: &Type, not_null: bool, path: &[Decorated<T>]) -> Outcome {
        let through = |of: &Type| self.walk(Value::unknown(of.clone()), path).map(|it| it.ty());
        Ok(match ty {
            Type::Any => Value::unknown(Type::Any),
            Type::List(of) | Type::Set(of) => {
                let (least, most) = value.length_bounds();
                Value::unknown_collection(Type::list(through(of)?), least, most)
            }
            Type::Tuple(all) => {
                let types = all.iter().map(through).collect::<Result<Vec<_>, _>>()?;
                Value::unknown_not_null(Type::Tuple(Arc::new(types)))
            }
            _ if not_null => Value::tuple(vec![self.walk(Value::unknown_not_null(ty.clone()), path)?]),
            // It may turn out null: then there is nothing in it. The path must fit all the same.
            _ => through(ty).map(|_| Value::unknown_not_null(Type::Any))?,
        })
    }
}

fn fail((summary, help): Refusal, at: &At) -> Diagnostics {
    let error: Diagnostic = at.error(summary).maybe_help(help);
    error.into()
}

/// What is wrong, and what to write instead.
type Refusal = (String, Option<String>);

fn attribute(value: &Value, name: &str) -> Result<Value, Refusal> {
    let name = &*normal(name);
    let missing = |what: &str, all: &mut dyn Iterator<Item = &str>| {
        let names: Vec<&str> = all.collect();
        let help = did_you_mean(name, names.iter().copied()).or_else(|| listed(&names));
        (format!("this {what} has no {} `{name}`", if what == "map" { "key" } else { "attribute" }), help)
    };
    let out = match &value.kind {
        Kind::Null(_) => return Err((format!("this value is null: it has no attribute `{name}`"), None)),
        Kind::Object(all) => {
            all.get(name).cloned().ok_or_else(|| missing("object", &mut all.keys().map(|it| &**it)))?
        }
        Kind::Map(_, all) => {
            all.get(name).cloned().ok_or_else(|| missing("map", &mut all.keys().map(|it| &**it)))?
        }
        Kind::Unknown(it) => match &it.ty {
            Type::Any => Value::unknown(Type::Any),
            Type::Map(of) => Value::unknown((**of).clone()),
            Type::Object(all) => match all.get(name) {
                Some(field) => Value::unknown(field.ty.required()),
                None => return Err(missing("object", &mut all.keys().map(|it| &**it))),
            },
            ty => return Err(no_attributes(ty, name)),
        },
        _ => return Err(no_attributes(&value.ty(), name)),
    };
    Ok(out.marked(value.marks))
}

fn listed(names: &[&str]) -> Option<String> {
    (!names.is_empty() && names.len() <= 12).then(|| format!("it has {}", names.join(", ")))
}

fn no_attributes(ty: &Type, name: &str) -> Refusal {
    let help = match ty {
        Type::List(_) | Type::Tuple(_) => {
            Some(format!("choose one element, `[0].{name}`, or take it of each, `[*].{name}`"))
        }
        Type::Set(_) => Some(format!("take it of each element: `[*].{name}`")),
        _ => None,
    };
    (format!("{} has no attribute `{name}`", ty.a()), help)
}

/// `value[key]`.
fn index(value: &Value, key: &Value) -> Result<Value, Refusal> {
    if value.is_null() {
        return Err(("this value is null: there is nothing in it to choose".to_owned(), None));
    }
    if key.is_null() {
        return Err(("an index cannot be null".to_owned(), None));
    }
    let marks = value.marks | key.marks;
    if let Some(it) = element(value, key) {
        return Ok(it.clone().marked(marks));
    }
    let ty = value.ty();
    let out = match &ty {
        Type::Any => Value::unknown(Type::Any),
        Type::List(_) | Type::Tuple(_) => in_sequence(value, &ty, key)?,
        Type::Map(_) | Type::Object(_) => by_name(value, &ty, key)?,
        Type::Set(_) => {
            let help = "go through all of it with `for` or `[*]`, take the only one with one(…), or make it a list with tolist(…)";
            return Err(("the elements of a set have no index".to_owned(), Some(help.to_owned())));
        }
        _ => return Err((format!("{} has no elements to choose from", ty.a()), None)),
    };
    Ok(out.marked(marks))
}

/// What is there without a doubt. The type of a large value is large itself: it is looked at only where
/// something has to be said about it.
fn element<'v>(value: &'v Value, key: &Value) -> Option<&'v Value> {
    match (&value.kind, &key.kind) {
        (Kind::Tuple(all) | Kind::List(_, all), Kind::Number(at)) if at.is_integer() => {
            all.get(at.to_usize()?)
        }
        (Kind::Object(all) | Kind::Map(_, all), Kind::String(name)) => all.get(&*normal(name)),
        _ => None,
    }
}

fn in_sequence(value: &Value, ty: &Type, key: &Value) -> Result<Value, Refusal> {
    let key = key.convert(&Type::Number).map_err(|_| {
        let summary =
            format!("the index of {} must be a number, not {}", ty.a(), super::operators::shown(key));
        (summary, None)
    })?;
    let length = match (&value.kind, ty) {
        (_, Type::Tuple(all)) => Some(all.len()),
        _ => value.as_items().map(<[Value]>::len),
    };
    let Some(number) = key.as_number() else {
        return Ok(Value::unknown(ty.element().cloned().unwrap_or(Type::Any)));
    };
    if !number.is_integer() {
        return Err((format!("an index must be a whole number, not {number}"), None));
    }
    if number.signum() < 0 {
        let help = "to count from the end, subtract from length(…)";
        return Err((format!("an index counts from 0: there is no {number}"), Some(help.to_owned())));
    }
    let at = number.to_usize().unwrap_or(usize::MAX);
    if let Some(length) = length.filter(|it| at >= *it) {
        let has = match length {
            0 => "it is empty".to_owned(),
            1 => "it has one element, at index 0".to_owned(),
            _ => format!("it has {length} elements, at 0 to {}", length - 1),
        };
        return Err((format!("there is no element at index {number}: {has}"), None));
    }
    Ok(match (value.as_items().and_then(|it| it.get(at)), ty) {
        (Some(item), _) => item.clone(),
        (None, Type::Tuple(all)) => Value::unknown(all[at].clone()),
        (None, _) => Value::unknown(ty.element().cloned().unwrap_or(Type::Any)),
    })
}

fn by_name(value: &Value, ty: &Type, key: &Value) -> Result<Value, Refusal> {
    let key = key
        .convert(&Type::String)
        .map_err(|_| (format!("the key of {} must be a string, not {}", ty.a(), key.ty().a()), None))?;
    match key.as_str() {
        Some(name) => attribute(&value.clone().unmarked(), name),
        None => Ok(Value::unknown(ty.element().cloned().unwrap_or(Type::Any))),
    }
}
