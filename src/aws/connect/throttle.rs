//! Who is throttled: the pace of each service, account and region, and what is told of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::config_bag::{Storable, StoreReplace};

use super::pace::{Lane, Pace};

/// What AWS holds to one rate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    service: String,
    region: String,
    account: String,
    host: String,
}

/// A service in a region, as throttled so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// As AWS writes it: `EC2`.
    pub service: String,
    /// None where the service has but one place for all regions.
    pub region: Option<String>,
    /// How often a call was refused as too fast.
    pub refused: u64,
    /// How many calls were held back.
    pub held: u64,
    /// For how long anything waited.
    pub waited: Duration,
}

#[derive(Debug)]
struct Entry {
    name: String,
    pace: Pace,
    refused: u64,
    held: u64,
    /// How many calls wait now, and since when any does.
    waiting: usize,
    since: Instant,
    waited: Duration,
}

/// All of a process.
#[derive(Debug, Clone, Default)]
pub(super) struct Book(Arc<Mutex<BTreeMap<Key, Entry>>>);

thread_local! {
    static HURRIES: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// From now on calls of this thread wait for no turn.
pub(super) fn hurry() {
    HURRIES.set(true);
}

pub(super) fn is_in_a_hurry() -> bool {
    HURRIES.get()
}

static BOOK: std::sync::LazyLock<Book> = std::sync::LazyLock::new(Book::default);

/// What AWS throttled since this was last asked.
pub fn take() -> Vec<Summary> {
    BOOK.take()
}

/// Which operation a request is: carried from where that is known to where it is sent.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub service: String,
    pub operation: String,
    /// How often it was refused as too fast.
    pub refused: u32,
}

/// Beginnings of the names of operations that change nothing.
const READS: [&str; 8] = ["Describe", "Get", "List", "Head", "BatchGet", "Query", "Scan", "Search"];

/// Where a request goes: the pace it keeps.
#[derive(Debug, Clone)]
pub(super) struct Place {
    book: Book,
    key: Key,
    name: String,
    lane: Lane,
}

impl Place {
    /// None for what is not signed: it is no call to a service.
    pub fn of(request: &HttpRequest) -> Option<Place> {
        let text = request.headers().get("authorization")?;
        let scope = text.split("Credential=").nth(1)?.split([',', ' ']).next()?;
        let mut parts = scope.split('/');
        let (access_key, _, region, service) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let call = request.extension::<Call>();
        let is_read = call.is_some_and(|it| READS.iter().any(|start| it.operation.starts_with(start)));
        let host = request.uri().split('/').nth(2).unwrap_or_default();
        let key = Key {
            service: service.to_owned(),
            region: region.to_owned(),
            account: account_of(access_key).unwrap_or_else(|| access_key.to_owned()),
            // A bucket has a host of its own, and shares its service's rate all the same.
            host: if host.ends_with(".amazonaws.com") { String::new() } else { host.to_owned() },
        };
        Some(Place {
            book: BOOK.clone(),
            key,
            name: call.map_or(service, |it| &it.service).to_owned(),
            lane: if is_read { Lane::Read } else { Lane::Change },
        })
    }

    /// Waits for its turn, where there is any waiting.
    pub async fn pass(&self) {
        if is_in_a_hurry() {
            return;
        }
        let delay = self.entry(|it| it.pace.reserve(self.lane, Instant::now()));
        if delay.is_zero() {
            return;
        }
        self.entry(|it| it.held += 1);
        let waiting = self.wait();
        tokio::time::sleep(delay).await;
        drop(waiting);
    }

    /// S3 has no words for whoever only wants to know whether a bucket is there: its "slow down" is a
    /// status alone.
    pub fn is_wordless(&self, status: u16) -> bool {
        status == 503 && self.key.service == "s3" && self.lane == Lane::Read
    }

    /// Whether AWS has refused it as too fast.
    pub fn answered(&self, refused: bool) {
        self.entry(|it| {
            it.refused += u64::from(refused);
            it.pace.answered(refused, Instant::now());
        });
    }

