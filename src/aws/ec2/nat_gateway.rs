use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, NatGatewayAddressStatus, NatGatewayState, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, among, described, marked, tagged, tags, text};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Lets what has no public address reach the internet, or other networks.
///
/// ```toml
/// [aws_nat_gateway.main]
/// allocation_id = "${aws_eip.nat.id}"
/// subnet_id = "${aws_subnet.public.id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NatGateway {
    /// The subnet that holds the gateway.
    pub subnet_id: Fixed<String>,
    /// The Elastic IP of a public gateway.
    pub allocation_id: Fixed<Option<String>>,
    /// Towards the internet (`public`) or other networks (`private`).
    #[serde(default = "public")]
    #[schemars(extend("enum" = ["public", "private"]))]
    pub connectivity_type: Fixed<String>,
    /// The gateway's private address.
    #[schemars(regex(pattern = r"^\d{1,3}(\.\d{1,3}){3}$"))]
    pub private_ip: Chosen<Fixed<Option<String>>>,
    /// More Elastic IPs, for a public gateway.
    pub secondary_allocation_ids: Option<Set<String>>,
    /// How many more private addresses, for a private gateway.
    #[schemars(range(min = 0))]
    pub secondary_private_ip_address_count: Chosen<Fixed<Option<i64>>>,
    /// More private addresses.
    pub secondary_private_ip_addresses: Chosen<Option<Set<String>>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `nat-0a1b2c`.
    pub id: Computed<String>,
    /// Joins the Elastic IP to the gateway.
    pub association_id: Computed<Option<String>>,
    /// The gateway's network interface.
    pub network_interface_id: Computed<Option<String>>,
    /// The gateway's public address.
    pub public_ip: Computed<Option<String>>,
}

fn public() -> Fixed<String> {
    Fixed("public".to_owned())
}

impl Resource for NatGateway {
    const TYPE: &'static str = "aws_nat_gateway";
    const IMPORT: &'static [&'static str] = &["nat-0a1b2c3d4e5f67890"];
    const UNWRITTEN: &'static [&'static str] = &["private_ip", "secondary_private_ip_address_count"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(&[Cost::page("ec2:DescribeNatGateways", 1000)], "a call takes 1,000 ids");
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(600);
    const DELETE_PATIENCE: Duration = Duration::from_secs(1800);
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    const CREATE_SECONDS: u32 = 120;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let gateways = described(aws, "nat-gateway-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_nat_gateways().set_nat_gateway_ids(ids).set_filter(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let gateways = gateways.await?;
        // AWS shows what is deleted for another hour.
        let there = gateways.into_iter().filter(|it| it.state != Some(NatGatewayState::Deleted));
        Ok(there.map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let answer = aws
            .ec2()
            .create_nat_gateway()
            .client_token(&new.token)
            .subnet_id(&**self.subnet_id)
            .set_allocation_id(sent(&self.allocation_id))
            .set_connectivity_type(sent(&self.connectivity_type))
            .set_private_ip_address(sent(&self.private_ip))
            .set_secondary_allocation_ids(some(&self.secondary_allocation_ids))
            .set_secondary_private_ip_address_count(sent(&self.secondary_private_ip_address_count))
            .set_secondary_private_ip_addresses(some(&self.secondary_private_ip_addresses))
            .set_tag_specifications(tagged(ResourceType::Natgateway, &new.tags))
            .send()
            .await?;
        answer.nat_gateway.and_then(|it| it.nat_gateway_id).ok_or(Error::Incomplete("the gateway's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        match self.connectivity_type.as_str() {
            "private" => self.change_private_addresses(aws, was).await,
            _ => self.change_elastic_ips(aws, was).await,
        }
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ec2().delete_nat_gateway().nat_gateway_id(self.key()).send().await?;
        Ok(())
    }

    // The client token makes a repeated create harmless only for a while.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let Some(id) = marked(aws, &new.token).await? else { return Ok(None) };
        let there = Self::read(aws, std::slice::from_ref(&id)).await?;
        Ok(there.into_iter().find(|it| it.key == id).map(|it| it.key))
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["secondary_private_ip_address_count", "secondary_private_ip_addresses"]);
        let Some(kind) = plan.will("connectivity_type").and_then(Value::as_str).map(str::to_owned) else {
            return;
        };
        let strange: &[&str] = match kind.as_str() {
            "private" => &["allocation_id", "secondary_allocation_ids"],
            _ => &["secondary_private_ip_address_count"],
        };
        for name in strange {
            if plan
                .config(name)
                .is_some_and(|it| !it.is_unknown() && it.as_items().is_none_or(|it| !it.is_empty()))
            {
                plan.error(name, format!("a {kind} gateway has no `{name}`"));
            }
        }
        let names: &[&str] = match kind.as_str() {
            "private" => &["secondary_private_ip_addresses"],
            _ => &["secondary_allocation_ids"],
        };
        if plan.was.is_some() && names.iter().any(|it| plan.change(it).is_some()) {
            plan.set_unknown("secondary_private_ip_address_count");
            if plan.config("secondary_private_ip_addresses").is_none_or(Value::is_unknown) {
                plan.set_unknown("secondary_private_ip_addresses");
            }
        }
    }
}

/// The items of a set; nothing where there are none.
fn some(set: &Option<Set<String>>) -> Option<Vec<String>> {
    set.as_ref().map(|it| it.0.clone()).filter(|it| !it.is_empty())
}

