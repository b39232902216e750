use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::elasticache::logs::LogDelivery;
use crate::aws::elasticache::replication_group;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A cache with replicas that is there already.
///
/// ```toml
/// [data.aws_elasticache_replication_group.shop]
/// replication_group_id = "shop"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplicationGroup {
    /// Its name.
    #[schemars(length(min = 1, max = 40), regex(pattern = "^[A-Za-z][0-9A-Za-z]*(-[0-9A-Za-z]+)*$"))]
    pub replication_group_id: String,
    /// Its name, in small letters.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// Whether clients need a password.
    pub auth_token_enabled: Computed<bool>,
    /// Whether a replica becomes the primary where that fails.
    pub automatic_failover_enabled: Computed<bool>,
    /// `enabled`: several shards; `disabled`; or `compatible` on the way from one to the other.
    pub cluster_mode: Computed<Option<String>>,
    /// Where clients of one with shards connect to.
    pub configuration_endpoint_address: Computed<Option<String>>,
    /// What it is for.
    pub description: Computed<String>,
    /// Where its logs go.
    pub log_delivery_configuration: Computed<Set<LogDelivery>>,
    /// Names of its nodes.
    pub member_clusters: Computed<Set<String>>,
    /// Whether replicas are kept in other zones.
    pub multi_az_enabled: Computed<bool>,
    /// The size of its nodes, such as `cache.t4g.micro`.
    pub node_type: Computed<Option<String>>,
    /// How many nodes, the primary included.
    pub num_cache_clusters: Computed<Option<i64>>,
    /// How many shards.
    pub num_node_groups: Computed<Option<i64>>,
    /// The port it listens at.
    pub port: Computed<Option<i64>>,
    /// Where clients of one without shards connect to for writing.
    pub primary_endpoint_address: Computed<Option<String>>,
    /// Where clients of one without shards connect to for reading.
    pub reader_endpoint_address: Computed<Option<String>>,
    /// How many replicas each shard has.
    pub replicas_per_node_group: Computed<Option<i64>>,
    /// How many days snapshots are kept.
    pub snapshot_retention_limit: Computed<Option<i64>>,
    /// When the daily snapshot is made (UTC), such as `03:00-04:00`.
    pub snapshot_window: Computed<Option<String>>,
}

impl DataSource for ReplicationGroup {
    const TYPE: &'static str = "aws_elasticache_replication_group";
    const READS: Reads = Reads::of(
        &[Cost::each("elasticache:DescribeReplicationGroups")],
        "a call tells about one group by its name",
    );
    const UNSET: &'static [&'static str] =
        &["configuration_endpoint_address", "primary_endpoint_address", "reader_endpoint_address"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let name = self.replication_group_id;
        let Some(it) = replication_group::named(aws, &name).await? else {
            let text = "in this region: look at `replication_group_id`";
            return Err(Error::Invalid(format!("there is no replication group `{name}` {text}")));
        };
        if *it.num_node_groups == Some(0) {
            let text = "has no nodes yet: wait until it is there";
            return Err(Error::Invalid(format!("the replication group `{name}` {text}")));
        }
        Ok(told(name, it))
    }
}

fn told(name: String, it: replication_group::ReplicationGroup) -> ReplicationGroup {
    ReplicationGroup {
        replication_group_id: name,
        id: it.id,
        arn: it.arn,
        auth_token_enabled: Computed(it.auth_token.is_some()),
        automatic_failover_enabled: Computed(it.automatic_failover_enabled),
        cluster_mode: Computed(it.cluster_mode.0),
        configuration_endpoint_address: it.configuration_endpoint_address,
        description: Computed(it.description),
        log_delivery_configuration: Computed(it.log_delivery_configuration),
        member_clusters: it.member_clusters,
        multi_az_enabled: Computed(it.multi_az_enabled),
        node_type: Computed(it.node_type.0),
        num_cache_clusters: Computed(it.num_cache_clusters.0),
        num_node_groups: Computed(it.num_node_groups.0),
        port: Computed(it.port.0),
        primary_endpoint_address: it.primary_endpoint_address,
        reader_endpoint_address: it.reader_endpoint_address,
        replicas_per_node_group: Computed(it.replicas_per_node_group.0),
        snapshot_retention_limit: Computed(it.snapshot_retention_limit),
        snapshot_window: Computed(it.snapshot_window.0),
    }
}
