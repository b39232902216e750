//! Tags of roles, users and policies.

use std::collections::HashMap;

use aws_config::Region;
use aws_sdk_iam::types::Tag;

use super::each;
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

/// [`crate::aws::tags::change`] for users.
pub async fn change_user_tags(aws: &Aws, user: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        aws.iam().untag_user().user_name(user).set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.iam().tag_user().user_name(user).set_tags(sent_tags(set)?).send().await?;
    }
    Ok(())
}

/// [`crate::aws::tags::change`] for instance profiles.
pub async fn change_profile_tags(aws: &Aws, name: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.iam().untag_instance_profile().instance_profile_name(name);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        let call = aws.iam().tag_instance_profile().instance_profile_name(name);
        call.set_tags(sent_tags(set)?).send().await?;
    }
    Ok(())
}

/// [`crate::aws::tags::change`] for OpenID Connect providers.
pub async fn change_openid_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.iam().untag_open_id_connect_provider().open_id_connect_provider_arn(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        let call = aws.iam().tag_open_id_connect_provider().open_id_connect_provider_arn(arn);
        call.set_tags(sent_tags(set)?).send().await?;
    }
    Ok(())
}

/// Each instance profile's tags, asked of IAM itself: a list of them is silent about them.
pub async fn profile_tags(aws: &Aws, names: &[String]) -> Result<Vec<Option<Tags>>> {
    let ask = async |name: &String| {
        let pages = aws.iam().list_instance_profile_tags().instance_profile_name(name);
        let tags = pages.into_paginator().items().send().try_collect().await?;
        Ok((name.clone(), seen_tags(Some(tags))))
    };
    let known = each(names, ask).await?.into_iter().collect::<HashMap<_, _>>();
    Ok(names.iter().map(|it| known.get(it).cloned()).collect())
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

/// Each policy's tags, asked of IAM itself: the account's details are silent about them.
pub async fn policy_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    let known = each(arns, async |arn| Ok((arn.clone(), tags_of(aws, arn).await?))).await?;
    let known = known.into_iter().collect::<HashMap<_, _>>();
    Ok(arns.iter().map(|it| known.get(it).cloned()).collect())
}

/// Where the tagging service keeps what belongs to no region.
pub fn home(aws: &Aws) -> Region {
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
