//! CloudFront, and what its types share.

mod blockers;
pub mod cache_policy;
pub mod distribution;
pub mod function;
pub mod lookup;
pub mod origin_access_control;
pub mod origin_access_identity;
pub mod origin_request_policy;
pub mod response_headers_policy;
mod tagging;

pub use tagging::{change_tags, list_tags};

use futures::stream::{self, StreamExt, TryStreamExt};

use super::{Aws, Error, Result};
use crate::resource::{Live, Passing, Resource};

/// What passes with time for all of CloudFront's types.
pub const CLOUDFRONT: &[Passing] = &[
    // It has been changed since its version was asked for: the next attempt asks again.
    Passing::busy("PreconditionFailed"),
    // A certificate that was made a moment ago.
    Passing::unseen("InvalidViewerCertificate").saying("doesn't exist, isn't in us-east-1"),
    Passing::busy("IllegalUpdate"),
];

/// CloudFront answers about one thing a call: several calls at once.
async fn each<K, R: Resource, F: Future<Output = Result<Option<Live<R>>>>>(
    keys: &[K],
    one: impl Fn(K) -> F,
) -> Result<Vec<Live<R>>>
where
    K: Clone,
{
    let found = stream::iter(keys.to_vec()).map(one).buffer_unordered(16);
    found.try_filter_map(async |it| Ok(it)).try_collect().await
}

/// `None` where there is none.
fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// Sends a change that names the version that it changes. Where `known` is not the newest one any more,
/// that is asked for, and the change is sent again.
async fn at_version<T>(
    known: &str,
    newest: impl AsyncFnOnce() -> Result<Option<String>>,
    send: impl AsyncFn(String) -> Result<T>,
) -> Result<T> {
    if !known.is_empty() {
        match send(known.to_owned()).await {
            Err(it) if matches!(it.code(), Some("PreconditionFailed" | "InvalidIfMatchVersion")) => {}
            done => return done,
        }
    }
    send(newest().await?.ok_or(Error::Incomplete("its version"))?).await
}

/// An ARN of CloudFront's, which belongs to no region. A refresh takes it from the state instead of asking
/// whose account this is.
async fn arn(aws: &Aws, resource: &str) -> Result<String> {
    if !aws.exact() {
        return Ok(String::new());
    }
    let account = &aws.account().await?.id;
    Ok(format!("arn:{}:cloudfront::{account}:{resource}", aws.partition()))
}

/// What an answer about one thing says nothing about.
fn unread(aws: &Aws) -> &'static [&'static str] {
    if aws.exact() { &[] } else { &["arn"] }
}

/// How many there are of what the API wants counted.
fn quantity<T>(all: &[T]) -> i32 {
    i32::try_from(all.len()).unwrap_or(i32::MAX)
}
