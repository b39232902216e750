//! From a plan's changes to operations and the order among them. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::address::ResourceAddr;
use crate::graph::{Graph, order};
use crate::kind;
use crate::plan::{Action, Change, Plan, Reason};

/// One thing to do: a change is one operation, a replacement two.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Index into the plan's changes.
    pub change: usize,
    pub step: Step,
    /// Operations that have to succeed first: indexes into the list.
    pub after: BTreeSet<usize>,
    /// Usual seconds from its start to the end of the last thing that waits for it.
    pub remaining: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Create,
    Update,
    Read,
    Delete,
    /// Drop it from the state only.
    Forget,
}

/// The operations of a plan, by what the graph of the configuration tells of it; a ring among them is a mistake of
/// ours and named as such.
pub fn of(plan: &Plan, graph: &Graph) -> Result<Vec<Operation>, String> {
    let mut all = steps(plan);
    let mut ups: HashMap<ResourceAddr, Vec<usize>> = HashMap::new();
    for (at, it) in all.iter().enumerate() {
        if it.step != Step::Delete && it.step != Step::Forget {
            ups.entry(plan.changes[it.change].addr.resource.as_written()).or_default().push(at);
        }
    }
    // Who depended on a resource, by what the state remembers, and who will; each with how many modules it shares
    // with those instances of it that it depends on.
    let mut leaning: HashMap<&ResourceAddr, BTreeMap<usize, usize>> = HashMap::new();
    for (at, it) in all.iter().enumerate() {
        let change = &plan.changes[it.change];
        let was = remembered(plan, change);
        // What an earlier configuration referred to is known by name only: unless it is the same as now.
        let same = graph.needs_just(&change.addr.resource, was);
        let goes = matches!(change.action, Action::Delete | Action::Forget);
        let now = change.dependencies.iter().map(|it| (it, same || !goes));
        for (on, known) in now.chain(was.iter().map(|it| (it, same))) {
            let shared = if known { graph.shared(&change.addr.resource, on) } else { 0 };
            let least = leaning.entry(on).or_default().entry(at).or_insert(shared);
            *least = shared.min(*least);
        }
    }
    let mut edges: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); all.len()];
    let mut wishes = Vec::new();
    for (at, it) in all.iter().enumerate() {
        let change = &plan.changes[it.change];
        match it.step {
            Step::Delete | Step::Forget => {
                for (other, shared) in leaning.get(&change.addr.resource.as_written()).into_iter().flatten() {
                    let other = *other;
                    if !is_beside(change, &plan.changes[all[other].change], *shared) {
                        continue;
                    }
                    match waits_for(plan, &all, at, other) {
                        Wait::Must => {
                            edges[at].insert(other);
                        }
                        Wait::Should => wishes.push((at, other)),
                        Wait::No => {}
                    }
                }
            }
            _ => {
                for on in &change.dependencies {
                    let shared = graph.shared(&change.addr.resource, on);
                    let before = ups.get(on).into_iter().flatten().copied();
                    let mut before: Vec<usize> = before.filter(|it| *it != at).collect();
                    before.retain(|it| is_beside(change, &plan.changes[all[*it].change], shared));
                    edges[at].extend(before);
                }
            }
        }
        if is_check(change) {
            // What a check looks at is looked at when all else is done.
            edges[at].extend((0..all.len()).filter(|other| !is_check(&plan.changes[all[*other].change])));
        }
        if let Some(first) = partner(plan, &all, at) {
            edges[at].insert(first);
        }
    }
    wishes.retain(|(at, other)| edges[*at].insert(*other));
    let (order, edges) = ordered(edges, wishes.into_iter().collect()).map_err(|ring| {
        let names =
            ring.iter().map(|it| format!("{:?} {}", all[*it].step, plan.changes[all[*it].change].addr));
        format!("no order exists for: {}", names.collect::<Vec<_>>().join(" → "))
    })?;
    for (at, after) in edges {
        all[at].after = after;
    }
    weigh(plan, &mut all, order);
    Ok(all)
}

type Edges = BTreeMap<usize, BTreeSet<usize>>;

/// An order, and the edges that it keeps: wishes that others stand against are given up. A ring that holds no wish
/// is the error.
fn ordered(
    edges: Vec<BTreeSet<usize>>,
    mut wishes: BTreeSet<(usize, usize)>,
) -> Result<(Vec<usize>, Edges), Vec<usize>> {
    let mut edges: Edges = edges.into_iter().enumerate().collect();
    loop {
        let (order, rings) = order::sorted(&edges);
        let Some(ring) = rings.into_iter().next() else { return Ok((order, edges)) };
        let steps = ring.iter().zip(ring.iter().cycle().skip(1)).map(|(at, other)| (*at, *other));
        let given_up: Vec<(usize, usize)> = steps.filter(|it| wishes.remove(it)).collect();
        if given_up.is_empty() {
            return Err(ring);
        }
        for (at, other) in given_up {
            edges.entry(at).or_default().remove(&other);
        }
    }
}

fn is_check(change: &Change) -> bool {
    change.reason == Some(Reason::ReadBecauseCheckNested)
}

