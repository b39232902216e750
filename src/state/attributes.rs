//! What a state keeps of an object's attributes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use crate::lang::Type;

/// A JSON object with every attribute of the schema, as compact text: read as a tree it takes six times the room, and
/// a state of thousands of objects is held for as long as an apply takes. Keys are in the order of their bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Attributes(Box<str>);

impl Attributes {
    /// All of them.
    pub fn json(&self) -> Json {
        // It was written by us: it reads.
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// Whether there are none: not even an object without any.
    pub fn is_null(&self) -> bool {
        *self.0 == *"null"
    }

    /// How many bytes the text has.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// One of them, without reading the others.
    pub fn get(&self, name: &str) -> Option<Json> {
        serde_json::Deserializer::from_str(&self.0).deserialize_map(One(name)).ok().flatten()
    }

    /// One that is a text.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.get(name) {
            Some(Json::String(it)) => Some(it),
            _ => None,
        }
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.json().serialize(to)
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Json::deserialize(from)?.into())
    }
}

impl From<&Json> for Attributes {
    fn from(it: &Json) -> Self {
        // All keys are texts and the target is memory: it cannot fail.
        Attributes(serde_json::to_string(&Sorted(it)).unwrap_or_default().into())
    }
}

impl From<Json> for Attributes {
    fn from(it: Json) -> Self {
        Attributes::from(&it)
    }
}

impl Default for Attributes {
    fn default() -> Self {
        Json::Null.into()
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Picks one field of an object.
struct One<'n>(&'n str);

impl<'de> Visitor<'de> for One<'_> {
    type Value = Option<Json>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Option<Json>, A::Error> {
        let mut found = None;
        while let Some(key) = all.next_key::<Cow<'de, str>>()? {
            if key == self.0 {
                found = Some(all.next_value()?);
            } else {
                all.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<Json>, E> {
        Ok(None)
    }
}

/// A value of the language: object keys in the order of their bytes, as Terraform has them.
pub struct Sorted<'a>(pub &'a Json);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Object(fields) => {
                let mut all: Vec<_> = fields.iter().collect();
                if !is_dynamic(fields) {
                    all.sort_by(|a, b| a.0.cmp(b.0));
                }
                let mut map = to.serialize_map(Some(all.len()))?;
                for (name, it) in all {
                    map.serialize_entry(name, &Sorted(it))?;
                }
                map.end()
            }
            Json::Array(items) => {
                let mut seq = to.serialize_seq(Some(items.len()))?;
                for it in items {
                    seq.serialize_element(&Sorted(it))?;
                }
                seq.end()
            }
            other => other.serialize(to),
        }
    }
}

/// A value whose type is not settled by the schema stands with its type, which comes second.
fn is_dynamic(fields: &serde_json::Map<String, Json>) -> bool {
    fields.keys().eq(["value", "type"]) && Type::from_json(&fields["type"]).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_goes_in_comes_out_again() {
        let all = json!({ "id": "x", "big": 12345678901234567890123u128, "tags": { "b": null, "a": [1.5, "\u{2028}<"] } });
        let it = Attributes::from(&all);
        assert_eq!(it.json(), all);
        assert_eq!(it.get("tags"), Some(all["tags"].clone()));
        assert_eq!((it.text("id").as_deref(), it.text("big"), it.get("none")), (Some("x"), None, None));
        assert_eq!(Attributes::default().get("id"), None);
    }

    #[test]
    fn the_order_of_keys_makes_no_difference() {
        let (one, other) =
            (json!({ "a": { "c": 1, "b": 2 }, "d": 3 }), json!({ "d": 3, "a": { "b": 2, "c": 1 } }));
        assert_eq!(Attributes::from(one), Attributes::from(other));
        // But that of a value and its type is Terraform's.
        let typed = json!({ "triggers": { "value": "x", "type": "string" } });
        assert_eq!(format!("{:?}", Attributes::from(typed)), r#"{"triggers":{"value":"x","type":"string"}}"#);
    }
}
