//! Reading what is being made or changed: everyone who asks about a type within a moment shares one
//! batched read, so that waiting costs a call per type and tick, not one per resource. Where the service tells
//! of one thing a call, nobody waits for company.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use futures::future::FutureExt;
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use crate::diag::Diagnostics;
use crate::kind::{Found, Kind};

use super::providers::Provider;
use super::refresh;

/// How long the first to ask waits for company, where there can be any.
const GATHER: Duration = Duration::from_millis(15);
/// How many reads of one type are under way at once. Where a service takes longer than [`GATHER`], those who come
/// meanwhile go into fewer and fuller calls, and their answers, which may tell of more than was asked for, are
/// not all held at a time.
const AT_ONCE: usize = 4;
/// The pauses before the second and the third look. A thing that is ready at once may all the same be
/// invisible for a moment, so these come soon; after them each pause is half as long again.
const FIRST_DELAYS: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(750)];
const NEXT_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(10);

type Answer = Result<Option<Found>, Diagnostics>;

/// Who waits for which key.
type Waiting = Vec<(String, oneshot::Sender<Answer>)>;

/// Those who ask about one type at the same time.
struct Queue {
    waiting: Waiting,
    /// Nobody else can come.
    full: Rc<Notify>,
    /// What may still be under way at once.
    room: Rc<Semaphore>,
}

impl Default for Queue {
    fn default() -> Self {
        Queue { waiting: Waiting::new(), full: Rc::default(), room: Rc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// Shared by all operations of an apply.
pub struct Waits {
    start: Instant,
    /// By type and provider configuration.
    queues: RefCell<HashMap<(&'static str, usize), Queue>>,
    /// How many operations are under way, by type.
    running: RefCell<HashMap<String, usize>>,
    /// How many of them sleep.
    resting: Cell<usize>,
    /// One more has begun to.
    rest: Notify,
}

impl Default for Waits {
    fn default() -> Self {
        Waits {
            start: Instant::now(),
            queues: RefCell::default(),
            running: RefCell::default(),
            resting: Cell::default(),
            rest: Notify::default(),
        }
    }
}

/// An operation under way, until it is dropped.
pub struct Running<'a> {
    waits: &'a Waits,
    kind: &'a str,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(count) = self.waits.running.borrow_mut().get_mut(self.kind) {
            *count -= 1;
        }
    }
}

/// An operation that sleeps, until this is dropped.
pub struct Resting<'a>(&'a Waits);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        self.0.resting.set(self.0.resting.get() - 1);
    }
}

impl Waits {
    /// Says that an operation on this type begins: who waits for company then knows how many may come.
    pub fn enter<'a>(&'a self, kind: &'a str) -> Running<'a> {
        *self.running.borrow_mut().entry(kind.to_owned()).or_default() += 1;
        Running { waits: self, kind }
    }

    /// One thing as AWS has it now, tags included; `None` where it does not exist. What asks is in a box: every
    /// operation under way waits here, and few of them ask.
    pub async fn read(&self, kind: &'static dyn Kind, provider: &Rc<Provider>, key: &str) -> Answer {
        if !kind.reads().shares() {
            let mut found = self.ask(kind, provider, &[key.to_owned()]).boxed_local().await?;
            return Ok(found.remove(key));
        }
        let queue = (kind.name(), Rc::as_ptr(provider) as usize);
        let (to, answer) = oneshot::channel();
        if let Some((full, room)) = self.join(queue, key, to) {
            // Whether it is full or the time is over: those who are there share the read.
            let _ = timeout(GATHER, full.notified()).await;
            // More may come as long as there is no room. Nobody closes it.
            let _room = room.acquire().await;
            let waiting = self.leave(queue);
            self.serve(kind, provider, waiting).boxed_local().await;
        }
        // The one who gathers always answers all; a lost answer means that it was cancelled.
        answer.await.unwrap_or(Ok(None))
    }

