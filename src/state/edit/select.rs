//! Which instances of a state an address means.

use std::collections::BTreeSet;

use crate::address::{Addr, Key, Target};
use crate::diag::{Diagnostic, did_you_mean};
use crate::state::{Resource, Shared, State};

/// The instances that an address covers, in the order of the state.
pub fn covered(state: &State, target: &Target) -> Vec<Addr> {
    every(state).filter(|it| covers(target, it)).collect()
}

/// Every instance.
pub fn all(state: &State) -> BTreeSet<Addr> {
    every(state).collect()
}

fn every(state: &State) -> impl Iterator<Item = Addr> {
    let instances = |(resource, it): (&crate::address::ResourceAddr, &Shared<Resource>)| {
        it.instances.keys().map(|key| resource.instance(key.clone())).collect::<Vec<_>>()
    };
    state.resources.iter().flat_map(instances)
}

/// Keys of modules are meant as they stand, but for the last one: a module without a key stands for all
/// its instances.
fn covers(target: &Target, addr: &Addr) -> bool {
    match target {
        Target::Module(path) => path.split_last().is_some_and(|(last, way)| {
            let module = &addr.resource.module;
            let here = module.get(way.len());
            module.starts_with(way)
                && here.is_some_and(|it| it.0 == last.0 && (last.1 == Key::None || it.1 == last.1))
        }),
        Target::Resource(it) => addr.resource == *it,
        Target::Instance(it) => addr == it,
    }
}

/// The error about an address at which the state holds nothing, with what may have been meant.
pub fn nothing_at(state: &State, target: &Target) -> Diagnostic {
    let one = Diagnostic::error(format!("the state holds nothing at `{target}`"));
    one.help(way_on(state, &target.to_string()))
}

fn way_on(state: &State, text: &str) -> String {
    let names = names(state);
    if names.is_empty() {
        return "the state holds no resources at all: nothing was applied yet, or everything is destroyed"
            .to_owned();
    }
    let near = names.iter().min_by_key(|it| strsim::osa_distance(it, text));
    let near = did_you_mean(text, near.map(String::as_str));
    near.unwrap_or_else(|| "`infra state list` shows everything it holds".to_owned())
}

/// Everything that an address could say.
fn names(state: &State) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for addr in every(state) {
        let module = &addr.resource.module;
        out.extend((1..=module.len()).map(|end| Target::Module(module[..end].to_vec()).to_string()));
        out.insert(addr.resource.to_string());
        out.insert(addr.to_string());
    }
    out
}

/// The error about an address that was to be that of one instance.
pub fn not_one(state: &State, addr: &Addr) -> Diagnostic {
    let Some(resource) = state.resources.get(&addr.resource) else {
        let target = Target::Instance(addr.clone());
        return Diagnostic::error(format!("the state holds nothing at `{addr}`"))
            .help(way_on(state, &target.to_string()));
    };
    let all: Vec<String> =
        resource.instances.keys().map(|key| addr.resource.instance(key.clone()).to_string()).collect();
    let one = match addr.key {
        Key::None => Diagnostic::error(format!("`{addr}` has instances with keys: say which one is meant")),
        _ => Diagnostic::error(format!("the state holds nothing at `{addr}`")),
    };
    one.help(format!("there is {}", listed(&all)))
}

/// How many of many are named.
const NAMED: usize = 10;

/// The first of them, in backquotes.
pub fn listed(all: &[String]) -> String {
    let mut names: Vec<String> = all.iter().take(NAMED).map(|it| format!("`{it}`")).collect();
    if all.len() > NAMED {
        names.push(format!("and {} more", all.len() - NAMED));
    }
    names.join(", ")
}
