//! Where a load balancer stands.

use aws_sdk_elasticloadbalancingv2::types::{self as sdk, AvailabilityZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::stated;
use crate::resource::{Computed, Set};

/// A subnet, and the addresses that a load balancer has there.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetMapping {
    /// The subnet.
    pub subnet_id: String,
    /// An elastic address. Network load balancers on the internet only.
    pub allocation_id: Option<String>,
    /// An address of the subnet. Internal network load balancers only.
    pub private_ipv4_address: Option<String>,
    /// An IPv6 address of the subnet. Network load balancers on the internet only.
    pub ipv6_address: Option<String>,
    /// The Outpost of the subnet.
    pub outpost_id: Computed<Option<String>>,
}

impl PartialEq for SubnetMapping {
    fn eq(&self, other: &Self) -> bool {
        let parts = |it: &Self| {
            let all = [&it.allocation_id, &it.private_ipv4_address, &it.ipv6_address];
            (it.subnet_id.clone(), all.map(|it| stated(it).map(str::to_owned)))
        };
        parts(self) == parts(other)
    }
}

impl SubnetMapping {
    pub fn sent(&self) -> sdk::SubnetMapping {
        let text = |it: &Option<String>| stated(it).map(str::to_owned);
        sdk::SubnetMapping::builder()
            .subnet_id(&self.subnet_id)
            .set_allocation_id(text(&self.allocation_id))
            .set_private_ipv4_address(text(&self.private_ipv4_address))
            .set_ipv6_address(text(&self.ipv6_address))
            .build()
    }
}

pub fn subnets(zones: &[AvailabilityZone]) -> Set<String> {
    zones.iter().filter_map(|it| it.subnet_id.clone()).collect()
}

pub fn mappings(zones: Vec<AvailabilityZone>) -> Set<SubnetMapping> {
    let one = |it: AvailabilityZone| {
        let address = it.load_balancer_addresses.unwrap_or_default().into_iter().next();
        let address = address.unwrap_or_else(|| sdk::LoadBalancerAddress::builder().build());
        SubnetMapping {
            subnet_id: it.subnet_id.unwrap_or_default(),
            allocation_id: address.allocation_id,
            private_ipv4_address: address.private_ipv4_address,
            ipv6_address: address.ipv6_address,
            outpost_id: Computed(it.outpost_id),
        }
    };
    zones.into_iter().map(one).collect()
}
