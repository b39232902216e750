use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by_name::named;
use crate::aws::rds::subnet_group::described;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// Subnets that databases may be put into, where their group is there already.
///
/// ```toml
/// [data.aws_db_subnet_group.shop]
/// name = "shop"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetGroup {
    /// Its name.
    pub name: String,
    /// Its name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub description: Computed<String>,
    /// Such as `Complete`.
    pub status: Computed<String>,
    /// The subnets.
    pub subnet_ids: Computed<Set<String>>,
    /// `IPV4`, and `DUAL` where the subnets have IPv6 addresses too.
    pub supported_network_types: Computed<Set<String>>,
    /// The VPC of the subnets.
    pub vpc_id: Computed<String>,
}

impl DataSource for SubnetGroup {
    const TYPE: &'static str = "aws_db_subnet_group";
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeDBSubnetGroups", 100)],
        "one is asked for by its name, several are found in pages of 100",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let it = named(aws, "database subnet group", &self.name, async |names| {
            let all = described(aws, &names).await?.into_iter();
            let named = all.filter_map(|it| Some((it.db_subnet_group_name.clone()?, it)));
            Ok::<_, Error>(named.collect::<HashMap<_, _>>())
        });
        let it = it.await?;
        let subnets = it.subnets.unwrap_or_default().into_iter();
        Ok(SubnetGroup {
            id: self.name.clone().into(),
            arn: seen(it.db_subnet_group_arn),
            description: seen(it.db_subnet_group_description),
            status: seen(it.subnet_group_status),
            subnet_ids: Computed(subnets.filter_map(|it| it.subnet_identifier).collect()),
            supported_network_types: Set(it.supported_network_types.unwrap_or_default()).into(),
            vpc_id: seen(it.vpc_id),
            ..self
        })
    }
}
