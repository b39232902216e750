use std::rc::Rc;
use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, ResourceType, RouteOrigin};
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::line::{Line, ROUTES, is_endpoint};
use super::tables::{By, tables};
use super::{EC2, among, arn, blockers, marked, tagged, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Where the traffic of subnets goes.
///
/// Routes stand here, or each as an `aws_route` of its own; where `route` is left out, the table
/// leaves its routes alone.
///
/// ```toml
/// [aws_route_table.public]
/// vpc_id = "${aws_vpc.main.id}"
/// route = [{ cidr_block = "0.0.0.0/0", gateway_id = "${aws_internet_gateway.main.id}" }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteTable {
    /// The VPC that the table is for.
    pub vpc_id: Fixed<String>,
    /// All routes besides those to the VPC itself.
    #[schemars(extend("x-attribute" = true))]
    pub route: Chosen<Option<Set<Line>>>,
    /// VPN gateways whose routes are taken over.
    pub propagating_vgws: Chosen<Option<Set<String>>>,
    pub timeouts: Option<Timeouts>,
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
}

const DESTINATIONS: [&str; 3] = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"];

impl Resource for RouteTable {
    const TYPE: &'static str = "aws_route_table";
    const IMPORT: &'static [&'static str] = &["rtb-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeRouteTables", 1000).same()],
        "a call takes 1,000 ids; with VPCs in the stack, those of 199 VPCs come in one call, main tables among them",
    );
    const MARKED: bool = true;
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[ROUTES, EC2];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let tables = tables(aws, By::Id, ids).await?;
        let foreign = foreign_interfaces(aws, &tables).await?;
        Ok(tables.into_iter().map(|it| live(aws, Rc::unwrap_or_clone(it), &foreign)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.ec2().create_route_table().vpc_id(&**self.vpc_id);
        let call = call.set_tag_specifications(tagged(ResourceType::RouteTable, &new.tags));
        let table = call.send().await?.route_table;
        table.and_then(|it| it.route_table_id).ok_or(Error::Incomplete("the table's id"))
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        self.change_propagation(aws, was).await?;
        // Left out, the routes are someone else's.
        let Some(wanted) = &self.route.0 else { return Ok(()) };
        let had = was.route.0.clone().unwrap_or_default();
        for line in wanted.iter() {
            match had.iter().find(|it| it.destination() == line.destination()) {
                None => put(aws, &was.key(), line).await?,
                Some(it) if it.target() != line.target() => line.replace(aws, &was.key()).await?,
                Some(_) => {}
            }
        }
        for line in had.iter() {
            if !wanted.iter().any(|it| it.destination() == line.destination()) {
                match line.delete(aws, &was.key()).await {
                    Err(it) if !it.is_missing() => return Err(it),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let delete = || aws.ec2().delete_route_table().route_table_id(self.key()).send();
        match delete().await.map_err(Error::from) {
            Err(it) if it.code() == Some("DependencyViolation") => {
                self.disassociate(aws).await?;
                delete().await?;
                Ok(())
            }
            answer => answer.map(drop),
        }
    }

    fn adjust(plan: &mut Adjust) {
        let lines = plan.config("route").and_then(Value::as_items).unwrap_or_default();
        let wrong = lines.iter().find_map(problem);
        if let Some(wrong) = wrong {
            plan.error("route", wrong);
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_route_table(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

/// What is wrong with a route, as far as it is known.
pub(super) fn problem(line: &Value) -> Option<String> {
    let fields = line.as_fields()?;
    let stands = |it: &Value| !it.is_null() && it.as_str() != Some("");
    let of = |destination: bool| {
        let mine = fields.iter().filter(|it| DESTINATIONS.contains(&&**it.0) == destination);
        let mine: Vec<_> = mine.filter(|it| stands(it.1)).collect();
        (mine.len(), mine.iter().any(|it| it.1.is_unknown()))
    };
    let fits = |(count, unknown): (usize, bool)| count == 1 || unknown && count > 1;
    if !fits(of(true)) {
        return Some(format!("a route has exactly one destination: `{}`", DESTINATIONS.join("`, `")));
    }
    if !fits(of(false)) {
        return Some("a route has exactly one target, such as `gateway_id`".to_owned());
    }
    let range = |name: &str| fields.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    let whole = |text: &str| text.parse::<IpNet>().ok().filter(|it| *it == it.trunc());
    if range("cidr_block").is_some_and(|it| !matches!(whole(it), Some(IpNet::V4(_)))) {
        return Some("`cidr_block` of a route is a range of IPv4 addresses such as `10.0.0.0/16`".to_owned());
    }
    let wrong = range("ipv6_cidr_block").is_some_and(|it| !matches!(whole(it), Some(IpNet::V6(_))));
    wrong.then(|| {
        "`ipv6_cidr_block` of a route is a range of IPv6 addresses such as `2001:db8::/32`".to_owned()
    })
}

impl RouteTable {
    async fn change_propagation(&self, aws: &Aws, was: &Self) -> Result<()> {
        let Some(wanted) = &self.propagating_vgws.0 else { return Ok(()) };
        let had = was.propagating_vgws.0.clone().unwrap_or_default();
        for it in had.beyond(wanted) {
            let call = aws.ec2().disable_vgw_route_propagation().route_table_id(was.key());
            call.gateway_id(it).send().await?;
        }
        for it in wanted.beyond(&had) {
            let call = aws.ec2().enable_vgw_route_propagation().route_table_id(was.key());
            call.gateway_id(it).send().await?;
        }
        Ok(())
    }

    /// What someone else associated with the table would keep it from going.
    async fn disassociate(&self, aws: &Aws) -> Result<()> {
        let tables = tables(&aws.exactly(true), By::Id, &[self.key()]).await?;
        let all = tables.iter().flat_map(|it| it.associations());
        for id in all.filter_map(|it| it.route_table_association_id()) {
            let gone = aws.ec2().disassociate_route_table().association_id(id).send().await;
            match gone.map_err(Error::from) {
                Err(it) if it.is_missing() => {}
                answer => drop(answer?),
            }
        }
        Ok(())
    }
}

/// The table says what stands in it: a destination that an attempt without an answer has made, too.
async fn put(aws: &Aws, table: &str, line: &Line) -> Result<()> {
    match line.create(aws, table).await {
        Err(it) if it.code() == Some("RouteAlreadyExists") => line.replace(aws, table).await,
        answer => answer,
    }
}

/// Interfaces on the way of routes that belong to instances of an AWS service's account: the
/// service's own routes.
pub(super) async fn foreign_interfaces(aws: &Aws, tables: &[Rc<sdk::RouteTable>]) -> Result<Vec<String>> {
    let foreign = |table: &sdk::RouteTable, it: &sdk::Route| {
        it.instance_owner_id.is_some() && it.instance_owner_id != table.owner_id
    };
    let each = |table| move |it: &&sdk::Route| foreign(table, it);
    let routes = tables.iter().flat_map(|table| table.routes().iter().filter(each(table)));
    let mut ids: Vec<String> = routes.filter_map(|it| it.network_interface_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let mut out = Vec::new();
    for some in ids.chunks(200) {
        let call = aws.ec2().describe_network_interfaces().filters(among("network-interface-id", some));
        for it in call.into_paginator().items().send().try_collect().await? {
            let instances = it.attachment.and_then(|it| it.instance_owner_id);
            if instances.is_some() && it.owner_id.is_some() && instances != it.owner_id {
                out.extend(it.network_interface_id);
            }
        }
    }
    Ok(out)
}

fn live(aws: &Aws, it: sdk::RouteTable, foreign: &[String]) -> Live<RouteTable> {
    let id: String = seen(it.route_table_id);
    let routes = it.routes.unwrap_or_default().into_iter().filter(|it| is_ours(it, foreign));
    let gateways = it.propagating_vgws.unwrap_or_default().into_iter().filter_map(|it| it.gateway_id);
    let mut tags = tags(it.tags);
    // FSx marks the tables that it writes into.
    tags.remove("AmazonFSx");
    Live {
        key: id.clone(),
        status: Status::Ready,
        tags: Some(tags),
        unread: &[],
        attributes: RouteTable {
            vpc_id: seen(it.vpc_id),
            route: Chosen(Some(routes.map(Line::from).collect())),
            propagating_vgws: Chosen(Some(gateways.collect())),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            arn: arn(aws, it.owner_id.as_deref(), &format!("route-table/{id}")).into(),
            id: id.into(),
            owner_id: seen(it.owner_id),
        },
    }
}

/// Not those that AWS writes into every table, nor those of endpoints, propagation and services.
pub(super) fn is_ours(it: &sdk::Route, foreign: &[String]) -> bool {
    let gateway = it.gateway_id.as_deref().unwrap_or_default();
    let of_endpoint = it.destination_prefix_list_id.is_some() && is_endpoint(gateway);
    let interface = it.network_interface_id.as_ref();
    !["local", "VpcLattice"].contains(&gateway)
        && it.origin != Some(RouteOrigin::EnableVgwRoutePropagation)
        && !of_endpoint
        && !interface.is_some_and(|it| foreign.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_destination_and_one_target() {
        let line = |all: &[(&str, &str)]| Value::object(all.iter().map(|(k, v)| (*k, Value::from(*v))));
        let to = ("cidr_block", "0.0.0.0/0");
        assert_eq!(problem(&line(&[to, ("gateway_id", "igw-1"), ("nat_gateway_id", "")])), None);
        assert!(problem(&line(&[to])).is_some());
        assert!(problem(&line(&[to, ("gateway_id", "igw-1"), ("nat_gateway_id", "nat-1")])).is_some());
    }

    #[test]
    fn a_destination_is_a_whole_range_of_its_kind() {
        let of = |name: &str, range: &str| {
            let all = [(name, Value::from(range)), ("gateway_id", Value::from("igw-1"))];
            problem(&Value::object(all))
        };
        assert_eq!(of("cidr_block", "10.0.0.0/8"), None);
        assert_eq!(of("ipv6_cidr_block", "::/0"), None);
        for (name, range) in
            [("cidr_block", "10.0.0.1/8"), ("cidr_block", "::/0"), ("ipv6_cidr_block", "10.0.0.0/8")]
        {
            assert!(of(name, range).is_some(), "{range}");
        }
    }
}
