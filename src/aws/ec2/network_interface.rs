mod change;
mod plan;

use aws_sdk_ec2::types::{self as sdk, AttachmentStatus, NetworkInterfaceStatus, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::route::crc32;
use super::{EC2, arn, change_tags, described, marked, some, tagged, tags, text};
use crate::aws::shape::{given, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A network card with its addresses, which stands in a subnet and is plugged into an instance.
///
/// ```toml
/// [aws_network_interface.front]
/// subnet_id = "${aws_subnet.public_a.id}"
/// private_ips = ["10.0.1.10"]
/// security_groups = ["${aws_security_group.web.id}"]
/// attachment = [{ instance = "${aws_instance.web.id}", device_index = 1 }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkInterface {
    /// The subnet that it stands in.
    pub subnet_id: Fixed<String>,
    /// What it is for.
    pub description: Option<String>,
    /// `efa`, `efa-only`, `branch` or `trunk`, where it is not an ordinary one (`interface`).
    #[schemars(extend("enum" = ["efa", "efa-only", "branch", "trunk"]))]
    pub interface_type: Chosen<Fixed<Option<String>>>,
    /// What may reach it; the VPC's default group where there is none.
    pub security_groups: Chosen<Set<String>>,
    /// Drop what is neither from nor for its own addresses. Switch it off for what passes traffic on.
    #[serde(default = "yes")]
    pub source_dest_check: bool,
    /// The instance that it is plugged into.
    pub attachment: Chosen<Set<Attachment>>,
    /// Its IPv4 addresses. One of them becomes the first one, which never changes; with several of them,
    /// `private_ip_list` is the way to say which.
    pub private_ips: Chosen<Set<String>>,
    /// How many IPv4 addresses beside the first one.
    pub private_ips_count: Chosen<Option<i64>>,
    /// Its first IPv4 address, as AWS tells it: the way to choose it is `private_ips`.
    pub private_ip: Chosen<Option<String>>,
    /// Its IPv4 addresses in their order, the first one at the head, where `private_ip_list_enabled` says so.
    pub private_ip_list: Chosen<Vec<String>>,
    /// `private_ip_list` says which addresses it has, and not `private_ips`.
    #[serde(default)]
    pub private_ip_list_enabled: Local<bool>,
    /// Ranges of 16 IPv4 addresses of the subnet that are its own.
    #[schemars(extend("format" = "cidr4"))]
    pub ipv4_prefixes: Chosen<Set<String>>,
    /// How many such ranges, where AWS may choose them.
    pub ipv4_prefix_count: Chosen<Option<i64>>,
    /// Its IPv6 addresses.
    pub ipv6_addresses: Chosen<Set<String>>,
    /// How many IPv6 addresses, where AWS may choose them.
    pub ipv6_address_count: Chosen<Option<i64>>,
    /// Its IPv6 addresses in their order, where `ipv6_address_list_enabled` says so.
    pub ipv6_address_list: Chosen<Vec<String>>,
    /// `ipv6_address_list` says which addresses it has, and not `ipv6_addresses`.
    #[serde(default)]
    pub ipv6_address_list_enabled: Local<bool>,
    /// Let its first IPv6 address stay as long as the interface. Once on, it cannot be switched off.
    pub enable_primary_ipv6: Chosen<Option<bool>>,
    /// Ranges of IPv6 addresses of the subnet (`/80`) that are its own.
    #[schemars(extend("format" = "cidr6"))]
    pub ipv6_prefixes: Chosen<Set<String>>,
    /// How many such ranges, where AWS may choose them.
    pub ipv6_prefix_count: Chosen<Option<i64>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `eni-0a1b2c`.
    pub id: Computed<String>,
    /// The interface's ARN.
    pub arn: Computed<String>,
    /// Its hardware address.
    pub mac_address: Computed<Option<String>>,
    /// The Outpost that holds it.
    pub outpost_arn: Computed<Option<String>>,
    /// The account that owns it.
    pub owner_id: Computed<String>,
    /// Name of its first address within the VPC.
    pub private_dns_name: Computed<Option<String>>,
}

/// What the interface is plugged into.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The instance.
    pub instance: String,
    /// Which of the instance's interfaces it is; the one that the instance started with is 0.
    pub device_index: i64,
    /// Such as `eni-attach-0a1b2c`.
    pub attachment_id: Computed<String>,
}

