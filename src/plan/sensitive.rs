//! What the stack itself calls sensitive: paths into an object, as the state keeps them beside it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::lang::value::Map;
use crate::lang::{Kind, Value};
use crate::schema::{Block, conform};
use crate::state::Object;

/// An object of the state, with what state and schema call sensitive marked.
pub fn of(object: &Object, block: &Block) -> Value {
    at(conform::from_state(&object.attributes.json(), block), &object.sensitive_attributes)
}

/// The value with these paths marked sensitive: paths as the state file has them, lists of steps such
/// as `{"type":"get_attr","value":"password"}` and `{"type":"index","value":{"value":0,…}}`.
pub fn at(value: Value, paths: &[Json]) -> Value {
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
    let fields = |all: &Map| {
        let one = |(k, v): (&Arc<str>, &Value)| {
            (k.clone(), if **k == **first { mark(v.clone(), rest) } else { v.clone() })
        };
        all.iter().map(one).collect::<Map>().into()
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

/// The paths of all that is marked sensitive in an object, in the state file's words and a fixed order.
pub fn paths(object: &Value) -> Vec<Json> {
    let mut out = Vec::new();
    collect(object, &mut Vec::new(), &mut out);
    out
}

fn collect(value: &Value, path: &mut Vec<Json>, out: &mut Vec<Json>) {
    // An item of a set has no path: one that is sensitive makes the whole set so.
    let hidden = matches!(value.kind, Kind::Set(..)) && value.deep_marks().sensitive;
    if value.marks.sensitive || hidden {
        out.push(Json::Array(path.clone()));
        return;
    }
    let mut within = |step: Json, it: &Value| {
        path.push(step);
        collect(it, path, out);
        path.pop();
    };
    match &value.kind {
        Kind::Object(all) => {
            all.iter().for_each(|(name, it)| within(json!({ "type": "get_attr", "value": **name }), it));
        }
        Kind::Map(_, all) => all.iter().for_each(|(key, it)| within(index(json!(**key), "string"), it)),
        Kind::List(_, all) | Kind::Tuple(all) => {
            all.iter().enumerate().for_each(|(n, it)| within(index(json!(n), "number"), it));
        }
        _ => {}
    }
}

fn index(key: Json, ty: &str) -> Json {
    json!({ "type": "index", "value": { "value": key, "type": ty } })
}

/// The paths to keep beside an object: what the stack calls sensitive of it, and what the schema does.
pub fn kept(planned: &Value, live: &Value, block: &Block) -> Vec<Json> {
    let (Some(planned), Some(live)) = (planned.as_fields(), live.as_fields()) else { return Vec::new() };
    let secret = |name: &str| block.attributes.get(name).is_some_and(|it| it.sensitive);
    let each = live.iter().flat_map(|(name, it)| {
        let said = planned.get(name).filter(|_| !secret(name)).unwrap_or(it);
        paths(&Value::object([(name.clone(), said.clone())]))
    });
    each.collect()
}

/// Whether an object would be kept with other marks than it is kept with now. What the schema calls
/// sensitive counts for nothing: older versions of Terraform do not keep it.
pub fn differ(object: &Object, after: &Value, block: &Block) -> bool {
    let by_schema = |path: &Json| {
        let name = path.get(0).and_then(step).unwrap_or_default();
        block.attributes.get(&name).is_some_and(|it| it.sensitive)
    };
    let own = |all: &[Json]| -> BTreeSet<String> {
        all.iter().filter(|it| !by_schema(it)).map(Json::to_string).collect()
    };
    own(&object.sensitive_attributes) != own(&paths(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_back_to_what_is_sensitive() {
        let list = Value::tuple(vec!["a".into(), Value::from("b").sensitive()]);
        let map = Value::map(crate::lang::Type::String, [("k", Value::from("v").sensitive())]);
        let set = Value::set(crate::lang::Type::String, vec![Value::from("s").sensitive()]);
        let object = Value::object([("list", list), ("map", map), ("plain", "p".into()), ("set", set)]);
        let found = paths(&object);
        let said: Vec<String> = found.iter().map(Json::to_string).collect();
        assert_eq!(
            said,
            [
                r#"[{"type":"get_attr","value":"list"},{"type":"index","value":{"value":1,"type":"number"}}]"#,
                r#"[{"type":"get_attr","value":"map"},{"type":"index","value":{"value":"k","type":"string"}}]"#,
                r#"[{"type":"get_attr","value":"set"}]"#,
            ]
        );
        let back = at(object.clone().unmarked_deep(), &found);
        assert_eq!(paths(&back), found);
        assert!(!back.get("plain").unwrap().marks.sensitive);
    }
}
