use std::time::Duration;

use aws_sdk_elasticache::operation::modify_cache_cluster::ModifyCacheClusterInput;
use aws_sdk_elasticache::operation::modify_cache_cluster::builders::ModifyCacheClusterInputBuilder as Changes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::logs::{self, LogDelivery};
use super::{CACHES, DAILY, WEEKLY, clusters, engines, made, tags};
use crate::aws::shape::{changed, given, listed, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod plan;
mod seen;

/// A cache: nodes of Memcached, or one node of Redis or Valkey.
///
/// ```toml
/// [aws_elasticache_cluster.sessions]
/// cluster_id = "sessions"
/// engine = "memcached"
/// node_type = "cache.t4g.micro"
/// num_cache_nodes = 2
/// az_mode = "cross-az"
/// subnet_group_name = "shop"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Its name: small letters, digits, single hyphens.
    #[schemars(length(min = 1, max = 50), regex(pattern = "^[a-z][0-9a-z]*(-[0-9a-z]+)*$"))]
    pub cluster_id: Fixed<String>,
    /// `memcached`, `redis` or `valkey`; or say `replication_group_id`.
    #[schemars(extend("enum" = ["memcached", "redis", "valkey"]))]
    pub engine: Chosen<Fixed<Option<String>>>,
    /// Such as `1.6.22` of Memcached, `7.1` or `6.x` of Redis, `8.0` of Valkey.
    pub engine_version: Chosen<Option<String>>,
    /// The version that AWS runs.
    pub engine_version_actual: Computed<Option<String>>,
    /// The replication group that it adds a replica to.
    #[schemars(length(max = 40), regex(pattern = "^([A-Za-z][0-9A-Za-z]*(-[0-9A-Za-z]+)*)?$"))]
    pub replication_group_id: Chosen<Fixed<Option<String>>>,
    /// The size of its nodes, such as `cache.t4g.micro`.
    pub node_type: Chosen<Option<String>>,
    /// How many nodes: 1 to 40 of Memcached, 1 of the others.
    pub num_cache_nodes: Chosen<Option<i64>>,
    /// `single-az`, or `cross-az`: nodes in several zones.
    #[schemars(extend("enum" = ["cross-az", "single-az"]))]
    pub az_mode: Chosen<Option<String>>,
    /// The zone of all nodes.
    pub availability_zone: Chosen<Fixed<Option<String>>>,
    /// A zone for each node.
    #[serde(default)]
    pub preferred_availability_zones: Local<Vec<String>>,
    /// The subnets it may be in, by their group's name.
    pub subnet_group_name: Chosen<Fixed<Option<String>>>,
    /// Ids of its security groups.
    pub security_group_ids: Chosen<Set<String>>,
    /// The port it listens at: 11211 of Memcached, 6379 of the others.
    pub port: Chosen<Fixed<Option<i64>>>,
    /// `ipv4`, `ipv6` or `dual_stack`.
    #[schemars(extend("enum" = ["dual_stack", "ipv4", "ipv6"]))]
    pub network_type: Chosen<Fixed<Option<String>>>,
    /// Whether programs are told addresses of `ipv4` or `ipv6`.
    #[schemars(extend("enum" = ["ipv4", "ipv6"]))]
    pub ip_discovery: Chosen<Option<String>>,
    /// Encrypt what goes over the network.
    pub transit_encryption_enabled: Chosen<Fixed<Option<bool>>>,
    /// The settings of its engine, by their parameter group's name.
    pub parameter_group_name: Chosen<Option<String>>,
    /// ARN of the topic that is told of what happens.
    pub notification_topic_arn: Option<String>,
    /// Where its logs go.
    #[serde(default)]
    #[schemars(length(max = 2))]
    pub log_delivery_configuration: Set<LogDelivery>,
    /// When AWS may change it (UTC), such as `sun:04:00-sun:05:00`.
    #[schemars(regex(pattern = WEEKLY), extend("format" = "lower"))]
    pub maintenance_window: Chosen<Option<String>>,
    /// Make changes at once, and wait for them. Else some of them are made in the maintenance window.
    pub apply_immediately: Chosen<Local<Option<bool>>>,
    /// Let AWS bring the engine up to date: `true` or `false`.
    #[serde(default = "truth")]
    #[schemars(extend("enum" = ["", "true", "false"]))]
    pub auto_minor_version_upgrade: String,
    /// How many days snapshots are kept: 0 (none) to 35.
    #[schemars(range(max = 35))]
    pub snapshot_retention_limit: Option<i64>,
    /// When the daily snapshot is made (UTC), such as `03:00-04:00`.
    #[schemars(regex(pattern = DAILY))]
    pub snapshot_window: Chosen<Option<String>>,
    /// Begin with the content of this snapshot.
    pub snapshot_name: Fixed<Option<String>>,
    /// Begin with the content of a file in S3, by its ARN.
    #[serde(default)]
    #[schemars(inner(regex(pattern = r"^arn:[^,]+$")))]
    pub snapshot_arns: Fixed<Vec<String>>,
    /// Name of the last snapshot, made when it is removed. Not of Memcached.
    pub final_snapshot_identifier: Local<Option<String>>,
    /// On Outposts: `single-outpost` or `cross-outpost`.
    #[schemars(extend("enum" = ["cross-outpost", "single-outpost"]))]
    pub outpost_mode: Fixed<Option<String>>,
    /// The Outpost that it is on.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub preferred_outpost_arn: Chosen<Fixed<Option<String>>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Its nodes.
    pub cache_nodes: Computed<Vec<Node>>,
    /// Where Memcached's nodes are told, without the port.
    pub cluster_address: Computed<Option<String>>,
    /// Where Memcached's nodes are told: `address:port`.
    pub configuration_endpoint: Computed<Option<String>>,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Such as `0001`.
    pub id: Option<String>,
    /// Where to connect to, without the port.
    pub address: Option<String>,
    /// The port.
    pub port: Option<i64>,
    /// The zone it is in.
    pub availability_zone: Option<String>,
    /// The Outpost it is on.
    pub outpost_arn: Option<String>,
}