fn yes() -> bool {
    true
}

impl Resource for NetworkInterface {
    const TYPE: &'static str = "aws_network_interface";
    const IMPORT: &'static [&'static str] = &["eni-0a1b2c3d4e5f67890"];
    // What counts, and what is said in an order, says again what the sets say.
    const UNWRITTEN: &'static [&'static str] = &[
        "interface_type",
        "private_ip",
        "private_ip_list",
        "private_ips_count",
        "ipv4_prefix_count",
        "ipv6_address_count",
        "ipv6_address_list",
        "ipv6_prefix_count",
    ];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::page("ec2:DescribeNetworkInterfaces", 1000)], "a call takes 1,000 ids");
    const BATCH: usize = super::IDS;
    const PASSING: &'static [&'static [Passing]] = &[EC2, INTERFACES];
    const CREATE_SECONDS: u32 = 2;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, "network-interface-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_network_interfaces();
            let call = call.set_network_interface_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let found: Vec<sdk::NetworkInterface> = found.await?;
        Ok(found.into_iter().map(|it| live(aws, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        // AWS fails where labels come along with such ranges.
        let later = !self.ipv4_prefixes.is_empty() || !self.ipv6_prefixes.is_empty();
        let labels = if later { None } else { tagged(ResourceType::NetworkInterface, &new.tags) };
        let answer = aws
            .ec2()
            .create_network_interface()
            .client_token(&new.token)
            .subnet_id(&**self.subnet_id)
            .set_description(text(&self.description).map(str::to_owned))
            .set_interface_type(text(&self.interface_type).map(Into::into))
            .set_groups(some(&self.security_groups))
            .set_private_ip_addresses(self.first_addresses())
            .set_secondary_private_ip_address_count(self.first_count())
            .set_ipv4_prefixes(prefixes4(&self.ipv4_prefixes))
            .set_ipv4_prefix_count(given(&self.ipv4_prefix_count))
            .set_ipv6_addresses(addresses6(&self.ipv6_addresses))
            .set_ipv6_address_count(given(&self.ipv6_address_count))
            .set_enable_primary_ipv6(given(&self.enable_primary_ipv6))
            .set_ipv6_prefixes(prefixes6(&self.ipv6_prefixes))
            .set_ipv6_prefix_count(given(&self.ipv6_prefix_count))
            .set_tag_specifications(labels)
            .send()
            .await?;
        let id = answer.network_interface.and_then(|it| it.network_interface_id);
        let id = id.ok_or(Error::Incomplete("the interface's id"))?;
        if later {
            // It is there: a refusal of the second part must not pass for one of the whole.
            let half = |it: Error| Error::Unreached(format!("{id} is made, but has no labels yet: {it}"));
            change_tags(aws, &id, &new.tags, &Tags::new()).await.map_err(half)?;
        }
        Ok(id)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        match aws.completes() {
            true => change::complete(self, aws, was).await,
            false => change::change(self, aws, was).await,
        }
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = self.key();
        for it in self.attachment.iter() {
            change::detach(aws, &id, &it.attachment_id).await?;
        }
        aws.ec2().delete_network_interface().network_interface_id(id).send().await?;
        Ok(())
    }

    // One that has no labels yet is found by the create's client token: sent again, it answers with that one.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    fn adjust(plan: &mut Adjust) {
        plan::adjust(plan);
    }
}

/// What passes with time for interfaces, besides.
const INTERFACES: &[Passing] = &[
    // What it was plugged into is on its way out.
    Passing::in_use("InvalidParameterValue").saying("currently in use"),
];

