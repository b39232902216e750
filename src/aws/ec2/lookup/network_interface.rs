use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{arn, tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A network interface that is there already, of an instance or of a service.
///
/// ```toml
/// [data.aws_network_interface.gateway]
/// filter = [{ name = "description", values = ["Interface for NAT Gateway nat-0a1b2c3d4e5f67890"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkInterface {
    /// Such as `eni-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// All of its labels. A `filter` such as `tag:Name` searches by one.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The interface's ARN.
    pub arn: Computed<String>,
    /// Its public address, where it has one.
    pub association: Computed<Vec<Association>>,
    /// What it is plugged into.
    pub attachment: Computed<Vec<Attachment>>,
    /// Zone such as `eu-west-1a`.
    pub availability_zone: Computed<Option<String>>,
    /// What it is for.
    pub description: Computed<Option<String>>,
    /// `interface`, `nat_gateway`, `vpc_endpoint`, …
    pub interface_type: Computed<Option<String>>,
    /// Its IPv6 addresses.
    pub ipv6_addresses: Computed<Set<String>>,
    /// Its hardware address.
    pub mac_address: Computed<Option<String>>,
    /// The Outpost that holds it.
    pub outpost_arn: Computed<Option<String>>,
    /// The account that owns it.
    pub owner_id: Computed<Option<String>>,
    /// Name of its first address within the VPC.
    pub private_dns_name: Computed<Option<String>>,
    /// Its first IPv4 address.
    pub private_ip: Computed<Option<String>>,
    /// All its IPv4 addresses, the first one included.
    pub private_ips: Computed<Vec<String>>,
    /// Who made it, where a service did.
    pub requester_id: Computed<Option<String>>,
    /// What may reach it.
    pub security_groups: Computed<Set<String>>,
    /// The subnet that it stands in.
    pub subnet_id: Computed<Option<String>>,
    /// The VPC that holds it.
    pub vpc_id: Computed<Option<String>>,
}

/// A public address of an interface.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Association {
    /// The elastic address.
    pub allocation_id: Option<String>,
    /// Joins the address to the interface.
    pub association_id: Option<String>,
    /// The address in a carrier's network.
    pub carrier_ip: Option<String>,
    /// The customer-owned address.
    pub customer_owned_ip: Option<String>,
    /// The account that owns the address, or `amazon`.
    pub ip_owner_id: Option<String>,
    /// The address's public name.
    pub public_dns_name: Option<String>,
    /// The address.
    pub public_ip: Option<String>,
}

/// The place of an interface in an instance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Such as `eni-attach-0a1b2c`.
    pub attachment_id: Option<String>,
    /// Its place among the instance's interfaces; the first is 0.
    pub device_index: Option<i64>,
    /// The instance; nothing where a service holds it.
    pub instance_id: Option<String>,
    /// The account that owns the instance, or the service.
    pub instance_owner_id: Option<String>,
}

impl DataSource for NetworkInterface {
    const TYPE: &'static str = "aws_network_interface";
    const READS: Reads =
        Reads::of(&[Cost::each("ec2:DescribeNetworkInterfaces")], "a call finds one by its arguments");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let filters = Search::new(&self.filter, &Tags::new()).filters();
        let call =
            aws.ec2().describe_network_interfaces().set_network_interface_ids(ids).set_filters(filters);
        let it = only("network interface", call.into_paginator().items().send().try_collect().await?)?;
        let id: String = seen(it.network_interface_id);
        let six = it.ipv6_addresses.unwrap_or_default().into_iter().filter_map(|it| it.ipv6_address);
        let four = it.private_ip_addresses.unwrap_or_default().into_iter();
        let groups = it.groups.unwrap_or_default().into_iter().filter_map(|it| it.group_id);
        Ok(NetworkInterface {
            tags: Chosen(tags(it.tag_set)),
            arn: arn(aws, it.owner_id.as_deref(), &format!("network-interface/{id}")).into(),
            association: it.association.into_iter().map(association).collect::<Vec<_>>().into(),
            attachment: it.attachment.into_iter().map(attachment).collect::<Vec<_>>().into(),
            availability_zone: seen(it.availability_zone),
            description: seen(it.description),
            interface_type: seen(it.interface_type),
            ipv6_addresses: six.collect::<Set<_>>().into(),
            mac_address: seen(it.mac_address),
            outpost_arn: seen(it.outpost_arn),
            owner_id: seen(it.owner_id),
            private_dns_name: seen(it.private_dns_name),
            private_ip: seen(it.private_ip_address),
            private_ips: four.filter_map(|it| it.private_ip_address).collect::<Vec<_>>().into(),
            requester_id: seen(it.requester_id),
            security_groups: groups.collect::<Set<_>>().into(),
            subnet_id: seen(it.subnet_id),
            vpc_id: seen(it.vpc_id),
            id: Chosen(Some(id)),
            ..self
        })
    }
}

fn association(it: sdk::NetworkInterfaceAssociation) -> Association {
    Association {
        allocation_id: it.allocation_id,
        association_id: it.association_id,
        carrier_ip: it.carrier_ip,
        customer_owned_ip: it.customer_owned_ip,
        ip_owner_id: it.ip_owner_id,
        public_dns_name: it.public_dns_name,
        public_ip: it.public_ip,
    }
}

fn attachment(it: sdk::NetworkInterfaceAttachment) -> Attachment {
    Attachment {
        attachment_id: it.attachment_id,
        device_index: seen(it.device_index),
        instance_id: it.instance_id,
        instance_owner_id: it.instance_owner_id,
    }
}
