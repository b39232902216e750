use std::collections::HashMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EC2;
use super::line::{Line, ROUTES};
use super::route_table::{RouteTable, problem};
use super::tables::{By, tables};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// The route table that comes with a VPC, for subnets that say no other.
///
/// It is taken over as it is, and loses its routes but for those that stand here. Where `route` is left out,
/// routes that it gets later are left alone. Removing it from the stack leaves it as it is: it goes with its
/// VPC.
///
/// ```toml
/// [aws_default_route_table.main]
/// default_route_table_id = "${aws_vpc.main.default_route_table_id}"
/// route = [{ cidr_block = "0.0.0.0/0", gateway_id = "${aws_internet_gateway.main.id}" }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultRouteTable {
    /// The table: `default_route_table_id` of a VPC.
    pub default_route_table_id: Fixed<String>,
    /// All routes besides those to the VPC itself.
    #[schemars(extend("x-attribute" = true))]
    pub route: Chosen<Option<Set<Way>>>,
    /// VPN gateways whose routes are taken over.
    pub propagating_vgws: Option<Set<String>>,
    pub timeouts: Option<TimeoutsCreateUpdate>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `rtb-0a1b2c`.
    pub id: Computed<String>,
    /// The table's ARN.
    pub arn: Computed<String>,
    /// The account that owns the table.
    pub owner_id: Computed<String>,
    /// The VPC that it came with.
    pub vpc_id: Computed<String>,
}

/// One route: one destination and one target.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Destination: an IPv4 range.
    pub cidr_block: Option<String>,
    /// Destination: an IPv6 range.
    pub ipv6_cidr_block: Option<String>,
    /// Destination: the ranges of a prefix list.
    pub destination_prefix_list_id: Option<String>,
    /// Target: a core network.
    pub core_network_arn: Option<String>,
    /// Target: an egress-only internet gateway, for IPv6.
    pub egress_only_gateway_id: Option<String>,
    /// Target: an internet gateway or VPN gateway.
    pub gateway_id: Option<String>,
    /// Not taken any more: say `network_interface_id`.
    pub instance_id: Option<String>,
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

impl Resource for DefaultRouteTable {
    const TYPE: &'static str = "aws_default_route_table";
    /// The VPC that it came with.
    const IMPORT: &'static [&'static str] = &["vpc-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeRouteTables", 1000).same()],
        "a call takes 1,000 ids; with VPCs in the stack, their tables come with those of all",
    );
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[ROUTES, EC2];
    /// The table; in an import the VPC.
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, keys: &[String]) -> Result<Vec<Live<Self>>> {
        let (vpcs, mut ids): (Vec<_>, Vec<_>) = keys.iter().cloned().partition(|it| it.starts_with("vpc-"));
        let mains = tables(aws, By::Main, &vpcs).await?;
        let of_vpcs = mains.iter().filter_map(|it| Some((it.route_table_id.clone()?, it.vpc_id.clone()?)));
        let of_vpcs: HashMap<String, String> = of_vpcs.collect();
        ids.extend(of_vpcs.keys().cloned());
        let found = RouteTable::read(aws, &ids).await?;
        let asked = |id: &String| of_vpcs.get(id).unwrap_or(id).clone();
        Ok(found.into_iter().map(|it| live(asked(&it.key), it)).collect())
    }

    // Nothing is made: the table loses what is not to be in it, and gets the rest in `update`.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let id = &self.default_route_table_id.0;
        let found = RouteTable::read(&aws.exactly(true), std::slice::from_ref(id)).await?.pop();
        let lacks = || Error::Missing {
            code: "InvalidRouteTableID.NotFound".to_owned(),
            message: format!("AWS shows no route table {id}"),
        };
        let was = found.ok_or_else(lacks)?.attributes;
        self.bared(&was).update(aws, &was).await?;
        Ok(id.clone())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        self.table().update(aws, &was.table()).await
    }

    // It cannot be removed: `is_left`.
    async fn delete(&self, _aws: &Aws) -> Result<()> {
        Ok(())
    }

    // Taking it over again comes to the same.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }

    fn is_left(&self) -> bool {
        true
    }

    fn adjust(plan: &mut Adjust) {
        let ways = plan.config("route").and_then(Value::as_items).unwrap_or_default();
        let wrong = ways.iter().find_map(|it| instance(it).or_else(|| problem(it)));
        if let Some(wrong) = wrong {
            plan.error("route", wrong);
        }
    }
}

/// Routes lead to interfaces, be they an instance's.
fn instance(way: &Value) -> Option<String> {
    let said = way.get("instance_id").is_some_and(|it| !is_nothing(it));
    said.then(|| {
        "`instance_id` is no target of a route any more: say the instance's `network_interface_id`".to_owned()
    })
}

