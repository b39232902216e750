use aws_sdk_ec2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::permissions::{self, Rule};
use super::security_group::{change_rules, revoke_own};
use super::{EC2, among, groups, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// The security group that comes with a VPC, for what says no other.
///
/// It is taken over as it is, and loses its rules but for those that stand here. Removing it from the stack
/// leaves it as it is then: it goes with its VPC.
///
/// ```toml
/// [aws_default_security_group.none]
/// vpc_id = "${aws_vpc.main.id}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultSecurityGroup {
    /// The VPC that it came with; the default one where none is given.
    pub vpc_id: Chosen<Fixed<Option<String>>>,
    /// What may come in.
    #[schemars(extend("x-attribute" = true))]
    pub ingress: Chosen<Set<Rule>>,
    /// What may go out.
    #[schemars(extend("x-attribute" = true))]
    pub egress: Chosen<Set<Rule>>,
    /// Means nothing here: the group cannot be removed.
    #[serde(default)]
    pub revoke_rules_on_delete: Local<bool>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Always `default`.
    pub name: Computed<String>,
    /// Always empty.
    pub name_prefix: Computed<String>,
    /// AWS's own.
    pub description: Computed<String>,
    /// Such as `sg-0a1b2c`.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// The account that owns the group.
    pub owner_id: Computed<String>,
}

impl Resource for DefaultSecurityGroup {
    const TYPE: &'static str = "aws_default_security_group";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["sg-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::page("ec2:DescribeSecurityGroups", 1000).pooled()], "a call takes 1,000 ids");
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
        let groups = groups::by_ids(aws, ids).await?;
        Ok(groups.into_iter().map(|it| live(aws, it)).collect())
    }

    // Nothing is made: the group is emptied, and then gets its rules in `update`.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let vpc = match self.vpc_id.as_deref().filter(|it| !it.is_empty()) {
            Some(it) => it.to_owned(),
            None => default_vpc(aws).await?,
        };
        let call = aws.ec2().describe_security_groups().filters(among("vpc-id", std::slice::from_ref(&vpc)));
        let call = call.filters(among("group-name", &["default".to_owned()])).send().await?;
        let group = call.security_groups.unwrap_or_default().into_iter().find_map(|it| it.group_id);
        let lacks = || Error::Missing {
            code: "InvalidGroup.NotFound".to_owned(),
            message: format!("AWS shows no default security group of {vpc}"),
        };
        let id = group.ok_or_else(lacks)?;
        revoke_own(aws, &id).await?;
        Ok(id)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        change_rules(aws, &was.key(), (&self.ingress, &was.ingress), (&self.egress, &was.egress)).await
    }

    // It cannot be removed: `is_left`.
    async fn delete(&self, _aws: &Aws) -> Result<()> {
        Ok(())
    }

    // Taking it over again comes to the same.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }

    fn is_left(&self) -> bool {
        true
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        self.ingress = Chosen(permissions::as_kept(&self.ingress, &kept.ingress));
        self.egress = Chosen(permissions::as_kept(&self.egress, &kept.egress));
        self
    }

    fn adjust(plan: &mut Adjust) {
        permissions::adjust(plan, "ingress");
        permissions::adjust(plan, "egress");
    }
}

async fn default_vpc(aws: &Aws) -> Result<String> {
    let call = aws.ec2().describe_vpcs().filters(among("is-default", &["true".to_owned()]));
    let found = call.send().await?.vpcs.unwrap_or_default();
    let none = || Error::Invalid("this region has no default VPC: say `vpc_id`".to_owned());
    found.into_iter().find_map(|it| it.vpc_id).ok_or_else(none)
}

fn live(aws: &Aws, it: sdk::SecurityGroup) -> Live<DefaultSecurityGroup> {
    let (id, owner) = (it.group_id.unwrap_or_default(), it.owner_id.unwrap_or_default());
    let attributes = DefaultSecurityGroup {
        vpc_id: seen(it.vpc_id.filter(|it| !it.is_empty())),
        ingress: Chosen(permissions::seen(it.ip_permissions, &id, &owner)),
        egress: Chosen(permissions::seen(it.ip_permissions_egress, &id, &owner)),
        revoke_rules_on_delete: Local(false),
        tags: None,
        tags_all: Chosen::default(),
        name: seen(it.group_name),
        name_prefix: Computed::default(),
        description: seen(it.description),
        arn: super::arn(aws, Some(&owner), &format!("security-group/{id}")).into(),
        id: Computed(id.clone()),
        owner_id: Computed(owner),
    };
    Live { key: id, attributes, tags: Some(tags(it.tags)), status: Status::Ready, unread: &[] }
}
