//! Security groups, for all that read them: groups, default groups and rules in the older form. A refresh asks
//! for all that any of them needs at once.

use aws_sdk_ec2::types::SecurityGroup;

use super::described;
use crate::aws::{Aws, Result};

/// The groups with these ids; those that do not exist are left out.
pub async fn by_ids(aws: &Aws, ids: &[String]) -> Result<Vec<SecurityGroup>> {
    if aws.exact() {
        return ask(aws, ids).await;
    }
    let by_id = async |ids: Vec<String>| {
        let groups = ask(aws, &ids).await?.into_iter();
        Ok(groups.filter_map(|it| Some((it.group_id.clone()?, it))).collect())
    };
    Ok(aws.together("ec2 security groups", ids, by_id).await?.into_values().collect())
}

async fn ask(aws: &Aws, ids: &[String]) -> Result<Vec<SecurityGroup>> {
    let groups = described(aws, "group-id", ids, async |ids, filters| {
        let call = aws.ec2().describe_security_groups().set_group_ids(ids).set_filters(filters);
        Ok(call.into_paginator().items().send().try_collect().await?)
    });
    groups.await
}
