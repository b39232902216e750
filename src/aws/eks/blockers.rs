//! What stands in the way of removing a cluster: looked up after a refusal, for people.

use futures::join;

use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers};

/// What is attached to the cluster.
pub async fn of_cluster(aws: &Aws, name: &str) -> Blockers {
    let (groups, profiles) = join!(node_groups(aws, name), profiles(aws, name));
    let mut out = Blockers::default();
    out.ask("node groups", groups);
    out.ask("Fargate profiles", profiles);
    out
}

async fn node_groups(aws: &Aws, cluster: &str) -> Result<Vec<Blocker>> {
    let all = aws.eks().list_nodegroups().cluster_name(cluster).into_paginator().items().send();
    let all: Vec<String> = all.try_collect().await?;
    let one = |it: &String| Blocker::new("node group", it).known_by(format!("{cluster}:{it}"));
    Ok(all.iter().map(one).collect())
}

async fn profiles(aws: &Aws, cluster: &str) -> Result<Vec<Blocker>> {
    let all = aws.eks().list_fargate_profiles().cluster_name(cluster).into_paginator().items().send();
    let all: Vec<String> = all.try_collect().await?;
    let one = |it: &String| Blocker::new("Fargate profile", it).known_by(format!("{cluster}:{it}"));
    Ok(all.iter().map(one).collect())
}