impl NetworkInterface {
    /// The addresses that it is made with: the one at the head becomes the first one for good.
    fn first_addresses(&self) -> Option<Vec<sdk::PrivateIpAddressSpecification>> {
        let mut all = match *self.private_ip_list_enabled {
            true => self.private_ip_list.0.clone(),
            false => in_order(&self.private_ips),
        };
        let counted = self.private_ips_count.filter(|it| *it > 0 && !*self.private_ip_list_enabled);
        if let Some(more) = counted.and_then(|it| usize::try_from(it).ok()) {
            all.truncate(more.saturating_add(1));
        }
        let each = all.iter().enumerate().map(|(at, ip)| {
            let it = sdk::PrivateIpAddressSpecification::builder().private_ip_address(ip);
            it.set_primary((at == 0).then_some(true)).build()
        });
        Some(each.collect()).filter(|it: &Vec<_>| !it.is_empty())
    }

    /// How many addresses beside the first one, where AWS chooses them all.
    fn first_count(&self) -> Option<i32> {
        let chosen = !*self.private_ip_list_enabled && self.private_ips.is_empty();
        given(&self.private_ips_count).filter(|_| chosen)
    }
}

/// The items of a set in the order in which the Terraform provider goes through them.
fn in_order(set: &[String]) -> Vec<String> {
    let mut all = set.to_vec();
    all.sort_by_key(|it| crc32(format!("{it};").as_bytes()).to_string());
    all
}

fn prefixes4(all: &[String]) -> Option<Vec<sdk::Ipv4PrefixSpecificationRequest>> {
    let one = |it: &String| sdk::Ipv4PrefixSpecificationRequest::builder().ipv4_prefix(it).build();
    Some(all.iter().map(one).collect()).filter(|it: &Vec<_>| !it.is_empty())
}

fn prefixes6(all: &[String]) -> Option<Vec<sdk::Ipv6PrefixSpecificationRequest>> {
    let one = |it: &String| sdk::Ipv6PrefixSpecificationRequest::builder().ipv6_prefix(it).build();
    Some(all.iter().map(one).collect()).filter(|it: &Vec<_>| !it.is_empty())
}

fn addresses6(all: &[String]) -> Option<Vec<sdk::InstanceIpv6Address>> {
    let one = |it: &String| sdk::InstanceIpv6Address::builder().ipv6_address(it).build();
    Some(all.iter().map(one).collect()).filter(|it: &Vec<_>| !it.is_empty())
}

fn status(it: &sdk::NetworkInterface) -> Status {
    let attachment = it.attachment().and_then(|it| it.status());
    if let Some(word @ (AttachmentStatus::Attaching | AttachmentStatus::Detaching)) = attachment {
        return Status::Pending(word.as_str().to_owned());
    }
    match it.status() {
        None
        | Some(
            NetworkInterfaceStatus::Available
            | NetworkInterfaceStatus::Associated
            | NetworkInterfaceStatus::InUse,
        ) => Status::Ready,
        Some(word) => Status::Pending(word.as_str().to_owned()),
    }
}

