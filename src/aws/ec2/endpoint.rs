pub(super) mod parts;

use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use parts::{Around, DnsEntry, DnsOptions, SubnetAddresses};

use super::{EC2, among, blockers, described, marked, same_policy, some, tagged, tags, text, unsuccessful};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Reaches a service from a VPC without the internet: S3 and DynamoDB through route tables (`Gateway`), others
/// through network interfaces in subnets (`Interface`), appliances by routes (`GatewayLoadBalancer`).
///
/// ```toml
/// [aws_vpc_endpoint.s3]
/// vpc_id = "${aws_vpc.main.id}"
/// service_name = "com.amazonaws.eu-west-1.s3"
/// route_table_ids = ["${aws_route_table.private.id}"]
///
/// [aws_vpc_endpoint.logs]
/// vpc_id = "${aws_vpc.main.id}"
/// service_name = "com.amazonaws.eu-west-1.logs"
/// vpc_endpoint_type = "Interface"
/// subnet_ids = ["${aws_subnet.private_a.id}"]
/// private_dns_enabled = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The VPC from which the service is reached.
    pub vpc_id: Fixed<String>,
    /// Such as `com.amazonaws.eu-west-1.s3`.
    pub service_name: Fixed<Option<String>>,
    /// Instead, a configuration of VPC Lattice for one resource.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub resource_configuration_arn: Fixed<Option<String>>,
    /// Instead, a network of VPC Lattice.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub service_network_arn: Fixed<Option<String>>,
    /// The region of the service, where that is another one.
    pub service_region: Chosen<Fixed<Option<String>>>,
    /// `Gateway`, `Interface`, `GatewayLoadBalancer`, `Resource` or `ServiceNetwork`.
    #[serde(default = "gateway")]
    #[schemars(extend("enum" = ["Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"]))]
    pub vpc_endpoint_type: Fixed<String>,
    /// What may be asked of the service through it: a policy document. Everything, where there is none.
    pub policy: Chosen<Option<Json>>,
    /// The route tables that lead to a gateway.
    pub route_table_ids: Chosen<Set<String>>,
    /// The subnets that get an interface.
    pub subnet_ids: Chosen<Set<String>>,
    /// Its addresses in those, where AWS is not to choose them.
    pub subnet_configuration: Chosen<Set<SubnetAddresses>>,
    /// The security groups of the interfaces; the VPC's default one where there is none.
    pub security_group_ids: Chosen<Set<String>>,
    /// Let the service's public names stand for the interfaces.
    pub private_dns_enabled: Chosen<Option<bool>>,
    /// Which names the endpoint answers to.
    pub dns_options: Chosen<One<DnsOptions>>,
    /// `ipv4`, `dualstack` or `ipv6`.
    #[schemars(extend("enum" = ["ipv4", "dualstack", "ipv6"], "format" = "caseless"))]
    pub ip_address_type: Chosen<Option<String>>,
    /// Accept the endpoint on the service's side too, where that is this account's.
    pub auto_accept: Local<Option<bool>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `vpce-0a1b2c`.
    pub id: Computed<String>,
    /// The endpoint's ARN.
    pub arn: Computed<String>,
    /// `available`, `pendingAcceptance`, …
    pub state: Computed<String>,
    /// The account that owns it.
    pub owner_id: Computed<String>,
    /// Whether it is a service's own.
    pub requester_managed: Computed<bool>,
    /// The interfaces.
    pub network_interface_ids: Computed<Set<String>>,
    /// Its names.
    pub dns_entry: Computed<Vec<DnsEntry>>,
    /// The list of the service's addresses, for routes and security groups.
    pub prefix_list_id: Computed<Option<String>>,
    /// The service's addresses.
    pub cidr_blocks: Computed<Vec<String>>,
}

fn gateway() -> Fixed<String> {
    Fixed("Gateway".to_owned())
}

/// The service's owner has to accept it.
const UNACCEPTED: &str = "pendingAcceptance";