/// What one set has beyond another, absent ones being empty.
fn beyond(a: &Option<Set<String>>, b: &Option<Set<String>>) -> Option<Vec<String>> {
    let (a, b) = (a.clone().unwrap_or_default(), b.clone().unwrap_or_default());
    Some(a.beyond(&b)).filter(|it| !it.is_empty())
}

impl NatGateway {
    async fn change_private_addresses(&self, aws: &Aws, was: &Self) -> Result<()> {
        // Left out, AWS's choice stands.
        if self.secondary_private_ip_addresses.is_none() {
            return Ok(());
        }
        let (wanted, had) = (&self.secondary_private_ip_addresses, &was.secondary_private_ip_addresses);
        if let Some(more) = beyond(wanted, had) {
            let call = aws.ec2().assign_private_nat_gateway_address().nat_gateway_id(was.key());
            call.set_private_ip_addresses(Some(more)).send().await?;
        }
        if let Some(fewer) = beyond(had, wanted) {
            let call = aws.ec2().unassign_private_nat_gateway_address().nat_gateway_id(was.key());
            call.set_private_ip_addresses(Some(fewer)).send().await?;
        }
        Ok(())
    }

    async fn change_elastic_ips(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (wanted, had) = (&self.secondary_allocation_ids, &was.secondary_allocation_ids);
        if let Some(more) = beyond(wanted, had) {
            let (ips, ips_had) = (&self.secondary_private_ip_addresses, &was.secondary_private_ip_addresses);
            let call = aws.ec2().associate_nat_gateway_address().nat_gateway_id(was.key());
            let call = call.set_allocation_ids(Some(more));
            call.set_private_ip_addresses(beyond(ips, ips_had)).send().await?;
        }
        let Some(fewer) = beyond(had, wanted) else { return Ok(()) };
        let filter = among("nat-gateway-id", &[was.key()]);
        let answer = aws.ec2().describe_nat_gateways().filter(filter).send().await?;
        let addresses = answer.nat_gateways.unwrap_or_default().into_iter();
        let addresses = addresses.flat_map(|it| it.nat_gateway_addresses.unwrap_or_default());
        let gone = addresses.filter(|it| it.allocation_id.as_ref().is_some_and(|it| fewer.contains(it)));
        let gone: Vec<String> = gone.filter_map(|it| it.association_id).collect();
        if !gone.is_empty() {
            let call = aws.ec2().disassociate_nat_gateway_address().nat_gateway_id(was.key());
            call.set_association_ids(Some(gone)).send().await?;
        }
        Ok(())
    }
}

impl From<sdk::NatGateway> for Live<NatGateway> {
    fn from(it: sdk::NatGateway) -> Self {
        let status = status(&it);
        let addresses = it.nat_gateway_addresses.unwrap_or_default();
        let alone = addresses.len() == 1;
        let (first, more): (Vec<_>, Vec<_>) =
            addresses.into_iter().partition(|it| alone || it.is_primary == Some(true));
        let first = first.into_iter().next();
        let first = first.as_ref();
        let private: Set<String> = more.iter().filter_map(|it| it.private_ip.clone()).collect();
        let allocations: Set<String> = more.iter().filter_map(|it| it.allocation_id.clone()).collect();
        Live {
            key: seen(it.nat_gateway_id.clone()),
            status,
            tags: Some(tags(it.tags)),
            unread: &[],
            attributes: NatGateway {
                subnet_id: seen(it.subnet_id),
                allocation_id: seen(first.and_then(|it| it.allocation_id.clone())),
                connectivity_type: seen(it.connectivity_type.or(Some(sdk::ConnectivityType::Public))),
                private_ip: seen(first.and_then(|it| it.private_ip.clone())),
                secondary_allocation_ids: Some(allocations).filter(|it| !it.is_empty()),
                secondary_private_ip_address_count: Chosen(Fixed(i64::try_from(private.len()).ok())),
                secondary_private_ip_addresses: Chosen(Some(private)),
                timeouts: None,
                tags: None,
                tags_all: Chosen::default(),
                id: seen(it.nat_gateway_id),
                association_id: seen(first.and_then(|it| it.association_id.clone())),
                network_interface_id: seen(first.and_then(|it| it.network_interface_id.clone())),
                public_ip: seen(first.and_then(|it| it.public_ip.clone())),
            },
        }
    }
}

fn status(it: &sdk::NatGateway) -> Status {
    match &it.state {
        Some(state @ (NatGatewayState::Pending | NatGatewayState::Deleting)) => {
            Status::Pending(state.as_str().to_owned())
        }
        Some(NatGatewayState::Failed) => {
            let (code, why) = (it.failure_code.as_deref(), it.failure_message.as_deref());
            Status::Failed([code, why].into_iter().flatten().collect::<Vec<_>>().join(": "))
        }
        _ => addresses_status(it.nat_gateway_addresses()),
    }
}

/// Further addresses come and go after the call.
fn addresses_status(all: &[sdk::NatGatewayAddress]) -> Status {
    for it in all {
        match &it.status {
            None | Some(NatGatewayAddressStatus::Succeeded) => {}
            Some(NatGatewayAddressStatus::Failed) => {
                let ip = text(&it.private_ip).or(text(&it.allocation_id)).unwrap_or_default();
                let why = it.failure_message.as_deref().unwrap_or_default();
                return Status::Failed(format!("address {ip}: {why}"));
            }
            Some(moving) => return Status::Pending(moving.as_str().to_owned()),
        }
    }
    Status::Ready
}
