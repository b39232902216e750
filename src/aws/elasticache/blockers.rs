//! Who uses a group that is to go, for people.

use aws_sdk_elasticache::types::CacheCluster;

use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers};

/// Caches in the subnets of a group.
pub async fn in_subnet_group(aws: &Aws, name: &str) -> Blockers {
    named(aws, |it| it.cache_subnet_group_name() == Some(name)).await
}

/// Caches that run with a group's parameters.
pub async fn with_parameter_group(aws: &Aws, name: &str) -> Blockers {
    named(aws, |it| it.cache_parameter_group().and_then(|it| it.cache_parameter_group_name()) == Some(name))
        .await
}

async fn named(aws: &Aws, uses: impl Fn(&CacheCluster) -> bool) -> Blockers {
    let mut out = Blockers::default();
    out.ask("caches", all(aws).await.map(|all| all.iter().filter(|it| uses(it)).map(blocker).collect()));
    out
}

fn blocker(it: &CacheCluster) -> Blocker {
    let one = Blocker::new("cache", it.cache_cluster_id().unwrap_or_default());
    match it.replication_group_id() {
        Some(group) => one.of(format!("replication group {group}")).known_by(group),
        None => one,
    }
}

async fn all(aws: &Aws) -> Result<Vec<CacheCluster>> {
    Ok(aws.elasticache().describe_cache_clusters().into_paginator().items().send().try_collect().await?)
}
