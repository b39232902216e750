//! What has to be in the stored state before something else may happen.
//!
//! What AWS has made can be found again: by its name, its token or its tag. A value that only this process
//! knows cannot: a random id, the time, a key. Were something named after it and the process killed before
//! the value is stored, the next apply would make another value, and nobody would look for that thing.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::address::{Mode, ResourceAddr};
use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::kind;
use crate::plan::Change;

use super::Apply;

/// Up to which change the state has to be stored for the values of these to be in it: [`super::saving`].
#[derive(Default)]
pub(super) struct Values(RefCell<HashMap<ResourceAddr, u64>>);

impl Apply<'_> {
    /// A value was made that nobody could find again.
    pub(super) fn note_value(&self, change: &Change) {
        if is_remembered(&change.addr.resource) {
            self.dirty.notify_one();
            let addr = change.addr.resource.as_written();
            self.values.0.borrow_mut().insert(addr, self.dirty.recorded());
        }
    }

    /// Waits until all such values that a change is made from are stored.
    pub(super) async fn values_stored(&self, change: &Change) -> Result<(), Diagnostics> {
        if !reaches_out(self.request.config, change) {
            return Ok(());
        }
        let number = {
            let values = self.values.0.borrow();
            change.dependencies.iter().filter_map(|it| values.get(&it.as_written())).max().copied()
        };
        let Some(number) = number else { return Ok(()) };
        if self.dirty.reached(number).await {
            return Ok(());
        }
        let text =
            "not started: it is made from values that are in no stored state yet, and it could not be stored";
        Err(Diagnostic::error(text).help("apply again, once the state can be stored").into())
    }
}

/// Whether a change does something that outlives the process: more than a value in the state.
fn reaches_out(config: &Config, change: &Change) -> bool {
    let remembered = is_remembered(&change.addr.resource);
    let provisioned = || config.resource(&change.addr.resource).is_some_and(|it| !it.provisioners.is_empty());
    !remembered || provisioned()
}

/// Whether its value is nowhere but in the state: AWS can be asked again, a program or a die cannot.
fn is_remembered(addr: &ResourceAddr) -> bool {
    match addr.mode {
        Mode::Data => !addr.kind.starts_with("aws_"),
        Mode::Managed => kind::resource(&addr.kind).is_some_and(|it| it.is_remembered()),
    }
}
