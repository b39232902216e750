//! Reading what is being made or changed: everyone who asks about a type within a moment shares one
//! batched read, so that waiting costs a call per type and tick, not one per resource.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, sleep_until};

use crate::diag::Diagnostics;
use crate::kind::{Found, Kind};

use super::providers::Provider;
use super::refresh;

/// How long the first to ask waits for company.
const GATHER: Duration = Duration::from_millis(15);
const FIRST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(10);

type Answer = Result<Option<Found>, Diagnostics>;

/// Who waits for which key.
type Queue = Vec<(String, oneshot::Sender<Answer>)>;

/// Shared by all operations of an apply.
pub struct Waits {
    start: Instant,
    /// By type and provider configuration.
    queues: RefCell<HashMap<(&'static str, usize), Queue>>,
}

impl Default for Waits {
    fn default() -> Self {
        Waits { start: Instant::now(), queues: RefCell::default() }
    }
}

impl Waits {
    /// One thing as AWS has it now, tags included; `None` where it does not exist.
    pub async fn read(&self, kind: &'static dyn Kind, provider: &Rc<Provider>, key: &str) -> Answer {
        let queue = (kind.name(), Rc::as_ptr(provider) as usize);
        let (to, answer) = oneshot::channel();
        let first = {
            let mut all = self.queues.borrow_mut();
            let waiting = all.entry(queue).or_default();
            waiting.push((key.to_owned(), to));
            waiting.len() == 1
        };
        if first {
            sleep(GATHER).await;
            let waiting = self.queues.borrow_mut().remove(&queue).unwrap_or_default();
            self.serve(kind, provider, waiting).await;
        }
        // The one who gathers always answers all; a lost answer means that it was cancelled.
        answer.await.unwrap_or(Ok(None))
    }

    async fn serve(&self, kind: &'static dyn Kind, provider: &Provider, waiting: Queue) {
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
        let delay = FIRST_DELAY.mul_f64(1.5f64.powi(turn.min(12) as i32)).min(LONGEST_DELAY);
        let due = self.start.elapsed() + delay;
        // Whole seconds since the start: those who wait wake together and share a call.
        let whole = Duration::from_secs(due.as_secs().max(1));
        sleep_until(self.start + whole.max(self.start.elapsed() + delay / 2)).await;
    }
}
