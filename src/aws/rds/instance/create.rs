//! The five ways to make an instance: empty, as a replica, from a snapshot, from another instance at some
//! moment, and from a backup in S3. What a call does not take follows in an update.

use aws_sdk_rds::types::DbInstance;

use super::Instance;
use crate::aws::rds::{moment_said, tags};
use crate::aws::shape::{given, listed, sent};
use crate::aws::{Aws, Error, Result};
use crate::resource::New;

/// Its key: the instance's resource id.
pub async fn create(it: &Instance, aws: &Aws, new: &New) -> Result<String> {
    let name = it.new_name(new);
    let made = if it.replicates() {
        replica(it, aws, new, &name).await?
    } else if it.s3_import.is_some() {
        from_s3(it, aws, new, &name).await?
    } else if given::<String, _>(&it.snapshot_identifier).is_some() {
        from_snapshot(it, aws, new, &name).await?
    } else if it.restore_to_point_in_time.is_some() {
        to_point_in_time(it, aws, new, &name).await?
    } else {
        empty(it, aws, new, &name).await?
    };
    made.and_then(|it| it.dbi_resource_id).ok_or(Error::Incomplete("the instance's id"))
}

/// Whether a new one needs a password that the call which makes it does not take.
pub fn lacks(it: &Instance) -> bool {
    let copied = it.replicates()
        || given::<String, _>(&it.snapshot_identifier).is_some()
        || it.restore_to_point_in_time.is_some();
    let managed = it.manage_master_user_password.unwrap_or_default();
    it.s3_import.is_none() && copied && (managed || it.new_password().is_some())
}

async fn empty(it: &Instance, aws: &Aws, new: &New, name: &str) -> Result<Option<DbInstance>> {
    let call = aws
        .rds()
        .create_db_instance()
        .db_instance_identifier(name)
        .db_instance_class(&it.instance_class)
        .auto_minor_version_upgrade(it.auto_minor_version_upgrade)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .publicly_accessible(it.publicly_accessible)
        .storage_encrypted(it.storage_encrypted.unwrap_or_default())
        // Without a word AWS would keep backups for a day.
        .set_backup_retention_period(sent(&it.backup_retention_period).or(Some(0)))
        .set_domain_dns_ips(listed(&it.domain_dns_ips))
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        .set_master_user_password(it.new_password())
        .set_tags(tags(&new.tags));
    let call = hand!(call, it, {
        set_allocated_storage: allocated_storage,
        set_availability_zone: availability_zone,
        set_backup_target: backup_target,
        set_ca_certificate_identifier: ca_cert_identifier,
        set_character_set_name: character_set_name,
        set_custom_iam_instance_profile: custom_iam_instance_profile,
        set_database_insights_mode: database_insights_mode,
        set_db_name: db_name,
        set_db_parameter_group_name: parameter_group_name,
        set_db_subnet_group_name: db_subnet_group_name,
        set_dedicated_log_volume: dedicated_log_volume,
        set_domain: domain,
        set_domain_auth_secret_arn: domain_auth_secret_arn,
        set_domain_fqdn: domain_fqdn,
        set_domain_iam_role_name: domain_iam_role_name,
        set_domain_ou: domain_ou,
        set_enable_customer_owned_ip: customer_owned_ip_enabled,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_enable_performance_insights: performance_insights_enabled,
        set_engine: engine,
        set_engine_lifecycle_support: engine_lifecycle_support,
        set_engine_version: engine_version,
        set_iops: iops,
        set_kms_key_id: kms_key_id,
        set_license_model: license_model,
        set_manage_master_user_password: manage_master_user_password,
        set_master_user_secret_kms_key_id: master_user_secret_kms_key_id,
        set_master_username: username,
        set_max_allocated_storage: max_allocated_storage,
        set_monitoring_interval: monitoring_interval,
        set_monitoring_role_arn: monitoring_role_arn,
        set_multi_az: multi_az,
        set_nchar_character_set_name: nchar_character_set_name,
        set_network_type: network_type,
        set_option_group_name: option_group_name,
        set_performance_insights_kms_key_id: performance_insights_kms_key_id,
        set_performance_insights_retention_period: performance_insights_retention_period,
        set_port: port,
        set_preferred_backup_window: backup_window,
        set_preferred_maintenance_window: maintenance_window,
        set_storage_throughput: storage_throughput,
        set_storage_type: storage_type,
        set_timezone: timezone,
    });
    Ok(call.send().await?.db_instance)
}

