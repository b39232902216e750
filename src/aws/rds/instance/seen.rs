//! An instance as RDS describes it.

use aws_sdk_rds::types as sdk;

use super::{Instance, Listener};
use crate::aws::rds::{instances, moment, tags_seen};
use crate::aws::shape::seen;
use crate::resource::*;

impl From<sdk::DbInstance> for Live<Instance> {
    fn from(it: sdk::DbInstance) -> Self {
        Live {
            key: seen(it.dbi_resource_id.clone()),
            status: instances::status(&it),
            tags: Some(tags_seen(it.tag_list.clone())),
            unread: &[],
            attributes: ours(it),
        }
    }
}

fn ours(it: sdk::DbInstance) -> Instance {
    let soon = it.pending_modified_values.and_then(|it| it.engine_version);
    let name: String = seen(it.db_instance_identifier);
    let at = it.endpoint;
    let endpoint = at.as_ref().and_then(|it| Some(format!("{}:{}", it.address()?, it.port()?)));
    let directory = it.domain_memberships.unwrap_or_default().into_iter().next();
    let directory = directory.unwrap_or_else(|| sdk::DomainMembership::builder().build());
    let groups = it.vpc_security_groups.unwrap_or_default().into_iter();
    let options = it.option_group_memberships.unwrap_or_default().into_iter().next();
    let parameters = it.db_parameter_groups.unwrap_or_default().into_iter().next();
    let listener = it.listener_endpoint.map(|it| Listener {
        address: it.address,
        hosted_zone_id: it.hosted_zone_id,
        port: seen(it.port),
    });
    Instance {
        identifier_prefix: Chosen(name_prefix(&name)),
        identifier: Chosen(Some(name)),
        engine: seen(it.engine),
        // What is about to run, for [`Resource::as_kept`].
        engine_version: Chosen(soon.or(it.engine_version.clone())),
        engine_version_actual: seen(it.engine_version),
        engine_lifecycle_support: seen(it.engine_lifecycle_support),
        instance_class: seen(it.db_instance_class),
        allocated_storage: seen(it.allocated_storage),
        max_allocated_storage: seen(it.max_allocated_storage),
        storage_type: seen(it.storage_type),
        iops: seen(it.iops),
        storage_throughput: seen(it.storage_throughput),
        storage_encrypted: seen(it.storage_encrypted),
        kms_key_id: seen(it.kms_key_id),
        upgrade_storage_config: Local(None),
        dedicated_log_volume: seen(it.dedicated_log_volume),
        db_name: seen(it.db_name),
        username: seen(it.master_username),
        password: Secret(None),
        password_wo: Secret(WriteOnly(None)),
        password_wo_version: Local(None),
        manage_master_user_password: it.master_user_secret.as_ref().map(|_| true),
        master_user_secret_kms_key_id: Chosen(None),
        master_user_secret: Computed(it.master_user_secret.into_iter().map(Into::into).collect()),
        iam_database_authentication_enabled: seen(it.iam_database_authentication_enabled),
        db_subnet_group_name: seen(it.db_subnet_group.and_then(|it| it.db_subnet_group_name)),
        vpc_security_group_ids: Chosen(groups.filter_map(|it| it.vpc_security_group_id).collect()),
        publicly_accessible: seen(it.publicly_accessible),
        port: seen(at.as_ref().and_then(|it| it.port).or(it.db_instance_port)),
        network_type: seen(it.network_type),
        customer_owned_ip_enabled: seen(it.customer_owned_ip_enabled),
        availability_zone: seen(it.availability_zone),
        multi_az: seen(it.multi_az),
        parameter_group_name: seen(parameters.and_then(|it| it.db_parameter_group_name)),
        option_group_name: seen(options.and_then(|it| it.option_group_name)),
        license_model: seen(it.license_model),
        character_set_name: seen(it.character_set_name),
        nchar_character_set_name: seen(it.nchar_character_set_name),
        timezone: seen(it.timezone),
        ca_cert_identifier: seen(it.ca_certificate_identifier),
        custom_iam_instance_profile: seen(it.custom_iam_instance_profile),
        domain: directory.domain,
        domain_iam_role_name: directory.iam_role_name,
        domain_fqdn: seen(directory.fqdn),
        domain_ou: directory.ou,
        domain_auth_secret_arn: directory.auth_secret_arn,
        domain_dns_ips: directory.dns_ips.unwrap_or_default(),
        backup_retention_period: seen(it.backup_retention_period),
        backup_window: seen(it.preferred_backup_window),
        backup_target: seen(it.backup_target),
        copy_tags_to_snapshot: seen(it.copy_tags_to_snapshot),
        // AWS does not know what is to be done at the end: one that is imported is removed without a word.
        delete_automated_backups: Local(true),
        skip_final_snapshot: Local(true),
        final_snapshot_identifier: Local(None),
        maintenance_window: seen(it.preferred_maintenance_window),
        apply_immediately: Local(false),
        auto_minor_version_upgrade: seen(it.auto_minor_version_upgrade),
        allow_major_version_upgrade: Local(None),
        blue_green_update: Local(One(None)),
        deletion_protection: seen(it.deletion_protection),
        enabled_cloudwatch_logs_exports: Set(it.enabled_cloudwatch_logs_exports.unwrap_or_default()),
        monitoring_interval: seen(it.monitoring_interval),
        monitoring_role_arn: seen(it.monitoring_role_arn),
        database_insights_mode: seen(it.database_insights_mode),
        performance_insights_enabled: seen(it.performance_insights_enabled),
        performance_insights_kms_key_id: seen(it.performance_insights_kms_key_id),
        performance_insights_retention_period: seen(it.performance_insights_retention_period),
        replicate_source_db: seen(it.read_replica_source_db_instance_identifier),
        replica_mode: seen(it.replica_mode),
        replicas: Computed(it.read_replica_db_instance_identifiers.unwrap_or_default()),
        snapshot_identifier: Chosen(Fixed(None)),
        restore_to_point_in_time: Fixed(One(None)),
        s3_import: One(None),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: seen(it.dbi_resource_id.clone()),
        resource_id: seen(it.dbi_resource_id),
        arn: seen(it.db_instance_arn),
        address: seen(at.as_ref().and_then(|it| it.address.clone())),
        endpoint: Computed(endpoint),
        hosted_zone_id: seen(at.and_then(|it| it.hosted_zone_id)),
        listener_endpoint: Computed(listener.into_iter().collect()),
        latest_restorable_time: Computed(moment(it.latest_restorable_time)),
        status: seen(it.db_instance_status),
    }
}
