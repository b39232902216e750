use std::time::Duration;

use aws_sdk_elasticache::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{blockers, is_ours, tags};
use crate::aws::pages::picked;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// The subnets that caches may be put into.
///
/// ```toml
/// [aws_elasticache_subnet_group.shop]
/// name = "shop"
/// subnet_ids = ["${aws_subnet.private_a.id}", "${aws_subnet.private_b.id}"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubnetGroup {
    /// Its name. AWS makes its letters small.
    #[schemars(length(min = 1, max = 255), extend("format" = "lower"))]
    pub name: Fixed<String>,
    /// What it is for.
    #[serde(default = "managed")]
    pub description: String,
    /// The subnets.
    pub subnet_ids: Set<String>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The group's name, in small letters.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// The VPC of the subnets.
    pub vpc_id: Computed<String>,
}

pub(super) fn managed() -> String {
    "Managed by Terraform".into()
}

impl Resource for SubnetGroup {
    const TYPE: &'static str = "aws_elasticache_subnet_group";
    const IMPORT: &'static [&'static str] = &["shop"];
    const TAGS: TagApi = TagApi::Elasticache;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("elasticache:DescribeCacheSubnetGroups", 100)],
        "a call tells about one group by its name, or about 100 of all groups",
    );
    const DELETE_PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[&[
        Passing::unseen("InvalidSubnet"),
        Passing::in_use("CacheSubnetGroupInUse"),
        Passing::in_use("DependencyViolation"),
    ]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_lowercase())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        Ok(described(aws, names).await?.into_iter().map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.elasticache().create_cache_subnet_group().cache_subnet_group_name(&*self.name.0);
        let call = call.cache_subnet_group_description(&self.description);
        call.set_subnet_ids(Some(self.subnet_ids.0.clone())).set_tags(tags(&new.tags)).send().await?;
        Ok(self.name.to_lowercase())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.description != was.description || self.subnet_ids != was.subnet_ids {
            let call = aws.elasticache().modify_cache_subnet_group().cache_subnet_group_name(was.key());
            let call = call.cache_subnet_group_description(&self.description);
            call.set_subnet_ids(Some(self.subnet_ids.0.clone())).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.elasticache().delete_cache_subnet_group().cache_subnet_group_name(self.key()).send().await?;
        Ok(())
    }

    // CreateCacheSubnetGroup takes no client token, and ElastiCache does not say when it made a group.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = self.name.to_lowercase();
        let found = described(aws, std::slice::from_ref(&name)).await?.pop();
        let Some(arn) = found.and_then(|it| it.arn) else { return Ok(None) };
        Ok(is_ours(aws, &arn, &new.token).await?.then_some(name))
    }

    fn adjust(plan: &mut Adjust) {
        let name = plan.config("name").and_then(|it| it.as_str()).unwrap_or_default();
        if plan.was.is_none() && name.eq_ignore_ascii_case("default") {
            plan.error("name", "AWS has a group `default` of its own: choose another name");
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::in_subnet_group(aws, &self.key()).await,
            false => Blockers::default(),
        })
    }
}

pub(super) async fn described(aws: &Aws, names: &[String]) -> Result<Vec<sdk::CacheSubnetGroup>> {
    let call = || aws.elasticache().describe_cache_subnet_groups();
    let mut pages = call().into_paginator().send();
    picked(
        names,
        async |name| {
            let answer = call().cache_subnet_group_name(name).send().await?;
            Ok(answer.cache_subnet_groups.unwrap_or_default())
        },
        async || Ok(pages.try_next().await?),
        |page| page.cache_subnet_groups.unwrap_or_default(),
        |it| it.cache_subnet_group_name.as_deref(),
    )
    .await
}

impl From<sdk::CacheSubnetGroup> for Live<SubnetGroup> {
    fn from(it: sdk::CacheSubnetGroup) -> Self {
        let name: String = seen(it.cache_subnet_group_name);
        let subnets = it.subnets.unwrap_or_default().into_iter();
        let attributes = SubnetGroup {
            name: Fixed(name.clone()),
            description: seen(it.cache_subnet_group_description),
            subnet_ids: subnets.filter_map(|it| it.subnet_identifier).collect(),
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(name.clone()),
            arn: seen(it.arn),
            vpc_id: seen(it.vpc_id),
        };
        Live { key: name, attributes, tags: None, status: Status::Ready, unread: &[] }
    }
}
