use aws_sdk_ec2::types::{
    self as sdk, IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRule,
    SecurityGroupRuleRequest, SecurityGroupRuleUpdate, UserIdGroupPair,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::permissions::protocol;
use super::{EC2, described, marked, tagged, tags};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Lets one kind of traffic from one source come in.
///
/// ```toml
/// [aws_vpc_security_group_ingress_rule.https]
/// security_group_id = "${aws_security_group.web.id}"
/// ip_protocol = "tcp"
/// from_port = 443
/// to_port = 443
/// cidr_ipv4 = "0.0.0.0/0"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Ingress(Rule);

/// Lets one kind of traffic go out to one target.
///
/// ```toml
/// [aws_vpc_security_group_egress_rule.everything]
/// security_group_id = "${aws_security_group.web.id}"
/// ip_protocol = "-1"
/// cidr_ipv4 = "0.0.0.0/0"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Egress(Rule);

/// What both directions have.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// The group that the rule belongs to.
    security_group_id: Fixed<String>,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    ip_protocol: String,
    /// The first port, or the ICMP type; none where the protocol is `-1`.
    #[schemars(range(min = -1, max = 65535))]
    from_port: Option<i64>,
    /// The last port, or the ICMP code; none where the protocol is `-1`.
    #[schemars(range(min = -1, max = 65535))]
    to_port: Option<i64>,
    /// An IPv4 range on the other side.
    #[schemars(extend("format" = "cidr4"))]
    cidr_ipv4: Option<Cidr>,
    /// An IPv6 range on the other side.
    #[schemars(extend("format" = "cidr6"))]
    cidr_ipv6: Option<Cidr>,
    /// A managed list of ranges on the other side.
    prefix_list_id: Option<String>,
    /// A security group on the other side; `account/id` where another account's.
    referenced_security_group_id: Option<String>,
    /// What it is for.
    description: Option<String>,
    /// Labels of this resource.
    tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    tags_all: Computed<Tags>,
    /// Such as `sgr-0a1b2c`.
    id: Computed<String>,
    /// The rule's ARN.
    arn: Computed<String>,
    /// The same as `id`.
    security_group_rule_id: Computed<String>,
}

/// The other side: a rule has exactly one of them, and cannot change which.
const PEERS: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];

macro_rules! direction {
    ($name:ident, $type:literal, $egress:literal, $authorize:ident, $revoke:ident) => {
        impl Resource for $name {
            const TYPE: &'static str = $type;
            const IMPORT: &'static [&'static str] = &["sgr-0a1b2c3d4e5f67890"];
            const TAGS: TagApi = TagApi::Ec2;
            const MARKED: bool = true;
            const READS: Reads = Reads::of(
                &[Cost::page("ec2:DescribeSecurityGroupRules", 1000).pooled()],
                "a call takes 1,000 ids, of rules of both directions",
            );
            const BATCH: usize = super::IDS;
            const FRAMEWORK: bool = true;
            const PASSING: &'static [&'static [Passing]] = &[EC2];
            type Key = String;

            fn key(&self) -> String {
                self.0.id.0.clone()
            }

            fn import(id: &str) -> Result<String> {
                Ok(id.to_owned())
            }

            async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
                let rules = by_ids(aws, ids).await?;
                let mine = rules.into_iter().filter(|it| it.is_egress.unwrap_or_default() == $egress);
                let mine = mine.collect::<Vec<_>>();
                // Emulators leave out the group's owner: the ARN names it, which the state knows, and what
                // stands for a group on the other side depends on it.
                let lacks = |it: &SecurityGroupRule| {
                    it.group_owner_id.is_none() && (aws.exact() || it.referenced_group_info.is_some())
                };
                let owner = match mine.iter().any(lacks) {
                    true => Some(aws.account().await?.id.clone()),
                    false => None,
                };
                let whole = |mut it: SecurityGroupRule| {
                    it.group_owner_id = it.group_owner_id.or_else(|| owner.clone());
                    live(aws, it, $name)
                };
                Ok(mine.into_iter().map(whole).collect())
            }

            async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
                let call = aws.ec2().$authorize().group_id(&*self.0.security_group_id);
                let call = call.set_tag_specifications(tagged(ResourceType::SecurityGroupRule, &new.tags));
                let answer = call.ip_permissions(self.0.permission()).send().await?;
                let rule = answer.security_group_rules.and_then(|it| it.into_iter().next());
                rule.and_then(|it| it.security_group_rule_id).ok_or(Error::Incomplete("the rule's id"))
            }

            async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
                self.0.modify(aws, &was.0).await
            }

            async fn delete(&self, aws: &Aws) -> Result<()> {
                let call = aws.ec2().$revoke().group_id(&*self.0.security_group_id);
                call.security_group_rule_ids(self.key()).send().await?;
                Ok(())
            }

            // No client token. AWS refuses two rules alike in one group, but that tells nobody whose one is.
            async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
                marked(aws, &new.token).await
            }

            fn as_kept(self, kept: &Self) -> Self {
                $name(self.0.written_as(&kept.0))
            }

            fn adjust(plan: &mut Adjust) {
                adjust(plan);
            }
        }
    };
}

