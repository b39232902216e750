//! Cloud Map (service discovery), and what its types share.

pub mod lookup;
pub mod private_dns_namespace;
pub mod service;

use aws_sdk_servicediscovery::types::{self as sdk, Tag};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::{Aws, Error, Result};
use crate::aws::shape::built;
use crate::resource::{Passing, Tags};

/// What passes with time for all of Cloud Map's types.
pub const SERVICEDISCOVERY: &[Passing] = &[
    Passing::unseen("NamespaceNotFound"),
    // Instances that ECS takes out, and services that are removed, go on being there for a moment.
    Passing::in_use("ResourceInUse"),
    Passing::busy("DuplicateRequest"),
];

fn sent_tags(tags: &Tags) -> Result<Option<Vec<Tag>>> {
    let all = tags.iter().map(|(k, v)| built(Tag::builder().key(k).value(v).build()));
    let all = all.collect::<Result<Vec<_>>>()?;
    Ok((!all.is_empty()).then_some(all))
}

/// [`super::tags::change`] for everything of Cloud Map's.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.servicediscovery().untag_resource().resource_arn(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.servicediscovery().tag_resource().resource_arn(arn).set_tags(sent_tags(set)?).send().await?;
    }
    Ok(())
}

/// Each thing's tags, asked of Cloud Map itself.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(10).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    let answer = aws.servicediscovery().list_tags_for_resource().resource_arn(arn).send().await;
    match answer.map_err(Error::from) {
        Ok(it) => Ok(Some(it.tags.unwrap_or_default().into_iter().map(|it| (it.key, it.value)).collect())),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// The page of all that a read of several looks at; what is not on it is asked about by itself.
const PAGE: i32 = 100;

/// How long after a look at an operation the next one comes.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(2);

/// The id of what an operation makes. There is none to be had before it is over.
async fn outcome(aws: &Aws, operation: Option<String>, of: sdk::OperationTargetType) -> Result<String> {
    let id = operation.ok_or(Error::Incomplete("the operation's id"))?;
    loop {
        let answer = aws.servicediscovery().get_operation().operation_id(&id).send().await?;
        let it = answer.operation.ok_or(Error::Incomplete("the operation"))?;
        match it.status {
            Some(sdk::OperationStatus::Success) => {
                let made = it.targets.and_then(|mut it| it.remove(&of));
                return made.ok_or(Error::Incomplete("the id of what was made"));
            }
            Some(sdk::OperationStatus::Fail) => {
                return Err(Error::Refused {
                    code: it.error_code.unwrap_or_default(),
                    message: it.error_message.unwrap_or_else(|| "AWS gives no reason".to_owned()),
                    request: None,
                });
            }
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
}
