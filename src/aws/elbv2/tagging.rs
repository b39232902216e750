//! Tags of everything of load balancing: twenty things a call, of all types together.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::types::Tag;

use super::{ARNS, described, there};
use crate::aws::tags::MARK;
use crate::aws::{Aws, Error, Result};
use crate::resource::Tags;

/// Tags in a create call; nothing where there are none.
pub fn tagged(tags: &Tags) -> Option<Vec<Tag>> {
    let all = || tags.iter().map(|(k, v)| Tag::builder().key(k).value(v).build()).collect();
    (!tags.is_empty()).then(all)
}

/// The tags of the things with these ARNs. Reads of several types that ask at the same moment ask
/// together.
pub async fn tags(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Tags>> {
    match aws.exact() {
        true => listed(aws, arns).await,
        false => aws.together("tags of load balancing", arns, async |all| listed(aws, &all).await).await,
    }
}

async fn listed(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Tags>> {
    let all = described(arns, async |some| {
        let answer = aws.elbv2().describe_tags().set_resource_arns(Some(some)).send().await?;
        Ok(answer.tag_descriptions.unwrap_or_default())
    });
    let pair = |it: Tag| Some((it.key?, it.value.unwrap_or_default()));
    let each = all.await?.into_iter().map(|it| {
        let tags = it.tags.unwrap_or_default().into_iter().filter_map(pair).collect();
        (it.resource_arn.unwrap_or_default(), tags)
    });
    Ok(each.collect())
}

/// The one of these that a create with this token has made: by the tag that it set.
pub async fn marked(aws: &Aws, arns: &[String], token: &str) -> Result<Option<String>> {
    let all = listed(aws, arns).await?;
    let mut all = all.into_iter().filter(|it| it.1.get(MARK).is_some_and(|it| it == token));
    Ok(all.next().map(|it| it.0))
}

/// [`crate::aws::tags::change`] for everything of load balancing.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.elbv2().remove_tags().resource_arns(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.elbv2().add_tags().resource_arns(arn).set_tags(tagged(set)).send().await?;
    }
    Ok(())
}

/// Takes [`MARK`] off all of these.
pub async fn unmark(aws: &Aws, arns: &[String]) -> Result<()> {
    let remove = async |some: &[String]| {
        let call = aws.elbv2().remove_tags().set_resource_arns(Some(some.to_vec())).tag_keys(MARK);
        call.send().await?;
        Ok::<_, Error>(())
    };
    for some in arns.chunks(ARNS) {
        // One that is gone already spoils it for all.
        if there(remove(some).await)?.is_none() {
            for one in some {
                there(remove(std::slice::from_ref(one)).await)?;
            }
        }
    }
    Ok(())
}
