//! Conversion of values to types, by Terraform's rules and with its words.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::number::Number;
use super::types::{Convertible, ObjectField, Type, one_type, settle};
use super::value::{Kind, Map, Value};

/// Why a value has no conversion to a type, and where inside it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConvertError {
    /// Attribute names and indexes, outermost first.
    pub path: Vec<String>,
    pub message: String,
}

impl ConvertError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        ConvertError { path: Vec::new(), message: message.into() }
    }
    pub(super) fn inside(mut self, step: String) -> Self {
        self.path.insert(0, step);
        self
    }
    pub(super) fn required(from: &Type, to: &Type) -> Self {
        // A text is the one thing that may turn out to have a conversion, and did not.
        let text = *from == Type::String && matches!(to, Type::Number | Type::Bool);
        let words = if text { format!("{} is", to.a()) } else { to.words() };
        ConvertError::new(format!("{words} required"))
    }
    pub(super) fn missing(names: &[&str]) -> Self {
        let quoted: Vec<String> = names.iter().map(|it| format!("{it:?}")).collect();
        ConvertError::new(match quoted.as_slice() {
            [one] => format!("attribute {one} is required"),
            [one, two] => format!("attributes {one} and {two} are required"),
            [most @ .., last] => format!("attributes {}, and {last} are required", most.join(", ")),
            [] => "nothing is missing".to_owned(),
        })
    }
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.path {
            match step.parse::<usize>() {
                Ok(index) => write!(f, "element {index}: ")?,
                Err(_) => write!(f, "attribute {step:?}: ")?,
            }
        }
        f.write_str(&self.message)
    }
}

type Result<T, E = ConvertError> = std::result::Result<T, E>;

impl Value {
    /// This value as one of type `to`, marks kept.
    pub fn convert(&self, to: &Type) -> Result<Value> {
        let marks = self.marks;
        let out = match &self.kind {
            _ if *to == Type::Any => return Ok(self.clone()),
            Kind::Unknown(it) => it.converted(settle(&it.ty, to, Convertible::Perhaps)?),
            Kind::Null(ty) => Value::null(settle(ty, to, Convertible::Perhaps)?),
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => self.primitive(to)?,
            Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => self.sequence(all, to)?,
            Kind::Map(_, all) => self.mapping(all, to)?,
            Kind::Object(all) => self.mapping(all, to)?,
        };
        Ok(out.marked(marks))
    }

    fn primitive(&self, to: &Type) -> Result<Value> {
        match (&self.kind, to) {
            (Kind::Bool(_), Type::Bool)
            | (Kind::Number(_), Type::Number)
            | (Kind::String(_), Type::String) => Ok(self.clone().unmarked()),
            (Kind::Bool(it), Type::String) => Ok(if *it { "true" } else { "false" }.into()),
            (Kind::Number(it), Type::String) => Ok(it.to_string().into()),
            (Kind::String(it), Type::Number) => match it.parse::<Number>() {
                Ok(it) => Ok(it.into()),
                Err(_) => Err(ConvertError::new("a number is required")),
            },
            (Kind::String(it), Type::Bool) => to_bool(it).map(Value::from),
            _ => Err(ConvertError::required(&self.ty(), to)),
        }
    }

    fn sequence(&self, all: &[Value], to: &Type) -> Result<Value> {
        match (&self.kind, to) {
            (Kind::Set(..), Type::List(_)) if all.len() > 1 && !self.wholly_known() => {
                // What is unknown may turn out equal to another element: then the list is shorter.
                let ty = settle(&self.ty(), to, Convertible::Perhaps)?;
                Ok(Value::unknown_collection(ty, 1, all.len()))
            }
            (_, Type::List(of)) => {
                let (of, all) = elements(all, of, self.element_type(), "list")?;
                Ok(Value::list(of, all))
            }
            (_, Type::Set(of)) => {
                let (of, all) = elements(all, of, self.element_type(), "set")?;
                Ok(Value::set(of, all))
            }
            (Kind::Tuple(_), Type::Tuple(types)) => {
                if types.len() != all.len() {
                    let count = types.len();
                    return Err(ConvertError::new(format!("a tuple of {count} elements is required")));
                }
                let one = |(index, (it, ty)): (usize, (&Value, &Type))| {
                    it.convert(ty).map_err(|e| e.inside(index.to_string()))
                };
                Ok(Value::tuple(all.iter().zip(types.iter()).enumerate().map(one).collect::<Result<_>>()?))
            }
            _ => Err(ConvertError::required(&self.ty(), to)),
        }
    }

    /// What the elements of an empty collection would be.
    fn element_type(&self) -> Option<&Type> {
        match &self.kind {
            Kind::List(of, _) | Kind::Set(of, _) | Kind::Map(of, _) => Some(of),
            _ => None,
        }
    }

