//! Changing an instance: all that is asked of RDS goes into one call.

use aws_sdk_rds::operation::modify_db_instance::ModifyDbInstanceInput;
use aws_sdk_rds::operation::modify_db_instance::builders::ModifyDbInstanceInputBuilder as Changes;
use aws_sdk_rds::types::CloudwatchLogsExportConfiguration as Logs;

use super::{Instance, create};
use crate::aws::rds::instances;
use crate::aws::shape::{changed, given, listed, sent};
use crate::aws::{Aws, Error, Result};

/// What a replica that was set free already is told.
const NO_REPLICA: &str = "not a read replica";

pub async fn update(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    if was.replicates() && !it.replicates() {
        promote(it, aws, was).await?;
    }
    let new = aws.completes();
    let changes = changes(it, was, new);
    if changes != ModifyDbInstanceInput::builder() {
        let call = changes
            .db_instance_identifier(was.name())
            .apply_immediately(new || *it.apply_immediately)
            .deletion_protection(it.deletion_protection.unwrap_or_default());
        call.send_with(aws.rds()).await?;
    }
    if new {
        instances::completed(aws, &was.id).await?;
        if it.replicates() && it.parameter_group_name != was.parameter_group_name {
            // A new one is to run with its own parameters from the start.
            aws.rds().reboot_db_instance().db_instance_identifier(was.name()).send().await?;
        }
    }
    Ok(())
}

/// Makes a replica an instance of its own.
async fn promote(it: &Instance, aws: &Aws, was: &Instance) -> Result<()> {
    let call = aws.rds().promote_read_replica().db_instance_identifier(was.name());
    let call = call.set_backup_retention_period(sent(&it.backup_retention_period).or(Some(0)));
    match call.set_preferred_backup_window(given(&it.backup_window)).send().await.map_err(Error::from) {
        Err(error) if error.message().contains(NO_REPLICA) => Ok(()),
        answer => answer.map(drop),
    }
}

fn number(ours: &Option<i64>, was: &Option<i64>) -> Option<i32> {
    changed(ours, was).and_then(|it| sent(&it))
}

/// What is to change; `new` where it was made a moment ago and the call that made it lacked something.
fn changes(it: &Instance, was: &Instance, new: bool) -> Changes {
    let call = storage(ModifyDbInstanceInput::builder(), it, was, new);
    let call = access(call, it, was, new);
    let call = network(call, it, was);
    let call = watching(call, it, was);
    let version = changed(&it.engine_version, &was.engine_version);
    let major = version.is_some().then(|| it.allow_major_version_upgrade.unwrap_or_default());
    let differs = |a: bool, b: bool| (a != b).then_some(a);
    call.set_engine_version(version)
        .set_allow_major_version_upgrade(major)
        .set_auto_minor_version_upgrade(differs(
            it.auto_minor_version_upgrade,
            was.auto_minor_version_upgrade,
        ))
        .set_backup_retention_period(number(&it.backup_retention_period, &was.backup_retention_period))
        .set_preferred_backup_window(changed(&it.backup_window, &was.backup_window))
        .set_copy_tags_to_snapshot(differs(it.copy_tags_to_snapshot, was.copy_tags_to_snapshot))
        .set_ca_certificate_identifier(changed(&it.ca_cert_identifier, &was.ca_cert_identifier))
        .set_deletion_protection(changed(&it.deletion_protection, &was.deletion_protection))
        .set_new_db_instance_identifier(changed(&it.identifier, &was.identifier))
        .set_db_instance_class((it.instance_class != was.instance_class).then(|| it.instance_class.clone()))
        .set_license_model(changed(&it.license_model, &was.license_model))
        .set_preferred_maintenance_window(changed(&it.maintenance_window, &was.maintenance_window))
        .set_multi_az(changed(&it.multi_az, &was.multi_az))
        .set_option_group_name(changed(&it.option_group_name, &was.option_group_name))
        .set_db_parameter_group_name(changed(&it.parameter_group_name, &was.parameter_group_name))
        .set_replica_mode(changed(&it.replica_mode, &was.replica_mode).map(|it| it.as_str().into()))
}