direction!(
    Ingress,
    "aws_vpc_security_group_ingress_rule",
    false,
    authorize_security_group_ingress,
    revoke_security_group_ingress
);
direction!(
    Egress,
    "aws_vpc_security_group_egress_rule",
    true,
    authorize_security_group_egress,
    revoke_security_group_egress
);

/// Rules of both directions have ids of one kind: in a refresh they are asked for together.
async fn by_ids(aws: &Aws, ids: &[String]) -> Result<Vec<SecurityGroupRule>> {
    let ask = async |ids: &[String]| {
        let rules = described(aws, "security-group-rule-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_security_group_rules().set_security_group_rule_ids(ids);
            Ok(call.set_filters(filters).into_paginator().items().send().try_collect().await?)
        });
        rules.await
    };
    if aws.exact() {
        return ask(ids).await;
    }
    let by_id = async |ids: Vec<String>| {
        let rules = ask(&ids).await?.into_iter();
        Ok(rules.filter_map(|it| Some((it.security_group_rule_id.clone()?, it))).collect())
    };
    Ok(aws.together("ec2 security group rules", ids, by_id).await?.into_values().collect())
}

impl Rule {
    fn permission(&self) -> IpPermission {
        let said = || self.description.clone();
        let mut out = IpPermission::builder()
            .ip_protocol(protocol(&self.ip_protocol))
            .set_from_port(sent(&self.from_port))
            .set_to_port(sent(&self.to_port));
        if let Some(it) = &self.cidr_ipv4 {
            out = out.ip_ranges(IpRange::builder().cidr_ip(&it.0).set_description(said()).build());
        }
        if let Some(it) = &self.cidr_ipv6 {
            out = out.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(&it.0).set_description(said()).build());
        }
        if let Some(it) = &self.prefix_list_id {
            let list = PrefixListId::builder().prefix_list_id(it).set_description(said());
            out = out.prefix_list_ids(list.build());
        }
        if let Some(it) = &self.referenced_security_group_id {
            let (owner, id) = split(it);
            let pair = UserIdGroupPair::builder().group_id(id).set_user_id(owner);
            out = out.user_id_group_pairs(pair.set_description(said()).build());
        }
        out.build()
    }

    async fn modify(&self, aws: &Aws, was: &Rule) -> Result<()> {
        if self.properties() == was.properties() && self.description == was.description {
            return Ok(());
        }
        let rule = SecurityGroupRuleRequest::builder()
            .ip_protocol(protocol(&self.ip_protocol))
            .set_from_port(sent(&self.from_port))
            .set_to_port(sent(&self.to_port))
            .set_cidr_ipv4(sent(&self.cidr_ipv4))
            .set_cidr_ipv6(sent(&self.cidr_ipv6))
            .set_prefix_list_id(self.prefix_list_id.clone())
            .set_referenced_group_id(
                self.referenced_security_group_id.as_deref().map(|it| split(it).1.into()),
            )
            .set_description(self.description.clone());
        let update = SecurityGroupRuleUpdate::builder()
            .security_group_rule_id(&*was.id)
            .security_group_rule(rule.build());
        let call = aws.ec2().modify_security_group_rules().group_id(&*was.security_group_id);
        call.security_group_rules(update.build()).send().await?;
        Ok(())
    }

    /// What no two rules of a group have in common.
    fn properties(&self) -> [Option<String>; 7] {
        let port = |it: Option<i64>| it.filter(|it| *it != -1).map(|it| it.to_string());
        [
            Some(protocol(&self.ip_protocol)),
            port(self.from_port),
            port(self.to_port),
            self.cidr_ipv4.as_ref().map(|it| it.0.clone()),
            self.cidr_ipv6.as_ref().map(|it| it.0.clone()),
            self.prefix_list_id.clone(),
            self.referenced_security_group_id.clone(),
        ]
    }

    // AWS names protocols given by number, and answers -1 where no port was given.
    fn written_as(mut self, kept: &Rule) -> Rule {
        if protocol(&kept.ip_protocol) == self.ip_protocol {
            self.ip_protocol = kept.ip_protocol.clone();
        }
        for (port, kept) in [(&mut self.from_port, kept.from_port), (&mut self.to_port, kept.to_port)] {
            if port.is_none() && kept == Some(-1) {
                *port = kept;
            }
        }
        self
    }

    fn of(arn: String, it: SecurityGroupRule) -> Rule {
        let port = |it: Option<i32>| it.filter(|it| *it != -1).map(i64::from);
        Rule {
            ip_protocol: seen(it.ip_protocol),
            from_port: port(it.from_port),
            to_port: port(it.to_port),
            cidr_ipv4: seen(it.cidr_ipv4),
            cidr_ipv6: seen(it.cidr_ipv6),
            prefix_list_id: it.prefix_list_id,
            referenced_security_group_id: it
                .referenced_group_info
                .and_then(|peer| referenced(peer, it.group_owner_id.as_deref())),
            description: it.description.filter(|it| !it.is_empty()),
            security_group_id: seen(it.group_id),
            tags: None,
            tags_all: Computed::default(),
            arn: Computed(arn),
            id: seen(it.security_group_rule_id.clone()),
            security_group_rule_id: seen(it.security_group_rule_id),
        }
    }
}

