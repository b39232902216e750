use std::time::Duration;

use aws_sdk_rds::types as sdk;
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parameters::{Key, Parameter, to_reset, to_set};
use super::subnet_group::managed;
use super::{blockers, is_ours, tags, tags_of};
use crate::aws::pages::picked;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Settings of a database engine, for the clusters that name the group.
///
/// ```toml
/// [aws_rds_cluster_parameter_group.shop]
/// name = "shop-aurora-postgresql16"
/// family = "aurora-postgresql16"
/// parameter = [
///   { name = "log_min_duration_statement", value = "500" },
///   { name = "rds.force_ssl", value = "1", apply_method = "pending-reboot" },
/// ]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterParameterGroup {
    /// Its name: small letters, digits, dots, hyphens. Else one is made up.
    #[schemars(length(max = 255), regex(pattern = r"^([a-z][0-9a-z.]*(-[0-9a-z.]+)*)?$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 226), regex(pattern = r"^([a-z](-?[0-9a-z])*-?)?$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// The engine and its major version, such as `aurora-postgresql16` or `aurora-mysql8.0`.
    pub family: Fixed<String>,
    /// What it is for.
    #[serde(default = "description")]
    pub description: Fixed<String>,
    /// What differs from the engine's defaults. One that is taken out gets its default again.
    #[serde(default)]
    pub parameter: Set<Parameter>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The group's name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
}

fn description() -> Fixed<String> {
    Fixed(managed())
}

impl Resource for ClusterParameterGroup {
    const TYPE: &'static str = "aws_rds_cluster_parameter_group";
    const IMPORT: &'static [&'static str] = &["shop-aurora-postgresql16"];
    const UNWRITTEN: &'static [&'static str] = &["name_prefix"];
    const TAGS: TagApi = TagApi::RdsGroup;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::page("rds:DescribeDBClusterParameterGroups", 100),
            Cost::each("rds:DescribeDBClusterParameters"),
        ],
        "a call tells about one group by its name, or about 100 of all groups; another the parameters of one \
         group that differ from the engine's",
    );
    const DELETE_PATIENCE: Duration = Duration::from_secs(180);
    const PASSING: &'static [&'static [Passing]] = &[&[
        Passing::in_use("InvalidDBParameterGroupState"),
        // A parameter that was set a moment ago is not given its default yet.
        Passing::busy("InvalidDBParameterGroupState").saying("has pending changes").on(&[Op::Update]),
        Passing::unseen("DBParameterGroupNotFound").on(&[Op::Update]),
    ]];
    type Key = Key;

    fn key(&self) -> Key {
        Key::new(&self.id, &self.parameter)
    }

    fn is_same(one: &Key, other: &Key) -> bool {
        one.id == other.id
    }

    fn import(id: &str) -> Result<Key> {
        Ok(Key::new(id, &[]))
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let names: Vec<String> = keys.iter().map(|it| it.id.clone()).collect();
        let found = described(aws, &names).await?;
        let each = stream::iter(found).map(async |it| {
            let name = it.db_cluster_parameter_group_name();
            let mine = keys.iter().filter(|key| name == Some(key.id.as_str()));
            let mut out = Vec::new();
            for key in mine {
                let found = key.parameters(async |source| listed(aws, &key.id, source).await);
                out.extend(found.await?.map(|all| live(key, &it, all)));
            }
            Ok::<_, Error>(out)
        });
        let all: Vec<Vec<_>> = each.buffer_unordered(16).try_collect().await?;
        Ok(all.into_iter().flatten().collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<Key> {
        let name = self.new_name(new);
        let call = aws.rds().create_db_cluster_parameter_group().db_cluster_parameter_group_name(&name);
        let call = call.db_parameter_group_family(&*self.family.0).description(&*self.description.0);
        call.set_tags(tags(&new.tags)).send().await?;
        Ok(Key::new(&name, &self.parameter))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let name = &was.id.0;
        for some in to_set(&self.parameter, &was.parameter) {
            let call = aws.rds().modify_db_cluster_parameter_group().db_cluster_parameter_group_name(name);
            call.set_parameters(Some(some)).send().await?;
        }
        for some in to_reset(&self.parameter, &was.parameter) {
            let call = aws.rds().reset_db_cluster_parameter_group().db_cluster_parameter_group_name(name);
            call.reset_all_parameters(false).set_parameters(Some(some)).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.rds().delete_db_cluster_parameter_group();
        call.db_cluster_parameter_group_name(&*self.id.0).send().await?;
        Ok(())
    }

    // CreateDBClusterParameterGroup takes no client token, and RDS does not say when it made a group.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Key>> {
        let name = self.new_name(new);
        let Some(it) = described(aws, std::slice::from_ref(&name)).await?.pop() else { return Ok(None) };
        let arn = it.db_cluster_parameter_group_arn.unwrap_or_default();
        let ours = tags_of(aws, &arn).await?.is_some_and(|it| is_ours(&it, &new.token));
        Ok(ours.then(|| Key::new(&name, &self.parameter)))
    }

    fn key_after(&self, will: &Self) -> Key {
        Key::new(&self.id, &will.parameter)
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["name", "name_prefix"]);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::with_cluster_parameter_group(aws, &self.id).await,
            false => Blockers::default(),
        })
    }
}

impl ClusterParameterGroup {
    fn new_name(&self, new: &New) -> String {
        new.name(self.name.as_deref(), self.name_prefix.as_deref())
    }
}

pub(super) async fn described(aws: &Aws, names: &[String]) -> Result<Vec<sdk::DbClusterParameterGroup>> {
    let call = || aws.rds().describe_db_cluster_parameter_groups();
    let mut pages = call().into_paginator().send();
    picked(
        names,
        async |name| {
            let answer = call().db_cluster_parameter_group_name(name).send().await?;
            Ok(answer.db_cluster_parameter_groups.unwrap_or_default())
        },
        async || Ok(pages.try_next().await?),
        |page| page.db_cluster_parameter_groups.unwrap_or_default(),
        |it| it.db_cluster_parameter_group_name.as_deref(),
    )
    .await
}

async fn listed(aws: &Aws, group: &str, source: Option<&str>) -> Result<Vec<sdk::Parameter>> {
    let call = aws.rds().describe_db_cluster_parameters().db_cluster_parameter_group_name(group);
    let call = call.set_source(source.map(str::to_owned));
    Ok(call.into_paginator().items().send().try_collect().await?)
}

fn live(
    key: &Key,
    it: &sdk::DbClusterParameterGroup,
    parameter: Set<Parameter>,
) -> Live<ClusterParameterGroup> {
    let attributes = ClusterParameterGroup {
        name: Chosen(Fixed(Some(key.id.clone()))),
        name_prefix: Chosen(Fixed(name_prefix(&key.id))),
        family: seen(it.db_parameter_group_family.clone()),
        description: seen(it.description.clone()),
        parameter,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(key.id.clone()),
        arn: seen(it.db_cluster_parameter_group_arn.clone()),
    };
    Live { key: key.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
}
