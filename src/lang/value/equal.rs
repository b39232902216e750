//! `==`: what is equal, what is not, and what is not known yet.

use super::{Kind, Unknown, Value};
use crate::lang::types::Type;

impl Value {
    /// Whether both are equal as `==` has it, marks aside; `None` while that is unknown.
    ///
    /// Values of different types are never equal, nulls of any types are.
    pub fn equals(&self, other: &Value) -> Option<bool> {
        match (&self.kind, &other.kind) {
            (Kind::Unknown(_), Kind::Unknown(_)) => None,
            (Kind::Unknown(it), _) => unknown_equals(it, other),
            (_, Kind::Unknown(it)) => unknown_equals(it, self),
            (Kind::Null(_), Kind::Null(_)) => Some(true),
            (Kind::Null(_), _) | (_, Kind::Null(_)) => Some(false),
            _ => known_equals(self, other),
        }
    }
}

fn unknown_equals(unknown: &Unknown, known: &Value) -> Option<bool> {
    if known.is_null() {
        return unknown.not_null.then_some(false);
    }
    let differs = !comparable(&unknown.ty, &known.ty()) || unknown.excludes(known);
    differs.then_some(false)
}

/// Values of these types may be equal: they are of one type, or may turn out to be.
fn comparable(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) => true,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            comparable(a, b)
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| comparable(a, b))
        }
        (Type::Object(a), Type::Object(b)) => {
            a.keys().eq(b.keys()) && a.values().zip(b.values()).all(|(a, b)| comparable(&a.ty, &b.ty))
        }
        _ => a == b,
    }
}

fn known_equals(a: &Value, b: &Value) -> Option<bool> {
    let (a_type, b_type) = (a.ty(), b.ty());
    if open(a) || open(b) {
        // A part whose type is not known yet may turn out to be of any.
        return (!comparable(&a_type, &b_type)).then_some(false);
    }
    if a_type != b_type { Some(false) } else { same_type_equals(a, b) }
}

/// Holds something whose type is not known yet.
fn open(it: &Value) -> bool {
    match &it.kind {
        Kind::Unknown(it) => it.ty.has_any(),
        _ => it.children().any(open),
    }
}

fn same_type_equals(a: &Value, b: &Value) -> Option<bool> {
    match (&a.kind, &b.kind) {
        (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
        (Kind::Number(a), Kind::Number(b)) => Some(a == b),
        (Kind::String(a), Kind::String(b)) => Some(a == b),
        (Kind::Set(_, a), Kind::Set(_, b)) => {
            let known = a.iter().chain(b.iter()).all(Value::wholly_known);
            known.then(|| a == b)
        }
        (Kind::List(_, a), Kind::List(_, b)) | (Kind::Tuple(a), Kind::Tuple(b)) => each_equals(a, b),
        (Kind::Map(_, a), Kind::Map(_, b)) | (Kind::Object(a), Kind::Object(b)) => {
            if !a.keys().eq(b.keys()) {
                return Some(false);
            }
            all_equal(a.values().zip(b.values()))
        }
        _ => Some(false),
    }
}

fn each_equals(a: &[Value], b: &[Value]) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    all_equal(a.iter().zip(b))
}

/// One difference decides, even where others are unknown.
fn all_equal<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut unknown = false;
    for (a, b) in pairs {
        match a.equals(b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}