async fn replica(it: &Instance, aws: &Aws, new: &New, name: &str) -> Result<Option<DbInstance>> {
    let call = aws
        .rds()
        .create_db_instance_read_replica()
        .db_instance_identifier(name)
        .db_instance_class(&it.instance_class)
        .auto_minor_version_upgrade(it.auto_minor_version_upgrade)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .publicly_accessible(it.publicly_accessible)
        .set_domain_dns_ips(listed(&it.domain_dns_ips))
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        .set_tags(tags(&new.tags));
    let call = hand!(call, it, {
        set_availability_zone: availability_zone,
        set_ca_certificate_identifier: ca_cert_identifier,
        set_custom_iam_instance_profile: custom_iam_instance_profile,
        set_database_insights_mode: database_insights_mode,
        set_db_subnet_group_name: db_subnet_group_name,
        set_dedicated_log_volume: dedicated_log_volume,
        set_domain: domain,
        set_domain_auth_secret_arn: domain_auth_secret_arn,
        set_domain_fqdn: domain_fqdn,
        set_domain_iam_role_name: domain_iam_role_name,
        set_domain_ou: domain_ou,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_enable_performance_insights: performance_insights_enabled,
        set_iops: iops,
        set_kms_key_id: kms_key_id,
        set_monitoring_interval: monitoring_interval,
        set_monitoring_role_arn: monitoring_role_arn,
        set_multi_az: multi_az,
        set_network_type: network_type,
        set_option_group_name: option_group_name,
        set_performance_insights_kms_key_id: performance_insights_kms_key_id,
        set_performance_insights_retention_period: performance_insights_retention_period,
        set_port: port,
        set_replica_mode: replica_mode,
        set_source_db_instance_identifier: replicate_source_db,
        set_storage_throughput: storage_throughput,
        set_storage_type: storage_type,
        set_upgrade_storage_config: upgrade_storage_config,
    });
    Ok(call.send().await?.db_instance)
}

async fn from_snapshot(it: &Instance, aws: &Aws, new: &New, name: &str) -> Result<Option<DbInstance>> {
    let engine = it.engine.as_deref().map(str::to_lowercase);
    let is = |start: &str| engine.as_deref().is_some_and(|it| it.starts_with(start));
    let named = !["mysql", "postgres", "mariadb"].iter().any(|it| engine.as_deref() == Some(it));
    let call = aws
        .rds()
        .restore_db_instance_from_db_snapshot()
        .db_instance_identifier(name)
        .db_instance_class(&it.instance_class)
        .auto_minor_version_upgrade(it.auto_minor_version_upgrade)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .publicly_accessible(it.publicly_accessible)
        .set_domain_dns_ips(listed(&it.domain_dns_ips))
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        // The name of a database is in the snapshot, for most engines.
        .set_db_name(given(&it.db_name).filter(|_| named))
        // SQL Server mirrors only what has backups, and those are turned on afterwards.
        .set_multi_az(given(&it.multi_az).filter(|_| !is("sqlserver")))
        .set_tags(tags(&new.tags));
    let call = hand!(call, it, {
        set_availability_zone: availability_zone,
        set_backup_target: backup_target,
        set_ca_certificate_identifier: ca_cert_identifier,
        set_custom_iam_instance_profile: custom_iam_instance_profile,
        set_db_parameter_group_name: parameter_group_name,
        set_db_snapshot_identifier: snapshot_identifier,
        set_db_subnet_group_name: db_subnet_group_name,
        set_dedicated_log_volume: dedicated_log_volume,
        set_domain: domain,
        set_domain_auth_secret_arn: domain_auth_secret_arn,
        set_domain_fqdn: domain_fqdn,
        set_domain_iam_role_name: domain_iam_role_name,
        set_domain_ou: domain_ou,
        set_enable_customer_owned_ip: customer_owned_ip_enabled,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_engine_lifecycle_support: engine_lifecycle_support,
        set_license_model: license_model,
        set_network_type: network_type,
        set_option_group_name: option_group_name,
        set_port: port,
    });
    Ok(call.set_engine(engine.filter(|it| !it.is_empty())).send().await?.db_instance)
}

