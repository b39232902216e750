//! Values to and from JSON, and documents as Terraform writes them.

use std::fmt::Write;

use serde_json::Value as Json;

use super::convert::ConvertError;
use super::number::Number;
use super::types::{ObjectField, Type};
use super::value::{Kind, Value};

/// A JSON text as Go's encoder has it: what HTML or JavaScript would trip over is spelt out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
            _ => out.push(it),
        }
    }
    out
}

/// A document without blanks, its names in order, its numbers short, as providers keep one; `None` where it is no
/// JSON.
pub fn normal(document: &str) -> Option<String> {
    let json = serde_json::from_str::<Json>(document).ok()?;
    Some(escaped(&Value::from_json_implied(&json).ok()?.to_json().to_string()))
}

type Result<T, E = ConvertError> = std::result::Result<T, E>;

impl Value {
    /// As JSON, marks lost; what is unknown becomes null.
    pub fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Unknown(_) | Kind::Null(_) => Json::Null,
            Kind::Bool(it) => Json::Bool(*it),
            Kind::Number(it) => Json::Number(it.to_json()),
            Kind::String(it) => Json::String(it.to_string()),
            Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => {
                Json::Array(all.iter().map(Value::to_json).collect())
            }
            Kind::Map(_, all) | Kind::Object(all) => {
                Json::Object(all.iter().map(|(k, v)| (k.to_string(), v.to_json())).collect())
            }
        }
    }

    /// A value of type `ty`: object fields that are missing are null, what the type does not know
    /// is dropped.
    pub fn from_json(json: &Json, ty: &Type) -> Result<Value> {
        match (json, ty) {
            (_, Type::Any) => dynamic(json),
            (Json::Null, _) => Ok(Value::null(ty.required())),
            (Json::Array(all), Type::List(of)) => {
                let all = sequence(all, |_| of)?;
                Ok(Value::list(element_type(of, &all), all))
            }
            (Json::Array(all), Type::Set(of)) => {
                let all = sequence(all, |_| of)?;
                Ok(Value::set(element_type(of, &all), all))
            }
            (Json::Array(all), Type::Tuple(types)) if all.len() == types.len() => {
                Ok(Value::tuple(sequence(all, |index| &types[index])?))
            }
            (Json::Object(all), Type::Map(of)) => {
                let all = named(all, |it| Value::from_json(it, of))?;
                let of = all.first().map_or_else(|| of.required(), |it| element_type(of, [&it.1]));
                Ok(Value::map(of, all))
            }
            (Json::Object(all), Type::Object(fields)) => {
                let one = |(name, field): (&std::sync::Arc<str>, &ObjectField)| {
                    let json = all.get(&**name).unwrap_or(&Json::Null);
                    let value = Value::from_json(json, &field.ty).map_err(|e| e.inside(name.to_string()))?;
                    Ok((name.clone(), value))
                };
                Ok(Value::object(fields.iter().map(one).collect::<Result<Vec<_>>>()?))
            }
            _ => Value::from_json_implied(json)?.convert(ty),
        }
    }

    /// A value of the type the JSON itself has: objects and tuples.
    pub fn from_json_implied(json: &Json) -> Result<Value> {
        Ok(match json {
            Json::Null => Value::null(Type::Any),
            Json::Bool(it) => (*it).into(),
            Json::Number(it) => Number::from_json(it)
                .ok_or_else(|| ConvertError::new(format!("the number {it} is out of range")))?
                .into(),
            Json::String(it) => it.as_str().into(),
            Json::Array(all) => Value::tuple(sequence(all, |_| &Type::Any)?),
            Json::Object(all) => Value::object(named(all, Value::from_json_implied)?),
        })
    }
}

/// Where the type is open, a state writes it beside the value.
fn dynamic(json: &Json) -> Result<Value> {
    let typed = json.as_object().filter(|it| it.len() == 2);
    let parts = typed.and_then(|it| Some((Type::from_json(it.get("type")?)?, it.get("value")?)));
    match parts {
        Some((ty, value)) => Value::from_json(value, &ty),
        None => Value::from_json_implied(json),
    }
}

fn named(
    all: &serde_json::Map<String, Json>,
    convert: impl Fn(&Json) -> Result<Value>,
) -> Result<Vec<(String, Value)>> {
    let one = |it: (&String, &Json)| {
        let value = convert(it.1).map_err(|e| e.inside(it.0.clone()))?;
        Ok((it.0.clone(), value))
    };
    all.iter().map(one).collect()
}

fn sequence<'a>(all: &[Json], ty: impl Fn(usize) -> &'a Type) -> Result<Vec<Value>> {
    let one = |(index, it): (usize, &Json)| {
        let ty = ty(index);
        let value = match ty {
            Type::Any => Value::from_json_implied(it),
            _ => Value::from_json(it, ty),
        };
        value.map_err(|e| e.inside(index.to_string()))
    };
    all.iter().enumerate().map(one).collect()
}

/// An open element type is that of the elements.
fn element_type<'a>(of: &Type, all: impl IntoIterator<Item = &'a Value>) -> Type {
    match all.into_iter().next() {
        Some(first) if of.has_any() => first.ty(),
        _ => of.required(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_written_in_one_way() {
        let text = r#"{ "b": [ { "d": "<&>", "c": 1.50 } ], "a": "\u2028" }"#;
        let wanted = r#"{"a":"\u2028","b":[{"c":1.5,"d":"\u003c\u0026\u003e"}]}"#;
        assert_eq!(normal(text).as_deref(), Some(wanted));
        assert_eq!((normal(""), normal("{}").as_deref()), (None, Some("{}")));
    }
}
