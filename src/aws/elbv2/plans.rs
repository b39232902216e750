//! Small parts of plans: values out of them, and changes that count for nothing.

use crate::lang::{Kind, Type, Value};
use crate::plan::adjust::Adjust;

/// The text of an attribute as it will be; empty where it is unknown or absent.
pub fn text<'a>(plan: &'a Adjust, name: &str) -> &'a str {
    plan.will(name).and_then(Value::as_str).unwrap_or_default()
}

/// The text of a part of an object.
pub fn part<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The only block of that name, if it stands.
pub fn block<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    of.get(name)?.as_items()?.first()
}

/// An attribute that has no meaning beside the others stays as it was; a new one does without it. What
/// AWS decides stays AWS's.
pub fn keep(plan: &mut Adjust, name: &str) {
    let value = kept(plan.was.as_ref(), &plan.will, name);
    if let Some(value) = value {
        plan.set(name, value);
    }
}

/// The same within an object.
pub fn keep_in(was: Option<&Value>, will: Value, name: &str) -> Value {
    match kept(was, &will, name) {
        Some(value) => with(will, name, value),
        None => will,
    }
}

fn kept(was: Option<&Value>, will: &Value, name: &str) -> Option<Value> {
    let planned = will.get(name)?;
    match was.and_then(|it| it.get(name)) {
        Some(was) => Some(was.clone()),
        None if planned.is_unknown() => None,
        None => Some(nothing(planned)),
    }
}

fn nothing(of: &Value) -> Value {
    match &of.kind {
        Kind::List(of, _) => Value::list(of.clone(), Vec::new()),
        Kind::Set(of, _) => Value::set(of.clone(), Vec::new()),
        _ => Value::null(of.ty()),
    }
}

/// The same object with another value of an attribute.
pub fn with(object: Value, name: &str, value: Value) -> Value {
    let Some(mut fields) = object.as_fields().cloned() else { return object };
    fields.insert(name.into(), value);
    Value::object(fields).marked(object.marks)
}

/// Changes each item of a list of blocks; it is given the item as it was and the one of the configuration.
pub fn each(plan: &mut Adjust, name: &str, change: impl Fn(Option<&Value>, Value, &Value) -> Value) {
    let Some(will) = plan.will(name).cloned() else { return };
    let changed = each_of(plan.was.as_ref(), &will, &plan.config, name, change);
    if let Some(value) = changed {
        plan.set(name, value);
    }
}

fn each_of(
    was: Option<&Value>,
    will: &Value,
    config: &Value,
    name: &str,
    change: impl Fn(Option<&Value>, Value, &Value) -> Value,
) -> Option<Value> {
    let Kind::List(of, items) = &will.kind else { return None };
    let was = was.and_then(|it| it.get(name)).and_then(Value::as_items).unwrap_or_default();
    let config = config.get(name).and_then(Value::as_items).unwrap_or_default();
    let null = Value::null(Type::Any);
    let one = |(at, it): (usize, &Value)| change(was.get(at), it.clone(), config.get(at).unwrap_or(&null));
    let items = items.iter().enumerate().map(one).collect();
    Some(Value::list(of.clone(), items).marked(will.marks))
}

/// Writes the text of an attribute in capitals.
pub fn in_capitals(plan: &mut Adjust, name: &str) {
    let text = plan.will(name).and_then(Value::as_str).map(str::to_uppercase);
    if let Some(text) = text {
        plan.set(name, text.as_str().into());
    }
}
