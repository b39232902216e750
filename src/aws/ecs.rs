//! Elastic Container Service, and what its types share.

mod blockers;
pub mod capacity_provider;
pub mod cluster;
pub mod cluster_capacity_providers;
pub mod lookup;
pub mod service;
pub mod task_definition;

use std::collections::HashMap;

use aws_sdk_ecs::types::{self as sdk, ClusterField, Tag};

use super::{Aws, Error, Result};
use crate::resource::{Passing, Tags};

/// What passes with time for all of ECS's types.
pub const ECS: &[Passing] = &[
    // With the first thing of ECS in an account, AWS makes the role that it works with.
    Passing::unseen("InvalidParameterException").saying("Unable to assume the service linked role"),
    Passing::unseen("ClusterNotFoundException"),
    Passing::busy("UpdateInProgressException"),
];

fn sent_tags(tags: &Tags) -> Option<Vec<Tag>> {
    let all: Vec<_> = tags.iter().map(|(k, v)| Tag::builder().key(k).value(v).build()).collect();
    (!all.is_empty()).then_some(all)
}

fn seen_tags(tags: Option<Vec<Tag>>) -> Tags {
    let all = tags.unwrap_or_default().into_iter();
    all.map(|it| (it.key.unwrap_or_default(), it.value.unwrap_or_default())).collect()
}

/// [`super::tags::change`] for everything of ECS's.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        aws.ecs().untag_resource().resource_arn(arn).set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.ecs().tag_resource().resource_arn(arn).set_tags(sent_tags(set)).send().await?;
    }
    Ok(())
}

/// Takes the mark of a create off the things with these ARNs; off those that are gone already it is.
pub async fn unmark(aws: &Aws, arns: &[String]) -> Result<()> {
    for arn in arns {
        let call = aws.ecs().untag_resource().resource_arn(arn).tag_keys(super::tags::MARK);
        match call.send().await.map_err(Error::from) {
            Err(error) if !error.is_missing() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// What stands after the last `/` of an ARN, or all of a name.
fn name_of(name_or_arn: &str) -> &str {
    name_or_arn.rsplit('/').next().unwrap_or_default()
}

fn stated(text: &Option<String>) -> Option<String> {
    text.clone().filter(|it| !it.is_empty())
}

/// The most clusters, capacity providers or tasks of one call.
const MANY: usize = 100;

/// The clusters of these names that there are, asked for together by all who need to know something of them.
async fn clusters(aws: &Aws, names: &[String]) -> Result<HashMap<String, sdk::Cluster>> {
    match aws.exact() {
        true => described(aws, names.to_vec()).await,
        false => aws.together("ecs clusters", names, async |all| described(aws, all).await).await,
    }
}

async fn described(aws: &Aws, names: Vec<String>) -> Result<HashMap<String, sdk::Cluster>> {
    let calls = names.chunks(MANY).map(async |some| {
        let call = aws.ecs().describe_clusters().set_clusters(Some(some.to_vec()));
        let fields = [ClusterField::Tags, ClusterField::Configurations, ClusterField::Settings];
        // What is not there is told of as a failure beside the others.
        Ok::<_, Error>(call.set_include(Some(fields.to_vec())).send().await?.clusters)
    });
    let found = futures::future::try_join_all(calls).await?.into_iter().flatten().flatten();
    // A cluster that was deleted is told of for a while.
    let found = found.filter(|it| it.status.as_deref() != Some("INACTIVE"));
    Ok(found.filter_map(|it| Some((it.cluster_name.clone()?, it))).collect())
}