impl Resource for Endpoint {
    const TYPE: &'static str = "aws_vpc_endpoint";
    const IMPORT: &'static [&'static str] = &["vpce-0a1b2c3d4e5f67890"];
    // AWS's own choices, mostly.
    const UNWRITTEN: &'static [&'static str] = &["service_region", "subnet_configuration"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::page("ec2:DescribeVpcEndpoints", 1000),
            Cost::page("ec2:DescribePrefixLists", 200),
            Cost::page("ec2:DescribeNetworkInterfaces", 200),
        ],
        "a call takes 1,000 ids; addresses of services are found by 200 names a call, and those of interfaces (gateways have none) by 200 ids, or more of them by 1,000",
    );
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(600);
    const PASSING: &'static [&'static [Passing]] =
        &[EC2, &[Passing::in_use("InvalidParameter").saying("must be removed from route table")]];
    const CREATE_SECONDS: u32 = 60;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, "vpc-endpoint-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_vpc_endpoints().set_vpc_endpoint_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        // AWS shows what is deleted for a while.
        let mut found: Vec<sdk::VpcEndpoint> = found.await?;
        found.retain(|it| !is(it.state.as_ref(), "deleted"));
        let around = Around::of(aws, &found).await?;
        Ok(found.into_iter().map(|it| live(aws, it, &around)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let answer = aws
            .ec2()
            .create_vpc_endpoint()
            .client_token(&new.token)
            .vpc_id(&**self.vpc_id)
            .vpc_endpoint_type(self.vpc_endpoint_type.as_str().into())
            .set_service_name(text(&self.service_name).map(str::to_owned))
            .set_service_region(text(&self.service_region).map(str::to_owned))
            .set_resource_configuration_arn(text(&self.resource_configuration_arn).map(str::to_owned))
            .set_service_network_arn(text(&self.service_network_arn).map(str::to_owned))
            .set_policy_document(self.document())
            .set_route_table_ids(some(&self.route_table_ids))
            .set_subnet_ids(some(&self.subnet_ids))
            .set_subnet_configurations(self.addresses())
            .set_security_group_ids(some(&self.security_group_ids))
            .private_dns_enabled(self.private_dns_enabled.unwrap_or_default())
            .set_dns_options(self.names())
            .set_ip_address_type(text(&self.ip_address_type).map(Into::into))
            .set_tag_specifications(tagged(ResourceType::VpcEndpoint, &new.tags))
            .send()
            .await?;
        let made = answer.vpc_endpoint.unwrap_or_else(|| sdk::VpcEndpoint::builder().build());
        let id = made.vpc_endpoint_id.ok_or(Error::Incomplete("the endpoint's id"))?;
        if is(made.state.as_ref(), UNACCEPTED) {
            // The endpoint is there: a refusal of the second part must not pass for one of the whole.
            let half = |it: Error| Error::Unreached(format!("{id} is made, but not accepted: {it}"));
            self.accept(aws, &id).await.map_err(half)?;
        }
        Ok(id)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let id = was.key();
        let accepts = self.auto_accept.unwrap_or_default() && !was.auto_accept.unwrap_or_default();
        if accepts && was.state.eq_ignore_ascii_case(UNACCEPTED) {
            self.accept(aws, &id).await?;
        }
        let call = aws.ec2().modify_vpc_endpoint().vpc_endpoint_id(&id);
        let untouched = call.as_input().clone();
        let sets = |wanted: &Set<String>, was: &Set<String>| {
            (some(&Set(wanted.beyond(was))), some(&Set(was.beyond(wanted))))
        };
        let (tables, groups, subnets) = (
            sets(&self.route_table_ids, &was.route_table_ids),
            sets(&self.security_group_ids, &was.security_group_ids),
            sets(&self.subnet_ids, &was.subnet_ids),
        );
        let private = self.private_dns_enabled.unwrap_or_default();
        let switched = private != was.private_dns_enabled.unwrap_or_default();
        // Switched on, the names are said along with it.
        let names = self.dns_options != was.dns_options || switched && private;
        let kind = text(&self.ip_address_type)
            .filter(|it| !text(&was.ip_address_type).is_some_and(|was| was.eq_ignore_ascii_case(it)));
        let (document, reset) = self.other_policy(was);
        let call = call
            .set_add_route_table_ids(tables.0)
            .set_remove_route_table_ids(tables.1)
            .set_add_security_group_ids(groups.0)
            .set_remove_security_group_ids(groups.1)
            .set_add_subnet_ids(subnets.0)
            .set_remove_subnet_ids(subnets.1)
            .set_subnet_configurations(
                self.addresses().filter(|_| self.subnet_configuration != was.subnet_configuration),
            )
            .set_private_dns_enabled(switched.then_some(private))
            .set_dns_options(self.names().filter(|_| names))
            .set_ip_address_type(kind.map(Into::into))
            .set_policy_document(document)
            .set_reset_policy(reset.then_some(true));
        if *call.as_input() != untouched {
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let answer = aws.ec2().delete_vpc_endpoints().vpc_endpoint_ids(self.key()).send().await?;
        unsuccessful(answer.unsuccessful)
    }

    // The client token makes a repeated create harmless only for a while.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let Some(id) = marked(aws, &new.token).await? else { return Ok(None) };
        let there = Self::read(&aws.exactly(true), std::slice::from_ref(&id)).await?;
        let Some(it) = there.into_iter().find(|it| it.key == id) else { return Ok(None) };
        // The create may have been cut off before this part of it.
        if it.attributes.state.eq_ignore_ascii_case(UNACCEPTED) {
            self.accept(aws, &id).await?;
        }
        Ok(Some(id))
    }

    fn awaits(&self, word: &str) -> bool {
        word != UNACCEPTED || self.auto_accept.unwrap_or_default()
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["service_name", "resource_configuration_arn", "service_network_arn"]);
        if plan.was.is_none() {
            return;
        }
        let kind = plan.will("vpc_endpoint_type").and_then(Value::as_str).map(str::to_owned);
        let on = |it: &Value| it.as_bool().unwrap_or_default();
        let switched = plan.change("private_dns_enabled").is_some_and(|(was, will)| on(was) != on(will));
        if switched && kind.as_deref() != Some("Interface") {
            plan.require_replace("private_dns_enabled");
        }
        let said = |plan: &Adjust, name: &str| {
            plan.config(name)
                .is_some_and(|it| it.is_unknown() || it.as_items().is_some_and(|it| !it.is_empty()))
        };
        let subnets = plan.change("subnet_ids").is_some() && said(plan, "subnet_ids");
        let addresses = plan.change("subnet_configuration").is_some() && said(plan, "subnet_configuration");
        if subnets || addresses {
            plan.set_unknown("network_interface_ids");
        }
        if subnets && !said(plan, "subnet_configuration") {
            plan.set_unknown("subnet_configuration");
        }
        if addresses && !said(plan, "subnet_ids") {
            plan.set_unknown("subnet_ids");
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::of_endpoint(aws, &self.key()).await,
            false => Blockers::default(),
        })
    }
}

