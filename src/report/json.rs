//! Between values and JSON, for what is printed and for what the state holds as JSON.

use serde_json::{Map, Value as Json, json};

use super::number;
use crate::lang::{Kind, Type, Value};
pub use crate::plan::sensitive::at as sensitive_at;
use crate::schema::Block;

/// The value of a JSON text of no declared type: arrays are tuples, objects are objects.
pub fn untyped(json: &Json) -> Value {
    typed(json, &Type::Any)
}

/// The value of this type that the state holds as JSON. What does not fit the type keeps its own.
pub fn typed(json: &Json, ty: &Type) -> Value {
    match json {
        Json::Null => Value::null(ty.clone()),
        Json::Bool(it) => (*it).into(),
        Json::Number(it) => number::parsed(it).map_or_else(|| it.to_string().into(), Value::from),
        Json::String(it) => it.as_str().into(),
        Json::Array(all) => array(all, ty),
        Json::Object(all) => object(all, ty),
    }
}

fn array(all: &[Json], ty: &Type) -> Value {
    let of = |of: &Type| all.iter().map(|it| typed(it, of)).collect::<Vec<_>>();
    match ty {
        Type::List(it) => Value::list((**it).clone(), of(it)),
        Type::Set(it) => Kind::Set((**it).clone(), of(it).into()).into(),
        Type::Tuple(types) => {
            let each = all.iter().enumerate().map(|(i, it)| typed(it, types.get(i).unwrap_or(&Type::Any)));
            Value::tuple(each.collect())
        }
        _ => Value::tuple(of(&Type::Any)),
    }
}

fn object(all: &Map<String, Json>, ty: &Type) -> Value {
    match ty {
        Type::Map(of) => Value::map((**of).clone(), all.iter().map(|(k, v)| (k.as_str(), typed(v, of)))),
        // What a value of unsettled type looks like in the state.
        Type::Any if all.len() == 2 && all.contains_key("value") && all.contains_key("type") => {
            match Type::from_json(&all["type"]) {
                Some(ty) => typed(&all["value"], &ty),
                None => fields(all, ty),
            }
        }
        _ => fields(all, ty),
    }
}

fn fields(all: &Map<String, Json>, ty: &Type) -> Value {
    let of = |name: &str| match ty {
        Type::Object(fields) => fields.get(name).map_or(Type::Any, |it| it.ty.clone()),
        _ => Type::Any,
    };
    Value::object(all.iter().map(|(k, v)| (k.as_str(), typed(v, &of(k)))))
}

/// The JSON of what is known: an unknown attribute is left out, an unknown item is null.
pub fn known(value: &Value) -> Json {
    match &value.kind {
        Kind::Unknown(_) | Kind::Null(_) => Json::Null,
        Kind::Bool(it) => json!(it),
        Kind::Number(it) => number::json(it),
        Kind::String(it) => json!(**it),
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => all.iter().map(known).collect(),
        Kind::Map(_, all) | Kind::Object(all) => {
            let known_ones = all.iter().filter(|it| !it.1.is_unknown());
            Json::Object(known_ones.map(|(k, v)| (k.to_string(), known(v))).collect())
        }
    }
}

/// What is sensitive: `true` for all of it, or the parts that are. Parts that hold nothing are left
/// out of objects and `false` in lists, as Terraform has it.
pub fn sensitive(value: &Value) -> Json {
    map_of(value, |it| it.marks.sensitive)
}

/// What is not known yet, in the same form.
pub fn unknown(value: &Value) -> Json {
    map_of(value, Value::is_unknown)
}

fn map_of(value: &Value, answer: impl Fn(&Value) -> bool + Copy) -> Json {
    if answer(value) {
        return Json::Bool(true);
    }
    match &value.kind {
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => {
            all.iter().map(|it| map_of(it, answer)).collect()
        }
        Kind::Map(_, all) | Kind::Object(all) => {
            let parts = all.iter().map(|(k, v)| (k.to_string(), map_of(v, answer)));
            Json::Object(parts.filter(|it| it.1 != Json::Bool(false)).collect())
        }
        Kind::Unknown(it) => match it.ty {
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => json!([]),
            Type::Map(_) | Type::Object(_) => json!({}),
            _ => Json::Bool(false),
        },
        _ => Json::Bool(false),
    }
}

/// The value with what the schema calls sensitive marked.
pub fn sensitive_by(value: Value, block: &Block) -> Value {
    let marks = value.marks;
    let Kind::Object(fields) = &value.kind else { return value };
    let one = |(name, it): (&std::sync::Arc<str>, &Value)| {
        let attribute = block.attributes.get(&**name).is_some_and(|it| it.sensitive);
        let it = match block.blocks.get(&**name) {
            Some(nested) => nested_by(it, &nested.block),
            None => it.clone(),
        };
        (name.clone(), if attribute { it.sensitive() } else { it })
    };
    Value { kind: Kind::Object(std::sync::Arc::new(fields.iter().map(one).collect())), marks }
}

fn nested_by(value: &Value, block: &Block) -> Value {
    let items =
        |all: &[Value]| all.iter().map(|it| sensitive_by(it.clone(), block)).collect::<Vec<_>>().into();
    let kind = match &value.kind {
        Kind::List(ty, all) => Kind::List(ty.clone(), items(all)),
        Kind::Set(ty, all) => Kind::Set(ty.clone(), items(all)),
        _ => return sensitive_by(value.clone(), block),
    };
    Value { kind, marks: value.marks }
}
