use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, IpPermission, IpRange, Ipv6Range, ResourceType, SecurityGroupRule};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::permissions::{self, Rule};
use super::{EC2, among, blockers, groups, interfaces, marked, tagged, tags};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A firewall around network interfaces: what may reach them and what they may reach.
///
/// A group made here starts without rules, not even the one to reach everything that AWS gives a
/// new group. Write rules either here or as `aws_vpc_security_group_ingress_rule` and
/// `aws_vpc_security_group_egress_rule`, not both: rules here are the whole of it.
///
/// ```toml
/// [aws_security_group.web]
/// name = "web"
/// description = "HTTPS from everywhere"
/// vpc_id = "${aws_vpc.main.id}"
/// ingress = [{ from_port = 443, to_port = 443, protocol = "tcp", cidr_blocks = ["0.0.0.0/0"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroup {
    /// Unique in the VPC; not beginning with `sg-`.
    #[schemars(length(max = 255))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Begin a unique name with this.
    #[schemars(length(max = 229))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// What it is for.
    #[serde(default = "managed")]
    #[schemars(length(max = 255))]
    pub description: Fixed<String>,
    /// The VPC that holds the group; the default one where none is given.
    pub vpc_id: Chosen<Fixed<Option<String>>>,
    /// What may come in.
    #[schemars(extend("x-attribute" = true))]
    pub ingress: Chosen<Set<Rule>>,
    /// What may go out.
    #[schemars(extend("x-attribute" = true))]
    pub egress: Chosen<Set<Rule>>,
    /// Before the group is removed, remove its rules and those of other groups that name it.
    #[serde(default)]
    pub revoke_rules_on_delete: Local<bool>,
    pub timeouts: Option<TimeoutsCreateDelete>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `sg-0a1b2c`.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// The account that owns the group.
    pub owner_id: Computed<String>,
}

fn managed() -> Fixed<String> {
    Fixed("Managed by Terraform".into())
}