impl Endpoint {
    fn document(&self) -> Option<String> {
        self.policy.as_ref().map(|it| it.0.clone()).filter(|it| !it.trim().is_empty())
    }

    /// The policy where it changes, and whether it goes.
    fn other_policy(&self, was: &Self) -> (Option<String>, bool) {
        match (self.document(), was.document()) {
            (Some(now), Some(was)) if same_policy(&now, &was) => (None, false),
            (Some(now), _) => (Some(now), false),
            (None, was) => (None, self.policy.is_some() && was.is_some()),
        }
    }

    fn addresses(&self) -> Option<Vec<sdk::SubnetConfiguration>> {
        let all: Vec<_> = self.subnet_configuration.iter().map(sdk::SubnetConfiguration::from).collect();
        Some(all).filter(|it| !it.is_empty())
    }

    fn names(&self) -> Option<sdk::DnsOptionsSpecification> {
        let service = text(&self.service_name).unwrap_or_default();
        let s3 = service.starts_with("com.amazonaws.") && service.ends_with(".s3");
        let for_s3 = s3 && *self.vpc_endpoint_type == "Interface";
        self.dns_options.as_ref().map(|it| it.specification(for_s3))
    }

    /// Accepts the endpoint where its service is this account's.
    async fn accept(&self, aws: &Aws, id: &str) -> Result<()> {
        if !self.auto_accept.unwrap_or_default() {
            return Ok(());
        }
        let name = text(&self.service_name).unwrap_or_default().to_owned();
        let call = aws.ec2().describe_vpc_endpoint_service_configurations();
        let found = call.filters(among("service-name", std::slice::from_ref(&name))).send().await?;
        let service =
            found.service_configurations.unwrap_or_default().into_iter().find_map(|it| it.service_id);
        let foreign =
            || Error::Invalid(format!("{name} is no service of this account: it cannot accept {id}"));
        let call = aws.ec2().accept_vpc_endpoint_connections().service_id(service.ok_or_else(foreign)?);
        unsuccessful(call.vpc_endpoint_ids(id).send().await?.unsuccessful)
    }
}

