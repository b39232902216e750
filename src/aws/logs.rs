//! CloudWatch Logs, and what its types share.

pub mod log_group;
pub mod log_stream;
pub mod lookup;
pub mod metric_filter;
pub mod resource_policy;

use std::collections::HashMap;

use futures::stream::{self, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

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

/// What passes with time for what is in a log group.
pub const IN_GROUP: &[Passing] = &[
    Passing::busy("OperationAbortedException").saying("try again"),
    Passing::unseen("ResourceNotFoundException").saying("log group does not exist"),
];

/// What passes with time for policies.
pub const POLICIES: &[Passing] = &[Passing::busy("OperationAbortedException").saying("try again")];

/// Where something in a log group is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The group's name.
    group: String,
    name: String,
}

impl Place {
    /// The group's name and that of what is in it.
    fn import(id: &str, what: &str) -> Result<Place> {
        match id.split_once(':') {
            Some((group, name)) if !group.is_empty() && !name.is_empty() && !name.contains(':') => {
                Ok(Place { group: group.to_owned(), name: name.to_owned() })
            }
            _ => Err(Error::Invalid(format!("say the log group's name and the {what}'s: `group:{what}`"))),
        }
    }
}

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
