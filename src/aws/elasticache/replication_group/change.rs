//! Changing a replication group, in the provider's order: shards, more replicas, everything else, the password,
//! fewer replicas. ElastiCache takes the next step when the one before is done and refuses it until then; all
//! of it is asked for again, so each step looks at what there is.

use aws_sdk_elasticache::operation::modify_replication_group::ModifyReplicationGroupInput;
use aws_sdk_elasticache::operation::modify_replication_group::builders::ModifyReplicationGroupInputBuilder as Changes;

use super::{ReplicationGroup, described};
use crate::aws::elasticache::logs;
use crate::aws::shape::{changed, given, listed, sent};
use crate::aws::{Aws, Error, Result};

/// What is told where there is nothing to do.
const NOTHING: &str = "No modifications were requested";
/// What is told of a group that has left its global group already.
const LEFT: &str = "is not associated with Global Replication Group";

/// How many shards there are, and how many replicas each has.
struct Now {
    shards: Vec<String>,
    replicas: i64,
}

async fn now(aws: &Aws, name: &str) -> Result<Now> {
    let found = described(aws, &[name.to_owned()]).await?.pop();
    let groups = found.and_then(|it| it.node_groups).unwrap_or_default();
    let members = groups.first().map(|it| it.node_group_members().len()).unwrap_or_default();
    let mut shards: Vec<String> = groups.into_iter().filter_map(|it| it.node_group_id).collect();
    shards.sort();
    Ok(Now { shards, replicas: i64::try_from(members).unwrap_or_default() - 1 })
}

pub async fn update(it: &ReplicationGroup, aws: &Aws, was: &ReplicationGroup) -> Result<()> {
    let name = was.id.0.as_str();
    let replicas = wanted_replicas(it, was);
    let sharded = it.num_node_groups != was.num_node_groups;
    let there = match sharded || replicas.is_some() {
        true => Some(now(aws, name).await?),
        false => None,
    };
    if let (Some(there), true) = (&there, sharded) {
        reshard(it, aws, name, there).await?;
    }
    let grows = |there: &Now, wanted: i64| wanted > there.replicas;
    if let (Some(there), Some(wanted)) = (&there, replicas)
        && grows(there, wanted)
    {
        let call = aws.elasticache().increase_replica_count().replication_group_id(name);
        call.set_new_replica_count(sent(&wanted)).apply_immediately(true).send().await?;
    }
    let changes = changes(it, was);
    if changes != ModifyReplicationGroupInput::builder() {
        let at_once = aws.completes() || it.apply_immediately.unwrap_or_default();
        modify(aws, changes.replication_group_id(name).apply_immediately(at_once)).await?;
    }
    if let Some(password) = password(it, was) {
        modify(aws, password.replication_group_id(name).apply_immediately(true)).await?;
    }
    if let (Some(there), Some(wanted)) = (&there, replicas)
        && wanted < there.replicas
    {
        let call = aws.elasticache().decrease_replica_count().replication_group_id(name);
        call.set_new_replica_count(sent(&wanted)).apply_immediately(true).send().await?;
    }
    Ok(())
}

async fn modify(aws: &Aws, changes: Changes) -> Result<()> {
    match changes.send_with(aws.elasticache()).await.map_err(Error::from) {
        Err(error) if error.message().contains(NOTHING) => Ok(()),
        answer => answer.map(drop),
    }
}

/// How many replicas each shard is to have, where that changes.
fn wanted_replicas(it: &ReplicationGroup, was: &ReplicationGroup) -> Option<i64> {
    if it.replicas_per_node_group != was.replicas_per_node_group {
        return *it.replicas_per_node_group;
    }
    let nodes = it.num_cache_clusters.filter(|_| it.num_cache_clusters != was.num_cache_clusters);
    nodes.filter(|_| it.num_node_groups == was.num_node_groups).map(|it| it - 1)
}

/// More shards, or fewer: the last ones go.
async fn reshard(it: &ReplicationGroup, aws: &Aws, name: &str, there: &Now) -> Result<()> {
    let wanted = it.num_node_groups.unwrap_or_default();
    let keep = usize::try_from(wanted).unwrap_or_default();
    if there.shards.len() == keep {
        return Ok(());
    }
    let gone = there.shards.iter().skip(keep).rev().cloned().collect::<Vec<_>>();
    let call = aws.elasticache().modify_replication_group_shard_configuration();
    let call = call.replication_group_id(name).set_node_group_count(sent(&wanted)).apply_immediately(true);
    call.set_node_groups_to_remove(listed(&gone)).send().await?;
    Ok(())
}

