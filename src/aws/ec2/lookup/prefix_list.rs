use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::text;
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// The address ranges of a service of AWS that a gateway endpoint leads to.
///
/// ```toml
/// [data.aws_prefix_list.s3]
/// name = "com.amazonaws.eu-west-1.s3"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrefixList {
    /// Name of the list, such as `com.amazonaws.eu-west-1.dynamodb`.
    pub name: Chosen<Option<String>>,
    /// Such as `pl-0a1b2c`.
    pub prefix_list_id: Option<String>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// Such as `pl-0a1b2c`, also where it was found by its name.
    pub id: Computed<String>,
    /// The service's ranges.
    pub cidr_blocks: Computed<Vec<String>>,
}

impl DataSource for PrefixList {
    const TYPE: &'static str = "aws_prefix_list";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribePrefixLists")], "a call finds one by its arguments");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search = Search::new(&self.filter, &Tags::new()).with("prefix-list-name", &self.name);
        let ids = text(&self.prefix_list_id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_prefix_lists().set_prefix_list_ids(ids).set_filters(search.filters());
        let it = only("prefix list", call.into_paginator().items().send().try_collect().await?)?;
        Ok(PrefixList {
            name: seen(it.prefix_list_name),
            id: seen(it.prefix_list_id),
            cidr_blocks: it.cidrs.unwrap_or_default().into(),
            ..self
        })
    }
}