async fn to_point_in_time(it: &Instance, aws: &Aws, new: &New, name: &str) -> Result<Option<DbInstance>> {
    let Some(from) = it.restore_to_point_in_time.as_ref() else {
        return Err(Error::Shape("restore_to_point_in_time".to_owned()));
    };
    let call = aws
        .rds()
        .restore_db_instance_to_point_in_time()
        .target_db_instance_identifier(name)
        .db_instance_class(&it.instance_class)
        .auto_minor_version_upgrade(it.auto_minor_version_upgrade)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .publicly_accessible(it.publicly_accessible)
        .set_restore_time(moment_said("restore_time", &from.restore_time)?)
        .set_domain_dns_ips(listed(&it.domain_dns_ips))
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        .set_tags(tags(&new.tags));
    let call = hand!(call, from, {
        set_source_db_instance_automated_backups_arn: source_db_instance_automated_backups_arn,
        set_source_db_instance_identifier: source_db_instance_identifier,
        set_source_dbi_resource_id: source_dbi_resource_id,
        set_use_latest_restorable_time: use_latest_restorable_time,
    });
    let call = hand!(call, it, {
        set_availability_zone: availability_zone,
        set_backup_target: backup_target,
        set_ca_certificate_identifier: ca_cert_identifier,
        set_custom_iam_instance_profile: custom_iam_instance_profile,
        set_db_name: db_name,
        set_db_parameter_group_name: parameter_group_name,
        set_db_subnet_group_name: db_subnet_group_name,
        set_dedicated_log_volume: dedicated_log_volume,
        set_domain: domain,
        set_domain_auth_secret_arn: domain_auth_secret_arn,
        set_domain_fqdn: domain_fqdn,
        set_domain_iam_role_name: domain_iam_role_name,
        set_domain_ou: domain_ou,
        set_enable_customer_owned_ip: customer_owned_ip_enabled,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_engine: engine,
        set_engine_lifecycle_support: engine_lifecycle_support,
        set_iops: iops,
        set_license_model: license_model,
        set_max_allocated_storage: max_allocated_storage,
        set_multi_az: multi_az,
        set_network_type: network_type,
        set_option_group_name: option_group_name,
        set_port: port,
        set_storage_throughput: storage_throughput,
        set_storage_type: storage_type,
    });
    Ok(call.send().await?.db_instance)
}

async fn from_s3(it: &Instance, aws: &Aws, new: &New, name: &str) -> Result<Option<DbInstance>> {
    let Some(from) = it.s3_import.as_ref() else { return Err(Error::Shape("s3_import".to_owned())) };
    let call = aws
        .rds()
        .restore_db_instance_from_s3()
        .db_instance_identifier(name)
        .db_instance_class(&it.instance_class)
        .auto_minor_version_upgrade(it.auto_minor_version_upgrade)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .publicly_accessible(it.publicly_accessible)
        .storage_encrypted(it.storage_encrypted.unwrap_or_default())
        .set_backup_retention_period(sent(&it.backup_retention_period).or(Some(0)))
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        .set_master_user_password(it.new_password())
        .set_tags(tags(&new.tags));
    let call = hand!(call, from, {
        set_s3_bucket_name: bucket_name,
        set_s3_ingestion_role_arn: ingestion_role,
        set_s3_prefix: bucket_prefix,
        set_source_engine: source_engine,
        set_source_engine_version: source_engine_version,
    });
    let call = hand!(call, it, {
        set_allocated_storage: allocated_storage,
        set_availability_zone: availability_zone,
        set_ca_certificate_identifier: ca_cert_identifier,
        set_database_insights_mode: database_insights_mode,
        set_db_name: db_name,
        set_db_parameter_group_name: parameter_group_name,
        set_db_subnet_group_name: db_subnet_group_name,
        set_dedicated_log_volume: dedicated_log_volume,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_enable_performance_insights: performance_insights_enabled,
        set_engine: engine,
        set_engine_lifecycle_support: engine_lifecycle_support,
        set_engine_version: engine_version,
        set_iops: iops,
        set_kms_key_id: kms_key_id,
        set_license_model: license_model,
        set_manage_master_user_password: manage_master_user_password,
        set_master_user_secret_kms_key_id: master_user_secret_kms_key_id,
        set_master_username: username,
        set_monitoring_interval: monitoring_interval,
        set_monitoring_role_arn: monitoring_role_arn,
        set_multi_az: multi_az,
        set_network_type: network_type,
        set_option_group_name: option_group_name,
        set_performance_insights_kms_key_id: performance_insights_kms_key_id,
        set_performance_insights_retention_period: performance_insights_retention_period,
        set_port: port,
        set_preferred_backup_window: backup_window,
        set_preferred_maintenance_window: maintenance_window,
        set_storage_throughput: storage_throughput,
        set_storage_type: storage_type,
    });
    Ok(call.send().await?.db_instance)
}

impl Instance {
    pub(super) fn replicates(&self) -> bool {
        self.replicate_source_db.as_deref().is_some_and(|it| !it.is_empty())
    }

    /// The password that the stack gives, wherever it says it.
    pub(super) fn new_password(&self) -> Option<String> {
        given(&self.password).or_else(|| self.password_wo.0.0.clone().filter(|it| !it.is_empty()))
    }
}
