//! What an account of the sandbox holds, so that "nothing is left" can be shown.

mod acls;
mod cdn;
mod containers;
mod databases;
mod dns;
mod grants;
mod interfaces;
mod kubernetes;
mod leans;
mod load_balancing;
mod replication;
mod scaling;
mod servers;
mod settings;
mod users;
mod volumes;

use std::collections::BTreeSet;

use crate::aws::{Aws, Result};

/// Everything there is, as `kind id`, in this region of this account. A fresh account is not empty
/// (a default VPC and its parts): compare two of these.
pub async fn inventory(aws: &Aws) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    network(aws, &mut all).await?;
    security_groups(aws, &mut all).await?;
    gateways(aws, &mut all).await?;
    storage(aws, &mut all).await?;
    settings(aws, &mut all).await?;
    identity(aws, &mut all).await?;
    databases::add_all(aws, &mut all).await?;
    load_balancing::add_all(aws, &mut all).await?;
    cdn::inventory(aws, &mut all).await?;
    servers::add_all(aws, &mut all).await?;
    kubernetes::add_all(aws, &mut all).await?;
    leans::inventory(aws, &mut all).await?;
    containers::all(aws, &mut all).await?;
    dns::inventory(aws, &mut all).await?;
    acls::add_all(aws, &mut all).await?;
    grants::add_all(aws, &mut all).await?;
    interfaces::add_all(aws, &mut all).await?;
    replication::add_all(aws, &mut all).await?;
    scaling::add_all(aws, &mut all).await?;
    settings::add_all(aws, &mut all).await?;
    users::add_all(aws, &mut all).await?;
    volumes::add_all(aws, &mut all).await?;
    Ok(all)
}

type Ids = BTreeSet<String>;

fn add(all: &mut Ids, kind: &str, ids: impl IntoIterator<Item = Option<String>>) {
    all.extend(ids.into_iter().flatten().map(|it| format!("{kind} {it}")));
}

async fn network(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ec2 = aws.ec2();
    let vpcs = ec2.describe_vpcs().into_paginator().items().send().try_collect().await?;
    add(all, "vpc", vpcs.into_iter().map(|it| it.vpc_id));
    let subnets = ec2.describe_subnets().into_paginator().items().send().try_collect().await?;
    add(all, "subnet", subnets.into_iter().map(|it| it.subnet_id));
    let tables = ec2.describe_route_tables().into_paginator().items().send().try_collect().await?;
    for table in tables {
        let id = table.route_table_id.unwrap_or_default();
        let routes = table.routes.unwrap_or_default().into_iter();
        let routes = routes.map(|it| it.destination_cidr_block.or(it.destination_ipv6_cidr_block));
        add(all, "route", routes.map(|it| it.map(|it| format!("{id} {it}"))));
        add(all, "route-table", [Some(id)]);
        let associations = table.associations.unwrap_or_default();
        add(all, "association", associations.into_iter().map(|it| it.route_table_association_id));
    }
    Ok(())
}

async fn security_groups(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ec2 = aws.ec2();
    let groups = ec2.describe_security_groups().into_paginator().items().send().try_collect().await?;
    add(all, "security-group", groups.into_iter().map(|it| it.group_id));
    let rules = ec2.describe_security_group_rules().into_paginator().items().send().try_collect().await?;
    add(all, "security-group-rule", rules.into_iter().map(|it| it.security_group_rule_id));
    Ok(())
}

async fn gateways(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ec2 = aws.ec2();
    let gateways = ec2.describe_internet_gateways().into_paginator().items().send().try_collect().await?;
    add(all, "internet-gateway", gateways.into_iter().map(|it| it.internet_gateway_id));
    let nats = ec2.describe_nat_gateways().into_paginator().items().send().try_collect().await?;
    let nats = nats.into_iter().filter(|it| it.state.as_ref().is_none_or(|it| it.as_str() != "deleted"));
    add(all, "nat-gateway", nats.map(|it| it.nat_gateway_id));
    let addresses = ec2.describe_addresses().send().await?.addresses.unwrap_or_default();
    add(all, "address", addresses.into_iter().map(|it| it.allocation_id));
    let interfaces = ec2.describe_network_interfaces().into_paginator().items().send().try_collect().await?;
    add(all, "network-interface", interfaces.into_iter().map(|it| it.network_interface_id));
    Ok(())
}

async fn storage(aws: &Aws, all: &mut Ids) -> Result<()> {
    let queues = aws.sqs().list_queues().into_paginator().items().send().try_collect().await?;
    add(all, "queue", queues.into_iter().map(Some));
    let tables = aws.dynamodb().list_tables().into_paginator().items().send().try_collect().await?;
    add(all, "table", tables.into_iter().map(Some));
    let buckets = aws.s3().list_buckets().send().await?.buckets.unwrap_or_default();
    add(all, "bucket", buckets.into_iter().map(|it| it.name));
    let groups = aws.logs().describe_log_groups().into_paginator().items().send().try_collect().await?;
    add(all, "log-group", groups.into_iter().map(|it| it.log_group_name));
    let images = aws.ecr().describe_repositories().into_paginator().items().send().try_collect().await?;
    add(all, "repository", images.into_iter().map(|it| it.repository_name));
    Ok(())
}

async fn settings(aws: &Aws, all: &mut Ids) -> Result<()> {
    let pages: Vec<_> = aws.ssm().describe_parameters().into_paginator().send().try_collect().await?;
    let parameters = pages.into_iter().flat_map(|it| it.parameters.unwrap_or_default());
    // AWS's own, which are everybody's, are in the list once somebody has asked for one.
    let own = |name: &String| !name.starts_with("/aws/");
    add(all, "parameter", parameters.map(|it| it.name.filter(own)));
    let pages: Vec<_> = aws.secrets().list_secrets().into_paginator().send().try_collect().await?;
    let secrets = pages.into_iter().flat_map(|it| it.secret_list.unwrap_or_default());
    add(all, "secret", secrets.map(|it| it.arn));
    Ok(())
}

async fn identity(aws: &Aws, all: &mut Ids) -> Result<()> {
    let iam = aws.iam();
    let roles = iam.list_roles().into_paginator().items().send().try_collect().await?;
    add(all, "role", roles.into_iter().map(|it| Some(it.role_name)));
    let policies = iam.list_policies().scope(aws_sdk_iam::types::PolicyScopeType::Local);
    let policies = policies.into_paginator().items().send().try_collect().await?;
    add(all, "policy", policies.into_iter().map(|it| it.arn));
    Ok(())
}
