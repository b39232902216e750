//! Network ACLs with their rules, subnets and tags, and sets of DHCP options.

use aws_sdk_ec2::types::NetworkAcl;

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ec2 = aws.ec2();
    let acls = ec2.describe_network_acls().into_paginator().items().send().try_collect().await?;
    acls.into_iter().for_each(|it| network_acl(it, all));
    let sets = ec2.describe_dhcp_options().into_paginator().items().send().try_collect().await?;
    add(all, "dhcp-options", sets.into_iter().map(|it| it.dhcp_options_id));
    Ok(())
}

/// Those that came with a VPC, too: others may have changed them.
fn network_acl(it: NetworkAcl, all: &mut Ids) {
    let id = it.network_acl_id.unwrap_or_default();
    for rule in it.entries.unwrap_or_default() {
        let way = if rule.egress == Some(true) { "egress" } else { "ingress" };
        add(all, "network-acl-rule", [rule.rule_number.map(|it| format!("{id} {way} {it}"))]);
    }
    let subnets = it.associations.unwrap_or_default().into_iter();
    add(all, "network-acl-subnet", subnets.map(|it| Some(format!("{id} {}", it.subnet_id?))));
    let tags = it.tags.unwrap_or_default().into_iter();
    add(all, "network-acl-tag", tags.map(|it| Some(format!("{id} {}", it.key?))));
    add(all, "network-acl", [Some(id)]);
}
