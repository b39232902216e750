//! Network interfaces of what a launch template launches.

use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::{Asked, Shown, Switch, asked, asks, shown, shows};
use crate::resource::*;

/// A network interface.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// Give it an address in a carrier's network.
    pub associate_carrier_ip_address: Option<Switch>,
    /// Give it a public IPv4 address.
    pub associate_public_ip_address: Option<Switch>,
    /// Remove it together with the instance.
    pub delete_on_termination: Option<Switch>,
    /// What it is for.
    pub description: Option<String>,
    /// Its place among the instance's interfaces, from 0.
    pub device_index: Option<i64>,
    /// `interface`, `efa` or `efa-only`.
    #[schemars(extend("enum" = ["", "efa", "efa-only", "interface"]))]
    pub interface_type: Option<String>,
    /// How many secondary private addresses.
    pub ipv4_address_count: Option<i64>,
    /// Which private addresses.
    pub ipv4_addresses: Option<Set<String>>,
    /// How many ranges of private addresses.
    pub ipv4_prefix_count: Option<i64>,
    /// Which ranges of private addresses.
    pub ipv4_prefixes: Option<Set<String>>,
    /// How many IPv6 addresses.
    pub ipv6_address_count: Option<i64>,
    /// Which IPv6 addresses.
    pub ipv6_addresses: Option<Set<String>>,
    /// How many ranges of IPv6 addresses.
    pub ipv6_prefix_count: Option<i64>,
    /// Which ranges of IPv6 addresses.
    pub ipv6_prefixes: Option<Set<String>>,
    /// On which network card it is, where there are several.
    pub network_card_index: Option<i64>,
    /// One that is there already.
    pub network_interface_id: Option<String>,
    /// Make its first IPv6 address the primary one.
    pub primary_ipv6: Option<Switch>,
    /// The primary private address.
    pub private_ip_address: Option<String>,
    /// Ids of its security groups.
    pub security_groups: Option<Set<String>>,
    /// The subnet that holds it.
    pub subnet_id: Option<String>,
    /// How long idle connections are kept in mind.
    #[serde(default)]
    pub connection_tracking_specification: One<Tracking>,
    /// ENA Express.
    #[serde(default)]
    pub ena_srd_specification: One<EnaSrd>,
}

/// How long idle connections are kept in mind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// Of established TCP connections, in seconds.
    #[schemars(range(min = 60, max = 432000))]
    pub tcp_established_timeout: Option<i64>,
    /// Of UDP flows with several requests and answers, in seconds.
    #[schemars(range(min = 60, max = 180))]
    pub udp_stream_timeout: Option<i64>,
    /// Of UDP flows with one request, in seconds.
    #[schemars(range(min = 30, max = 60))]
    pub udp_timeout: Option<i64>,
}
asks!(Tracking => sdk::ConnectionTrackingSpecificationRequest {
    tcp_established_timeout, udp_stream_timeout, udp_timeout,
});
shows!(Tracking => sdk::ConnectionTrackingSpecification {
    tcp_established_timeout, udp_stream_timeout, udp_timeout,
});

/// ENA Express: more bandwidth for single flows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnaSrd {
    /// Whether it is used.
    pub ena_srd_enabled: Option<bool>,
    /// For UDP too.
    #[serde(default)]
    pub ena_srd_udp_specification: One<EnaSrdUdp>,
}
asks!(EnaSrd => sdk::EnaSrdSpecificationRequest { ena_srd_enabled, ena_srd_udp_specification });
shows!(EnaSrd => sdk::LaunchTemplateEnaSrdSpecification { ena_srd_enabled, ena_srd_udp_specification });

/// ENA Express for UDP.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnaSrdUdp {
    /// Whether it is used.
    pub ena_srd_udp_enabled: Option<bool>,
}
asks!(EnaSrdUdp => sdk::EnaSrdUdpSpecificationRequest { ena_srd_udp_enabled });
shows!(EnaSrdUdp => sdk::LaunchTemplateEnaSrdUdpSpecification { ena_srd_udp_enabled });

fn texts(set: &Option<Set<String>>) -> impl Iterator<Item = &String> {
    set.iter().flat_map(|it| it.iter()).filter(|it| !it.is_empty())
}

fn some<T>(all: impl Iterator<Item = T>) -> Option<Vec<T>> {
    Some(all.collect::<Vec<T>>()).filter(|it| !it.is_empty())
}

impl Interface {
    /// Its addresses by name, the primary one marked, unless only their number is said.
    fn addresses(&self) -> Option<Vec<sdk::PrivateIpAddressSpecification>> {
        let counted = self.ipv4_address_count.is_some_and(|it| it != 0);
        let address = |it: &String| {
            let primary = self.private_ip_address.as_ref() == Some(it);
            sdk::PrivateIpAddressSpecification::builder().primary(primary).private_ip_address(it).build()
        };
        some(texts(&self.ipv4_addresses).map(address)).filter(|_| !counted)
    }
}

