use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, AddressAttributeName, DomainType, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, arn, blockers, described, marked, tagged, tags, text};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A public IPv4 address that stays the same: an Elastic IP.
///
/// ```toml
/// [aws_eip.nat]
/// domain = "vpc"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Eip {
    /// `vpc`, the only domain that is left.
    #[schemars(extend("enum" = ["vpc", "standard"]))]
    pub domain: Chosen<Fixed<Option<String>>>,
    /// The old way to say `domain = "vpc"`.
    pub vpc: Chosen<Fixed<Option<bool>>>,
    /// The very address to take, from a pool of one's own.
    pub address: Local<Fixed<Option<String>>>,
    /// The pool of public addresses to take it from.
    pub public_ipv4_pool: Chosen<Fixed<Option<String>>>,
    /// The IPAM pool to take it from.
    pub ipam_pool_id: Chosen<Fixed<Option<String>>>,
    /// The Outpost's pool of customer-owned addresses to take it from.
    pub customer_owned_ipv4_pool: Option<String>,
    /// Where the address is announced: a region, or one of its local zones.
    pub network_border_group: Chosen<Fixed<Option<String>>>,
    /// The instance that answers at the address.
    pub instance: Chosen<Option<String>>,
    /// The network interface that answers at the address.
    pub network_interface: Chosen<Option<String>>,
    /// Which of the interface's private addresses; the primary one where absent.
    pub associate_with_private_ip: Local<Option<String>>,
    pub timeouts: Option<TimeoutsReadUpdateDelete>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `eipalloc-0a1b2c`.
    pub id: Computed<String>,
    /// The same as `id`.
    pub allocation_id: Computed<String>,
    /// The address's ARN.
    pub arn: Computed<String>,
    /// Joins the address to what answers at it.
    pub association_id: Computed<Option<String>>,
    /// The address itself.
    pub public_ip: Computed<Option<String>>,
    /// Name of the public address.
    pub public_dns: Computed<Option<String>>,
    /// The private address behind it.
    pub private_ip: Computed<Option<String>>,
    /// Name of the private address.
    pub private_dns: Computed<Option<String>>,
    /// The name that a reverse lookup gives.
    pub ptr_record: Computed<Option<String>>,
    /// The address in a carrier's network.
    pub carrier_ip: Computed<Option<String>>,
    /// The address from the Outpost's pool.
    pub customer_owned_ip: Computed<Option<String>>,
}

