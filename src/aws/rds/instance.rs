use std::time::Duration;

use aws_sdk_rds::types as sdk;
use futures::future::try_join;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::instances::{self, CHANGES_PENDING, MasterSecret};
use super::{BEING_DELETED, DAILY, RDS, WEEKLY, guarded, last_snapshot, versions};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod blocks;
mod change;
mod create;
mod plan;
mod seen;

pub use blocks::*;

/// A relational database: an instance of PostgreSQL, MySQL, MariaDB, Oracle, SQL Server or Db2.
///
/// ```toml
/// [aws_db_instance.shop]
/// identifier = "shop"
/// engine = "postgres"
/// engine_version = "16"
/// instance_class = "db.t4g.micro"
/// allocated_storage = 20
/// max_allocated_storage = 100
/// db_name = "shop"
/// username = "shop"
/// manage_master_user_password = true
/// db_subnet_group_name = "shop"
/// backup_retention_period = 7
/// deletion_protection = true
/// final_snapshot_identifier = "shop-last"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Its name. A new one renames it. Else one is made up.
    #[schemars(length(max = 63), regex(pattern = r"^([a-z][0-9a-z]*(-[0-9a-z]+)*)?$"))]
    pub identifier: Chosen<Option<String>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 37), regex(pattern = r"^([a-z](-?[0-9a-z])*-?)?$"))]
    pub identifier_prefix: Chosen<Option<String>>,
    /// Such as `postgres`, `mysql` or `sqlserver-ex`.
    #[schemars(extend("format" = "lower"))]
    pub engine: Chosen<Fixed<Option<String>>>,
    /// Such as `16.4`; or `16` for whichever release of it AWS runs.
    pub engine_version: Chosen<Option<String>>,
    /// The version that AWS runs.
    pub engine_version_actual: Computed<Option<String>>,
    /// Whether AWS gives extended support to an outdated engine:
    /// `open-source-rds-extended-support` or `open-source-rds-extended-support-disabled`.
    #[schemars(extend("enum" = ["open-source-rds-extended-support", "open-source-rds-extended-support-disabled"]))]
    pub engine_lifecycle_support: Chosen<Fixed<Option<String>>>,
    /// Its size, such as `db.t4g.micro`.
    pub instance_class: String,
    /// Storage in GiB.
    pub allocated_storage: Chosen<Option<i64>>,
    /// Up to which AWS makes the storage larger by itself, in GiB. What it has added is no drift.
    pub max_allocated_storage: Option<i64>,
    /// Such as `gp3`, `gp2`, `io1`, `io2` or `standard`.
    pub storage_type: Chosen<Option<String>>,
    /// Operations per second of the storage.
    pub iops: Chosen<Option<i64>>,
    /// MiB per second of `gp3` storage.
    pub storage_throughput: Chosen<Option<i64>>,
    /// Encrypt the storage.
    pub storage_encrypted: Fixed<Option<bool>>,
    /// ARN of the KMS key for that; else AWS's own for RDS.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub kms_key_id: Chosen<Fixed<Option<String>>>,
    /// Bring an outdated file system up to date while a replica is made.
    pub upgrade_storage_config: Local<Option<bool>>,
    /// Keep the database's log on a volume of its own.
    #[serde(default)]
    pub dedicated_log_volume: bool,
    /// The database that is made in it.
    pub db_name: Chosen<Fixed<Option<String>>>,
    /// The name of the master user.
    pub username: Chosen<Fixed<Option<String>>>,
    /// The master user's password. Never printed; kept in the state.
    pub password: Secret<Option<String>>,
    /// The same, kept nowhere but at AWS. May be ephemeral.
    pub password_wo: Secret<WriteOnly<Option<String>>>,
    /// Sends `password_wo` whenever it changes: count it up.
    pub password_wo_version: Local<Option<i64>>,
    /// Let RDS make the password, keep it in Secrets Manager, and change it now and then.
    pub manage_master_user_password: Option<bool>,
    /// The KMS key that encrypts that secret.
    pub master_user_secret_kms_key_id: Chosen<Option<String>>,
    /// The secret in Secrets Manager, where RDS keeps the password.
    pub master_user_secret: Computed<Vec<MasterSecret>>,
    /// Users may log in with IAM's tokens.
    pub iam_database_authentication_enabled: Option<bool>,
    /// The subnets it may be in, by their group's name.
    pub db_subnet_group_name: Chosen<Option<String>>,
    /// Ids of its security groups.
    pub vpc_security_group_ids: Chosen<Set<String>>,
    /// Give it a public address.
    #[serde(default)]
    pub publicly_accessible: bool,
    /// The port it listens at; else the engine's usual one.
    pub port: Chosen<Option<i64>>,
    /// `IPV4` or `DUAL`.
    #[schemars(extend("enum" = ["IPV4", "DUAL"]))]
    pub network_type: Chosen<Option<String>>,
    /// On an Outpost: give it a customer-owned address.
    pub customer_owned_ip_enabled: Option<bool>,
    /// The zone it is in.
    pub availability_zone: Chosen<Fixed<Option<String>>>,
    /// Keep a standby in another zone.
    pub multi_az: Chosen<Option<bool>>,
    /// The settings of its engine, by their parameter group's name.
    pub parameter_group_name: Chosen<Option<String>>,
    /// Its option group's name.
    pub option_group_name: Chosen<Option<String>>,
    /// `license-included`, `bring-your-own-license`, `general-public-license` and the like.
    pub license_model: Chosen<Option<String>>,
    /// The character set of Oracle and of SQL Server.
    pub character_set_name: Chosen<Fixed<Option<String>>>,
    /// Oracle's national character set.
    pub nchar_character_set_name: Chosen<Fixed<Option<String>>>,
    /// The time zone of SQL Server and of Db2.
    pub timezone: Chosen<Fixed<Option<String>>>,
    /// The certificate authority of its certificate.
    pub ca_cert_identifier: Chosen<Option<String>>,
    /// For RDS Custom: the instance profile, whose name starts with `AWSRDSCustom`.
    #[schemars(regex(pattern = "^(AWSRDSCustom.*)?$"))]
    pub custom_iam_instance_profile: Fixed<Option<String>>,
    /// Id of the directory of AWS that it joins.
    pub domain: Option<String>,
    /// The role by which it reaches that directory.
    pub domain_iam_role_name: Option<String>,
    /// Name of the directory of one's own that it joins.
    pub domain_fqdn: Chosen<Option<String>>,
    /// The organizational unit there.
    pub domain_ou: Option<String>,
    /// ARN of the secret with the credentials for joining.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub domain_auth_secret_arn: Option<String>,
    /// Addresses of two domain controllers.
    #[serde(default)]
    pub domain_dns_ips: Vec<String>,
    /// How many days backups are kept: 0 (none) to 35.
    #[schemars(range(min = 0, max = 35))]
    pub backup_retention_period: Chosen<Option<i64>>,
    /// When the daily backup is made (UTC), such as `03:00-04:00`.
    #[schemars(regex(pattern = DAILY))]
    pub backup_window: Chosen<Option<String>>,
    /// Where backups are kept: `region` or `outposts`.
    #[schemars(extend("enum" = ["outposts", "region"]))]
    pub backup_target: Chosen<Fixed<Option<String>>>,
    /// Give snapshots the instance's tags.
    #[serde(default)]
    pub copy_tags_to_snapshot: bool,
    /// Remove the automated backups with it.
    #[serde(default = "truly")]
    pub delete_automated_backups: Local<bool>,
    /// When AWS may change it (UTC), such as `sun:04:00-sun:05:00`.
    #[schemars(regex(pattern = WEEKLY), extend("format" = "lower"))]
    pub maintenance_window: Chosen<Option<String>>,
    /// Make changes at once, and wait for them. Else some of them are made in the maintenance window.
    #[serde(default)]
    pub apply_immediately: Local<bool>,
    /// Let AWS bring the engine up to date.
    #[serde(default = "yes")]
    pub auto_minor_version_upgrade: bool,
    /// Allow a change to another major version of the engine.
    pub allow_major_version_upgrade: Local<Option<bool>>,
    /// Make changes beside the instance and switch over.
    #[serde(default)]
    pub blue_green_update: Local<One<BlueGreen>>,
    /// Refuse to remove it.
    pub deletion_protection: Option<bool>,
    /// Make no last snapshot when it is removed.
    #[serde(default)]
    pub skip_final_snapshot: Local<bool>,
    /// Name of the last snapshot, made when it is removed.
    #[schemars(regex(pattern = "^([A-Za-z][0-9A-Za-z]*(-[0-9A-Za-z]+)*)?$"))]
    pub final_snapshot_identifier: Local<Option<String>>,
    /// Logs to copy to CloudWatch, such as `postgresql` or `slowquery`.
    #[serde(default)]
    #[schemars(inner(regex(
        pattern = r"^(agent|alert|audit|diag\.log|error|general|iam-db-auth-error|listener|notify\.log|oemagent|postgresql|slowquery|trace|upgrade)$"
    )))]
    pub enabled_cloudwatch_logs_exports: Set<String>,
    /// Every so many seconds the operating system is looked at: 0 is never.
    #[serde(default)]
    #[schemars(extend("enum" = [0, 1, 5, 10, 15, 30, 60]))]
    pub monitoring_interval: i64,
    /// The role by which that is reported.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub monitoring_role_arn: Chosen<Option<String>>,
    /// `standard` or `advanced`.
    #[schemars(extend("enum" = ["standard", "advanced"]))]
    pub database_insights_mode: Chosen<Option<String>>,
    /// Watch what the database spends its time on.
    #[serde(default)]
    pub performance_insights_enabled: bool,
    /// ARN of the KMS key that encrypts that.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub performance_insights_kms_key_id: Chosen<Option<String>>,
    /// How many days that is kept: 7, 31 for each month, or 731.
    pub performance_insights_retention_period: Chosen<Option<i64>>,
    /// The instance that it is a replica of: name, or ARN in another region. Taken out, the replica becomes
    /// an instance of its own.
    pub replicate_source_db: Option<String>,
    /// For Oracle: `open-read-only` or `mounted`.
    #[schemars(extend("enum" = ["open-read-only", "mounted"]))]
    pub replica_mode: Chosen<Option<String>>,
    /// Names of its replicas.
    pub replicas: Computed<Vec<String>>,
    /// Begin with the content of this snapshot.
    pub snapshot_identifier: Chosen<Fixed<Option<String>>>,
    /// Begin with the content of another instance at some moment.
    #[serde(default)]
    pub restore_to_point_in_time: Fixed<One<PointInTime>>,
    /// Begin with the content of a backup that lies in S3.
    #[serde(default)]
    pub s3_import: One<S3Import>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Its id, such as `db-ABCDEFGHIJKLMNOPQRSTUVWXYZ`, which stays when it is renamed.
    pub id: Computed<String>,
    /// The same as `id`.
    pub resource_id: Computed<String>,
    /// The instance's ARN.
    pub arn: Computed<String>,
    /// Where to connect to, without the port.
    pub address: Computed<Option<String>>,
    /// Where to connect to: `address:port`.
    pub endpoint: Computed<Option<String>>,
    /// The hosted zone of the address, for an alias.
    pub hosted_zone_id: Computed<Option<String>>,
    /// Where SQL Server's Always On listens.
    pub listener_endpoint: Computed<Vec<Listener>>,
    /// The latest moment that it can be restored to.
    pub latest_restorable_time: Computed<Option<String>>,
    /// Such as `available`.
    pub status: Computed<Option<String>>,
}

