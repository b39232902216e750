//! Clusters and what belongs to them, and whose tokens IAM believes.

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    let providers = aws.iam().list_open_id_connect_providers().send().await?;
    let providers = providers.open_id_connect_provider_list.unwrap_or_default();
    add(all, "openid-provider", providers.into_iter().map(|it| it.arn));
    for cluster in aws.eks().list_clusters().into_paginator().items().send().try_collect().await? {
        match within(aws, &cluster).await {
            Ok(it) => all.extend(it),
            // It has just gone.
            Err(it) if it.is_missing() => continue,
            Err(it) => return Err(it),
        }
        add(all, "cluster", [Some(cluster)]);
    }
    Ok(())
}

async fn within(aws: &Aws, cluster: &str) -> Result<Ids> {
    let (eks, mut all) = (aws.eks(), Ids::new());
    let of = |name: String| Some(format!("{cluster} {name}"));
    let groups = eks.list_nodegroups().cluster_name(cluster).into_paginator().items();
    add(&mut all, "node-group", groups.send().try_collect().await?.into_iter().map(of));
    let profiles = eks.list_fargate_profiles().cluster_name(cluster).into_paginator().items();
    add(&mut all, "fargate-profile", profiles.send().try_collect().await?.into_iter().map(of));
    let addons = eks.list_addons().cluster_name(cluster).into_paginator().items();
    add(&mut all, "addon", addons.send().try_collect().await?.into_iter().map(of));
    let entries = eks.list_access_entries().cluster_name(cluster).into_paginator().items();
    add(&mut all, "access-entry", entries.send().try_collect().await?.into_iter().map(of));
    let identities = eks.list_pod_identity_associations().cluster_name(cluster).into_paginator().items();
    let identities = identities.send().try_collect().await?;
    add(&mut all, "pod-identity", identities.into_iter().map(|it| it.association_id));
    Ok(all)
}
