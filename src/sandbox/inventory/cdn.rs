//! CloudFront's things.

use aws_sdk_cloudfront::types::CachePolicyType;

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub(super) async fn inventory(aws: &Aws, all: &mut Ids) -> Result<()> {
    let cdn = aws.cloudfront();
    let found = cdn.list_distributions().into_paginator().items().send().try_collect().await?;
    add(all, "distribution", found.into_iter().map(|it| Some(it.id)));
    let found = cdn.list_origin_access_controls().into_paginator().items().send().try_collect().await?;
    add(all, "origin-access-control", found.into_iter().map(|it| Some(it.id)));
    let found = cdn.list_cloud_front_origin_access_identities().into_paginator().items().send();
    add(all, "origin-access-identity", found.try_collect().await?.into_iter().map(|it| Some(it.id)));
    let found = cdn.list_functions().send().await?.function_list.and_then(|it| it.items);
    // Once for each of its stages.
    let stage = |it: aws_sdk_cloudfront::types::FunctionSummary| {
        let stage = it.function_metadata.and_then(|it| it.stage).map(|it| it.as_str().to_owned());
        Some(format!("{} {}", it.name, stage.unwrap_or_default()))
    };
    add(all, "function", found.into_iter().flatten().map(stage));
    let found = cdn.list_cache_policies().r#type(CachePolicyType::Custom).send().await?.cache_policy_list;
    let policies = found.and_then(|it| it.items).unwrap_or_default().into_iter();
    add(all, "cache-policy", policies.map(|it| it.cache_policy.map(|it| it.id)));
    Ok(())
}
