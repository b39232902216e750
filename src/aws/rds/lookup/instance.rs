use std::collections::HashMap;

use aws_sdk_rds::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::by_name::{is_meant, name_of, named};
use crate::aws::rds::instance::described;
use crate::aws::rds::instances::MasterSecret;
use crate::aws::rds::tags_seen;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A relational database that is there already: by its name or by tags. Aurora's instances are found too.
///
/// ```toml
/// [data.aws_db_instance.shop]
/// db_instance_identifier = "shop"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Its name, its ARN, or its id such as `db-ABCDEFGHIJKLMNOPQRSTUVWXYZ`. Searched by; never told.
    pub db_instance_identifier: Chosen<Option<String>>,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// Where to connect to, without the port.
    pub address: Computed<String>,
    /// Storage in GiB.
    pub allocated_storage: Computed<i64>,
    /// Whether AWS brings the engine up to date.
    pub auto_minor_version_upgrade: Computed<bool>,
    /// The zone it is in.
    pub availability_zone: Computed<String>,
    /// How many days backups are kept.
    pub backup_retention_period: Computed<i64>,
    /// The certificate authority of its certificate.
    pub ca_cert_identifier: Computed<String>,
    /// `standard` or `advanced`.
    pub database_insights_mode: Computed<String>,
    /// The cluster that it belongs to.
    pub db_cluster_identifier: Computed<String>,
    /// The instance's ARN.
    pub db_instance_arn: Computed<String>,
    /// Its size, such as `db.t4g.micro`.
    pub db_instance_class: Computed<String>,
    /// Its port in a cluster, and mostly 0; `port` is where it listens.
    pub db_instance_port: Computed<i64>,
    /// The database that was made in it.
    pub db_name: Computed<String>,
    /// The settings of its engine, by their parameter groups' names.
    pub db_parameter_groups: Computed<Vec<String>>,
    /// The subnets it may be in, by their group's name.
    pub db_subnet_group: Computed<String>,
    /// Logs that are copied to CloudWatch.
    pub enabled_cloudwatch_logs_exports: Computed<Vec<String>>,
    /// Where to connect to: `address:port`.
    pub endpoint: Computed<String>,
    /// Such as `postgres`.
    pub engine: Computed<String>,
    /// The version that AWS runs.
    pub engine_version: Computed<String>,
    /// The hosted zone of the address, for an alias.
    pub hosted_zone_id: Computed<String>,
    /// Operations per second of the storage.
    pub iops: Computed<i64>,
    /// ARN of the KMS key that encrypts the storage.
    pub kms_key_id: Computed<String>,
    /// `license-included`, `bring-your-own-license`, `general-public-license` and the like.
    pub license_model: Computed<String>,
    /// The secret in Secrets Manager, where RDS keeps the password.
    pub master_user_secret: Computed<Option<Vec<MasterSecret>>>,
    /// The name of the master user.
    pub master_username: Computed<String>,
    /// Up to which AWS makes the storage larger by itself, in GiB.
    pub max_allocated_storage: Computed<i64>,
    /// Every so many seconds the operating system is looked at: 0 is never.
    pub monitoring_interval: Computed<i64>,
    /// The role by which that is reported.
    pub monitoring_role_arn: Computed<String>,
    /// Whether there is a standby in another zone.
    pub multi_az: Computed<bool>,
    /// `IPV4` or `DUAL`.
    pub network_type: Computed<String>,
    /// Its option groups' names.
    pub option_group_memberships: Computed<Vec<String>>,
    /// The port it listens at.
    pub port: Computed<i64>,
    /// When the daily backup is made (UTC).
    pub preferred_backup_window: Computed<String>,
    /// When AWS may change it (UTC).
    pub preferred_maintenance_window: Computed<String>,
    /// Whether it has a public address.
    pub publicly_accessible: Computed<bool>,
    /// The instance that it is a replica of.
    pub replicate_source_db: Computed<String>,
    /// Its id, such as `db-ABCDEFGHIJKLMNOPQRSTUVWXYZ`.
    pub resource_id: Computed<String>,
    /// Whether the storage is encrypted.
    pub storage_encrypted: Computed<bool>,
    /// MiB per second of the storage.
    pub storage_throughput: Computed<i64>,
    /// Such as `gp3`.
    pub storage_type: Computed<String>,
    /// The time zone of SQL Server and of Db2.
    pub timezone: Computed<String>,
    /// Ids of its security groups.
    pub vpc_security_groups: Computed<Vec<String>>,
}

impl DataSource for Instance {
    const TYPE: &'static str = "aws_db_instance";
    const READS: Reads = Reads::of(
        &[Cost::page("rds:DescribeDBInstances", 100)],
        "a call takes the names of 100; by tags alone, all are looked through, 100 a call",
    );
    const POOLED: bool = true;
    const UNSET: &'static [&'static str] = &["db_instance_identifier", "master_user_secret"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let it = only(self.found(aws).await?)?;
        Ok(told(it, self.db_instance_identifier))
    }
}

