//! A cluster as RDS describes it.

use aws_sdk_rds::types as sdk;

use super::Cluster;
use crate::aws::rds::instances::CHANGES_PENDING;
use crate::aws::rds::{moment, tags_seen};
use crate::aws::shape::seen;
use crate::resource::*;

impl From<sdk::DbCluster> for Live<Cluster> {
    fn from(it: sdk::DbCluster) -> Self {
        Live {
            key: seen(it.db_cluster_identifier.clone()),
            status: status(&it),
            tags: Some(tags_seen(it.tag_list.clone())),
            unread: &[],
            attributes: ours(it),
        }
    }
}

/// Whether it can be used, in RDS's words.
fn status(it: &sdk::DbCluster) -> Status {
    match it.status().unwrap_or("available") {
        "available" if it.pending_modified_values().is_some_and(pends) => {
            Status::Pending(CHANGES_PENDING.to_owned())
        }
        // Nobody has to wait for one that somebody has stopped.
        "available" | "stopped" | "storage-optimization" => Status::Ready,
        bad if bad.ends_with("failed")
            || bad.starts_with("inaccessible-")
            || bad.starts_with("incompatible-") =>
        {
            Status::Failed(bad.to_owned())
        }
        other => Status::Pending(other.to_owned()),
    }
}

fn pends(it: &sdk::ClusterPendingModifiedValues) -> bool {
    *it != sdk::ClusterPendingModifiedValues::builder().build()
}

fn ours(it: sdk::DbCluster) -> Cluster {
    let soon = it.pending_modified_values.and_then(|it| it.engine_version);
    let name: String = seen(it.db_cluster_identifier);
    let directory = it.domain_memberships.unwrap_or_default().into_iter().next();
    let (domain, domain_role) = directory.map(|it| (it.domain, it.iam_role_name)).unwrap_or_default();
    let (groups, roles) =
        (it.vpc_security_groups.unwrap_or_default(), it.associated_roles.unwrap_or_default());
    let members = it.db_cluster_members.unwrap_or_default().into_iter();
    let (authority, expires) =
        it.certificate_details.map(|it| (it.ca_identifier, it.valid_till)).unwrap_or_default();
    Cluster {
        cluster_identifier_prefix: Chosen(Fixed(name_prefix(&name))),
        cluster_identifier: Chosen(Fixed(Some(name.clone()))),
        engine: seen(it.engine),
        engine_mode: seen(it.engine_mode),
        // What is about to run, for [`Resource::as_kept`].
        engine_version: Chosen(soon.or(it.engine_version.clone())),
        engine_version_actual: seen(it.engine_version),
        engine_lifecycle_support: seen(it.engine_lifecycle_support),
        cluster_scalability_type: seen(it.cluster_scalability_type),
        db_cluster_instance_class: seen(it.db_cluster_instance_class),
        database_name: seen(it.database_name),
        master_username: seen(it.master_username),
        master_password: Secret(None),
        master_password_wo: Secret(WriteOnly(None)),
        master_password_wo_version: Local(None),
        manage_master_user_password: it.master_user_secret.as_ref().map(|_| true),
        master_user_secret_kms_key_id: Chosen(None),
        master_user_secret: Computed(it.master_user_secret.into_iter().map(Into::into).collect()),
        iam_database_authentication_enabled: seen(it.iam_database_authentication_enabled),
        iam_roles: Chosen(roles.into_iter().filter_map(|it| it.role_arn).collect()),
        enable_http_endpoint: seen(it.http_endpoint_enabled),
        enable_global_write_forwarding: false,
        enable_local_write_forwarding: false,
        availability_zones: Chosen(Fixed(Set(it.availability_zones.unwrap_or_default()))),
        db_subnet_group_name: seen(it.db_subnet_group),
        vpc_security_group_ids: Chosen(
            groups.into_iter().filter_map(|it| it.vpc_security_group_id).collect(),
        ),
        port: seen(it.port),
        network_type: seen(it.network_type),
        domain,
        domain_iam_role_name: domain_role,
        allocated_storage: seen(it.allocated_storage),
        storage_type: seen(it.storage_type),
        iops: seen(it.iops),
        storage_encrypted: seen(it.storage_encrypted),
        kms_key_id: seen(it.kms_key_id),
        db_cluster_parameter_group_name: seen(it.db_cluster_parameter_group),
        db_instance_parameter_group_name: None,
        db_system_id: seen(it.db_system_id),
        ca_certificate_identifier: Chosen(authority),
        backtrack_window: seen(it.backtrack_window),
        backup_retention_period: seen(it.backup_retention_period),
        preferred_backup_window: seen(it.preferred_backup_window),
        preferred_maintenance_window: seen(it.preferred_maintenance_window),
        copy_tags_to_snapshot: seen(it.copy_tags_to_snapshot),
        // AWS does not know what is to be done at the end: one that is imported is removed without a word.
        delete_automated_backups: Local(true),
        skip_final_snapshot: Local(true),
        final_snapshot_identifier: Local(None),
        apply_immediately: Chosen(Local(None)),
        allow_major_version_upgrade: Local(None),
        deletion_protection: seen(it.deletion_protection),
        enabled_cloudwatch_logs_exports: Set(it.enabled_cloudwatch_logs_exports.unwrap_or_default()),
        monitoring_interval: seen(it.monitoring_interval),
        monitoring_role_arn: seen(it.monitoring_role_arn),
        database_insights_mode: seen(it.database_insights_mode),
        performance_insights_enabled: seen(it.performance_insights_enabled),
        performance_insights_kms_key_id: seen(it.performance_insights_kms_key_id),
        performance_insights_retention_period: seen(it.performance_insights_retention_period),
        global_cluster_identifier: seen(it.global_cluster_identifier),
        replication_source_identifier: seen(it.replication_source_identifier),
        source_region: Fixed(None),
        snapshot_identifier: Fixed(None),
        restore_to_point_in_time: Fixed(One(None)),
        s3_import: One(None),
        scaling_configuration: One(it.scaling_configuration_info.map(Into::into)),
        serverlessv2_scaling_configuration: One(it.serverless_v2_scaling_configuration.map(Into::into)),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(name),
        arn: seen(it.db_cluster_arn),
        cluster_resource_id: seen(it.db_cluster_resource_id),
        cluster_members: Chosen(members.filter_map(|it| it.db_instance_identifier).collect()),
        endpoint: seen(it.endpoint),
        reader_endpoint: seen(it.reader_endpoint),
        hosted_zone_id: seen(it.hosted_zone_id),
        ca_certificate_valid_till: Computed(moment(expires)),
    }
}
