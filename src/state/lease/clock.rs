//! A clock for how old something is, which goes on while the process or the machine sleeps.

use std::time::{Duration, SystemTime};

use rustix::time::{ClockId, clock_gettime};

/// The time since the machine started, sleep included. What Linux calls monotonic leaves sleep out.
#[cfg(any(target_os = "linux", target_os = "android"))]
const CLOCK: ClockId = ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const CLOCK: ClockId = ClockId::Monotonic;

/// A point in time.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    since_start: Duration,
    /// The second opinion: where it says that more time has gone by, it is believed.
    wall: SystemTime,
}

impl Moment {
    pub fn now() -> Moment {
        let it = clock_gettime(CLOCK);
        let seconds = u64::try_from(it.tv_sec).unwrap_or_default();
        let nanoseconds = u32::try_from(it.tv_nsec).unwrap_or_default();
        Moment { since_start: Duration::new(seconds, nanoseconds), wall: SystemTime::now() }
    }

    pub fn age(self) -> Duration {
        let now = Moment::now();
        let wall = now.wall.duration_since(self.wall).unwrap_or_default();
        now.since_start.saturating_sub(self.since_start).max(wall)
    }

    #[cfg(test)]
    pub fn back(self, by: Duration) -> Moment {
        Moment { since_start: self.since_start.saturating_sub(by), wall: self.wall - by }
    }
}
