use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::line::{Line, ROUTES, canonical, is_endpoint};
use super::tables::{By, tables};
use super::{EC2, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// One route of a route table: one destination and one target.
///
/// ```toml
/// [aws_route.internet]
/// route_table_id = "${aws_route_table.public.id}"
/// destination_cidr_block = "0.0.0.0/0"
/// gateway_id = "${aws_internet_gateway.main.id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The route table.
    pub route_table_id: Fixed<String>,
    /// Destination: an IPv4 range.
    #[schemars(extend("format" = "cidr4"))]
    pub destination_cidr_block: Fixed<Option<Cidr>>,
    /// Destination: an IPv6 range.
    #[schemars(extend("format" = "cidr6"))]
    pub destination_ipv6_cidr_block: Fixed<Option<Cidr>>,
    /// Destination: the ranges of a prefix list.
    pub destination_prefix_list_id: Fixed<Option<String>>,
    /// Target: a carrier gateway, for IPv4.
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
    pub network_interface_id: Chosen<Option<String>>,
    /// Target: a transit gateway.
    pub transit_gateway_id: Option<String>,
    /// Target: a gateway load balancer's endpoint.
    pub vpc_endpoint_id: Option<String>,
    /// Target: a peering connection.
    pub vpc_peering_connection_id: Option<String>,
    pub timeouts: Option<Timeouts>,
    /// Made of route table and destination.
    pub id: Computed<String>,
    /// The instance that the network interface belongs to.
    pub instance_id: Computed<Option<String>>,
    /// The account that owns the instance.
    pub instance_owner_id: Computed<Option<String>>,
    /// How the route came about, such as `CreateRoute`.
    pub origin: Computed<Option<String>>,
    /// `active`, or `blackhole` where the target is gone.
    pub state: Computed<Option<String>>,
}

/// A route table and a destination in it, as the stack writes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    pub table: String,
    pub destination: String,
}

const DESTINATIONS: [&str; 3] =
    ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];
const TARGETS: [&str; 10] = [
    "carrier_gateway_id",
    "core_network_arn",
    "egress_only_gateway_id",
    "gateway_id",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
];

