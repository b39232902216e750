//! How an apply is told to end early.

use std::cell::Cell;
use std::rc::Rc;

use tokio::sync::Notify;

use crate::state::Lease;

/// Shared between an apply and whoever may stop it.
#[derive(Default)]
pub struct Stop {
    soon: Cell<bool>,
    now: Cell<bool>,
    changed: Notify,
    under_way: Cell<usize>,
    /// The lock of the state, where it is one that can be lost.
    lease: Option<Rc<Lease>>,
}

impl Stop {
    /// For an apply that goes on only while the lock is held.
    pub fn under(lease: Option<Rc<Lease>>) -> Stop {
        Stop { lease, ..Stop::default() }
    }

    /// Whether something new may start at once.
    pub fn may_start(&self) -> bool {
        !self.is_soon() && self.lease.as_ref().is_none_or(|it| it.is_fresh())
    }

    /// Makes sure that the lock is still ours. Otherwise nothing new is started from now on; tells which.
    pub async fn settle(&self) -> bool {
        let held = match &self.lease {
            Some(it) => it.renew().await.is_ok(),
            None => true,
        };
        if !held {
            self.soon();
        }
        held
    }

    /// Nothing new is started; what is under way gets finished.
    pub fn soon(&self) {
        self.soon.set(true);
    }

    /// What is under way is given up, too. What is known is still saved.
    pub fn now(&self) {
        self.soon.set(true);
        self.now.set(true);
        self.changed.notify_one();
    }

    pub fn is_soon(&self) -> bool {
        self.soon.get()
    }

    pub fn is_now(&self) -> bool {
        self.now.get()
    }

    /// Ends when [`Stop::now`] is asked for.
    pub async fn given_up(&self) {
        while !self.now.get() {
            self.changed.notified().await;
        }
    }

    /// How many operations are under way.
    pub fn under_way(&self) -> usize {
        self.under_way.get()
    }

    pub(super) fn count(&self, under_way: usize) {
        self.under_way.set(under_way);
    }
}
