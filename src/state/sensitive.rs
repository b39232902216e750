//! Which attributes of a stored object are sensitive.

use serde_json::Value as Json;

use crate::lang::{Kind, Value};

/// The value with these paths marked sensitive: paths as the state file has them, lists of steps such
/// as `{"type":"get_attr","value":"password"}` and `{"type":"index","value":{"value":0,…}}`.
pub fn sensitive_at(value: Value, paths: &[Json]) -> Value {
    let steps = paths.iter().filter_map(Json::as_array);
    steps.fold(value, |value, path| mark(value, &path.iter().filter_map(step).collect::<Vec<_>>()))
}

fn step(json: &Json) -> Option<String> {
    let value = &json["value"];
    let inner = if json["type"] == "index" { &value["value"] } else { value };
    match inner {
        Json::String(it) => Some(it.clone()),
        Json::Number(it) => Some(it.to_string()),
        _ => None,
    }
}

fn mark(value: Value, path: &[String]) -> Value {
    let Some((first, rest)) = path.split_first() else { return value.sensitive() };
    let marks = value.marks;
    let items = |all: &[Value]| {
        let one = |(i, it): (usize, &Value)| {
            if i.to_string() == *first { mark(it.clone(), rest) } else { it.clone() }
        };
        all.iter().enumerate().map(one).collect::<Vec<_>>().into()
    };
    let fields = |all: &crate::lang::value::Map| {
        let one = |(k, v): (&std::sync::Arc<str>, &Value)| {
            (k.clone(), if **k == **first { mark(v.clone(), rest) } else { v.clone() })
        };
        all.iter().map(one).collect::<crate::lang::value::Map>().into()
    };
    let kind = match value.kind {
        Kind::List(ty, all) => Kind::List(ty, items(&all)),
        Kind::Tuple(all) => Kind::Tuple(items(&all)),
        Kind::Map(ty, all) => Kind::Map(ty, fields(&all)),
        Kind::Object(all) => Kind::Object(fields(&all)),
        other => other,
    };
    Value { kind, marks }
}
