use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search};
use crate::aws::{Aws, Result};
use crate::resource::*;

/// The ids of all subnets that fit.
///
/// ```toml
/// [data.aws_subnets.private]
/// tags = { tier = "private" }
/// filter = [{ name = "vpc-id", values = ["vpc-0a1b2c3d4e5f67890"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subnets {
    /// Labels that they must have.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The region.
    pub id: Computed<String>,
    /// Their ids; none where none fits.
    pub ids: Computed<Vec<String>>,
}

impl DataSource for Subnets {
    const TYPE: &'static str = "aws_subnets";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeSubnets")], "a call tells all that the arguments find");
    const UNSET: &'static [&'static str] = &["tags"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let filters = Search::new(&self.filter, &self.tags).filters();
        let call = aws.ec2().describe_subnets().set_filters(filters);
        let found = call.into_paginator().items().send().try_collect().await?;
        let ids: Vec<String> = found.into_iter().filter_map(|it| it.subnet_id).collect();
        Ok(Subnets { id: aws.region().to_owned().into(), ids: ids.into(), ..self })
    }
}
