use std::rc::Rc;

use aws_sdk_ec2::types::{self as sdk, RouteOrigin};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::line::is_endpoint;
use crate::aws::ec2::route::crc32;
use crate::aws::ec2::tables::{By, tables};
use crate::aws::ec2::text;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A route that is there already: by its table, and its destination or target. Routes of gateway endpoints
/// and those that a VPN gateway spreads are not looked at.
///
/// ```toml
/// [data.aws_route.out]
/// route_table_id = "rtb-0a1b2c3d4e5f67890"
/// destination_cidr_block = "0.0.0.0/0"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The route table.
    pub route_table_id: String,
    /// Destination: an IPv4 range, as AWS writes it.
    pub destination_cidr_block: Chosen<Option<String>>,
    /// Destination: an IPv6 range, as AWS writes it.
    pub destination_ipv6_cidr_block: Chosen<Option<String>>,
    /// Destination: the ranges of a prefix list.
    pub destination_prefix_list_id: Chosen<Option<String>>,
    /// Target: a carrier gateway.
    pub carrier_gateway_id: Chosen<Option<String>>,
    /// Target: a core network.
    pub core_network_arn: Chosen<Option<String>>,
    /// Target: an egress-only internet gateway, for IPv6.
    pub egress_only_gateway_id: Chosen<Option<String>>,
    /// Target: an internet gateway, a VPN gateway, a gateway load balancer's endpoint, or `local`.
    pub gateway_id: Chosen<Option<String>>,
    /// The instance that the network interface belongs to.
    pub instance_id: Chosen<Option<String>>,
    /// Target: an Outpost's gateway.
    pub local_gateway_id: Chosen<Option<String>>,
    /// Target: a NAT gateway.
    pub nat_gateway_id: Chosen<Option<String>>,
    /// Target: a network interface.
    pub network_interface_id: Chosen<Option<String>>,
    /// Target: a transit gateway.
    pub transit_gateway_id: Chosen<Option<String>>,
    /// Target: a peering connection.
    pub vpc_peering_connection_id: Chosen<Option<String>>,
    pub timeouts: Option<TimeoutsRead>,
    /// Made of route table and destination. Never searched by.
    pub id: Chosen<Option<String>>,
}

impl DataSource for Route {
    const TYPE: &'static str = "aws_route";
    const READS: Reads = Reads::of(&[Cost::each("ec2:DescribeRouteTables")], "a route comes with its table");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let table = &self.route_table_id;
        let missing = || Error::Invalid(format!("there is no route table `{table}` in this region"));
        let found = tables(aws, By::Id, std::slice::from_ref(table)).await?.into_iter().next();
        let routes = Rc::unwrap_or_clone(found.ok_or_else(missing)?).routes.unwrap_or_default().into_iter();
        let it = only(table, routes.filter(|it| is_written(it) && self.fits(it)).collect())?;
        let range = it.destination_cidr_block().or(it.destination_ipv6_cidr_block());
        let destination = range.or(it.destination_prefix_list_id()).unwrap_or_default();
        Ok(Route {
            id: Chosen(Some(format!("r-{table}{}", crc32(destination.as_bytes())))),
            destination_cidr_block: it.destination_cidr_block.into(),
            destination_ipv6_cidr_block: it.destination_ipv6_cidr_block.into(),
            destination_prefix_list_id: it.destination_prefix_list_id.into(),
            carrier_gateway_id: it.carrier_gateway_id.into(),
            core_network_arn: it.core_network_arn.into(),
            egress_only_gateway_id: it.egress_only_internet_gateway_id.into(),
            gateway_id: it.gateway_id.into(),
            instance_id: it.instance_id.into(),
            local_gateway_id: it.local_gateway_id.into(),
            nat_gateway_id: it.nat_gateway_id.into(),
            network_interface_id: it.network_interface_id.into(),
            transit_gateway_id: it.transit_gateway_id.into(),
            vpc_peering_connection_id: it.vpc_peering_connection_id.into(),
            ..self
        })
    }
}

impl Route {
    /// Whether it is as the arguments want it.
    fn fits(&self, it: &sdk::Route) -> bool {
        let wanted = [
            (&self.destination_cidr_block, &it.destination_cidr_block),
            (&self.destination_ipv6_cidr_block, &it.destination_ipv6_cidr_block),
            (&self.destination_prefix_list_id, &it.destination_prefix_list_id),
            (&self.carrier_gateway_id, &it.carrier_gateway_id),
            (&self.core_network_arn, &it.core_network_arn),
            (&self.egress_only_gateway_id, &it.egress_only_internet_gateway_id),
            (&self.gateway_id, &it.gateway_id),
            (&self.instance_id, &it.instance_id),
            (&self.local_gateway_id, &it.local_gateway_id),
            (&self.nat_gateway_id, &it.nat_gateway_id),
            (&self.network_interface_id, &it.network_interface_id),
            (&self.transit_gateway_id, &it.transit_gateway_id),
            (&self.vpc_peering_connection_id, &it.vpc_peering_connection_id),
        ];
        wanted.into_iter().all(|(it, has)| text(it).is_none_or(|it| has.as_deref() == Some(it)))
    }
}

/// Neither propagated nor a gateway endpoint's.
fn is_written(it: &sdk::Route) -> bool {
    let of_endpoint = it.destination_prefix_list_id.is_some() && it.gateway_id().is_some_and(is_endpoint);
    it.origin != Some(RouteOrigin::EnableVgwRoutePropagation) && !of_endpoint
}

fn only(table: &str, mut found: Vec<sdk::Route>) -> Result<sdk::Route> {
    match (found.pop(), found.len()) {
        (Some(it), 0) => Ok(it),
        (None, _) => Err(Error::Invalid(format!(
            "no route of `{table}` fits: look at the destination and the target that this data source names"
        ))),
        (Some(_), more) => Err(Error::Invalid(format!(
            "{} routes of `{table}` fit and one is wanted: say its destination",
            more + 1
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(arguments: serde_json::Value) -> Route {
        serde_json::from_value(arguments).unwrap()
    }

    #[test]
    fn a_route_fits_all_that_is_said() {
        let it = sdk::Route::builder().destination_cidr_block("0.0.0.0/0").nat_gateway_id("nat-1").build();
        let table = serde_json::json!({ "route_table_id": "rtb-1" });
        assert!(wanted(table.clone()).fits(&it));
        for (name, value, fits) in [
            ("destination_cidr_block", "0.0.0.0/0", true),
            ("destination_cidr_block", "10.0.0.0/8", false),
            ("nat_gateway_id", "nat-1", true),
            ("nat_gateway_id", "", true),
            ("gateway_id", "local", false),
        ] {
            let mut arguments = table.clone();
            arguments[name] = value.into();
            assert_eq!(wanted(arguments).fits(&it), fits, "{name} {value}");
        }
    }

    #[test]
    fn a_gateway_endpoints_routes_are_its_own() {
        let to = |gateway: &str| sdk::Route::builder().gateway_id(gateway);
        assert!(is_written(&to("local").destination_cidr_block("10.0.0.0/16").build()));
        assert!(is_written(&to("vpce-1").destination_cidr_block("10.0.0.0/16").build()));
        assert!(!is_written(&to("vpce-1").destination_prefix_list_id("pl-1").build()));
        assert!(!is_written(&to("vgw-1").origin(RouteOrigin::EnableVgwRoutePropagation).build()));
    }
}
