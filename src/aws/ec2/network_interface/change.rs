//! Changes of an interface, in the order in which the Terraform provider makes them.

use aws_sdk_ec2::types::{AttachmentStatus, AttributeValue};

use super::{Attachment, NetworkInterface, count, in_order};
use crate::aws::ec2::until::until;
use crate::aws::ec2::{among, flag, text};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// What a create leaves to do.
pub async fn complete(it: &NetworkInterface, aws: &Aws, was: &NetworkInterface) -> Result<()> {
    let id = was.key();
    let said = !*it.private_ip_list_enabled && !it.private_ips.is_empty();
    let more = it.private_ips_count.unwrap_or_default() + 1 - count(&was.private_ips);
    if said && more > 0 {
        let call = aws.ec2().assign_private_ip_addresses().network_interface_id(&id);
        call.secondary_private_ip_address_count(int(more)).send().await?;
    }
    settings(it, aws, was, &id).await?;
    match (place(it), place(was)) {
        (Some(to), None) => attach(aws, &id, to).await,
        _ => Ok(()),
    }
}

pub async fn change(it: &NetworkInterface, aws: &Aws, was: &NetworkInterface) -> Result<()> {
    let id = was.key();
    if place(it).map(where_it_is) != place(was).map(where_it_is) {
        if let Some(from) = place(was) {
            detach(aws, &id, &from.attachment_id).await?;
        }
        if let Some(to) = place(it) {
            attach(aws, &id, to).await?;
        }
    }
    match *it.private_ip_list_enabled {
        true => private_list(it, aws, was, &id).await?,
        false => private(it, aws, was, &id).await?,
    }
    let prefixes4 = Share {
        part: Part::Prefixes4,
        wanted: (&*it.ipv4_prefixes, *it.ipv4_prefix_count),
        had: (&*was.ipv4_prefixes, *was.ipv4_prefix_count),
    };
    prefixes4.counted(aws, &id).await?;
    prefixes4.named(aws, &id).await?;
    six(it, aws, was, &id).await?;
    let prefixes6 = Share {
        part: Part::Prefixes6,
        wanted: (&*it.ipv6_prefixes, *it.ipv6_prefix_count),
        had: (&*was.ipv6_prefixes, *was.ipv6_prefix_count),
    };
    prefixes6.named(aws, &id).await?;
    prefixes6.counted(aws, &id).await?;
    settings(it, aws, was, &id).await
}

fn place(it: &NetworkInterface) -> Option<&Attachment> {
    it.attachment.first()
}

fn where_it_is(it: &Attachment) -> (&str, i64) {
    (it.instance.as_str(), it.device_index)
}

fn int(it: i64) -> i32 {
    i32::try_from(it).unwrap_or(i32::MAX)
}

async fn attach(aws: &Aws, id: &str, to: &Attachment) -> Result<()> {
    let call = aws.ec2().attach_network_interface().network_interface_id(id);
    call.instance_id(&to.instance).device_index(int(to.device_index)).send().await?;
    until_attached(aws, id, true).await
}

/// Pulls the interface out of what it is plugged into, where it is.
pub async fn detach(aws: &Aws, id: &str, attachment: &str) -> Result<()> {
    if attachment.is_empty() {
        return Ok(());
    }
    let call = aws.ec2().detach_network_interface().attachment_id(attachment).force(true);
    match call.send().await.map_err(Error::from) {
        Err(it) if it.is_missing() => Ok(()),
        Err(it) => Err(it),
        Ok(_) => until_attached(aws, id, false).await,
    }
}

/// Waits until it is plugged in, or until it is not.
async fn until_attached(aws: &Aws, id: &str, wanted: bool) -> Result<()> {
    let ask = async || {
        let filter = among("network-interface-id", &[id.to_owned()]);
        let answer = aws.ec2().describe_network_interfaces().filters(filter).send().await?;
        let found = answer.network_interfaces.unwrap_or_default();
        Ok::<_, Error>(found.into_iter().find_map(|it| it.attachment).and_then(|it| it.status))
    };
    let is_so = |it: &Option<AttachmentStatus>| match it {
        Some(AttachmentStatus::Attached) => wanted,
        None | Some(AttachmentStatus::Detached) => !wanted,
        _ => false,
    };
    let last = until(NetworkInterface::PATIENCE, ask, is_so).await?;
    if is_so(&last) {
        return Ok(());
    }
    let word = last.as_ref().map_or("detached", AttachmentStatus::as_str);
    Err(Error::Invalid(format!("interface {id} is still {word} after ten minutes")))
}

