//! The four ways to make a cluster: empty (or as a replica), from a snapshot, from another cluster at some
//! moment, and from a backup in S3. What a call does not take follows in an update.

use super::Cluster;
use crate::aws::rds::{moment_said, tags};
use crate::aws::shape::{given, listed, sent};
use crate::aws::{Aws, Error, Result};
use crate::resource::New;

/// Its key: the cluster's name.
pub async fn create(it: &Cluster, aws: &Aws, new: &New) -> Result<String> {
    let name = it.new_name(new);
    if given::<String, _>(&it.snapshot_identifier).is_some() {
        from_snapshot(it, aws, new, &name).await?;
    } else if it.s3_import.is_some() {
        from_s3(it, aws, new, &name).await?;
    } else if it.restore_to_point_in_time.is_some() {
        to_point_in_time(it, aws, new, &name).await?;
    } else {
        empty(it, aws, new, &name).await?;
    }
    Ok(name)
}

/// Whether a new one needs a password that the call which makes it does not take.
pub fn lacks(it: &Cluster) -> bool {
    let copied =
        given::<String, _>(&it.snapshot_identifier).is_some() || it.restore_to_point_in_time.is_some();
    let managed = it.manage_master_user_password.unwrap_or_default();
    it.s3_import.is_none() && copied && (managed || it.new_password().is_some())
}

async fn empty(it: &Cluster, aws: &Aws, new: &New, name: &str) -> Result<()> {
    // One that joins a global cluster takes these only afterwards.
    let alone = given::<String, _>(&it.global_cluster_identifier).is_none();
    let call = aws
        .rds()
        .create_db_cluster()
        .db_cluster_identifier(name)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .set_availability_zones(listed(&it.availability_zones))
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        .set_storage_encrypted(sent(&it.storage_encrypted))
        .set_master_user_password(it.new_password())
        .set_enable_performance_insights(given(&it.performance_insights_enabled).filter(|_| alone))
        .set_performance_insights_kms_key_id(given(&it.performance_insights_kms_key_id).filter(|_| alone))
        .set_performance_insights_retention_period(
            given(&it.performance_insights_retention_period).filter(|_| alone),
        )
        .set_replication_source_identifier(given(&it.replication_source_identifier).filter(|_| alone))
        .set_scaling_configuration(it.scaling_configuration.as_ref().map(Into::into))
        .set_serverless_v2_scaling_configuration(
            it.serverlessv2_scaling_configuration.as_ref().map(Into::into),
        )
        .set_tags(tags(&new.tags));
    let call = hand!(call, it, {
        set_allocated_storage: allocated_storage,
        set_backtrack_window: backtrack_window,
        set_backup_retention_period: backup_retention_period,
        set_ca_certificate_identifier: ca_certificate_identifier,
        set_cluster_scalability_type: cluster_scalability_type,
        set_database_insights_mode: database_insights_mode,
        set_database_name: database_name,
        set_db_cluster_instance_class: db_cluster_instance_class,
        set_db_cluster_parameter_group_name: db_cluster_parameter_group_name,
        set_db_subnet_group_name: db_subnet_group_name,
        set_db_system_id: db_system_id,
        set_domain: domain,
        set_domain_iam_role_name: domain_iam_role_name,
        set_enable_global_write_forwarding: enable_global_write_forwarding,
        set_enable_http_endpoint: enable_http_endpoint,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_enable_local_write_forwarding: enable_local_write_forwarding,
        set_engine: engine,
        set_engine_lifecycle_support: engine_lifecycle_support,
        set_engine_mode: engine_mode,
        set_engine_version: engine_version,
        set_global_cluster_identifier: global_cluster_identifier,
        set_iops: iops,
        set_kms_key_id: kms_key_id,
        set_manage_master_user_password: manage_master_user_password,
        set_master_user_secret_kms_key_id: master_user_secret_kms_key_id,
        set_master_username: master_username,
        set_monitoring_interval: monitoring_interval,
        set_monitoring_role_arn: monitoring_role_arn,
        set_network_type: network_type,
        set_port: port,
        set_preferred_backup_window: preferred_backup_window,
        set_preferred_maintenance_window: preferred_maintenance_window,
        set_storage_type: storage_type,
    });
    call.send().await?;
    Ok(())
}

async fn from_snapshot(it: &Cluster, aws: &Aws, new: &New, name: &str) -> Result<()> {
    let call = aws
        .rds()
        .restore_db_cluster_from_snapshot()
        .db_cluster_identifier(name)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .set_availability_zones(listed(&it.availability_zones))
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        .set_scaling_configuration(it.scaling_configuration.as_ref().map(Into::into))
        .set_serverless_v2_scaling_configuration(
            it.serverlessv2_scaling_configuration.as_ref().map(Into::into),
        )
        .set_tags(tags(&new.tags));
    let call = hand!(call, it, {
        set_backtrack_window: backtrack_window,
        set_database_name: database_name,
        set_db_cluster_instance_class: db_cluster_instance_class,
        set_db_cluster_parameter_group_name: db_cluster_parameter_group_name,
        set_db_subnet_group_name: db_subnet_group_name,
        set_domain: domain,
        set_domain_iam_role_name: domain_iam_role_name,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_engine: engine,
        set_engine_lifecycle_support: engine_lifecycle_support,
        set_engine_mode: engine_mode,
        set_engine_version: engine_version,
        set_iops: iops,
        set_kms_key_id: kms_key_id,
        set_monitoring_interval: monitoring_interval,
        set_monitoring_role_arn: monitoring_role_arn,
        set_network_type: network_type,
        set_port: port,
        set_snapshot_identifier: snapshot_identifier,
        set_storage_type: storage_type,
    });
    call.send().await?;
    Ok(())
}

