//! Somebody else's lock, watched: whether its heart beats.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Pulse;

/// What the looks at a lock have shown so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// It has no heartbeat: somebody else's tool wrote it, and nobody can say.
    None,
    /// Something has changed since the first look, a moment ago.
    Alive,
    /// The next heartbeat is not due yet.
    Unsure,
    /// It should have beaten by now.
    Silent,
    /// Nothing for as long as the lock lasts without: whoever held it is gone.
    Dead(Duration),
}

impl Sign {
    /// Whether more looks would tell more.
    pub fn is_open(self) -> bool {
        matches!(self, Sign::Unsure | Sign::Silent)
    }
}

/// One lock's content, as it was found.
#[derive(Debug, Clone)]
struct Seen {
    exact: String,
    /// Since when it is that, at the latest. Our own clock; one that stands still while we sleep, so that
    /// a sleep of ours makes nobody dead.
    since: Instant,
    changed: bool,
    /// How often it is to change.
    interval: Option<Duration>,
}

/// By place: a lock may stand in two.
#[derive(Debug, Default)]
pub struct Watch(HashMap<&'static str, Seen>);

/// One look.
pub struct Look {
    asked: Instant,
}

impl Look {
    pub fn begin() -> Look {
        Look { asked: Instant::now() }
    }
}

impl Watch {
    /// Notes what was found at a place: `exact` tells this content from every other.
    pub fn see(&mut self, place: &'static str, look: &Look, exact: &str, pulse: Option<&Pulse>) -> Sign {
        self.note(place, look.asked, Instant::now(), exact, pulse)
    }

    /// How often the locks beat that were seen.
    pub fn interval(&self) -> Duration {
        self.0.values().filter_map(|it| it.interval).min().unwrap_or(Duration::MAX)
    }

    /// How long to wait for the next look while it is not known whether somebody is alive.
    pub fn pause(&self) -> Duration {
        (self.interval() / 10).clamp(Duration::from_millis(50), Duration::from_millis(500))
    }

    fn note(
        &mut self,
        place: &'static str,
        asked: Instant,
        answered: Instant,
        exact: &str,
        pulse: Option<&Pulse>,
    ) -> Sign {
        let before = self.0.get(place);
        if before.is_none_or(|it| it.exact != exact) {
            let interval = pulse.map(Pulse::interval);
            let (exact, changed) = (exact.to_owned(), before.is_some());
            let seen = Seen { exact, since: answered, changed, interval };
            self.0.insert(place, seen);
        }
        let (Some(pulse), Some(seen)) = (pulse, self.0.get(place)) else { return Sign::None };
        let silence = asked.saturating_duration_since(seen.since);
        match () {
            () if silence >= pulse.lease() => Sign::Dead(silence),
            () if silence > pulse.interval() * 3 / 2 => Sign::Silent,
            () if seen.changed => Sign::Alive,
            () => Sign::Unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(20);

    fn at(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_heart_that_stops_is_dead_after_the_lease() {
        let (mut watch, start, pulse) = (Watch::default(), Instant::now(), Pulse::new(LEASE, 3));
        let mut see = |seconds| {
            let now = at(start, seconds);
            watch.note("table", now, now, "one", Some(&pulse))
        };
        assert_eq!(see(0), Sign::Unsure);
        assert_eq!(see(5), Sign::Unsure);
        assert_eq!(see(8), Sign::Silent);
        assert_eq!(see(19), Sign::Silent);
        assert_eq!(see(20), Sign::Dead(LEASE));
    }

    #[test]
    fn any_change_is_life() {
        let (mut watch, start, pulse) = (Watch::default(), Instant::now(), Pulse::new(LEASE, 3));
        let mut see = |seconds, exact| {
            let now = at(start, seconds);
            watch.note("table", now, now, exact, Some(&pulse))
        };
        assert_eq!(see(0, "one"), Sign::Unsure);
        assert_eq!(see(19, "two"), Sign::Alive);
        assert_eq!(see(38, "two"), Sign::Silent);
        assert_eq!(see(39, "two"), Sign::Dead(LEASE));
    }

    #[test]
    fn what_has_no_heart_never_dies() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        for seconds in [0, 100, 100_000] {
            let now = at(start, seconds);
            assert_eq!(watch.note("table", now, now, "theirs", None), Sign::None);
        }
    }

    #[test]
    fn the_time_of_an_answer_on_its_way_does_not_count() {
        let (mut watch, start, pulse) = (Watch::default(), Instant::now(), Pulse::new(LEASE, 3));
        assert_eq!(watch.note("table", start, at(start, 15), "one", Some(&pulse)), Sign::Unsure);
        assert_eq!(watch.note("table", at(start, 34), at(start, 60), "one", Some(&pulse)), Sign::Silent);
        assert_eq!(watch.note("table", at(start, 35), at(start, 60), "one", Some(&pulse)), Sign::Dead(LEASE));
    }

    #[test]
    fn the_clock_of_the_holder_does_not_matter() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        for (seconds, beaten) in [(0, "1999-01-01T00:00:00Z"), (19, "2099-01-01T00:00:00Z")] {
            let text = format!(r#"{{"Lease":20000,"Beat":1,"At":"{beaten}"}}"#);
            let pulse = Pulse::parse(&text).unwrap();
            let now = at(start, seconds);
            assert!(!matches!(watch.note("file", now, now, &text, Some(&pulse)), Sign::Dead(_)));
        }
    }
}
