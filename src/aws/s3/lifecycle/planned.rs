//! What a plan says of the parts of lifecycle rules that a stack leaves out: the provider knows them
//! beforehand, so none of them waits for AWS.

use crate::lang::{Kind, Type, Value};
use crate::plan::adjust::{Adjust, is_nothing};

pub const USUAL_MINIMUM: &str = "all_storage_classes_128K";

/// Settles what is left out, wherever anything of the configuration changes.
pub fn settle(plan: &mut Adjust) {
    if plan.was.as_ref() == Some(&plan.will) {
        return;
    }
    let directory = plan.will("bucket").and_then(Value::as_str).is_some_and(|it| it.ends_with("--x-s3"));
    let minimum = if directory {
        Vec::new()
    } else {
        vec![("transition_default_minimum_object_size", USUAL_MINIMUM.into())]
    };
    let whole = absent(plan.will.clone(), &plan.config, &minimum);
    plan.will = inside(whole, &plan.config, "rule", rule);
}

fn rule(will: Value, config: &Value) -> Value {
    let will = absent(will, config, &[("prefix", "".into())]);
    let will = inside(will, config, "expiration", |will, config| {
        absent(will, config, &[("days", 0.into()), ("expired_object_delete_marker", false.into())])
    });
    let will = inside(will, config, "filter", filter);
    let newer = |will, config: &Value| absent(will, config, &[newer_versions()]);
    let will = inside(will, config, "noncurrent_version_expiration", newer);
    let will = unordered(will, config, "noncurrent_version_transition", newer);
    unordered(will, config, "transition", |will, config| {
        let dated = will.get("date").is_some_and(|it| !it.is_null());
        absent(will, config, &[("days", if dated { Value::null(Type::Number) } else { 0.into() })])
    })
}

fn newer_versions() -> (&'static str, Value) {
    ("newer_noncurrent_versions", Value::null(Type::Number))
}

fn filter(will: Value, config: &Value) -> Value {
    let says = |name: &str| config.get(name).is_some_and(|it| !is_nothing(it));
    let empty = !["object_size_greater_than", "object_size_less_than", "tag", "and"].into_iter().any(says);
    let prefix = if empty { "".into() } else { Value::null(Type::String) };
    let sizes = ["object_size_greater_than", "object_size_less_than"];
    let will = absent(will, config, &sizes.map(|it| (it, Value::null(Type::Number))));
    let will = absent(will, config, &[("prefix", prefix)]);
    inside(will, config, "and", |will, config| {
        let will = absent(will, config, &sizes.map(|it| (it, 0.into())));
        absent(will, config, &[("prefix", "".into())])
    })
}

/// Attributes that the configuration leaves out, unless they already say nothing.
fn absent(will: Value, config: &Value, usual: &[(&str, Value)]) -> Value {
    let Some(mut fields) = will.as_fields().cloned() else { return will };
    for (name, value) in usual {
        let left_out = config.get(name).is_none_or(Value::is_null);
        let quiet = will.get(name).is_some_and(is_nothing);
        if left_out && !quiet {
            fields.insert((*name).into(), value.clone());
        }
    }
    Value::object(fields).marked(will.marks)
}

/// The items of a list of blocks, each beside its configuration.
fn inside(will: Value, config: &Value, name: &str, with: impl Fn(Value, &Value) -> Value) -> Value {
    let configs = config.get(name).and_then(Value::as_items).unwrap_or_default();
    items(will, name, |all| {
        let pairs = all.iter().zip(configs);
        (all.len() == configs.len()).then(|| pairs.map(|(it, config)| with(it.clone(), config)).collect())
    })
}

/// The items of a set of blocks: what is unknown although the whole configuration is known was left out.
fn unordered(will: Value, config: &Value, name: &str, with: impl Fn(Value, &Value) -> Value) -> Value {
    if config.get(name).is_some_and(|it| !it.wholly_known()) {
        return will;
    }
    let one =
        |it: &Value| if it.wholly_known() { it.clone() } else { with(it.clone(), &Value::null(Type::Any)) };
    items(will, name, |all| Some(all.iter().map(one).collect()))
}

fn items(will: Value, name: &str, with: impl Fn(&[Value]) -> Option<Vec<Value>>) -> Value {
    let Some(mut fields) = will.as_fields().cloned() else { return will };
    let Some(old) = will.get(name) else { return will };
    let new = match &old.kind {
        Kind::List(of, all) => with(all).map(|all| Value::list(of.clone(), all)),
        Kind::Set(of, all) => with(all).map(|all| Value::set(of.clone(), all)),
        _ => None,
    };
    if let Some(new) = new {
        fields.insert(name.into(), new.marked(old.marks));
    }
    Value::object(fields).marked(will.marks)
}
