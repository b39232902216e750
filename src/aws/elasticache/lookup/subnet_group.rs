use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::elasticache::{subnet_group, tags_of};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// The subnets that caches may be put into, of a group that is there already.
///
/// ```toml
/// [data.aws_elasticache_subnet_group.shop]
/// name = "shop"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetGroup {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub tags: Option<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub description: Computed<String>,
    /// The subnets.
    pub subnet_ids: Computed<Set<String>>,
    /// The VPC of the subnets.
    pub vpc_id: Computed<String>,
}

impl DataSource for SubnetGroup {
    const TYPE: &'static str = "aws_elasticache_subnet_group";
    const READS: Reads = Reads::of(
        &[Cost::each("elasticache:DescribeCacheSubnetGroups"), Cost::each("elasticache:ListTagsForResource")],
        "a call tells about one group by its name, and its tags have a call of their own",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let name = self.name;
        let found = subnet_group::described(aws, std::slice::from_ref(&name)).await?.pop();
        let missing = || {
            let text = "in this region: look at `name`";
            Error::Invalid(format!("there is no cache subnet group `{name}` {text}"))
        };
        let it = Live::<subnet_group::SubnetGroup>::from(found.ok_or_else(missing)?).attributes;
        let tags = tags_of(aws, &it.arn).await?.unwrap_or_default();
        Ok(SubnetGroup {
            name: it.name.0,
            tags: Some(tags),
            id: it.id,
            arn: it.arn,
            description: Computed(it.description),
            subnet_ids: Computed(it.subnet_ids),
            vpc_id: it.vpc_id,
        })
    }
}
