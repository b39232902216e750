//! Keys, topics, alarms, endpoints and flow logs.

use aws_sdk_kms::types::KeyState;

use super::{Ids, add};
use crate::aws::{Aws, Result};

/// What there is of these.
pub async fn inventory(aws: &Aws, all: &mut Ids) -> Result<()> {
    keys(aws, all).await?;
    topics(aws, all).await?;
    alarms(aws, all).await?;
    endpoints(aws, all).await
}

/// A key whose deletion is scheduled counts as gone, and what AWS gives everybody does not count.
async fn keys(aws: &Aws, all: &mut Ids) -> Result<()> {
    let names = aws.kms().list_aliases().into_paginator().items().send().try_collect().await?;
    let (given, own): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|it| it.alias_name().is_some_and(|it| it.starts_with("alias/aws/")));
    add(all, "key-alias", own.into_iter().map(|it| it.alias_name));
    let given: Ids = given.into_iter().filter_map(|it| it.target_key_id).collect();
    for key in aws.kms().list_keys().into_paginator().items().send().try_collect().await? {
        let Some(id) = key.key_id.filter(|it| !given.contains(it)) else { continue };
        let it = aws.kms().describe_key().key_id(&id).send().await?.key_metadata;
        let there = it.is_some_and(|it| it.key_state != Some(KeyState::PendingDeletion));
        add(all, "key", [Some(id).filter(|_| there)]);
    }
    Ok(())
}

async fn topics(aws: &Aws, all: &mut Ids) -> Result<()> {
    let topics = aws.sns().list_topics().into_paginator().items().send().try_collect().await?;
    add(all, "topic", topics.into_iter().map(|it| it.topic_arn));
    let subscriptions = aws.sns().list_subscriptions().into_paginator().items().send().try_collect().await?;
    let place = |it: aws_sdk_sns::types::Subscription| Some(format!("{}->{}", it.topic_arn?, it.endpoint?));
    add(all, "subscription", subscriptions.into_iter().map(place));
    Ok(())
}

async fn alarms(aws: &Aws, all: &mut Ids) -> Result<()> {
    let pages: Vec<_> = aws.cloudwatch().describe_alarms().into_paginator().send().try_collect().await?;
    let alarms = pages.into_iter().flat_map(|it| it.metric_alarms.unwrap_or_default());
    add(all, "alarm", alarms.map(|it| it.alarm_name));
    let boards = aws.cloudwatch().list_dashboards().into_paginator().items().send().try_collect().await?;
    add(all, "dashboard", boards.into_iter().map(|it| it.dashboard_name));
    Ok(())
}

async fn endpoints(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ec2 = aws.ec2();
    let endpoints = ec2.describe_vpc_endpoints().into_paginator().items().send().try_collect().await?;
    let there =
        endpoints.into_iter().filter(|it| it.state.as_ref().is_none_or(|it| it.as_str() != "deleted"));
    add(all, "vpc-endpoint", there.map(|it| it.vpc_endpoint_id));
    let logs = ec2.describe_flow_logs().into_paginator().items().send().try_collect().await?;
    add(all, "flow-log", logs.into_iter().map(|it| it.flow_log_id));
    Ok(())
}
