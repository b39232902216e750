//! A table's copies in other regions.

use aws_sdk_dynamodb::types::{
    CreateReplicationGroupMemberAction, DeleteReplicationGroupMemberAction, ReplicaDescription,
    ReplicationGroupUpdate, UpdateReplicationGroupMemberAction,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::{Recovery, Table};
use super::{elsewhere, seen, steps, tag};
use crate::aws::shape::built;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// A copy of the table in another region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replica {
    /// The region.
    pub region_name: String,
    /// The key that encrypts the copy; DynamoDB's own where none is given.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub kms_key_arn: Chosen<Option<String>>,
    /// Keep continuous backups of the copy.
    #[serde(default)]
    pub point_in_time_recovery: bool,
    /// Give the copy the table's tags.
    #[serde(default)]
    pub propagate_tags: Local<bool>,
    /// The copy's ARN.
    pub arn: Computed<String>,
    /// The ARN of the copy's stream.
    pub stream_arn: Computed<Option<String>>,
    /// The time the copy's stream began.
    pub stream_label: Computed<Option<String>>,
}

/// The ARN of the same table in another region.
pub fn arn_in(arn: &str, region: &str) -> String {
    let mut parts = arn.splitn(5, ':').collect::<Vec<_>>();
    if let Some(it) = parts.get_mut(3) {
        *it = region;
    }
    parts.join(":")
}

impl Replica {
    /// Its own region knows what the table's description leaves out.
    pub async fn seen(aws: &Aws, table: &str, arn: &str, it: ReplicaDescription) -> Result<Replica> {
        let region = it.region_name.unwrap_or_default();
        let client = elsewhere(aws, &region);
        let (copy, recovery) =
            futures::try_join!(seen::describe(&client, table), seen::recovery(&client, table))?;
        let (stream_arn, stream_label) =
            copy.map(|it| (it.latest_stream_arn, it.latest_stream_label)).unwrap_or_default();
        Ok(Replica {
            kms_key_arn: Chosen(it.kms_master_key_id),
            point_in_time_recovery: recovery.is_some_and(|it| it.enabled),
            propagate_tags: Local(false),
            arn: Computed(arn_in(arn, &region)),
            stream_arn: Computed(stream_arn),
            stream_label: Computed(stream_label),
            region_name: region,
        })
    }
}

/// One call a copy, each waited for.
pub async fn update(wanted: &Table, aws: &Aws, was: &Table) -> Result<()> {
    let find = |of: &Table, region: &str| of.replica.iter().find(|it| it.region_name == region).cloned();
    let key = |it: &Replica| it.kms_key_arn.0.clone().filter(|it| !it.is_empty());
    let moved = |old: &Replica, new: &Replica| key(new).is_some() && key(old) != key(new);
    let gone = was.replica.iter().filter(|old| {
        // A copy never changes its key by itself: it is made again.
        find(wanted, &old.region_name).is_none_or(|new| moved(old, &new))
    });
    remove(aws, &wanted.name, gone.map(|it| it.region_name.as_str())).await?;
    for new in wanted.replica.iter() {
        let old = find(was, &new.region_name).filter(|old| !moved(old, new));
        if old.is_none() {
            add(aws, &wanted.name, new).await?;
        }
        let client = elsewhere(aws, &new.region_name);
        if new.point_in_time_recovery != old.as_ref().is_some_and(|it| it.point_in_time_recovery) {
            let enabled = new.point_in_time_recovery;
            let recovery = One(Some(Recovery { enabled, ..Recovery::default() }));
            steps::step(async || steps::set_recovery(&client, &wanted.name, &recovery).await).await?;
        }
        if *new.propagate_tags && old.is_none_or(|it| !*it.propagate_tags) {
            let arn = arn_in(&was.arn, &new.region_name);
            tag(&client, &arn, &wanted.tags_all, &[]).await?;
        }
    }
    Ok(())
}

async fn add(aws: &Aws, table: &str, new: &Replica) -> Result<()> {
    let create = CreateReplicationGroupMemberAction::builder()
        .region_name(&new.region_name)
        .set_kms_master_key_id(new.kms_key_arn.0.clone().filter(|it| !it.is_empty()));
    let create = ReplicationGroupUpdate::builder().create(built(create.build())?).build();
    steps::update_table(aws, table, |call| call.replica_updates(create.clone())).await
}

/// Removes the copies in these regions.
pub async fn remove(aws: &Aws, table: &str, regions: impl Iterator<Item = &str>) -> Result<()> {
    for region in regions {
        let delete = DeleteReplicationGroupMemberAction::builder().region_name(region);
        let delete = ReplicationGroupUpdate::builder().delete(built(delete.build())?).build();
        steps::update_table(aws, table, |call| call.replica_updates(delete.clone())).await?;
    }
    Ok(())
}

/// The keys that the stack gives copies.
pub fn keys(table: &Table) -> Result<Vec<ReplicationGroupUpdate>> {
    let keyed = table.replica.iter().filter(|it| it.kms_key_arn.as_ref().is_some_and(|it| !it.is_empty()));
    let update = |it: &Replica| {
        let update = UpdateReplicationGroupMemberAction::builder().region_name(&it.region_name);
        let update = update.set_kms_master_key_id(it.kms_key_arn.0.clone());
        Ok(ReplicationGroupUpdate::builder().update(built(update.build())?).build())
    };
    keyed.map(update).collect()
}
