//! Moving what a state holds to other addresses of it, or into another state.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::nothing_at;
use crate::address::{Addr, Key, ModulePath, ResourceAddr, Target};
use crate::diag::{Diagnostic, Diagnostics};
use crate::state::State;

/// One object that went from somewhere to somewhere else: a module with what is directly in it, a
/// resource with all its instances, or one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub from: Target,
    pub to: Target,
}

/// Moves what `source` names to `destination`, in `state` or from there to `other`. After an error both
/// states are half way and good for nothing.
pub fn mv(
    state: &mut State,
    mut other: Option<&mut State>,
    source: &Target,
    destination: &Target,
) -> Result<Vec<Step>, Diagnostics> {
    let steps = steps(state, source, destination)?;
    for step in &steps {
        check(other.as_deref().unwrap_or(&*state), step)?;
        take_step(state, other.as_deref_mut(), step);
        forget_dependencies(other.as_deref_mut().unwrap_or(&mut *state), &step.from);
    }
    Ok(steps)
}

/// What there is to move, and where to.
fn steps(state: &State, source: &Target, destination: &Target) -> Result<Vec<Step>, Diagnostics> {
    let from = whole(state, source);
    let there = match &from {
        Target::Module(_) => true,
        Target::Resource(it) => state.resources.contains_key(it),
        Target::Instance(it) => super::holds(state, it),
    };
    if !there {
        return Err(nothing_at(state, source).into());
    }
    let to = match (&from, destination) {
        (Target::Module(from), Target::Module(to)) => return modules(state, from, to),
        (Target::Resource(from), Target::Resource(to)) => {
            same_type(from, to)?;
            destination.clone()
        }
        (Target::Instance(from), to) => {
            let Some(to) = one(to) else { return Err(mismatch(&Target::Instance(from.clone()), to).into()) };
            same_type(&from.resource, &to.resource)?;
            Target::Instance(to)
        }
        (from, to) => return Err(mismatch(from, to).into()),
    };
    Ok(vec![Step { from, to }])
}

/// An address without a key is that of the one instance, where there is one without a key: it may well
/// get a key by the move.
fn whole(state: &State, source: &Target) -> Target {
    match source {
        Target::Resource(it) if super::holds(state, &it.instance(Key::None)) => {
            Target::Instance(it.instance(Key::None))
        }
        other => other.clone(),
    }
}

fn one(target: &Target) -> Option<Addr> {
    match target {
        Target::Resource(it) => Some(it.instance(Key::None)),
        Target::Instance(it) => Some(it.clone()),
        Target::Module(_) => None,
    }
}

fn modules(state: &State, from: &ModulePath, to: &ModulePath) -> Result<Vec<Step>, Diagnostics> {
    let inside = state.resources.keys().map(|it| &it.module).filter(|it| it.starts_with(from));
    let all: BTreeSet<&ModulePath> = inside.collect();
    if all.is_empty() {
        return Err(no_module(state, from).into());
    }
    let step = |it: &ModulePath| {
        let path = to.iter().chain(&it[from.len()..]).cloned().collect();
        Step { from: Target::Module(it.clone()), to: Target::Module(path) }
    };
    Ok(all.into_iter().map(step).collect())
}

/// A module that has instances can be moved one instance at a time only, as with Terraform.
fn no_module(state: &State, path: &ModulePath) -> Diagnostic {
    let target = Target::Module(path.clone());
    let instances: BTreeSet<String> = super::covered(state, &target)
        .iter()
        .filter_map(|it| it.resource.module.get(..path.len()))
        .map(|it| format!("`{}`", Target::Module(it.to_vec())))
        .collect();
    if instances.is_empty() {
        return nothing_at(state, &target);
    }
    let one = Diagnostic::error(format!("`{target}` has instances with keys: they move one by one"));
    let all = instances.into_iter().collect::<Vec<_>>().join(", ");
    one.help(format!("there is {all}"))
}

