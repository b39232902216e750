//! When the state is written while an apply goes on. A write takes longer the more the state holds: written
//! after each result, a large stack would do little else. So the next write comes some times as long after
//! the last one as that one took. What is not stored when the process dies is found again by the journal;
//! what cannot be found again is stored before anything that leans on it starts.

use std::cell::Cell;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// The pause after a write, in lengths of that write: writing takes a twentieth of the time at most.
const SHARE: u32 = 19;
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(10);

/// What of the state is recorded, what is being written, and what is stored.
#[derive(Default)]
pub(super) struct Saving {
    /// Counts changes of the state.
    recorded: Cell<u64>,
    taken: Cell<u64>,
    stored: Cell<u64>,
    /// Up to where somebody waits for it to be stored.
    wanted: Cell<u64>,
    /// Nothing is stored any more before the end.
    failed: Cell<bool>,
    changed: Notify,
    told: Notify,
}

impl Saving {
    /// The state has changed.
    pub(super) fn notify_one(&self) {
        self.recorded.set(self.recorded.get() + 1);
        self.changed.notify_one();
    }

    /// How many changes there have been: what [`Saving::reached`] takes.
    pub(super) fn recorded(&self) -> u64 {
        self.recorded.get()
    }

    /// Stores everything recorded so far, without a pause. Whether that was possible.
    pub(super) async fn stored(&self) -> bool {
        self.reached(self.recorded.get()).await
    }

    /// The same for the first so many changes.
    pub(super) async fn reached(&self, upto: u64) -> bool {
        self.wanted.set(self.wanted.get().max(upto));
        self.changed.notify_one();
        loop {
            let told = self.told.notified();
            if self.stored.get() >= upto {
                return true;
            }
            if self.failed.get() {
                return false;
            }
            told.await;
        }
    }

    /// For the writer: returns when it is time to write, and everything recorded until then is taken.
    pub(super) async fn due(&self, earliest: Instant, ended: &Cell<bool>) {
        while !ended.get() && !(self.wanted.get() > self.taken.get() && !self.failed.get()) {
            let idle = self.failed.get() || self.recorded.get() == self.taken.get();
            tokio::select! {
                () = self.changed.notified() => {}
                () = sleep_until(earliest), if !idle => break,
            }
        }
        self.taken.set(self.recorded.get());
    }

    /// For the writer: what was taken is stored.
    pub(super) fn done(&self) {
        self.stored.set(self.taken.get());
        self.told.notify_waiters();
    }

    /// For the writer: it is not, and nothing more will be before the end.
    pub(super) fn fail(&self) {
        self.failed.set(true);
        self.told.notify_waiters();
    }
}

/// How long to leave the state alone after a write that took so long.
pub(super) fn pause(took: Duration) -> Duration {
    (took * SHARE).clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_takes_a_small_share_of_the_time() {
        assert_eq!(pause(Duration::from_millis(1)), SHORTEST);
        assert_eq!(pause(Duration::from_millis(100)), Duration::from_millis(1900));
        assert_eq!(pause(Duration::from_secs(3)), LONGEST);
    }

    #[tokio::test]
    async fn changes_gather_and_who_needs_it_stored_waits_for_no_pause() {
        let (saving, ended) = (Saving::default(), Cell::new(false));
        let soon = Instant::now() + Duration::from_millis(30);
        let never = soon + Duration::from_secs(3600);
        saving.notify_one();
        saving.notify_one();
        saving.due(soon, &ended).await;
        assert_eq!(saving.taken.get(), 2);
        assert!(Instant::now() >= soon);
        saving.done();
        assert!(saving.stored().await);
        saving.notify_one();
        let writer = async {
            saving.due(never, &ended).await;
            saving.done();
        };
        futures::join!(saving.stored(), writer);
        assert_eq!(saving.stored.get(), 3);
        // Where nothing can be stored, nobody waits for it, and the writer waits for the end.
        saving.notify_one();
        saving.fail();
        assert!(!saving.stored().await);
        ended.set(true);
        saving.due(never, &ended).await;
        assert_eq!(saving.taken.get(), 4);
    }
}
