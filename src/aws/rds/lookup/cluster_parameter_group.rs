use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by_name::named;
use crate::aws::rds::cluster_parameter_group::described;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// Settings of a cluster's engine that are there already; the parameters themselves are not told.
///
/// ```toml
/// [data.aws_rds_cluster_parameter_group.own]
/// name = "default.aurora-postgresql16"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterParameterGroup {
    /// The group's name.
    pub name: String,
    /// The group's ARN.
    pub arn: Computed<Option<String>>,
    /// What it is for.
    pub description: Computed<Option<String>>,
    /// The engine and its major version, such as `aurora-postgresql16`.
    pub family: Computed<Option<String>>,
}

impl DataSource for ClusterParameterGroup {
    const TYPE: &'static str = "aws_rds_cluster_parameter_group";
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeDBClusterParameterGroups", 100)],
        "one is asked for by its name, several are found in pages of 100",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let it = named(aws, "database cluster parameter group", &self.name, async |names| {
            let all = described(aws, &names).await?.into_iter();
            let named = all.filter_map(|it| Some((it.db_cluster_parameter_group_name.clone()?, it)));
            Ok::<_, Error>(named.collect::<HashMap<_, _>>())
        });
        let it = it.await?;
        Ok(ClusterParameterGroup {
            arn: it.db_cluster_parameter_group_arn.into(),
            description: it.description.into(),
            family: it.db_parameter_group_family.into(),
            ..self
        })
    }
}