fn live(aws: &Aws, it: sdk::NetworkInterface) -> Live<NetworkInterface> {
    let (id, status): (String, _) = (seen(it.network_interface_id.clone()), status(&it));
    let four = it.private_ip_addresses.unwrap_or_default();
    let four: Vec<String> = four.into_iter().filter_map(|it| it.private_ip_address).collect();
    let six = it.ipv6_addresses.unwrap_or_default();
    let primary = six.iter().any(|it| it.is_primary_ipv6 == Some(true));
    let six: Vec<String> = six.into_iter().filter_map(|it| it.ipv6_address).collect();
    let (p4, p6) = (it.ipv4_prefixes.unwrap_or_default(), it.ipv6_prefixes.unwrap_or_default());
    let p4: Vec<String> = p4.into_iter().filter_map(|it| it.ipv4_prefix).collect();
    let p6: Vec<String> = p6.into_iter().filter_map(|it| it.ipv6_prefix).collect();
    let groups = it.groups.unwrap_or_default().into_iter().filter_map(|it| it.group_id);
    let attachment = it.attachment.map(|it| Attachment {
        instance: seen(it.instance_id),
        device_index: seen(it.device_index),
        attachment_id: seen(it.attachment_id),
    });
    let attributes = NetworkInterface {
        subnet_id: seen(it.subnet_id),
        description: it.description.filter(|it| !it.is_empty()),
        interface_type: seen(it.interface_type),
        security_groups: Chosen(groups.collect()),
        source_dest_check: it.source_dest_check.unwrap_or(true),
        attachment: Chosen(attachment.into_iter().collect()),
        private_ips_count: Chosen(Some(count(&four) - 1)),
        private_ip: seen(it.private_ip_address),
        private_ips: Chosen(Set(four.clone())),
        private_ip_list: Chosen(four),
        private_ip_list_enabled: Local(false),
        ipv4_prefix_count: Chosen(Some(count(&p4))),
        ipv4_prefixes: Chosen(Set(p4)),
        ipv6_address_count: Chosen(Some(count(&six))),
        ipv6_addresses: Chosen(Set(six.clone())),
        ipv6_address_list: Chosen(six),
        ipv6_address_list_enabled: Local(false),
        enable_primary_ipv6: Chosen(primary.then_some(true)),
        ipv6_prefix_count: Chosen(Some(count(&p6))),
        ipv6_prefixes: Chosen(Set(p6)),
        tags: None,
        tags_all: Chosen::default(),
        arn: arn(aws, it.owner_id.as_deref(), &format!("network-interface/{id}")).into(),
        mac_address: seen(it.mac_address),
        outpost_arn: seen(it.outpost_arn),
        owner_id: seen(it.owner_id),
        private_dns_name: seen(it.private_dns_name),
        id: id.clone().into(),
    };
    Live { key: id, attributes, tags: Some(tags(it.tag_set)), status, unread: &[] }
}

fn count(all: &[String]) -> i64 {
    i64::try_from(all.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interface(mut json: serde_json::Value) -> NetworkInterface {
        json["subnet_id"] = "subnet-1".into();
        let block = &crate::kind::resource("aws_network_interface").expect("registered").schema().block;
        let value = crate::schema::conform::from_state(&json, block);
        let value = crate::schema::conform::defaults(value, block);
        let mut json = crate::schema::conform::to_state(&value, block);
        json.as_object_mut().expect("fields").remove("region");
        serde_json::from_value(json).expect("attributes")
    }

    fn first(json: serde_json::Value) -> Vec<(String, Option<bool>)> {
        let all = interface(json).first_addresses().unwrap_or_default();
        all.into_iter().map(|it| (it.private_ip_address.unwrap_or_default(), it.primary)).collect()
    }

    #[test]
    fn the_address_at_the_head_of_a_list_is_the_first_one() {
        let list = serde_json::json!({
            "private_ip_list_enabled": true, "private_ip_list": ["10.0.0.9", "10.0.0.8"]
        });
        let head = ("10.0.0.9".to_owned(), Some(true));
        assert_eq!(first(list), [head, ("10.0.0.8".to_owned(), None)]);
    }

    #[test]
    fn no_more_addresses_than_are_counted() {
        let some = |count: i64| {
            let it = serde_json::json!({
                "private_ips": ["10.0.0.7", "10.0.0.8", "10.0.0.9"], "private_ips_count": count
            });
            first(it).len()
        };
        assert_eq!((some(0), some(1), some(5)), (3, 2, 3));
        let none = interface(serde_json::json!({ "private_ips_count": 2 }));
        assert!(none.first_addresses().is_none());
        assert_eq!(none.first_count(), Some(2));
    }

    #[test]
    fn what_is_being_plugged_in_is_not_ready() {
        let of = |word: AttachmentStatus| {
            let attachment = sdk::NetworkInterfaceAttachment::builder().status(word).build();
            let it = sdk::NetworkInterface::builder().status(NetworkInterfaceStatus::InUse);
            status(&it.attachment(attachment).build())
        };
        assert_eq!(of(AttachmentStatus::Attached), Status::Ready);
        assert_eq!(of(AttachmentStatus::Detaching), Status::Pending("detaching".to_owned()));
    }
}