async fn to_point_in_time(it: &Cluster, aws: &Aws, new: &New, name: &str) -> Result<()> {
    let Some(from) = it.restore_to_point_in_time.as_ref() else {
        return Err(Error::Shape("restore_to_point_in_time".to_owned()));
    };
    let call = aws
        .rds()
        .restore_db_cluster_to_point_in_time()
        .db_cluster_identifier(name)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .set_restore_to_time(moment_said("restore_to_time", &from.restore_to_time)?)
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        .set_scaling_configuration(it.scaling_configuration.as_ref().map(Into::into))
        .set_serverless_v2_scaling_configuration(
            it.serverlessv2_scaling_configuration.as_ref().map(Into::into),
        )
        .set_tags(tags(&new.tags));
    let call = hand!(call, from, {
        set_restore_type: restore_type,
        set_source_db_cluster_identifier: source_cluster_identifier,
        set_source_db_cluster_resource_id: source_cluster_resource_id,
        set_use_latest_restorable_time: use_latest_restorable_time,
    });
    let call = hand!(call, it, {
        set_backtrack_window: backtrack_window,
        set_db_cluster_instance_class: db_cluster_instance_class,
        set_db_cluster_parameter_group_name: db_cluster_parameter_group_name,
        set_db_subnet_group_name: db_subnet_group_name,
        set_domain: domain,
        set_domain_iam_role_name: domain_iam_role_name,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_engine_lifecycle_support: engine_lifecycle_support,
        set_iops: iops,
        set_kms_key_id: kms_key_id,
        set_monitoring_interval: monitoring_interval,
        set_monitoring_role_arn: monitoring_role_arn,
        set_network_type: network_type,
        set_port: port,
        set_storage_type: storage_type,
    });
    call.send().await?;
    Ok(())
}

async fn from_s3(it: &Cluster, aws: &Aws, new: &New, name: &str) -> Result<()> {
    let Some(from) = it.s3_import.as_ref() else { return Err(Error::Shape("s3_import".to_owned())) };
    let call = aws
        .rds()
        .restore_db_cluster_from_s3()
        .db_cluster_identifier(name)
        .copy_tags_to_snapshot(it.copy_tags_to_snapshot)
        .deletion_protection(it.deletion_protection.unwrap_or_default())
        .set_availability_zones(listed(&it.availability_zones))
        .set_enable_cloudwatch_logs_exports(listed(&it.enabled_cloudwatch_logs_exports))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids))
        .set_storage_encrypted(sent(&it.storage_encrypted))
        .set_master_user_password(it.new_password())
        .set_serverless_v2_scaling_configuration(
            it.serverlessv2_scaling_configuration.as_ref().map(Into::into),
        )
        .set_tags(tags(&new.tags));
    let call = hand!(call, from, {
        set_s3_bucket_name: bucket_name,
        set_s3_ingestion_role_arn: ingestion_role,
        set_s3_prefix: bucket_prefix,
        set_source_engine: source_engine,
        set_source_engine_version: source_engine_version,
    });
    let call = hand!(call, it, {
        set_backtrack_window: backtrack_window,
        set_backup_retention_period: backup_retention_period,
        set_database_name: database_name,
        set_db_cluster_parameter_group_name: db_cluster_parameter_group_name,
        set_db_subnet_group_name: db_subnet_group_name,
        set_domain: domain,
        set_domain_iam_role_name: domain_iam_role_name,
        set_enable_iam_database_authentication: iam_database_authentication_enabled,
        set_engine: engine,
        set_engine_lifecycle_support: engine_lifecycle_support,
        set_engine_version: engine_version,
        set_kms_key_id: kms_key_id,
        set_manage_master_user_password: manage_master_user_password,
        set_master_user_secret_kms_key_id: master_user_secret_kms_key_id,
        set_master_username: master_username,
        set_network_type: network_type,
        set_port: port,
        set_preferred_backup_window: preferred_backup_window,
        set_preferred_maintenance_window: preferred_maintenance_window,
        set_storage_type: storage_type,
    });
    call.send().await?;
    Ok(())
}

impl Cluster {
    /// The password that the stack gives, wherever it says it.
    pub(super) fn new_password(&self) -> Option<String> {
        given(&self.master_password)
            .or_else(|| self.master_password_wo.0.0.clone().filter(|it| !it.is_empty()))
    }
}
