mod entry;

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{self as sdk, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use entry::Entry;

use super::{EC2, among, arn, described, marked, tagged, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// What subnets let in and out.
///
/// The rules of a direction are tried in the order of their numbers, up to the first that fits; what none
/// fits does not pass. Answers need a rule of their own. Where `ingress`, `egress` or `subnet_ids` is left
/// out, it is left alone.
///
/// ```toml
/// [aws_network_acl.web]
/// vpc_id = "${aws_vpc.main.id}"
/// subnet_ids = ["${aws_subnet.public.id}"]
///
/// [[aws_network_acl.web.ingress]]
/// rule_no = 100
/// action = "allow"
/// protocol = "tcp"
/// from_port = 443
/// to_port = 443
/// cidr_block = "0.0.0.0/0"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkAcl {
    /// The VPC that it is for.
    pub vpc_id: Fixed<String>,
    /// All rules for what comes in.
    #[schemars(extend("x-attribute" = true))]
    pub ingress: Chosen<Option<Set<Entry>>>,
    /// All rules for what goes out.
    #[schemars(extend("x-attribute" = true))]
    pub egress: Chosen<Option<Set<Entry>>>,
    /// The subnets that have it. Each has one, at first the one that came with the VPC.
    pub subnet_ids: Chosen<Option<Set<String>>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `acl-0a1b2c`.
    pub id: Computed<String>,
    /// The network ACL's ARN.
    pub arn: Computed<String>,
    /// The account that owns the network ACL.
    pub owner_id: Computed<String>,
}

impl Resource for NetworkAcl {
    const TYPE: &'static str = "aws_network_acl";
    const IMPORT: &'static [&'static str] = &["acl-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const READS: Reads = Reads::of(&[Cost::page("ec2:DescribeNetworkAcls", 1000)], "a call takes 1,000 ids");
    const MARKED: bool = true;
    const BATCH: usize = super::IDS;
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let all = described(aws, "network-acl-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_network_acls().set_network_acl_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let all = all.await?;
        all.into_iter().map(|it| live(aws, it)).collect()
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.ec2().create_network_acl().client_token(&new.token).vpc_id(&**self.vpc_id);
        let call = call.set_tag_specifications(tagged(ResourceType::NetworkAcl, &new.tags));
        let acl = call.send().await?.network_acl;
        acl.and_then(|it| it.network_acl_id).ok_or(Error::Incomplete("the network ACL's id"))
    }

    // The client token makes a repeated create harmless only for a while.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let id = was.key();
        entry::change(aws, &id, false, &self.ingress, &was.ingress).await?;
        entry::change(aws, &id, true, &self.egress, &was.egress).await?;
        // Left out, they stay where they are.
        let Some(wanted) = &self.subnet_ids.0 else { return Ok(()) };
        let had = was.subnet_ids.0.clone().unwrap_or_default();
        let (more, fewer) = (wanted.beyond(&had), had.beyond(wanted));
        if more.is_empty() && fewer.is_empty() {
            return Ok(());
        }
        let subnets = Subnets::of(aws, &self.vpc_id).await?;
        subnets.leave(aws, &id, |it| fewer.iter().any(|subnet| subnet == it)).await?;
        subnets.take(aws, &id, &more).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = self.key();
        // Those that someone else gave it, too: it cannot go before them.
        Subnets::of(aws, &self.vpc_id).await?.leave(aws, &id, |_| true).await?;
        aws.ec2().delete_network_acl().network_acl_id(id).send().await?;
        Ok(())
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        entry::as_kept(&mut self.ingress, &kept.ingress);
        entry::as_kept(&mut self.egress, &kept.egress);
        self
    }

    fn adjust(plan: &mut Adjust) {
        entry::adjust(plan, "ingress");
        entry::adjust(plan, "egress");
    }
}

/// Which network ACL each subnet of a VPC has. One call tells of all of them.
struct Subnets {
    vpc: String,
    /// By the subnet.
    held: BTreeMap<String, Held>,
    /// The network ACL that came with the VPC.
    default: Option<String>,
}

struct Held {
    association: String,
    acl: String,
}

impl Subnets {
    async fn of(aws: &Aws, vpc: &str) -> Result<Self> {
        let call = aws.ec2().describe_network_acls().filters(among("vpc-id", &[vpc.to_owned()]));
        let all: Vec<sdk::NetworkAcl> = call.into_paginator().items().send().try_collect().await?;
        let default = all.iter().find(|it| it.is_default == Some(true));
        let default = default.and_then(|it| it.network_acl_id.clone());
        let held = all.into_iter().flat_map(|it| it.associations.unwrap_or_default()).filter_map(|it| {
            let (association, acl) = (it.network_acl_association_id?, it.network_acl_id?);
            Some((it.subnet_id?, Held { association, acl }))
        });
        Ok(Subnets { vpc: vpc.to_owned(), held: held.collect(), default })
    }

    /// These get the network ACL.
    async fn take(&self, aws: &Aws, acl: &str, subnets: &[String]) -> Result<()> {
        for subnet in subnets {
            // Each subnet has one: this one was made a moment ago, or is another VPC's.
            let held = self.held.get(subnet).ok_or_else(|| Error::Missing {
                code: "InvalidSubnetID.NotFound".to_owned(),
                message: format!("AWS shows no subnet {subnet} of {}", self.vpc),
            })?;
            if held.acl != acl {
                replace(aws, &held.association, acl).await?;
            }
        }
        Ok(())
    }

    /// Those of its subnets get the one that came with the VPC again.
    async fn leave(&self, aws: &Aws, acl: &str, which: impl Fn(&str) -> bool) -> Result<()> {
        for (_, held) in self.held.iter().filter(|(subnet, held)| held.acl == acl && which(subnet)) {
            let default = self.default.as_deref();
            let default = default.ok_or(Error::Incomplete("the network ACL that came with the VPC"))?;
            match replace(aws, &held.association, default).await {
                // It has another one by now, or is gone.
                Err(it) if !it.is_missing() => return Err(it),
                _ => {}
            }
        }
        Ok(())
    }
}

async fn replace(aws: &Aws, association: &str, acl: &str) -> Result<()> {
    let call = aws.ec2().replace_network_acl_association().association_id(association);
    call.network_acl_id(acl).send().await?;
    Ok(())
}

fn live(aws: &Aws, it: sdk::NetworkAcl) -> Result<Live<NetworkAcl>> {
    let id: String = seen(it.network_acl_id);
    if it.is_default == Some(true) {
        return Err(Error::Invalid(format!(
            "{id} came with its VPC and goes with it: an `aws_network_acl` is one that was made beside it"
        )));
    }
    let entries = it.entries.unwrap_or_default().into_iter().filter(entry::is_ours);
    let (egress, ingress): (Vec<_>, Vec<_>) = entries.partition(|it| it.egress == Some(true));
    let set = |all: Vec<sdk::NetworkAclEntry>| Chosen(Some(all.into_iter().map(Entry::from).collect()));
    let subnets = it.associations.unwrap_or_default().into_iter().filter_map(|it| it.subnet_id);
    Ok(Live {
        key: id.clone(),
        status: Status::Ready,
        tags: Some(tags(it.tags)),
        unread: &[],
        attributes: NetworkAcl {
            vpc_id: seen(it.vpc_id),
            ingress: set(ingress),
            egress: set(egress),
            subnet_ids: Chosen(Some(subnets.collect())),
            tags: None,
            tags_all: Chosen::default(),
            arn: arn(aws, it.owner_id.as_deref(), &format!("network-acl/{id}")).into(),
            id: id.into(),
            owner_id: seen(it.owner_id),
        },
    })
}
