//! The thread in which a lock's heart beats: it goes on while the work computes, or waits for an answer
//! at the terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::LocalBoxFuture;
use tokio::sync::{Notify, watch};

use super::clock::Moment;
use super::{BEATS, Loss, Report, silent};

/// Why a heartbeat did not arrive.
#[derive(Debug)]
pub enum Missed {
    /// The lock is not ours any more: it never will be again.
    Lost(Loss),
    /// It may work the next time.
    Failed(String),
}

/// What writes heartbeats.
pub trait Beat {
    /// Writes the one with this number, if the lock is still ours.
    fn beat(&mut self, number: u64) -> LocalBoxFuture<'_, Result<(), Missed>>;
}

/// What the thread is told.
#[derive(Default)]
pub(super) struct Orders {
    ended: AtomicBool,
    news: Notify,
}

impl Orders {
    pub fn beat_now(&self) {
        self.news.notify_one();
    }

    pub fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.news.notify_one();
    }

    fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }
}

pub(super) fn spawn<B: Beat>(
    lease: Duration,
    reporter: watch::Sender<Report>,
    orders: Arc<Orders>,
    make: impl FnOnce() -> B + Send + 'static,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = std::thread::Builder::new().name("heartbeat".to_owned());
    let body = move || {
        // The first one is some time away: most commands are over by then, and connect to nothing.
        runtime.block_on(async {
            if wait(&orders, lease / BEATS).await {
                let mut heart = make();
                keep_up(&mut heart, lease, &reporter, &orders).await;
            }
        });
    };
    thread.spawn(body).map(drop)
}

/// Whether to go on after that.
async fn wait(orders: &Orders, pause: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = orders.news.notified() => {}
    }
    !orders.is_ended()
}

async fn keep_up(heart: &mut impl Beat, lease: Duration, reporter: &watch::Sender<Report>, orders: &Orders) {
    for number in 1.. {
        let sent = Moment::now();
        // One that hangs must not be in the way of the next.
        let done = tokio::time::timeout(lease / 2, heart.beat(number)).await;
        let done = done.unwrap_or_else(|_| Err(Missed::Failed("no answer in time".to_owned())));
        // One that was under way while we slept says nothing: its answer went to nobody.
        if matches!(done, Err(Missed::Failed(_))) && sent.age() > lease * 3 / 4 && !orders.is_ended() {
            continue;
        }
        let mut pause = lease / BEATS;
        let mut lost = false;
        reporter.send_modify(|report| {
            report.tries += 1;
            match done {
                Ok(()) => (report.beat, report.failure, report.loss) = (sent, None, None),
                Err(Missed::Lost(loss)) => {
                    report.loss = Some(loss);
                    lost = true;
                }
                Err(Missed::Failed(why)) => {
                    tracing::warn!("a heartbeat of the lock failed: {why}");
                    pause = lease / BEATS / 2;
                    if report.beat.age() >= lease {
                        report.loss = Some(silent(lease, Some(&why)));
                    }
                    report.failure = Some(why);
                }
            }
        });
        if lost || !wait(orders, pause).await {
            return;
        }
    }
}
