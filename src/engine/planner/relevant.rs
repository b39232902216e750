//! What changed outside, and which of it is worth telling beside a plan: as in Terraform, what the planned
//! changes were computed from. Drift of what changes itself shows in its own change.

use std::collections::BTreeSet;

use crate::address::{Mode, ResourceAddr};
use crate::config::{Config, Repeat, Resource};
use crate::graph::Graph;
use crate::kind;
use crate::lang::{Expr, Value};
use crate::plan::{Action, Change, diff, sensitive};
use crate::state::State;

/// A resource's type and name, and the attribute that is read (none: all of it).
type Read = (String, String, Option<String>);

/// What the refresh found changed or gone.
pub fn drift(stored: &State, fresh: &State) -> Vec<Change> {
    let mut out = Vec::new();
    for (addr, deposed, object) in stored.managed().filter(|it| it.1.is_none()) {
        let Some(block) = kind::resource(&addr.resource.kind).map(|it| &it.schema().block) else { continue };
        let now = fresh.object(&addr);
        // What is the same is shared.
        if now.is_some_and(|it| std::ptr::eq(it, object)) {
            continue;
        }
        let before = sensitive::of(object, block);
        let after = now.map(|it| sensitive::of(it, block));
        let action = match &after {
            None => Action::Delete,
            Some(after) if diff::equal(&before, after) => continue,
            Some(_) => Action::Update,
        };
        out.push(Change {
            moved_from: None,
            importing: None,
            deposed: deposed.map(str::to_owned),
            provider: stored.resources.get(&addr.resource).map(|it| it.provider.clone()).unwrap_or_default(),
            addr,
            action,
            reason: None,
            after: after.unwrap_or_else(|| Value::null(before.ty())),
            before,
            replace_paths: Vec::new(),
            dependencies: Vec::new(),
            create_before_destroy: false,
        });
    }
    out
}

/// The drift that the changes may follow from with everything that is gone, and the rest of it.
pub fn split(
    drift: Vec<Change>,
    changes: &[Change],
    config: &Config,
    graph: &Graph,
) -> (Vec<Change>, Vec<Change>) {
    let acting = changes.iter().filter(|it| it.action != Action::NoOp).map(|it| &it.addr.resource);
    let mut sources: BTreeSet<&ResourceAddr> = acting.collect();
    let causes: BTreeSet<&ResourceAddr> = sources.iter().flat_map(|it| graph.dependencies(it)).collect();
    sources.extend(&causes);
    let mut read = BTreeSet::new();
    for module in config.all() {
        module.locals.values().for_each(|it| note(it, &mut read));
        let calls = module.modules.values();
        calls.flat_map(|it| &it.inputs.0).for_each(|it| note(&it.value, &mut read));
        if !module.path.is_empty() {
            module.outputs.values().for_each(|it| note(&it.value, &mut read));
        }
    }
    for it in sources.into_iter().filter_map(|it| config.resource(it)) {
        expressions(it).for_each(|it| note(it, &mut read));
    }
    let tells = |it: &Change| {
        it.action == Action::Delete || causes.contains(&it.addr.resource.as_written()) && matters(it, &read)
    };
    drift.into_iter().partition(tells)
}

fn expressions(it: &Resource) -> impl Iterator<Item = &Expr> {
    let repeat = match &it.repeat {
        Repeat::Once => None,
        Repeat::Count(expr) | Repeat::ForEach(expr) => Some(expr),
    };
    it.body.0.iter().map(|it| &it.value).chain(repeat).chain(&it.lifecycle.replace_triggered_by)
}

fn note(expr: &Expr, read: &mut BTreeSet<Read>) {
    for it in expr.refs() {
        if let [kind, name, rest @ ..] = it.path.as_slice() {
            // An index stands between the name and the attribute, or not.
            let attribute =
                rest.iter().find(|it| it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_'));
            read.insert((kind.clone(), name.clone(), attribute.cloned()));
        }
    }
}

fn matters(drifted: &Change, read: &BTreeSet<Read>) -> bool {
    let addr = &drifted.addr.resource;
    let moved = |name: &str| match (drifted.before.get(name), drifted.after.get(name)) {
        (Some(a), Some(b)) => !diff::equal(a, b),
        (a, b) => a.map(Value::is_null) != b.map(Value::is_null),
    };
    addr.mode == Mode::Managed
        && read.iter().filter(|it| *it.0 == *addr.kind && *it.1 == *addr.name).any(|it| match &it.2 {
            Some(attribute) => moved(attribute),
            None => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::value::Map;

    fn drifted(attribute: &str) -> Change {
        let object = |it: &str| Value::object([(attribute.into(), it.into())].into_iter().collect::<Map>());
        Change {
            addr: ResourceAddr::managed("aws_vpc", "main").instance(crate::address::Key::None),
            moved_from: None,
            importing: None,
            deposed: None,
            provider: String::new(),
            action: Action::Update,
            reason: None,
            before: object("a"),
            after: object("b"),
            replace_paths: Vec::new(),
            dependencies: Vec::new(),
            create_before_destroy: false,
        }
    }

    #[test]
    fn only_attributes_that_are_read_matter() {
        let read = BTreeSet::from([("aws_vpc".to_owned(), "main".to_owned(), Some("cidr_block".to_owned()))]);
        assert!(matters(&drifted("cidr_block"), &read));
        assert!(!matters(&drifted("tags"), &read));
        let whole = BTreeSet::from([("aws_vpc".to_owned(), "main".to_owned(), None)]);
        assert!(matters(&drifted("tags"), &whole));
    }
}
