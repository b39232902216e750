use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ecs::cluster::{ConnectDefaults, Setting};
use crate::aws::ecs::{clusters, name_of, seen_tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A cluster that is there already.
///
/// ```toml
/// [data.aws_ecs_cluster.main]
/// cluster_name = "shop"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Its name.
    pub cluster_name: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// The cluster's ARN.
    pub id: Computed<String>,
    /// The cluster's ARN.
    pub arn: Computed<String>,
    /// Such as `ACTIVE`.
    pub status: Computed<String>,
    /// How many tasks are about to run.
    pub pending_tasks_count: Computed<i64>,
    /// How many tasks run.
    pub running_tasks_count: Computed<i64>,
    /// How many machines belong to it.
    pub registered_container_instances_count: Computed<i64>,
    /// The namespace that services use where they do not say one.
    pub service_connect_defaults: Computed<Vec<ConnectDefaults>>,
    /// Its settings.
    pub setting: Computed<Set<Setting>>,
}

impl DataSource for Cluster {
    const TYPE: &'static str = "aws_ecs_cluster";
    const READS: Reads =
        Reads::of(&[Cost::page("ecs:DescribeClusters", 100).pooled()], "a call takes 100 names");
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let name = name_of(&self.cluster_name).to_owned();
        let found = clusters(aws, std::slice::from_ref(&name)).await?.remove(&name);
        let it =
            found.ok_or_else(|| Error::Invalid(format!("there is no cluster `{name}` in this region")))?;
        let defaults = it.service_connect_defaults.and_then(|it| it.namespace);
        Ok(Cluster {
            tags: Chosen(seen_tags(it.tags)),
            id: seen(it.cluster_arn.clone()),
            arn: seen(it.cluster_arn),
            status: seen(it.status),
            pending_tasks_count: Computed(i64::from(it.pending_tasks_count)),
            running_tasks_count: Computed(i64::from(it.running_tasks_count)),
            registered_container_instances_count: Computed(i64::from(
                it.registered_container_instances_count,
            )),
            service_connect_defaults: Computed(
                defaults.map(|namespace| ConnectDefaults { namespace }).into_iter().collect(),
            ),
            setting: Computed(it.settings.unwrap_or_default().into_iter().map(Setting::from).collect()),
            ..self
        })
    }
}
