//! The order and the identity of a set's elements.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Kind, Marks, Value};
use crate::lang::number::text::ten_digits;
use crate::lang::render::quoted;
use crate::lang::types::Type;

impl Value {
    /// A set: duplicates fall away, the order is Terraform's, and marks of elements move to the set.
    pub fn set(of: Type, items: Vec<Value>) -> Value {
        let marks = items.iter().fold(Marks::default(), |marks, it| marks | it.deep_marks());
        let mut items: Vec<Value> = items.into_iter().map(Value::unmarked_deep).collect();
        items.sort_by_cached_key(SortKey::new);
        items.dedup_by(|a, b| a.wholly_known() && a == b);
        Value { kind: Kind::Set(of, Arc::new(items)), marks }
    }
}

/// Known before null before unknown; bools, numbers and strings by value, the others by a text that
/// says what they hold.
struct SortKey {
    rank: u8,
    plain: Option<Value>,
    text: String,
}

impl SortKey {
    fn new(value: &Value) -> SortKey {
        let rank = match value.kind {
            Kind::Null(_) => 1,
            Kind::Unknown(_) => 2,
            _ => 0,
        };
        let simple = matches!(value.kind, Kind::Bool(_) | Kind::Number(_) | Kind::String(_));
        let mut text = String::new();
        if !simple {
            describe(value, &mut text);
        }
        SortKey { rank, plain: simple.then(|| value.clone()), text }
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let plain = match (self.plain.as_ref().map(|it| &it.kind), other.plain.as_ref().map(|it| &it.kind)) {
            (Some(Kind::Bool(a)), Some(Kind::Bool(b))) => a.cmp(b),
            (Some(Kind::Number(a)), Some(Kind::Number(b))) => a.cmp(b),
            (Some(Kind::String(a)), Some(Kind::String(b))) => a.cmp(b),
            _ => Ordering::Equal,
        };
        self.rank.cmp(&other.rank).then(plain).then_with(|| self.text.cmp(&other.text))
    }
}
impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for SortKey {}

/// The text by which Terraform orders sets of structures.
fn describe(value: &Value, out: &mut String) {
    let each = |all: &[Value], out: &mut String| {
        for it in all {
            describe(it, out);
            out.push(';');
        }
    };
    match &value.kind {
        Kind::Unknown(_) => out.push('?'),
        Kind::Null(_) => out.push('~'),
        Kind::Bool(it) => out.push(if *it { 'T' } else { 'F' }),
        Kind::Number(it) => out.push_str(&ten_digits(it)),
        Kind::String(it) => out.push_str(&quoted(it)),
        Kind::List(_, all) | Kind::Set(_, all) => {
            out.push('[');
            each(all, out);
            out.push(']');
        }
        Kind::Map(_, all) => {
            out.push('{');
            for (key, it) in all.iter() {
                out.push_str(&quoted(key));
                out.push(':');
                describe(it, out);
                out.push(';');
            }
            out.push('}');
        }
        Kind::Tuple(all) => {
            out.push('<');
            each(all, out);
            out.push('>');
        }
        Kind::Object(all) => {
            out.push('<');
            for it in all.values() {
                describe(it, out);
                out.push(';');
            }
            out.push('>');
        }
    }
}
