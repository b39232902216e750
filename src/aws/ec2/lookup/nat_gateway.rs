use aws_sdk_ec2::types::NatGatewayAddress;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A NAT gateway that is there already. AWS shows deleted ones for another hour: `state` leaves them out.
///
/// ```toml
/// [data.aws_nat_gateway.shared]
/// vpc_id = "vpc-0a1b2c3d4e5f67890"
/// state = "available"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NatGateway {
    /// Such as `nat-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// The subnet that holds it.
    pub subnet_id: Chosen<Option<String>>,
    /// The VPC that holds it.
    pub vpc_id: Chosen<Option<String>>,
    /// `pending`, `failed`, `available`, `deleting` or `deleted`.
    pub state: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// Towards the internet (`public`) or other networks (`private`).
    pub connectivity_type: Computed<Option<String>>,
    /// Its Elastic IP.
    pub allocation_id: Computed<Option<String>>,
    /// Joins the Elastic IP to the gateway.
    pub association_id: Computed<Option<String>>,
    /// Its network interface.
    pub network_interface_id: Computed<Option<String>>,
    /// Its private address.
    pub private_ip: Computed<Option<String>>,
    /// Its public address.
    pub public_ip: Computed<Option<String>>,
    /// More Elastic IPs of a public gateway.
    pub secondary_allocation_ids: Computed<Vec<String>>,
    /// How many more private addresses it has.
    pub secondary_private_ip_address_count: Computed<i64>,
    /// More private addresses.
    pub secondary_private_ip_addresses: Computed<Vec<String>>,
}

impl DataSource for NatGateway {
    const TYPE: &'static str = "aws_nat_gateway";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeNatGateways")], "a call finds one by its arguments");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search = Search::new(&self.filter, &self.tags)
            .with("state", &self.state)
            .with("subnet-id", &self.subnet_id)
            .with("vpc-id", &self.vpc_id);
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_nat_gateways().set_nat_gateway_ids(ids).set_filter(search.filters());
        let it = only("NAT gateway", call.into_paginator().items().send().try_collect().await?)?;
        let (first, more) = parted(it.nat_gateway_addresses.unwrap_or_default());
        let first = first.unwrap_or_else(|| NatGatewayAddress::builder().build());
        let told = |it: Option<String>| it.filter(|it| !it.is_empty());
        let allocations = more.iter().filter_map(|it| told(it.allocation_id.clone()));
        let private: Vec<String> = more.iter().filter_map(|it| told(it.private_ip.clone())).collect();
        Ok(NatGateway {
            id: seen(it.nat_gateway_id),
            subnet_id: seen(it.subnet_id),
            vpc_id: seen(it.vpc_id),
            state: seen(it.state),
            tags: Chosen(tags(it.tags)),
            connectivity_type: seen(it.connectivity_type),
            allocation_id: first.allocation_id.into(),
            association_id: first.association_id.into(),
            network_interface_id: first.network_interface_id.into(),
            private_ip: first.private_ip.into(),
            public_ip: first.public_ip.into(),
            secondary_allocation_ids: allocations.collect::<Vec<_>>().into(),
            secondary_private_ip_address_count: i64::try_from(private.len()).unwrap_or_default().into(),
            secondary_private_ip_addresses: private.into(),
            ..self
        })
    }
}

/// The primary address, which is the only one where there is but one, and the others.
fn parted(all: Vec<NatGatewayAddress>) -> (Option<NatGatewayAddress>, Vec<NatGatewayAddress>) {
    let alone = all.len() == 1;
    let (first, more): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|it| alone || it.is_primary == Some(true));
    (first.into_iter().next(), more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_alone_is_the_primary_one() {
        let of = |ip: &str| NatGatewayAddress::builder().private_ip(ip);
        let (first, more) = parted(vec![of("10.0.0.1").build()]);
        assert_eq!((first, more), (Some(of("10.0.0.1").build()), Vec::new()));
        let primary = of("10.0.0.2").is_primary(true).build();
        let (first, more) = parted(vec![of("10.0.0.1").build(), primary.clone()]);
        assert_eq!((first, more), (Some(primary), vec![of("10.0.0.1").build()]));
    }
}
