//! What is set about buckets and private zones, and goes with them.

use super::{Ids, add};
use crate::aws::s3::there;
use crate::aws::{Aws, Error, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    let s3 = aws.s3();
    let buckets = s3.list_buckets().send().await?.buckets.unwrap_or_default();
    for name in buckets.into_iter().filter_map(|it| it.name) {
        let answer = s3.get_bucket_logging().bucket(&name).send().await.map_err(Error::from);
        let logging = there(answer)?.and_then(|it| it.logging_enabled);
        add(all, "bucket-logging", [logging.map(|it| format!("{name} {}", it.target_bucket))]);
        let answer = s3.get_bucket_replication().bucket(&name).send().await.map_err(Error::from);
        let copies = there(answer)?.and_then(|it| it.replication_configuration);
        add(all, "bucket-replication", [copies.map(|_| name)]);
    }
    networks(aws, all).await
}

/// The VPCs that private zones answer within.
async fn networks(aws: &Aws, all: &mut Ids) -> Result<()> {
    let route53 = aws.route53();
    let pages: Vec<_> = route53.list_hosted_zones().into_paginator().send().try_collect().await?;
    let zones = pages.into_iter().flat_map(|it| it.hosted_zones);
    for zone in zones.filter(|it| it.config.as_ref().is_some_and(|it| it.private_zone)) {
        let id = zone.id.trim_start_matches("/hostedzone/");
        let vpcs = route53.get_hosted_zone().id(id).send().await?.vpcs.unwrap_or_default().into_iter();
        add(all, "zone-vpc", vpcs.map(|it| Some(format!("{id} {}", it.vpc_id?))));
    }
    Ok(())
}