    /// From here on a call waits because of throttling, until what is given is dropped.
    pub fn wait(&self) -> Waiting {
        self.entry(|it| {
            if it.waiting == 0 {
                it.since = Instant::now();
            }
            it.waiting += 1;
        });
        let waiter = WAITER.try_with(Clone::clone).ok();
        if let Some(it) = &waiter {
            it.begin(&self.name);
        }
        Waiting { place: self.clone(), waiter }
    }

    fn entry<T>(&self, work: impl FnOnce(&mut Entry) -> T) -> T {
        let mut all = self.book.all();
        work(all.entry(self.key.clone()).or_insert_with(|| Entry::new(&self.name)))
    }
}

impl Entry {
    fn new(name: &str) -> Self {
        let now = Instant::now();
        Entry {
            name: name.to_owned(),
            pace: Pace::new(now),
            refused: 0,
            held: 0,
            waiting: 0,
            since: now,
            waited: Duration::ZERO,
        }
    }

    fn take(&mut self) -> (u64, u64, Duration) {
        let mut waited = std::mem::take(&mut self.waited);
        if self.waiting > 0 {
            waited += self.since.elapsed();
            self.since = Instant::now();
        }
        (std::mem::take(&mut self.refused), std::mem::take(&mut self.held), waited)
    }
}

impl Book {
    fn all(&self) -> MutexGuard<'_, BTreeMap<Key, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<Summary> {
        let mut out: Vec<Summary> = Vec::new();
        for (key, entry) in self.all().iter_mut() {
            let (refused, held, waited) = entry.take();
            if refused == 0 && held == 0 {
                continue;
            }
            // Signed for one region, whichever the stack is in.
            let global = key.service == "iam";
            let region = (!global).then(|| key.region.clone());
            let same = |it: &&mut Summary| it.service == entry.name && it.region == region;
            match out.iter_mut().find(same) {
                // The same in another account.
                Some(it) => {
                    (it.refused, it.held) = (it.refused + refused, it.held + held);
                    it.waited = it.waited.max(waited);
                }
                None => out.push(Summary { service: entry.name.clone(), region, refused, held, waited }),
            }
        }
        out
    }
}

/// An access key tells which account it is of: 40 bits, from the 8th on, of the number that follows
/// its first four letters in base 32.
fn account_of(access_key: &str) -> Option<String> {
    let digit = |it: u8| match it {
        b'A'..=b'Z' => Some(u64::from(it - b'A')),
        b'2'..=b'7' => Some(u64::from(it - b'2') + 26),
        _ => None,
    };
    let digits = access_key.as_bytes().get(4..14).filter(|_| access_key.len() >= 20)?;
    let number = digits.iter().try_fold(0, |sum: u64, it| Some(sum << 5 | digit(*it)?))?;
    // Ten letters are 50 bits, of which the first 48 count.
    Some(format!("{:012}", ((number >> 2) & 0x7fff_ffff_ff80) >> 7))
}

tokio::task_local! {
    static WAITER: Arc<Waiter>;
}

/// Runs work, and tells through the waiter whether it waits because AWS throttles.
pub fn watched<F: Future>(waiter: Arc<Waiter>, work: F) -> impl Future<Output = F::Output> {
    WAITER.scope(waiter, work)
}

/// One operation of an apply, as far as it is throttled.
#[derive(Debug, Default)]
pub struct Waiter(Mutex<Waits>);

#[derive(Debug, Default)]
struct Waits {
    /// The service that throttles it, or did so last.
    by: String,
    /// Calls that wait now, and since when any does.
    calls: usize,
    since: Option<Instant>,
    /// How long it has waited before that.
    waited: Duration,
}