    fn mapping(&self, all: &Map, to: &Type) -> Result<Value> {
        match to {
            Type::Map(of) => {
                let (of, items) = keyed_elements(all, of, self.element_type())?;
                Ok(Value::map(of, items))
            }
            Type::Object(fields) => to_object(all, fields),
            _ => Err(ConvertError::required(&self.ty(), to)),
        }
    }
}

fn to_bool(text: &str) -> Result<bool> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        "True" | "TRUE" => {
            Err(ConvertError::new("a bool is required; to convert from string, use lowercase \"true\""))
        }
        "False" | "FALSE" => {
            Err(ConvertError::new("a bool is required; to convert from string, use lowercase \"false\""))
        }
        _ => Err(ConvertError::new("a bool is required")),
    }
}

/// Converts each to `to`, and all to one type where `to` leaves that open.
fn elements(all: &[Value], to: &Type, own: Option<&Type>, what: &str) -> Result<(Type, Vec<Value>)> {
    let each = |(index, it): (usize, &Value)| it.convert(to).map_err(|e| e.inside(index.to_string()));
    let items = all.iter().enumerate().map(each).collect::<Result<Vec<_>>>()?;
    let of = shared(&items, to, own, what)?;
    if !to.has_any() {
        return Ok((of, items));
    }
    again(items, &of, what)
}

/// Converted to the type they share. Where that leaves something open, they must agree themselves.
fn again(items: Vec<Value>, of: &Type, what: &str) -> Result<(Type, Vec<Value>)> {
    let items = items.into_iter().map(|it| it.convert(of)).collect::<Result<Vec<_>>>()?;
    let Some(first) = items.first().filter(|_| of.has_any()) else { return Ok((of.clone(), items)) };
    let first = first.ty();
    if items.iter().any(|it| it.ty() != first) {
        return Err(differ(what));
    }
    Ok((first, items))
}

fn differ(what: &str) -> ConvertError {
    ConvertError::new(format!("all {what} elements must have the same type"))
}

fn keyed_elements(all: &Map, to: &Type, own: Option<&Type>) -> Result<(Type, Map)> {
    let each = |(key, it): (&Arc<str>, &Value)| it.convert(to).map_err(|e| e.inside(key.to_string()));
    let items = all.iter().map(each).collect::<Result<Vec<_>>>()?;
    let (of, items) = match to.has_any() {
        true => {
            let items = typed_nulls(items);
            let of = shared(&items, to, own, "map")?;
            again(items, &of, "map")?
        }
        false => (shared(&items, to, own, "map")?, items),
    };
    Ok((of, all.keys().cloned().zip(items).collect()))
}

/// In a map a null without a type takes that of the others, where they agree.
fn typed_nulls(items: Vec<Value>) -> Vec<Value> {
    let open = |it: &Value| matches!(it.kind, Kind::Null(Type::Any));
    let mut others = items.iter().filter(|it| !open(it)).map(Value::ty);
    let Some(ty) = others.next().filter(|first| others.all(|it| it == *first)) else { return items };
    let one = |it: Value| if open(&it) { Value::null(ty.clone()).marked(it.marks) } else { it };
    items.into_iter().map(one).collect()
}

/// The one type of converted elements.
fn shared(items: &[Value], to: &Type, own: Option<&Type>, what: &str) -> Result<Type> {
    if !to.has_any() {
        return Ok(to.required());
    }
    match own {
        Some(own) => settle(own, to, Convertible::Perhaps),
        None if items.is_empty() => Ok(to.required()),
        None => one_type(&items.iter().map(Value::ty).collect::<Vec<_>>()).ok_or_else(|| differ(what)),
    }
}

fn to_object(all: &Map, fields: &BTreeMap<Arc<str>, ObjectField>) -> Result<Value> {
    let absent = |it: &(&Arc<str>, &ObjectField)| !it.1.optional && !all.contains_key(it.0);
    let missing: Vec<&str> = fields.iter().filter(absent).map(|it| &**it.0).collect();
    if !missing.is_empty() {
        return Err(ConvertError::missing(&missing));
    }
    let one = |(name, field): (&Arc<str>, &ObjectField)| {
        let value = match (all.get(name), &field.default) {
            (Some(it), Some(default)) if it.is_null() => default.convert(&field.ty),
            (None, Some(default)) => default.convert(&field.ty),
            (Some(it), _) => it.convert(&field.ty),
            (None, None) => Ok(Value::null(field.ty.required())),
        };
        value.map(|it| (name.clone(), it)).map_err(|e| e.inside(name.to_string()))
    };
    Ok(Value::object(fields.iter().map(one).collect::<Result<Vec<_>>>()?))
}
