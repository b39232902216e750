//! Changes of an instance's first network interface.

use aws_sdk_ec2::types as sdk;

use super::Instance;
use crate::aws::ec2::{among, flag};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

pub async fn change(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    check(it, aws, was).await?;
    let addresses = it.ipv6_address_count.unwrap_or_default() != was.ipv6_address_count.unwrap_or_default();
    let private = *it.secondary_private_ips != *was.secondary_private_ips;
    let groups = *it.vpc_security_group_ids != *was.vpc_security_group_ids;
    let primary = it.enable_primary_ipv6.unwrap_or_default() && !was.enable_primary_ipv6.unwrap_or_default();
    if !(addresses || private || groups || primary) {
        return Ok(());
    }
    let first = first(aws, &was.key()).await?;
    let id = first.network_interface_id.clone().unwrap_or_default();
    if addresses {
        change_ipv6(it, aws, &first).await?;
    }
    if primary {
        let call = aws.ec2().modify_network_interface_attribute().network_interface_id(&id);
        call.enable_primary_ipv6(true).send().await?;
    }
    if private {
        change_private(it, aws, was, &id).await?;
    }
    if groups {
        if it.vpc_security_group_ids.is_empty() {
            return Err(Error::Invalid("an instance in a VPC needs at least one security group".to_owned()));
        }
        let call = aws.ec2().modify_network_interface_attribute().network_interface_id(&id);
        call.set_groups(Some(it.vpc_security_group_ids.0.0.clone())).send().await?;
    }
    Ok(())
}

/// Interfaces of their own look after that themselves.
async fn check(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    if !it.network_interface.is_empty() || it.source_dest_check == was.source_dest_check {
        return Ok(());
    }
    let call = aws.ec2().modify_instance_attribute().instance_id(was.key());
    call.source_dest_check(flag(it.source_dest_check)).send().await?;
    Ok(())
}

async fn first(aws: &Aws, instance: &str) -> Result<sdk::InstanceNetworkInterface> {
    let call = aws.ec2().describe_instances().filters(among("instance-id", &[instance.to_owned()]));
    let found: Vec<sdk::Reservation> = call.into_paginator().items().send().try_collect().await?;
    let all = found.into_iter().flat_map(|it| it.instances.unwrap_or_default());
    let mut all = all.flat_map(|it| it.network_interfaces.unwrap_or_default());
    let first = all.find(|it| it.attachment.as_ref().and_then(|it| it.device_index) == Some(0));
    first.ok_or_else(|| {
        Error::Invalid(format!("instance {instance} has no network interface that could be changed"))
    })
}

async fn change_ipv6(it: &Instance, aws: &Aws, first: &sdk::InstanceNetworkInterface) -> Result<()> {
    let wanted = usize::try_from(it.ipv6_address_count.unwrap_or_default()).unwrap_or_default();
    let there: Vec<String> = first.ipv6_addresses().iter().filter_map(|it| it.ipv6_address.clone()).collect();
    let id = first.network_interface_id.clone();
    if wanted > there.len() {
        let more = i32::try_from(wanted - there.len()).unwrap_or(i32::MAX);
        let call = aws.ec2().assign_ipv6_addresses().set_network_interface_id(id);
        call.ipv6_address_count(more).send().await?;
    } else if wanted < there.len() {
        let call = aws.ec2().unassign_ipv6_addresses().set_network_interface_id(id);
        call.set_ipv6_addresses(Some(there[wanted..].to_vec())).send().await?;
    }
    Ok(())
}

async fn change_private(it: &Instance, aws: &Aws, was: &Instance, interface: &str) -> Result<()> {
    let fewer = was.secondary_private_ips.beyond(&it.secondary_private_ips);
    if !fewer.is_empty() {
        let call = aws.ec2().unassign_private_ip_addresses().network_interface_id(interface);
        call.set_private_ip_addresses(Some(fewer)).send().await?;
    }
    let more = it.secondary_private_ips.beyond(&was.secondary_private_ips);
    if !more.is_empty() {
        let call = aws.ec2().assign_private_ip_addresses().network_interface_id(interface);
        call.set_private_ip_addresses(Some(more)).send().await?;
    }
    Ok(())
}