fn mismatch(from: &Target, to: &Target) -> Diagnostic {
    let (what, wanted) = match from {
        Target::Module(_) => ("a module", "that of a module"),
        Target::Resource(_) => ("a resource with all its instances", "that of a resource, without a key"),
        Target::Instance(_) => ("one instance of a resource", "that of a resource or an instance of one"),
    };
    Diagnostic::error(format!("`{from}` cannot become `{to}`"))
        .detail(format!("What is to be moved is {what}: the new address has to be {wanted}."))
}

fn same_type(from: &ResourceAddr, to: &ResourceAddr) -> Result<(), Diagnostics> {
    let mut errors = Diagnostics::default();
    let text = format!("`{from}` cannot become `{to}`");
    if from.mode != to.mode {
        let one = Diagnostic::error(text.clone());
        errors.push(one.detail("A resource stays a resource, and a data source a data source."));
    }
    if from.kind != to.kind {
        let one = Diagnostic::error(text).detail("A move cannot change the type of a resource.");
        errors.push(one.help(format!(
            "to hand a thing over to another type, forget it (`infra state rm {from}`) and import it as `{}`",
            to.kind
        )));
    }
    errors.check(())
}

/// Whether there is room at the new address.
fn check(into: &State, step: &Step) -> Result<(), Diagnostics> {
    let taken = match &step.to {
        Target::Module(path) => into.resources.keys().any(|it| it.module == *path),
        Target::Resource(it) => into.resources.contains_key(it),
        Target::Instance(it) => super::holds(into, it),
    };
    if !taken {
        return Ok(());
    }
    let one = Diagnostic::error(format!(
        "`{}` cannot become `{}`: the state holds something there",
        step.from, step.to
    ));
    let help = match step.from == step.to {
        true => "give the new address behind the old one".to_owned(),
        false => format!("move that elsewhere first, or forget it with `infra state rm '{}'`", step.to),
    };
    Err(one.help(help).into())
}

fn take_step(state: &mut State, other: Option<&mut State>, step: &Step) {
    match (&step.from, &step.to) {
        (Target::Module(from), Target::Module(to)) => {
            let all: Vec<ResourceAddr> =
                state.resources.keys().filter(|it| it.module == *from).cloned().collect();
            let held: Vec<_> = all.iter().filter_map(|it| state.resources.remove_entry(it)).collect();
            let into = other.unwrap_or(state);
            into.resources.extend(held.into_iter().map(|(addr, it)| (addr.within(to), it)));
        }
        (Target::Resource(from), Target::Resource(to)) => {
            let held = state.resources.remove(from);
            let into = other.unwrap_or(state);
            into.resources.extend(held.map(|it| (to.clone(), it)));
        }
        (Target::Instance(from), Target::Instance(to)) => move_instance(state, other, from, to),
        // The steps are made of equal pairs.
        _ => {}
    }
}

fn move_instance(state: &mut State, other: Option<&mut State>, from: &Addr, to: &Addr) {
    let Some(resource) = state.resources.get_mut(&from.resource) else { return };
    let provider = resource.provider.clone();
    let Some(held) = resource.instances.remove(&from.key) else { return };
    state.sweep(from);
    let into = other.unwrap_or(state);
    let resource = into.resources.entry(to.resource.clone()).or_default();
    if resource.provider.is_empty() {
        resource.provider = provider;
    }
    resource.instances.insert(to.key.clone(), held);
}

/// What depends on what has moved says so no more: the next apply writes its dependencies anew.
fn forget_dependencies(state: &mut State, moved: &Target) {
    let is_meant = |dependency: &ResourceAddr| match moved {
        // A dependency names no instance of a module, so it is never one on a moved instance.
        Target::Module(path) => dependency.module.starts_with(path),
        Target::Resource(it) => *dependency == it.as_written(),
        Target::Instance(it) => *dependency == it.resource.as_written(),
    };
    let instances = state.resources.values_mut().flat_map(|it| it.instances.values_mut());
    for object in instances.filter_map(|it| it.current.as_mut()) {
        if object.dependencies.iter().any(is_meant) {
            Arc::make_mut(object).dependencies.clear();
        }
    }
}
