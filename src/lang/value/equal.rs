//! `==`: what is equal, what is not, and what is not known yet.

use super::{Kind, Value};
use crate::lang::types::Type;

impl Value {
    /// Whether both are equal as `==` has it, marks aside; `None` while that is unknown.
    ///
    /// Values of different types are never equal, nulls of any types are.
    pub fn equals(&self, other: &Value) -> Option<bool> {
        match (&self.kind, &other.kind) {
            (Kind::Unknown(_), Kind::Unknown(_)) => None,
            (Kind::Unknown(it), _) => unknown_equals(&it.ty, it.not_null, other),
            (_, Kind::Unknown(it)) => unknown_equals(&it.ty, it.not_null, self),
            (Kind::Null(_), Kind::Null(_)) => Some(true),
            (Kind::Null(_), _) | (_, Kind::Null(_)) => Some(false),
            _ => known_equals(self, other),
        }
    }
}

fn unknown_equals(ty: &Type, not_null: bool, known: &Value) -> Option<bool> {
    if known.is_null() {
        return not_null.then_some(false);
    }
    let comparable = ty.has_any() || known.ty().has_any() || *ty == known.ty();
    (!comparable).then_some(false)
}

fn known_equals(a: &Value, b: &Value) -> Option<bool> {
    match (&a.kind, &b.kind) {
        (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
        (Kind::Number(a), Kind::Number(b)) => Some(a == b),
        (Kind::String(a), Kind::String(b)) => Some(a == b),
        (Kind::Set(a_of, a), Kind::Set(b_of, b)) => same_type(a_of, b_of, || {
            let known = a.iter().chain(b.iter()).all(Value::wholly_known);
            known.then(|| a == b)
        }),
        (Kind::List(a_of, a), Kind::List(b_of, b)) => same_type(a_of, b_of, || each_equals(a, b)),
        (Kind::Tuple(left), Kind::Tuple(right)) => same_type(&a.ty(), &b.ty(), || each_equals(left, right)),
        (Kind::Map(a_of, a), Kind::Map(b_of, b)) => same_type(a_of, b_of, || {
            if !a.keys().eq(b.keys()) {
                return Some(false);
            }
            all_equal(a.values().zip(b.values()))
        }),
        (Kind::Object(left), Kind::Object(right)) => {
            same_type(&a.ty(), &b.ty(), || all_equal(left.values().zip(right.values())))
        }
        _ => Some(false),
    }
}

/// Where a type is not settled, neither is the answer.
fn same_type(a: &Type, b: &Type, then: impl FnOnce() -> Option<bool>) -> Option<bool> {
    if a.has_any() || b.has_any() {
        return None;
    }
    if a == b { then() } else { Some(false) }
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