impl Waiter {
    /// By which service it is or was throttled, and for how long in all, where that is a second or more.
    pub fn throttled(&self) -> Option<(String, Duration)> {
        let all = self.all();
        let waited = all.waited + all.since.map(|it| it.elapsed()).unwrap_or_default();
        (waited >= Duration::from_secs(1)).then(|| (all.by.clone(), waited))
    }

    fn begin(&self, service: &str) {
        let mut all = self.all();
        all.calls += 1;
        service.clone_into(&mut all.by);
        all.since.get_or_insert_with(Instant::now);
    }

    fn end(&self) {
        let mut all = self.all();
        all.calls = all.calls.saturating_sub(1);
        if all.calls == 0 {
            let waited = all.since.take().map(|it| it.elapsed());
            all.waited += waited.unwrap_or_default();
        }
    }

    fn all(&self) -> MutexGuard<'_, Waits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that waits because of throttling, as long as this lives.
pub(super) struct Waiting {
    place: Place,
    waiter: Option<Arc<Waiter>>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(it) = &self.waiter {
            it.end();
        }
        self.place.entry(|it| {
            it.waiting = it.waiting.saturating_sub(1);
            if it.waiting == 0 {
                it.waited += it.since.elapsed();
            }
        });
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Waiting").field(&self.place.key).finish()
    }
}

/// Kept with a call from a refusal until it is answered otherwise, or given up.
#[derive(Debug)]
pub(super) struct Held(#[expect(dead_code, reason = "its end is what counts")] pub Option<Waiting>);

impl Storable for Held {
    type Storer = StoreReplace<Self>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(book: &Book, service: &str, region: &str) -> Place {
        let text = str::to_owned;
        let key = Key { service: text(service), region: text(region), account: text("1"), host: text("") };
        Place { book: book.clone(), key, name: service.to_uppercase(), lane: Lane::Change }
    }

    #[tokio::test]
    async fn calls_that_nobody_refuses_are_not_held_back() {
        let book = Book::default();
        let ec2 = place(&book, "ec2", "eu-west-1");
        for _ in 0..1000 {
            ec2.pass().await;
            ec2.answered(false);
        }
        assert_eq!(book.take(), []);
        assert_eq!(ec2.entry(|it| it.held), 0);
    }

    #[tokio::test]
    async fn a_refusal_slows_its_service_and_region_only() {
        let book = Book::default();
        let (ec2, other) = (place(&book, "ec2", "eu-west-1"), place(&book, "ec2", "eu-west-3"));
        let sqs = place(&book, "sqs", "eu-west-1");
        ec2.answered(true);
        for _ in 0..5 {
            ec2.pass().await;
            other.pass().await;
            sqs.pass().await;
        }
        let told = book.take();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].service.as_str(), told[0].region.as_deref()), ("EC2", Some("eu-west-1")));
        assert_eq!((told[0].refused, told[0].held), (1, 4));
        assert_eq!(book.take(), [], "told once");
    }

    #[tokio::test]
    async fn an_operation_knows_for_how_long_it_waited() {
        let (book, waiter) = (Book::default(), Arc::new(Waiter::default()));
        let ec2 = place(&book, "ec2", "eu-west-1");
        let outside = ec2.wait();
        let work = async {
            let (one, two) = (ec2.wait(), ec2.wait());
            drop(one);
            assert!(waiter.all().since.is_some(), "the second still waits");
            drop(two);
            assert!(waiter.all().since.is_none());
        };
        watched(waiter.clone(), work).await;
        drop(outside);
        assert_eq!(waiter.throttled(), None, "it was no second");
        waiter.all().waited += Duration::from_secs(5);
        assert_eq!(waiter.throttled().map(|it| (it.0, it.1.as_secs())), Some(("EC2".to_owned(), 5)));
    }

    #[test]
    fn keys_of_one_account_share_a_pace() {
        let one = account_of("ASIAQNZGKIQY56JQ7WML");
        assert_eq!(one.as_deref(), Some("029608264753"));
        assert_eq!(account_of("test"), None);
        assert_eq!(account_of("AKIAlowercase1234567"), None);
    }
}
