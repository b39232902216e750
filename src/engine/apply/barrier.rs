//! What has to be in the stored state before something else may happen.
//!
//! What AWS has made can be found again: by its name, its token or its tag. A value that only this process
//! knows cannot: a random id, the time, a key. Were something named after it and the process killed before
//! the value is stored, the next apply would make another value, and nobody would look for that thing.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use tokio::sync::Notify;

use crate::address::ResourceAddr;
use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::kind;
use crate::plan::Change;

use super::Apply;

/// Which of the state's writes have been done.
#[derive(Default)]
pub(super) struct Writes {
    begun: Cell<u64>,
    done: Cell<u64>,
    failed: Cell<bool>,
    moved: Notify,
    /// The write that has the values of these in it.
    values: RefCell<HashMap<ResourceAddr, u64>>,
}

impl Writes {
    /// A snapshot of the state is about to be written.
    pub(super) fn begin(&self) {
        self.begun.set(self.begun.get() + 1);
    }

    pub(super) fn end(&self, stored: bool) {
        match stored {
            true => self.done.set(self.begun.get()),
            false => self.failed.set(true),
        }
        self.moved.notify_waiters();
    }

    /// The number of the first write that has everything in it which the state holds now.
    fn next(&self) -> u64 {
        self.begun.get() + 1
    }

    /// Whether it was done; not, where one has failed.
    async fn reached(&self, number: u64) -> bool {
        loop {
            let moved = self.moved.notified();
            if self.done.get() >= number {
                return true;
            }
            if self.failed.get() {
                return false;
            }
            moved.await;
        }
    }
}

impl Apply<'_> {
    /// Stores the state as it is now. Whether that was possible.
    pub(super) async fn stored(&self) -> bool {
        let number = self.writes.next();
        self.dirty.notify_one();
        self.writes.reached(number).await
    }

    /// A value was made that nobody could find again.
    pub(super) fn note_value(&self, change: &Change) {
        if kind::resource(&change.addr.resource.kind).is_some_and(|it| it.is_remembered()) {
            let addr = change.addr.resource.as_written();
            self.writes.values.borrow_mut().insert(addr, self.writes.next());
            self.dirty.notify_one();
        }
    }

    /// Waits until all such values that a change is made from are stored.
    pub(super) async fn values_stored(&self, change: &Change) -> Result<(), Diagnostics> {
        if !reaches_out(self.request.config, change) {
            return Ok(());
        }
        let number = {
            let values = self.writes.values.borrow();
            change.dependencies.iter().filter_map(|it| values.get(&it.as_written())).max().copied()
        };
        let Some(number) = number else { return Ok(()) };
        if self.writes.reached(number).await {
            return Ok(());
        }
        let text =
            "not started: it is made from values that are in no stored state yet, and it could not be stored";
        Err(Diagnostic::error(text).help("apply again, once the state can be stored").into())
    }
}

/// Whether a change does something that outlives the process: more than a value in the state.
fn reaches_out(config: &Config, change: &Change) -> bool {
    let remembered = kind::resource(&change.addr.resource.kind).is_some_and(|it| it.is_remembered());
    let provisioned = || config.resource(&change.addr.resource).is_some_and(|it| !it.provisioners.is_empty());
    !remembered || provisioned()
}