    /// Puts one more into a queue. The first gets to know when nobody else can come, and when there is room.
    fn join(
        &self,
        of: (&'static str, usize),
        key: &str,
        to: oneshot::Sender<Answer>,
    ) -> Option<(Rc<Notify>, Rc<Semaphore>)> {
        let mut all = self.queues.borrow_mut();
        let queue = all.entry(of).or_default();
        queue.waiting.push((key.to_owned(), to));
        let here = queue.waiting.len();
        if here >= self.running.borrow().get(of.0).copied().unwrap_or_default() {
            queue.full.notify_one();
        }
        (here == 1).then(|| (queue.full.clone(), queue.room.clone()))
    }

    /// Takes all out of a queue: who comes now begins the next one.
    fn leave(&self, of: (&'static str, usize)) -> Waiting {
        let mut all = self.queues.borrow_mut();
        let queue = all.entry(of).or_default();
        queue.full = Rc::default();
        std::mem::take(&mut queue.waiting)
    }

    async fn serve(&self, kind: &'static dyn Kind, provider: &Provider, waiting: Waiting) {
        let mut waiting = waiting.into_iter().peekable();
        while waiting.peek().is_some() {
            let some: Vec<_> = waiting.by_ref().take(kind.batch().max(1)).collect();
            let mut keys: Vec<String> = some.iter().map(|it| it.0.clone()).collect();
            keys.sort();
            keys.dedup();
            let found = self.ask(kind, provider, &keys).await;
            for (key, to) in some {
                let answer = found.as_ref().map(|it| it.get(&key).cloned()).map_err(Clone::clone);
                // Whoever asked may have been cancelled meanwhile.
                drop(to.send(answer));
            }
        }
    }

    async fn ask(
        &self,
        kind: &dyn Kind,
        provider: &Provider,
        keys: &[String],
    ) -> Result<HashMap<String, Found>, Diagnostics> {
        let mut found = refresh::ask(kind, &provider.aws.exactly(true), keys).await?;
        // Without anything to compare with, the service itself is asked for tags it does not return.
        refresh::fill_tags_exactly(kind, provider, &mut found).await?;
        Ok(found)
    }

    /// Sleeps until the `turn`th look (from 0), together with whoever else waits.
    pub async fn tick(&self, turn: u32) {
        let _resting = self.rest();
        sleep_until(self.start + wake(self.start.elapsed(), turn)).await;
    }

    /// Says that an operation does nothing until it drops this: others may take its lane.
    pub fn rest(&self) -> Resting<'_> {
        self.resting.set(self.resting.get() + 1);
        self.rest.notify_one();
        Resting(self)
    }

    /// How many operations do nothing.
    pub fn resting(&self) -> usize {
        self.resting.get()
    }

    /// Comes when one more operation does nothing.
    pub async fn rested(&self) {
        self.rest.notified().await;
    }
}

/// When the `turn`th look is due, from `now` on. Whole seconds since the start, or quarters of one: those who
/// wait wake together and share a call.
fn wake(now: Duration, turn: u32) -> Duration {
    let delay = delay(turn);
    let grid = if delay < NEXT_DELAY { FIRST_DELAYS[0] } else { NEXT_DELAY }.as_millis();
    let whole = (now + delay).as_millis() / grid * grid;
    let whole = Duration::from_millis(u64::try_from(whole).unwrap_or(u64::MAX));
    whole.max(now + delay / 2)
}

fn delay(turn: u32) -> Duration {
    let next = |turn: i32| NEXT_DELAY.mul_f64(1.5f64.powi(turn)).min(LONGEST_DELAY);
    match FIRST_DELAYS.get(turn as usize) {
        Some(it) => *it,
        None => next(turn.min(12) as i32 - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_come_soon_at_first_and_seldom_later() {
        let all: Vec<u128> = (0..9).map(|it| delay(it).as_millis()).collect();
        assert_eq!(all, [250, 750, 1500, 2250, 3375, 5062, 7593, 10_000, 10_000]);
    }

    #[test]
    fn those_who_wait_wake_together() {
        let woken = |at, turn| wake(Duration::from_millis(at), turn).as_millis();
        assert_eq!((woken(10, 0), woken(110, 0)), (250, 250));
        assert_eq!((woken(800, 2), woken(1100, 2)), (2000, 2000));
        // Never at once.
        assert_eq!(woken(240, 0), 365);
    }

    #[tokio::test]
    async fn who_sleeps_is_counted_and_told_of() {
        let waits = Waits::default();
        {
            let sleeper = waits.tick(0);
            tokio::pin!(sleeper);
            tokio::select! {
                biased;
                () = &mut sleeper => panic!("it slept for no time"),
                () = waits.rested() => assert_eq!(waits.resting(), 1),
            }
            sleeper.await;
        }
        assert_eq!(waits.resting(), 0);
    }

    #[tokio::test]
    async fn a_queue_is_full_when_all_who_are_under_way_are_in_it() {
        let waits = Waits::default();
        let (of, mut running) = (("aws_vpc", 0), vec![waits.enter("aws_vpc"), waits.enter("aws_vpc")]);
        let (to, _first) = oneshot::channel();
        let (full, _) = waits.join(of, "a", to).unwrap();
        assert!(timeout(Duration::ZERO, full.notified()).await.is_err());
        let (to, _second) = oneshot::channel();
        assert!(waits.join(of, "b", to).is_none());
        assert!(timeout(Duration::from_secs(9), full.notified()).await.is_ok());
        assert_eq!(waits.leave(of).len(), 2);
        running.pop();
        let (to, _third) = oneshot::channel();
        let (full, _) = waits.join(of, "c", to).unwrap();
        assert!(timeout(Duration::from_secs(9), full.notified()).await.is_ok(), "there is nobody else");
    }

    #[tokio::test]
    async fn while_there_is_no_room_more_may_join() {
        let waits = Waits::default();
        let of = ("aws_vpc", 0);
        let join = |key| waits.join(of, key, oneshot::channel().0);
        let (_, room) = join("a").unwrap();
        let held: Vec<_> = (0..AT_ONCE).map(|_| room.try_acquire().unwrap()).collect();
        waits.leave(of);
        let (_, next) = join("b").unwrap();
        assert!(next.try_acquire().is_err(), "the room is that of all reads of the type");
        assert!(join("c").is_none());
        drop(held);
        assert!(next.try_acquire().is_ok());
        assert_eq!(waits.leave(of).len(), 2);
    }
}
