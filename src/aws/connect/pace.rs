//! How fast calls to one service, in one account and region, may follow each other.
//!
//! Nothing is held back until AWS refuses a call as too fast. From then on calls go at the rate at which
//! AWS took them in the second before, each lane at its half while both have calls waiting. Every second
//! the rate shrinks by half the share of calls that was refused (as DCTCP does: a few refusals cost
//! little, many cost much), or grows by a tenth where none was. After a quiet while it is lifted.

use std::time::{Duration, Instant};

/// Calls a second below which no rate falls: fewer are left to the pauses that each call makes anyway.
const FLOOR: f64 = 10.0;
/// How long is counted before the rate is judged.
const ROUND: Duration = Duration::from_secs(1);
/// What the rate gains in a second without refusals: a tenth, or this where that is more.
const GAIN: f64 = 1.0;
/// Without a refusal for so long, AWS's own buckets are full again.
const QUIET: Duration = Duration::from_secs(20);
/// The longest that a call is held back: its signature is good for five minutes.
const LONGEST: Duration = Duration::from_secs(120);

/// Reads that wait for something never hold up a change, nor the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Read,
    Change,
}

#[derive(Debug)]
pub struct Pace {
    limit: Option<Limit>,
    began: Instant,
    accepted: u32,
    refused: u32,
    /// Calls accepted in the round before, by the second.
    before: f64,
}

