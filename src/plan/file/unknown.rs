//! An unknown value in a plan file: its type, and what is sure about it already. An apply needs both:
//! what turns out otherwise is an error.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::lang::value::{Bound, Range, Unknown};
use crate::lang::{Kind, Type, Value};

#[derive(Serialize, Deserialize)]
pub(super) struct UnknownFile {
    ty: Json,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    not_null: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    least: Option<End>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    most: Option<End>,
    /// The fewest and the most elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<(usize, usize)>,
}

/// An end of a range of numbers.
#[derive(Serialize, Deserialize)]
struct End {
    at: Json,
    inclusive: bool,
}

impl UnknownFile {
    pub fn of(it: &Unknown) -> Self {
        let mut out = UnknownFile {
            ty: it.ty.to_json(),
            not_null: it.not_null,
            prefix: None,
            least: None,
            most: None,
            length: None,
        };
        match &it.range {
            Range::Open => {}
            Range::Prefix(text) => out.prefix = Some(text.to_string()),
            Range::Numbers { least, most } => {
                out.least = least.as_deref().map(End::of);
                out.most = most.as_deref().map(End::of);
            }
            Range::Length { least, most } => out.length = Some((*least, *most)),
        }
        out
    }

    pub fn value(self) -> Result<Value, String> {
        let ty = Type::from_json(&self.ty).ok_or("a type that is none")?;
        let range = match (self.prefix, self.length, self.least, self.most) {
            (Some(text), ..) => Range::Prefix(text.into()),
            (None, Some((least, most)), ..) => Range::Length { least, most },
            (None, None, None, None) => Range::Open,
            (None, None, least, most) => Range::Numbers {
                least: least.map(End::bound).transpose()?.map(Box::new),
                most: most.map(End::bound).transpose()?.map(Box::new),
            },
        };
        Ok(Kind::from(Unknown { ty, not_null: self.not_null, range }).into())
    }
}

impl End {
    fn of(it: &Bound) -> Self {
        End { at: Value::from(it.at.clone()).to_json(), inclusive: it.inclusive }
    }

    fn bound(self) -> Result<Bound, String> {
        let value = Value::from_json(&self.at, &Type::Number).map_err(|it| it.message)?;
        match value.kind {
            Kind::Number(at) => Ok(Bound { at, inclusive: self.inclusive }),
            _ => Err("an end of a range that is no number".to_owned()),
        }
    }
}
