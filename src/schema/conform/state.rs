//! From what a state holds to a value of a schema's type. States come from other versions of the
//! schema and from other tools: what does not fit is converted, or left out.

use serde_json::Value as Json;

use super::{collect, none_of};
use crate::lang::{Kind, Type, Value};
use crate::schema::{Block, NestedBlock};

/// The attributes of a state, as an object of the block's type.
pub fn from_state(json: &Json, block: &Block) -> Value {
    let of = |name: &str| json.get(name).unwrap_or(&Json::Null);
    let attributes = block.attributes.iter().map(|(name, it)| {
        let value = attribute(of(name), &it.ty);
        (block.name(name), if it.sensitive { value.sensitive() } else { value })
    });
    let blocks = block.blocks.iter().map(|(name, it)| (block.name(name), nested(of(name), it)));
    Value::object(attributes.chain(blocks))
}

/// An object of the block's type as a state holds it: where a type is open, with the type beside the value.
pub fn to_state(value: &Value, block: &Block) -> Json {
    let mut out = value.to_json();
    let open = block.attributes.iter().filter(|it| it.1.ty == Type::Any);
    for (name, _) in open {
        if let (Some(fields), Some(it)) = (out.as_object_mut(), value.get(name)) {
            fields.insert(name.clone(), typed(it));
        }
    }
    out
}

/// A state's attributes in the shape that this version of the schema has: what it does not know is left out.
pub fn known(json: &Json, block: &Block) -> Json {
    to_state(&from_state(json, block), block)
}

/// A value with its type beside it.
pub fn typed(value: &Value) -> Json {
    match &value.kind {
        Kind::Unknown(_) | Kind::Null(Type::Any) => Json::Null,
        _ => serde_json::json!({ "value": value.to_json(), "type": value.ty().to_json() }),
    }
}

fn attribute(json: &Json, ty: &Type) -> Value {
    if let Ok(value) = Value::from_json(json, ty) {
        return value;
    }
    let all = match json {
        Json::Array(all) => all,
        // One where there were once several.
        one => std::slice::from_ref(one),
    };
    match ty {
        Type::List(of) => Value::list((**of).clone(), all.iter().map(|it| attribute(it, of)).collect()),
        Type::Set(of) => Value::set((**of).clone(), all.iter().map(|it| attribute(it, of)).collect()),
        // A list of at most one that became a single value.
        _ => match all {
            [one] if json.is_array() => attribute(one, ty),
            _ => Value::null(ty.clone()),
        },
    }
}

fn nested(json: &Json, nested: &NestedBlock) -> Value {
    let all = match json {
        Json::Array(all) => &all[..],
        Json::Object(_) => std::slice::from_ref(json),
        _ => return none_of(nested),
    };
    let objects = all.iter().filter(|it| it.is_object());
    collect(nested, objects.map(|it| from_state(it, &nested.block)).collect())
}
