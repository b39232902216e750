//! What joins networks, and lists of their ranges. Interfaces are told with the gateways.

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    let ec2 = aws.ec2();
    let peerings = ec2.describe_vpc_peering_connections().into_paginator().items().send();
    for it in peerings.try_collect().await? {
        let state = it.status.as_ref().and_then(|it| it.code.as_ref()).map_or("", |it| it.as_str());
        // What is deleted is shown for some hours.
        if state != "deleted" {
            add(all, "peering-connection", [it.vpc_peering_connection_id]);
        }
    }
    let lists = ec2.describe_managed_prefix_lists().into_paginator().items().send().try_collect().await?;
    for it in lists {
        let state = it.state.as_ref().map_or("", |it| it.as_str());
        // AWS's own are there anyway.
        if state != "delete-complete" && it.owner_id.as_deref() != Some("AWS") {
            let (id, version) = (it.prefix_list_id.unwrap_or_default(), it.version.unwrap_or_default());
            add(all, "prefix-list", [Some(format!("{id} {version}"))]);
        }
    }
    Ok(())
}
