//! ECR, and what its types share.

mod blockers;
pub mod lifecycle_policy;
pub mod lookup;
pub mod repository;
pub mod repository_policy;

use aws_sdk_ecr::types::Tag;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::{Aws, Error, Result};
use crate::aws::shape::built;
use crate::resource::{Op, Passing, Tags};

/// What passes with time for all of ECR's types.
pub const ECR: &[Passing] = &[Passing::unseen("RepositoryNotFoundException").on(&[Op::Update])];

/// The same for policies, which need their repository from the first.
const POLICIES: &[Passing] = &[Passing::unseen("RepositoryNotFoundException")];

/// How many policies are asked about at once.
const AT_ONCE: usize = 20;

/// `None` where there is no such thing, or not any more.
fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Err(error) if error.is_missing() => Ok(None),
        answer => answer.map(Some),
    }
}

/// A document without blanks, its names in order.
fn compact(document: &str) -> String {
    let json = serde_json::from_str::<serde_json::Value>(document).map(|mut it| {
        it.sort_all_objects();
        it.to_string()
    });
    json.unwrap_or_else(|_| document.to_owned())
}

fn tags(tags: &Tags) -> Result<Option<Vec<Tag>>> {
    let all = tags.iter().map(|(k, v)| built(Tag::builder().key(k).value(v).build()));
    let all = all.collect::<Result<Vec<_>>>()?;
    Ok((!all.is_empty()).then_some(all))
}

/// [`super::tags::change`] for everything of ECR's.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.ecr().untag_resource().resource_arn(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.ecr().tag_resource().resource_arn(arn).set_tags(tags(set)?).send().await?;
    }
    Ok(())
}

/// Each thing's tags, asked of ECR itself.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(10).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    match aws.ecr().list_tags_for_resource().resource_arn(arn).send().await.map_err(Error::from) {
        Ok(it) => {
            let all = it.tags.unwrap_or_default().into_iter();
            Ok(Some(all.map(|it| (it.key, it.value)).collect()))
        }
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}
