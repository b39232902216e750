use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_elasticache::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::logs::{self, LogDelivery};
use super::{CACHES, DAILY, WEEKLY, clusters, engines, made, tags};
use crate::aws::pages::picked;
use crate::aws::shape::{given, listed, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod change;
mod plan;
mod seen;

/// A cache of Redis or Valkey with replicas, in one shard or several.
///
/// ```toml
/// [aws_elasticache_replication_group.shop]
/// replication_group_id = "shop"
/// description = "the shop's cache"
/// engine = "valkey"
/// engine_version = "8.0"
/// node_type = "cache.t4g.micro"
/// num_cache_clusters = 2
/// automatic_failover_enabled = true
/// multi_az_enabled = true
/// subnet_group_name = "shop"
/// at_rest_encryption_enabled = "true"
/// transit_encryption_enabled = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplicationGroup {
    /// Its name: letters, digits, single hyphens. AWS makes its letters small.
    #[schemars(length(min = 1, max = 40), regex(pattern = "^[A-Za-z][0-9A-Za-z]*(-[0-9A-Za-z]+)*$"), extend("format" = "lower"))]
    pub replication_group_id: Fixed<String>,
    /// What it is for.
    #[schemars(length(min = 1))]
    pub description: String,
    /// `redis` or `valkey`. From Valkey back to Redis is a replacement.
    #[serde(default = "redis")]
    #[schemars(extend("enum" = ["redis", "valkey"], "format" = "caseless"))]
    pub engine: String,
    /// Such as `7.1` or `6.x` of Redis, `8.0` of Valkey. To an earlier one is a replacement.
    pub engine_version: Chosen<Option<String>>,
    /// The version that AWS runs.
    pub engine_version_actual: Computed<Option<String>>,
    /// The size of its nodes, such as `cache.t4g.micro`.
    pub node_type: Chosen<Option<String>>,
    /// How many nodes, the primary included; or say `num_node_groups` and `replicas_per_node_group`.
    pub num_cache_clusters: Chosen<Option<i64>>,
    /// How many shards.
    pub num_node_groups: Chosen<Option<i64>>,
    /// How many replicas each shard has: 0 to 5.
    #[schemars(range(min = 0, max = 5))]
    pub replicas_per_node_group: Chosen<Option<i64>>,
    /// `enabled`: several shards; `disabled`; or `compatible` on the way from one to the other.
    #[schemars(extend("enum" = ["compatible", "disabled", "enabled"]))]
    pub cluster_mode: Chosen<Option<String>>,
    /// Zones of the nodes, the primary's first.
    #[serde(default)]
    pub preferred_cache_cluster_azs: Local<Vec<String>>,
    /// A replica becomes the primary where that fails.
    #[serde(default)]
    pub automatic_failover_enabled: bool,
    /// Keep replicas in other zones.
    #[serde(default)]
    pub multi_az_enabled: bool,
    /// Move what is seldom used to disks.
    pub data_tiering_enabled: Chosen<Fixed<Option<bool>>>,
    /// The global group that it belongs to, which then says engine, size and settings.
    pub global_replication_group_id: Chosen<Fixed<Option<String>>>,
    /// The subnets it may be in, by their group's name.
    pub subnet_group_name: Chosen<Fixed<Option<String>>>,
    /// Ids of its security groups.
    pub security_group_ids: Chosen<Set<String>>,
    /// Names of cache security groups, outside of any VPC.
    pub security_group_names: Chosen<Fixed<Set<String>>>,
    /// The port it listens at; 6379 where none is given.
    pub port: Fixed<Option<i64>>,
    /// `ipv4`, `ipv6` or `dual_stack`.
    #[schemars(extend("enum" = ["dual_stack", "ipv4", "ipv6"]))]
    pub network_type: Chosen<Fixed<Option<String>>>,
    /// Whether programs are told addresses of `ipv4` or `ipv6`.
    #[schemars(extend("enum" = ["ipv4", "ipv6"]))]
    pub ip_discovery: Chosen<Option<String>>,
    /// Encrypt what is stored: `true` or `false`.
    #[schemars(extend("enum" = ["", "true", "false"]))]
    pub at_rest_encryption_enabled: Chosen<Fixed<Option<String>>>,
    /// The KMS key for that; else AWS's own for ElastiCache.
    pub kms_key_id: Fixed<Option<String>>,
    /// Encrypt what goes over the network. Of a Redis before 7.0.5 a change is a replacement.
    pub transit_encryption_enabled: Chosen<Option<bool>>,
    /// `required`, or `preferred`: also take connections without.
    #[schemars(extend("enum" = ["preferred", "required"]))]
    pub transit_encryption_mode: Chosen<Option<String>>,
    /// The password of all clients: 16 to 128 printable characters. Never printed; kept in the state.
    #[schemars(length(min = 16, max = 128), regex(pattern = r#"^[^"/@\s]*$"#))]
    pub auth_token: Secret<Option<String>>,
    /// How it is changed: `ROTATE` (both are taken for a while), `SET` (only the new one), `DELETE` (for user groups).
    #[serde(default = "rotate")]
    #[schemars(extend("enum" = ["DELETE", "ROTATE", "SET"], "format" = "caseless"))]
    pub auth_token_update_strategy: String,
    /// Ids of groups of users, instead of one password.
    #[serde(default)]
    pub user_group_ids: Set<String>,
    /// The settings of its engine, by their parameter group's name.
    pub parameter_group_name: Chosen<Option<String>>,
    /// ARN of the topic that is told of what happens.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub notification_topic_arn: Option<String>,
    /// Where its logs go.
    #[serde(default)]
    #[schemars(length(max = 2))]
    pub log_delivery_configuration: Set<LogDelivery>,
    /// When AWS may change it (UTC), such as `sun:04:00-sun:05:00`.
    #[schemars(regex(pattern = WEEKLY), extend("format" = "lower"))]
    pub maintenance_window: Chosen<Option<String>>,
    /// Make changes at once. Else some of them are made in the maintenance window.
    pub apply_immediately: Chosen<Local<Option<bool>>>,
    /// Let AWS bring the engine up to date: `true` or `false`.
    #[schemars(extend("enum" = ["", "true", "false"]))]
    pub auto_minor_version_upgrade: Chosen<Option<String>>,
    /// How many days snapshots are kept: 0 (none) to 35.
    #[schemars(range(max = 35))]
    pub snapshot_retention_limit: Option<i64>,
    /// When the daily snapshot is made (UTC), such as `03:00-04:00`.
    #[schemars(regex(pattern = DAILY))]
    pub snapshot_window: Chosen<Option<String>>,
    /// Begin with the content of this snapshot.
    pub snapshot_name: Fixed<Option<String>>,
    /// Begin with the content of files in S3, by their ARNs.
    #[serde(default)]
    #[schemars(inner(regex(pattern = r"^arn:[^,]+$")))]
    pub snapshot_arns: Fixed<Set<String>>,
    /// Name of the last snapshot, made when it is removed.
    pub final_snapshot_identifier: Local<Option<String>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Its name, in small letters.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Whether it has shards.
    pub cluster_enabled: Computed<Option<bool>>,
    /// Where clients of one with shards connect to.
    pub configuration_endpoint_address: Computed<Option<String>>,
    /// Where clients of one without shards connect to for writing.
    pub primary_endpoint_address: Computed<Option<String>>,
    /// Where clients of one without shards connect to for reading.
    pub reader_endpoint_address: Computed<Option<String>>,
    /// Names of its nodes.
    pub member_clusters: Computed<Set<String>>,
}

