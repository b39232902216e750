use std::time::Duration;

use aws_sdk_elasticache::types as sdk;
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::subnet_group::managed;
use super::{blockers, is_ours, tags};
use crate::aws::pages::{picked, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Settings of a cache's engine, for the caches that name the group.
///
/// ```toml
/// [aws_elasticache_parameter_group.shop]
/// name = "shop-redis7"
/// family = "redis7"
/// parameter = [{ name = "maxmemory-policy", value = "allkeys-lru" }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterGroup {
    /// Its name. AWS makes its letters small.
    #[schemars(length(min = 1, max = 255), extend("format" = "lower"))]
    pub name: Fixed<String>,
    /// The engine and its version, such as `redis7`, `valkey8` or `memcached1.6`.
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
    /// The group's name, in small letters.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
}

/// Sets one parameter of the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    #[schemars(extend("format" = "caseless"))]
    pub name: String,
    /// Its value.
    pub value: String,
}

fn description() -> Fixed<String> {
    Fixed(managed())
}

/// The most parameters of one call.
const AT_ONCE: usize = 20;

impl Resource for ParameterGroup {
    const TYPE: &'static str = "aws_elasticache_parameter_group";
    const IMPORT: &'static [&'static str] = &["shop-redis7"];
    const TAGS: TagApi = TagApi::Elasticache;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::page("elasticache:DescribeCacheParameterGroups", 100),
            Cost::each("elasticache:DescribeCacheParameters"),
        ],
        "a call tells about one group by its name, or about 100 of all groups; another the parameters of one group that differ from the engine's",
    );
    const DELETE_PATIENCE: Duration = Duration::from_secs(180);
    const PASSING: &'static [&'static [Passing]] = &[&[
        Passing::busy("InvalidCacheParameterGroupState"),
        Passing::unseen("CacheParameterGroupNotFound").on(&[Op::Update]),
    ]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_lowercase())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, names).await?;
        let each = stream::iter(found).map(async |it| {
            let parameters = there(parameters(aws, it.cache_parameter_group_name()).await)?;
            Ok::<_, Error>(parameters.map(|all| live(it, all)))
        });
        each.buffer_unordered(16).try_filter_map(async |it| Ok(it)).try_collect().await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.elasticache().create_cache_parameter_group();
        let call = call.cache_parameter_group_name(&*self.name.0).description(&*self.description.0);
        let call = call.cache_parameter_group_family(&*self.family.0).set_tags(tags(&new.tags));
        call.send().await?;
        Ok(self.name.to_lowercase())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (set, reset) = changes(&self.parameter, &was.parameter);
        for some in reset.chunks(AT_ONCE) {
            let call = aws.elasticache().reset_cache_parameter_group();
            let call = call.cache_parameter_group_name(was.key());
            call.set_parameter_name_values(Some(some.to_vec())).send().await?;
        }
        for some in set.chunks(AT_ONCE) {
            let call = aws.elasticache().modify_cache_parameter_group();
            let call = call.cache_parameter_group_name(was.key());
            call.set_parameter_name_values(Some(some.to_vec())).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.elasticache().delete_cache_parameter_group();
        call.cache_parameter_group_name(self.key()).send().await?;
        Ok(())
    }

    // CreateCacheParameterGroup takes no client token, and ElastiCache does not say when it made a group.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = self.name.to_lowercase();
        let found = described(aws, std::slice::from_ref(&name)).await?.pop();
        let Some(arn) = found.and_then(|it| it.arn) else { return Ok(None) };
        Ok(is_ours(aws, &arn, &new.token).await?.then_some(name))
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::with_parameter_group(aws, &self.key()).await,
            false => Blockers::default(),
        })
    }
}

/// What to set, and what to give its default again.
fn changes(
    wanted: &Set<Parameter>,
    was: &Set<Parameter>,
) -> (Vec<sdk::ParameterNameValue>, Vec<sdk::ParameterNameValue>) {
    let is = |a: &Parameter, b: &Parameter| a.name.eq_ignore_ascii_case(&b.name);
    let same = |a: &Parameter, b: &Parameter| is(a, b) && a.value == b.value;
    let sent = |it: &Parameter| {
        sdk::ParameterNameValue::builder().parameter_name(&it.name).parameter_value(&it.value).build()
    };
    let set = wanted.iter().filter(|it| !was.iter().any(|was| same(it, was))).map(sent).collect();
    let reset = was.iter().filter(|was| !wanted.iter().any(|it| is(it, was))).map(sent).collect();
    (set, reset)
}

async fn described(aws: &Aws, names: &[String]) -> Result<Vec<sdk::CacheParameterGroup>> {
    let call = || aws.elasticache().describe_cache_parameter_groups();
    let mut pages = call().into_paginator().send();
    picked(
        names,
        async |name| {
            let answer = call().cache_parameter_group_name(name).send().await?;
            Ok(answer.cache_parameter_groups.unwrap_or_default())
        },
        async || Ok(pages.try_next().await?),
        |page| page.cache_parameter_groups.unwrap_or_default(),
        |it| it.cache_parameter_group_name.as_deref(),
    )
    .await
}

/// What somebody has set.
async fn parameters(aws: &Aws, group: Option<&str>) -> Result<Vec<sdk::Parameter>> {
    let call = aws.elasticache().describe_cache_parameters().source("user");
    let call = call.cache_parameter_group_name(group.unwrap_or_default());
    let pages: Vec<_> = call.into_paginator().send().try_collect().await?;
    Ok(pages.into_iter().flat_map(|it| it.parameters.unwrap_or_default()).collect())
}

fn live(it: sdk::CacheParameterGroup, parameters: Vec<sdk::Parameter>) -> Live<ParameterGroup> {
    let name: String = seen(it.cache_parameter_group_name);
    // The state's names are in small letters, as the provider's are.
    let parameter = |it: sdk::Parameter| {
        Some(Parameter { name: it.parameter_name?.to_lowercase(), value: it.parameter_value? })
    };
    let attributes = ParameterGroup {
        name: Fixed(name.clone()),
        family: seen(it.cache_parameter_group_family),
        description: seen(it.description),
        parameter: parameters.into_iter().filter_map(parameter).collect(),
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(name.clone()),
        arn: seen(it.arn),
    };
    Live { key: name, attributes, tags: None, status: Status::Ready, unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_set_and_what_goes_is_reset() {
        let all = |all: &[(&str, &str)]| {
            let one = |it: &(&str, &str)| Parameter { name: it.0.into(), value: it.1.into() };
            all.iter().map(one).collect::<Set<_>>()
        };
        let was = all(&[("a", "1"), ("B", "1"), ("c", "1")]);
        let (set, reset) = changes(&all(&[("A", "1"), ("b", "2"), ("d", "1")]), &was);
        let names = |all: &[sdk::ParameterNameValue]| {
            all.iter().filter_map(|it| it.parameter_name.clone()).collect::<Vec<_>>()
        };
        assert_eq!((names(&set), names(&reset)), (vec!["b".into(), "d".into()], vec!["c".into()]));
    }
}
