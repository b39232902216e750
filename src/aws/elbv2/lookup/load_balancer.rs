use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::search::{only, tagged};
use crate::aws::elbv2::load_balancer::{self, Settings};
use crate::aws::elbv2::{Attributes, stated, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A load balancer that is there already: by ARN, by name or by tags.
///
/// ```toml
/// [data.aws_lb.shared]
/// name = "shared"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadBalancer {
    /// Its ARN.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub arn: Chosen<Option<String>>,
    /// Its name.
    pub name: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    pub timeouts: Option<TimeoutsRead>,
    /// Its ARN.
    pub id: Computed<String>,
    /// The end of the ARN, as CloudWatch names it.
    pub arn_suffix: Computed<String>,
    /// `application`, `network` or `gateway`.
    pub load_balancer_type: Computed<Option<String>>,
    /// Whether it is reached from within the network only.
    pub internal: Computed<Option<bool>>,
    /// Where it stands.
    pub subnets: Computed<Set<String>>,
    /// Where it stands, and its addresses there.
    pub subnet_mapping: Computed<Set<Mapping>>,
    /// What may reach it.
    pub security_groups: Computed<Set<String>>,
    /// Whether rules of the security groups hold for what comes through PrivateLink.
    pub enforce_security_group_inbound_rules_on_private_link_traffic: Computed<Option<String>>,
    /// Addresses that clients use.
    pub ip_address_type: Computed<Option<String>>,
    /// The Outpost's pool of customer-owned addresses.
    pub customer_owned_ipv4_pool: Computed<Option<String>>,
    /// Pools that public addresses come from.
    pub ipam_pools: Computed<Vec<Pools>>,
    /// A record of each request.
    pub access_logs: Computed<Vec<Logs>>,
    /// A record of each connection.
    pub connection_logs: Computed<Vec<Logs>>,
    /// Whether it cannot be deleted.
    pub enable_deletion_protection: Computed<Option<bool>>,
    /// Whether it hands on to targets in all zones.
    pub enable_cross_zone_load_balancing: Computed<Option<bool>>,
    /// Whether AWS may move traffic away from a zone.
    pub enable_zonal_shift: Computed<Option<bool>>,
    /// Which zones its name is answered with.
    pub dns_record_client_routing_policy: Computed<Option<String>>,
    /// Seconds after which an idle connection is closed.
    pub idle_timeout: Computed<Option<i64>>,
    /// Seconds for which a client's connection is kept open.
    pub client_keep_alive: Computed<Option<i64>>,
    /// Whether it takes requests in HTTP/2.
    pub enable_http2: Computed<Option<bool>>,
    /// What it does with requests that may be read in two ways.
    pub desync_mitigation_mode: Computed<Option<String>>,
    /// Whether headers whose names are not valid are left out.
    pub drop_invalid_header_fields: Computed<Option<bool>>,
    /// Whether the `Host` header is handed on as it is.
    pub preserve_host_header: Computed<Option<bool>>,
    /// Whether headers with the version and cipher of TLS are added.
    pub enable_tls_version_and_cipher_suite_headers: Computed<Option<bool>>,
    /// Whether requests are handed on while the firewall cannot be reached.
    pub enable_waf_fail_open: Computed<Option<bool>>,
    /// Whether the client's port is kept in `X-Forwarded-For`.
    pub enable_xff_client_port: Computed<Option<bool>>,
    /// What happens to `X-Forwarded-For`.
    pub xff_header_processing_mode: Computed<Option<String>>,
    /// The name that clients use.
    pub dns_name: Computed<Option<String>>,
    /// The network that it stands in.
    pub vpc_id: Computed<Option<String>>,
    /// The hosted zone of `dns_name`, for alias records.
    pub zone_id: Computed<Option<String>>,
}

/// A subnet, and the addresses there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The subnet.
    pub subnet_id: Option<String>,
    /// The elastic address.
    pub allocation_id: Option<String>,
    /// The address of the subnet.
    pub private_ipv4_address: Option<String>,
    /// The IPv6 address of the subnet.
    pub ipv6_address: Option<String>,
    /// The Outpost of the subnet.
    pub outpost_id: Option<String>,
}

/// Pools that addresses come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pools {
    /// The pool of public IPv4 addresses.
    pub ipv4_ipam_pool_id: Option<String>,
}

/// Records in a bucket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Logs {
    /// The bucket's name.
    pub bucket: Option<String>,
    /// Whether records are written.
    pub enabled: Option<bool>,
    /// What the names of the files begin with.
    pub prefix: Option<String>,
}

impl DataSource for LoadBalancer {
    const TYPE: &'static str = "aws_lb";
    const READS: Reads = Reads::of(
        &[
            Cost::each("elasticloadbalancing:DescribeLoadBalancers"),
            Cost::each("elasticloadbalancing:DescribeTags"),
            Cost::each("elasticloadbalancing:DescribeLoadBalancerAttributes"),
        ],
        "its tags and its attributes have calls of their own; where tags are searched for, those of all are asked for, 20 a call",
    );
    const UNSET: &'static [&'static str] = &[
        "client_keep_alive",
        "connection_logs",
        "desync_mitigation_mode",
        "dns_record_client_routing_policy",
        "drop_invalid_header_fields",
        "enable_http2",
        "enable_tls_version_and_cipher_suite_headers",
        "enable_waf_fail_open",
        "enable_xff_client_port",
        "idle_timeout",
        "preserve_host_header",
        "xff_header_processing_mode",
    ];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let arn = sdk::LoadBalancer::load_balancer_arn;
        let found = tagged(aws, self.found(aws).await?, &self.tags, arn).await?;
        let (it, tags) = only("load balancer", "`arn`, `name` and `tags`", found)?;
        let arn = it.load_balancer_arn.clone().unwrap_or_default();
        let mut attributes = load_balancer::attributes_of(aws, std::slice::from_ref(&arn)).await?;
        let attributes = attributes.remove(&arn).unwrap_or_default();
        Ok(told(it, &attributes, tags, self.timeouts))
    }
}