fn redis() -> String {
    "redis".into()
}

fn rotate() -> String {
    "ROTATE".into()
}

async fn described(aws: &Aws, names: &[String]) -> Result<Vec<sdk::ReplicationGroup>> {
    let call = || aws.elasticache().describe_replication_groups();
    let mut pages = call().into_paginator().send();
    picked(
        names,
        async |name| {
            let answer = call().replication_group_id(name).send().await?;
            Ok(answer.replication_groups.unwrap_or_default())
        },
        async || Ok(pages.try_next().await?),
        |page| page.replication_groups.unwrap_or_default(),
        |it| it.replication_group_id.as_deref(),
    )
    .await
}

/// The group of this name, without what only its nodes tell.
pub(super) async fn named(aws: &Aws, name: &str) -> Result<Option<ReplicationGroup>> {
    let found = described(aws, &[name.to_owned()]).await?.pop();
    Ok(found.map(|it| seen::live(it, None).attributes))
}

/// The node that tells what is the same of all nodes.
fn first_member(it: &sdk::ReplicationGroup) -> Option<String> {
    it.node_groups().first()?.node_group_members().first()?.cache_cluster_id.clone()
}

impl Resource for ReplicationGroup {
    const TYPE: &'static str = "aws_elasticache_replication_group";
    const SCHEMA_VERSION: u64 = 2;
    const IMPORT: &'static [&'static str] = &["shop"];
    const UNWRITTEN: &'static [&'static str] = &["num_node_groups", "replicas_per_node_group"];
    const TAGS: TagApi = TagApi::Elasticache;
    const READS: Reads = Reads::of(
        &[
            Cost::page("elasticache:DescribeReplicationGroups", 100),
            Cost::page("elasticache:DescribeCacheClusters", 100).same(),
        ],
        "a call tells about one group by its name, or about 100 of all; what is the same of all nodes is told of a node, and about 100 of them in a call",
    );
    const PATIENCE: Duration = Duration::from_secs(60 * 60);
    const DELETE_PATIENCE: Duration = Duration::from_secs(45 * 60);
    const CREATE_SECONDS: u32 = 480;
    const PASSING: &'static [&'static [Passing]] = &[CACHES];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_lowercase())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let groups = described(aws, names).await?;
        let members: Vec<String> = groups.iter().filter_map(first_member).collect();
        let nodes = match members.is_empty() {
            true => Vec::new(),
            false => clusters(aws, &members).await?,
        };
        let mut nodes: HashMap<String, sdk::CacheCluster> =
            nodes.into_iter().filter_map(|it| Some((it.cache_cluster_id.clone()?, it))).collect();
        let live = groups.into_iter().map(|it| {
            let node = first_member(&it).and_then(|it| nodes.remove(&it));
            seen::live(it, node)
        });
        Ok(live.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let global = given::<String, _>(&self.global_replication_group_id).is_some();
        let switch = |it: &Option<String>| it.as_deref().and_then(|it| it.parse::<bool>().ok());
        let call = aws
            .elasticache()
            .create_replication_group()
            .replication_group_id(&*self.replication_group_id.0)
            .set_at_rest_encryption_enabled(switch(&self.at_rest_encryption_enabled))
            .set_auto_minor_version_upgrade(switch(&self.auto_minor_version_upgrade))
            .set_log_delivery_configurations(logs::wanted(&self.log_delivery_configuration))
            .set_preferred_cache_cluster_azs(listed(&self.preferred_cache_cluster_azs))
            .set_replicas_per_node_group(sent(&self.replicas_per_node_group))
            .set_cache_security_group_names(listed(&self.security_group_names))
            .set_security_group_ids(listed(&self.security_group_ids))
            .set_snapshot_arns(listed(&self.snapshot_arns))
            .set_user_group_ids(listed(&self.user_group_ids))
            .set_tags(tags(&new.tags));
        let call = hand!(call, self, {
            set_auth_token: auth_token,
            set_cache_parameter_group_name: parameter_group_name,
            set_cache_subnet_group_name: subnet_group_name,
            set_cluster_mode: cluster_mode,
            set_data_tiering_enabled: data_tiering_enabled,
            set_engine_version: engine_version,
            set_global_replication_group_id: global_replication_group_id,
            set_ip_discovery: ip_discovery,
            set_kms_key_id: kms_key_id,
            set_multi_az_enabled: multi_az_enabled,
            set_network_type: network_type,
            set_notification_topic_arn: notification_topic_arn,
            set_num_cache_clusters: num_cache_clusters,
            set_num_node_groups: num_node_groups,
            set_port: port,
            set_preferred_maintenance_window: maintenance_window,
            set_replication_group_description: description,
            set_snapshot_name: snapshot_name,
            set_snapshot_retention_limit: snapshot_retention_limit,
            set_snapshot_window: snapshot_window,
            set_transit_encryption_mode: transit_encryption_mode,
        });
        // A global group says these.
        let call = match global {
            true => call,
            false => call
                .automatic_failover_enabled(self.automatic_failover_enabled)
                .transit_encryption_enabled(self.transit_encryption_enabled.unwrap_or_default())
                .engine(self.engine.to_lowercase())
                .set_cache_node_type(given(&self.node_type)),
        };
        let name = call.send().await?.replication_group.and_then(|it| it.replication_group_id);
        name.ok_or(Error::Incomplete("the group's name"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        change::update(self, aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        if let Some(global) = self.global_replication_group_id.as_deref().filter(|it| !it.is_empty()) {
            change::leave(aws, global, &self.key()).await?;
        }
        let call = aws.elasticache().delete_replication_group().replication_group_id(self.key());
        call.set_final_snapshot_identifier(given(&self.final_snapshot_identifier)).send().await?;
        Ok(())
    }

    // CreateReplicationGroup takes no client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = self.replication_group_id.to_lowercase();
        let ours = made(new, async || {
            let found = described(aws, std::slice::from_ref(&name)).await?.pop();
            Ok(found.map(|it| it.replication_group_create_time.map(|it| it.secs())))
        });
        Ok(ours.await?.then_some(name.clone()))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        let runs = self.engine_version_actual.as_deref().unwrap_or_default();
        let said = engines::said(&self.engine, runs, kept.engine_version.as_deref());
        self.engine_version = Chosen(Some(said).filter(|it| !it.is_empty()));
        // AWS does not say these.
        if self.auth_token.is_some() {
            self.auth_token = kept.auth_token.clone();
        }
        self.auth_token_update_strategy = kept.auth_token_update_strategy.clone();
        self.notification_topic_arn = kept.notification_topic_arn.clone();
        self.snapshot_arns = kept.snapshot_arns.clone();
        self.snapshot_name = kept.snapshot_name.clone();
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan::adjust(plan);
    }
}
