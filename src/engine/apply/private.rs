//! What the older plugin SDK keeps in an object's `private` data: the times of its `timeouts` block, which
//! Terraform's provider looks up there when it destroys the object.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::patience::duration;
use crate::kind::Kind;
use crate::lang::Value;

/// The SDK's name for it.
const TIMEOUTS: &str = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";

/// The private data of an object that was made or changed; what else stands there stays.
pub(super) fn of(before: Option<&str>, kind: &dyn Kind, planned: &Value) -> Option<String> {
    let given = if kind.framework() { Map::new() } else { times(planned) };
    if given.is_empty() {
        return before.map(str::to_owned);
    }
    let mut all = match before.and_then(opened) {
        Some(it) => it,
        // Nothing is known of what stands there.
        None if before.is_some() => return before.map(str::to_owned),
        None => Map::new(),
    };
    let times = all.entry(TIMEOUTS).or_insert_with(|| Map::new().into());
    if let Some(it) = times.as_object_mut() {
        it.extend(given);
    }
    let version = kind.schema().version;
    if version > 0 {
        all.insert("schema_version".to_owned(), version.to_string().into());
    }
    Some(STANDARD.encode(Json::Object(all).to_string()))
}

/// JSON in base64, or its null.
fn opened(text: &str) -> Option<Map<String, Json>> {
    match serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()? {
        Json::Object(it) => Some(it),
        Json::Null => Some(Map::new()),
        _ => None,
    }
}

/// The times of the block, in nanoseconds.
fn times(planned: &Value) -> Map<String, Json> {
    let fields = planned.get("timeouts").and_then(Value::as_fields);
    let each = fields.into_iter().flatten().filter_map(|(name, it)| {
        let time = u64::try_from(duration(it.as_str()?)?.as_nanos()).ok()?;
        Some((name.to_string(), time.into()))
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_where_terraform_looks_for_them() {
        let kind = crate::kind::resource("aws_dynamodb_table").unwrap();
        let block = Value::object([("create", "5m".into()), ("delete", "7m".into())]);
        let planned = Value::object([("timeouts", block)]);
        let found = of(None, kind, &planned).unwrap();
        let text = format!(
            "{{\"{TIMEOUTS}\":{{\"create\":300000000000,\"delete\":420000000000}},\"schema_version\":\"1\"}}"
        );
        assert_eq!(String::from_utf8(STANDARD.decode(&found).unwrap()).unwrap(), text);
        assert_eq!(of(Some(&found), kind, &planned).as_ref(), Some(&found));
        let other = STANDARD.encode("{\"odd\":1}");
        let merged = opened(&of(Some(&other), kind, &planned).unwrap()).unwrap();
        assert_eq!(merged["odd"], 1);
        assert_eq!(merged[TIMEOUTS]["delete"], 420_000_000_000_u64);
        // Without times nothing is touched, nor what cannot be read.
        let plain = Value::object::<&str>([]);
        assert_eq!(of(Some("bnVsbA=="), kind, &plain).as_deref(), Some("bnVsbA=="));
        assert_eq!(of(Some("?"), kind, &planned).as_deref(), Some("?"));
        assert_eq!(of(None, kind, &plain), None);
    }
}
