//! Tags of roles and policies.

use std::collections::HashMap;

use aws_config::Region;
use aws_sdk_iam::types::Tag;
use serde_json::Value as Json;

use super::{details, each};
use crate::aws::{Aws, Error, Result};
use crate::resource::Tags;

/// Tags as a call takes them; nothing where there are none.
pub(super) fn sent_tags(tags: &Tags) -> Result<Option<Vec<Tag>>> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let all = tags.iter().map(tag).collect::<std::result::Result<Vec<_>, _>>();
    let all = all.map_err(|it| Error::Invalid(it.to_string()))?;
    Ok((!all.is_empty()).then_some(all))
}

pub(super) fn seen_tags(tags: Option<Vec<Tag>>) -> Tags {
    tags.unwrap_or_default().into_iter().map(|it| (it.key, it.value)).collect()
}

/// [`crate::aws::tags::change`] for roles.
pub async fn change_role_tags(aws: &Aws, role: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        aws.iam().untag_role().role_name(role).set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.iam().tag_role().role_name(role).set_tags(sent_tags(set)?).send().await?;
    }
    Ok(())
}

/// [`crate::aws::tags::change`] for policies.
pub async fn change_policy_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        aws.iam().untag_policy().policy_arn(arn).set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.iam().tag_policy().policy_arn(arn).set_tags(sent_tags(set)?).send().await?;
    }
    Ok(())
}

/// [`crate::aws::tags::read`] for policies: the account's details are silent about their tags.
pub async fn policy_tags(aws: &Aws, all: &[&Json]) -> Result<Vec<Option<Tags>>> {
    let arn = |it: &&Json| it.get("arn").and_then(Json::as_str).unwrap_or_default().to_owned();
    let arns = all.iter().map(arn).collect::<Vec<_>>();
    if !aws.exact() && arns.len() > 1 {
        match known_tags(aws, &arns).await {
            Ok(known) => return Ok(arns.iter().map(|it| known.get(it).cloned()).collect()),
            Err(error) if details::declined(&error) => {}
            Err(error) => return Err(error),
        }
    }
    let known = each(&arns, async |arn| Ok((arn.clone(), tags_of(aws, arn).await?))).await?;
    let known = known.into_iter().collect::<HashMap<_, _>>();
    Ok(arns.iter().map(|it| known.get(it).cloned()).collect())
}

/// As the tagging service knows them, which may lag. It leaves out what was never tagged.
async fn known_tags(aws: &Aws, arns: &[String]) -> Result<HashMap<String, Tags>> {
    let home = aws_sdk_resourcegroupstagging::config::Builder::new().region(home(aws));
    let mut known = arns.iter().map(|it| (it.clone(), Tags::new())).collect::<HashMap<_, _>>();
    for some in arns.chunks(100) {
        let call = aws.tagging().get_resources().set_resource_arn_list(Some(some.to_vec()));
        let answer = call.customize().config_override(home.clone()).send().await?;
        for it in answer.resource_tag_mapping_list.unwrap_or_default() {
            let tags = it.tags.unwrap_or_default().into_iter().map(|it| (it.key, it.value)).collect();
            known.insert(it.resource_arn.unwrap_or_default(), tags);
        }
    }
    Ok(known)
}

/// Where the tagging service keeps what belongs to no region.
fn home(aws: &Aws) -> Region {
    Region::new(match aws.partition() {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    })
}

async fn tags_of(aws: &Aws, policy: &str) -> Result<Tags> {
    let pages = aws.iam().list_policy_tags().policy_arn(policy).into_paginator().items().send();
    Ok(seen_tags(Some(pages.try_collect().await?)))
}
