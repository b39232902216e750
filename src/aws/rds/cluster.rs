use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_rds::types as sdk;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::instances::{CHANGES_PENDING, MasterSecret};
use super::{DAILY, PAGE, RDS, WEEKLY, among, blockers, guarded, last_snapshot, versions};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod blocks;
mod change;
mod create;
mod plan;
mod seen;

pub use blocks::*;

/// An Aurora database, or one that spans three zones: the storage that its instances share. Aurora's instances
/// are `aws_rds_cluster_instance`s.
///
/// ```toml
/// [aws_rds_cluster.shop]
/// cluster_identifier = "shop"
/// engine = "aurora-postgresql"
/// engine_version = "16"
/// database_name = "shop"
/// master_username = "shop"
/// manage_master_user_password = true
/// db_subnet_group_name = "shop"
/// serverlessv2_scaling_configuration = { min_capacity = 0.5, max_capacity = 4 }
/// final_snapshot_identifier = "shop-last"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    /// Its name. Else one is made up.
    #[schemars(length(max = 63), regex(pattern = r"^([a-z][0-9a-z]*(-[0-9a-z]+)*)?$"))]
    pub cluster_identifier: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 37), regex(pattern = r"^([a-z](-?[0-9a-z])*-?)?$"))]
    pub cluster_identifier_prefix: Chosen<Fixed<Option<String>>>,
    /// `aurora-postgresql`, `aurora-mysql`, `postgres` or `mysql`; or one of one's own: `custom-…`.
    #[schemars(regex(pattern = "^(custom-.*|aurora|aurora-mysql|aurora-postgresql|mysql|postgres)$"))]
    pub engine: Fixed<String>,
    /// `provisioned` (also with serverless capacity of the second kind), `serverless`, `global`,
    /// `multimaster` or `parallelquery`.
    #[serde(default = "provisioned")]
    #[schemars(extend("enum" = ["", "global", "multimaster", "parallelquery", "provisioned", "serverless"]))]
    pub engine_mode: Fixed<String>,
    /// Such as `16.4`; or `16` for whichever release of it AWS runs.
    pub engine_version: Chosen<Option<String>>,
    /// The version that AWS runs.
    pub engine_version_actual: Computed<Option<String>>,
    /// Whether AWS gives extended support to an outdated engine:
    /// `open-source-rds-extended-support` or `open-source-rds-extended-support-disabled`.
    #[schemars(extend("enum" = ["open-source-rds-extended-support", "open-source-rds-extended-support-disabled"]))]
    pub engine_lifecycle_support: Chosen<Option<String>>,
    /// `standard`, or `limitless`: more than one writer.
    #[schemars(extend("enum" = ["limited", "standard"]))]
    pub cluster_scalability_type: Chosen<Fixed<Option<String>>>,
    /// The size of its three instances, where it is not Aurora.
    pub db_cluster_instance_class: Option<String>,
    /// The database that is made in it.
    pub database_name: Chosen<Fixed<Option<String>>>,
    /// The name of the master user.
    pub master_username: Chosen<Fixed<Option<String>>>,
    /// The master user's password. Never printed; kept in the state.
    pub master_password: Secret<Option<String>>,
    /// The same, kept nowhere but at AWS. May be ephemeral.
    pub master_password_wo: Secret<WriteOnly<Option<String>>>,
    /// Sends `master_password_wo` whenever it changes: count it up.
    pub master_password_wo_version: Local<Option<i64>>,
    /// Let RDS make the password, keep it in Secrets Manager, and change it now and then.
    pub manage_master_user_password: Option<bool>,
    /// The KMS key that encrypts that secret.
    pub master_user_secret_kms_key_id: Chosen<Option<String>>,
    /// The secret in Secrets Manager, where RDS keeps the password.
    pub master_user_secret: Computed<Vec<MasterSecret>>,
    /// Users may log in with IAM's tokens.
    pub iam_database_authentication_enabled: Option<bool>,
    /// ARNs of roles by which it reaches other services.
    pub iam_roles: Chosen<Set<String>>,
    /// Allow queries over HTTPS (the Data API).
    #[serde(default)]
    pub enable_http_endpoint: bool,
    /// Let writes to replicas in other regions go to the primary cluster.
    #[serde(default)]
    pub enable_global_write_forwarding: bool,
    /// Let writes to its readers go to its writer.
    #[serde(default)]
    pub enable_local_write_forwarding: bool,
    /// Zones that hold copies of the storage.
    pub availability_zones: Chosen<Fixed<Set<String>>>,
    /// The subnets it may be in, by their group's name.
    pub db_subnet_group_name: Chosen<Fixed<Option<String>>>,
    /// Ids of its security groups.
    pub vpc_security_group_ids: Chosen<Set<String>>,
    /// The port it listens at; else the engine's usual one.
    pub port: Chosen<Option<i64>>,
    /// `IPV4` or `DUAL`.
    #[schemars(extend("enum" = ["IPV4", "DUAL"]))]
    pub network_type: Chosen<Option<String>>,
    /// Id of the directory of AWS that it joins.
    pub domain: Option<String>,
    /// The role by which it reaches that directory.
    pub domain_iam_role_name: Option<String>,
    /// Storage in GiB, where it is not Aurora.
    pub allocated_storage: Chosen<Option<i64>>,
    /// For Aurora `aurora-iopt1`, or nothing; else `io1`, `io2` or `gp3`.
    pub storage_type: Chosen<Option<String>>,
    /// Operations per second of the storage, where it is not Aurora.
    pub iops: Option<i64>,
    /// Encrypt the storage.
    pub storage_encrypted: Chosen<Fixed<Option<bool>>>,
    /// ARN of the KMS key for that; else AWS's own for RDS.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub kms_key_id: Chosen<Fixed<Option<String>>>,
    /// The settings of its engine, by their cluster parameter group's name.
    pub db_cluster_parameter_group_name: Chosen<Option<String>>,
    /// The parameter group of its instances while their engine changes to another major version.
    pub db_instance_parameter_group_name: Option<String>,
    /// For RDS Custom for Oracle: the system identifier.
    pub db_system_id: Chosen<Fixed<Option<String>>>,
    /// The certificate authority of its certificate.
    pub ca_certificate_identifier: Chosen<Option<String>>,
    /// How far back it can be wound, in seconds. Of Aurora MySQL.
    #[schemars(range(min = 0, max = 259200))]
    pub backtrack_window: Option<i64>,
    /// How many days backups are kept: 1 to 35.
    #[schemars(range(max = 35))]
    pub backup_retention_period: Chosen<Option<i64>>,
    /// When the daily backup is made (UTC), such as `03:00-04:00`.
    #[schemars(regex(pattern = DAILY))]
    pub preferred_backup_window: Chosen<Option<String>>,
    /// When AWS may change it (UTC), such as `sun:04:00-sun:05:00`.
    #[schemars(regex(pattern = WEEKLY), extend("format" = "lower"))]
    pub preferred_maintenance_window: Chosen<Option<String>>,
    /// Give snapshots the cluster's tags.
    #[serde(default)]
    pub copy_tags_to_snapshot: bool,
    /// Remove the automated backups with it.
    #[serde(default = "truly")]
    pub delete_automated_backups: Local<bool>,
    /// Make changes at once, and wait for them. Else some of them are made in the maintenance window.
    pub apply_immediately: Chosen<Local<Option<bool>>>,
    /// Allow a change to another major version of the engine.
    pub allow_major_version_upgrade: Local<Option<bool>>,
    /// Refuse to remove it.
    pub deletion_protection: Option<bool>,
    /// Make no last snapshot when it is removed.
    #[serde(default)]
    pub skip_final_snapshot: Local<bool>,
    /// Name of the last snapshot, made when it is removed.
    #[schemars(regex(pattern = "^([0-9A-Za-z]+(-[0-9A-Za-z]+)*)?$"))]
    pub final_snapshot_identifier: Local<Option<String>>,
    /// Logs to copy to CloudWatch, such as `postgresql` or `slowquery`.
    #[serde(default)]
    #[schemars(inner(regex(
        pattern = "^(audit|error|general|iam-db-auth-error|instance|postgresql|slowquery|upgrade)$"
    )))]
    pub enabled_cloudwatch_logs_exports: Set<String>,
    /// Every so many seconds the operating system is looked at: 0 is never.
    pub monitoring_interval: Chosen<Option<i64>>,
    /// The role by which that is reported.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub monitoring_role_arn: Chosen<Option<String>>,
    /// `standard` or `advanced`.
    #[schemars(extend("enum" = ["standard", "advanced"]))]
    pub database_insights_mode: Chosen<Option<String>>,
    /// Watch what the database spends its time on.
    pub performance_insights_enabled: Option<bool>,
    /// ARN of the KMS key that encrypts that.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub performance_insights_kms_key_id: Chosen<Option<String>>,
    /// How many days that is kept: 7, 31 for each month, or 731.
    pub performance_insights_retention_period: Chosen<Option<i64>>,
    /// The global cluster that it belongs to. It can leave that one, and join none later.
    pub global_cluster_identifier: Option<String>,
    /// ARN of the cluster or instance that it is a replica of. Taken out, it becomes a cluster of its own.
    pub replication_source_identifier: Option<String>,
    /// The region of that.
    pub source_region: Fixed<Option<String>>,
    /// Begin with the content of this snapshot.
    pub snapshot_identifier: Fixed<Option<String>>,
    /// Begin with the content of another cluster at some moment.
    #[serde(default)]
    pub restore_to_point_in_time: Fixed<One<ClusterPointInTime>>,
    /// Begin with the content of a backup that lies in S3.
    #[serde(default)]
    pub s3_import: One<ClusterS3Import>,
    /// The capacity of one with `engine_mode = "serverless"`.
    #[serde(default)]
    pub scaling_configuration: One<Scaling>,
    /// The capacity of instances of the class `db.serverless`.
    #[serde(default)]
    pub serverlessv2_scaling_configuration: One<Capacity>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The cluster's name.
    pub id: Computed<String>,
    /// The cluster's ARN.
    pub arn: Computed<String>,
    /// Its id, such as `cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ`.
    pub cluster_resource_id: Computed<Option<String>>,
    /// Names of its instances.
    pub cluster_members: Chosen<Set<String>>,
    /// Where to connect to for reading and writing.
    pub endpoint: Computed<Option<String>>,
    /// Where to connect to for reading only.
    pub reader_endpoint: Computed<Option<String>>,
    /// The hosted zone of the addresses, for an alias.
    pub hosted_zone_id: Computed<Option<String>>,
    /// When its certificate expires.
    pub ca_certificate_valid_till: Computed<Option<String>>,
}

