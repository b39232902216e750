use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A list of address ranges that is there already: of this account, shared with it, or of AWS.
///
/// ```toml
/// [data.aws_ec2_managed_prefix_list.cloudfront]
/// name = "com.amazonaws.global.cloudfront.origin-facing"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagedPrefixList {
    /// Such as `pl-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// Its name.
    pub name: Chosen<Option<String>>,
    /// All of its labels. A `filter` such as `tag:Name` searches by one.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// `IPv4` or `IPv6`.
    pub address_family: Computed<Option<String>>,
    /// The list's ARN.
    pub arn: Computed<Option<String>>,
    /// Its ranges.
    pub entries: Computed<Set<Entry>>,
    /// How many ranges it may have, and counts as wherever it is used; 0 where AWS does not say.
    pub max_entries: Computed<Option<i64>>,
    /// The account that owns it, or `AWS`.
    pub owner_id: Computed<Option<String>>,
    /// Goes up with each change of its ranges; 0 where AWS does not say.
    pub version: Computed<Option<i64>>,
}

/// A range of a list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The range.
    pub cidr: Option<String>,
    /// What it is.
    pub description: Option<String>,
}

impl DataSource for ManagedPrefixList {
    const TYPE: &'static str = "aws_ec2_managed_prefix_list";
    const READS: Reads = Reads::of(
        &[Cost::each("ec2:DescribeManagedPrefixLists"), Cost::each("ec2:GetManagedPrefixListEntries")],
        "the ranges of each list have a call of their own",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let filters = Search::new(&self.filter, &Tags::new()).with("prefix-list-name", &self.name).filters();
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_managed_prefix_lists().set_prefix_list_ids(ids).set_filters(filters);
        let it = only("managed prefix list", call.into_paginator().items().send().try_collect().await?)?;
        let id: String = seen(it.prefix_list_id);
        let call = aws.ec2().get_managed_prefix_list_entries().prefix_list_id(&id);
        let entries: Vec<sdk::PrefixListEntry> = call.into_paginator().items().send().try_collect().await?;
        let entries = entries.into_iter().map(|it| Entry { cidr: it.cidr, description: it.description });
        Ok(ManagedPrefixList {
            id: Chosen(Some(id)),
            name: seen(it.prefix_list_name),
            tags: Chosen(tags(it.tags)),
            address_family: seen(it.address_family),
            arn: seen(it.prefix_list_arn),
            entries: entries.collect::<Set<_>>().into(),
            max_entries: seen(it.max_entries),
            owner_id: seen(it.owner_id),
            version: seen(it.version),
            ..self
        })
    }
}
