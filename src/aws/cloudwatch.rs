//! CloudWatch: alarms and dashboards.

pub mod alarm;
pub mod dashboard;
mod query;

use aws_sdk_cloudwatch::types::Tag;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::{Aws, Error, Result};
use crate::resource::{Passing, Tags};

/// How many things are asked about at once, where CloudWatch answers about one a call.
const AT_ONCE: usize = 20;

/// What passes with time for all of CloudWatch's types.
pub const CLOUDWATCH: &[Passing] = &[Passing::busy("ConcurrentModificationException")];

fn tags(tags: &Tags) -> Option<Vec<Tag>> {
    let all = tags.iter().map(|(k, v)| Tag::builder().key(k).value(v).build());
    Some(all.collect()).filter(|it: &Vec<_>| !it.is_empty())
}

/// [`super::tags::change`] for alarms.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.cloudwatch().untag_resource().resource_arn(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.cloudwatch().tag_resource().resource_arn(arn).set_tags(tags(set)).send().await?;
    }
    Ok(())
}

/// Each alarm's tags, asked of CloudWatch itself; `None` where an alarm is gone.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    let asked = stream::iter(arns).map(|arn| async move {
        match aws.cloudwatch().list_tags_for_resource().resource_arn(arn).send().await.map_err(Error::from) {
            Ok(it) => {
                let all = it.tags.unwrap_or_default().into_iter();
                Ok(Some(all.filter_map(|it| Some((it.key?, it.value.unwrap_or_default()))).collect()))
            }
            Err(it) if it.is_missing() => Ok(None),
            Err(it) => Err(it),
        }
    });
    asked.buffered(AT_ONCE).try_collect().await
}
