//! `--target` and `--exclude`: what a plan is restricted to, and what it leaves out for that.

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use crate::address::{Addr, Key, Mode, ModulePath, ResourceAddr};
use crate::config::Config;
use crate::graph::Graph;
use crate::plan::PlanMode;
use crate::plan::globs::Pattern;
use crate::state::State;

/// What a plan is about, where that is not everything.
pub(super) struct Included {
    sense: Sense,
    patterns: Vec<Pattern>,
    /// What goes the same way, without keys. With `--target`: what that depends on (for a destroy: what
    /// depends on it); with `--exclude`: what depends on that (for a destroy: what that depends on).
    others: BTreeSet<ResourceAddr>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    Only,
    Without,
}

impl Included {
    /// Whether the plan is about this instance.
    pub fn covers(&self, addr: &Addr) -> bool {
        let hit = self.others.contains(&addr.resource.as_written())
            || self.patterns.iter().any(|it| it.covers(addr));
        hit == (self.sense == Sense::Only)
    }

    /// Whether it is about any instance of a resource; an address without keys stands for all of them.
    pub fn any(&self, addr: &ResourceAddr) -> bool {
        let other = self.others.contains(&addr.as_written());
        match self.sense {
            Sense::Only => other || self.patterns.iter().any(|it| it.names(addr)),
            Sense::Without => !other && !self.patterns.iter().any(|it| it.covers_all(addr)),
        }
    }

    /// Whether anything in a module is left in, by its path without keys.
    pub fn enters(&self, module: &ModulePath, root: &Config) -> bool {
        match self.sense {
            Sense::Only => {
                self.others.iter().any(|it| it.module.starts_with(module))
                    || self.patterns.iter().any(|it| it.enters(module))
            }
            Sense::Without => root
                .module(module)
                .is_some_and(|it| it.every().next().is_none() || it.every().any(|it| self.any(&it.addr))),
        }
    }
}

/// What the request restricts the plan to; `None` where it is about everything.
pub(super) fn included(request: &Request<'_>, state: &State) -> Option<Included> {
    let (sense, patterns) = match (request.targets.as_slice(), request.excludes.as_slice()) {
        ([], []) => return None,
        ([], excludes) => (Sense::Without, excludes),
        (targets, _) => (Sense::Only, targets),
    };
    let written = request.config.every().map(|it| &it.addr);
    let known = written.chain(state.resources.keys());
    let named: BTreeSet<ResourceAddr> =
        known.filter(|addr| patterns.iter().any(|it| it.names(addr))).map(ResourceAddr::as_written).collect();
    let destroy = request.mode == PlanMode::Destroy;
    let others = match sense {
        Sense::Only if destroy => leaning(&named, state),
        Sense::Only => needs(&named, request.graph),
        Sense::Without if destroy => {
            let mut out = needs(&named, request.graph);
            out.extend(remembered(patterns, state));
            out
        }
        Sense::Without => {
            let mut out = dependents(&named, request);
            // What it stands on stays too where the stack has that no more.
            let gone = remembered(patterns, state);
            out.extend(gone.into_iter().filter(|it| request.config.resource(it).is_none()));
            out
        }
    };
    Some(Included { sense, patterns: patterns.to_vec(), others })
}

fn needs(named: &BTreeSet<ResourceAddr>, graph: &Graph) -> BTreeSet<ResourceAddr> {
    named.iter().flat_map(|it| graph.dependencies(it).cloned()).collect()
}

/// What depends on these, as the configuration says.
fn dependents(named: &BTreeSet<ResourceAddr>, request: &Request<'_>) -> BTreeSet<ResourceAddr> {
    let all = request.config.every().map(|it| &it.addr);
    all.filter(|addr| request.graph.dependencies(addr).any(|it| named.contains(it))).cloned().collect()
}

/// What depends on these, as the state remembers.
fn leaning(named: &BTreeSet<ResourceAddr>, state: &State) -> BTreeSet<ResourceAddr> {
    let mut out = BTreeSet::new();
    loop {
        let on = |it: &ResourceAddr| named.contains(it) || out.contains(it);
        let more = state.managed().filter(|it| it.2.dependencies.iter().any(on));
        let more: BTreeSet<ResourceAddr> = more.map(|it| it.0.resource.as_written()).collect();
        if more.is_subset(&out) {
            return out;
        }
        out.extend(more);
    }
}

/// What the objects that are meant depend on, as the state remembers.
fn remembered(patterns: &[Pattern], state: &State) -> BTreeSet<ResourceAddr> {
    let meant = |addr: &Addr| patterns.iter().any(|it| it.covers(addr));
    let mut out: BTreeSet<ResourceAddr> = BTreeSet::new();
    let mut open: BTreeSet<ResourceAddr> = BTreeSet::new();
    for (_, _, object) in state.managed().filter(|it| meant(&it.0)) {
        open.extend(object.dependencies.iter().cloned());
    }
    let mut of: BTreeMap<ResourceAddr, Vec<&ResourceAddr>> = BTreeMap::new();
    for (addr, _, object) in state.managed() {
        of.entry(addr.resource.as_written()).or_default().extend(&object.dependencies);
    }
    while let Some(next) = open.pop_first() {
        open.extend(of.remove(&next).into_iter().flatten().cloned());
        out.insert(next);
    }
    out
}

/// What is left out: resources of which nothing is planned, and single instances of the others. What
/// would be done to it is not known.
pub(super) fn left_out(
    included: &Included,
    request: &Request<'_>,
    state: &State,
    spared: &BTreeSet<Addr>,
) -> Vec<String> {
    let mut instances: BTreeMap<ResourceAddr, BTreeSet<Key>> = BTreeMap::new();
    let held = state.managed().map(|it| it.0).filter(|it| !included.covers(it));
    let spared = spared.iter().filter(|it| it.resource.mode == Mode::Managed).cloned();
    for it in held.chain(spared) {
        instances.entry(it.resource).or_default().insert(it.key);
    }
    let seen: BTreeSet<ResourceAddr> = instances.keys().map(ResourceAddr::as_written).collect();
    let mut out: Vec<(ResourceAddr, Key)> = Vec::new();
    for (addr, keys) in instances {
        match included.any(&addr) {
            true => out.extend(keys.into_iter().map(|it| (addr.clone(), it))),
            false => out.push((addr, Key::None)),
        }
    }
    if request.mode == PlanMode::Normal {
        let written = request.config.every().map(|it| &it.addr);
        let unmade = written.filter(|it| it.mode == Mode::Managed && !included.any(it) && !seen.contains(it));
        out.extend(unmade.map(|it| (it.clone(), Key::None)));
    }
    out.sort();
    out.into_iter().map(|(addr, key)| addr.instance(key).to_string()).collect()
}
