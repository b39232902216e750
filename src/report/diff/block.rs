//! Differences of bodies: attributes and nested blocks.

use super::value::{at, members, unknown};
use super::{Body, Diff, Group, Mark, Pair, What, value};
use crate::lang::Value;
use crate::schema::{Attribute, Block, NestedBlock, Nesting};

/// The difference of a body of this schema.
pub fn block(pair: &Pair, schema: &Block) -> Diff {
    let pair = &pair.clone().implicit();
    if let Some(it) = unknown(pair, |it| block(it, schema)) {
        return it;
    }
    if pair.was_secret() || pair.will_be_secret() {
        let mark = block(&pair.bared(), schema).mark;
        return Diff::new(What::SensitiveBlock, mark, pair.replaces());
    }
    let mut mark = Mark::of_whole(pair.before.is_some(), pair.after.is_some());
    let mut body = Body::default();
    for (name, attribute) in &schema.attributes {
        if attribute.write_only {
            let mark = Mark::of_whole(pair.before.is_some(), pair.after.is_some());
            body.attributes.push((name.clone(), Diff::new(What::WriteOnly, mark, false)));
        } else if let Some(it) = attribute_diff(&pair.field(name), attribute) {
            mark = mark.with(it.mark);
            body.attributes.push((name.clone(), it));
        }
    }
    for (name, nested) in &schema.blocks {
        let field = pair.field(name).implicit();
        let (blocks, inner) = group(&field, nested);
        if blocks.is_empty() {
            continue;
        }
        mark = mark.with(inner);
        body.blocks.push(Group { name: name.clone(), blocks, replace: field.replaces() });
    }
    Diff::new(What::Block(body), mark, pair.replaces())
}

/// `None` for what is null on both sides.
fn attribute_diff(pair: &Pair, attribute: &Attribute) -> Option<Diff> {
    (!pair.is_void())
        .then(|| value(&pair.clone().said(&attribute.ty).secret(attribute.sensitive), &attribute.ty))
}

fn group(pair: &Pair, nested: &NestedBlock) -> (Vec<Diff>, Mark) {
    let one = |it: &Pair| block(it, &nested.block);
    if nested.nesting != Nesting::Single && (pair.was_secret() || pair.will_be_secret()) {
        let (inner, mark) = group(&pair.bared(), nested);
        let hidden = |it: Diff| Diff::new(What::SensitiveBlock, it.mark, it.replace);
        return (inner.into_iter().map(hidden).collect(), mark);
    }
    if pair.is_unknown() {
        let was = pair.before.map(|_| group(&pair.removal(), nested).0);
        let mark = if was.is_some() { Mark::Change } else { Mark::Add };
        let mut all = vec![Diff::new(What::Unknown(None), mark, false)];
        all.extend(was.unwrap_or_default());
        return (all, mark);
    }
    match nested.nesting {
        Nesting::Single => {
            let it = one(pair);
            let mark = it.mark;
            (if pair.is_void() { Vec::new() } else { vec![it] }, mark)
        }
        Nesting::Set => at(pair, members(pair), one),
        // The blocks of a list are known by their places, whatever came between.
        Nesting::List => {
            let long = |it: Option<&Value>| it.and_then(Value::as_items).map_or(0, <[Value]>::len);
            let (before, after) = (long(pair.before), long(pair.after));
            let position = |i: usize| ((i < before).then_some(i), (i < after).then_some(i));
            at(pair, (0..before.max(after)).map(position).collect(), one)
        }
    }
}
