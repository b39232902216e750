//! A lock that ends with its holder: a heartbeat in the lock itself, kept up by a thread of its own, and
//! what follows from it on both sides.
//!
//! The holder knows how old its last heartbeat is, by a clock that goes on while the machine sleeps. Once
//! that is too old it beats before it sends or stores anything, and learns by it whether the lock is still
//! its own. Everybody else only watches whether the content of the lock changes ([`watch`]): no clock is
//! ever compared with another machine's.

mod clock;
mod pulse;
mod thread;
pub(super) mod watch;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch as channel;

use super::LockInfo;
pub(super) use clock::Moment;
pub(super) use pulse::{FIELD, Pulse};
use thread::Orders;
pub use thread::{Beat, Missed};

/// How long a lock outlives its last heartbeat where nobody says otherwise.
pub const LEASE: Duration = Duration::from_secs(20);

/// A lease has so many beats: some may fail without any harm.
pub(super) const BEATS: u32 = 4;

/// How a lock was lost.
#[derive(Debug, Clone, PartialEq)]
pub enum Loss {
    /// Somebody else holds it now.
    Taken(Box<LockInfo>),
    /// It was released, by somebody who was not us.
    Gone,
    /// No heartbeat could be written for as long as the lock lasts without one.
    Silent { lease: Duration, why: String },
}

/// What the thread last said.
#[derive(Debug, Clone)]
struct Report {
    /// When the last heartbeat that arrived was sent.
    beat: Moment,
    /// How many were tried.
    tries: u64,
    /// Why the last one failed.
    failure: Option<String>,
    loss: Option<Loss>,
}

/// A lock that we hold, with its heart beating until this is dropped.
pub struct Lease {
    id: String,
    length: Duration,
    reports: channel::Receiver<Report>,
    orders: Arc<Orders>,
}

impl Lease {
    /// For the lock with that id, which was `taken` just now; `make` makes what beats, in the thread that
    /// does so.
    pub(super) fn begin<B: Beat>(
        id: &str,
        length: Duration,
        taken: Moment,
        make: impl FnOnce() -> B + Send + 'static,
    ) -> std::io::Result<Lease> {
        let first = Report { beat: taken, tries: 0, failure: None, loss: None };
        let (reporter, reports) = channel::channel(first);
        let orders = Arc::new(Orders::default());
        thread::spawn(length, reporter, orders.clone(), make)?;
        Ok(Lease { id: id.to_owned(), length, reports, orders })
    }

    /// The id of the lock.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// How the lock was lost, as far as that is known already.
    pub fn loss(&self) -> Option<Loss> {
        self.reports.borrow().loss.clone()
    }

    /// Whether the lock is ours beyond doubt: the last heartbeat is young.
    pub fn is_fresh(&self) -> bool {
        let report = self.reports.borrow();
        report.loss.is_none() && report.beat.age() < self.length / 2
    }

    /// Beats first where the last heartbeat is too old. An error means that the lock is not ours, or may
    /// not be.
    pub async fn renew(&self) -> Result<(), Loss> {
        let mut reports = self.reports.clone();
        let tries = reports.borrow_and_update().tries;
        loop {
            let report = reports.borrow_and_update().clone();
            match report.loss {
                Some(Loss::Silent { .. }) | None => {}
                Some(loss) => return Err(loss),
            }
            let age = report.beat.age();
            if age < self.length / 2 {
                return Ok(());
            }
            if report.tries > tries && report.failure.is_some() && age >= self.length {
                return Err(self.silent(&report));
            }
            self.orders.beat_now();
            if reports.changed().await.is_err() {
                return Err(self.silent(&report));
            }
        }
    }

    /// Ends when the lock is lost.
    pub async fn lost(&self) -> Loss {
        let mut reports = self.reports.clone();
        loop {
            let report = reports.borrow_and_update().clone();
            if let Some(loss) = report.loss {
                return loss;
            }
            if reports.changed().await.is_err() {
                return self.silent(&report);
            }
        }
    }

    fn silent(&self, report: &Report) -> Loss {
        silent(self.length, report.failure.as_deref())
    }
}

fn silent(lease: Duration, why: Option<&str>) -> Loss {
    Loss::Silent { lease, why: why.unwrap_or("it was not tried").to_owned() }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.orders.end();
    }
}

#[cfg(test)]
mod tests;
