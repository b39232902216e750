//! The heartbeat of a lock that we hold in S3, in DynamoDB, or in both.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use super::S3;
use crate::aws;
use crate::aws::connect::Aside;
use crate::state::backend::claim::Claim;
use crate::state::lease::{Beat, Missed, Moment};
use crate::state::settings::S3Settings;
use crate::state::{Error, Lease, Result};

impl S3 {
    /// Lets the lock's heart beat until it is released.
    pub(super) fn keep_alive(&self, claim: &Claim, version: Option<String>, taken: Moment) -> Result<()> {
        let Some(length) = claim.lease else { return Ok(()) };
        let seed = Seed {
            aws: self.aws.aside(&self.settings.aws),
            settings: self.settings.clone(),
            env: self.env.clone(),
            path: self.path.clone(),
            item: self.item.clone(),
            claim: claim.clone(),
            version,
            within: length / 4,
        };
        let begun = Lease::begin(&claim.info.id, length, taken, move || seed.grow());
        let lease =
            begun.map_err(|it| Error::Refused(format!("no thread for the lock's heartbeat: {it}")))?;
        self.lease.replace(Some(Rc::new(lease)));
        Ok(())
    }

    pub(super) fn let_die(&self, id: &str) {
        self.lease.borrow_mut().take_if(|it| it.id() == id);
    }
}

/// What it takes in the other thread.
struct Seed {
    aws: Aside,
    settings: S3Settings,
    env: String,
    path: String,
    item: String,
    claim: Claim,
    version: Option<String>,
    within: Duration,
}

impl Seed {
    fn grow(self) -> Heart {
        let store = self.aws.connect(self.within).map(|aws| S3 {
            aws,
            settings: self.settings,
            env: self.env,
            path: self.path,
            item: self.item,
            encryption: Rc::default(),
            recorded: RefCell::default(),
            looked: std::cell::Cell::new(false),
            lease: RefCell::default(),
            owed: RefCell::default(),
        });
        Heart { store, claim: self.claim, version: self.version }
    }
}

struct Heart {
    store: aws::Result<S3>,
    claim: Claim,
    /// S3's version of the lock file.
    version: Option<String>,
}

impl Beat for Heart {
    fn beat(&mut self, number: u64) -> LocalBoxFuture<'_, std::result::Result<(), Missed>> {
        async move {
            self.claim.beat = number;
            let store = self.store.as_ref().map_err(|it| Missed::Failed(it.to_string()))?;
            if let Some(table) = store.table() {
                table.beat(&self.claim).await?;
            }
            match store.settings.use_lockfile {
                true => store.beat_object(&self.claim, &mut self.version).await,
                false => Ok(()),
            }
        }
        .boxed_local()
    }
}
