//! SQS, and what its types share.

pub mod lookup;
pub mod queue;
pub mod queue_policy;
pub mod queue_redrive_policy;

use std::collections::HashMap;

use aws_sdk_sqs::types::QueueAttributeName as Name;
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use super::{Aws, Error, Result};
use crate::resource::{Live, Op, Passing, Resource, Tags};
use crate::schema::{Form, equal};

/// How many queues are asked about at once: SQS answers about one a call.
const AT_ONCE: usize = 50;

/// A queue's attributes, by SQS's names.
type Attributes = HashMap<Name, String>;

/// Reads each of these queues and makes of its attributes what `live` does of them. A queue that is
/// gone is left out, and so is what `live` makes nothing of.
async fn each<R: Resource>(
    aws: &Aws,
    urls: &[String],
    wanted: Name,
    live: impl Fn(&str, Attributes) -> Option<Live<R>>,
) -> Result<Vec<Live<R>>> {
    let (wanted, live) = (&wanted, &live);
    let asked = stream::iter(urls).map(|url| async move {
        let found = there(attributes(aws, url, wanted.clone()).await)?;
        Ok::<_, Error>(found.and_then(|it| live(url, it)))
    });
    asked.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
}

/// Attributes of a queue: in a refresh all of them, for everybody who asks about it.
async fn attributes(aws: &Aws, url: &str, wanted: Name) -> Result<Attributes> {
    let wanted = if aws.exact() { wanted } else { Name::All };
    let ask = async {
        let call = aws.sqs().get_queue_attributes().queue_url(url).attribute_names(wanted);
        Ok(call.send().await?.attributes.unwrap_or_default())
    };
    aws.shared(&format!("sqs {url}"), ask).await
}

async fn set_attributes(aws: &Aws, url: &str, attributes: Attributes) -> Result<()> {
    if !attributes.is_empty() {
        let call = aws.sqs().set_queue_attributes().queue_url(url);
        call.set_attributes(Some(attributes)).send().await?;
    }
    Ok(())
}

/// Whether two texts of an attribute mean the same.
fn same(name: &Name, a: &str, b: &str) -> bool {
    let json = matches!(name, Name::Policy | Name::RedrivePolicy | Name::RedriveAllowPolicy);
    a == b || (json && equal::same(Form::Json, a, b))
}

/// `None` where there is none.
fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// What passes with time for all of SQS's types.
pub const SQS: &[Passing] = &[
    // A name cannot be used again for a minute after its queue is deleted.
    Passing::busy("*QueueDeletedRecently").on(&[Op::Create]),
    Passing::unseen("*QueueDoesNotExist"),
    Passing::unseen("*NonExistentQueue"),
    // A role that was made a moment ago is no principal yet; nor is a queue a place for dead letters.
    Passing::unseen("InvalidAttributeValue").saying("Invalid value for the parameter Policy"),
    Passing::unseen("InvalidParameterValue").saying("Dead letter target does not exist"),
];

/// [`super::tags::change`] for queues.
pub async fn change_tags(aws: &Aws, url: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        aws.sqs().untag_queue().queue_url(url).set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        let set = set.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        aws.sqs().tag_queue().queue_url(url).set_tags(Some(set)).send().await?;
    }
    Ok(())
}

/// Each queue's tags, asked of SQS itself; `None` where a queue is gone.
pub async fn list_tags(aws: &Aws, queues: &[&Value]) -> Result<Vec<Option<Tags>>> {
    let url = |it: &&Value| it.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
    let urls = queues.iter().map(url).collect::<Vec<_>>();
    stream::iter(&urls).map(|url| tags_of(aws, url)).buffered(AT_ONCE).try_collect().await
}

async fn tags_of(aws: &Aws, url: &str) -> Result<Option<Tags>> {
    let answer = aws.sqs().list_queue_tags().queue_url(url).send().await;
    let tags = there(answer.map_err(Error::from))?.map(|it| it.tags.unwrap_or_default());
    Ok(tags.map(|it| it.into_iter().collect()))
}