/// `account/id`, or `id` alone.
fn split(group: &str) -> (Option<String>, &str) {
    group.split_once('/').map_or((None, group), |(owner, id)| (Some(owner.to_owned()), id))
}

fn referenced(it: sdk::ReferencedSecurityGroup, owner: Option<&str>) -> Option<String> {
    // Where nobody says whose the group is, it is not said to be another account's.
    let foreign = it.user_id.filter(|it| !it.is_empty() && owner.is_some_and(|owner| owner != it.as_str()));
    let id = it.group_id?;
    Some(foreign.map_or(id.clone(), |account| format!("{account}/{id}")))
}

fn live<R: Resource<Key = String>>(aws: &Aws, mut it: SecurityGroupRule, wrap: fn(Rule) -> R) -> Live<R> {
    let id = it.security_group_rule_id.clone().unwrap_or_default();
    let owner = it.group_owner_id.as_deref();
    let unread: &[&str] = if owner.is_some() { &[] } else { &["arn"] };
    let owner = owner.unwrap_or_default();
    let arn = format!("arn:{}:ec2:{}:{owner}:security-group-rule/{id}", aws.partition(), aws.region());
    Live {
        key: id,
        status: Status::Ready,
        tags: Some(tags(it.tags.take())),
        unread,
        attributes: wrap(Rule::of(arn, it)),
    }
}

fn adjust(plan: &mut Adjust) {
    let given = PEERS.iter().filter(|it| plan.config(it).is_some()).collect::<Vec<_>>();
    if given.len() != 1 {
        let at = given.get(1).map_or("ip_protocol", |it| **it);
        plan.error(at, format!("a rule has exactly one of `{}`", PEERS.join("`, `")));
    }
    let has = |value: &Value, name: &str| value.get(name).is_some_and(|it| !it.is_null());
    let Some(was) = &plan.was else { return };
    let changed = PEERS.iter().filter(|it| has(was, it) != has(&plan.will, it)).collect::<Vec<_>>();
    for name in changed {
        plan.require_replace(name);
    }
}