fn storage(call: Changes, it: &Instance, was: &Instance, new: bool) -> Changes {
    // A replica's size is its source's for its first hours.
    let sized = it.allocated_storage != was.allocated_storage && !(new && it.replicates());
    let (faster, wider) = (it.iops != was.iops, it.storage_throughput != was.storage_throughput);
    let other = it.storage_type != was.storage_type;
    let provisioned = matches!(it.storage_type.as_deref(), Some("io1" | "io2"));
    let iops = faster || sized && !it.has_small_gp3() || wider || other && provisioned;
    // AWS stops making it larger where the limit is its size.
    let limit = number(&it.max_allocated_storage, &was.max_allocated_storage);
    let limit = limit.map(|most| if most == 0 { sent(&it.allocated_storage).unwrap_or(0) } else { most });
    let or_zero = |it: &Option<i64>| sent(&Some(it.unwrap_or_default()));
    call.set_allocated_storage((sized || faster || wider).then(|| or_zero(&it.allocated_storage)).flatten())
        .set_iops(iops.then(|| or_zero(&it.iops)).flatten())
        .set_storage_throughput(number(&it.storage_throughput, &was.storage_throughput))
        .set_storage_type(changed(&it.storage_type, &was.storage_type))
        .set_max_allocated_storage(limit)
        .set_dedicated_log_volume(
            (it.dedicated_log_volume != was.dedicated_log_volume).then_some(it.dedicated_log_volume),
        )
}

fn access(call: Changes, it: &Instance, was: &Instance, new: bool) -> Changes {
    let lacks = new && create::lacks(it);
    let given_anew = *it.password != *was.password || *it.password_wo_version != *was.password_wo_version;
    let password = (lacks || given_anew).then(|| it.new_password()).flatten();
    let key = changed(&it.master_user_secret_kms_key_id, &was.master_user_secret_kms_key_id);
    let key = key.or_else(|| lacks.then(|| given(&it.master_user_secret_kms_key_id)).flatten());
    let key = key.filter(|it| !it.is_empty());
    let managed = changed(&it.manage_master_user_password, &was.manage_master_user_password);
    // A key is taken only together with the switch.
    let managed = managed.or_else(|| {
        (key.is_some() || lacks && it.manage_master_user_password == Some(true))
            .then(|| it.manage_master_user_password.unwrap_or_default())
    });
    call.set_master_user_password(password)
        .set_manage_master_user_password(managed)
        .set_master_user_secret_kms_key_id(key)
        .set_enable_iam_database_authentication(changed(
            &it.iam_database_authentication_enabled,
            &was.iam_database_authentication_enabled,
        ))
}

fn network(call: Changes, it: &Instance, was: &Instance) -> Changes {
    let groups = *it.vpc_security_group_ids != *was.vpc_security_group_ids;
    let call = call
        .set_db_subnet_group_name(changed(&it.db_subnet_group_name, &was.db_subnet_group_name))
        .set_vpc_security_group_ids(listed(&it.vpc_security_group_ids).filter(|_| groups))
        .set_enable_customer_owned_ip(changed(&it.customer_owned_ip_enabled, &was.customer_owned_ip_enabled))
        .set_network_type(changed(&it.network_type, &was.network_type))
        .set_db_port_number(number(&it.port, &was.port))
        .set_publicly_accessible(
            (it.publicly_accessible != was.publicly_accessible).then_some(it.publicly_accessible),
        );
    if it.directory() == was.directory() {
        return call;
    }
    let joins =
        [&it.domain, &*it.domain_fqdn].iter().any(|it| it.as_deref().is_some_and(|it| !it.is_empty()));
    call.set_domain(given(&it.domain))
        .set_domain_auth_secret_arn(given(&it.domain_auth_secret_arn))
        .set_domain_dns_ips(listed(&it.domain_dns_ips))
        .set_domain_fqdn(given(&it.domain_fqdn))
        .set_domain_iam_role_name(given(&it.domain_iam_role_name))
        .set_domain_ou(given(&it.domain_ou))
        .set_disable_domain((!joins).then_some(true))
}