impl Resource for SecurityGroup {
    const TYPE: &'static str = "aws_security_group";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["sg-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::page("ec2:DescribeSecurityGroups", 1000).pooled()], "a call takes 1,000 ids");
    const BATCH: usize = super::IDS;
    const DELETE_PATIENCE: Duration = Duration::from_secs(900);
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    const CREATE_SECONDS: u32 = 2;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let groups = groups::by_ids(aws, ids).await?;
        Ok(groups.into_iter().map(|it| live(aws, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let answer = aws
            .ec2()
            .create_security_group()
            .group_name(new.name(self.name.as_deref(), self.name_prefix.as_deref()))
            .description(&**self.description)
            .set_vpc_id(sent(&self.vpc_id))
            .set_tag_specifications(tagged(ResourceType::SecurityGroup, &new.tags))
            .send()
            .await?;
        let id = answer.group_id.ok_or(Error::Incomplete("the security group's id"))?;
        // The group is there: a refusal of the second part must not pass for one of the whole.
        let half = |it: Error| Error::Unreached(format!("{id} is made, but AWS's own rules stay: {it}"));
        shut(aws, &id).await.map_err(half)?;
        Ok(id)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        change_rules(aws, &was.key(), (&self.ingress, &was.ingress), (&self.egress, &was.egress)).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = self.key();
        if *self.revoke_rules_on_delete {
            revoke_all(aws, &id).await?;
        }
        let deleted = aws.ec2().delete_security_group().group_id(&id).send().await;
        let result = deleted.map(|_| ()).map_err(Error::from);
        interfaces::release_after(&result, aws, "group-id", &id).await;
        result
    }

    // CreateSecurityGroup takes no client token. A name stands once in a VPC, but that tells nobody whose it is.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = marked(aws, &new.token).await?;
        if let Some(id) = &found {
            // The create may have been cut off before this part of it.
            shut(aws, id).await?;
        }
        Ok(found)
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        self.ingress = Chosen(permissions::as_kept(&self.ingress, &kept.ingress));
        self.egress = Chosen(permissions::as_kept(&self.egress, &kept.egress));
        self
    }

    fn adjust(plan: &mut Adjust) {
        for name in ["name", "name_prefix"] {
            if plan.config(name).and_then(|it| it.as_str()).is_some_and(|it| it.starts_with("sg-")) {
                plan.error(name, "a security group's name cannot begin with `sg-`");
            }
        }
        if plan.config("name").is_some() && plan.config("name_prefix").is_some() {
            plan.error("name_prefix", "`name` and `name_prefix` exclude each other: keep one of them");
        }
        permissions::adjust(plan, "ingress");
        permissions::adjust(plan, "egress");
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_group(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

/// Makes the rules of a group what is wanted: each pair is what they shall be, and what they were.
pub(super) async fn change_rules(
    aws: &Aws,
    id: &str,
    ingress: (&[Rule], &[Rule]),
    egress: (&[Rule], &[Rule]),
) -> Result<()> {
    let (remove, add) = permissions::changes(ingress.0, ingress.1);
    if !remove.is_empty() {
        let remove = Some(permissions::permissions(remove, id));
        let call = aws.ec2().revoke_security_group_ingress().group_id(id);
        call.set_ip_permissions(remove).send().await?;
    }
    if !add.is_empty() {
        let add = Some(permissions::permissions(add, id));
        let call = aws.ec2().authorize_security_group_ingress().group_id(id);
        call.set_ip_permissions(add).send().await?;
    }
    let (remove, add) = permissions::changes(egress.0, egress.1);
    if !remove.is_empty() {
        let remove = Some(permissions::permissions(remove, id));
        let call = aws.ec2().revoke_security_group_egress().group_id(id);
        call.set_ip_permissions(remove).send().await?;
    }
    if !add.is_empty() {
        let add = Some(permissions::permissions(add, id));
        let call = aws.ec2().authorize_security_group_egress().group_id(id);
        call.set_ip_permissions(add).send().await?;
    }
    Ok(())
}

/// Takes away the rules that AWS gives a new group: to reach everything.
async fn shut(aws: &Aws, id: &str) -> Result<()> {
    let everything = || IpPermission::builder().ip_protocol("-1").from_port(0).to_port(0);
    let range = IpRange::builder().cidr_ip("0.0.0.0/0").build();
    let range6 = Ipv6Range::builder().cidr_ipv6("::/0").build();
    let revoke = async |rule: IpPermission| {
        let call = || aws.ec2().revoke_security_group_egress().group_id(id).ip_permissions(rule.clone());
        let mut pause = Duration::from_secs(1);
        loop {
            let refused = match call().send().await.map_err(Error::from) {
                Ok(_) => return Ok(()),
                Err(it) => it,
            };
            match refused.code() {
                // Not visible everywhere yet.
                Some("InvalidGroup.NotFound") if pause < Duration::from_secs(30) => {
                    tokio::time::sleep(pause).await;
                    pause = pause.mul_f32(1.5);
                }
                Some("InvalidPermission.NotFound") => return Ok(()),
                // A VPC without IPv6.
                Some("InvalidParameterValue") if refused.message().contains("remote-ipv6-range") => {
                    return Ok(());
                }
                _ => return Err(refused),
            }
        }
    };
    revoke(everything().ip_ranges(range).build()).await?;
    revoke(everything().ipv6_ranges(range6).build()).await
}

/// Removes every rule of the group, and those of other groups that name it.
async fn revoke_all(aws: &Aws, id: &str) -> Result<()> {
    let mut groups = vec![id.to_owned()];
    for name in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let call = aws.ec2().describe_security_groups().filters(among(name, &[id.to_owned()]));
        let found = call.into_paginator().items().send().try_collect().await?;
        groups.extend(found.into_iter().filter_map(|it| it.group_id).filter(|it| it != id));
    }
    groups.sort();
    groups.dedup();
    revoke(aws, id, groups).await
}

/// Removes every rule of the group.
pub(super) async fn revoke_own(aws: &Aws, id: &str) -> Result<()> {
    revoke(aws, id, vec![id.to_owned()]).await
}

/// Removes the rules of these groups that belong to one of them, or name it.
async fn revoke(aws: &Aws, id: &str, groups: Vec<String>) -> Result<()> {
    let call = aws.ec2().describe_security_group_rules().filters(among("group-id", &groups));
    let rules = call.into_paginator().items().send().try_collect().await?;
    let names = |it: &SecurityGroupRule| {
        let peer = it.referenced_group_info.as_ref().and_then(|it| it.group_id.as_deref());
        it.group_id.as_deref() == Some(id) || peer == Some(id)
    };
    for group in groups {
        let of = |egress: bool| {
            let mine = rules.iter().filter(|it| it.group_id.as_ref() == Some(&group) && names(it));
            let ids = mine.filter(|it| it.is_egress.unwrap_or_default() == egress);
            ids.filter_map(|it| it.security_group_rule_id.clone()).collect::<Vec<_>>()
        };
        let (ingress, egress) = (of(false), of(true));
        if !ingress.is_empty() {
            let call = aws.ec2().revoke_security_group_ingress().group_id(&group);
            gone(call.set_security_group_rule_ids(Some(ingress)).send().await.map_err(Error::from))?;
        }
        if !egress.is_empty() {
            let call = aws.ec2().revoke_security_group_egress().group_id(&group);
            gone(call.set_security_group_rule_ids(Some(egress)).send().await.map_err(Error::from))?;
        }
    }
    Ok(())
}

fn gone<T>(answer: Result<T>) -> Result<()> {
    match answer {
        Err(it) if !it.is_missing() => Err(it),
        _ => Ok(()),
    }
}

fn live(aws: &Aws, it: sdk::SecurityGroup) -> Live<SecurityGroup> {
    let (id, owner) = (it.group_id.unwrap_or_default(), it.owner_id.unwrap_or_default());
    let arn = format!("arn:{}:ec2:{}:{owner}:security-group/{id}", aws.partition(), aws.region());
    Live {
        key: id.clone(),
        status: Status::Ready,
        tags: Some(tags(it.tags)),
        unread: &[],
        attributes: SecurityGroup {
            name_prefix: Chosen(Fixed(it.group_name.as_deref().and_then(name_prefix))),
            name: seen(it.group_name),
            description: seen(it.description),
            vpc_id: seen(it.vpc_id.filter(|it| !it.is_empty())),
            ingress: Chosen(permissions::seen(it.ip_permissions, &id, &owner)),
            egress: Chosen(permissions::seen(it.ip_permissions_egress, &id, &owner)),
            revoke_rules_on_delete: Local(false),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(id),
            arn: Computed(arn),
            owner_id: Computed(owner),
        },
    }
}
