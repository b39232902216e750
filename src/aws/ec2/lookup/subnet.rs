use aws_sdk_ec2::types::SubnetCidrBlockStateCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A subnet that is there already.
///
/// ```toml
/// [data.aws_subnet.front]
/// id = "subnet-0a1b2c3d4e5f67890"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// Such as `subnet-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// Zone such as `eu-west-1a`.
    pub availability_zone: Chosen<Option<String>>,
    /// Zone such as `euw1-az1`, the same place for every account.
    pub availability_zone_id: Chosen<Option<String>>,
    /// Its IPv4 range.
    pub cidr_block: Chosen<Option<String>>,
    /// Whether it came with the account; `false` finds others as well.
    pub default_for_az: Chosen<Option<bool>>,
    /// Its IPv6 range.
    pub ipv6_cidr_block: Chosen<Option<String>>,
    /// `pending` or `available`.
    pub state: Chosen<Option<String>>,
    /// The VPC that holds it.
    pub vpc_id: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The subnet's ARN.
    pub arn: Computed<Option<String>>,
    /// Whether interfaces made here get an IPv6 address.
    pub assign_ipv6_address_on_creation: Computed<Option<bool>>,
    /// Free IPv4 addresses.
    pub available_ip_address_count: Computed<Option<i64>>,
    /// The Outpost's pool of customer-owned addresses.
    pub customer_owned_ipv4_pool: Computed<Option<String>>,
    /// Whether the resolver makes up IPv6 addresses for names that have IPv4 ones only.
    pub enable_dns64: Computed<Option<bool>>,
    /// Where instances get their local network interface; on an Outpost.
    pub enable_lni_at_device_index: Computed<Option<i64>>,
    /// Whether an instance's name is answered with its IPv4 address.
    pub enable_resource_name_dns_a_record_on_launch: Computed<Option<bool>>,
    /// Whether an instance's name is answered with its IPv6 address.
    pub enable_resource_name_dns_aaaa_record_on_launch: Computed<Option<bool>>,
    /// Joins the IPv6 range to the subnet.
    pub ipv6_cidr_block_association_id: Computed<Option<String>>,
    /// Whether it has IPv6 addresses only.
    pub ipv6_native: Computed<Option<bool>>,
    /// Whether interfaces made here get a customer-owned address.
    pub map_customer_owned_ip_on_launch: Computed<Option<bool>>,
    /// Whether interfaces made here get a public IPv4 address.
    pub map_public_ip_on_launch: Computed<Option<bool>>,
    /// The Outpost that holds it.
    pub outpost_arn: Computed<Option<String>>,
    /// The account that owns it.
    pub owner_id: Computed<Option<String>>,
    /// `ip-name` or `resource-name`.
    pub private_dns_hostname_type_on_launch: Computed<Option<String>>,
}

impl DataSource for Subnet {
    const TYPE: &'static str = "aws_subnet";
    const READS: Reads = Reads::of(&[Cost::each("ec2:DescribeSubnets")], "a call finds one by its arguments");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search = Search::new(&self.filter, &self.tags)
            .with("availabilityZone", &self.availability_zone)
            .with("availabilityZoneId", &self.availability_zone_id)
            .only("defaultForAz", &self.default_for_az)
            .with("state", &self.state)
            .with("vpc-id", &self.vpc_id)
            .with("cidrBlock", &self.cidr_block)
            .with("ipv6-cidr-block-association.ipv6-cidr-block", &self.ipv6_cidr_block);
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_subnets().set_subnet_ids(ids).set_filters(search.filters());
        let it = only("subnet", call.into_paginator().items().send().try_collect().await?)?;
        let ranges = it.ipv6_cidr_block_association_set.unwrap_or_default();
        let range = ranges.into_iter().find(|it| {
            let state = it.ipv6_cidr_block_state.as_ref().and_then(|it| it.state.as_ref());
            state == Some(&SubnetCidrBlockStateCode::Associated)
        });
        let names = it.private_dns_name_options_on_launch;
        Ok(Subnet {
            id: seen(it.subnet_id),
            availability_zone: seen(it.availability_zone),
            availability_zone_id: seen(it.availability_zone_id),
            cidr_block: seen(it.cidr_block),
            default_for_az: seen(it.default_for_az),
            ipv6_cidr_block: Chosen(range.as_ref().and_then(|it| it.ipv6_cidr_block.clone())),
            state: seen(it.state),
            vpc_id: seen(it.vpc_id),
            tags: Chosen(tags(it.tags)),
            arn: seen(it.subnet_arn),
            assign_ipv6_address_on_creation: seen(it.assign_ipv6_address_on_creation),
            available_ip_address_count: seen(it.available_ip_address_count),
            customer_owned_ipv4_pool: seen(it.customer_owned_ipv4_pool),
            enable_dns64: seen(it.enable_dns64),
            enable_lni_at_device_index: seen(it.enable_lni_at_device_index),
            enable_resource_name_dns_a_record_on_launch: seen(
                names.as_ref().and_then(|it| it.enable_resource_name_dns_a_record),
            ),
            enable_resource_name_dns_aaaa_record_on_launch: seen(
                names.as_ref().and_then(|it| it.enable_resource_name_dns_aaaa_record),
            ),
            ipv6_cidr_block_association_id: range.and_then(|it| it.association_id).into(),
            ipv6_native: seen(it.ipv6_native),
            map_customer_owned_ip_on_launch: seen(it.map_customer_owned_ip_on_launch),
            map_public_ip_on_launch: seen(it.map_public_ip_on_launch),
            outpost_arn: seen(it.outpost_arn),
            owner_id: seen(it.owner_id),
            private_dns_hostname_type_on_launch: seen(names.and_then(|it| it.hostname_type)),
            ..self
        })
    }
}
