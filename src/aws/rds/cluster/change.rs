//! Changing a cluster: most of it in one call, and some steps of their own. Each of them can be repeated.

use aws_sdk_rds::operation::modify_db_cluster::ModifyDbClusterInput;
use aws_sdk_rds::operation::modify_db_cluster::builders::ModifyDbClusterInputBuilder as Changes;
use aws_sdk_rds::types::CloudwatchLogsExportConfiguration as Logs;

use super::{Cluster, create};
use crate::aws::shape::{changed, given, sent};
use crate::aws::{Aws, Error, Result};

/// What a replica that was set free already is told.
const NO_REPLICA: &str = "not a read replica";
/// What is told of a cluster that has left its global cluster already.
const LEFT: &str = "is not found in global cluster";
/// What is told of a parameter group of instances where no new major version is asked for.
const NO_MAJOR: &str = "db-instance-parameter-group-name can only be specified for a major";

pub async fn update(it: &Cluster, aws: &Aws, was: &Cluster) -> Result<()> {
    let name = &was.id.0;
    if it.enable_http_endpoint != was.enable_http_endpoint && it.is_provisioned() {
        match it.enable_http_endpoint {
            true => drop(aws.rds().enable_http_endpoint().resource_arn(&*was.arn).send().await?),
            false => drop(aws.rds().disable_http_endpoint().resource_arn(&*was.arn).send().await?),
        }
    }
    let replicates = |it: &Cluster| given::<String, _>(&it.replication_source_identifier).is_some();
    if replicates(was) && !replicates(it) {
        promote(aws, name).await?;
    }
    let new = aws.completes();
    let changes = changes(it, was, new);
    if changes != ModifyDbClusterInput::builder() {
        let changes = changes.db_cluster_identifier(name).apply_immediately(new || it.at_once());
        modify(it, aws, changes).await?;
    }
    if let Some(global) = was.global_cluster_identifier.as_deref().filter(|it| !it.is_empty())
        && given::<String, _>(&it.global_cluster_identifier).is_none()
    {
        leave(aws, global, &was.arn).await?;
    }
    change_roles(it, aws, was).await
}

async fn modify(it: &Cluster, aws: &Aws, changes: Changes) -> Result<()> {
    let call = changes.clone().set_allow_major_version_upgrade(given(&it.allow_major_version_upgrade));
    // AWS never shows it, so it is said each time.
    let group = given::<String, _>(&it.db_instance_parameter_group_name);
    let full = call.clone().set_db_instance_parameter_group_name(group);
    match full.send_with(aws.rds()).await.map_err(Error::from) {
        Err(error) if error.message().contains(NO_MAJOR) => {
            call.send_with(aws.rds()).await?;
            Ok(())
        }
        answer => answer.map(drop),
    }
}

/// Makes a replica a cluster of its own.
async fn promote(aws: &Aws, name: &str) -> Result<()> {
    let answer = aws.rds().promote_read_replica_db_cluster().db_cluster_identifier(name).send().await;
    match answer.map_err(Error::from) {
        Err(error) if error.message().contains(NO_REPLICA) => Ok(()),
        answer => answer.map(drop),
    }
}

/// Takes a cluster out of its global cluster.
pub async fn leave(aws: &Aws, global: &str, arn: &str) -> Result<()> {
    let call = aws.rds().remove_from_global_cluster().global_cluster_identifier(global);
    match call.db_cluster_identifier(arn).send().await.map_err(Error::from) {
        Err(error) if error.is_missing() || error.message().contains(LEFT) => Ok(()),
        answer => answer.map(drop),
    }
}

/// What a role is told that has its place already, or none any more.
const ROLE_DONE: [&str; 2] = ["DBClusterRoleAlreadyExists", "DBClusterRoleNotFound"];

