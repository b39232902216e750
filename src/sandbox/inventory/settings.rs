//! What is in log groups, groups of databases' options and clusters' parameters, and CloudFront's policies.

use aws_sdk_cloudfront::types::{OriginRequestPolicyType, ResponseHeadersPolicyType};

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub(super) async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    logs(aws, all).await?;
    databases(aws, all).await?;
    policies(aws, all).await
}

async fn logs(aws: &Aws, all: &mut Ids) -> Result<()> {
    let logs = aws.logs();
    let groups = logs.describe_log_groups().into_paginator().items().send().try_collect().await?;
    for group in groups.into_iter().filter_map(|it| it.log_group_name) {
        let streams = logs.describe_log_streams().log_group_name(&group).into_paginator().items().send();
        let names = streams.try_collect().await?.into_iter().filter_map(|it| it.log_stream_name);
        add(all, "log-stream", names.map(|it| Some(format!("{group} {it}"))));
    }
    let filters = logs.describe_metric_filters().into_paginator().items().send().try_collect().await?;
    let named = filters.into_iter().map(|it| Some(format!("{} {}", it.log_group_name?, it.filter_name?)));
    add(all, "metric-filter", named);
    let policies = logs.describe_resource_policies().send().await?.resource_policies;
    add(all, "log-policy", policies.into_iter().flatten().map(|it| it.policy_name));
    Ok(())
}

async fn databases(aws: &Aws, all: &mut Ids) -> Result<()> {
    let rds = aws.rds();
    let groups = rds.describe_option_groups().into_paginator().items().send().try_collect().await?;
    add(all, "db-option-group", groups.into_iter().map(|it| it.option_group_name));
    let groups =
        rds.describe_db_cluster_parameter_groups().into_paginator().items().send().try_collect().await?;
    add(all, "rds-cluster-parameter-group", groups.into_iter().map(|it| it.db_cluster_parameter_group_name));
    Ok(())
}

/// The account's own.
async fn policies(aws: &Aws, all: &mut Ids) -> Result<()> {
    let cdn = aws.cloudfront();
    let found = cdn.list_origin_request_policies().r#type(OriginRequestPolicyType::Custom).send().await?;
    let found = found.origin_request_policy_list.and_then(|it| it.items).unwrap_or_default().into_iter();
    add(all, "origin-request-policy", found.map(|it| it.origin_request_policy.map(|it| it.id)));
    let found = cdn.list_response_headers_policies().r#type(ResponseHeadersPolicyType::Custom).send().await?;
    let found = found.response_headers_policy_list.and_then(|it| it.items).unwrap_or_default().into_iter();
    add(all, "response-headers-policy", found.map(|it| it.response_headers_policy.map(|it| it.id)));
    Ok(())
}