impl LoadBalancer {
    /// Those that fit, whatever their tags.
    async fn found(&self, aws: &Aws) -> Result<Vec<sdk::LoadBalancer>> {
        let call = aws.elbv2().describe_load_balancers();
        let call = match (stated(&self.arn), stated(&self.name)) {
            (Some(arn), _) => call.load_balancer_arns(arn),
            (None, Some(name)) => call.names(name),
            (None, None) => call,
        };
        let all = there(call.into_paginator().items().send().try_collect().await.map_err(Error::from))?;
        Ok(all.unwrap_or_default())
    }
}

fn logs(told: &Attributes, name: &str) -> Vec<Logs> {
    let parts: BTreeMap<&str, String> = ["bucket", "enabled", "prefix"]
        .into_iter()
        .filter_map(|it| Some((it, told.get(&format!("{name}.s3.{it}"))?.clone())))
        .collect();
    // Of what its type does not have, nothing is told.
    if parts.is_empty() {
        return vec![Logs::default()];
    }
    let text = |it: &str| Some(parts.get(it).cloned().unwrap_or_default());
    let enabled = Some(parts.get("enabled").is_some_and(|it| it == "true"));
    vec![Logs { bucket: text("bucket"), enabled, prefix: text("prefix") }]
}

fn mapping(it: sdk::AvailabilityZone) -> Mapping {
    let address = it.load_balancer_addresses.unwrap_or_default().into_iter().next();
    let address = address.unwrap_or_else(|| sdk::LoadBalancerAddress::builder().build());
    let text = |it: Option<String>| Some(it.unwrap_or_default());
    Mapping {
        subnet_id: text(it.subnet_id),
        allocation_id: text(address.allocation_id),
        private_ipv4_address: text(address.private_ipv4_address),
        ipv6_address: text(address.ipv6_address),
        outpost_id: text(it.outpost_id),
    }
}

fn told(
    it: sdk::LoadBalancer,
    attributes: &Attributes,
    tags: Tags,
    timeouts: Option<TimeoutsRead>,
) -> LoadBalancer {
    let arn: String = seen(it.load_balancer_arn);
    let zones = it.availability_zones.unwrap_or_default();
    let settings = Settings::seen(attributes);
    let pools = it.ipam_pools.map(|it| Pools { ipv4_ipam_pool_id: it.ipv4_ipam_pool_id });
    LoadBalancer {
        arn_suffix: Computed(load_balancer::suffix(&arn)),
        id: Computed(arn.clone()),
        arn: Chosen(Some(arn)),
        name: Chosen(it.load_balancer_name),
        tags: Chosen(tags),
        timeouts,
        load_balancer_type: seen(it.r#type),
        internal: Computed(Some(it.scheme == Some(sdk::LoadBalancerSchemeEnum::Internal))),
        subnets: Computed(zones.iter().filter_map(|it| it.subnet_id.clone()).collect()),
        subnet_mapping: Computed(zones.into_iter().map(mapping).collect()),
        security_groups: Computed(Set(it.security_groups.unwrap_or_default())),
        enforce_security_group_inbound_rules_on_private_link_traffic: Computed(
            it.enforce_security_group_inbound_rules_on_private_link_traffic,
        ),
        ip_address_type: seen(it.ip_address_type),
        customer_owned_ipv4_pool: seen(it.customer_owned_ipv4_pool),
        ipam_pools: Computed(pools.into_iter().collect()),
        access_logs: Computed(logs(attributes, "access_logs")),
        connection_logs: Computed(logs(attributes, "connection_logs")),
        enable_deletion_protection: Computed(settings.enable_deletion_protection),
        enable_cross_zone_load_balancing: Computed(settings.enable_cross_zone_load_balancing),
        enable_zonal_shift: Computed(settings.enable_zonal_shift),
        dns_record_client_routing_policy: Computed(settings.dns_record_client_routing_policy),
        idle_timeout: Computed(settings.idle_timeout),
        client_keep_alive: Computed(settings.client_keep_alive),
        enable_http2: Computed(settings.enable_http2),
        desync_mitigation_mode: Computed(settings.desync_mitigation_mode),
        drop_invalid_header_fields: Computed(settings.drop_invalid_header_fields),
        preserve_host_header: Computed(settings.preserve_host_header),
        enable_tls_version_and_cipher_suite_headers: Computed(
            settings.enable_tls_version_and_cipher_suite_headers,
        ),
        enable_waf_fail_open: Computed(settings.enable_waf_fail_open),
        enable_xff_client_port: Computed(settings.enable_xff_client_port),
        xff_header_processing_mode: Computed(settings.xff_header_processing_mode),
        dns_name: Computed(it.dns_name),
        vpc_id: Computed(it.vpc_id),
        zone_id: Computed(it.canonical_hosted_zone_id),
    }
}