impl Asked<sdk::LaunchTemplateInstanceNetworkInterfaceSpecificationRequest> for Interface {
    fn asked(&self) -> Option<sdk::LaunchTemplateInstanceNetworkInterfaceSpecificationRequest> {
        let place = |it: Option<i64>| i32::try_from(it.unwrap_or_default()).ok();
        let ipv6 = |it: &String| sdk::InstanceIpv6AddressRequest::builder().ipv6_address(it).build();
        let ipv4_prefix =
            |it: &String| sdk::Ipv4PrefixSpecificationRequest::builder().ipv4_prefix(it).build();
        let ipv6_prefix =
            |it: &String| sdk::Ipv6PrefixSpecificationRequest::builder().ipv6_prefix(it).build();
        let it = sdk::LaunchTemplateInstanceNetworkInterfaceSpecificationRequest::builder()
            .set_associate_carrier_ip_address(asked(&self.associate_carrier_ip_address))
            .set_associate_public_ip_address(asked(&self.associate_public_ip_address))
            .set_delete_on_termination(asked(&self.delete_on_termination))
            .set_description(asked(&self.description))
            .set_device_index(place(self.device_index))
            .set_groups(asked(&self.security_groups))
            .set_interface_type(asked(&self.interface_type))
            .set_network_card_index(place(self.network_card_index))
            .set_network_interface_id(asked(&self.network_interface_id))
            .set_primary_ipv6(asked(&self.primary_ipv6))
            .set_private_ip_address(asked(&self.private_ip_address))
            .set_private_ip_addresses(self.addresses())
            .set_secondary_private_ip_address_count(asked(&self.ipv4_address_count))
            .set_ipv4_prefix_count(asked(&self.ipv4_prefix_count))
            .set_ipv4_prefixes(some(texts(&self.ipv4_prefixes).map(ipv4_prefix)))
            .set_ipv6_address_count(asked(&self.ipv6_address_count))
            .set_ipv6_addresses(some(texts(&self.ipv6_addresses).map(ipv6)))
            .set_ipv6_prefix_count(asked(&self.ipv6_prefix_count))
            .set_ipv6_prefixes(some(texts(&self.ipv6_prefixes).map(ipv6_prefix)))
            .set_subnet_id(asked(&self.subnet_id))
            .set_connection_tracking_specification(asked(&self.connection_tracking_specification))
            .set_ena_srd_specification(asked(&self.ena_srd_specification));
        Some(it.build())
    }
}

impl Shown<sdk::LaunchTemplateInstanceNetworkInterfaceSpecification> for Interface {
    fn shown(answer: Option<sdk::LaunchTemplateInstanceNetworkInterfaceSpecification>) -> Self {
        let Some(it) = answer else { return Interface::default() };
        fn set<T>(all: Option<Vec<T>>, text: impl Fn(T) -> Option<String>) -> Option<Set<String>> {
            Some(all.unwrap_or_default().into_iter().filter_map(text).collect::<Set<String>>())
                .filter(|it| !it.is_empty())
        }
        Interface {
            associate_carrier_ip_address: shown(it.associate_carrier_ip_address),
            associate_public_ip_address: shown(it.associate_public_ip_address),
            delete_on_termination: shown(it.delete_on_termination),
            description: shown(it.description),
            device_index: shown(it.device_index),
            interface_type: shown(it.interface_type),
            ipv4_address_count: shown(it.secondary_private_ip_address_count),
            ipv4_addresses: set(it.private_ip_addresses, |it| it.private_ip_address),
            ipv4_prefix_count: shown(it.ipv4_prefix_count),
            ipv4_prefixes: set(it.ipv4_prefixes, |it| it.ipv4_prefix),
            ipv6_address_count: shown(it.ipv6_address_count),
            ipv6_addresses: set(it.ipv6_addresses, |it| it.ipv6_address),
            ipv6_prefix_count: shown(it.ipv6_prefix_count),
            ipv6_prefixes: set(it.ipv6_prefixes, |it| it.ipv6_prefix),
            network_card_index: shown(it.network_card_index),
            network_interface_id: shown(it.network_interface_id),
            primary_ipv6: shown(it.primary_ipv6),
            private_ip_address: shown(it.private_ip_address),
            security_groups: set(it.groups, Some),
            subnet_id: shown(it.subnet_id),
            connection_tracking_specification: shown(it.connection_tracking_specification),
            ena_srd_specification: shown(it.ena_srd_specification),
        }
    }
}