fn watching(call: Changes, it: &Instance, was: &Instance) -> Changes {
    let (now, before) = (&it.enabled_cloudwatch_logs_exports, &was.enabled_cloudwatch_logs_exports);
    let logs = (now != before).then(|| {
        let on = Logs::builder().set_enable_log_types(Some(now.beyond(before)));
        on.set_disable_log_types(Some(before.beyond(now))).build()
    });
    let mode = changed(&it.database_insights_mode, &was.database_insights_mode);
    let insights = mode.is_some()
        || it.performance_insights_enabled != was.performance_insights_enabled
        || it.performance_insights_kms_key_id != was.performance_insights_kms_key_id
        || it.performance_insights_retention_period != was.performance_insights_retention_period;
    call.set_cloudwatch_logs_export_configuration(logs)
        .set_monitoring_interval(number(&Some(it.monitoring_interval), &Some(was.monitoring_interval)))
        .set_monitoring_role_arn(changed(&it.monitoring_role_arn, &was.monitoring_role_arn))
        .set_database_insights_mode(mode.map(|it| it.as_str().into()))
        .set_enable_performance_insights(insights.then_some(it.performance_insights_enabled))
        .set_performance_insights_kms_key_id(given(&it.performance_insights_kms_key_id).filter(|_| insights))
        .set_performance_insights_retention_period(
            given(&it.performance_insights_retention_period).filter(|_| insights),
        )
}

impl Instance {
    /// What it says of the directory that it joins.
    fn directory(&self) -> impl PartialEq + use<> {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        (
            [&self.domain, &self.domain_iam_role_name, &*self.domain_fqdn, &self.domain_ou].map(text),
            text(&self.domain_auth_secret_arn),
            self.domain_dns_ips.clone(),
        )
    }

    /// Whether its storage is of the sort whose speed can be chosen only where there is more of it.
    fn has_small_gp3(&self) -> bool {
        let size = self.allocated_storage.unwrap_or_default();
        self.storage_type.as_deref() == Some("gp3")
            && match self.engine.as_deref().unwrap_or_default() {
                "mariadb" | "mysql" | "postgres" => size < 400,
                it if it.starts_with("oracle-") => size < 200,
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn instance(more: Json) -> Instance {
        let mut all = json!({ "identifier": "shop", "instance_class": "db.t4g.micro", "engine": "postgres" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    fn changed(was: Json, it: Json, new: bool) -> Changes {
        changes(&instance(it), &instance(was), new)
    }

    #[test]
    fn what_is_the_same_is_not_sent() {
        let same = json!({ "allocated_storage": 20, "password": "x", "apply_immediately": true });
        assert_eq!(changed(same.clone(), same, false), ModifyDbInstanceInput::builder());
        // Switches of ours, and AWS has no such thing.
        let kept = json!({ "skip_final_snapshot": true, "allow_major_version_upgrade": true });
        assert_eq!(changed(json!({}), kept, false), ModifyDbInstanceInput::builder());
    }

    #[test]
    fn sizes_are_sent_together() {
        let was = json!({ "allocated_storage": 20, "storage_type": "gp3", "iops": 3000 });
        let small = json!({ "allocated_storage": 30, "storage_type": "gp3", "iops": 3000 });
        let empty = ModifyDbInstanceInput::builder;
        assert_eq!(changed(was.clone(), small, false), empty().allocated_storage(30));
        let large = json!({ "allocated_storage": 500, "storage_type": "gp3", "iops": 3000 });
        assert_eq!(changed(was, large, false), empty().allocated_storage(500).iops(3000));
        let limited = json!({ "allocated_storage": 20, "max_allocated_storage": 100 });
        let unlimited = json!({ "allocated_storage": 20 });
        assert_eq!(changed(limited, unlimited, false), empty().max_allocated_storage(20));
    }

    #[test]
    fn passwords_are_sent_when_they_change_or_were_not_taken() {
        let empty = ModifyDbInstanceInput::builder;
        let (old, new) = (json!({ "password": "old" }), json!({ "password": "new" }));
        assert_eq!(changed(old, new, false), empty().master_user_password("new"));
        let copy = json!({ "snapshot_identifier": "s", "password": "new" });
        assert_eq!(changed(copy.clone(), copy.clone(), true), empty().master_user_password("new"));
        assert_eq!(changed(copy.clone(), copy, false), empty());
        let counted = |at: u8| json!({ "password_wo": "hush", "password_wo_version": at });
        assert_eq!(changed(counted(1), counted(2), false), empty().master_user_password("hush"));
        let managed = json!({ "manage_master_user_password": true });
        assert_eq!(changed(json!({}), managed, false), empty().manage_master_user_password(true));
    }

    #[test]
    fn a_new_version_says_whether_it_may_be_a_major_one() {
        let (was, it) = (json!({ "engine_version": "15" }), json!({ "engine_version": "16" }));
        let wanted = ModifyDbInstanceInput::builder().engine_version("16").allow_major_version_upgrade(false);
        assert_eq!(changed(was, it, false), wanted);
    }
}
