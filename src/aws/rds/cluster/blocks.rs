//! The blocks of a cluster.

use aws_sdk_rds::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::{given, seen, sent};
use crate::resource::{Chosen, Fixed};

/// Another cluster, and the moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterPointInTime {
    /// Such as `2027-01-31T12:00:00Z`; or say `use_latest_restorable_time`.
    pub restore_to_time: Fixed<Option<String>>,
    /// `full-copy`, or `copy-on-write`: a clone that shares the storage.
    #[schemars(extend("enum" = ["copy-on-write", "full-copy"]))]
    pub restore_type: Fixed<Option<String>>,
    /// The other cluster's name or ARN.
    pub source_cluster_identifier: Fixed<Option<String>>,
    /// The other cluster's resource id; it may be gone by now.
    pub source_cluster_resource_id: Fixed<Option<String>>,
    /// The latest moment there is.
    pub use_latest_restorable_time: Fixed<Option<bool>>,
}

/// A backup in S3, made by Percona XtraBackup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterS3Import {
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

/// Capacity that follows the load, from no instance at all to some.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// Pause while nobody is connected.
    #[serde(default = "yes")]
    pub auto_pause: bool,
    /// The most capacity units.
    #[serde(default = "sixteen")]
    pub max_capacity: i64,
    /// The least capacity units.
    #[serde(default = "one")]
    pub min_capacity: i64,
    /// How long to look for a good moment to change: 60 to 600 seconds.
    #[serde(default = "five_minutes")]
    #[schemars(range(min = 60, max = 600))]
    pub seconds_before_timeout: i64,
    /// How long nobody is connected before it pauses: 300 to 86400 seconds.
    #[serde(default = "five_minutes")]
    #[schemars(range(min = 300, max = 86400))]
    pub seconds_until_auto_pause: i64,
    /// What to do where there is no good moment: `RollbackCapacityChange` or `ForceApplyCapacityChange`.
    #[serde(default = "rollback")]
    #[schemars(extend("enum" = ["ForceApplyCapacityChange", "RollbackCapacityChange"]))]
    pub timeout_action: String,
}

fn yes() -> bool {
    true
}
fn one() -> i64 {
    1
}
fn sixteen() -> i64 {
    16
}
fn five_minutes() -> i64 {
    300
}
fn rollback() -> String {
    "RollbackCapacityChange".into()
}

impl From<&Scaling> for sdk::ScalingConfiguration {
    fn from(it: &Scaling) -> Self {
        sdk::ScalingConfiguration::builder()
            .auto_pause(it.auto_pause)
            .set_max_capacity(sent(&it.max_capacity))
            .set_min_capacity(sent(&it.min_capacity))
            .set_seconds_before_timeout(sent(&it.seconds_before_timeout))
            .set_seconds_until_auto_pause(sent(&it.seconds_until_auto_pause))
            .set_timeout_action(given(&it.timeout_action))
            .build()
    }
}

impl From<sdk::ScalingConfigurationInfo> for Scaling {
    fn from(it: sdk::ScalingConfigurationInfo) -> Self {
        Scaling {
            auto_pause: seen(it.auto_pause),
            max_capacity: seen(it.max_capacity),
            min_capacity: seen(it.min_capacity),
            seconds_before_timeout: seen(it.seconds_before_timeout),
            seconds_until_auto_pause: seen(it.seconds_until_auto_pause),
            timeout_action: seen(it.timeout_action),
        }
    }
}

/// Capacity of each instance that follows the load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// The most capacity units: 1 to 256.
    #[schemars(range(min = 1, max = 256))]
    pub max_capacity: f64,
    /// The least capacity units: 0 (it may pause) to 256, in halves.
    #[schemars(range(min = 0, max = 256))]
    pub min_capacity: f64,
    /// How long nobody is connected before it pauses: 300 to 86400 seconds.
    #[schemars(range(min = 300, max = 86400))]
    pub seconds_until_auto_pause: Chosen<Option<i64>>,
}

impl From<&Capacity> for sdk::ServerlessV2ScalingConfiguration {
    fn from(it: &Capacity) -> Self {
        sdk::ServerlessV2ScalingConfiguration::builder()
            .max_capacity(it.max_capacity)
            .min_capacity(it.min_capacity)
            .set_seconds_until_auto_pause(given(&it.seconds_until_auto_pause))
            .build()
    }
}

impl From<sdk::ServerlessV2ScalingConfigurationInfo> for Capacity {
    fn from(it: sdk::ServerlessV2ScalingConfigurationInfo) -> Self {
        Capacity {
            max_capacity: seen(it.max_capacity),
            min_capacity: seen(it.min_capacity),
            seconds_until_auto_pause: seen(it.seconds_until_auto_pause),
        }
    }
}
