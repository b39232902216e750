use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{arn, tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A security group that is there already.
///
/// ```toml
/// [data.aws_security_group.office]
/// name = "office"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroup {
    /// Such as `sg-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// Its name, unique in a VPC.
    pub name: Chosen<Option<String>>,
    /// The VPC that holds it.
    pub vpc_id: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub description: Computed<Option<String>>,
}

impl DataSource for SecurityGroup {
    const TYPE: &'static str = "aws_security_group";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeSecurityGroups")], "a call finds one by its arguments");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search =
            Search::new(&self.filter, &self.tags).with("group-name", &self.name).with("vpc-id", &self.vpc_id);
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_security_groups().set_group_ids(ids).set_filters(search.filters());
        let it = only("security group", call.into_paginator().items().send().try_collect().await?)?;
        let id: String = seen(it.group_id);
        Ok(SecurityGroup {
            name: seen(it.group_name),
            vpc_id: seen(it.vpc_id),
            tags: Chosen(tags(it.tags)),
            arn: arn(aws, it.owner_id.as_deref(), &format!("security-group/{id}")).into(),
            description: seen(it.description),
            id: Chosen(Some(id)),
            ..self
        })
    }
}
