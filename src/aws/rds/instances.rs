//! Database instances as RDS describes them, for the types that are made of one.

use std::time::Duration;

use aws_sdk_rds::types as sdk;
use futures::future::try_join_all;

use super::{PAGE, among, is_ours, tags_seen};
use crate::aws::{Aws, Error, Result};
use crate::resource::Status;

/// The status of an instance that works and has changes before it.
pub const CHANGES_PENDING: &str = "available, with changes that are pending";

/// Instances by their resource ids (`dbi-resource-id`) or names (`db-instance-id`). One that is gone is
/// missing from the answer, and the others are there.
pub async fn by(aws: &Aws, filter: &str, values: &[String]) -> Result<Vec<sdk::DbInstance>> {
    let calls = values.chunks(PAGE).map(async |some| {
        let call = aws.rds().describe_db_instances().filters(among(filter, some));
        Ok::<Vec<_>, Error>(call.into_paginator().items().send().try_collect().await?)
    });
    Ok(try_join_all(calls).await?.into_iter().flatten().collect())
}

/// The one whose create carried this token, whatever its name is by now.
pub async fn marked(aws: &Aws, token: &str) -> Result<Option<sdk::DbInstance>> {
    let mut all = aws.rds().describe_db_instances().into_paginator().items().send();
    while let Some(it) = all.try_next().await? {
        if is_ours(&tags_seen(it.tag_list.clone()), token) {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

/// Whether it can be used, in RDS's words.
pub fn status(it: &sdk::DbInstance) -> Status {
    match it.db_instance_status().unwrap_or("available") {
        "available" if it.pending_modified_values().is_some_and(pends) => {
            Status::Pending(CHANGES_PENDING.to_owned())
        }
        // Nobody has to wait for one that somebody has stopped.
        "available" | "storage-optimization" | "storage-config-upgrade" | "stopped" => Status::Ready,
        "failed" | "restore-error" | "insufficient-capacity" => failed(it),
        other if other.starts_with("incompatible-") || other.starts_with("inaccessible-") => failed(it),
        other => Status::Pending(other.to_owned()),
    }
}

fn failed(it: &sdk::DbInstance) -> Status {
    let why = it.status_infos().iter().find_map(|it| it.message()).map(|it| format!(": {it}"));
    Status::Failed(format!("{}{}", it.db_instance_status().unwrap_or_default(), why.unwrap_or_default()))
}

/// Whether something is about to change that takes time. (Some other changes wait for a reboot, which nobody
/// may ever ask for.)
fn pends(it: &sdk::PendingModifiedValues) -> bool {
    it.db_instance_class.is_some()
        || it.db_instance_identifier.is_some()
        || it.master_user_password.is_some()
        || it.engine_version.is_some()
        || it.storage_type.is_some()
        || it.multi_az.is_some()
        || [it.allocated_storage, it.iops, it.storage_throughput, it.port, it.backup_retention_period]
            .iter()
            .any(Option::is_some)
}

/// Until what was asked for at once is so. Elsewhere the apply waits; here the stack says that later changes
/// take their time, which the ones that complete a new instance do not.
pub async fn completed(aws: &Aws, id: &str) -> Result<()> {
    let mut pause = Duration::from_millis(250);
    for _ in 0..LOOKS {
        let found = by(aws, "dbi-resource-id", &[id.to_owned()]).await?;
        match found.first().map(status) {
            Some(Status::Pending(_)) => {}
            _ => return Ok(()),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(10));
    }
    Ok(())
}

/// So often, over some minutes: what takes longer goes on by itself.
const LOOKS: u32 = 60;

/// What RDS says of the secret that it keeps the password in.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MasterSecret {
    /// The KMS key that encrypts it.
    pub kms_key_id: Option<String>,
    /// Its ARN in Secrets Manager.
    pub secret_arn: Option<String>,
    /// Such as `active` or `rotating`.
    pub secret_status: Option<String>,
}

impl From<sdk::MasterUserSecret> for MasterSecret {
    fn from(it: sdk::MasterUserSecret) -> Self {
        MasterSecret { kms_key_id: it.kms_key_id, secret_arn: it.secret_arn, secret_status: it.secret_status }
    }
}
