//! Who uses a group that is to go, for people.

use aws_sdk_rds::types as sdk;

use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers};

/// Instances and clusters in the subnets of a group.
pub async fn in_subnet_group(aws: &Aws, name: &str) -> Blockers {
    let (instances, clusters) = futures::join!(instances(aws), clusters(aws));
    let mut out = Blockers::default();
    out.ask(
        "database instances",
        instances.map(|all| {
            let group = |it: &sdk::DbInstance| it.db_subnet_group.as_ref()?.db_subnet_group_name.clone();
            all.iter().filter(|it| group(it).as_deref() == Some(name)).map(instance).collect()
        }),
    );
    out.ask(
        "database clusters",
        clusters.map(|all| {
            let mine = all.iter().filter(|it| it.db_subnet_group.as_deref() == Some(name));
            mine.map(cluster).collect()
        }),
    );
    out
}

/// Instances that run with a group's parameters.
pub async fn with_parameter_group(aws: &Aws, name: &str) -> Blockers {
    let mut out = Blockers::default();
    out.ask(
        "database instances",
        instances(aws).await.map(|all| {
            let uses = |it: &&sdk::DbInstance| {
                it.db_parameter_groups().iter().any(|it| it.db_parameter_group_name() == Some(name))
            };
            all.iter().filter(uses).map(instance).collect()
        }),
    );
    out
}

/// Clusters that run with a group's parameters.
pub async fn with_cluster_parameter_group(aws: &Aws, name: &str) -> Blockers {
    let mut out = Blockers::default();
    out.ask(
        "database clusters",
        clusters(aws).await.map(|all| {
            let mine = all.iter().filter(|it| it.db_cluster_parameter_group.as_deref() == Some(name));
            mine.map(cluster).collect()
        }),
    );
    out
}

/// Instances that run with a group's options, and snapshots that would be restored with them.
pub async fn with_option_group(aws: &Aws, name: &str) -> Blockers {
    let (instances, snapshots) = futures::join!(instances(aws), snapshots(aws));
    let mut out = Blockers::default();
    out.ask(
        "database instances",
        instances.map(|all| {
            let uses = |it: &&sdk::DbInstance| {
                it.option_group_memberships().iter().any(|it| it.option_group_name() == Some(name))
            };
            all.iter().filter(uses).map(instance).collect()
        }),
    );
    out.ask(
        "database snapshots",
        snapshots.map(|all| {
            let mine = all.iter().filter(|it| it.option_group_name.as_deref() == Some(name));
            mine.map(|it| Blocker::new("database snapshot", it.db_snapshot_identifier().unwrap_or_default()))
                .collect()
        }),
    );
    out
}

fn cluster(it: &sdk::DbCluster) -> Blocker {
    Blocker::new("database cluster", it.db_cluster_identifier().unwrap_or_default())
}

fn instance(it: &sdk::DbInstance) -> Blocker {
    let one = Blocker::new("database instance", it.db_instance_identifier().unwrap_or_default());
    one.known_by(it.dbi_resource_id().unwrap_or_default())
}

async fn instances(aws: &Aws) -> Result<Vec<sdk::DbInstance>> {
    Ok(aws.rds().describe_db_instances().into_paginator().items().send().try_collect().await?)
}

async fn snapshots(aws: &Aws) -> Result<Vec<sdk::DbSnapshot>> {
    Ok(aws.rds().describe_db_snapshots().into_paginator().items().send().try_collect().await?)
}

async fn clusters(aws: &Aws) -> Result<Vec<sdk::DbCluster>> {
    Ok(aws.rds().describe_db_clusters().into_paginator().items().send().try_collect().await?)
}

/// Instances of a cluster.
pub async fn in_cluster(aws: &Aws, name: &str) -> Blockers {
    let mut out = Blockers::default();
    out.ask(
        "database instances",
        instances(aws).await.map(|all| {
            all.iter().filter(|it| it.db_cluster_identifier() == Some(name)).map(instance).collect()
        }),
    );
    out
}
