//! What stands in the way of removing EC2's things: looked up after a refusal, for people.

use aws_sdk_ec2::types as sdk;
use futures::join;

use super::interfaces::{self, blocker};
use super::tables::{By, tables};
use super::{among, tags};
use crate::aws::{Aws, Error, Result};
use crate::resource::{Blocker, Blockers};

fn one(name: &str, id: &str) -> sdk::Filter {
    among(name, &[id.to_owned()])
}

/// The name that a thing's tags give it.
fn name(of: &[sdk::Tag]) -> Option<String> {
    tags(Some(of.to_vec())).remove("Name")
}

fn thing(kind: &str, id: Option<&str>, of: &[sdk::Tag]) -> Blocker {
    Blocker::new(kind, id.unwrap_or_default()).named(name(of).as_deref())
}

async fn interfaces_by(aws: &Aws, filter: &str, id: &str) -> Result<Vec<Blocker>> {
    Ok(interfaces::found(aws, filter, id).await?.iter().map(blocker).collect())
}

/// Interfaces that use the group, and groups whose rules name it.
pub async fn of_group(aws: &Aws, id: &str) -> Blockers {
    let (used, named) = join!(interfaces_by(aws, "group-id", id), groups_naming(aws, id));
    let mut out = Blockers::default();
    out.ask("network interfaces", used);
    out.ask("rules of other groups", named);
    out
}

async fn groups_naming(aws: &Aws, id: &str) -> Result<Vec<Blocker>> {
    let mut out: Vec<Blocker> = Vec::new();
    for filter in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let call = aws.ec2().describe_security_groups().filters(one(filter, id));
        let found: Vec<sdk::SecurityGroup> = call.into_paginator().items().send().try_collect().await?;
        let found = found.iter().filter(|it| it.group_id() != Some(id)).map(|it| {
            let group = Blocker::new("security group", it.group_id().unwrap_or_default());
            group.named(it.group_name()).of("its rules name it")
        });
        out.extend(found);
    }
    out.dedup();
    Ok(out)
}

/// What is in the subnet.
pub async fn of_subnet(aws: &Aws, id: &str) -> Blockers {
    let mut out = Blockers::default();
    out.ask("network interfaces", interfaces_by(aws, "subnet-id", id).await);
    out
}

/// What is in the VPC, but for what every VPC has.
pub async fn of_vpc(aws: &Aws, id: &str) -> Blockers {
    let (subnets, used, nets, nats) = join!(
        subnets(aws, id),
        interfaces_by(aws, "vpc-id", id),
        internet_gateways(aws, id),
        nat_gateways(aws, id)
    );
    let (endpoints, groups, routes, acls, vpns, peers) = join!(
        endpoints(aws, id),
        groups(aws, id),
        route_tables(aws, id),
        acls(aws, id),
        vpn_gateways(aws, id),
        peerings(aws, id)
    );
    let mut out = Blockers::default();
    let all = [
        ("subnets", subnets),
        ("network interfaces", used),
        ("internet gateways", nets),
        ("NAT gateways", nats),
        ("VPC endpoints", endpoints),
        ("security groups", groups),
        ("route tables", routes),
        ("network ACLs", acls),
        ("VPN gateways", vpns),
        ("peering connections", peers),
    ];
    all.into_iter().for_each(|(what, found)| out.ask(what, found));
    out
}

async fn subnets(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let call = aws.ec2().describe_subnets().filters(one("vpc-id", vpc));
    let found: Vec<sdk::Subnet> = call.into_paginator().items().send().try_collect().await?;
    Ok(found.iter().map(|it| thing("subnet", it.subnet_id(), it.tags())).collect())
}

async fn internet_gateways(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let call = aws.ec2().describe_internet_gateways().filters(one("attachment.vpc-id", vpc));
    let found: Vec<sdk::InternetGateway> = call.into_paginator().items().send().try_collect().await?;
    Ok(found.iter().map(|it| thing("internet gateway", it.internet_gateway_id(), it.tags())).collect())
}

async fn nat_gateways(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let call = aws.ec2().describe_nat_gateways().filter(one("vpc-id", vpc));
    let mut found: Vec<sdk::NatGateway> = call.into_paginator().items().send().try_collect().await?;
    let gone = |it: &sdk::NatGateway| {
        matches!(it.state(), Some(sdk::NatGatewayState::Deleted | sdk::NatGatewayState::Failed))
    };
    found.retain(|it| !gone(it));
    let blocker = |it: &sdk::NatGateway| {
        let out = thing("NAT gateway", it.nat_gateway_id(), it.tags());
        match it.state() {
            Some(sdk::NatGatewayState::Deleting) => out.of("it is being deleted"),
            _ => out,
        }
    };
    Ok(found.iter().map(blocker).collect())
}

async fn endpoints(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let call = aws.ec2().describe_vpc_endpoints().filters(one("vpc-id", vpc));
    let found: Vec<sdk::VpcEndpoint> = call.into_paginator().items().send().try_collect().await?;
    let blocker = |it: &sdk::VpcEndpoint| {
        let id = it.vpc_endpoint_id().unwrap_or_default();
        Blocker::new("VPC endpoint", id).named(it.service_name())
    };
    Ok(found.iter().map(blocker).collect())
}

