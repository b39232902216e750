//! Simple Notification Service, and what its types share.

pub mod subscription;
pub mod topic;
pub mod topic_policy;

use std::collections::{BTreeMap, HashMap};

use aws_sdk_sns::types::Tag;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::{Aws, Error, Result};
use crate::resource::{Live, Op, Passing, Resource, Tags};
use crate::schema::{Form, equal};

/// How many things are asked about at once: SNS answers about one a call.
const AT_ONCE: usize = 20;

/// What passes with time for all of SNS's types.
pub const SNS: &[Passing] = &[
    // A topic that was made a moment ago is not known to all of SNS yet.
    Passing::unseen("NotFound"),
    // Nor is a role a principal.
    Passing::unseen("InvalidParameter").saying("PrincipalNotFound"),
    // Nor is everybody told of the tags that allow it.
    Passing::unseen("AuthorizationError").saying("no identity-based policy allows").on(&[Op::Update]),
    Passing::busy("ConcurrentAccess"),
];

/// What a topic or a subscription says, by SNS's names.
type Attributes = HashMap<String, String>;

/// What SNS should hold, by its names; empty where nothing is said.
type Wanted = BTreeMap<&'static str, String>;

/// Reads each of these by itself; what is gone is left out.
async fn each<R: Resource>(
    arns: &[String],
    ask: impl AsyncFn(&str) -> Result<Option<Attributes>>,
    live: impl Fn(&str, Attributes) -> Live<R>,
) -> Result<Vec<Live<R>>> {
    let (ask, live) = (&ask, &live);
    let asked = stream::iter(arns)
        .map(|arn| async move { Ok::<_, Error>(there(ask(arn).await)?.flatten().map(|it| live(arn, it))) });
    asked.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
}

/// What a topic says: in a refresh one answer for everybody who asks about it.
async fn topic_attributes(aws: &Aws, arn: &str) -> Result<Option<Attributes>> {
    let ask = async { Ok(aws.sns().get_topic_attributes().topic_arn(arn).send().await?.attributes) };
    aws.shared(&format!("sns topic {arn}"), ask).await
}

/// What differs: in documents, by what it means.
fn changes(wanted: Wanted, was: &Wanted, documents: &[&str]) -> Wanted {
    let same =
        |name: &str, a: &str, b: &str| a == b || documents.contains(&name) && equal::same(Form::Json, a, b);
    let old = |name: &str| was.get(name).map(String::as_str).unwrap_or_default();
    wanted.into_iter().filter(|(name, it)| !same(name, it, old(name))).collect()
}

/// `None` where there is none.
fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

fn tags(tags: &Tags) -> Result<Option<Vec<Tag>>> {
    let each = tags.iter().map(|(k, v)| Tag::builder().key(k).value(v).build());
    let all = each.map(crate::aws::shape::built).collect::<Result<Vec<_>>>()?;
    Ok(Some(all).filter(|it| !it.is_empty()))
}

/// [`super::tags::change`] for topics.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        aws.sns().untag_resource().resource_arn(arn).set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.sns().tag_resource().resource_arn(arn).set_tags(tags(set)?).send().await?;
    }
    Ok(())
}

/// [`super::tags::unmark`] for topics.
pub async fn unmark(aws: &Aws, arns: &[String]) -> Result<()> {
    let each = stream::iter(arns).map(|arn| async move {
        let call = aws.sns().untag_resource().resource_arn(arn).tag_keys(super::tags::MARK);
        there(call.send().await.map_err(Error::from)).map(drop)
    });
    each.buffer_unordered(AT_ONCE).try_collect().await
}

/// Each topic's tags, asked of SNS itself; `None` where a topic is gone.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(AT_ONCE).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    let answer = aws.sns().list_tags_for_resource().resource_arn(arn).send().await;
    let tags = there(answer.map_err(Error::from))?.map(|it| it.tags.unwrap_or_default());
    Ok(tags.map(|it| it.into_iter().map(|it| (it.key, it.value)).collect()))
}
