//! Taking a lock: what is asked for, and what comes of it.

use std::time::Duration;

use tokio::time::Instant;

use super::Backend;
use crate::state::lease::Pulse;
use crate::state::lease::watch::{Sign, Watch};
use crate::state::{Error, LockInfo, Result};

/// A lock to take.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What it is to say.
    pub info: LockInfo,
    /// How long to wait for somebody else's.
    pub patience: Duration,
    /// How long it is to last without a heartbeat; without it there is none, and it lasts for ever.
    pub lease: Option<Duration>,
    /// The number of its next heartbeat.
    pub(super) beat: u64,
}

impl Claim {
    pub fn new(info: LockInfo, patience: Duration, lease: Option<Duration>) -> Claim {
        Claim { info, patience, lease, beat: 0 }
    }

    pub(super) fn pulse(&self) -> Option<Pulse> {
        self.lease.map(|it| Pulse::new(it, self.beat))
    }
}

/// A lock that was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Whose it was.
    pub holder: LockInfo,
    /// For how long we have seen no sign of life.
    pub silence: Duration,
    /// When its last one was, by its own clock.
    pub last: String,
}

/// What one attempt came to.
#[derive(Debug)]
pub(super) enum Claimed {
    Ours { etag: Option<String>, from: Option<Box<Taken>> },
    Theirs(Box<LockInfo>, Sign),
}

/// How often a lock may be gone again by the time it is looked at.
pub(super) const GONE_AGAIN: usize = 3;

/// What whoever waits for a lock is told.
pub enum Notice<'a> {
    /// Somebody is at work.
    Held(&'a LockInfo),
    /// Somebody was at work and gives no sign of life.
    Silent(&'a LockInfo),
    /// Somebody was at work, and is gone.
    TakenOver(&'a Taken),
}

impl Backend {
    /// Takes the lock. While somebody else holds it and is alive, tries again until the patience is over;
    /// whether somebody is alive, it always waits to see: that takes no longer than their lock lasts.
    pub async fn lock(&self, claim: &Claim, mut tell: impl FnMut(Notice<'_>)) -> Result<()> {
        let start = Instant::now();
        let mut watch = Watch::default();
        let mut delay = Duration::from_millis(500);
        let (mut held, mut silent) = (false, false);
        loop {
            let (mut holder, sign) = match self.claim(claim, &mut watch).await? {
                Claimed::Theirs(holder, sign) => (holder, sign),
                Claimed::Ours { from, .. } => {
                    if let Some(it) = from {
                        if !silent {
                            tell(Notice::Silent(&it.holder));
                        }
                        tell(Notice::TakenOver(&it));
                    }
                    return Ok(());
                }
            };
            holder.alive = sign == Sign::Alive && !holder.id.is_empty();
            let left = claim.patience.saturating_sub(start.elapsed());
            if left.is_zero() && !sign.is_open() {
                return Err(Error::Locked(holder));
            }
            if !left.is_zero() && !std::mem::replace(&mut held, true) {
                tell(Notice::Held(&holder));
            }
            if sign == Sign::Silent && !std::mem::replace(&mut silent, true) {
                tell(Notice::Silent(&holder));
            }
            silent &= sign == Sign::Silent;
            if sign.is_open() {
                tokio::time::sleep(watch.pause()).await;
            } else {
                tokio::time::sleep(delay.min(left)).await;
                delay = (delay * 3 / 2).min(Duration::from_secs(10)).min(watch.interval());
            }
        }
    }

    async fn claim(&self, claim: &Claim, watch: &mut Watch) -> Result<Claimed> {
        match self {
            Backend::Local(it) => match it.lock(&claim.info) {
                Err(Error::Locked(holder)) => Ok(Claimed::Theirs(holder, Sign::None)),
                other => other.map(|()| Claimed::Ours { etag: None, from: None }),
            },
            Backend::S3(it) => it.lock(claim, watch).await,
        }
    }
}