impl Resource for Route {
    const TYPE: &'static str = "aws_route";
    const IMPORT: &'static [&'static str] = &[
        "rtb-0a1b2c3d4e5f67890_10.0.0.0/16",
        "rtb-0a1b2c3d4e5f67890_2001:db8::/32",
        "rtb-0a1b2c3d4e5f67890_pl-0a1b2c3d4e5f67890",
    ];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeRouteTables", 1000).same()],
        "a route comes with its table, of which a call takes 1,000 ids",
    );
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[ROUTES, EC2];
    type Key = Key;

    fn key(&self) -> Key {
        let ranges = [&self.destination_cidr_block, &self.destination_ipv6_cidr_block];
        let range = ranges.into_iter().filter_map(|it| it.as_ref()).find(|it| !it.is_empty());
        let destination = range.map(|it| it.as_str()).or(text(&self.destination_prefix_list_id));
        Key { table: self.route_table_id.0.clone(), destination: destination.unwrap_or_default().to_owned() }
    }

    fn import(id: &str) -> Result<Key> {
        match id.split_once('_') {
            Some((table, to)) if !table.is_empty() && !to.is_empty() => {
                Ok(Key { table: table.to_owned(), destination: to.to_owned() })
            }
            _ => Err(Error::Invalid("say route table and destination".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut ids: Vec<String> = keys.iter().map(|it| it.table.clone()).collect();
        ids.sort();
        ids.dedup();
        let tables = tables(aws, By::Id, &ids).await?;
        let mut routes = HashMap::new();
        for table in &tables {
            let id = table.route_table_id.as_deref().unwrap_or_default();
            routes.extend(table.routes().iter().filter_map(|it| Some(((id, destination(it)?), it))));
        }
        let of = |key: &Key| routes.get(&(key.table.as_str(), canonical(&key.destination))).copied();
        Ok(keys.iter().filter_map(|key| Some(live(key, of(key)?.clone()))).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        let line = self.towards(None).ok_or_else(|| Error::Invalid("the route has no target".to_owned()))?;
        line.create(aws, &self.route_table_id).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        match self.towards(Some(was)) {
            Some(line) => line.replace(aws, &self.route_table_id).await,
            None => Ok(()),
        }
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        match self.line().delete(aws, &self.route_table_id).await {
            // An imported route to the VPC itself stays for as long as the VPC.
            Err(it) if it.message().contains("cannot remove local route") => Ok(()),
            answer => answer,
        }
    }

    // CreateRoute takes no client token, but a destination stands once in a table.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<Key>> {
        let there = Self::read(&aws.exactly(true), &[self.key()]).await?;
        let ours = there.into_iter().find(|it| self.towards(Some(&it.attributes)).is_none());
        Ok(ours.map(|it| it.key))
    }

    fn adjust(plan: &mut Adjust) {
        plan.exactly_one(&DESTINATIONS);
        plan.exactly_one(&TARGETS);
        plan.at_most_one(&["carrier_gateway_id", "destination_ipv6_cidr_block"]);
        plan.at_most_one(&["egress_only_gateway_id", "destination_cidr_block"]);
        plan.at_most_one(&["vpc_endpoint_id", "destination_prefix_list_id"]);
        let local = plan.config("gateway_id").and_then(Value::as_str) == Some("local");
        if plan.was.is_none() {
            if local {
                plan.error("gateway_id", "AWS makes the route to `local` itself: import it to manage it");
            }
        } else if TARGETS.iter().any(|it| plan.change(it).is_some()) {
            // What the old target brought along goes with it.
            ["instance_id", "instance_owner_id", "state", "origin"]
                .iter()
                .for_each(|it| plan.set_unknown(it));
            if plan.config("network_interface_id").is_none_or(Value::is_unknown) {
                plan.set_unknown("network_interface_id");
            }
        }
    }
}

impl Route {
    fn line(&self) -> Line {
        let range = |it: &Option<Cidr>| it.as_ref().map(|it| it.0.clone());
        Line {
            cidr_block: range(&self.destination_cidr_block),
            ipv6_cidr_block: range(&self.destination_ipv6_cidr_block),
            destination_prefix_list_id: self.destination_prefix_list_id.0.clone(),
            carrier_gateway_id: self.carrier_gateway_id.clone(),
            core_network_arn: self.core_network_arn.clone(),
            egress_only_gateway_id: self.egress_only_gateway_id.clone(),
            gateway_id: self.gateway_id.clone(),
            local_gateway_id: self.local_gateway_id.clone(),
            nat_gateway_id: self.nat_gateway_id.clone(),
            network_interface_id: self.network_interface_id.0.clone(),
            transit_gateway_id: self.transit_gateway_id.clone(),
            vpc_endpoint_id: self.vpc_endpoint_id.clone(),
            vpc_peering_connection_id: self.vpc_peering_connection_id.clone(),
        }
    }

    /// Destination and target, where the target is not so already. What AWS told of the old target
    /// does not stand beside the new one.
    fn towards(&self, was: Option<&Self>) -> Option<Line> {
        self.line().turned(was.map(Self::line).unwrap_or_default())
    }
}

/// Where a route leads to, as AWS writes it.
fn destination(it: &sdk::Route) -> Option<String> {
    let range = it.destination_cidr_block().or(it.destination_ipv6_cidr_block());
    range.or(it.destination_prefix_list_id()).map(canonical)
}

fn live(key: &Key, it: sdk::Route) -> Live<Route> {
    let (endpoint, gateway) = match it.gateway_id {
        Some(id) if is_endpoint(&id) => (Some(id), None),
        other => (None, other),
    };
    // The destination as the stack writes it: AWS has its own spelling.
    let spelled = |it: Option<String>| it.map(|_| Cidr(key.destination.clone())).into();
    Live {
        key: key.clone(),
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: Route {
            route_table_id: key.table.clone().into(),
            destination_cidr_block: spelled(it.destination_cidr_block),
            destination_ipv6_cidr_block: spelled(it.destination_ipv6_cidr_block),
            destination_prefix_list_id: seen(it.destination_prefix_list_id),
            carrier_gateway_id: it.carrier_gateway_id,
            core_network_arn: it.core_network_arn,
            egress_only_gateway_id: it.egress_only_internet_gateway_id,
            gateway_id: gateway,
            local_gateway_id: it.local_gateway_id,
            nat_gateway_id: it.nat_gateway_id,
            network_interface_id: seen(it.network_interface_id),
            transit_gateway_id: it.transit_gateway_id,
            vpc_endpoint_id: endpoint,
            vpc_peering_connection_id: it.vpc_peering_connection_id,
            timeouts: None,
            id: format!("r-{}{}", key.table, crc32(key.destination.as_bytes())).into(),
            instance_id: seen(it.instance_id),
            instance_owner_id: seen(it.instance_owner_id),
            origin: seen(it.origin),
            state: seen(it.state),
        },
    }
}

/// The checksum that ids of routes carry: CRC-32 of IEEE 802.3.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let bit = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    let byte = |sum: u32, it: &u8| (0..8).fold(sum ^ u32::from(*it), |sum, _| bit(sum));
    !bytes.iter().fold(!0, byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_providers() {
        assert_eq!(crc32(b"0.0.0.0/0"), 1_080_289_494);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    fn problems(config: &[(&str, &str)]) -> Vec<String> {
        let config = Value::object(config.iter().map(|(k, v)| (*k, Value::from(*v))));
        let mut plan =
            Adjust { was: None, will: config.clone(), config, replace: Vec::new(), errors: Vec::new() };
        Route::adjust(&mut plan);
        plan.errors.into_iter().map(|it| it.0).collect()
    }

    #[test]
    fn a_route_has_one_destination_and_one_target() {
        let to = ("destination_cidr_block", "0.0.0.0/0");
        assert!(problems(&[to, ("gateway_id", "igw-1")]).is_empty());
        assert_eq!(problems(&[to, ("gateway_id", "igw-1"), ("nat_gateway_id", "nat-1")]), ["nat_gateway_id"]);
        assert_eq!(problems(&[("gateway_id", "igw-1")]), ["destination_cidr_block"]);
        assert_eq!(problems(&[to, ("gateway_id", "local")]), ["gateway_id"]);
    }

    #[test]
    fn an_import_id_is_table_and_destination() {
        let key = Route::import("rtb-1_2001:db8::/32").ok();
        assert_eq!(key.map(|it| it.destination), Some("2001:db8::/32".to_owned()));
        assert!(Route::import("rtb-1").is_err());
    }
}
