//! `prevent_destroy`. A block in the configuration decides for its instances; where there is none any
//! more, what the state remembers: taking a block out, or its module, does not lift the protection.

use crate::address::Addr;
use crate::config::{Config, Resource};
use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::{Action, Change};
use crate::state::Object;

/// What is planned for an instance that the configuration has.
pub fn of_change(resource: &Resource, addr: &Addr, action: Action) -> Result<(), Diagnostics> {
    let goes = matches!(action, Action::Replace | Action::CreateThenDelete | Action::Delete);
    match goes && resource.lifecycle.prevent_destroy {
        true => Err(refusal(resource, addr).into()),
        false => Ok(()),
    }
}

/// A planned deletion, and the object in the state. What a replacement has left over is protected no
/// more: the replacement was allowed.
pub fn of_deletion(config: &Config, change: &Change, object: Option<&Object>) -> Option<Diagnostic> {
    if change.deposed.is_some() {
        return None;
    }
    match config.resource(&change.addr.resource) {
        Some(it) => it.lifecycle.prevent_destroy.then(|| refusal(it, &change.addr)),
        None => object.filter(|it| it.prevent_destroy).map(|_| remembered(&change.addr)),
    }
}

fn refusal(resource: &Resource, addr: &Addr) -> Diagnostic {
    Diagnostic::error(format!("{addr} has `prevent_destroy`, and this plan would destroy it"))
        .at(&resource.place)
        .about(addr)
        .help("set `prevent_destroy = false` if that is meant, or leave it out with --exclude")
}

fn remembered(addr: &Addr) -> Diagnostic {
    let text =
        format!("{addr} had `prevent_destroy` when it was last applied, and this plan would destroy it");
    let ways = format!(
        "The state remembers it: taking the resource out of the stack does not lift it. To go on, one of\n  \
         - put the resource back with `prevent_destroy = false`, apply that, then take it out again\n  \
         - let go of it and keep it at AWS: a `removed` block with `lifecycle = {{ destroy = false }}`\n  \
         - let go of it at once: infra state rm '{addr}'"
    );
    Diagnostic::error(text).detail(ways).about(addr).help("or leave it out of this plan with --exclude")
}