/// Addresses that are said, then those that are only counted.
async fn private(it: &NetworkInterface, aws: &Aws, was: &NetworkInterface, id: &str) -> Result<()> {
    let assign = || aws.ec2().assign_private_ip_addresses().network_interface_id(id);
    let unassign = || aws.ec2().unassign_private_ip_addresses().network_interface_id(id);
    let (fewer, more) = (was.private_ips.beyond(&it.private_ips), it.private_ips.beyond(&was.private_ips));
    let gained = count(&more) - count(&fewer);
    if !fewer.is_empty() {
        unassign().set_private_ip_addresses(Some(fewer)).send().await?;
    }
    if !more.is_empty() {
        assign().set_private_ip_addresses(Some(more)).send().await?;
    }
    let (wanted, had) = (it.private_ips_count.unwrap_or_default(), was.private_ips_count.unwrap_or_default());
    let first = text(&was.private_ip);
    let others = it.private_ips.iter().filter(|it| Some(it.as_str()) != first).cloned();
    let others = in_order(&others.collect::<Vec<_>>());
    if wanted == had || wanted == count(&others) {
        return Ok(());
    }
    match wanted - had - gained {
        more if more > 0 => {
            assign().secondary_private_ip_address_count(int(more)).send().await?;
        }
        fewer if fewer < 0 => {
            unassign().set_private_ip_addresses(Some(leading(&others, -fewer))).send().await?;
        }
        _ => {}
    }
    Ok(())
}

/// One after the other, so that they stand in this order; the first one stays.
async fn private_list(it: &NetworkInterface, aws: &Aws, was: &NetworkInterface, id: &str) -> Result<()> {
    if it.private_ip_list == was.private_ip_list {
        return Ok(());
    }
    let old: Vec<String> = was.private_ip_list.iter().skip(1).cloned().collect();
    if !old.is_empty() {
        let call = aws.ec2().unassign_private_ip_addresses().network_interface_id(id);
        call.set_private_ip_addresses(Some(old)).send().await?;
    }
    for ip in it.private_ip_list.iter().skip(1) {
        let call = aws.ec2().assign_private_ip_addresses().network_interface_id(id);
        call.private_ip_addresses(ip).send().await?;
    }
    Ok(())
}

async fn six(it: &NetworkInterface, aws: &Aws, was: &NetworkInterface, id: &str) -> Result<()> {
    if !*it.ipv6_address_list_enabled {
        let addresses = Share {
            part: Part::Addresses6,
            wanted: (&*it.ipv6_addresses, *it.ipv6_address_count),
            had: (&*was.ipv6_addresses, *was.ipv6_address_count),
        };
        addresses.named(aws, id).await?;
        return addresses.counted(aws, id).await;
    }
    if it.ipv6_address_list == was.ipv6_address_list {
        return Ok(());
    }
    if !was.ipv6_address_list.is_empty() {
        Part::Addresses6.unassign(aws, id, was.ipv6_address_list.0.clone()).await?;
    }
    for ip in it.ipv6_address_list.iter() {
        Part::Addresses6.assign(aws, id, vec![ip.clone()]).await?;
    }
    Ok(())
}

/// So many at the head.
fn leading(all: &[String], many: i64) -> Vec<String> {
    all.iter().take(usize::try_from(many).unwrap_or_default()).cloned().collect()
}

/// What an interface may be given by name, or in numbers.
#[derive(Clone, Copy)]
enum Part {
    Prefixes4,
    Addresses6,
    Prefixes6,
}

