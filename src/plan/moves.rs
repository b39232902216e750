//! What the state keeps elsewhere than the configuration now says: moves that `moved` blocks state, and
//! those that go without saying. Pure; the rules are Terraform's (`internal/refactoring`).

use std::collections::BTreeMap;

use crate::address::{Addr, Key, ModulePath, ResourceAddr};
use crate::config::{Config, Repeat};
use crate::diag::Diagnostics;
use crate::state::{Resource, Shared, State};

pub mod check;
mod kinds;
mod statement;

pub use statement::Statement;
use statement::Subject;

/// What has become of the state's addresses.
#[derive(Debug, Default)]
pub struct Moved {
    /// Where each moved instance is now, and where the stored state has it.
    pub from: BTreeMap<Addr, Addr>,
    /// What could not move, because something is there already: from, to.
    pub blocked: Vec<(String, String)>,
}

impl Moved {
    fn note(&mut self, from: Addr, to: Addr) {
        // Of a chain, the first address is the one that the state has.
        let first = self.from.remove(&from).unwrap_or(from);
        self.from.insert(to, first);
    }

    fn block(&mut self, from: impl ToString, to: impl ToString) {
        let pair = (from.to_string(), to.to_string());
        if !self.blocked.contains(&pair) {
            self.blocked.push(pair);
        }
    }
}

/// Changes the state's addresses as the configuration says. Where statements go round in a ring
/// nothing is changed: [`check::all`] reports it.
pub fn apply(config: &Config, state: &mut State) -> Result<Moved, Diagnostics> {
    let mut all = statement::explicit(config);
    all.extend(implied(config, state, &all));
    let mut moved = Moved::default();
    let (order, rings) = statement::ordered(&all);
    if !rings.is_empty() {
        return Ok(moved);
    }
    let mut errors = Diagnostics::default();
    for it in order {
        one(&all[it], state, &mut moved, &mut errors);
    }
    errors.check(moved)
}

/// Moves that need no saying: a resource that has gained or lost its `count` is the first of the many.
fn implied(config: &Config, state: &State, explicit: &[Statement<'_>]) -> Vec<Statement<'static>> {
    let mut out = Vec::new();
    for (addr, held) in &state.resources {
        let Some(resource) = config.resource(addr) else { continue };
        let (from, to) = match &resource.repeat {
            Repeat::Count(_) => (Key::None, Key::Index(0)),
            Repeat::Once => (Key::Index(0), Key::None),
            Repeat::ForEach(_) => continue,
        };
        if resource.is_data() || !held.instances.contains_key(&from) {
            continue;
        }
        if !explicit.iter().any(|it| it.from.is_of(&it.within, addr) || it.to.is_of(&it.within, addr)) {
            out.push(Statement::implied(addr.instance(from), addr.instance(to)));
        }
    }
    out
}

fn one(it: &Statement<'_>, state: &mut State, moved: &mut Moved, errors: &mut Diagnostics) {
    match (&it.from, &it.to) {
        (Subject::Module(_) | Subject::Call(_), _) => modules(it, state, moved),
        _ => resources(it, state, moved, errors),
    }
}

/// Whole modules, each with all that is in it.
fn modules(it: &Statement<'_>, state: &mut State, moved: &mut Moved) {
    let mut paths: Vec<ModulePath> = state.resources.keys().map(|it| it.module.clone()).collect();
    paths.dedup();
    for path in paths {
        let Some(to) = it.module_to(&path) else { continue };
        if state.resources.keys().any(|it| it.module == to) {
            moved.block(shown(&path), shown(&to));
            continue;
        }
        let inside: Vec<ResourceAddr> =
            state.resources.keys().filter(|it| it.module == path).cloned().collect();
        for addr in inside {
            if let Some(held) = state.resources.remove(&addr) {
                let new = addr.clone().within(&to);
                carry(&addr, &new, held, state, moved);
            }
        }
    }
}

fn shown(path: &ModulePath) -> String {
    crate::address::Target::Module(path.clone()).to_string()
}

fn carry(
    from: &ResourceAddr,
    to: &ResourceAddr,
    held: Shared<Resource>,
    state: &mut State,
    moved: &mut Moved,
) {
    for key in held.instances.keys() {
        moved.note(from.instance(key.clone()), to.instance(key.clone()));
    }
    state.resources.insert(to.clone(), held);
}

fn resources(it: &Statement<'_>, state: &mut State, moved: &mut Moved, errors: &mut Diagnostics) {
    let all: Vec<ResourceAddr> = state.resources.keys().cloned().collect();
    for addr in all {
        if let Some(to) = it.resource_to(&addr) {
            whole(it, &addr, &to, state, moved, errors);
            continue;
        }
        let keys = state.resources.get(&addr).map(|it| it.instances.keys().cloned().collect::<Vec<_>>());
        for key in keys.unwrap_or_default() {
            let from = addr.instance(key);
            if let Some(to) = it.instance_to(&from) {
                single(it, &from, &to, state, moved, errors);
            }
        }
    }
}

fn whole(
    it: &Statement<'_>,
    from: &ResourceAddr,
    to: &ResourceAddr,
    state: &mut State,
    moved: &mut Moved,
    errors: &mut Diagnostics,
) {
    if state.resources.contains_key(to) {
        return moved.block(from, to);
    }
    let Some(mut held) = state.resources.remove(from) else { return };
    let Some(()) = errors.take(kinds::convert(it, &from.kind, &to.kind, &mut held)) else { return };
    carry(from, to, held, state, moved);
}

fn single(
    it: &Statement<'_>,
    from: &Addr,
    to: &Addr,
    state: &mut State,
    moved: &mut Moved,
    errors: &mut Diagnostics,
) {
    if state.resources.get(&to.resource).is_some_and(|it| it.instances.contains_key(&to.key)) {
        return moved.block(from, to);
    }
    let Some(resource) = state.resources.get_mut(&from.resource) else { return };
    let Some(instance) = resource.instances.remove(&from.key) else { return };
    let provider = resource.provider.clone();
    if resource.instances.is_empty() {
        state.resources.remove(&from.resource);
    }
    let mut alone = Resource { provider, instances: [(to.key.clone(), instance)].into() };
    let kinds = (&from.resource.kind, &to.resource.kind);
    let Some(()) = errors.take(kinds::convert(it, kinds.0, kinds.1, &mut alone)) else { return };
    let target = state.resources.entry(to.resource.clone()).or_default();
    if target.instances.is_empty() {
        target.provider = alone.provider;
    }
    target.instances.extend(alone.instances);
    moved.note(from.clone(), to.clone());
}

#[cfg(test)]
mod tests;
