//! ElastiCache, and what its types share.

/// Hands fields over to a call, but for those that say nothing.
macro_rules! hand {
    ($call:expr, $it:expr, { $($set:ident: $field:ident),* $(,)? }) => {
        $call$(.$set($crate::aws::shape::given(&$it.$field)))*
    };
}

mod blockers;
pub mod cluster;
mod engines;
mod logs;
pub mod lookup;
pub mod parameter_group;
pub mod replication_group;
pub mod subnet_group;

use std::time::Duration;

use aws_sdk_elasticache::types::{CacheCluster, Tag};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::pages::{picked, there};
use super::tags::MARK;
use super::{Aws, Error, Result};
use crate::resource::{New, Op, Passing, Tags};

/// What passes with time for caches.
pub const CACHES: &[Passing] = &[
    // It is being made or changed, or a snapshot is.
    Passing::busy("InvalidCacheClusterState").not_saying(OF_A_GROUP),
    Passing::busy("InvalidReplicationGroupState"),
    Passing::busy("InvalidGlobalReplicationGroupState"),
    // What the call names was made a moment ago.
    Passing::unseen("CacheSubnetGroupNotFoundFault"),
    Passing::unseen("CacheParameterGroupNotFound"),
    Passing::unseen("ReplicationGroupNotFoundFault").on(&[Op::Create]),
    Passing::unseen("UserGroupNotFound"),
];

/// What the removal of a group's primary or only cluster is told: no waiting helps.
const OF_A_GROUP: &str = "replication group";

/// A time of a day and one later, such as `03:00-04:00`.
pub const DAILY: &str = r"^(([01]?[0-9]|2[0-3]):[0-5][0-9]-([01]?[0-9]|2[0-3]):[0-5][0-9])?$";
/// A time of a week and one later, such as `sun:04:00-sun:05:00`.
pub const WEEKLY: &str =
    r"^([A-Za-z]{3}:([01][0-9]|2[0-3]):[0-5][0-9]-[A-Za-z]{3}:([01][0-9]|2[0-3]):[0-5][0-9])?$";

pub(super) fn tags(tags: &Tags) -> Option<Vec<Tag>> {
    let all = tags.iter().map(|(k, v)| Tag::builder().key(k).value(v).build());
    Some(all.collect()).filter(|it: &Vec<_>| !it.is_empty())
}

/// [`super::tags::change`] for everything of ElastiCache's.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.elasticache().remove_tags_from_resource().resource_name(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.elasticache().add_tags_to_resource().resource_name(arn).set_tags(tags(set)).send().await?;
    }
    Ok(())
}

/// [`super::tags::unmark`], by ARN. What is gone needs none.
pub async fn unmark(aws: &Aws, arns: &[String]) -> Result<()> {
    for arn in arns {
        there(change_tags(aws, arn, &Tags::new(), &[MARK.to_owned()]).await)?;
    }
    Ok(())
}

/// The tags of each, asked of ElastiCache itself; `None` where one is gone.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(16).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    let answer = aws.elasticache().list_tags_for_resource().resource_name(arn).send().await;
    let pair = |it: Tag| Some((it.key?, it.value.unwrap_or_default()));
    let all = there(answer.map_err(Error::from))?.map(|it| it.tag_list.unwrap_or_default());
    Ok(all.map(|all| all.into_iter().filter_map(pair).collect()))
}

/// Whether a create with this token has made what has this ARN.
async fn is_ours(aws: &Aws, arn: &str, token: &str) -> Result<bool> {
    let tags = tags_of(aws, arn).await?.unwrap_or_default();
    Ok(tags.get(MARK).is_some_and(|it| it == token))
}

/// Clusters of these names, with their nodes. What a refresh learns of all of them is told to everybody who
/// asks about several.
async fn clusters(aws: &Aws, names: &[String]) -> Result<Vec<CacheCluster>> {
    let call = || aws.elasticache().describe_cache_clusters().show_cache_node_info(true);
    if names.len() > 1 && !aws.exact() {
        let ask = async { Ok::<Vec<_>, Error>(call().into_paginator().items().send().try_collect().await?) };
        let mut all = aws.shared("cache clusters", ask).await?;
        all.retain(|it| it.cache_cluster_id.as_ref().is_some_and(|it| names.contains(it)));
        return Ok(all);
    }
    let mut pages = call().into_paginator().send();
    picked(
        names,
        async |name| {
            let answer = call().cache_cluster_id(name).send().await?;
            Ok(answer.cache_clusters.unwrap_or_default())
        },
        async || Ok(pages.try_next().await?),
        |page| page.cache_clusters.unwrap_or_default(),
        |it| it.cache_cluster_id.as_deref(),
    )
    .await
}

/// How often it is looked whether something that is being made says when it was made, and how long in between.
const LOOKS: u32 = 400;
const PAUSE: Duration = Duration::from_secs(6);

/// Whether an attempt at this create has made what `look` tells about. ElastiCache says when it made something
/// only at its end: `look` gives nothing where there is no such thing, and no moment where that is not known yet.
async fn made(new: &New, mut look: impl AsyncFnMut() -> Result<Option<Option<i64>>>) -> Result<bool> {
    for _ in 0..LOOKS {
        match look().await? {
            None => return Ok(false),
            Some(None) => tokio::time::sleep(PAUSE).await,
            Some(moment) => return Ok(new.may_have_made(moment)),
        }
    }
    Ok(false)
}