async fn groups(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let call = aws.ec2().describe_security_groups().filters(one("vpc-id", vpc));
    let found: Vec<sdk::SecurityGroup> = call.into_paginator().items().send().try_collect().await?;
    let added = found.iter().filter(|it| it.group_name() != Some("default"));
    let blocker = |it: &sdk::SecurityGroup| {
        Blocker::new("security group", it.group_id().unwrap_or_default()).named(it.group_name())
    };
    Ok(added.map(blocker).collect())
}

async fn route_tables(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let call = aws.ec2().describe_route_tables().filters(one("vpc-id", vpc));
    let found: Vec<sdk::RouteTable> = call.into_paginator().items().send().try_collect().await?;
    let added = found.iter().filter(|it| !it.associations().iter().any(|it| it.main() == Some(true)));
    Ok(added.map(|it| thing("route table", it.route_table_id(), it.tags())).collect())
}

async fn acls(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let call = aws.ec2().describe_network_acls().filters(one("vpc-id", vpc));
    let found: Vec<sdk::NetworkAcl> = call.into_paginator().items().send().try_collect().await?;
    let added = found.iter().filter(|it| it.is_default() != Some(true));
    Ok(added.map(|it| thing("network ACL", it.network_acl_id(), it.tags())).collect())
}

async fn vpn_gateways(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let call = aws.ec2().describe_vpn_gateways().filters(one("attachment.vpc-id", vpc));
    let found = call.send().await?.vpn_gateways.unwrap_or_default();
    let attached = found.iter().filter(|it| {
        it.vpc_attachments().iter().any(|it| it.state() != Some(&sdk::AttachmentStatus::Detached))
    });
    Ok(attached.map(|it| thing("VPN gateway", it.vpn_gateway_id(), it.tags())).collect())
}

async fn peerings(aws: &Aws, vpc: &str) -> Result<Vec<Blocker>> {
    let mut out = Vec::new();
    for side in ["requester-vpc-info.vpc-id", "accepter-vpc-info.vpc-id"] {
        let alive = among("status-code", &["active".to_owned(), "pending-acceptance".to_owned()]);
        let call = aws.ec2().describe_vpc_peering_connections().filters(one(side, vpc)).filters(alive);
        let found: Vec<sdk::VpcPeeringConnection> =
            call.into_paginator().items().send().try_collect().await?;
        let each =
            found.iter().map(|it| thing("peering connection", it.vpc_peering_connection_id(), it.tags()));
        out.extend(each);
    }
    Ok(out)
}

/// Public addresses in the VPC: the gateway goes when they are gone.
pub async fn of_internet_gateway(aws: &Aws, vpc: &str) -> Blockers {
    let public = async {
        let found = interfaces::found(aws, "vpc-id", vpc).await?;
        let mapped = found.iter().filter_map(|it| {
            let address = it.association()?.public_ip()?;
            let mut out = blocker(it);
            out.what = format!("public address {address} of {}", out.what);
            out.ids.extend(it.association().and_then(|it| it.allocation_id()).map(str::to_owned));
            Some(out)
        });
        Ok::<_, Error>(mapped.collect())
    };
    let mut out = Blockers::default();
    out.ask("public addresses", public.await);
    out
}

/// What the table is still associated with.
pub async fn of_route_table(aws: &Aws, id: &str) -> Blockers {
    let associated = async {
        let found = tables(&aws.exactly(true), By::Id, &[id.to_owned()]).await?;
        let all = found.iter().flat_map(|it| it.associations());
        let each = all.map(|it| match (it.subnet_id(), it.gateway_id()) {
            (Some(subnet), _) => Blocker::new("association with subnet", subnet),
            (None, Some(gateway)) => Blocker::new("association with gateway", gateway),
            (None, None) => Blocker::new(
                "main route table of",
                found.iter().find_map(|it| it.vpc_id()).unwrap_or("the VPC"),
            ),
        });
        Ok::<_, Error>(each.collect())
    };
    let mut out = Blockers::default();
    out.ask("its associations", associated.await);
    out
}

/// The route tables that lead to the endpoint.
pub async fn of_endpoint(aws: &Aws, id: &str) -> Blockers {
    let routed = async {
        let call = aws.ec2().describe_route_tables().filters(one("route.gateway-id", id));
        let found: Vec<sdk::RouteTable> = call.into_paginator().items().send().try_collect().await?;
        let table = |it: &sdk::RouteTable| {
            thing("route table", it.route_table_id(), it.tags()).of("one of its routes leads here")
        };
        Ok::<_, Error>(found.iter().map(table).collect())
    };
    let mut out = Blockers::default();
    out.ask("route tables", routed.await);
    out
}

/// What the address is associated with.
pub async fn of_address(aws: &Aws, allocation: &str) -> Blockers {
    let used = async {
        let call = aws.ec2().describe_addresses().filters(one("allocation-id", allocation));
        let found = call.send().await?.addresses.unwrap_or_default();
        let interfaces = found.iter().filter_map(|it| it.network_interface_id.clone()).collect::<Vec<_>>();
        if interfaces.is_empty() {
            let instances = found.iter().filter_map(|it| it.instance_id());
            return Ok(instances.map(|it| Blocker::new("instance", it)).collect());
        }
        let call =
            aws.ec2().describe_network_interfaces().filters(among("network-interface-id", &interfaces));
        let found: Vec<sdk::NetworkInterface> = call.into_paginator().items().send().try_collect().await?;
        Ok::<_, Error>(found.iter().map(blocker).collect())
    };
    let mut out = Blockers::default();
    out.ask("what it is associated with", used.await);
    out
}
