use std::collections::BTreeMap;

use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A connection between two VPCs that is there already.
///
/// ```toml
/// [data.aws_vpc_peering_connection.office]
/// vpc_id = "vpc-0a1b2c3d4e5f67890"
/// peer_cidr_block = "10.40.0.0/16"
/// status = "active"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeeringConnection {
    /// Such as `pcx-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// Such as `active` or `pending-acceptance`. One that was deleted is found for some time, too.
    pub status: Chosen<Option<String>>,
    /// The VPC that asked for it.
    pub vpc_id: Chosen<Option<String>>,
    /// The account of the VPC that asked for it.
    pub owner_id: Chosen<Option<String>>,
    /// The first IPv4 range of the VPC that asked for it.
    pub cidr_block: Chosen<Option<String>>,
    /// The region of the VPC that asked for it. Never searched by.
    pub region: Chosen<Option<String>>,
    /// The VPC that was asked.
    pub peer_vpc_id: Chosen<Option<String>>,
    /// The account of the VPC that was asked.
    pub peer_owner_id: Chosen<Option<String>>,
    /// The first IPv4 range of the VPC that was asked.
    pub peer_cidr_block: Chosen<Option<String>>,
    /// The region of the VPC that was asked. Never searched by.
    pub peer_region: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// What the VPC that was asked allows the other: `allow_remote_vpc_dns_resolution`.
    pub accepter: Computed<BTreeMap<String, bool>>,
    /// What the VPC that asked for it allows the other: `allow_remote_vpc_dns_resolution`.
    pub requester: Computed<BTreeMap<String, bool>>,
    /// All IPv4 ranges of the VPC that asked for it.
    pub cidr_block_set: Computed<Vec<Range>>,
    /// The IPv6 ranges of the VPC that asked for it.
    pub ipv6_cidr_block_set: Computed<Vec<RangeOfIpv6>>,
    /// All IPv4 ranges of the VPC that was asked.
    pub peer_cidr_block_set: Computed<Vec<Range>>,
    /// The IPv6 ranges of the VPC that was asked.
    pub peer_ipv6_cidr_block_set: Computed<Vec<RangeOfIpv6>>,
}

/// A range of IPv4 addresses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The range.
    pub cidr_block: Option<String>,
}

/// A range of IPv6 addresses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RangeOfIpv6 {
    /// The range.
    pub ipv6_cidr_block: Option<String>,
}

impl DataSource for PeeringConnection {
    const TYPE: &'static str = "aws_vpc_peering_connection";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeVpcPeeringConnections")], "a call finds one by its arguments");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search = Search::new(&self.filter, &self.tags)
            .with("status-code", &self.status)
            .with("requester-vpc-info.vpc-id", &self.vpc_id)
            .with("requester-vpc-info.owner-id", &self.owner_id)
            .with("requester-vpc-info.cidr-block", &self.cidr_block)
            .with("accepter-vpc-info.vpc-id", &self.peer_vpc_id)
            .with("accepter-vpc-info.owner-id", &self.peer_owner_id)
            .with("accepter-vpc-info.cidr-block", &self.peer_cidr_block);
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_vpc_peering_connections();
        let call = call.set_vpc_peering_connection_ids(ids).set_filters(search.filters());
        let it = only("VPC peering connection", call.into_paginator().items().send().try_collect().await?)?;
        Ok(self.told(it))
    }
}

impl PeeringConnection {
    fn told(self, it: sdk::VpcPeeringConnection) -> Self {
        let (asking, asked) = (end(it.requester_vpc_info), end(it.accepter_vpc_info));
        PeeringConnection {
            id: seen(it.vpc_peering_connection_id),
            status: seen(it.status.and_then(|it| it.code)),
            vpc_id: seen(asking.vpc_id),
            owner_id: seen(asking.owner_id),
            cidr_block: seen(asking.cidr_block),
            region: seen(asking.region),
            peer_vpc_id: seen(asked.vpc_id),
            peer_owner_id: seen(asked.owner_id),
            peer_cidr_block: seen(asked.cidr_block),
            peer_region: seen(asked.region),
            tags: Chosen(tags(it.tags)),
            accepter: options(asked.peering_options).into(),
            requester: options(asking.peering_options).into(),
            cidr_block_set: ranges(asking.cidr_block_set).into(),
            ipv6_cidr_block_set: ranges_of_ipv6(asking.ipv6_cidr_block_set).into(),
            peer_cidr_block_set: ranges(asked.cidr_block_set).into(),
            peer_ipv6_cidr_block_set: ranges_of_ipv6(asked.ipv6_cidr_block_set).into(),
            ..self
        }
    }
}

fn end(it: Option<sdk::VpcPeeringConnectionVpcInfo>) -> sdk::VpcPeeringConnectionVpcInfo {
    it.unwrap_or_else(|| sdk::VpcPeeringConnectionVpcInfo::builder().build())
}

fn options(it: Option<sdk::VpcPeeringConnectionOptionsDescription>) -> BTreeMap<String, bool> {
    let names = it.and_then(|it| it.allow_dns_resolution_from_remote_vpc);
    names.map(|it| ("allow_remote_vpc_dns_resolution".to_owned(), it)).into_iter().collect()
}

fn ranges(all: Option<Vec<sdk::CidrBlock>>) -> Vec<Range> {
    all.unwrap_or_default().into_iter().map(|it| Range { cidr_block: it.cidr_block }).collect()
}

fn ranges_of_ipv6(all: Option<Vec<sdk::Ipv6CidrBlock>>) -> Vec<RangeOfIpv6> {
    let range = |it: sdk::Ipv6CidrBlock| RangeOfIpv6 { ipv6_cidr_block: it.ipv6_cidr_block };
    all.unwrap_or_default().into_iter().map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_is_told_of_where_it_belongs() {
        let side = |vpc: &str, cidr: &str| {
            let range = sdk::CidrBlock::builder().cidr_block(cidr).build();
            sdk::VpcPeeringConnectionVpcInfo::builder().vpc_id(vpc).cidr_block(cidr).cidr_block_set(range)
        };
        let names = sdk::VpcPeeringConnectionOptionsDescription::builder();
        let names = names.allow_dns_resolution_from_remote_vpc(true).build();
        let one = sdk::VpcPeeringConnection::builder()
            .requester_vpc_info(side("vpc-1", "10.1.0.0/16").build())
            .accepter_vpc_info(side("vpc-2", "10.2.0.0/16").peering_options(names).build())
            .build();
        let nothing: PeeringConnection = serde_json::from_str("{}").unwrap();
        let it = nothing.told(one);
        assert_eq!(it.vpc_id.as_deref(), Some("vpc-1"));
        assert_eq!(it.peer_vpc_id.as_deref(), Some("vpc-2"));
        assert_eq!(it.peer_cidr_block_set[0].cidr_block.as_deref(), Some("10.2.0.0/16"));
        assert!(it.requester.is_empty());
        assert_eq!(it.accepter.get("allow_remote_vpc_dns_resolution"), Some(&true));
    }
}