/// States come in small letters and in great ones.
fn is(state: Option<&sdk::State>, word: &str) -> bool {
    state.is_some_and(|it| it.as_str().eq_ignore_ascii_case(word))
}

fn status(it: &sdk::VpcEndpoint) -> Status {
    let word = it.state.as_ref().map(|it| it.as_str()).unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "" | "available" => Status::Ready,
        "pendingacceptance" => Status::Pending(UNACCEPTED.to_owned()),
        "failed" | "rejected" | "expired" => {
            let why = it.last_error.as_ref().and_then(|it| it.message.clone());
            let why = why.or(it.failure_reason.clone()).filter(|it| !it.is_empty());
            Status::Failed(why.map_or(word.to_owned(), |why| format!("{word}: {why}")))
        }
        _ => Status::Pending(word.to_owned()),
    }
}

fn live(aws: &Aws, it: sdk::VpcEndpoint, around: &Around) -> Live<Endpoint> {
    let status = status(&it);
    let id: String = seen(it.vpc_endpoint_id);
    let list = around.list(it.service_name.as_deref());
    let interfaces = it.network_interface_ids.unwrap_or_default();
    let set = |it: Option<Vec<String>>| Chosen(Set(it.unwrap_or_default()));
    let groups = it.groups.unwrap_or_default().into_iter().filter_map(|it| it.group_id);
    let kind: String = seen(it.vpc_endpoint_type);
    let attributes = Endpoint {
        vpc_id: seen(it.vpc_id),
        resource_configuration_arn: seen(it.resource_configuration_arn),
        service_network_arn: seen(it.service_network_arn),
        service_region: seen(it.service_region),
        // Some partitions know no types.
        vpc_endpoint_type: if kind.is_empty() { gateway() } else { Fixed(kind) },
        policy: seen(it.policy_document),
        route_table_ids: set(it.route_table_ids),
        subnet_ids: set(it.subnet_ids),
        subnet_configuration: Chosen(Set(around.addresses(&interfaces))),
        security_group_ids: Chosen(groups.collect()),
        private_dns_enabled: seen(it.private_dns_enabled),
        dns_options: Chosen(One(it.dns_options.map(DnsOptions::from))),
        ip_address_type: seen(it.ip_address_type),
        auto_accept: Local(None),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        arn: super::arn(aws, it.owner_id.as_deref(), &format!("vpc-endpoint/{id}")).into(),
        state: seen(it.state),
        owner_id: seen(it.owner_id),
        requester_managed: seen(it.requester_managed),
        network_interface_ids: Computed(Set(interfaces)),
        dns_entry: Computed(it.dns_entries.unwrap_or_default().into_iter().map(DnsEntry::from).collect()),
        prefix_list_id: Computed(list.and_then(|it| it.prefix_list_id.clone())),
        cidr_blocks: Computed(list.map(|it| it.cidrs().to_vec()).unwrap_or_default()),
        service_name: seen(it.service_name),
        id: Computed(id.clone()),
    };
    Live { key: id, attributes, tags: Some(tags(it.tags)), status, unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_tell_whether_to_wait() {
        let of = |state: &str| status(&sdk::VpcEndpoint::builder().state(state.into()).build());
        assert_eq!(of("available"), Status::Ready);
        assert_eq!(of("PendingAcceptance"), Status::Pending(UNACCEPTED.to_owned()));
        assert_eq!(of("deleting"), Status::Pending("deleting".to_owned()));
        let error = sdk::LastError::builder().message("no room").build();
        let failed = sdk::VpcEndpoint::builder().state("failed".into()).last_error(error).build();
        assert_eq!(status(&failed), Status::Failed("failed: no room".to_owned()));
    }
}
