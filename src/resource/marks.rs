//! The types of a resource's fields: what a change of the field means, and canonical forms.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use crate::lang::{Type, Value};

macro_rules! marked {
    ($(#[$doc:meta])* $name:ident, $key:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name<T>(pub T);

        impl<T> Deref for $name<T> {
            type Target = T;
            fn deref(&self) -> &T {
                &self.0
            }
        }
        impl<T> DerefMut for $name<T> {
            fn deref_mut(&mut self) -> &mut T {
                &mut self.0
            }
        }
        impl<T> From<T> for $name<T> {
            fn from(it: T) -> Self {
                $name(it)
            }
        }
        impl<T: JsonSchema> JsonSchema for $name<T> {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                T::schema_name()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let mut schema = generator.subschema_for::<T>();
                schema.insert($key.into(), true.into());
                schema
            }
        }
    };
}

marked!(/// An attribute that cannot change: a new value means a new resource.
    Fixed, "x-fixed");
marked!(/// An attribute that AWS chooses where the stack does not.
    Chosen, "x-chosen");
marked!(/// An attribute that only AWS sets: ids, ARNs, endpoints.
    Computed, "x-computed");
marked!(/// A block that AWS shows even where the stack has none: one that says nothing of note is as good as none.
    Usual, "x-usual");
marked!(/// An attribute that is never printed.
    Secret, "x-secret");
marked!(/// An attribute that AWS neither holds nor returns: the state keeps what the stack said.
    Local, "x-local");
marked!(/// An attribute that is sent and never kept: absent from plan and state, and AWS never returns it. Another
    /// attribute of its name and `_version` says when to send it again.
    WriteOnly, "x-write-only");

// What AWS has not said yet is absent.
macro_rules! absent_is_default {
    ($($name:ident),*) => {$(
        impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Ok($name(Option::<T>::deserialize(from)?.unwrap_or_default()))
            }
        }
    )*};
}
absent_is_default!(Chosen, Computed, Usual);

macro_rules! transparent {
    ($($name:ident),*) => {$(
        impl<'de, T: Deserialize<'de>> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                T::deserialize(from).map($name)
            }
        }
    )*};
}
transparent!(Fixed, Secret, Local, WriteOnly);

/// A set: order and repetition mean nothing. Kept in the order given; compared as a set.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Set<T>(pub Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set(Vec::new())
    }
}
impl<T: PartialEq> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().all(|it| other.0.contains(it)) && other.0.iter().all(|it| self.0.contains(it))
    }
}
impl<T> Deref for Set<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}
impl<T> DerefMut for Set<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}
impl<T> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Set(items.into_iter().collect())
    }
}
impl<T: Clone + PartialEq> Set<T> {
    /// What this set has and `other` lacks.
    pub fn beyond(&self, other: &Self) -> Vec<T> {
        self.0.iter().filter(|it| !other.0.contains(it)).cloned().collect()
    }
}
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Set(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default()))
    }
}
impl<T: JsonSchema> JsonSchema for Set<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Set_of_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "uniqueItems": true, "items": generator.subschema_for::<T>() })
    }
}

/// A nested block that stands at most once. Terraform keeps it as a list of none or one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct One<T>(pub Option<T>);

impl<T> Default for One<T> {
    fn default() -> Self {
        One(None)
    }
}
impl<T> Deref for One<T> {
    type Target = Option<T>;
    fn deref(&self) -> &Option<T> {
        &self.0
    }
}
impl<T> From<Option<T>> for One<T> {
    fn from(it: Option<T>) -> Self {
        One(it)
    }
}
impl<T: Serialize> Serialize for One<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter())
    }
}
impl<'de, T: Deserialize<'de>> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(One(Option::<Vec<T>>::deserialize(from)?.and_then(|it| it.into_iter().next())))
    }
}
impl<T: JsonSchema> JsonSchema for One<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("One_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "maxItems": 1, "items": generator.subschema_for::<T>() })
    }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $format:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl Deref for $name {
            type Target = String;
            fn deref(&self) -> &String {
                &self.0
            }
        }
        impl From<String> for $name {
            fn from(it: String) -> Self {
                $name(it)
            }
        }
        impl From<&str> for $name {
            fn from(it: &str) -> Self {
                $name(it.to_owned())
            }
        }
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}
text!(/// A JSON document such as a policy, compared by meaning.
    Json, "json");
text!(/// A range of IPv4 or IPv6 addresses such as `10.0.0.0/16`.
    Cidr, "cidr");

text!(/// A text that calls take from the configuration, and of which plan and state hold the digest only.
    Digested, "digest");

/// A value of any type, with its type beside it, as a state keeps it: `{"value": …, "type": …}`. Null
/// where there is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Any(pub serde_json::Value);

impl Any {
    pub fn of(value: &Value) -> Self {
        Any(crate::schema::conform::typed(value))
    }
    pub fn value(&self) -> Result<Value, crate::lang::ConvertError> {
        Value::from_json(&self.0, &Type::Any)
    }
}
impl JsonSchema for Any {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Any".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-any": true })
    }
}

macro_rules! timeouts {
    ($($(#[$doc:meta])* $name:ident { $($field:ident),* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                /// How long to wait, such as `10m` or `1h30m`.
                pub $field: Option<String>,
            )*
        }
    )*};
}
timeouts! {
    /// Patience to create, change and remove.
    Timeouts { create, update, delete }
    /// Patience to create and remove.
    TimeoutsCreateDelete { create, delete }
    /// Patience to create and change.
    TimeoutsCreateUpdate { create, update }
    /// Patience to change and remove.
    TimeoutsUpdateDelete { update, delete }
    /// Patience to create.
    TimeoutsCreate { create }
    /// Patience to remove.
    TimeoutsDelete { delete }
    /// Patience to read.
    TimeoutsRead { read }
    /// Patience to read, change and remove.
    TimeoutsReadUpdateDelete { read, update, delete }
    /// Patience to create, read, change and remove.
    TimeoutsAll { create, read, update, delete }
}
