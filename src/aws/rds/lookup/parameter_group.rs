use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by_name::named;
use crate::aws::rds::parameter_group::described;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// Settings of a database engine that are there already; the parameters themselves are not told.
///
/// ```toml
/// [data.aws_db_parameter_group.own]
/// name = "default.postgres16"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterGroup {
    /// The group's name.
    pub name: String,
    /// The group's name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub description: Computed<String>,
    /// The engine and its major version, such as `postgres16`.
    pub family: Computed<String>,
}

impl DataSource for ParameterGroup {
    const TYPE: &'static str = "aws_db_parameter_group";
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeDBParameterGroups", 100)],
        "one is asked for by its name, several are found in pages of 100",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let it = named(aws, "database parameter group", &self.name, async |names| {
            let all = described(aws, &names).await?.into_iter();
            let named = all.filter_map(|it| Some((it.db_parameter_group_name.clone()?, it)));
            Ok::<_, Error>(named.collect::<HashMap<_, _>>())
        });
        let it = it.await?;
        Ok(ParameterGroup {
            id: self.name.clone().into(),
            arn: seen(it.db_parameter_group_arn),
            description: seen(it.description),
            family: seen(it.db_parameter_group_family),
            ..self
        })
    }
}