#[derive(Debug)]
struct Limit {
    /// Calls a second.
    rate: f64,
    /// When each lane's next call may go.
    next: [Instant; 2],
    /// When AWS last refused a call.
    last: Instant,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Pace { limit: None, began: now, accepted: 0, refused: 0, before: 0.0 }
    }

    /// Takes a place in the lane; gives how long to wait for it.
    pub fn reserve(&mut self, lane: Lane, now: Instant) -> Duration {
        let Some(limit) = &mut self.limit else { return Duration::ZERO };
        if now.saturating_duration_since(limit.last) > QUIET {
            self.limit = None;
            return Duration::ZERO;
        }
        let (own, other) = (lane as usize, 1 - lane as usize);
        let shared = if limit.next[other] > now { 2.0 } else { 1.0 };
        let slot = limit.next[own].max(now).min(now + LONGEST);
        limit.next[own] = slot + Duration::from_secs_f64(shared / limit.rate);
        slot.saturating_duration_since(now)
    }

    /// AWS has answered: as too fast, or otherwise.
    pub fn answered(&mut self, refused: bool, now: Instant) {
        self.judge(now);
        match refused {
            true => self.refused += 1,
            false => self.accepted += 1,
        }
        if !refused {
            return;
        }
        match &mut self.limit {
            Some(limit) => limit.last = now,
            None => {
                let rate = self.before.max(f64::from(self.accepted)).max(FLOOR);
                self.limit = Some(Limit { rate, next: [now; 2], last: now });
            }
        }
    }

    fn judge(&mut self, now: Instant) {
        let took = now.saturating_duration_since(self.began);
        if took < ROUND {
            return;
        }
        let (seconds, all) = (took.as_secs_f64(), f64::from(self.accepted + self.refused));
        let taken = f64::from(self.accepted) / seconds;
        if let Some(limit) = &mut self.limit {
            let share = if all > 0.0 { f64::from(self.refused) / all } else { 0.0 };
            let rate = match share {
                0.0 => limit.rate + (limit.rate * 0.1).max(GAIN) * seconds.min(QUIET.as_secs_f64()),
                // Most is refused: what AWS took is what it takes.
                0.5.. => (limit.rate * (1.0 - share / 2.0)).min(taken),
                _ => limit.rate * (1.0 - share / 2.0),
            };
            limit.rate = rate.max(FLOOR);
        }
        (self.before, self.began, self.accepted, self.refused) = (taken, now, 0, 0);
    }

    /// Calls a second, where they are limited.
    #[cfg(test)]
    fn rate(&self) -> Option<f64> {
        self.limit.as_ref().map(|it| it.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service that takes so many calls at once, and so many a second more.
    struct Service {
        tokens: f64,
        most: f64,
        refill: f64,
        last: Instant,
    }

    impl Service {
        fn new(most: f64, refill: f64, now: Instant) -> Self {
            Service { tokens: most, most, refill, last: now }
        }
        fn takes(&mut self, now: Instant) -> bool {
            let gained = (now - self.last).as_secs_f64() * self.refill;
            (self.tokens, self.last) = ((self.tokens + gained).min(self.most), now);
            let takes = self.tokens >= 1.0;
            self.tokens -= if takes { 1.0 } else { 0.0 };
            takes
        }
    }

    /// So many clients, each calling again as soon as it is answered; refused calls come again after a
    /// pause. Gives what was accepted and what was refused in each second.
    fn run(pace: &mut Pace, service: &mut Service, clients: usize, seconds: u64) -> Vec<(u32, u32)> {
        let start = service.last;
        let mut due: Vec<(Instant, u32)> = vec![(start, 0); clients];
        let mut sums = vec![(0, 0); seconds as usize];
        for milli in 0..seconds * 1000 {
            let now = start + Duration::from_millis(milli);
            for client in due.iter_mut().filter(|it| it.0 <= now) {
                let wait = pace.reserve(Lane::Change, now);
                if wait > Duration::from_millis(1) {
                    client.0 = now + wait;
                    // It has its place: it goes when that comes.
                    let at = client.0;
                    let second = (at - start).as_secs() as usize;
                    if second >= sums.len() {
                        continue;
                    }
                }
                let takes = service.takes(client.0.max(service.last));
                pace.answered(!takes, now);
                let sum = &mut sums[((client.0 - start).as_secs() as usize).min(seconds as usize - 1)];
                if takes {
                    (sum.0, client.1) = (sum.0 + 1, 0);
                    client.0 = client.0.max(now) + Duration::from_millis(50);
                } else {
                    (sum.1, client.1) = (sum.1 + 1, client.1 + 1);
                    client.0 = client.0.max(now) + Duration::from_millis(500 << client.1.min(5));
                }
            }
        }
        sums
    }

    #[test]
    fn nothing_is_held_back_where_nothing_is_refused() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        for milli in 0..100_000 {
            let now = start + Duration::from_millis(milli / 100);
            assert_eq!(pace.reserve(Lane::Change, now), Duration::ZERO);
            pace.answered(false, now);
        }
        assert_eq!(pace.rate(), None);
    }

    #[test]
    fn it_finds_the_rate_that_a_service_takes() {
        let start = Instant::now();
        let (mut pace, mut service) = (Pace::new(start), Service::new(100.0, 20.0, start));
        let sums = run(&mut pace, &mut service, 50, 60);
        let late = &sums[20..];
        let (taken, refused) = late.iter().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let second = taken as f64 / late.len() as f64;
        assert!((15.0..=20.5).contains(&second), "{second} calls a second of 20: {sums:?}");
        assert!(refused * 3 < taken, "{refused} of {taken} refused: {sums:?}");
    }

    #[test]
    fn it_recovers() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        pace.answered(true, start);
        let slow = pace.rate().unwrap();
        assert_eq!(slow, FLOOR);
        for second in 1..15 {
            pace.answered(false, start + Duration::from_secs(second));
        }
        assert!(pace.rate().unwrap() > 2.0 * slow, "{:?}", pace.rate());
        let later = start + QUIET + Duration::from_secs(1);
        assert_eq!(pace.reserve(Lane::Read, later), Duration::ZERO);
        assert_eq!(pace.rate(), None);
    }

    #[test]
    fn many_reads_do_not_hold_up_a_change() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        pace.answered(true, start);
        let reads: Vec<_> = (0..100).map(|_| pace.reserve(Lane::Read, start)).collect();
        assert!(reads[99] > Duration::from_secs(9), "{:?}", reads[99]);
        let changes: Vec<_> = (0..5).map(|_| pace.reserve(Lane::Change, start)).collect();
        assert_eq!(changes[0], Duration::ZERO);
        assert!(changes[4] <= Duration::from_secs(1), "half of the rate is theirs: {changes:?}");
        let longest = (0..10_000).map(|_| pace.reserve(Lane::Read, start)).max().unwrap();
        assert!(longest <= LONGEST, "{longest:?}");
    }

    #[test]
    fn it_never_falls_below_the_floor() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        for milli in 0..20_000 {
            pace.answered(true, start + Duration::from_millis(milli));
        }
        assert_eq!(pace.rate(), Some(FLOOR));
    }
}
