use std::collections::HashMap;

use aws_sdk_ecs::types as sdk;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ecs::service::{SERVICES, told};
use crate::aws::ecs::{name_of, seen_tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A service that is there already.
///
/// ```toml
/// [data.aws_ecs_service.web]
/// cluster_arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop"
/// service_name = "web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The cluster's ARN, or its name.
    pub cluster_arn: String,
    /// Its name.
    pub service_name: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// The service's ARN.
    pub id: Computed<String>,
    /// The service's ARN.
    pub arn: Computed<String>,
    /// Whether tasks move to keep the zones even: `ENABLED` or `DISABLED`.
    pub availability_zone_rebalancing: Computed<String>,
    /// How many tasks there are to be.
    pub desired_count: Computed<i64>,
    /// `EC2`, `FARGATE` or `EXTERNAL`; nothing where capacity providers are used.
    pub launch_type: Computed<String>,
    /// `REPLICA`, or `DAEMON`: a task on each machine.
    pub scheduling_strategy: Computed<String>,
    /// The ARN of the task definition that runs.
    pub task_definition: Computed<String>,
}

impl DataSource for Service {
    const TYPE: &'static str = "aws_ecs_service";
    const READS: Reads =
        Reads::of(&[Cost::page("ecs:DescribeServices", SERVICES)], "a call takes ten names of one cluster");
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let (cluster, name) = (&self.cluster_arn, name_of(&self.service_name));
        let none = || Error::Invalid(format!("there is no service `{name}` in cluster `{cluster}`"));
        let it = found(aws, cluster, name).await?.ok_or_else(none)?;
        Ok(Service {
            cluster_arn: seen(it.cluster_arn),
            service_name: seen(it.service_name),
            tags: Chosen(seen_tags(it.tags)),
            id: seen(it.service_arn.clone()),
            arn: seen(it.service_arn),
            availability_zone_rebalancing: seen(it.availability_zone_rebalancing),
            desired_count: Computed(i64::from(it.desired_count)),
            launch_type: seen(it.launch_type),
            scheduling_strategy: seen(it.scheduling_strategy),
            task_definition: seen(it.task_definition),
        })
    }
}

async fn found(aws: &Aws, cluster: &str, name: &str) -> Result<Option<sdk::Service>> {
    let ask = async |names: Vec<String>| {
        let calls = names.chunks(SERVICES).map(|some| told(aws, cluster, some));
        let all = try_join_all(calls).await?.into_iter().flatten();
        let named = all.filter_map(|it| Some((it.service_name.clone()?, it)));
        Ok::<_, Error>(named.collect::<HashMap<_, _>>())
    };
    let names = [name.to_owned()];
    let mut found = match aws.exact() {
        true => ask(names.to_vec()).await?,
        false => aws.together(&format!("ecs services of {cluster}"), &names, ask).await?,
    };
    Ok(found.remove(name))
}
