//! Deeply nested blocks between our structs and the SDK's, field by field. What says nothing (an empty
//! text, a zero, an empty list) is not sent, as the Terraform provider does it: states hold any of them
//! for absence.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use crate::resource::{Chosen, Computed, Fixed, Local, One, Secret, Set, Usual};

/// Our field as a call takes it; nothing where it says nothing.
pub trait Asked<A> {
    fn asked(&self) -> Option<A>;
}

/// Our field from what AWS answered.
pub trait Shown<A> {
    fn shown(answer: Option<A>) -> Self;
}

pub fn asked<A, T: Asked<A>>(ours: &T) -> Option<A> {
    ours.asked()
}

pub fn shown<A, T: Shown<A>>(answer: Option<A>) -> T {
    T::shown(answer)
}

// Text, and the SDK's enums, which are text on the wire.
impl<A: for<'a> From<&'a str>> Asked<A> for String {
    fn asked(&self) -> Option<A> {
        (!self.is_empty()).then(|| self.as_str().into())
    }
}
impl<A: AsRef<str>> Shown<A> for String {
    fn shown(answer: Option<A>) -> Self {
        answer.map(|it| it.as_ref().to_owned()).unwrap_or_default()
    }
}

macro_rules! numbers {
    ($($ours:ty => $theirs:ty, $nothing:expr);* $(;)?) => {$(
        impl Asked<$theirs> for $ours {
            fn asked(&self) -> Option<$theirs> {
                (*self != $nothing).then(|| (*self).try_into().ok()).flatten()
            }
        }
        impl Shown<$theirs> for $ours {
            fn shown(answer: Option<$theirs>) -> Self {
                answer.and_then(|it| it.try_into().ok()).unwrap_or_default()
            }
        }
    )*};
}
numbers! { i64 => i32, 0; i64 => i64, 0; f64 => f64, 0.0 }

// A switch that is off says so.
impl Asked<bool> for bool {
    fn asked(&self) -> Option<bool> {
        Some(*self)
    }
}
impl Shown<bool> for bool {
    fn shown(answer: Option<bool>) -> Self {
        answer.unwrap_or_default()
    }
}

impl<A, T: Asked<A>> Asked<A> for Option<T> {
    fn asked(&self) -> Option<A> {
        self.as_ref().and_then(Asked::asked)
    }
}
impl<A, T: Shown<A>> Shown<A> for Option<T> {
    fn shown(answer: Option<A>) -> Self {
        answer.map(|it| T::shown(Some(it)))
    }
}
impl<A, T: Asked<A>> Asked<A> for One<T> {
    fn asked(&self) -> Option<A> {
        self.0.as_ref().and_then(Asked::asked)
    }
}
impl<A, T: Shown<A>> Shown<A> for One<T> {
    fn shown(answer: Option<A>) -> Self {
        One(answer.map(|it| T::shown(Some(it))))
    }
}

macro_rules! many {
    ($($name:ident),*) => {$(
        impl<A, T: Asked<A>> Asked<Vec<A>> for $name<T> {
            fn asked(&self) -> Option<Vec<A>> {
                let all: Vec<A> = self.iter().filter_map(Asked::asked).collect();
                (!all.is_empty()).then_some(all)
            }
        }
        impl<A, T: Shown<A>> Shown<Vec<A>> for $name<T> {
            fn shown(answer: Option<Vec<A>>) -> Self {
                answer.unwrap_or_default().into_iter().map(|it| T::shown(Some(it))).collect()
            }
        }
    )*};
}
many!(Vec, Set);

macro_rules! marks {
    ($($mark:ident),*) => {$(
        impl<A, T: Asked<A>> Asked<A> for $mark<T> {
            fn asked(&self) -> Option<A> {
                self.0.asked()
            }
        }
        impl<A, T: Shown<A>> Shown<A> for $mark<T> {
            fn shown(answer: Option<A>) -> Self {
                $mark(T::shown(answer))
            }
        }
    )*};
}
marks!(Fixed, Chosen, Computed, Usual, Secret, Local);

/// A switch that the provider keeps as text, to tell off from not said: `true`, `false` or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Switch(pub String);

impl JsonSchema for Switch {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Switch".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": ["", "true", "false"] })
    }
}
impl Asked<bool> for Switch {
    fn asked(&self) -> Option<bool> {
        self.0.parse().ok()
    }
}
impl Shown<bool> for Switch {
    fn shown(answer: Option<bool>) -> Self {
        Switch(answer.map(|it| it.to_string()).unwrap_or_default())
    }
}

