//! What the state remembers of resources besides their attributes.

use crate::address::Mode;
use crate::config::Config;
use crate::plan::{Action, Change};
use crate::state::State;
use std::sync::Arc;

/// What stays as it is may have come to depend on something else, or be protected now: the state tells a later
/// destroy.
pub(super) fn annotate(state: &mut State, changes: &[Change], config: &Config) {
    let still =
        changes.iter().filter(|it| it.action == Action::NoOp && it.addr.resource.mode == Mode::Managed);
    for change in still {
        let resource = config.resource(&change.addr.resource);
        let prevent_destroy = resource.is_some_and(|it| it.lifecycle.prevent_destroy);
        // Most have not: those stay shared with the stored state.
        let same = state.object(&change.addr).is_none_or(|it| {
            it.dependencies == change.dependencies
                && it.create_before_destroy == change.create_before_destroy
                && it.prevent_destroy == prevent_destroy
        });
        if same {
            continue;
        }
        let resource = state.resources.get_mut(&change.addr.resource);
        let instance = resource.and_then(|it| it.instances.get_mut(&change.addr.key));
        if let Some(object) = instance.and_then(|it| it.current.as_mut()) {
            let object = Arc::make_mut(object);
            object.dependencies.clone_from(&change.dependencies);
            object.create_before_destroy = change.create_before_destroy;
            object.prevent_destroy = prevent_destroy;
        }
    }
}
