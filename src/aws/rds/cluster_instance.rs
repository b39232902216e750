use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_rds::operation::modify_db_instance::ModifyDbInstanceInput;
use aws_sdk_rds::operation::modify_db_instance::builders::ModifyDbInstanceInputBuilder as Changes;
use aws_sdk_rds::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::instances::{self, CHANGES_PENDING};
use super::{BEING_DELETED, DAILY, LAST_OF_REPLICA, RDS, WEEKLY, cluster, tags, tags_seen, versions};
use crate::aws::shape::{changed, given, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// An instance of an Aurora cluster: the writer, or one that reads.
///
/// ```toml
/// [aws_rds_cluster_instance.shop]
/// count = 2
/// identifier = "shop-${count.index}"
/// cluster_identifier = "shop"
/// engine = "aurora-postgresql"
/// instance_class = "db.serverless"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterInstance {
    /// Its name. Else one is made up.
    #[schemars(length(max = 63), regex(pattern = r"^([a-z][0-9a-z]*(-[0-9a-z]+)*)?$"))]
    pub identifier: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 37), regex(pattern = r"^([a-z](-?[0-9a-z])*-?)?$"))]
    pub identifier_prefix: Chosen<Fixed<Option<String>>>,
    /// The cluster.
    pub cluster_identifier: Fixed<String>,
    /// The cluster's engine.
    #[schemars(regex(pattern = "^(custom-.*|aurora|aurora-mysql|aurora-postgresql|mysql|postgres)$"))]
    pub engine: Fixed<String>,
    /// The cluster's version; it changes with the cluster's.
    pub engine_version: Chosen<Option<String>>,
    /// The version that AWS runs.
    pub engine_version_actual: Computed<Option<String>>,
    /// Its size, such as `db.r6g.large`, or `db.serverless`.
    pub instance_class: String,
    /// The zone it is in.
    pub availability_zone: Chosen<Fixed<Option<String>>>,
    /// The cluster's subnet group.
    pub db_subnet_group_name: Chosen<Fixed<Option<String>>>,
    /// The settings of its engine, by their parameter group's name.
    pub db_parameter_group_name: Chosen<Option<String>>,
    /// Give it a public address.
    pub publicly_accessible: Chosen<Option<bool>>,
    /// Who becomes the writer where that fails: the least number of 0 to 15.
    #[serde(default)]
    pub promotion_tier: i64,
    /// The certificate authority of its certificate.
    pub ca_cert_identifier: Chosen<Option<String>>,
    /// For RDS Custom: the instance profile, whose name starts with `AWSRDSCustom`.
    #[schemars(regex(pattern = "^(AWSRDSCustom.*)?$"))]
    pub custom_iam_instance_profile: Fixed<Option<String>>,
    /// Give snapshots the instance's tags.
    #[serde(default)]
    pub copy_tags_to_snapshot: bool,
    /// When the daily backup is made (UTC): the cluster's.
    #[schemars(regex(pattern = DAILY))]
    pub preferred_backup_window: Chosen<Option<String>>,
    /// When AWS may change it (UTC), such as `sun:04:00-sun:05:00`.
    #[schemars(regex(pattern = WEEKLY), extend("format" = "lower"))]
    pub preferred_maintenance_window: Chosen<Option<String>>,
    /// Make changes at once, and wait for them. Else some of them are made in the maintenance window.
    pub apply_immediately: Chosen<Local<Option<bool>>>,
    /// Let AWS bring the engine up to date.
    #[serde(default = "yes")]
    pub auto_minor_version_upgrade: bool,
    /// Remove the last instance of a cluster that is a replica, too: the cluster becomes one of its own.
    #[serde(default)]
    pub force_destroy: Local<bool>,
    /// Every so many seconds the operating system is looked at: 0 is never.
    #[serde(default)]
    pub monitoring_interval: i64,
    /// The role by which that is reported.
    pub monitoring_role_arn: Chosen<Option<String>>,
    /// Watch what the database spends its time on.
    pub performance_insights_enabled: Chosen<Option<bool>>,
    /// ARN of the KMS key that encrypts that.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub performance_insights_kms_key_id: Chosen<Option<String>>,
    /// How many days that is kept: 7, 31 for each month, or 731.
    pub performance_insights_retention_period: Chosen<Option<i64>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The instance's name.
    pub id: Computed<String>,
    /// The instance's ARN.
    pub arn: Computed<String>,
    /// Its id, such as `db-ABCDEFGHIJKLMNOPQRSTUVWXYZ`.
    pub dbi_resource_id: Computed<Option<String>>,
    /// Where to connect to, without the port.
    pub endpoint: Computed<Option<String>>,
    /// The port.
    pub port: Computed<Option<i64>>,
    /// ARN of the KMS key of the storage.
    pub kms_key_id: Computed<Option<String>>,
    /// `IPV4` or `DUAL`.
    pub network_type: Computed<Option<String>>,
    /// Whether the storage is encrypted.
    pub storage_encrypted: Computed<Option<bool>>,
    /// Whether it is the one that writes.
    pub writer: Computed<Option<bool>>,
}

