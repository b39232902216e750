//! S3, and what its types share.

pub mod acl;
mod blockers;
pub mod bucket;
pub mod bucket_object;
pub mod bucket_policy;
pub mod cors;
pub mod encryption;
pub mod lifecycle;
pub mod logging;
pub mod lookup;
pub mod notification;
pub mod object;
pub mod ownership_controls;
pub mod public_access_block;
pub mod replication;
pub mod versioning;
pub mod website;

use futures::stream::{self, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::Result;
use crate::resource::{Live, Passing, Resource};

/// A bucket, and the account that it must belong to where the stack says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub bucket: String,
    pub owner: Option<String>,
}

impl Place {
    pub fn new(bucket: &str, owner: Option<&str>) -> Self {
        let owner = owner.filter(|it| !it.is_empty()).map(str::to_owned);
        Place { bucket: bucket.to_owned(), owner }
    }

    /// `bucket`, or `bucket,account`.
    pub fn parse(id: &str) -> Self {
        let (bucket, owner) = id.split_once(',').map_or((id, None), |(bucket, owner)| (bucket, Some(owner)));
        Place::new(bucket, owner)
    }

    pub fn id(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{},{owner}", self.bucket),
            None => self.bucket.clone(),
        }
    }
}

/// S3 answers about one bucket a call: many calls at once.
pub async fn each<K, R: Resource, F: Future<Output = Result<Option<Live<R>>>>>(
    keys: &[K],
    one: impl Fn(K) -> F,
) -> Result<Vec<Live<R>>>
where
    K: Clone,
{
    let found = stream::iter(keys.to_vec()).map(one).buffer_unordered(50);
    found.try_filter_map(async |it| Ok(it)).try_collect().await
}

/// `None` where there is none.
pub fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// What passes with time for all of S3's types.
pub const S3: &[Passing] = &[
    Passing::unseen("NoSuchBucket"),
    // Another change of the bucket is under way.
    Passing::busy("OperationAborted"),
    Passing::busy("ServiceUnavailable"),
    Passing::busy("SlowDown"),
    // A role that was made a moment ago is no principal yet.
    Passing::unseen("MalformedPolicy").saying("principal in policy"),
];
