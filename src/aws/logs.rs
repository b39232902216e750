//! CloudWatch Logs, and what its types share.

pub mod log_group;
pub mod lookup;

use std::collections::HashMap;

use futures::stream::{self, StreamExt, TryStreamExt};

use super::{Aws, Error, Result};
use crate::resource::{Op, Passing, Tags};

/// What passes with time for all of CloudWatch Logs' types.
pub const LOGS: &[Passing] = &[
    Passing::busy("OperationAbortedException").saying("try again"),
    Passing::unseen("ResourceNotFoundException").on(&[Op::Update]),
    // A role that was allowed to a moment ago, and a key whose policy was written a moment ago.
    Passing::unseen("AccessDeniedException")
        .saying("no identity-based policy allows the logs:PutRetentionPolicy action")
        .on(&[Op::Update]),
    Passing::unseen("InvalidParameterException").saying("The specified KMS key does not exist"),
];

fn tags(tags: &Tags) -> Option<HashMap<String, String>> {
    (!tags.is_empty()).then(|| tags.clone().into_iter().collect())
}

/// [`super::tags::change`] for everything of CloudWatch Logs'.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.logs().untag_resource().resource_arn(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.logs().tag_resource().resource_arn(arn).set_tags(tags(set)).send().await?;
    }
    Ok(())
}

/// Each thing's tags, asked of CloudWatch Logs itself.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(5).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    match aws.logs().list_tags_for_resource().resource_arn(arn).send().await.map_err(Error::from) {
        Ok(it) => Ok(Some(it.tags.unwrap_or_default().into_iter().collect())),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}
