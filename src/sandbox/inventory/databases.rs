//! Databases and caches.

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub(super) async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    relational(aws, all).await?;
    caches(aws, all).await
}

async fn relational(aws: &Aws, all: &mut Ids) -> Result<()> {
    let rds = aws.rds();
    let groups = rds.describe_db_subnet_groups().into_paginator().items().send().try_collect().await?;
    add(all, "db-subnet-group", groups.into_iter().map(|it| it.db_subnet_group_name));
    let groups = rds.describe_db_parameter_groups().into_paginator().items().send().try_collect().await?;
    add(all, "db-parameter-group", made(groups.into_iter().map(|it| it.db_parameter_group_name)));
    let instances = rds.describe_db_instances().into_paginator().items().send().try_collect().await?;
    add(all, "db-instance", instances.into_iter().map(|it| it.dbi_resource_id));
    let clusters = rds.describe_db_clusters().into_paginator().items().send().try_collect().await?;
    add(all, "rds-cluster", clusters.into_iter().map(|it| it.db_cluster_identifier));
    Ok(())
}

async fn caches(aws: &Aws, all: &mut Ids) -> Result<()> {
    let caches = aws.elasticache();
    let groups = caches.describe_cache_subnet_groups().into_paginator().items().send().try_collect().await?;
    add(all, "cache-subnet-group", made(groups.into_iter().map(|it| it.cache_subnet_group_name)));
    let groups =
        caches.describe_cache_parameter_groups().into_paginator().items().send().try_collect().await?;
    add(all, "cache-parameter-group", made(groups.into_iter().map(|it| it.cache_parameter_group_name)));
    let clusters = caches.describe_cache_clusters().into_paginator().items().send().try_collect().await?;
    add(all, "cache-cluster", clusters.into_iter().map(|it| it.cache_cluster_id));
    let groups = caches.describe_replication_groups().into_paginator().items().send().try_collect().await?;
    add(all, "replication-group", groups.into_iter().map(|it| it.replication_group_id));
    Ok(())
}

/// What somebody made: AWS adds default ones as they are needed.
fn made(names: impl Iterator<Item = Option<String>>) -> impl Iterator<Item = Option<String>> {
    names.filter(|it| it.as_deref().is_some_and(|it| it != "default" && !it.starts_with("default.")))
}
