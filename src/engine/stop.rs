//! How an apply is told to end early.

use std::cell::Cell;

use tokio::sync::Notify;

/// Shared between an apply and whoever may stop it.
#[derive(Default)]
pub struct Stop {
    soon: Cell<bool>,
    now: Cell<bool>,
    changed: Notify,
    under_way: Cell<usize>,
}

impl Stop {
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