async fn change_roles(it: &Cluster, aws: &Aws, was: &Cluster) -> Result<()> {
    let done =
        |error: &Error| error.code().is_some_and(|it| ROLE_DONE.iter().any(|done| it.starts_with(done)));
    let name = &was.id.0;
    for role in it.iam_roles.beyond(&was.iam_roles) {
        let call = aws.rds().add_role_to_db_cluster().db_cluster_identifier(name).role_arn(role);
        match call.send().await.map_err(Error::from) {
            Err(error) if !done(&error) => return Err(error),
            _ => {}
        }
    }
    for role in was.iam_roles.beyond(&it.iam_roles) {
        let call = aws.rds().remove_role_from_db_cluster().db_cluster_identifier(name).role_arn(role);
        match call.send().await.map_err(Error::from) {
            Err(error) if !done(&error) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn number(ours: &Option<i64>, was: &Option<i64>) -> Option<i32> {
    changed(ours, was).and_then(|it| sent(&it))
}

/// What is to change; `new` where it was made a moment ago and the call that made it lacked something.
fn changes(it: &Cluster, was: &Cluster, new: bool) -> Changes {
    let call = engine(ModifyDbClusterInput::builder(), it, was);
    let call = access(call, it, was, new);
    let call = watching(call, it, was);
    let differs = |a: bool, b: bool| (a != b).then_some(a);
    let groups = *it.vpc_security_group_ids != *was.vpc_security_group_ids;
    let joins = (&it.domain, &it.domain_iam_role_name) != (&was.domain, &was.domain_iam_role_name);
    let text = |it: &Option<String>| joins.then(|| it.clone().unwrap_or_default());
    let http = it.enable_http_endpoint != was.enable_http_endpoint && !it.is_provisioned();
    call.set_backtrack_window(changed(&it.backtrack_window, &was.backtrack_window))
        .set_backup_retention_period(number(&it.backup_retention_period, &was.backup_retention_period))
        .set_preferred_backup_window(changed(&it.preferred_backup_window, &was.preferred_backup_window))
        .set_preferred_maintenance_window(changed(
            &it.preferred_maintenance_window,
            &was.preferred_maintenance_window,
        ))
        .set_copy_tags_to_snapshot(differs(it.copy_tags_to_snapshot, was.copy_tags_to_snapshot))
        .set_deletion_protection(changed(&it.deletion_protection, &was.deletion_protection))
        .set_domain(text(&it.domain))
        .set_domain_iam_role_name(text(&it.domain_iam_role_name))
        .set_enable_global_write_forwarding(differs(
            it.enable_global_write_forwarding,
            was.enable_global_write_forwarding,
        ))
        .set_enable_local_write_forwarding(differs(
            it.enable_local_write_forwarding,
            was.enable_local_write_forwarding,
        ))
        .set_enable_http_endpoint(http.then_some(it.enable_http_endpoint))
        .set_network_type(changed(&it.network_type, &was.network_type))
        .set_port(number(&it.port, &was.port))
        .set_vpc_security_group_ids(groups.then(|| it.vpc_security_group_ids.0.0.clone()))
}

fn engine(call: Changes, it: &Cluster, was: &Cluster) -> Changes {
    let scaling =
        it.scaling_configuration.as_ref().filter(|_| it.scaling_configuration != was.scaling_configuration);
    let capacity = it.serverlessv2_scaling_configuration.as_ref();
    let capacity =
        capacity.filter(|_| it.serverlessv2_scaling_configuration != was.serverlessv2_scaling_configuration);
    call.set_allocated_storage(number(&it.allocated_storage, &was.allocated_storage))
        .set_iops(number(&it.iops, &was.iops))
        .set_storage_type(changed(&it.storage_type, &was.storage_type))
        .set_ca_certificate_identifier(changed(&it.ca_certificate_identifier, &was.ca_certificate_identifier))
        .set_db_cluster_instance_class(changed(&it.db_cluster_instance_class, &was.db_cluster_instance_class))
        .set_db_cluster_parameter_group_name(changed(
            &it.db_cluster_parameter_group_name,
            &was.db_cluster_parameter_group_name,
        ))
        .set_engine_version(changed(&it.engine_version, &was.engine_version))
        .set_engine_lifecycle_support(changed(&it.engine_lifecycle_support, &was.engine_lifecycle_support))
        .set_scaling_configuration(scaling.map(Into::into))
        .set_serverless_v2_scaling_configuration(capacity.map(Into::into))
}

fn access(call: Changes, it: &Cluster, was: &Cluster, new: bool) -> Changes {
    let lacks = new && create::lacks(it);
    let given_anew = *it.master_password != *was.master_password
        || *it.master_password_wo_version != *was.master_password_wo_version;
    let key = changed(&it.master_user_secret_kms_key_id, &was.master_user_secret_kms_key_id);
    let key = key.or_else(|| lacks.then(|| given(&it.master_user_secret_kms_key_id)).flatten());
    let managed = changed(&it.manage_master_user_password, &was.manage_master_user_password);
    let managed = managed.or((lacks && it.manage_master_user_password == Some(true)).then_some(true));
    call.set_master_user_password((lacks || given_anew).then(|| it.new_password()).flatten())
        .set_manage_master_user_password(managed)
        .set_master_user_secret_kms_key_id(key.filter(|it| !it.is_empty()))
        .set_enable_iam_database_authentication(changed(
            &it.iam_database_authentication_enabled,
            &was.iam_database_authentication_enabled,
        ))
}

fn watching(call: Changes, it: &Cluster, was: &Cluster) -> Changes {
    let (now, before) = (&it.enabled_cloudwatch_logs_exports, &was.enabled_cloudwatch_logs_exports);
    let logs = (now != before).then(|| {
        let on = Logs::builder().set_enable_log_types(Some(now.beyond(before)));
        on.set_disable_log_types(Some(before.beyond(now))).build()
    });
    let mode = changed(&it.database_insights_mode, &was.database_insights_mode);
    let insights = changed(&it.performance_insights_enabled, &was.performance_insights_enabled);
    let insights = insights.or(mode.is_some().then(|| it.performance_insights_enabled.unwrap_or_default()));
    call.set_cloudwatch_logs_export_configuration(logs)
        .set_monitoring_interval(number(&it.monitoring_interval, &was.monitoring_interval))
        .set_monitoring_role_arn(changed(&it.monitoring_role_arn, &was.monitoring_role_arn))
        .set_database_insights_mode(mode.map(|it| it.as_str().into()))
        .set_enable_performance_insights(insights)
        .set_performance_insights_kms_key_id(changed(
            &it.performance_insights_kms_key_id,
            &was.performance_insights_kms_key_id,
        ))
        .set_performance_insights_retention_period(number(
            &it.performance_insights_retention_period,
            &was.performance_insights_retention_period,
        ))
}

impl Cluster {
    fn is_provisioned(&self) -> bool {
        matches!(self.engine_mode.as_str(), "" | "provisioned")
    }
}