fn provisioned() -> Fixed<String> {
    Fixed("provisioned".into())
}

fn truly() -> Local<bool> {
    Local(true)
}

/// Clusters of these names, whoever else asks about some at the same moment.
pub(super) async fn described(aws: &Aws, names: &[String]) -> Result<HashMap<String, sdk::DbCluster>> {
    let ask = async |names: Vec<String>| {
        let calls = names.chunks(PAGE).map(async |some| {
            let call = aws.rds().describe_db_clusters().filters(among("db-cluster-id", some));
            Ok::<Vec<_>, Error>(call.into_paginator().items().send().try_collect().await?)
        });
        let all = try_join_all(calls).await?.into_iter().flatten();
        Ok(all.filter_map(|it| Some((it.db_cluster_identifier.clone()?, it))).collect())
    };
    match aws.exact() {
        true => ask(names.to_vec()).await,
        false => aws.together("database clusters", names, ask).await,
    }
}

impl Resource for Cluster {
    const TYPE: &'static str = "aws_rds_cluster";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["shop"];
    const UNWRITTEN: &'static [&'static str] = &["cluster_identifier_prefix", "cluster_members"];
    const TAGS: TagApi = TagApi::Rds;
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeDBClusters", 100).same()],
        "a call takes 100 names and has 100 on a page",
    );
    const PATIENCE: Duration = Duration::from_secs(120 * 60);
    const CREATE_SECONDS: u32 = 60;
    const PASSING: &'static [&'static [Passing]] = &[RDS];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        Ok(described(aws, names).await?.into_values().map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        create::create(self, aws, new).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        change::update(self, aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let skips = *self.skip_final_snapshot;
        let protected = self.deletion_protection.unwrap_or_default();
        let snapshot = last_snapshot(skips, self.final_snapshot_identifier.as_deref(), protected)?;
        if let Some(global) = self.global_cluster_identifier.as_deref().filter(|it| !it.is_empty()) {
            change::leave(aws, global, &self.arn).await?;
        }
        let call = aws.rds().delete_db_cluster().db_cluster_identifier(self.key());
        let call = call.skip_final_snapshot(skips).set_final_db_snapshot_identifier(snapshot);
        call.delete_automated_backups(*self.delete_automated_backups).send().await?;
        Ok(())
    }

    // CreateDBCluster takes no client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = self.new_name(new);
        let found = described(&aws.exactly(true), std::slice::from_ref(&name)).await?.remove(&name);
        let made = found.and_then(|it| it.cluster_create_time).map(|it| it.secs());
        Ok(new.may_have_made(made).then_some(name))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        let runs = self.engine_version_actual.0.clone().unwrap_or_default();
        let version =
            versions::as_kept(kept.engine_version.as_deref(), &runs, self.engine_version.as_deref());
        self.engine_version = Chosen(Some(version));
        if self.database_name.is_none() {
            self.database_name = kept.database_name.clone();
        }
        // AWS does not say these.
        self.db_instance_parameter_group_name = kept.db_instance_parameter_group_name.clone();
        self.enable_global_write_forwarding = kept.enable_global_write_forwarding;
        self.enable_local_write_forwarding = kept.enable_local_write_forwarding;
        self.manage_master_user_password = kept.manage_master_user_password;
        self.master_password = kept.master_password.clone();
        self.master_user_secret_kms_key_id = kept.master_user_secret_kms_key_id.clone();
        self.restore_to_point_in_time = kept.restore_to_point_in_time.clone();
        self.s3_import = kept.s3_import.clone();
        self.snapshot_identifier = kept.snapshot_identifier.clone();
        self.source_region = kept.source_region.clone();
        self
    }

    fn awaits(&self, word: &str) -> bool {
        word != CHANGES_PENDING || self.at_once()
    }

    fn unfinished(&self) -> bool {
        create::lacks(self)
    }

    fn adjust(plan: &mut Adjust) {
        plan::adjust(plan);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        if let Some(help) = guarded(op, error) {
            return Ok(Blockers::default().help(help));
        }
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::in_cluster(aws, &self.key()).await,
            false => Blockers::default(),
        })
    }
}

impl Cluster {
    fn new_name(&self, new: &New) -> String {
        let prefix = self.cluster_identifier_prefix.as_deref().filter(|it| !it.is_empty());
        new.name(self.cluster_identifier.as_deref(), prefix.or(Some("tf-")))
    }

    /// Whether changes are made at once.
    fn at_once(&self) -> bool {
        self.apply_immediately.unwrap_or_default()
    }
}
