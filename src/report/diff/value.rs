//! Differences of values, by their type.

use std::collections::BTreeSet;

use super::sequence::{Positions, pairs, same};
use super::{Diff, Mark, Pair, What};
use crate::lang::{Kind, Type, Value};

/// The difference of a value of this type.
pub fn value(pair: &Pair, ty: &Type) -> Diff {
    if let Some(it) = special(pair, |it| value(it, ty)) {
        return it;
    }
    match ty {
        Type::Any => dynamic(pair),
        Type::Bool | Type::Number | Type::String => plain(pair),
        _ if pair.is_void() => plain(pair),
        Type::List(of) => {
            let both_objects = |_: &Value, _: &Value| matches!(**of, Type::Object(_));
            sequence(pair, both_objects, |it| value(it, of))
        }
        Type::Set(of) => set(pair, |it| value(it, of)),
        Type::Tuple(of) => tuple(pair, of),
        Type::Map(of) => {
            let (fields, mark) = fields(pair, &names(pair), |it, _| Some(value(it, of)));
            Diff::new(What::Map(fields), mark, pair.replaces())
        }
        Type::Object(of) => {
            let names = of.keys().map(|it| it.to_string()).collect();
            let (fields, mark) = fields(pair, &names, |it, name| {
                let ty = of.get(name).map_or(Type::Any, |it| it.ty.clone());
                (!it.is_void()).then(|| value(&it.clone().said(&ty), &ty))
            });
            Diff::new(What::Object(fields), mark, pair.replaces())
        }
    }
}