fn truly() -> Local<bool> {
    Local(true)
}

fn yes() -> bool {
    true
}

impl Resource for Instance {
    const TYPE: &'static str = "aws_db_instance";
    const SCHEMA_VERSION: u64 = 2;
    const IMPORT: &'static [&'static str] = &["shop"];
    const UNWRITTEN: &'static [&'static str] = &["identifier_prefix"];
    const TAGS: TagApi = TagApi::Rds;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeDBInstances", 100)],
        "a call takes 100 ids and has 100 on a page",
    );
    // An update may take twice as long as a create; one patience is for both.
    const PATIENCE: Duration = Duration::from_secs(80 * 60);
    const DELETE_PATIENCE: Duration = Duration::from_secs(60 * 60);
    const CREATE_SECONDS: u32 = 420;
    const PASSING: &'static [&'static [Passing]] = &[RDS];
    /// Its resource id; its name in an import.
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, keys: &[String]) -> Result<Vec<Live<Self>>> {
        let (by_id, by_name) = described(aws, keys).await?;
        let named = by_name.into_iter().map(|it| Live { key: name_of(&it), ..Live::from(it) });
        Ok(by_id.into_iter().map(Live::from).chain(named).collect())
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
        let call = aws.rds().delete_db_instance().db_instance_identifier(self.name());
        let call = call.skip_final_snapshot(skips).set_final_db_snapshot_identifier(snapshot);
        match call.delete_automated_backups(*self.delete_automated_backups).send().await.map_err(Error::from)
        {
            Err(it) if it.message().contains(BEING_DELETED) => Ok(()),
            answer => answer.map(drop),
        }
    }

    // CreateDBInstance takes no client token, and says when it has made an instance only at its end.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        Ok(instances::marked(aws, &new.token).await?.and_then(|it| it.dbi_resource_id))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        let runs = self.engine_version_actual.0.clone().unwrap_or_default();
        let version =
            versions::as_kept(kept.engine_version.as_deref(), &runs, self.engine_version.as_deref());
        self.engine_version = Chosen(Some(version));
        if plan::same_source(kept, &self) {
            self.replicate_source_db = kept.replicate_source_db.clone();
        }
        // AWS does not say these.
        self.password = kept.password.clone();
        self.manage_master_user_password = kept.manage_master_user_password;
        self.master_user_secret_kms_key_id = kept.master_user_secret_kms_key_id.clone();
        self.snapshot_identifier = kept.snapshot_identifier.clone();
        self.restore_to_point_in_time = kept.restore_to_point_in_time.clone();
        self.s3_import = kept.s3_import.clone();
        self
    }

    fn awaits(&self, word: &str) -> bool {
        word != CHANGES_PENDING || *self.apply_immediately
    }

    fn unfinished(&self) -> bool {
        create::lacks(self)
    }

    fn adjust(plan: &mut Adjust) {
        plan::adjust(plan);
    }

    async fn blockers(&self, _aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        let help = guarded(op, error).map(|it| Blockers::default().help(it));
        Ok(help.unwrap_or_default())
    }
}

/// Those that have one of these ids, and those that have one of these names.
pub(super) async fn described(
    aws: &Aws,
    keys: &[String],
) -> Result<(Vec<sdk::DbInstance>, Vec<sdk::DbInstance>)> {
    let (ids, names): (Vec<_>, Vec<_>) = keys.iter().cloned().partition(|it| is_id(it));
    let by_id = instances::by(aws, "dbi-resource-id", &ids);
    try_join(by_id, instances::by(aws, "db-instance-id", &names)).await
}

/// Whether this is the id of an instance and not its name, which has no capital letters.
fn is_id(key: &str) -> bool {
    key.strip_prefix("db-").is_some_and(|it| {
        it.len() >= 20 && it.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
    })
}

fn name_of(it: &sdk::DbInstance) -> String {
    it.db_instance_identifier().unwrap_or_default().to_owned()
}

impl Instance {
    /// Its name at AWS.
    fn name(&self) -> String {
        self.identifier.0.clone().unwrap_or_default()
    }

    fn new_name(&self, new: &New) -> String {
        new.name(self.identifier.as_deref(), self.identifier_prefix.as_deref())
    }
}