impl Instance {
    /// Those that fit.
    async fn found(&self, aws: &Aws) -> Result<Vec<sdk::DbInstance>> {
        let mut found = match self.db_instance_identifier.as_deref().filter(|it| !it.is_empty()) {
            Some(asked) => by_name(aws, asked).await?,
            None => all(aws).await?,
        };
        found.retain(|it| {
            let tags = tags_seen(it.tag_list.clone());
            self.tags.iter().all(|(k, v)| tags.get(k) == Some(v))
        });
        Ok(found)
    }
}

async fn by_name(aws: &Aws, asked: &str) -> Result<Vec<sdk::DbInstance>> {
    let it = named(aws, "database instance", name_of(asked), async |names| {
        let (by_id, by_name) = described(aws, &names).await?;
        let by_id = by_id.into_iter().filter_map(|it| Some((it.dbi_resource_id.clone()?, it)));
        let by_name = by_name.into_iter().filter_map(|it| Some((it.db_instance_identifier.clone()?, it)));
        Ok::<_, Error>(by_id.chain(by_name).collect::<HashMap<_, _>>())
    });
    let it = it.await?;
    Ok(Some(it).filter(|it| is_meant(asked, it.db_instance_arn())).into_iter().collect())
}

async fn all(aws: &Aws) -> Result<Vec<sdk::DbInstance>> {
    let pages = aws.rds().describe_db_instances().into_paginator();
    let ask = async { Ok::<Vec<_>, Error>(pages.items().send().try_collect().await?) };
    aws.shared("all database instances", ask).await
}

fn only(mut found: Vec<sdk::DbInstance>) -> Result<sdk::DbInstance> {
    match (found.pop(), found.len()) {
        (Some(it), 0) => Ok(it),
        (None, _) => {
            let text = "no database instance fits: look at `db_instance_identifier` and `tags`";
            Err(Error::Invalid(text.to_owned()))
        }
        (Some(_), more) => Err(Error::Invalid(format!(
            "{} database instances fit: say which one is meant by its `db_instance_identifier`",
            more + 1
        ))),
    }
}

fn told(it: sdk::DbInstance, asked: Chosen<Option<String>>) -> Instance {
    let at = it.endpoint;
    let port = at.as_ref().and_then(|it| it.port);
    let address = at.as_ref().and_then(|it| it.address.clone());
    let endpoint = address.as_ref().map(|it| format!("{it}:{}", port.unwrap_or_default()));
    let parameters = it.db_parameter_groups.unwrap_or_default().into_iter();
    let options = it.option_group_memberships.unwrap_or_default().into_iter();
    let groups = it.vpc_security_groups.unwrap_or_default().into_iter();
    Instance {
        db_instance_identifier: asked,
        tags: Chosen(tags_seen(it.tag_list)),
        id: seen(it.db_instance_identifier),
        address: seen(address),
        allocated_storage: seen(it.allocated_storage),
        auto_minor_version_upgrade: seen(it.auto_minor_version_upgrade),
        availability_zone: seen(it.availability_zone),
        backup_retention_period: seen(it.backup_retention_period),
        ca_cert_identifier: seen(it.ca_certificate_identifier),
        database_insights_mode: seen(it.database_insights_mode),
        db_cluster_identifier: seen(it.db_cluster_identifier),
        db_instance_arn: seen(it.db_instance_arn),
        db_instance_class: seen(it.db_instance_class),
        db_instance_port: seen(it.db_instance_port),
        db_name: seen(it.db_name),
        db_parameter_groups: Computed(parameters.filter_map(|it| it.db_parameter_group_name).collect()),
        db_subnet_group: seen(it.db_subnet_group.and_then(|it| it.db_subnet_group_name)),
        enabled_cloudwatch_logs_exports: it.enabled_cloudwatch_logs_exports.unwrap_or_default().into(),
        endpoint: seen(endpoint),
        engine: seen(it.engine),
        engine_version: seen(it.engine_version),
        hosted_zone_id: seen(at.and_then(|it| it.hosted_zone_id)),
        iops: seen(it.iops),
        kms_key_id: seen(it.kms_key_id),
        license_model: seen(it.license_model),
        master_user_secret: Computed(it.master_user_secret.map(|it| vec![it.into()])),
        master_username: seen(it.master_username),
        max_allocated_storage: seen(it.max_allocated_storage),
        monitoring_interval: seen(it.monitoring_interval),
        monitoring_role_arn: seen(it.monitoring_role_arn),
        multi_az: seen(it.multi_az),
        network_type: seen(it.network_type),
        option_group_memberships: Computed(options.filter_map(|it| it.option_group_name).collect()),
        port: seen(port),
        preferred_backup_window: seen(it.preferred_backup_window),
        preferred_maintenance_window: seen(it.preferred_maintenance_window),
        publicly_accessible: seen(it.publicly_accessible),
        replicate_source_db: seen(it.read_replica_source_db_instance_identifier),
        resource_id: seen(it.dbi_resource_id),
        storage_encrypted: seen(it.storage_encrypted),
        storage_throughput: seen(it.storage_throughput),
        storage_type: seen(it.storage_type),
        timezone: seen(it.timezone),
        vpc_security_groups: Computed(groups.filter_map(|it| it.vpc_security_group_id).collect()),
    }
}
