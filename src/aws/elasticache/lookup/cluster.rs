use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::elasticache::cluster::{self, Node};
use crate::aws::elasticache::logs::LogDelivery;
use crate::aws::elasticache::{clusters, tags_of};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A cache that is there already: one of its own, or a node of a replication group.
///
/// ```toml
/// [data.aws_elasticache_cluster.sessions]
/// cluster_id = "sessions"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Its name.
    pub cluster_id: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// The cache's ARN.
    pub arn: Computed<String>,
    /// The zone of all nodes, or `Multiple`.
    pub availability_zone: Computed<Option<String>>,
    /// Its nodes.
    pub cache_nodes: Computed<Vec<Node>>,
    /// Where Memcached's nodes are told, without the port.
    pub cluster_address: Computed<Option<String>>,
    /// Where Memcached's nodes are told: `address:port`.
    pub configuration_endpoint: Computed<Option<String>>,
    /// `memcached`, `redis` or `valkey`.
    pub engine: Computed<Option<String>>,
    /// The version that AWS runs.
    pub engine_version: Computed<Option<String>>,
    /// Whether programs are told addresses of `ipv4` or `ipv6`.
    pub ip_discovery: Computed<Option<String>>,
    /// Where its logs go.
    pub log_delivery_configuration: Computed<Set<LogDelivery>>,
    /// When AWS may change it (UTC), such as `sun:04:00-sun:05:00`.
    pub maintenance_window: Computed<Option<String>>,
    /// `ipv4`, `ipv6` or `dual_stack`.
    pub network_type: Computed<Option<String>>,
    /// The size of its nodes, such as `cache.t4g.micro`.
    pub node_type: Computed<Option<String>>,
    /// ARN of the topic that is told of what happens.
    pub notification_topic_arn: Computed<Option<String>>,
    /// How many nodes it has.
    pub num_cache_nodes: Computed<Option<i64>>,
    /// The settings of its engine, by their parameter group's name.
    pub parameter_group_name: Computed<Option<String>>,
    /// The port of `configuration_endpoint`; that of the other engines' nodes is in `cache_nodes`.
    pub port: Computed<Option<i64>>,
    /// The Outpost that it is on.
    pub preferred_outpost_arn: Computed<Option<String>>,
    /// The replication group that it belongs to.
    pub replication_group_id: Computed<Option<String>>,
    /// Ids of its security groups.
    pub security_group_ids: Computed<Set<String>>,
    /// How many days snapshots are kept.
    pub snapshot_retention_limit: Computed<Option<i64>>,
    /// When the daily snapshot is made (UTC), such as `03:00-04:00`.
    pub snapshot_window: Computed<Option<String>>,
    /// The subnets it may be in, by their group's name.
    pub subnet_group_name: Computed<Option<String>>,
}

impl DataSource for Cluster {
    const TYPE: &'static str = "aws_elasticache_cluster";
    const READS: Reads = Reads::of(
        &[Cost::each("elasticache:DescribeCacheClusters"), Cost::each("elasticache:ListTagsForResource")],
        "a call tells about one cache by its name, and its tags have a call of their own",
    );
    const UNSET: &'static [&'static str] =
        &["cluster_address", "configuration_endpoint", "notification_topic_arn", "port"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let found = clusters(aws, std::slice::from_ref(&self.cluster_id)).await?.pop();
        let missing = || {
            let name = &self.cluster_id;
            Error::Invalid(format!("there is no cache `{name}` in this region: look at `cluster_id`"))
        };
        let it = Live::<cluster::Cluster>::from(found.ok_or_else(missing)?).attributes;
        let tags = tags_of(aws, &it.arn).await?.unwrap_or_default();
        Ok(told(it, tags))
    }
}

fn told(it: cluster::Cluster, tags: Tags) -> Cluster {
    // Only Memcached has a place for all nodes, and thus one port.
    let port = it.port.0.0.filter(|_| it.configuration_endpoint.is_some());
    Cluster {
        cluster_id: it.cluster_id.0,
        tags: Chosen(tags),
        id: it.id,
        arn: it.arn,
        availability_zone: Computed(it.availability_zone.0.0),
        cache_nodes: it.cache_nodes,
        cluster_address: it.cluster_address,
        configuration_endpoint: it.configuration_endpoint,
        engine: Computed(it.engine.0.0),
        engine_version: it.engine_version_actual,
        ip_discovery: Computed(it.ip_discovery.0),
        log_delivery_configuration: Computed(it.log_delivery_configuration),
        maintenance_window: Computed(it.maintenance_window.0),
        network_type: Computed(it.network_type.0.0),
        node_type: Computed(it.node_type.0),
        notification_topic_arn: Computed(it.notification_topic_arn),
        num_cache_nodes: Computed(it.num_cache_nodes.0),
        parameter_group_name: Computed(it.parameter_group_name.0),
        port: Computed(port),
        preferred_outpost_arn: Computed(it.preferred_outpost_arn.0.0),
        replication_group_id: Computed(it.replication_group_id.0.0),
        security_group_ids: Computed(it.security_group_ids.0),
        snapshot_retention_limit: Computed(it.snapshot_retention_limit),
        snapshot_window: Computed(it.snapshot_window.0),
        subnet_group_name: Computed(it.subnet_group_name.0.0),
    }
}