fn yes() -> bool {
    true
}

impl Resource for ClusterInstance {
    const TYPE: &'static str = "aws_rds_cluster_instance";
    const IMPORT: &'static [&'static str] = &["shop-0"];
    const UNWRITTEN: &'static [&'static str] = &["identifier_prefix"];
    const TAGS: TagApi = TagApi::Rds;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeDBInstances", 100), Cost::page("rds:DescribeDBClusters", 100).same()],
        "a call takes 100 names and has 100 on a page; the clusters say who writes, and need no call of their own where the stack has them too",
    );
    const PATIENCE: Duration = Duration::from_secs(90 * 60);
    const CREATE_SECONDS: u32 = 420;
    const PASSING: &'static [&'static [Passing]] = &[RDS];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let found = instances::by(aws, "db-instance-id", names).await?;
        let found: Vec<_> = found.into_iter().filter(|it| it.db_cluster_identifier.is_some()).collect();
        let mut clusters: Vec<String> =
            found.iter().filter_map(|it| it.db_cluster_identifier.clone()).collect();
        clusters.sort();
        clusters.dedup();
        let clusters = match clusters.is_empty() {
            true => HashMap::new(),
            false => cluster::described(aws, &clusters).await?,
        };
        let writes = |it: &sdk::DbInstance| {
            let members = clusters.get(it.db_cluster_identifier()?)?.db_cluster_members().iter();
            let mut mine =
                members.filter(|member| member.db_instance_identifier == it.db_instance_identifier);
            mine.next()?.is_cluster_writer
        };
        Ok(found.into_iter().map(|it| live(writes(&it), it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let prefix = self.identifier_prefix.as_deref().filter(|it| !it.is_empty());
        let name = new.name(self.identifier.as_deref(), prefix.or(Some("tf-")));
        let call = aws
            .rds()
            .create_db_instance()
            .db_instance_identifier(&name)
            .db_cluster_identifier(&*self.cluster_identifier.0)
            .db_instance_class(&self.instance_class)
            .engine(&*self.engine.0)
            .auto_minor_version_upgrade(self.auto_minor_version_upgrade)
            .copy_tags_to_snapshot(self.copy_tags_to_snapshot)
            .publicly_accessible(self.publicly_accessible.unwrap_or_default())
            .set_promotion_tier(sent(&self.promotion_tier))
            .set_tags(tags(&new.tags));
        let call = hand!(call, self, {
            set_availability_zone: availability_zone,
            set_ca_certificate_identifier: ca_cert_identifier,
            set_custom_iam_instance_profile: custom_iam_instance_profile,
            set_db_parameter_group_name: db_parameter_group_name,
            set_db_subnet_group_name: db_subnet_group_name,
            set_enable_performance_insights: performance_insights_enabled,
            set_engine_version: engine_version,
            set_monitoring_interval: monitoring_interval,
            set_monitoring_role_arn: monitoring_role_arn,
            set_performance_insights_kms_key_id: performance_insights_kms_key_id,
            set_performance_insights_retention_period: performance_insights_retention_period,
            set_preferred_backup_window: preferred_backup_window,
            set_preferred_maintenance_window: preferred_maintenance_window,
        });
        let made = call.send().await?.db_instance.and_then(|it| it.db_instance_identifier);
        made.ok_or(Error::Incomplete("the instance's name"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let changes = self.changes(was);
        if changes != ModifyDbInstanceInput::builder() {
            let now = aws.completes() || self.apply_immediately.unwrap_or_default();
            let call = changes.db_instance_identifier(was.key()).apply_immediately(now);
            call.send_with(aws.rds()).await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        // What one of RDS Custom holds is its own, and a snapshot would be asked for.
        let custom = self.engine.starts_with("custom-").then_some(true);
        let call = aws.rds().delete_db_instance().db_instance_identifier(self.key());
        match call.set_skip_final_snapshot(custom).send().await.map_err(Error::from) {
            Err(it) if it.message().contains(BEING_DELETED) => Ok(()),
            Err(it) if it.message().contains(LAST_OF_REPLICA) && *self.force_destroy => {
                // The delete is asked for again when that is done.
                let call = aws.rds().promote_read_replica_db_cluster();
                call.db_cluster_identifier(&*self.cluster_identifier.0).send().await?;
                Err(busy(&self.cluster_identifier))
            }
            answer => answer.map(drop),
        }
    }

    // CreateDBInstance takes no client token, and says when it has made an instance only at its end.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        Ok(instances::marked(aws, &new.token).await?.and_then(|it| it.db_instance_identifier))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        let runs = self.engine_version_actual.0.clone().unwrap_or_default();
        let version =
            versions::as_kept(kept.engine_version.as_deref(), &runs, self.engine_version.as_deref());
        self.engine_version = Chosen(Some(version));
        self
    }

    fn awaits(&self, word: &str) -> bool {
        word != CHANGES_PENDING || self.apply_immediately.unwrap_or_default()
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["identifier", "identifier_prefix"]);
        let days = plan.config("performance_insights_retention_period").and_then(|it| it.as_number());
        if let Some(days) = days.map(|it| it.to_f64())
            && !(days == 7.0 || days == 731.0 || (7.0..731.0).contains(&days) && days % 31.0 == 0.0)
        {
            let text = "days are kept for a week (7), for some months of 31, or for two years (731)";
            plan.error("performance_insights_retention_period", text);
        }
    }
}

/// A refusal that passes when the cluster has been promoted.
fn busy(cluster: &str) -> Error {
    let message = format!("cluster {cluster} is being promoted");
    Error::Refused { code: "InvalidDBClusterStateFault".to_owned(), message, request: None }
}

fn number(ours: &Option<i64>, was: &Option<i64>) -> Option<i32> {
    changed(ours, was).and_then(|it| sent(&it))
}

impl ClusterInstance {
    fn changes(&self, was: &Self) -> Changes {
        let differs = |a: bool, b: bool| (a != b).then_some(a);
        let insights = self.performance_insights_enabled != was.performance_insights_enabled
            || self.performance_insights_kms_key_id != was.performance_insights_kms_key_id
            || self.performance_insights_retention_period != was.performance_insights_retention_period;
        let enabled = self.performance_insights_enabled.unwrap_or_default();
        let class = self.instance_class != was.instance_class;
        ModifyDbInstanceInput::builder()
            .set_auto_minor_version_upgrade(differs(
                self.auto_minor_version_upgrade,
                was.auto_minor_version_upgrade,
            ))
            .set_ca_certificate_identifier(changed(&self.ca_cert_identifier, &was.ca_cert_identifier))
            .set_copy_tags_to_snapshot(differs(self.copy_tags_to_snapshot, was.copy_tags_to_snapshot))
            .set_db_parameter_group_name(changed(&self.db_parameter_group_name, &was.db_parameter_group_name))
            .set_db_instance_class(class.then(|| self.instance_class.clone()))
            .set_monitoring_interval(number(&Some(self.monitoring_interval), &Some(was.monitoring_interval)))
            .set_monitoring_role_arn(changed(&self.monitoring_role_arn, &was.monitoring_role_arn))
            .set_enable_performance_insights(insights.then_some(enabled))
            .set_performance_insights_kms_key_id(
                given(&self.performance_insights_kms_key_id).filter(|_| insights),
            )
            .set_performance_insights_retention_period(
                given(&self.performance_insights_retention_period).filter(|_| insights),
            )
            .set_preferred_backup_window(changed(&self.preferred_backup_window, &was.preferred_backup_window))
            .set_preferred_maintenance_window(changed(
                &self.preferred_maintenance_window,
                &was.preferred_maintenance_window,
            ))
            .set_promotion_tier(number(&Some(self.promotion_tier), &Some(was.promotion_tier)))
            .set_publicly_accessible(changed(&self.publicly_accessible, &was.publicly_accessible))
    }
}

fn live(writes: Option<bool>, it: sdk::DbInstance) -> Live<ClusterInstance> {
    let status = instances::status(&it);
    let tags = Some(tags_seen(it.tag_list));
    let soon = it.pending_modified_values.and_then(|it| it.engine_version);
    let name: String = seen(it.db_instance_identifier);
    let parameters = it.db_parameter_groups.unwrap_or_default().into_iter().next();
    let (address, port) = it.endpoint.map(|it| (it.address, it.port)).unwrap_or_default();
    let attributes = ClusterInstance {
        identifier: Chosen(Fixed(Some(name.clone()))),
        identifier_prefix: Chosen(Fixed(name_prefix(&name))),
        cluster_identifier: seen(it.db_cluster_identifier),
        engine: seen(it.engine),
        // What is about to run, for [`Resource::as_kept`].
        engine_version: Chosen(soon.or(it.engine_version.clone())),
        engine_version_actual: seen(it.engine_version),
        instance_class: seen(it.db_instance_class),
        availability_zone: seen(it.availability_zone),
        db_subnet_group_name: seen(it.db_subnet_group.and_then(|it| it.db_subnet_group_name)),
        db_parameter_group_name: seen(parameters.and_then(|it| it.db_parameter_group_name)),
        publicly_accessible: seen(it.publicly_accessible),
        promotion_tier: seen(it.promotion_tier),
        ca_cert_identifier: seen(it.ca_certificate_identifier),
        custom_iam_instance_profile: seen(it.custom_iam_instance_profile),
        copy_tags_to_snapshot: seen(it.copy_tags_to_snapshot),
        preferred_backup_window: seen(it.preferred_backup_window),
        preferred_maintenance_window: seen(it.preferred_maintenance_window),
        apply_immediately: Chosen(Local(None)),
        auto_minor_version_upgrade: seen(it.auto_minor_version_upgrade),
        force_destroy: Local(false),
        monitoring_interval: seen(it.monitoring_interval),
        monitoring_role_arn: seen(it.monitoring_role_arn),
        performance_insights_enabled: seen(it.performance_insights_enabled),
        performance_insights_kms_key_id: seen(it.performance_insights_kms_key_id),
        performance_insights_retention_period: seen(it.performance_insights_retention_period),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(name.clone()),
        arn: seen(it.db_instance_arn),
        dbi_resource_id: seen(it.dbi_resource_id),
        endpoint: Computed(address),
        port: seen(port),
        kms_key_id: seen(it.kms_key_id),
        network_type: seen(it.network_type),
        storage_encrypted: seen(it.storage_encrypted),
        writer: Computed(writes),
    };
    Live { key: name, attributes, tags, status, unread: &[] }
}
