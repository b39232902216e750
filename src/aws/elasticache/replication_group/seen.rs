//! A replication group as ElastiCache describes it.

use aws_sdk_elasticache::types as sdk;

use super::{ReplicationGroup, rotate};
use crate::aws::elasticache::{cluster, engines, logs};
use crate::aws::shape::seen;
use crate::resource::*;

/// What is said where a password is asked for, and AWS does not tell which.
const SOME: &str = "";

/// Of the group, and of the node that tells what is the same of all nodes.
pub fn live(it: sdk::ReplicationGroup, node: Option<sdk::CacheCluster>) -> Live<ReplicationGroup> {
    let status = cluster::status(it.status.as_deref());
    let key: String = seen(it.replication_group_id.clone());
    let mut attributes = of_group(it);
    if let Some(node) = node {
        of_node(&mut attributes, node);
    }
    Live { key, attributes, tags: None, status, unread: &[] }
}

fn on(word: Option<&str>) -> bool {
    matches!(word, Some("enabled" | "enabling"))
}

fn count<T>(all: &[T]) -> Chosen<Option<i64>> {
    Chosen(i64::try_from(all.len()).ok())
}

fn of_group(it: sdk::ReplicationGroup) -> ReplicationGroup {
    let name: String = seen(it.replication_group_id);
    let shards = it.node_groups.unwrap_or_default();
    let members = it.member_clusters.unwrap_or_default();
    let first = shards.first();
    let replicas = first.and_then(|it| i64::try_from(it.node_group_members().len()).ok()).map(|it| it - 1);
    let primary = first.and_then(|it| it.primary_endpoint.clone());
    let reader = first.and_then(|it| it.reader_endpoint.clone());
    // One with shards tells neither.
    let sharded = it.configuration_endpoint.is_some();
    let port = it.configuration_endpoint.as_ref().or(primary.as_ref()).and_then(|it| it.port);
    let address = |it: Option<sdk::Endpoint>| it.and_then(|it| it.address);
    ReplicationGroup {
        replication_group_id: Fixed(name.clone()),
        description: seen(it.description),
        engine: seen(it.engine),
        engine_version: Chosen(None),
        engine_version_actual: Computed(None),
        node_type: seen(it.cache_node_type),
        num_cache_clusters: count(&members),
        num_node_groups: count(&shards),
        replicas_per_node_group: Chosen(replicas),
        cluster_mode: seen(it.cluster_mode),
        preferred_cache_cluster_azs: Local(Vec::new()),
        automatic_failover_enabled: on(it.automatic_failover.as_ref().map(|it| it.as_str())),
        multi_az_enabled: on(it.multi_az.as_ref().map(|it| it.as_str())),
        data_tiering_enabled: Chosen(Fixed(Some(on(it.data_tiering.as_ref().map(|it| it.as_str()))))),
        global_replication_group_id: seen(
            it.global_replication_group_info.and_then(|it| it.global_replication_group_id),
        ),
        subnet_group_name: Chosen::default(),
        security_group_ids: Chosen::default(),
        security_group_names: Chosen::default(),
        port: Fixed(seen(port)),
        network_type: seen(it.network_type),
        ip_discovery: seen(it.ip_discovery),
        at_rest_encryption_enabled: Chosen(Fixed(it.at_rest_encryption_enabled.map(|it| it.to_string()))),
        kms_key_id: seen(it.kms_key_id),
        transit_encryption_enabled: seen(it.transit_encryption_enabled),
        transit_encryption_mode: seen(it.transit_encryption_mode),
        auth_token: Secret(it.auth_token_enabled.unwrap_or_default().then(|| SOME.to_owned())),
        auth_token_update_strategy: rotate(),
        user_group_ids: Set(it.user_group_ids.unwrap_or_default()),
        parameter_group_name: Chosen::default(),
        notification_topic_arn: None,
        log_delivery_configuration: logs::live(it.log_delivery_configurations),
        maintenance_window: Chosen::default(),
        apply_immediately: Chosen(Local(None)),
        auto_minor_version_upgrade: Chosen(it.auto_minor_version_upgrade.map(|it| it.to_string())),
        snapshot_retention_limit: seen(it.snapshot_retention_limit),
        snapshot_window: seen(it.snapshot_window),
        snapshot_name: Fixed(None),
        snapshot_arns: Fixed(Set::default()),
        final_snapshot_identifier: Local(None),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(name),
        arn: seen(it.arn),
        cluster_enabled: seen(it.cluster_enabled),
        configuration_endpoint_address: Computed(address(it.configuration_endpoint)),
        primary_endpoint_address: Computed(address(primary.filter(|_| !sharded))),
        reader_endpoint_address: Computed(address(reader.filter(|_| !sharded))),
        member_clusters: Computed(Set(members)),
    }
}

fn of_node(group: &mut ReplicationGroup, it: sdk::CacheCluster) {
    let runs = it.engine_version.unwrap_or_default();
    if let Some(engine) = it.engine {
        group.engine = engine;
    }
    group.engine_version = Chosen(Some(engines::said(&group.engine, &runs, None)));
    group.engine_version_actual = Computed(Some(runs));
    group.node_type = seen(it.cache_node_type);
    group.auto_minor_version_upgrade =
        Chosen(Some(it.auto_minor_version_upgrade.unwrap_or_default().to_string()));
    group.subnet_group_name = seen(it.cache_subnet_group_name);
    let groups = it.security_groups.unwrap_or_default().into_iter();
    group.security_group_ids = Chosen(groups.filter_map(|it| it.security_group_id).collect());
    let names = it.cache_security_groups.unwrap_or_default().into_iter();
    group.security_group_names = Chosen(Fixed(names.filter_map(|it| it.cache_security_group_name).collect()));
    group.parameter_group_name = seen(it.cache_parameter_group.and_then(|it| it.cache_parameter_group_name));
    group.maintenance_window = seen(it.preferred_maintenance_window);
    let encrypted = it.at_rest_encryption_enabled.unwrap_or_default();
    group.at_rest_encryption_enabled = Chosen(Fixed(Some(encrypted.to_string())));
    group.transit_encryption_enabled = seen(it.transit_encryption_enabled);
    group.transit_encryption_mode = seen(it.transit_encryption_mode);
}
