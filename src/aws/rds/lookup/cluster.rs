use aws_sdk_rds::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by_name::{is_meant, name_of, none};
use crate::aws::rds::cluster::described;
use crate::aws::rds::instances::MasterSecret;
use crate::aws::rds::tags_seen;
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// An Aurora database, or one that spans three zones, that is there already.
///
/// ```toml
/// [data.aws_rds_cluster.shop]
/// cluster_identifier = "shop"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Its name; or its ARN, and then the name is told.
    pub cluster_identifier: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// The cluster's ARN.
    pub arn: Computed<String>,
    /// Zones that hold copies of the storage.
    pub availability_zones: Computed<Set<String>>,
    /// How far back it can be wound, in seconds. Of Aurora MySQL.
    pub backtrack_window: Computed<i64>,
    /// How many days backups are kept.
    pub backup_retention_period: Computed<i64>,
    /// Names of its instances.
    pub cluster_members: Computed<Set<String>>,
    /// Its id, such as `cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ`.
    pub cluster_resource_id: Computed<String>,
    /// `standard`, or `limitless`: more than one writer.
    pub cluster_scalability_type: Computed<String>,
    /// `standard` or `advanced`.
    pub database_insights_mode: Computed<String>,
    /// The database that was made in it.
    pub database_name: Computed<Option<String>>,
    /// The settings of its engine, by their cluster parameter group's name.
    pub db_cluster_parameter_group_name: Computed<String>,
    /// The subnets it may be in, by their group's name.
    pub db_subnet_group_name: Computed<String>,
    /// For RDS Custom for Oracle: the system identifier.
    pub db_system_id: Computed<String>,
    /// Logs that are copied to CloudWatch.
    pub enabled_cloudwatch_logs_exports: Computed<Vec<String>>,
    /// Where to connect to for reading and writing.
    pub endpoint: Computed<String>,
    /// Such as `aurora-postgresql`.
    pub engine: Computed<String>,
    /// Such as `provisioned` or `serverless`.
    pub engine_mode: Computed<String>,
    /// The version that AWS runs.
    pub engine_version: Computed<String>,
    /// Never told.
    pub final_snapshot_identifier: Computed<Option<String>>,
    /// The hosted zone of the addresses, for an alias.
    pub hosted_zone_id: Computed<String>,
    /// Whether users may log in with IAM's tokens.
    pub iam_database_authentication_enabled: Computed<bool>,
    /// ARNs of roles by which it reaches other services.
    pub iam_roles: Computed<Set<String>>,
    /// ARN of the KMS key that encrypts the storage.
    pub kms_key_id: Computed<String>,
    /// The secret in Secrets Manager, where RDS keeps the password.
    pub master_user_secret: Computed<Option<Vec<MasterSecret>>>,
    /// The name of the master user.
    pub master_username: Computed<String>,
    /// Every so many seconds the operating system is looked at: 0 is never.
    pub monitoring_interval: Computed<i64>,
    /// The role by which that is reported.
    pub monitoring_role_arn: Computed<String>,
    /// `IPV4` or `DUAL`.
    pub network_type: Computed<String>,
    /// The port it listens at.
    pub port: Computed<i64>,
    /// When the daily backup is made (UTC).
    pub preferred_backup_window: Computed<String>,
    /// When AWS may change it (UTC).
    pub preferred_maintenance_window: Computed<String>,
    /// Where to connect to for reading only.
    pub reader_endpoint: Computed<String>,
    /// ARN of the cluster or instance that it is a replica of.
    pub replication_source_identifier: Computed<String>,
    /// Whether the storage is encrypted.
    pub storage_encrypted: Computed<bool>,
    /// Ids of its security groups.
    pub vpc_security_group_ids: Computed<Set<String>>,
}

impl DataSource for Cluster {
    const TYPE: &'static str = "aws_rds_cluster";
    const READS: Reads =
        Reads::of(&[Cost::page("rds:DescribeDBClusters", 100)], "a call takes the names of 100");
    const POOLED: bool = true;
    const UNSET: &'static [&'static str] =
        &["database_name", "final_snapshot_identifier", "master_user_secret"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let asked = &self.cluster_identifier;
        let name = name_of(asked);
        let found = described(aws, &[name.to_owned()]).await?.remove(name);
        let found = found.filter(|it| is_meant(asked, it.db_cluster_arn()));
        found.map(told).ok_or_else(|| none("database cluster", asked))
    }
}

fn told(it: sdk::DbCluster) -> Cluster {
    let members = it.db_cluster_members.unwrap_or_default().into_iter();
    let roles = it.associated_roles.unwrap_or_default().into_iter();
    let groups = it.vpc_security_groups.unwrap_or_default().into_iter();
    Cluster {
        cluster_identifier: seen(it.db_cluster_identifier.clone()),
        tags: Chosen(tags_seen(it.tag_list)),
        id: seen(it.db_cluster_identifier),
        arn: seen(it.db_cluster_arn),
        availability_zones: Set(it.availability_zones.unwrap_or_default()).into(),
        backtrack_window: seen(it.backtrack_window),
        backup_retention_period: seen(it.backup_retention_period),
        cluster_members: Computed(members.filter_map(|it| it.db_instance_identifier).collect()),
        cluster_resource_id: seen(it.db_cluster_resource_id),
        cluster_scalability_type: seen(it.cluster_scalability_type),
        database_insights_mode: seen(it.database_insights_mode),
        database_name: it.database_name.into(),
        db_cluster_parameter_group_name: seen(it.db_cluster_parameter_group),
        db_subnet_group_name: seen(it.db_subnet_group),
        db_system_id: seen(it.db_system_id),
        enabled_cloudwatch_logs_exports: it.enabled_cloudwatch_logs_exports.unwrap_or_default().into(),
        endpoint: seen(it.endpoint),
        engine: seen(it.engine),
        engine_mode: seen(it.engine_mode),
        engine_version: seen(it.engine_version),
        final_snapshot_identifier: Computed(None),
        hosted_zone_id: seen(it.hosted_zone_id),
        iam_database_authentication_enabled: seen(it.iam_database_authentication_enabled),
        iam_roles: Computed(roles.filter_map(|it| it.role_arn).collect()),
        kms_key_id: seen(it.kms_key_id),
        master_user_secret: Computed(it.master_user_secret.map(|it| vec![it.into()])),
        master_username: seen(it.master_username),
        monitoring_interval: seen(it.monitoring_interval),
        monitoring_role_arn: seen(it.monitoring_role_arn),
        network_type: seen(it.network_type),
        port: seen(it.port),
        preferred_backup_window: seen(it.preferred_backup_window),
        preferred_maintenance_window: seen(it.preferred_maintenance_window),
        reader_endpoint: seen(it.reader_endpoint),
        replication_source_identifier: seen(it.replication_source_identifier),
        storage_encrypted: seen(it.storage_encrypted),
        vpc_security_group_ids: Computed(groups.filter_map(|it| it.vpc_security_group_id).collect()),
    }
}
