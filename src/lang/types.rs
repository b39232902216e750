//! Types and type constraints, as Terraform has them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::value::Value;

mod name;
mod parse;
mod unify;

pub use parse::{parse, parse_type};
pub(in crate::lang) use unify::one_type;
pub use unify::{Convertible, settle, unify};

/// A type, or a constraint where it holds [`Type::Any`] or optional fields.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Terraform's `any`: not settled.
    Any,
    Bool,
    Number,
    String,
    List(Arc<Type>),
    Set(Arc<Type>),
    Map(Arc<Type>),
    Tuple(Arc<Vec<Type>>),
    Object(Arc<BTreeMap<Arc<str>, ObjectField>>),
}

/// One attribute of an object type.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectField {
    pub ty: Type,
    /// May be left out: then it is `default`, or null.
    pub optional: bool,
    pub default: Option<Value>,
}

impl Type {
    pub fn list(of: Type) -> Type {
        Type::List(Arc::new(of))
    }
    pub fn set(of: Type) -> Type {
        Type::Set(Arc::new(of))
    }
    pub fn map(of: Type) -> Type {
        Type::Map(Arc::new(of))
    }
    pub fn object<K: Into<Arc<str>>>(fields: impl IntoIterator<Item = (K, Type)>) -> Type {
        let field = |(name, ty): (K, Type)| (name.into(), ObjectField { ty, optional: false, default: None });
        Type::Object(Arc::new(fields.into_iter().map(field).collect()))
    }

    /// Holds [`Type::Any`] somewhere: not settled.
    pub fn has_any(&self) -> bool {
        match self {
            Type::Any => true,
            Type::List(of) | Type::Set(of) | Type::Map(of) => of.has_any(),
            Type::Tuple(all) => all.iter().any(Type::has_any),
            Type::Object(fields) => fields.values().any(|it| it.ty.has_any()),
            _ => false,
        }
    }

    /// Holds a field that may be left out.
    fn has_optional(&self) -> bool {
        match self {
            Type::List(of) | Type::Set(of) | Type::Map(of) => of.has_optional(),
            Type::Tuple(all) => all.iter().any(Type::has_optional),
            Type::Object(fields) => {
                fields.values().any(|it| it.optional || it.default.is_some() || it.ty.has_optional())
            }
            _ => false,
        }
    }

    /// The type of a value that satisfies this constraint: without optional fields.
    pub fn required(&self) -> Type {
        if !self.has_optional() {
            // Shared with whoever has it already.
            return self.clone();
        }
        match self {
            Type::List(of) => Type::list(of.required()),
            Type::Set(of) => Type::set(of.required()),
            Type::Map(of) => Type::map(of.required()),
            Type::Tuple(all) => Type::Tuple(Arc::new(all.iter().map(Type::required).collect())),
            Type::Object(fields) => Type::object(fields.iter().map(|(k, it)| (k.clone(), it.ty.required()))),
            _ => self.clone(),
        }
    }

    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::Bool | Type::Number | Type::String)
    }
    /// The type of a list's, set's or map's elements.
    pub fn element(&self) -> Option<&Type> {
        match self {
            Type::List(of) | Type::Set(of) | Type::Map(of) => Some(of),
            _ => None,
        }
    }

    /// The type in Terraform's JSON: `"string"`, `["list","string"]`, `["object",{…}]`.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Type::Any => json!("dynamic"),
            Type::Bool => json!("bool"),
            Type::Number => json!("number"),
            Type::String => json!("string"),
            Type::List(it) => json!(["list", it.to_json()]),
            Type::Set(it) => json!(["set", it.to_json()]),
            Type::Map(it) => json!(["map", it.to_json()]),
            Type::Tuple(all) => json!(["tuple", all.iter().map(Type::to_json).collect::<Vec<_>>()]),
            Type::Object(fields) => {
                let fields = fields.iter().map(|(k, f)| (k.to_string(), f.ty.to_json()));
                json!(["object", fields.collect::<serde_json::Map<_, _>>()])
            }
        }
    }

    /// The inverse of [`Type::to_json`]; `None` where the text is no type.
    pub fn from_json(json: &serde_json::Value) -> Option<Type> {
        match json {
            serde_json::Value::String(name) => Some(match name.as_str() {
                "dynamic" => Type::Any,
                "bool" => Type::Bool,
                "number" => Type::Number,
                "string" => Type::String,
                _ => return None,
            }),
            serde_json::Value::Array(parts) => {
                let of = parts.get(1)?;
                Some(match parts.first()?.as_str()? {
                    "list" => Type::list(Type::from_json(of)?),
                    "set" => Type::set(Type::from_json(of)?),
                    "map" => Type::map(Type::from_json(of)?),
                    "tuple" => {
                        let all = of.as_array()?.iter().map(Type::from_json).collect::<Option<Vec<_>>>()?;
                        Type::Tuple(Arc::new(all))
                    }
                    "object" => {
                        let each =
                            of.as_object()?.iter().map(|(k, v)| Some((k.as_str(), Type::from_json(v)?)));
                        Type::object(each.collect::<Option<Vec<_>>>()?)
                    }
                    _ => return None,
                })
            }
            _ => None,
        }
    }
}

/// As Terraform writes it: `list(string)`, `object({ a = number })`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("dynamic"),
            Type::Bool => f.write_str("bool"),
            Type::Number => f.write_str("number"),
            Type::String => f.write_str("string"),
            Type::List(it) => write!(f, "list({it})"),
            Type::Set(it) => write!(f, "set({it})"),
            Type::Map(it) => write!(f, "map({it})"),
            Type::Tuple(all) => {
                let all = all.iter().map(Type::to_string).collect::<Vec<_>>();
                write!(f, "tuple([{}])", all.join(", "))
            }
            Type::Object(fields) => {
                let all = fields.iter().map(|(k, it)| format!("{k} = {}", it.ty)).collect::<Vec<_>>();
                write!(f, "object({{ {} }})", all.join(", "))
            }
        }
    }
}
