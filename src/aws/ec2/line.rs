//! One route, as route tables hold it and as the calls take it.

use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;
use crate::aws::{Aws, Result};
use crate::resource::Passing;

/// One route: one destination and one target.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Destination: an IPv4 range.
    pub cidr_block: Option<String>,
    /// Destination: an IPv6 range.
    pub ipv6_cidr_block: Option<String>,
    /// Destination: the ranges of a prefix list.
    pub destination_prefix_list_id: Option<String>,
    /// Target: a carrier gateway.
    pub carrier_gateway_id: Option<String>,
    /// Target: a core network.
    pub core_network_arn: Option<String>,
    /// Target: an egress-only internet gateway, for IPv6.
    pub egress_only_gateway_id: Option<String>,
    /// Target: an internet gateway or VPN gateway.
    pub gateway_id: Option<String>,
    /// Target: an Outpost's gateway.
    pub local_gateway_id: Option<String>,
    /// Target: a NAT gateway.
    pub nat_gateway_id: Option<String>,
    /// Target: a network interface.
    pub network_interface_id: Option<String>,
    /// Target: a transit gateway.
    pub transit_gateway_id: Option<String>,
    /// Target: a gateway load balancer's endpoint.
    pub vpc_endpoint_id: Option<String>,
    /// Target: a peering connection.
    pub vpc_peering_connection_id: Option<String>,
}

/// Destination and target in a call that makes or changes a route; its gateway apart.
macro_rules! filled {
    ($line:expr, $call:expr) => {
        $call
            .set_destination_cidr_block(given(&$line.cidr_block))
            .set_destination_ipv6_cidr_block(given(&$line.ipv6_cidr_block))
            .set_destination_prefix_list_id(given(&$line.destination_prefix_list_id))
            .set_carrier_gateway_id(given(&$line.carrier_gateway_id))
            .set_core_network_arn(given(&$line.core_network_arn))
            .set_egress_only_internet_gateway_id(given(&$line.egress_only_gateway_id))
            .set_local_gateway_id(given(&$line.local_gateway_id))
            .set_nat_gateway_id(given(&$line.nat_gateway_id))
            .set_network_interface_id(given(&$line.network_interface_id))
            .set_transit_gateway_id(given(&$line.transit_gateway_id))
            .set_vpc_endpoint_id(given(&$line.vpc_endpoint_id))
            .set_vpc_peering_connection_id(given(&$line.vpc_peering_connection_id))
    };
}

impl Line {
    pub fn destination(&self) -> Option<String> {
        let all = [&self.cidr_block, &self.ipv6_cidr_block, &self.destination_prefix_list_id];
        all.into_iter().find_map(text).map(canonical)
    }

    pub fn target(&self) -> Option<String> {
        self.clone().targets().into_iter().find_map(|it| given(it))
    }

    /// The same with no target but the one that `was` lacks; `None` where there is none.
    pub fn turned(mut self, mut was: Self) -> Option<Self> {
        let mut found = false;
        for (it, was) in self.targets().into_iter().zip(was.targets()) {
            let new = !found && text(it).is_some() && text(it) != text(was);
            found |= new;
            if !new {
                *it = None;
            }
        }
        found.then_some(self)
    }

    fn targets(&mut self) -> [&mut Option<String>; 10] {
        [
            &mut self.carrier_gateway_id,
            &mut self.core_network_arn,
            &mut self.egress_only_gateway_id,
            &mut self.gateway_id,
            &mut self.local_gateway_id,
            &mut self.nat_gateway_id,
            &mut self.network_interface_id,
            &mut self.transit_gateway_id,
            &mut self.vpc_endpoint_id,
            &mut self.vpc_peering_connection_id,
        ]
    }

    /// AWS refuses where the destination already stands in the table.
    pub async fn create(&self, aws: &Aws, table: &str) -> Result<()> {
        let call = aws.ec2().create_route().route_table_id(table).set_gateway_id(given(&self.gateway_id));
        filled!(self, call).send().await?;
        Ok(())
    }

    /// Leads the destination elsewhere.
    pub async fn replace(&self, aws: &Aws, table: &str) -> Result<()> {
        let local = text(&self.gateway_id) == Some("local");
        let call = aws.ec2().replace_route().route_table_id(table).set_local_target(local.then_some(true));
        let call = call.set_gateway_id(given(&self.gateway_id).filter(|_| !local));
        filled!(self, call).send().await?;
        Ok(())
    }

    /// AWS refuses where there is none.
    pub async fn delete(&self, aws: &Aws, table: &str) -> Result<()> {
        let call = aws
            .ec2()
            .delete_route()
            .route_table_id(table)
            .set_destination_cidr_block(given(&self.cidr_block))
            .set_destination_ipv6_cidr_block(given(&self.ipv6_cidr_block))
            .set_destination_prefix_list_id(given(&self.destination_prefix_list_id));
        call.send().await?;
        Ok(())
    }
}

/// A range as AWS writes it: `::/0` for `0::/0`.
pub fn canonical(destination: &str) -> String {
    match destination.parse::<ipnet::IpNet>() {
        Ok(it) => it.to_string(),
        Err(_) => destination.to_owned(),
    }
}

fn given(it: &Option<String>) -> Option<String> {
    text(it).map(str::to_owned)
}

/// AWS returns endpoints as gateways.
pub fn is_endpoint(gateway: &str) -> bool {
    gateway.starts_with("vpce-")
}

/// What passes with time for routes, besides: their target was made a moment ago. No wait makes one of `local`.
pub const ROUTES: &[Passing] = &[
    Passing::unseen("InvalidParameterException").not_saying(LOCAL),
    Passing::unseen("Gateway.NotAttached"),
    Passing::in_use("InvalidParameterException"),
];
const LOCAL: &str = "'local' does not exist";

impl From<sdk::Route> for Line {
    fn from(it: sdk::Route) -> Self {
        let (endpoint, gateway) = match it.gateway_id {
            Some(id) if is_endpoint(&id) => (Some(id), None),
            other => (None, other),
        };
        Line {
            cidr_block: it.destination_cidr_block,
            ipv6_cidr_block: it.destination_ipv6_cidr_block,
            destination_prefix_list_id: it.destination_prefix_list_id,
            carrier_gateway_id: it.carrier_gateway_id,
            core_network_arn: it.core_network_arn,
            egress_only_gateway_id: it.egress_only_internet_gateway_id,
            gateway_id: gateway,
            local_gateway_id: it.local_gateway_id,
            nat_gateway_id: it.nat_gateway_id,
            network_interface_id: it.network_interface_id,
            transit_gateway_id: it.transit_gateway_id,
            vpc_endpoint_id: endpoint,
            vpc_peering_connection_id: it.vpc_peering_connection_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_turns_to_what_is_new() {
        let to = |nat: &str, gateway: &str| Line {
            nat_gateway_id: Some(nat.to_owned()),
            gateway_id: Some(gateway.to_owned()),
            ..Line::default()
        };
        assert_eq!(
            to("", "igw-1").turned(to("nat-1", "")),
            Some(to("", "igw-1")).map(|it| Line { nat_gateway_id: None, ..it })
        );
        assert_eq!(to("nat-1", "").turned(to("nat-1", "")), None);
    }

    #[test]
    fn ranges_are_compared_by_meaning() {
        assert_eq!(canonical("0:0::/0"), canonical("::/0"));
        assert_eq!(canonical("pl-0a1b2c"), "pl-0a1b2c");
    }
}
