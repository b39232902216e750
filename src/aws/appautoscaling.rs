//! Application Auto Scaling, and what its types share.

pub mod policy;
pub mod scheduled_action;
pub mod target;

use futures::stream::{self, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use super::{Aws, Error, Result};
use crate::resource::{Passing, Tags};

/// What passes with time for all of Application Auto Scaling's types.
pub const APPAUTOSCALING: &[Passing] = &[
    Passing::busy("ConcurrentUpdateException"),
    Passing::busy("FailedResourceAccessException").saying("Rate exceeded"),
    // The role that it works with was made a moment ago, or what the target is.
    Passing::unseen("FailedResourceAccessException"),
    Passing::unseen("ValidationException").saying("Unable to assume IAM role"),
    Passing::unseen("ValidationException").saying("ECS service doesn't exist"),
    Passing::unseen("ObjectNotFoundException"),
];

/// What is scaled: a dimension of something, by the service that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scaled {
    pub namespace: String,
    pub resource: String,
    pub dimension: String,
}

/// [`super::tags::change`] for everything of Application Auto Scaling's.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.appautoscaling().untag_resource().resource_arn(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        let tags = set.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        aws.appautoscaling().tag_resource().resource_arn(arn).set_tags(Some(tags)).send().await?;
    }
    Ok(())
}

/// Each thing's tags, asked of the service itself.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(10).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    let answer = aws.appautoscaling().list_tags_for_resource().resource_arn(arn).send().await;
    match answer.map_err(Error::from) {
        Ok(it) => Ok(Some(it.tags.unwrap_or_default().into_iter().collect())),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}
