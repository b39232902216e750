use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::tables::{By, tables};
use crate::aws::ec2::vpc::Settings;
use crate::aws::ec2::{arn, tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A network that is there already.
///
/// ```toml
/// [data.aws_vpc.shared]
/// tags = { Name = "shared" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// Such as `vpc-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// Its IPv4 range.
    pub cidr_block: Chosen<Option<String>>,
    /// Whether it is the one that came with the account; `false` finds others as well.
    pub default: Chosen<Option<bool>>,
    /// The set of DHCP options in use.
    pub dhcp_options_id: Chosen<Option<String>>,
    /// `pending` or `available`. Searched by; never told.
    pub state: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The VPC's ARN.
    pub arn: Computed<String>,
    /// All its IPv4 ranges.
    pub cidr_block_associations: Computed<Vec<Range>>,
    /// Whether hosts with a public address get a public name.
    pub enable_dns_hostnames: Computed<Option<bool>>,
    /// Whether names within the VPC are answered.
    pub enable_dns_support: Computed<Option<bool>>,
    /// Whether CloudWatch counts its addresses.
    pub enable_network_address_usage_metrics: Computed<Option<bool>>,
    /// `default` or `dedicated`.
    pub instance_tenancy: Computed<Option<String>>,
    /// Joins the IPv6 range to the VPC.
    pub ipv6_association_id: Computed<Option<String>>,
    /// Its IPv6 range.
    pub ipv6_cidr_block: Computed<Option<String>>,
    /// The route table of subnets that say nothing else.
    pub main_route_table_id: Computed<Option<String>>,
    /// The account that owns it.
    pub owner_id: Computed<Option<String>>,
}

/// An IPv4 range of a VPC.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Joins it to the VPC.
    pub association_id: Option<String>,
    /// The range.
    pub cidr_block: Option<String>,
    /// `associated`, or on its way there or back.
    pub state: Option<String>,
}

impl DataSource for Vpc {
    const TYPE: &'static str = "aws_vpc";
    const READS: Reads = Reads::of(
        &[
            Cost::each("ec2:DescribeVpcs"),
            Cost::each("ec2:DescribeVpcAttribute"),
            Cost::each("ec2:DescribeVpcAttribute"),
            Cost::each("ec2:DescribeVpcAttribute"),
            Cost::each("ec2:DescribeRouteTables"),
        ],
        "each of three settings has a call of its own, and the main route table another",
    );
    const UNSET: &'static [&'static str] = &["state"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search = Search::new(&self.filter, &self.tags)
            .with("cidr", &self.cidr_block)
            .with("dhcp-options-id", &self.dhcp_options_id)
            .only("isDefault", &self.default)
            .with("state", &self.state);
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_vpcs().set_vpc_ids(ids).set_filters(search.filters());
        let it = only("VPC", call.into_paginator().items().send().try_collect().await?)?;
        let id: String = seen(it.vpc_id);
        let ids = [id.clone()];
        let (settings, tables) = futures::try_join!(Settings::read(aws, &id), tables(aws, By::Main, &ids))?;
        let ranges = it.cidr_block_association_set.unwrap_or_default().into_iter().map(|it| Range {
            association_id: it.association_id,
            cidr_block: it.cidr_block,
            state: seen(it.cidr_block_state.and_then(|it| it.state)),
        });
        let range = it.ipv6_cidr_block_association_set.and_then(|it| it.into_iter().next());
        Ok(Vpc {
            cidr_block: seen(it.cidr_block),
            default: seen(it.is_default),
            dhcp_options_id: seen(it.dhcp_options_id),
            tags: Chosen(tags(it.tags)),
            arn: arn(aws, it.owner_id.as_deref(), &format!("vpc/{id}")).into(),
            cidr_block_associations: ranges.collect::<Vec<_>>().into(),
            enable_dns_hostnames: settings.dns_hostnames.into(),
            enable_dns_support: settings.dns_support.into(),
            enable_network_address_usage_metrics: settings.metrics.into(),
            instance_tenancy: seen(it.instance_tenancy),
            ipv6_association_id: range.as_ref().and_then(|it| it.association_id.clone()).into(),
            ipv6_cidr_block: range.and_then(|it| it.ipv6_cidr_block).into(),
            main_route_table_id: tables.first().and_then(|it| it.route_table_id.clone()).into(),
            owner_id: it.owner_id.into(),
            id: Chosen(Some(id)),
            ..self
        })
    }
}
