//! Two spellings of one meaning: what AWS answers beside what the stack or the state says.

use crate::lang::value::Map;
use crate::lang::{Kind, Value};
use crate::schema::{Block, Form, NestedBlock, Nesting, equal};

use super::diff::is_nothing;

/// Whether two known values of an attribute mean the same.
pub fn same(form: Form, a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        _ if form == Form::Exact => a.clone().unmarked_deep() == b.clone().unmarked_deep(),
        (Kind::String(a), Kind::String(b)) => a == b || equal::same(form, a, b),
        _ => super::diff::equal(a, b) || alike(a, b),
    }
}

/// Equal, where inside of objects an absence and an empty value are one.
fn alike(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Object(a), Kind::Object(b)) => a.iter().all(|(name, it)| match b.get(name) {
            Some(other) => alike(it, other) || is_nothing(it) && is_nothing(other),
            None => is_nothing(it),
        }),
        (Kind::List(_, a) | Kind::Tuple(a), Kind::List(_, b) | Kind::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| alike(a, b))
        }
        (Kind::Set(_, a), Kind::Set(_, b)) => {
            a.len() == b.len() && a.iter().all(|it| b.iter().any(|other| alike(it, other)))
        }
        _ => super::diff::equal(a, b),
    }
}

/// What AWS reports, in our spelling: wherever `ours` (planned, or in the state) means the same, it
/// stays; what the state alone keeps, and what AWS's answer is silent about, is ours.
pub fn reconcile(block: &Block, ours: &Value, live: &Value, unread: &[String]) -> Value {
    let Some(fields) = live.as_fields() else { return live.clone() };
    let mut out = Map::new();
    for (name, it) in &block.attributes {
        let Some(live) = fields.get(name.as_str()) else { continue };
        let kept = match ours.get(name).filter(|it| !it.is_unknown()) {
            Some(ours) if it.local || unread.contains(name) => ours.clone(),
            Some(ours) if same(it.form, ours, live) => ours.clone(),
            Some(ours) if it.form != Form::Exact && is_nothing(ours) && is_nothing(live) => ours.clone(),
            _ => live.clone(),
        };
        let kept = if it.sensitive { kept.sensitive() } else { kept };
        out.insert(block.name(name), kept);
    }
    for (name, it) in &block.blocks {
        let Some(live) = fields.get(name.as_str()) else { continue };
        let kept = match ours.get(name).filter(|it| !it.is_unknown()) {
            Some(ours) if it.local || unread.contains(name) => ours.clone(),
            Some(ours) => nested(it, ours, live),
            None => live.clone(),
        };
        out.insert(block.name(name), kept);
    }
    Value::object(out)
}

fn nested(it: &NestedBlock, ours: &Value, live: &Value) -> Value {
    let (Some(mine), Some(theirs)) = (ours.as_items(), live.as_items()) else {
        return match (ours.as_fields(), live.as_fields()) {
            (Some(_), Some(_)) => reconcile(&it.block, ours, live, &[]),
            _ => live.clone(),
        };
    };
    match it.nesting {
        Nesting::Set => {
            let each = theirs.iter().map(|live| {
                let like =
                    mine.iter().find(|ours| super::diff::equal(&reconcile(&it.block, ours, live, &[]), ours));
                like.unwrap_or(live).clone()
            });
            Value::set(it.block.ty(), each.collect())
        }
        _ => {
            let each = theirs.iter().enumerate().map(|(at, live)| match mine.get(at) {
                Some(ours) => reconcile(&it.block, ours, live, &[]),
                None => live.clone(),
            });
            Value::list(it.block.ty(), each.collect())
        }
    }
}
