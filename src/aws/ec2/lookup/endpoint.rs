use aws_sdk_ec2::types::{self as sdk, PrefixList};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::endpoint::parts::{DnsEntry, DnsOptions, lists};
use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::{arn, tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::lang::json;
use crate::resource::*;

/// A VPC endpoint that is there already.
///
/// ```toml
/// [data.aws_vpc_endpoint.s3]
/// vpc_id = "vpc-0a1b2c3d4e5f67890"
/// service_name = "com.amazonaws.eu-west-1.s3"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// Such as `vpce-0a1b2c`.
    pub id: Chosen<Option<String>>,
    /// The VPC from which the service is reached.
    pub vpc_id: Chosen<Option<String>>,
    /// Such as `com.amazonaws.eu-west-1.s3`.
    pub service_name: Chosen<Option<String>>,
    /// `available`, `pendingAcceptance`, …
    pub state: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// The endpoint's ARN.
    pub arn: Computed<String>,
    /// The account that owns it.
    pub owner_id: Computed<Option<String>>,
    /// `Gateway`, `Interface`, `GatewayLoadBalancer`, `Resource` or `ServiceNetwork`.
    pub vpc_endpoint_type: Computed<String>,
    /// What may be asked of the service through it: a policy document.
    pub policy: Computed<String>,
    /// Whether it is a service's own.
    pub requester_managed: Computed<Option<bool>>,
    /// The route tables that lead to a gateway.
    pub route_table_ids: Computed<Set<String>>,
    /// The subnets that have an interface.
    pub subnet_ids: Computed<Set<String>>,
    /// The interfaces.
    pub network_interface_ids: Computed<Set<String>>,
    /// The security groups of the interfaces.
    pub security_group_ids: Computed<Set<String>>,
    /// `ipv4`, `dualstack` or `ipv6`.
    pub ip_address_type: Computed<Option<String>>,
    /// Its names.
    pub dns_entry: Computed<Vec<DnsEntry>>,
    /// Which names it answers to.
    pub dns_options: Computed<Vec<DnsOptions>>,
    /// Whether the service's public names stand for the interfaces.
    pub private_dns_enabled: Computed<Option<bool>>,
    /// The list of the service's addresses, for routes and security groups.
    pub prefix_list_id: Computed<Option<String>>,
    /// The service's addresses.
    pub cidr_blocks: Computed<Vec<String>>,
}

impl DataSource for Endpoint {
    const TYPE: &'static str = "aws_vpc_endpoint";
    const READS: Reads = Reads::of(
        &[Cost::each("ec2:DescribeVpcEndpoints"), Cost::each("ec2:DescribePrefixLists")],
        "the service's addresses have a call of their own",
    );
    const UNSET: &'static [&'static str] = &["prefix_list_id"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let search = Search::new(&self.filter, &self.tags)
            .with("vpc-endpoint-state", &self.state)
            .with("vpc-id", &self.vpc_id)
            .with("service-name", &self.service_name);
        let ids = text(&self.id).map(|it| vec![it.to_owned()]);
        let call = aws.ec2().describe_vpc_endpoints().set_vpc_endpoint_ids(ids).set_filters(search.filters());
        let it = only("VPC endpoint", call.into_paginator().items().send().try_collect().await?)?;
        let service = text(&it.service_name).map(str::to_owned);
        let list = lists(aws, service.as_slice()).await?.into_iter().next();
        Ok(self.told(aws, it, list))
    }
}

impl Endpoint {
    fn told(self, aws: &Aws, it: sdk::VpcEndpoint, list: Option<PrefixList>) -> Self {
        let id: String = seen(it.vpc_endpoint_id);
        let (list, addresses) = list.map(|it| (it.prefix_list_id, it.cidrs)).unwrap_or_default();
        let set = |it: Option<Vec<String>>| Computed(Set(it.unwrap_or_default()));
        let groups = it.groups.unwrap_or_default().into_iter().filter_map(|it| it.group_id);
        let policy = it.policy_document.unwrap_or_default();
        // Some partitions know no types.
        let kind = it.vpc_endpoint_type.unwrap_or(sdk::VpcEndpointType::Gateway);
        Endpoint {
            vpc_id: seen(it.vpc_id),
            service_name: seen(it.service_name),
            state: seen(it.state),
            tags: Chosen(tags(it.tags)),
            arn: arn(aws, it.owner_id.as_deref(), &format!("vpc-endpoint/{id}")).into(),
            owner_id: it.owner_id.into(),
            vpc_endpoint_type: seen(Some(kind)),
            policy: json::normal(&policy).unwrap_or(policy).into(),
            requester_managed: it.requester_managed.into(),
            route_table_ids: set(it.route_table_ids),
            subnet_ids: set(it.subnet_ids),
            network_interface_ids: set(it.network_interface_ids),
            security_group_ids: Computed(groups.collect()),
            ip_address_type: seen(it.ip_address_type),
            dns_entry: Computed(it.dns_entries.unwrap_or_default().into_iter().map(DnsEntry::from).collect()),
            dns_options: Computed(it.dns_options.into_iter().map(DnsOptions::from).collect()),
            private_dns_enabled: it.private_dns_enabled.into(),
            prefix_list_id: list.into(),
            cidr_blocks: addresses.unwrap_or_default().into(),
            id: Chosen(Some(id)),
            ..self
        }
    }
}
