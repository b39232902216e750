use std::time::Duration;

use aws_sdk_rds::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{blockers, is_ours, tags, tags_of};
use crate::aws::pages::picked;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// The subnets that databases may be put into.
///
/// ```toml
/// [aws_db_subnet_group.shop]
/// name = "shop"
/// subnet_ids = ["${aws_subnet.private_a.id}", "${aws_subnet.private_b.id}"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetGroup {
    /// Its name: small letters, digits, blanks, dots, hyphens, underscores. Else one is made up.
    #[schemars(length(max = 255), regex(pattern = r"^[0-9a-z_ .-]*$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 229), regex(pattern = r"^[0-9a-z_ .-]*$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// What it is for.
    #[serde(default = "managed")]
    pub description: String,
    /// The subnets, in two zones at least.
    pub subnet_ids: Set<String>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The group's name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// `IPV4`, and `DUAL` where the subnets have IPv6 addresses too.
    pub supported_network_types: Computed<Set<String>>,
    /// The VPC of the subnets.
    pub vpc_id: Computed<String>,
}

pub(super) fn managed() -> String {
    "Managed by Terraform".into()
}

impl Resource for SubnetGroup {
    const TYPE: &'static str = "aws_db_subnet_group";
    const IMPORT: &'static [&'static str] = &["shop"];
    const UNWRITTEN: &'static [&'static str] = &["name_prefix"];
    const TAGS: TagApi = TagApi::RdsGroup;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeDBSubnetGroups", 100)],
        "a call tells about one group by its name, or about 100 of all groups",
    );
    const DELETE_PATIENCE: Duration = Duration::from_secs(180);
    const PASSING: &'static [&'static [Passing]] =
        &[&[Passing::unseen("InvalidSubnet"), Passing::in_use("InvalidDBSubnetGroupStateFault")]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        Ok(described(aws, names).await?.into_iter().map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.rds().create_db_subnet_group().db_subnet_group_name(self.new_name(new));
        let call = call.db_subnet_group_description(&self.description);
        let call = call.set_subnet_ids(Some(self.subnet_ids.0.clone())).set_tags(tags(&new.tags));
        let name = call.send().await?.db_subnet_group.and_then(|it| it.db_subnet_group_name);
        name.ok_or(Error::Incomplete("the group's name"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.description != was.description || self.subnet_ids != was.subnet_ids {
            let call = aws.rds().modify_db_subnet_group().db_subnet_group_name(was.key());
            let call = call.db_subnet_group_description(&self.description);
            call.set_subnet_ids(Some(self.subnet_ids.0.clone())).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.rds().delete_db_subnet_group().db_subnet_group_name(self.key()).send().await?;
        Ok(())
    }

    // CreateDBSubnetGroup takes no client token, and RDS does not say when it made a group.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let Some(it) = described(aws, &[self.new_name(new)]).await?.pop() else { return Ok(None) };
        let arn = it.db_subnet_group_arn.unwrap_or_default();
        let ours = tags_of(aws, &arn).await?.is_some_and(|it| is_ours(&it, &new.token));
        Ok(it.db_subnet_group_name.filter(|_| ours))
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
        let name = plan.config("name").and_then(|it| it.as_str()).unwrap_or_default();
        if name.eq_ignore_ascii_case("default") {
            plan.error("name", "AWS keeps the name `default` for itself: choose another one");
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::in_subnet_group(aws, &self.key()).await,
            false => Blockers::default(),
        })
    }
}

impl SubnetGroup {
    fn new_name(&self, new: &New) -> String {
        new.name(self.name.as_deref(), self.name_prefix.as_deref())
    }
}

pub(super) async fn described(aws: &Aws, names: &[String]) -> Result<Vec<sdk::DbSubnetGroup>> {
    let call = || aws.rds().describe_db_subnet_groups();
    let mut pages = call().into_paginator().send();
    picked(
        names,
        async |name| {
            let answer = call().db_subnet_group_name(name).send().await?;
            Ok(answer.db_subnet_groups.unwrap_or_default())
        },
        async || Ok(pages.try_next().await?),
        |page| page.db_subnet_groups.unwrap_or_default(),
        |it| it.db_subnet_group_name.as_deref(),
    )
    .await
}

impl From<sdk::DbSubnetGroup> for Live<SubnetGroup> {
    fn from(it: sdk::DbSubnetGroup) -> Self {
        let name: String = seen(it.db_subnet_group_name);
        let subnets = it.subnets.unwrap_or_default().into_iter();
        Live {
            key: name.clone(),
            status: Status::Ready,
            tags: None,
            unread: &[],
            attributes: SubnetGroup {
                name: Chosen(Fixed(Some(name.clone()))),
                name_prefix: Chosen(Fixed(name_prefix(&name))),
                description: seen(it.db_subnet_group_description),
                subnet_ids: subnets.filter_map(|it| it.subnet_identifier).collect(),
                tags: None,
                tags_all: Chosen::default(),
                id: Computed(name),
                arn: seen(it.db_subnet_group_arn),
                supported_network_types: Computed(Set(it.supported_network_types.unwrap_or_default())),
                vpc_id: seen(it.vpc_id),
            },
        }
    }
}
