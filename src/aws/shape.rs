//! Between our plain fields and the SDK's, where everything is optional.

use crate::resource::{Chosen, Cidr, Computed, Fixed, Json, Local, Secret};

/// Our field as the SDK takes it.
pub trait Sent<A> {
    fn sent(&self) -> Option<A>;
}

/// Our field from what AWS answered.
pub trait Seen<A> {
    fn seen(answer: Option<A>) -> Self;
}

pub fn sent<A, T: Sent<A>>(ours: &T) -> Option<A> {
    ours.sent()
}

pub fn seen<A, T: Seen<A>>(answer: Option<A>) -> T {
    T::seen(answer)
}

/// What the SDK refuses to build for want of a part: a gap in the attributes.
pub fn built<T>(
    it: std::result::Result<T, aws_smithy_types::error::operation::BuildError>,
) -> super::Result<T> {
    it.map_err(|it| super::Error::Shape(it.to_string()))
}

/// Our field as the SDK takes it, where it says something: nothing of an empty text, a zero, or what is off.
pub fn given<A, T: Sent<A> + serde::Serialize>(ours: &T) -> Option<A> {
    use serde_json::Value as Json;
    let empty = match serde_json::to_value(ours) {
        Ok(Json::Null | Json::Bool(false)) => true,
        Ok(Json::String(it)) => it.is_empty(),
        Ok(Json::Number(it)) => it.as_f64() == Some(0.0),
        _ => false,
    };
    if empty { None } else { ours.sent() }
}

/// A set or list of texts as the SDK takes it; nothing of an empty one.
pub fn listed(all: &[String]) -> Option<Vec<String>> {
    (!all.is_empty()).then(|| all.to_vec())
}

/// What an update sends of a field that changes; what was taken away is empty, zero or off.
pub fn changed<T: Clone + Default + PartialEq>(ours: &Option<T>, was: &Option<T>) -> Option<T> {
    let of = |it: &Option<T>| it.clone().unwrap_or_default();
    (of(ours) != of(was)).then(|| of(ours))
}

// Text, and the SDK's enums, which are text on the wire.
impl<A: for<'a> From<&'a str>> Sent<A> for String {
    fn sent(&self) -> Option<A> {
        Some(self.as_str().into())
    }
}
impl<A: AsRef<str>> Seen<A> for String {
    fn seen(answer: Option<A>) -> Self {
        answer.map(|it| it.as_ref().to_owned()).unwrap_or_default()
    }
}

macro_rules! texts {
    ($($ours:ident),*) => {$(
        impl<A: for<'a> From<&'a str>> Sent<A> for $ours {
            fn sent(&self) -> Option<A> {
                Some(self.0.as_str().into())
            }
        }
        impl<A: AsRef<str>> Seen<A> for $ours {
            fn seen(answer: Option<A>) -> Self {
                $ours(String::seen(answer))
            }
        }
    )*};
}
texts!(Cidr, Json);

macro_rules! numbers {
    ($($ours:ty => $theirs:ty),*) => {$(
        impl Sent<$theirs> for $ours {
            fn sent(&self) -> Option<$theirs> {
                (*self).try_into().ok()
            }
        }
        impl Seen<$theirs> for $ours {
            fn seen(answer: Option<$theirs>) -> Self {
                answer.and_then(|it| it.try_into().ok()).unwrap_or_default()
            }
        }
    )*};
}
numbers!(i64 => i32, i64 => i64, f64 => f64, bool => bool);

impl<A, T: Sent<A>> Sent<A> for Option<T> {
    fn sent(&self) -> Option<A> {
        self.as_ref().and_then(Sent::sent)
    }
}
impl<A, T: Seen<A>> Seen<A> for Option<T> {
    fn seen(answer: Option<A>) -> Self {
        answer.map(|it| T::seen(Some(it)))
    }
}

macro_rules! marks {
    ($($mark:ident),*) => {$(
        impl<A, T: Sent<A>> Sent<A> for $mark<T> {
            fn sent(&self) -> Option<A> {
                self.0.sent()
            }
        }
        impl<A, T: Seen<A>> Seen<A> for $mark<T> {
            fn seen(answer: Option<A>) -> Self {
                $mark(T::seen(answer))
            }
        }
    )*};
}
marks!(Fixed, Chosen, Computed, Secret, Local);

/// Makes one of our blocks and one of the SDK's convert both ways, field by field.
#[macro_export]
macro_rules! mirror {
    ($ours:ty = $sdk:ty { $($field:ident),* $(,)? }) => {
        impl From<&$ours> for $sdk {
            fn from(ours: &$ours) -> Self {
                let mut it = <$sdk>::builder().build();
                $(it.$field = $crate::aws::shape::sent(&ours.$field);)*
                it
            }
        }
        impl From<$sdk> for $ours {
            fn from(it: $sdk) -> Self {
                Self { $($field: $crate::aws::shape::seen(it.$field)),* }
            }
        }
    };
}
