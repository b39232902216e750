//! Attributes that are sent and never kept: what the configuration says of them reaches the calls of an
//! apply, and neither plan nor state.

use serde_json::{Map, Value as Json};

use super::{Block, Form};
use crate::lang::Value;

/// The object with null for each of them.
pub fn without(block: &Block, object: &Value) -> Value {
    let Some(fields) = object.as_fields() else { return object.clone() };
    let mut names = block.write_only().peekable();
    if names.peek().is_none() {
        return object.clone();
    }
    let mut fields = fields.clone();
    for name in names {
        if let Some(attribute) = block.attributes.get(name) {
            let null = Value::null(attribute.ty.clone());
            fields.insert(name.as_str().into(), if attribute.sensitive { null.sensitive() } else { null });
        }
    }
    Value::object(fields)
}

/// What a configured object says of them, by name, and of what is kept as a digest only.
pub fn of(block: &Block, object: &Value) -> Map<String, Json> {
    let sent = block.attributes.iter().filter(|it| it.1.write_only || it.1.form == Form::Digest);
    let said = sent.filter_map(|(name, _)| Some((name.clone(), object.get(name)?)));
    said.filter(|it| !it.1.is_null()).map(|(name, it)| (name, it.to_json())).collect()
}

/// Adds them to the attributes of a call.
pub fn put(attributes: &mut Json, secrets: &Map<String, Json>) {
    if let Some(fields) = attributes.as_object_mut() {
        fields.extend(secrets.iter().map(|(name, it)| (name.clone(), it.clone())));
    }
}

/// Whether they are to be sent again: the attribute that counts their versions has changed.
pub fn renewed(block: &Block, was: &Value, wanted: &Value) -> bool {
    let versions = block.write_only().map(|it| format!("{it}_version"));
    versions.filter(|it| block.attributes.contains_key(it)).any(|it| was.get(&it) != wanted.get(&it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::WriteOnly;

    /// A thing with a secret.
    #[derive(schemars::JsonSchema)]
    #[allow(dead_code, reason = "only its shape is looked at")]
    struct Thing {
        /// Sent.
        secret_wo: WriteOnly<Option<String>>,
        /// When.
        secret_wo_version: Option<i64>,
    }

    fn block() -> Block {
        crate::schema::derive::<Thing>(0).block
    }

    fn thing(secret: &str, version: i64) -> Value {
        Value::object([("secret_wo", secret.into()), ("secret_wo_version", version.into())])
    }

    #[test]
    fn it_is_taken_out_and_put_into_calls() {
        let object = thing("hush", 1);
        let kept = without(&block(), &object);
        assert!(kept.get("secret_wo").unwrap().is_null());
        assert_eq!(kept.get("secret_wo_version"), object.get("secret_wo_version"));
        let mut call = kept.to_json();
        put(&mut call, &of(&block(), &object));
        assert_eq!(call, serde_json::json!({ "secret_wo": "hush", "secret_wo_version": 1 }));
        assert!(of(&block(), &kept).is_empty());
    }

    #[test]
    fn a_new_version_sends_it_again() {
        assert!(renewed(&block(), &thing("a", 1), &thing("a", 2)));
        assert!(!renewed(&block(), &thing("a", 1), &thing("b", 1)));
    }
}