impl Resource for Eip {
    const TYPE: &'static str = "aws_eip";
    const SENT: &'static [&'static str] = &["associate_with_private_ip"];
    const IMPORT: &'static [&'static str] = &["eipalloc-0a1b2c3d4e5f67890"];
    const UNWRITTEN: &'static [&'static str] = &["vpc"];
    const TAGS: TagApi = TagApi::Ec2;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeAddresses", 1000), Cost::page("ec2:DescribeAddressesAttribute", 1000)],
        "calls take 1,000 ids; only the second one tells the reverse name",
    );
    const MARKED: bool = true;
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(300);
    const DELETE_PATIENCE: Duration = Duration::from_secs(180);
    const PASSING: &'static [&'static [Passing]] = &[EC2, ADDRESSES];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let addresses = described(aws, "allocation-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_addresses().set_allocation_ids(ids).set_filters(filters);
            Ok(call.send().await?.addresses.unwrap_or_default())
        });
        // The ARN names the account, which the answer leaves out and the state knows.
        let account = async {
            match aws.exact() {
                true => Ok::<_, Error>(Some(aws.account().await?.id.as_str())),
                false => Ok(None),
            }
        };
        // What was just made is there, all but always: its name is asked for at the same time.
        let early = async { if aws.exact() { reverse_names(aws, ids.to_vec()).await } else { Ok(None) } };
        let (addresses, account, early) = futures::try_join!(addresses, account, early)?;
        let there: Vec<String> = addresses.iter().filter_map(|it| it.allocation_id.clone()).collect();
        let names = match early {
            Some(names) => names,
            None if there.is_empty() => return Ok(Vec::new()),
            None => reverse_names(aws, there).await?.unwrap_or_default(),
        };
        Ok(addresses.into_iter().map(|it| live(aws, account, it, &names)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let vpc = self.vpc.unwrap_or_default().then_some(DomainType::Vpc);
        let answer = aws
            .ec2()
            .allocate_address()
            .set_domain(text(&self.domain).map(DomainType::from).or(vpc))
            .set_address(sent(&self.address))
            .set_public_ipv4_pool(sent(&self.public_ipv4_pool))
            .set_ipam_pool_id(sent(&self.ipam_pool_id))
            .set_customer_owned_ipv4_pool(sent(&self.customer_owned_ipv4_pool))
            .set_network_border_group(sent(&self.network_border_group))
            .set_tag_specifications(tagged(ResourceType::ElasticIp, &new.tags))
            .send()
            .await?;
        answer.allocation_id.ok_or(Error::Incomplete("the address's allocation id"))
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if !self.moves(was) {
            return Ok(());
        }
        was.disassociate(aws).await?;
        // The interface of the old instance is not where it goes.
        let instance = text(&self.instance);
        let elsewhere = instance.is_some() && text(&self.network_interface) == text(&was.network_interface);
        let interface = text(&self.network_interface).filter(|_| !elsewhere);
        if instance.is_none() && interface.is_none() {
            return Ok(());
        }
        let call = aws.ec2().associate_address().allocation_id(was.key());
        let call = call.set_instance_id(instance.map(str::to_owned));
        let call = call.set_network_interface_id(interface.map(str::to_owned));
        call.set_private_ip_address(sent(&self.associate_with_private_ip)).send().await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        self.disassociate(aws).await?;
        let group = text(&self.network_border_group).map(str::to_owned);
        let call = aws.ec2().release_address().allocation_id(self.key());
        call.set_network_border_group(group).send().await?;
        Ok(())
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["domain", "vpc"]);
        const WHERE: [&str; 3] = ["instance", "network_interface", "associate_with_private_ip"];
        let moves = WHERE.iter().any(|it| plan.config(it).is_some() && plan.change(it).is_some());
        if plan.was.is_none() || !moves {
            return;
        }
        ["association_id", "private_ip", "private_dns"].iter().for_each(|it| plan.set_unknown(it));
        for name in ["instance", "network_interface"] {
            if plan.config(name).is_none_or(Value::is_unknown) {
                plan.set_unknown(name);
            }
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_address(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

impl Eip {
    /// Whether it shall answer elsewhere. Left out, it stays where it is.
    fn moves(&self, was: &Self) -> bool {
        let other =
            |wanted: &Option<String>, was: &Option<String>| wanted.is_some() && text(wanted) != text(was);
        other(&self.instance, &was.instance)
            || other(&self.network_interface, &was.network_interface)
            || other(&self.associate_with_private_ip, &was.private_ip)
            || text(&self.associate_with_private_ip).is_none()
                && text(&was.associate_with_private_ip).is_some()
    }

    async fn disassociate(&self, aws: &Aws) -> Result<()> {
        let Some(association) = text(&self.association_id) else { return Ok(()) };
        match aws.ec2().disassociate_address().association_id(association).send().await.map_err(Error::from) {
            Err(it) if it.is_missing() => Ok(()),
            answer => answer.map(drop),
        }
    }
}

/// What passes with time for addresses, besides.
const ADDRESSES: &[Passing] = &[
    // An instance takes an address only once it runs.
    Passing::unseen("InvalidInstanceID").saying("is not in a valid state"),
    // A gateway or a load balancer lets go of its address some time after it is gone.
    Passing::in_use("AuthFailure").saying("permission to access the specified resource"),
    Passing::in_use("OperationNotPermitted").saying("ela-attach"),
];

/// The names that reverse lookups of these addresses give, by allocation id, each with its dot at the end;
/// none at all where one of the addresses is missing.
pub(super) async fn reverse_names(aws: &Aws, ids: Vec<String>) -> Result<Option<HashMap<String, String>>> {
    let call = aws.ec2().describe_addresses_attribute().attribute(AddressAttributeName::DomainName);
    let call = call.set_allocation_ids(Some(ids)).into_paginator().items().send();
    let all = match call.try_collect().await.map_err(Error::from) {
        Ok(all) => all,
        Err(it) if it.is_missing() => return Ok(None),
        // Not every partition has it.
        Err(it) if it.code() == Some("InvalidAction") => Vec::new(),
        Err(it) => return Err(it),
    };
    let name = |it: sdk::AddressAttribute| Some((it.allocation_id?, it.ptr_record?));
    Ok(Some(all.into_iter().filter_map(name).collect()))
}

fn live(aws: &Aws, account: Option<&str>, it: sdk::Address, names: &HashMap<String, String>) -> Live<Eip> {
    let id: String = seen(it.allocation_id);
    let public_dns = it.public_ip.as_deref().map(|ip| dns_name(aws, ip, true));
    let private_dns = it.private_ip_address.as_deref().map(|ip| dns_name(aws, ip, false));
    let pool = it.public_ipv4_pool.clone().filter(|it| it.starts_with("ipam-pool-"));
    Live {
        key: id.clone(),
        status: Status::Ready,
        tags: Some(tags(it.tags)),
        unread: if account.is_some() { &[] } else { &["arn"] },
        attributes: Eip {
            vpc: Chosen(Fixed(Some(it.domain == Some(DomainType::Vpc)))),
            domain: seen(it.domain),
            address: Local::default(),
            public_ipv4_pool: seen(it.public_ipv4_pool),
            ipam_pool_id: seen(pool),
            customer_owned_ipv4_pool: seen(it.customer_owned_ipv4_pool),
            network_border_group: seen(it.network_border_group),
            instance: seen(text(&it.instance_id)),
            network_interface: seen(text(&it.network_interface_id)),
            associate_with_private_ip: Local::default(),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            arn: arn(aws, account, &format!("elastic-ip/{id}")).into(),
            ptr_record: seen(names.get(&id).map(|it| it.trim_end_matches('.'))),
            allocation_id: id.clone().into(),
            id: id.into(),
            association_id: seen(it.association_id),
            public_ip: seen(it.public_ip),
            public_dns: seen(public_dns),
            private_ip: seen(it.private_ip_address),
            private_dns: seen(private_dns),
            carrier_ip: seen(it.carrier_ip),
            customer_owned_ip: seen(it.customer_owned_ip),
        },
    }
}

/// The name that AWS's resolver knows an address by.
pub(super) fn dns_name(aws: &Aws, ip: &str, public: bool) -> String {
    let (ip, oldest) = (ip.replace('.', "-"), aws.region() == "us-east-1");
    match (public, oldest) {
        (true, true) => format!("ec2-{ip}.compute-1.{}", aws.dns_suffix()),
        (true, false) => format!("ec2-{ip}.{}.compute.{}", aws.region(), aws.dns_suffix()),
        (false, true) => format!("ip-{ip}.ec2.internal"),
        (false, false) => format!("ip-{ip}.{}.compute.internal", aws.region()),
    }
}
