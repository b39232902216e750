//! The blocks of a VPC endpoint, and what other calls tell about endpoints.

use std::collections::HashMap;

use aws_sdk_ec2::types::{self as sdk, NetworkInterface, PrefixList};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::{FILTER, among, described};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Result};
use crate::resource::Chosen;

/// Which names the endpoint answers to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DnsOptions {
    /// What sort of addresses names stand for: `ipv4`, `dualstack`, `ipv6` or `service-defined`.
    #[schemars(extend("enum" = ["ipv4", "dualstack", "ipv6", "service-defined"]))]
    pub dns_record_ip_type: Chosen<Option<String>>,
    /// Private names for those only who ask from outside of the VPC. For S3's interface endpoint, beside its
    /// gateway.
    pub private_dns_only_for_inbound_resolver_endpoint: Option<bool>,
}

/// The endpoint's addresses in one subnet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetAddresses {
    /// The subnet: one of `subnet_ids`.
    pub subnet_id: Option<String>,
    /// The IPv4 address.
    pub ipv4: Option<String>,
    /// The IPv6 address.
    pub ipv6: Option<String>,
}

/// A name of the endpoint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DnsEntry {
    /// The name.
    pub dns_name: Option<String>,
    /// The private zone that holds it.
    pub hosted_zone_id: Option<String>,
}

impl DnsOptions {
    /// As the calls take it: the second part is for S3's interface endpoint only.
    pub fn specification(&self, for_s3: bool) -> sdk::DnsOptionsSpecification {
        let kind = self.dns_record_ip_type.as_deref().filter(|it| !it.is_empty()).map(Into::into);
        let inbound = self.private_dns_only_for_inbound_resolver_endpoint.unwrap_or_default();
        sdk::DnsOptionsSpecification::builder()
            .set_dns_record_ip_type(kind)
            .set_private_dns_only_for_inbound_resolver_endpoint(for_s3.then_some(inbound))
            .build()
    }
}

impl From<sdk::DnsOptions> for DnsOptions {
    fn from(it: sdk::DnsOptions) -> Self {
        DnsOptions {
            dns_record_ip_type: seen(it.dns_record_ip_type),
            private_dns_only_for_inbound_resolver_endpoint: seen(
                it.private_dns_only_for_inbound_resolver_endpoint,
            ),
        }
    }
}

impl From<&SubnetAddresses> for sdk::SubnetConfiguration {
    fn from(it: &SubnetAddresses) -> Self {
        let text = |it: &Option<String>| sent(&it.clone().filter(|it| !it.is_empty()));
        sdk::SubnetConfiguration::builder()
            .set_subnet_id(text(&it.subnet_id))
            .set_ipv4(text(&it.ipv4))
            .set_ipv6(text(&it.ipv6))
            .build()
    }
}

impl From<sdk::DnsEntry> for DnsEntry {
    fn from(it: sdk::DnsEntry) -> Self {
        DnsEntry { dns_name: it.dns_name, hosted_zone_id: it.hosted_zone_id }
    }
}

/// What endpoints' own answer leaves out.
#[derive(Default)]
pub struct Around {
    /// By the service's name.
    lists: HashMap<String, PrefixList>,
    interfaces: HashMap<String, NetworkInterface>,
}

impl Around {
    /// Of all these endpoints, a call each for both.
    pub async fn of(aws: &Aws, all: &[sdk::VpcEndpoint]) -> Result<Self> {
        let mut names: Vec<String> = all.iter().filter_map(|it| it.service_name.clone()).collect();
        names.sort();
        names.dedup();
        let ids: Vec<String> = all.iter().flat_map(|it| it.network_interface_ids()).cloned().collect();
        let (lists, interfaces) = futures::try_join!(lists(aws, &names), interfaces(aws, &ids))?;
        let name = |it: PrefixList| Some((it.prefix_list_name.clone()?, it));
        let id = |it: NetworkInterface| Some((it.network_interface_id.clone()?, it));
        Ok(Around {
            lists: lists.into_iter().filter_map(name).collect(),
            interfaces: interfaces.into_iter().filter_map(id).collect(),
        })
    }

    /// The addresses that lead to the service.
    pub fn list(&self, service: Option<&str>) -> Option<&PrefixList> {
        self.lists.get(service?)
    }

    /// The addresses of these interfaces.
    pub fn addresses(&self, interfaces: &[String]) -> Vec<SubnetAddresses> {
        let of = |it: &NetworkInterface| SubnetAddresses {
            subnet_id: it.subnet_id.clone(),
            ipv4: it.private_ip_address.clone(),
            ipv6: it.ipv6_address.clone(),
        };
        interfaces.iter().filter_map(|it| self.interfaces.get(it)).map(of).collect()
    }
}

/// The addresses of the services with these names.
pub async fn lists(aws: &Aws, names: &[String]) -> Result<Vec<PrefixList>> {
    let mut out = Vec::new();
    for some in names.chunks(FILTER) {
        let call = aws.ec2().describe_prefix_lists().filters(among("prefix-list-name", some));
        let found: Vec<_> = call.into_paginator().items().send().try_collect().await?;
        out.extend(found);
    }
    Ok(out)
}

async fn interfaces(aws: &Aws, ids: &[String]) -> Result<Vec<NetworkInterface>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = described(aws, "network-interface-id", ids, async |ids, filters| {
        let call = aws.ec2().describe_network_interfaces().set_network_interface_ids(ids);
        Ok(call.set_filters(filters).into_paginator().items().send().try_collect().await?)
    });
    found.await
}
