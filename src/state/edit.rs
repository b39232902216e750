//! What the state commands do to a state: pure, from one state to the next. Addresses mean here what
//! they mean to Terraform's state commands: exactly what they say, and not what a configuration would
//! make of them.

mod adopt;
mod moving;
mod provider;
mod select;

#[cfg(test)]
mod tests;

pub use adopt::{adopt, unknown_to};
pub use moving::{Step, mv};
pub use provider::{parse as parse_provider, replace as replace_provider};
pub use select::{all, covered, listed, not_one, nothing_at};

use super::{Instance, State};
use crate::address::{Addr, Mode};
use crate::diag::Diagnostic;
use std::sync::Arc;

/// Whether the state holds an instance, be it but what a replacement still has to remove.
pub fn holds(state: &State, addr: &Addr) -> bool {
    instance(state, addr).is_some()
}

fn instance<'s>(state: &'s State, addr: &Addr) -> Option<&'s Instance> {
    state.resources.get(&addr.resource)?.instances.get(&addr.key)
}

/// Forgets an instance and everything of it.
pub fn forget(state: &mut State, addr: &Addr) {
    if let Some(it) = state.resources.get_mut(&addr.resource) {
        it.instances.remove(&addr.key);
        state.sweep(addr);
    }
}

/// Marks an object as one that has to be replaced. Tells whether that is new.
pub fn taint(state: &mut State, addr: &Addr) -> Result<bool, Diagnostic> {
    set_tainted(state, addr, true)
}

/// Takes the mark away; one that has none is an error.
pub fn untaint(state: &mut State, addr: &Addr) -> Result<(), Diagnostic> {
    match set_tainted(state, addr, false)? {
        true => Ok(()),
        false => Err(Diagnostic::error(format!("{addr} is not tainted"))),
    }
}

fn set_tainted(state: &mut State, addr: &Addr, tainted: bool) -> Result<bool, Diagnostic> {
    if addr.resource.mode == Mode::Data {
        let one = Diagnostic::error(format!("{addr} is a data source, which cannot be tainted"));
        return Err(one.help("a data source is read anew by each plan"));
    }
    let Some(found) = instance(state, addr) else { return Err(not_one(state, addr)) };
    if found.current.is_none() {
        let one =
            Diagnostic::error(format!("{addr} is in the middle of a replacement: it has no current object"));
        return Err(one.help("`infra apply` finishes the replacement"));
    }
    let resource = state.resources.get_mut(&addr.resource);
    let object = resource
        .and_then(|it| it.instances.get_mut(&addr.key))
        .and_then(|it| it.current.as_mut())
        .map(Arc::make_mut);
    Ok(object.is_some_and(|it| std::mem::replace(&mut it.tainted, tainted) != tainted))
}