fn steps(plan: &Plan) -> Vec<Operation> {
    let mut out = Vec::new();
    for (at, change) in plan.changes.iter().enumerate() {
        let steps: &[Step] = match change.action {
            Action::NoOp => &[],
            Action::Create => &[Step::Create],
            Action::Read => &[Step::Read],
            Action::Update => &[Step::Update],
            Action::Replace => &[Step::Delete, Step::Create],
            Action::CreateThenDelete => &[Step::Create, Step::Delete],
            Action::Delete => &[Step::Delete],
            Action::Forget => &[Step::Forget],
        };
        out.extend(steps.iter().map(|it| Operation {
            change: at,
            step: *it,
            after: BTreeSet::new(),
            remaining: 0,
        }));
    }
    out
}

/// Whether two changes are in the same instances of the first so many modules around them.
fn is_beside(one: &Change, other: &Change, shared: usize) -> bool {
    let around = |it: &'_ Change| it.addr.resource.module.len().min(shared);
    one.addr.resource.module[..around(one)] == other.addr.resource.module[..around(other)]
}

fn remembered<'p>(plan: &'p Plan, change: &Change) -> &'p [ResourceAddr] {
    let instance =
        plan.state.resources.get(&change.addr.resource).and_then(|it| it.instances.get(&change.addr.key));
    let object = match &change.deposed {
        None => instance.and_then(|it| it.current.as_ref()),
        Some(key) => instance.and_then(|it| it.deposed.get(key)),
    };
    object.map(|it| it.dependencies.as_slice()).unwrap_or_default()
}

enum Wait {
    Must,
    /// Unless something else demands the other order.
    Should,
    No,
}

/// Whether the removal `at` waits for `other`, an operation on something that leans on what goes.
fn waits_for(plan: &Plan, all: &[Operation], at: usize, other: usize) -> Wait {
    let (mine, theirs) = (&plan.changes[all[at].change], &plan.changes[all[other].change]);
    if mine.addr.resource.as_written() == theirs.addr.resource.as_written() {
        return Wait::No;
    }
    match (all[other].step, mine.action) {
        (Step::Delete | Step::Forget, _) => Wait::Must,
        // The old one goes first and the new one is what the other needs: it cannot be waited for.
        (_, Action::Replace) => Wait::No,
        (_, Action::CreateThenDelete) => Wait::Must,
        // What is new never held it. An update may let it go, or may need what can only be made once it is gone: a
        // record that proves a certificate goes before the certificate does, and that before the next certificate.
        (Step::Create, _) => Wait::No,
        _ => Wait::Should,
    }
}

/// The other half of a replacement, where it comes first.
fn partner(plan: &Plan, all: &[Operation], at: usize) -> Option<usize> {
    let change = all[at].change;
    let second = match plan.changes[change].action {
        Action::Replace => Step::Create,
        Action::CreateThenDelete => Step::Delete,
        _ => return None,
    };
    let other = at.checked_sub(1)?;
    (all[at].step == second && all[other].change == change).then_some(other)
}

/// The longest path first: what takes longest and what much else waits for must not start late.
fn weigh(plan: &Plan, all: &mut [Operation], order: Vec<usize>) {
    for at in order.into_iter().rev() {
        let own = seconds(&plan.changes[all[at].change], all[at].step);
        all[at].remaining += own;
        let remaining = all[at].remaining;
        for before in all[at].after.clone() {
            all[before].remaining = all[before].remaining.max(remaining);
        }
    }
}

fn seconds(change: &Change, step: Step) -> u32 {
    match step {
        Step::Create | Step::Delete => {
            kind::resource(&change.addr.resource.kind).map_or(1, |it| it.create_seconds())
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(all: &[(usize, usize)]) -> Vec<BTreeSet<usize>> {
        let mut out = vec![BTreeSet::new(); 4];
        for (at, first) in all {
            out[*at].insert(*first);
        }
        out
    }

    #[test]
    fn a_wish_that_stands_against_the_rest_is_given_up() {
        let all = edges(&[(0, 1), (1, 2), (2, 0)]);
        let (order, kept) = ordered(all, BTreeSet::from([(1, 2)])).expect("an order");
        let place = |it| order.iter().position(|at| *at == it).expect("all have a place");
        assert!(place(1) < place(0) && place(0) < place(2));
        assert_eq!(kept[&1], BTreeSet::new());
        assert_eq!(kept[&0], BTreeSet::from([1]));
    }

    #[test]
    fn a_wish_is_kept_where_nothing_stands_against_it() {
        let (order, kept) =
            ordered(edges(&[(0, 1), (1, 2)]), BTreeSet::from([(0, 1), (1, 2)])).expect("an order");
        assert_eq!(kept[&0], BTreeSet::from([1]));
        assert_eq!(kept[&1], BTreeSet::from([2]));
        assert_eq!(order.iter().filter(|it| **it < 3).copied().collect::<Vec<_>>(), [2, 1, 0]);
    }

    #[test]
    fn a_ring_without_a_wish_has_no_order() {
        let ring = ordered(edges(&[(0, 1), (1, 0), (2, 3)]), BTreeSet::from([(2, 3)])).unwrap_err();
        assert_eq!(ring.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([0, 1]));
    }
}