/// The difference of values of any type: outputs, and what JSON texts hold. A written null counts.
pub fn dynamic(pair: &Pair) -> Diff {
    if let Some(it) = special(pair, dynamic) {
        return it;
    }
    let shapes = (pair.before.map(shape), pair.after.map(shape));
    match shapes {
        (Some(before), Some(after)) if before != after => {
            let (was, will) = (dynamic(&pair.removal()), dynamic(&pair.addition()));
            Diff::new(What::Retyped(was.into(), will.into()), Mark::Change, pair.replaces())
        }
        (Some(it), _) | (None, Some(it)) => of_shape(pair, it),
        (None, None) => plain(pair),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

fn shape(value: &Value) -> Shape {
    match value.kind {
        Kind::Bool(_) => Shape::Bool,
        Kind::Number(_) => Shape::Number,
        Kind::String(_) => Shape::String,
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => Shape::Array,
        Kind::Map(..) | Kind::Object(_) => Shape::Object,
        Kind::Null(_) | Kind::Unknown(_) => Shape::Null,
    }
}

fn of_shape(pair: &Pair, shape: Shape) -> Diff {
    match shape {
        Shape::Array => {
            let both_objects = |b: &Value, a: &Value| b.as_fields().is_some() && a.as_fields().is_some();
            sequence(pair, both_objects, dynamic)
        }
        Shape::Object => {
            let (fields, mark) = fields(pair, &names(pair), |it, _| Some(dynamic(it)));
            Diff::new(What::Object(fields), mark, pair.replaces())
        }
        _ => plain(pair),
    }
}

/// What is sensitive or not known yet is dealt with before its type is looked at.
fn special(pair: &Pair, inner: impl Fn(&Pair) -> Diff) -> Option<Diff> {
    let (before, after) = (pair.was_secret(), pair.will_be_secret());
    if before || after {
        let hidden = inner(&pair.bared()).mark;
        let mark = match hidden {
            Mark::Same if before != after && !pair.is_void() => Mark::Change,
            other => other,
        };
        return Some(Diff::new(What::Sensitive { hidden, before, after }, mark, pair.replaces()));
    }
    unknown(pair, inner)
}

/// The difference of what is not known yet.
pub fn unknown(pair: &Pair, inner: impl Fn(&Pair) -> Diff) -> Option<Diff> {
    if !pair.is_unknown() {
        return None;
    }
    let was = pair.before.filter(|it| !it.is_null()).map(|_| Box::new(inner(&pair.removal())));
    let mark = if was.is_some() { Mark::Change } else { Mark::Add };
    Some(Diff::new(What::Unknown(was), mark, pair.replaces()))
}

fn plain(pair: &Pair) -> Diff {
    let mark = match (pair.before, pair.after) {
        (None, None) => Mark::Same,
        (None, Some(_)) => Mark::Add,
        (Some(_), None) => Mark::Remove,
        (Some(before), Some(after)) if same(before, after) => Mark::Same,
        _ => Mark::Change,
    };
    Diff::new(What::Plain(Box::new((pair.before.cloned(), pair.after.cloned()))), mark, pair.replaces())
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_items).unwrap_or_default()
}

fn present(value: Option<&Value>) -> bool {
    value.is_some_and(|it| !it.is_null())
}

fn sequence(pair: &Pair, alike: impl Fn(&Value, &Value) -> bool, of: impl Fn(&Pair) -> Diff) -> Diff {
    let (before, after) = (items(pair.before), items(pair.after));
    let positions = if before.len() == after.len() {
        // Nothing came or went: each item is the one at its place.
        (0..before.len()).map(|i| (Some(i), Some(i))).collect()
    } else {
        pairs(before, after, same, alike)
    };
    let (all, mark) = at(pair, positions, of);
    Diff::new(What::List(all), mark, pair.replaces())
}

fn tuple(pair: &Pair, types: &[Type]) -> Diff {
    let long = items(pair.before).len().max(items(pair.after).len());
    let mut mark = Mark::of_whole(present(pair.before), present(pair.after));
    let mut all = Vec::new();
    for i in 0..long {
        let it = value(&pair.item(Some(i), Some(i)), types.get(i).unwrap_or(&Type::Any));
        mark = mark.with(it.mark);
        all.push(it);
    }
    Diff::new(What::List(all), mark, pair.replaces())
}

fn set(pair: &Pair, of: impl Fn(&Pair) -> Diff) -> Diff {
    let (all, mark) = at(pair, members(pair), of);
    Diff::new(What::Set(all), mark, pair.replaces())
}

/// What is in both sets, or went; then what came.
pub fn members(pair: &Pair) -> Positions {
    let (before, after) = (items(pair.before), items(pair.after));
    let mut taken = vec![false; after.len()];
    let mut out = Positions::new();
    for (b, was) in before.iter().enumerate() {
        let found = (0..after.len())
            .find(|&a| !taken[a] && same(was, &after[a]) && was.marks.sensitive == after[a].marks.sensitive);
        if let Some(a) = found {
            taken[a] = true;
        }
        out.push((Some(b), found));
    }
    out.extend((0..after.len()).filter(|&a| !taken[a]).map(|a| (None, Some(a))));
    out
}

/// The differences of items at these positions, and the mark of the whole.
pub fn at(pair: &Pair, positions: Positions, of: impl Fn(&Pair) -> Diff) -> (Vec<Diff>, Mark) {
    let all: Vec<_> = positions.into_iter().map(|(b, a)| of(&pair.item(b, a))).collect();
    let whole = Mark::of_whole(present(pair.before), present(pair.after));
    let mark = all.iter().fold(whole, |mark, it| mark.with(it.mark));
    (all, mark)
}

fn names(pair: &Pair) -> BTreeSet<String> {
    let fields = |it: Option<&Value>| {
        it.and_then(Value::as_fields).into_iter().flat_map(|it| it.keys().map(|it| it.to_string())).collect()
    };
    let mut all: BTreeSet<String> = fields(pair.before);
    all.extend(fields(pair.after));
    all
}

fn fields(
    pair: &Pair,
    names: &BTreeSet<String>,
    of: impl Fn(&Pair, &str) -> Option<Diff>,
) -> (Vec<(String, Diff)>, Mark) {
    let mut mark = Mark::of_whole(present(pair.before), present(pair.after));
    let mut all = Vec::new();
    for name in names {
        if let Some(it) = of(&pair.field(name), name) {
            mark = mark.with(it.mark);
            all.push((name.clone(), it));
        }
    }
    (all, mark)
}
