//! The blocks of an instance.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::resource::Fixed;

/// Changes that are made beside the instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlueGreen {
    /// Whether changes are made so. Not supported here yet: a change of an instance that has it is refused.
    pub enabled: Option<bool>,
}

/// Another instance, and the moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointInTime {
    /// Such as `2027-01-31T12:00:00Z`; or say `use_latest_restorable_time`.
    pub restore_time: Option<String>,
    /// The latest moment there is.
    pub use_latest_restorable_time: Option<bool>,
    /// The other instance's name.
    pub source_db_instance_identifier: Option<String>,
    /// The other instance's resource id; it may be gone by now.
    pub source_dbi_resource_id: Option<String>,
    /// ARN of its automated backups.
    pub source_db_instance_automated_backups_arn: Option<String>,
}

/// A backup in S3, made by Percona XtraBackup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct S3Import {
    /// The bucket.
    pub bucket_name: Fixed<String>,
    /// What the names of the files begin with.
    pub bucket_prefix: Fixed<Option<String>>,
    /// ARN of the role that may read them.
    pub ingestion_role: Fixed<String>,
    /// The engine that the backup is of, such as `mysql`.
    pub source_engine: Fixed<String>,
    /// That engine's version.
    pub source_engine_version: Fixed<String>,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Where to connect to, without the port.
    pub address: Option<String>,
    /// The hosted zone of the address.
    pub hosted_zone_id: Option<String>,
    /// The port.
    pub port: Option<i64>,
}