/// What is to change of everything that one call takes.
fn changes(it: &ReplicationGroup, was: &ReplicationGroup) -> Changes {
    let differs = |a: bool, b: bool| (a != b).then_some(a);
    let switch = |it: &Option<String>| it.as_deref().and_then(|it| it.parse::<bool>().ok());
    let upgrades = it.auto_minor_version_upgrade != was.auto_minor_version_upgrade;
    let version = changed(&it.engine_version, &was.engine_version);
    let engine = !it.engine.eq_ignore_ascii_case(&was.engine) || version.is_some();
    let groups = *it.security_group_ids != *was.security_group_ids;
    let days = changed(&it.snapshot_retention_limit, &was.snapshot_retention_limit);
    // The first snapshots are of the first node.
    let first = was.snapshot_retention_limit.unwrap_or_default() == 0 && days.is_some();
    let (added, removed) =
        (it.user_group_ids.beyond(&was.user_group_ids), was.user_group_ids.beyond(&it.user_group_ids));
    let description = it.description != was.description;
    ModifyReplicationGroupInput::builder()
        .set_auto_minor_version_upgrade(switch(&it.auto_minor_version_upgrade).filter(|_| upgrades))
        .set_automatic_failover_enabled(differs(
            it.automatic_failover_enabled,
            was.automatic_failover_enabled,
        ))
        .set_replication_group_description(description.then(|| it.description.clone()))
        .set_cluster_mode(changed(&it.cluster_mode, &was.cluster_mode).map(|it| it.as_str().into()))
        .set_engine(engine.then(|| it.engine.to_lowercase()))
        .set_engine_version(version)
        .set_ip_discovery(changed(&it.ip_discovery, &was.ip_discovery).map(|it| it.as_str().into()))
        .set_log_delivery_configurations(logs::changed(
            &it.log_delivery_configuration,
            &was.log_delivery_configuration,
        ))
        .set_preferred_maintenance_window(changed(&it.maintenance_window, &was.maintenance_window))
        .set_multi_az_enabled(differs(it.multi_az_enabled, was.multi_az_enabled))
        .set_cache_node_type(changed(&it.node_type, &was.node_type))
        .set_notification_topic_arn(changed(&it.notification_topic_arn, &was.notification_topic_arn))
        .set_cache_parameter_group_name(changed(&it.parameter_group_name, &was.parameter_group_name))
        .set_security_group_ids(listed(&it.security_group_ids).filter(|_| groups))
        .set_snapshot_retention_limit(days.and_then(|it| sent(&it)))
        .set_snapshotting_cluster_id(first.then(|| format!("{}-001", was.id.0)))
        .set_snapshot_window(changed(&it.snapshot_window, &was.snapshot_window))
        .set_transit_encryption_enabled(changed(
            &it.transit_encryption_enabled,
            &was.transit_encryption_enabled,
        ))
        .set_transit_encryption_mode(
            changed(&it.transit_encryption_mode, &was.transit_encryption_mode).map(|it| it.as_str().into()),
        )
        .set_auth_token_update_strategy(
            (it.is_deleting_token(was) && !added.is_empty()).then(|| "DELETE".into()),
        )
        .set_user_group_ids_to_add(listed(&added))
        .set_user_group_ids_to_remove(listed(&removed))
}

/// A new password, or another way to change it. Where user groups take its place, that call says so.
fn password(it: &ReplicationGroup, was: &ReplicationGroup) -> Option<Changes> {
    if !it.changes_token(was) || it.auth_token_update_strategy.eq_ignore_ascii_case("DELETE") {
        return None;
    }
    let strategy = it.auth_token_update_strategy.to_uppercase();
    let call =
        ModifyReplicationGroupInput::builder().auth_token(it.auth_token.as_deref().unwrap_or_default());
    Some(call.auth_token_update_strategy(strategy.as_str().into()))
}

/// Takes a group out of its global group.
pub async fn leave(aws: &Aws, global: &str, name: &str) -> Result<()> {
    let call = aws.elasticache().disassociate_global_replication_group();
    let call = call.global_replication_group_id(global).replication_group_id(name);
    match call.replication_group_region(aws.region()).send().await.map_err(Error::from) {
        Err(error) if error.is_missing() || error.message().contains(LEFT) => Ok(()),
        answer => answer.map(drop),
    }
}

impl ReplicationGroup {
    fn changes_token(&self, was: &Self) -> bool {
        let token = |it: &Self| given::<String, _>(&it.auth_token);
        let strategy = !self.auth_token_update_strategy.eq_ignore_ascii_case(&was.auth_token_update_strategy);
        // How it would be changed makes no difference where there is none.
        token(self) != token(was) || strategy && token(self).is_some()
    }

    fn is_deleting_token(&self, was: &Self) -> bool {
        self.auth_token_update_strategy.eq_ignore_ascii_case("DELETE") && self.changes_token(was)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn group(more: Json) -> ReplicationGroup {
        let mut all = json!({ "id": "it", "replication_group_id": "it", "description": "it" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn replicas_are_counted_without_the_primary() {
        let count = |was: Json, it: Json| wanted_replicas(&group(it), &group(was));
        assert_eq!(count(json!({ "num_cache_clusters": 2 }), json!({ "num_cache_clusters": 3 })), Some(2));
        let shards = json!({ "num_node_groups": 2, "replicas_per_node_group": 1, "num_cache_clusters": 4 });
        let more = json!({ "num_node_groups": 2, "replicas_per_node_group": 2, "num_cache_clusters": 4 });
        assert_eq!(count(shards.clone(), more), Some(2));
        let wide = json!({ "num_node_groups": 3, "replicas_per_node_group": 1, "num_cache_clusters": 6 });
        assert_eq!(count(shards, wide), None);
    }

    #[test]
    fn a_password_has_a_call_of_its_own() {
        let (was, it) = (group(json!({ "auth_token": "a" })), group(json!({ "auth_token": "b" })));
        assert_eq!(changes(&it, &was), ModifyReplicationGroupInput::builder());
        let wanted = ModifyReplicationGroupInput::builder().auth_token("b");
        assert_eq!(password(&it, &was), Some(wanted.auth_token_update_strategy("ROTATE".into())));
        let users = json!({ "auth_token_update_strategy": "DELETE", "user_group_ids": ["u"] });
        assert_eq!(password(&group(users.clone()), &was), None);
        let wanted = ModifyReplicationGroupInput::builder().user_group_ids_to_add("u");
        let wanted = wanted.auth_token_update_strategy("DELETE".into());
        assert_eq!(changes(&group(users), &was), wanted);
    }

    #[test]
    fn the_first_snapshots_are_of_the_first_node() {
        let wanted = ModifyReplicationGroupInput::builder().snapshot_retention_limit(3);
        let it = group(json!({ "snapshot_retention_limit": 3 }));
        assert_eq!(changes(&it, &group(json!({}))), wanted.snapshotting_cluster_id("it-001"));
    }
}
