use std::rc::Rc;

use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::line::is_endpoint;
use crate::aws::ec2::route_table::{foreign_interfaces, is_ours};
use crate::aws::ec2::{arn, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A route table that is there already.
///
/// ```toml
/// [data.aws_route_table.front]
/// subnet_id = "subnet-0a1b2c3d4e5f67890"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteTable {
    /// Such as `rtb-0a1b2c`.
    pub route_table_id: Chosen<Option<String>>,
    /// The VPC that it is for.
    pub vpc_id: Chosen<Option<String>>,
    /// A subnet that names it as its table: none that is left to the VPC's main one.
    pub subnet_id: Chosen<Option<String>>,
    /// A gateway that names it as its table.
    pub gateway_id: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The same as `route_table_id`. Never searched by.
    pub id: Chosen<Option<String>>,
    /// The table's ARN.
    pub arn: Computed<String>,
    /// The account that owns it.
    pub owner_id: Computed<Option<String>>,
    /// Its routes, but for those to the VPC itself, of endpoints and propagation.
    pub routes: Computed<Vec<Route>>,
    /// The subnets and gateways that it serves.
    pub associations: Computed<Vec<Association>>,
}

/// A destination and its target.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
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
    /// The instance that the network interface belongs to.
    pub instance_id: Option<String>,
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

/// What a table serves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Association {
    /// Joins the two, such as `rtbassoc-0a1b2c`.
    pub route_table_association_id: Option<String>,
    /// The table.
    pub route_table_id: Option<String>,
    /// The subnet, where it is one.
    pub subnet_id: Option<String>,
    /// The gateway, where it is one.
    pub gateway_id: Option<String>,
    /// Whether it is the table of all subnets that name none.
    pub main: Option<bool>,
}

impl DataSource for RouteTable {
    const TYPE: &'static str = "aws_route_table";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeRouteTables")], "a call finds one by its arguments");
    const UNSET: &'static [&'static str] = &["gateway_id", "subnet_id"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search = Search::new(&self.filter, &self.tags)
            .with("route-table-id", &self.route_table_id)
            .with("vpc-id", &self.vpc_id)
            .with("association.subnet-id", &self.subnet_id)
            .with("association.gateway-id", &self.gateway_id);
        let Some(filters) = search.filters() else {
            let what = "say which route table: by `route_table_id`, `vpc_id`, `subnet_id`, `gateway_id`, \
                        `tags` or `filter`";
            return Err(Error::Invalid(what.to_owned()));
        };
        let call = aws.ec2().describe_route_tables().set_filters(Some(filters));
        let it = only("route table", call.into_paginator().items().send().try_collect().await?)?;
        let table = [Rc::new(it)];
        let foreign = foreign_interfaces(aws, &table).await?;
        let [it] = table.map(Rc::unwrap_or_clone);
        let id: String = seen(it.route_table_id);
        let routes = it.routes.unwrap_or_default().into_iter().filter(|it| is_ours(it, &foreign));
        let associations = it.associations.unwrap_or_default().into_iter().map(Association::from);
        let mut tags = tags(it.tags);
        // FSx marks the tables that it writes into.
        tags.remove("AmazonFSx");
        Ok(RouteTable {
            route_table_id: Chosen(Some(id.clone())),
            vpc_id: seen(it.vpc_id),
            tags: Chosen(tags),
            arn: arn(aws, it.owner_id.as_deref(), &format!("route-table/{id}")).into(),
            owner_id: it.owner_id.into(),
            routes: routes.map(Route::from).collect::<Vec<_>>().into(),
            associations: associations.collect::<Vec<_>>().into(),
            id: Chosen(Some(id)),
            ..self
        })
    }
}

impl From<sdk::Route> for Route {
    fn from(it: sdk::Route) -> Self {
        let (endpoint, gateway) = match it.gateway_id {
            Some(id) if is_endpoint(&id) => (Some(id), None),
            other => (None, other),
        };
        Route {
            cidr_block: it.destination_cidr_block,
            ipv6_cidr_block: it.destination_ipv6_cidr_block,
            destination_prefix_list_id: it.destination_prefix_list_id,
            carrier_gateway_id: it.carrier_gateway_id,
            core_network_arn: it.core_network_arn,
            egress_only_gateway_id: it.egress_only_internet_gateway_id,
            gateway_id: gateway,
            instance_id: it.instance_id,
            local_gateway_id: it.local_gateway_id,
            nat_gateway_id: it.nat_gateway_id,
            network_interface_id: it.network_interface_id,
            transit_gateway_id: it.transit_gateway_id,
            vpc_endpoint_id: endpoint,
            vpc_peering_connection_id: it.vpc_peering_connection_id,
        }
    }
}

impl From<sdk::RouteTableAssociation> for Association {
    fn from(it: sdk::RouteTableAssociation) -> Self {
        Association {
            route_table_association_id: it.route_table_association_id,
            route_table_id: it.route_table_id,
            subnet_id: it.subnet_id,
            gateway_id: it.gateway_id,
            main: it.main,
        }
    }
}