macro_rules! numerals {
    ($($(#[$doc:meta])* $name:ident: $number:ty, $pattern:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
        impl Asked<$number> for $name {
            fn asked(&self) -> Option<$number> {
                self.0.parse().ok()
            }
        }
        impl Shown<$number> for $name {
            fn shown(answer: Option<$number>) -> Self {
                $name(answer.map(|it| it.to_string()).unwrap_or_default())
            }
        }
    )*};
}
numerals! {
    /// A whole number that the provider keeps as text, to tell zero from not said.
    Count: i32, r"^[0-9]*$";
    /// A number that the provider keeps as text, to tell zero from not said.
    Amount: f64, r"^(-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?)?$";
}

/// A nested block that stands exactly once.
#[derive(Debug, Clone, PartialEq)]
pub struct Sole<T>(pub One<T>);

impl<T> Default for Sole<T> {
    fn default() -> Self {
        Sole(One(None))
    }
}
impl<T> std::ops::Deref for Sole<T> {
    type Target = Option<T>;
    fn deref(&self) -> &Option<T> {
        &self.0.0
    }
}
impl<T: Serialize> Serialize for Sole<T> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Sole<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        One::deserialize(from).map(Sole)
    }
}
impl<T: JsonSchema> JsonSchema for Sole<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Sole_{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "minItems": 1, "maxItems": 1, "items": generator.subschema_for::<T>() })
    }
}
impl<A, T: Asked<A>> Asked<A> for Sole<T> {
    fn asked(&self) -> Option<A> {
        self.0.asked()
    }
}
impl<A, T: Shown<A>> Shown<A> for Sole<T> {
    fn shown(answer: Option<A>) -> Self {
        Sole(One::shown(answer))
    }
}

/// Makes one of our blocks convert into one of the SDK's. `ours = theirs` where a field has another name there.
macro_rules! asks {
    ($ours:ty => $sdk:ty { $($field:ident $(= $theirs:ident)?),* $(,)? }) => {
        impl $crate::aws::blocks::Asked<$sdk> for $ours {
            fn asked(&self) -> Option<$sdk> {
                let (ours, mut it) = (self, <$sdk>::builder().build());
                $($crate::aws::blocks::asks!(@ it ours $field $($theirs)?);)*
                Some(it)
            }
        }
    };
    (@ $it:ident $ours:ident $field:ident) => {
        $it.$field = $crate::aws::blocks::asked(&$ours.$field)
    };
    (@ $it:ident $ours:ident $field:ident $theirs:ident) => {
        $it.$theirs = $crate::aws::blocks::asked(&$ours.$field)
    };
}

/// Makes one of our blocks from one of the SDK's, in the same notation; the last part names fields that AWS
/// does not return.
macro_rules! shows {
    ($ours:ty => $sdk:ty { $($field:ident $(= $theirs:ident)?),* $(,)? } $($rest:tt)*) => {
        impl $crate::aws::blocks::Shown<$sdk> for $ours {
            fn shown(answer: Option<$sdk>) -> Self {
                let it = answer.unwrap_or_else(|| <$sdk>::builder().build());
                Self { $($field: $crate::aws::blocks::shows!(@ it $field $($theirs)?),)* $($rest)* }
            }
        }
    };
    (@ $it:ident $field:ident) => {
        $crate::aws::blocks::shown($it.$field)
    };
    (@ $it:ident $field:ident $theirs:ident) => {
        $crate::aws::blocks::shown($it.$theirs)
    };
}

/// Both ways with one of the SDK's structs.
macro_rules! both {
    ($ours:ty = $sdk:ty { $($fields:tt)* }) => {
        $crate::aws::blocks::asks!($ours => $sdk { $($fields)* });
        $crate::aws::blocks::shows!($ours => $sdk { $($fields)* });
    };
}

pub(crate) use {asks, both, shows};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_not_sent() {
        assert_eq!(asked::<String, _>(&Some(String::new())), None);
        assert_eq!(asked::<i32, _>(&0i64), None);
        assert_eq!(asked::<bool, _>(&Some(false)), Some(false));
        assert_eq!(asked::<Vec<String>, _>(&Set(vec![String::new()])), None);
        assert_eq!(asked::<Vec<String>, _>(&vec!["a".to_owned()]), Some(vec!["a".to_owned()]));
    }

    #[test]
    fn off_and_zero_are_told_from_not_said() {
        assert_eq!(Switch("false".into()).asked(), Some(false));
        assert_eq!(Switch(String::new()).asked(), None);
        assert_eq!(Count("0".into()).asked(), Some(0));
        assert_eq!(Amount("-1.5".into()).asked(), Some(-1.5));
        assert_eq!(Amount::shown(Some(10.0)).0, "10");
        assert_eq!(Switch::shown(Some(true)).0, "true");
    }
}