impl Part {
    async fn assign(self, aws: &Aws, id: &str, these: Vec<String>) -> Result<()> {
        let four = aws.ec2().assign_private_ip_addresses().network_interface_id(id);
        let six = aws.ec2().assign_ipv6_addresses().network_interface_id(id);
        match self {
            Part::Prefixes4 => drop(four.set_ipv4_prefixes(Some(these)).send().await?),
            Part::Addresses6 => drop(six.set_ipv6_addresses(Some(these)).send().await?),
            Part::Prefixes6 => drop(six.set_ipv6_prefixes(Some(these)).send().await?),
        }
        Ok(())
    }

    async fn assign_any(self, aws: &Aws, id: &str, many: i32) -> Result<()> {
        let four = aws.ec2().assign_private_ip_addresses().network_interface_id(id);
        let six = aws.ec2().assign_ipv6_addresses().network_interface_id(id);
        match self {
            Part::Prefixes4 => drop(four.ipv4_prefix_count(many).send().await?),
            Part::Addresses6 => drop(six.ipv6_address_count(many).send().await?),
            Part::Prefixes6 => drop(six.ipv6_prefix_count(many).send().await?),
        }
        Ok(())
    }

    async fn unassign(self, aws: &Aws, id: &str, these: Vec<String>) -> Result<()> {
        let four = aws.ec2().unassign_private_ip_addresses().network_interface_id(id);
        let six = aws.ec2().unassign_ipv6_addresses().network_interface_id(id);
        match self {
            Part::Prefixes4 => drop(four.set_ipv4_prefixes(Some(these)).send().await?),
            Part::Addresses6 => drop(six.set_ipv6_addresses(Some(these)).send().await?),
            Part::Prefixes6 => drop(six.set_ipv6_prefixes(Some(these)).send().await?),
        }
        Ok(())
    }
}

/// Those of an interface, and their number: as they shall be, and as they were.
struct Share<'a> {
    part: Part,
    wanted: (&'a Set<String>, Option<i64>),
    had: (&'a Set<String>, Option<i64>),
}

impl Share<'_> {
    async fn named(&self, aws: &Aws, id: &str) -> Result<()> {
        let (fewer, more) = (self.had.0.beyond(self.wanted.0), self.wanted.0.beyond(self.had.0));
        if !fewer.is_empty() {
            self.part.unassign(aws, id, fewer).await?;
        }
        if !more.is_empty() {
            self.part.assign(aws, id, more).await?;
        }
        Ok(())
    }

    /// Only where the number changes, and the names do not say it already.
    async fn counted(&self, aws: &Aws, id: &str) -> Result<()> {
        let (wanted, had) = (self.wanted.1.unwrap_or_default(), self.had.1.unwrap_or_default());
        if wanted == had || wanted == count(self.wanted.0) {
            return Ok(());
        }
        match wanted > had {
            true => self.part.assign_any(aws, id, int(wanted - had)).await,
            false => self.part.unassign(aws, id, leading(&in_order(self.wanted.0), had - wanted)).await,
        }
    }
}

async fn settings(it: &NetworkInterface, aws: &Aws, was: &NetworkInterface, id: &str) -> Result<()> {
    // AWS takes one attribute a call.
    let modify = || aws.ec2().modify_network_interface_attribute().network_interface_id(id);
    let primary = it.enable_primary_ipv6.unwrap_or_default();
    if primary != was.enable_primary_ipv6.unwrap_or_default() {
        modify().enable_primary_ipv6(primary).send().await?;
    }
    if it.source_dest_check != was.source_dest_check {
        modify().source_dest_check(flag(it.source_dest_check)).send().await?;
    }
    if *it.security_groups != *was.security_groups {
        if it.security_groups.is_empty() {
            return Err(Error::Invalid("an interface needs at least one security group".to_owned()));
        }
        modify().set_groups(Some(it.security_groups.0.0.clone())).send().await?;
    }
    let what = text(&it.description).unwrap_or_default();
    if what != text(&was.description).unwrap_or_default() {
        modify().description(AttributeValue::builder().value(what).build()).send().await?;
    }
    Ok(())
}
