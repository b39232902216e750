//! A cache as ElastiCache describes it.

use aws_sdk_elasticache::types as sdk;

use super::{Cluster, Node, status};
use crate::aws::elasticache::{engines, logs};
use crate::aws::shape::seen;
use crate::resource::*;

fn node(it: sdk::CacheNode) -> Node {
    let (address, port) = it.endpoint.map(|it| (it.address, it.port)).unwrap_or_default();
    Node {
        id: it.cache_node_id,
        address,
        port: seen(port),
        availability_zone: it.customer_availability_zone,
        outpost_arn: it.customer_outpost_arn,
    }
}

impl From<sdk::CacheCluster> for Live<Cluster> {
    fn from(it: sdk::CacheCluster) -> Self {
        let name: String = seen(it.cache_cluster_id);
        let mut nodes: Vec<Node> = it.cache_nodes.unwrap_or_default().into_iter().map(node).collect();
        nodes.sort_by(|a, b| a.id.cmp(&b.id));
        let (address, port) = it.configuration_endpoint.map(|it| (it.address, it.port)).unwrap_or_default();
        let endpoint = address.as_ref().and_then(|it| Some(format!("{it}:{}", port?)));
        let told = it.notification_configuration.filter(|it| it.topic_status.as_deref() == Some("active"));
        let spread = it.preferred_availability_zone.as_deref() == Some("Multiple");
        let groups = it.security_groups.unwrap_or_default().into_iter();
        let parameters = it.cache_parameter_group.and_then(|it| it.cache_parameter_group_name);
        let runs = it.engine_version.unwrap_or_default();
        let engine: Option<String> = it.engine;
        let attributes = Cluster {
            cluster_id: Fixed(name.clone()),
            engine_version: Chosen(Some(engines::said(engine.as_deref().unwrap_or_default(), &runs, None))),
            engine: Chosen(Fixed(engine)),
            engine_version_actual: Computed(Some(runs)),
            replication_group_id: seen(it.replication_group_id),
            node_type: seen(it.cache_node_type),
            num_cache_nodes: seen(it.num_cache_nodes),
            az_mode: Chosen(Some(if spread { "cross-az" } else { "single-az" }.to_owned())),
            availability_zone: seen(it.preferred_availability_zone),
            preferred_availability_zones: Local(Vec::new()),
            subnet_group_name: seen(it.cache_subnet_group_name),
            security_group_ids: Chosen(groups.filter_map(|it| it.security_group_id).collect()),
            port: Chosen(Fixed(port.map(i64::from).or(nodes.first().and_then(|it| it.port)))),
            network_type: seen(it.network_type),
            ip_discovery: seen(it.ip_discovery),
            transit_encryption_enabled: seen(it.transit_encryption_enabled),
            parameter_group_name: Chosen(parameters),
            notification_topic_arn: told.and_then(|it| it.topic_arn),
            log_delivery_configuration: logs::live(it.log_delivery_configurations),
            maintenance_window: seen(it.preferred_maintenance_window),
            apply_immediately: Chosen(Local(None)),
            auto_minor_version_upgrade: it.auto_minor_version_upgrade.unwrap_or_default().to_string(),
            snapshot_retention_limit: seen(it.snapshot_retention_limit),
            snapshot_window: seen(it.snapshot_window),
            snapshot_name: Fixed(None),
            snapshot_arns: Fixed(Vec::new()),
            final_snapshot_identifier: Local(None),
            outpost_mode: Fixed(None),
            preferred_outpost_arn: seen(it.preferred_outpost_arn),
            timeouts: None,
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(name.clone()),
            arn: seen(it.arn),
            cache_nodes: Computed(nodes),
            cluster_address: Computed(address),
            configuration_endpoint: Computed(endpoint),
        };
        let status = status(it.cache_cluster_status.as_deref());
        Live { key: name, attributes, tags: None, status, unread: &[] }
    }
}