impl DefaultRouteTable {
    /// As any other route table.
    fn table(&self) -> RouteTable {
        RouteTable {
            vpc_id: Fixed(self.vpc_id.0.clone()),
            route: Chosen(self.route.0.as_ref().map(|all| all.iter().map(Line::from).collect())),
            propagating_vgws: Chosen(Some(self.propagating_vgws.clone().unwrap_or_default())),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            id: self.id.clone(),
            arn: self.arn.clone(),
            owner_id: self.owner_id.clone(),
        }
    }

    /// What is left of a table without what is not to be in it.
    fn bared(&self, was: &RouteTable) -> RouteTable {
        let wanted = self.table();
        let (lines, gateways) =
            (wanted.route.0.unwrap_or_default(), wanted.propagating_vgws.0.unwrap_or_default());
        let stays = |it: &&Line| lines.iter().any(|line| line.destination() == it.destination());
        let routes = was.route.0.iter().flat_map(|it| it.iter()).filter(stays).cloned();
        let propagating = was.propagating_vgws.0.iter().flat_map(|it| it.iter());
        RouteTable {
            route: Chosen(Some(routes.collect())),
            propagating_vgws: Chosen(Some(propagating.filter(|it| gateways.contains(it)).cloned().collect())),
            ..self.table()
        }
    }
}

fn live(key: String, it: Live<RouteTable>) -> Live<DefaultRouteTable> {
    let table = it.attributes;
    Live {
        key,
        status: it.status,
        tags: it.tags,
        unread: it.unread,
        attributes: DefaultRouteTable {
            default_route_table_id: Fixed(table.id.0.clone()),
            route: Chosen(table.route.0.map(|all| all.0.into_iter().map(Way::from).collect())),
            propagating_vgws: table.propagating_vgws.0,
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            id: table.id,
            arn: table.arn,
            owner_id: table.owner_id,
            vpc_id: Computed(table.vpc_id.0),
        },
    }
}

impl From<&Way> for Line {
    fn from(it: &Way) -> Self {
        let it = it.clone();
        Line {
            cidr_block: it.cidr_block,
            ipv6_cidr_block: it.ipv6_cidr_block,
            destination_prefix_list_id: it.destination_prefix_list_id,
            core_network_arn: it.core_network_arn,
            egress_only_gateway_id: it.egress_only_gateway_id,
            gateway_id: it.gateway_id,
            nat_gateway_id: it.nat_gateway_id,
            network_interface_id: it.network_interface_id,
            transit_gateway_id: it.transit_gateway_id,
            vpc_endpoint_id: it.vpc_endpoint_id,
            vpc_peering_connection_id: it.vpc_peering_connection_id,
            ..Line::default()
        }
    }
}

impl From<Line> for Way {
    fn from(it: Line) -> Self {
        Way {
            cidr_block: it.cidr_block,
            ipv6_cidr_block: it.ipv6_cidr_block,
            destination_prefix_list_id: it.destination_prefix_list_id,
            core_network_arn: it.core_network_arn,
            egress_only_gateway_id: it.egress_only_gateway_id,
            gateway_id: it.gateway_id,
            instance_id: None,
            nat_gateway_id: it.nat_gateway_id,
            network_interface_id: it.network_interface_id,
            transit_gateway_id: it.transit_gateway_id,
            vpc_endpoint_id: it.vpc_endpoint_id,
            vpc_peering_connection_id: it.vpc_peering_connection_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(range: &str, gateway: &str) -> Way {
        let it = |text: &str| Some(text.to_owned());
        Way { cidr_block: it(range), gateway_id: it(gateway), ..Way::default() }
    }

    fn table(routes: Option<&[Way]>) -> DefaultRouteTable {
        DefaultRouteTable {
            default_route_table_id: Fixed("rtb-1".to_owned()),
            route: Chosen(routes.map(|it| Set(it.to_vec()))),
            propagating_vgws: None,
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            id: Computed::default(),
            arn: Computed::default(),
            owner_id: Computed::default(),
            vpc_id: Computed::default(),
        }
    }

    #[test]
    fn what_is_taken_over_loses_what_is_not_to_be_in_it() {
        let was = table(Some(&[way("10.1.0.0/16", "igw-1"), way("10.2.0.0/16", "igw-1")])).table();
        let left = |routes| {
            let left = table(routes).bared(&was).route.0.unwrap_or_default();
            left.iter().map(|it| (it.destination(), it.target())).collect::<Vec<_>>()
        };
        // The same destination with another target is led elsewhere later.
        let ways = [way("10.2.0.0/16", "igw-2"), way("10.3.0.0/16", "igw-2")];
        let stays = (Some("10.2.0.0/16".to_owned()), Some("igw-1".to_owned()));
        assert_eq!(left(Some(&ways[..])), [stays]);
        assert!(left(None).is_empty());
    }

    #[test]
    fn an_instance_is_no_target() {
        let config = |name: &str| {
            Value::object([("cidr_block", Value::from("0.0.0.0/0")), (name, Value::from("i-0a1b2c"))])
        };
        assert!(instance(&config("instance_id")).is_some());
        assert!(instance(&config("network_interface_id")).is_none());
    }
}