fn truth() -> String {
    "true".into()
}

impl Resource for Cluster {
    const TYPE: &'static str = "aws_elasticache_cluster";
    const IMPORT: &'static [&'static str] = &["sessions"];
    const TAGS: TagApi = TagApi::Elasticache;
    const READS: Reads = Reads::of(
        &[Cost::page("elasticache:DescribeCacheClusters", 100).same()],
        "a call tells about one cache by its name, or about 100 of all; whoever asks about several shares that answer",
    );
    // An update may take twice as long as a create; one patience is for both.
    const PATIENCE: Duration = Duration::from_secs(80 * 60);
    const DELETE_PATIENCE: Duration = Duration::from_secs(40 * 60);
    const CREATE_SECONDS: u32 = 300;
    const PASSING: &'static [&'static [Passing]] = &[CACHES];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_lowercase())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        Ok(clusters(aws, names).await?.into_iter().map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let joins = given::<String, _>(&self.replication_group_id).is_some();
        let upgrades = self.auto_minor_version_upgrade.parse::<bool>().ok();
        let call = aws
            .elasticache()
            .create_cache_cluster()
            .cache_cluster_id(&*self.cluster_id.0)
            .set_auto_minor_version_upgrade(upgrades)
            .set_log_delivery_configurations(logs::wanted(&self.log_delivery_configuration))
            .set_preferred_availability_zones(listed(&self.preferred_availability_zones))
            .set_security_group_ids(listed(&self.security_group_ids).filter(|_| !joins))
            .set_snapshot_arns(listed(&self.snapshot_arns))
            .set_tags(tags(&new.tags));
        let call = hand!(call, self, {
            set_az_mode: az_mode,
            set_cache_node_type: node_type,
            set_cache_parameter_group_name: parameter_group_name,
            set_cache_subnet_group_name: subnet_group_name,
            set_engine: engine,
            set_engine_version: engine_version,
            set_ip_discovery: ip_discovery,
            set_network_type: network_type,
            set_notification_topic_arn: notification_topic_arn,
            set_num_cache_nodes: num_cache_nodes,
            set_outpost_mode: outpost_mode,
            set_port: port,
            set_preferred_availability_zone: availability_zone,
            set_preferred_maintenance_window: maintenance_window,
            set_preferred_outpost_arn: preferred_outpost_arn,
            set_replication_group_id: replication_group_id,
            set_snapshot_name: snapshot_name,
            set_snapshot_retention_limit: snapshot_retention_limit,
            set_snapshot_window: snapshot_window,
            set_transit_encryption_enabled: transit_encryption_enabled,
        });
        let name = call.send().await?.cache_cluster.and_then(|it| it.cache_cluster_id);
        name.map(|it| it.to_lowercase()).ok_or(Error::Incomplete("the cache's name"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let changes = self.changes(was)?;
        if changes != ModifyCacheClusterInput::builder() {
            let now = aws.completes() || self.apply_immediately.unwrap_or_default();
            let call = changes.cache_cluster_id(was.key()).apply_immediately(now);
            call.send_with(aws.elasticache()).await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.elasticache().delete_cache_cluster().cache_cluster_id(self.key());
        call.set_final_snapshot_identifier(given(&self.final_snapshot_identifier)).send().await?;
        Ok(())
    }

    // CreateCacheCluster takes no client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = self.cluster_id.to_lowercase();
        let ours = made(new, async || {
            let found = clusters(&aws.exactly(true), std::slice::from_ref(&name)).await?.pop();
            Ok(found.map(|it| it.cache_cluster_create_time.map(|it| it.secs())))
        });
        Ok(ours.await?.then_some(name.clone()))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        let (engine, runs) = (self.engine.as_deref(), self.engine_version_actual.as_deref());
        let said = engines::said(
            engine.unwrap_or_default(),
            runs.unwrap_or_default(),
            kept.engine_version.as_deref(),
        );
        self.engine_version = Chosen(Some(said));
        // AWS does not say these.
        self.outpost_mode = kept.outpost_mode.clone();
        self.snapshot_arns = kept.snapshot_arns.clone();
        self.snapshot_name = kept.snapshot_name.clone();
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan::adjust(plan);
    }
}

impl Cluster {
    fn changes(&self, was: &Self) -> Result<Changes> {
        let groups = *self.security_group_ids != *was.security_group_ids;
        let upgrades = self.auto_minor_version_upgrade != was.auto_minor_version_upgrade;
        let topic = changed(&self.notification_topic_arn, &was.notification_topic_arn);
        let silent = topic.as_deref() == Some("");
        let days = changed(&self.snapshot_retention_limit, &was.snapshot_retention_limit);
        let call = ModifyCacheClusterInput::builder()
            .set_security_group_ids(listed(&self.security_group_ids).filter(|_| groups))
            .set_cache_parameter_group_name(changed(&self.parameter_group_name, &was.parameter_group_name))
            .set_ip_discovery(changed(&self.ip_discovery, &was.ip_discovery).map(|it| it.as_str().into()))
            .set_log_delivery_configurations(logs::changed(
                &self.log_delivery_configuration,
                &was.log_delivery_configuration,
            ))
            .set_preferred_maintenance_window(changed(&self.maintenance_window, &was.maintenance_window))
            .set_notification_topic_arn(topic)
            .set_notification_topic_status(silent.then(|| "inactive".to_owned()))
            .set_engine_version(changed(&self.engine_version, &was.engine_version))
            .set_auto_minor_version_upgrade(
                self.auto_minor_version_upgrade.parse::<bool>().ok().filter(|_| upgrades),
            )
            .set_snapshot_window(changed(&self.snapshot_window, &was.snapshot_window))
            .set_cache_node_type(changed(&self.node_type, &was.node_type))
            .set_snapshot_retention_limit(days.and_then(|it| sent(&it)))
            .set_az_mode(changed(&self.az_mode, &was.az_mode).map(|it| it.as_str().into()));
        self.count(was, call)
    }

    /// More nodes, or fewer: the last ones go.
    fn count(&self, was: &Self, call: Changes) -> Result<Changes> {
        let (count, before) =
            (self.num_cache_nodes.unwrap_or_default(), was.num_cache_nodes.unwrap_or_default());
        if count == before {
            return Ok(call);
        }
        let call = call.set_num_cache_nodes(sent(&count));
        if count < before {
            let gone = (count + 1..=before).rev().map(|it| format!("{it:04}")).collect();
            return Ok(call.set_cache_node_ids_to_remove(Some(gone)));
        }
        let zones = &self.preferred_availability_zones;
        if zones.is_empty() {
            return Ok(call);
        }
        let skip = usize::try_from(before).unwrap_or_default();
        if i64::try_from(zones.len()) != Ok(count) {
            let text = "`preferred_availability_zones` must name a zone for each of `num_cache_nodes`";
            return Err(Error::Invalid(text.to_owned()));
        }
        Ok(call.set_new_availability_zones(Some(zones.iter().skip(skip).cloned().collect())))
    }
}

/// Whether it can be used, in ElastiCache's words.
pub(super) fn status(word: Option<&str>) -> Status {
    match word {
        None | Some("available") => Status::Ready,
        Some(bad @ ("create-failed" | "restore-failed" | "incompatible-network")) => {
            Status::Failed(bad.to_owned())
        }
        Some(other) => Status::Pending(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn changes(was: Json, it: Json) -> Changes {
        let cluster = |more: Json| -> Cluster {
            let mut all = json!({ "cluster_id": "it", "auto_minor_version_upgrade": "true" });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            serde_json::from_value(all).unwrap()
        };
        cluster(it).changes(&cluster(was)).unwrap()
    }

    #[test]
    fn the_last_nodes_go_and_new_ones_have_their_zones() {
        let empty = ModifyCacheClusterInput::builder;
        let wanted = empty().num_cache_nodes(1).cache_node_ids_to_remove("0003");
        let fewer = changes(json!({ "num_cache_nodes": 3 }), json!({ "num_cache_nodes": 1 }));
        assert_eq!(fewer, wanted.cache_node_ids_to_remove("0002"));
        let more = json!({ "num_cache_nodes": 2, "preferred_availability_zones": ["a", "b"] });
        let wanted = empty().num_cache_nodes(2).new_availability_zones("b");
        assert_eq!(changes(json!({ "num_cache_nodes": 1 }), more), wanted);
    }

    #[test]
    fn a_topic_that_goes_is_silenced() {
        let wanted = ModifyCacheClusterInput::builder().notification_topic_arn("");
        let silent = changes(json!({ "notification_topic_arn": "arn:aws:sns:x" }), json!({}));
        assert_eq!(silent, wanted.notification_topic_status("inactive"));
        assert_eq!(changes(json!({}), json!({})), ModifyCacheClusterInput::builder());
    }
}
