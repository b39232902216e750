//! Where copies go.

use aws_sdk_s3::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stated;
use crate::aws::Result;
use crate::aws::shape::{built, seen, sent};
use crate::resource::One;

/// Where copies go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// ARN of the bucket.
    #[schemars(regex(pattern = "^arn:.+$"))]
    pub bucket: String,
    /// The account that it belongs to.
    #[schemars(regex(pattern = r"^(\d{12})?$"))]
    pub account: Option<String>,
    /// Such as `STANDARD_IA`; that of the object where this says nothing.
    #[schemars(extend("enum" = ["STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "GLACIER_IR", "SNOW", "EXPRESS_ONEZONE"]))]
    pub storage_class: Option<String>,
    /// Whose the copies are.
    #[serde(default)]
    pub access_control_translation: One<Translation>,
    /// How the copies are encrypted.
    #[serde(default)]
    pub encryption_configuration: One<Encryption>,
    /// What is measured.
    #[serde(default)]
    pub metrics: One<Metrics>,
    /// By when it is promised to be done. Needs `metrics`.
    #[serde(default)]
    pub replication_time: One<Promise>,
}

/// Whose the copies are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// `Destination`: of the account that the bucket belongs to.
    #[schemars(extend("enum" = ["Destination"]))]
    pub owner: String,
}

/// How the copies are encrypted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// ARN of a key of KMS, in the bucket's region.
    #[schemars(regex(pattern = "^arn:.+$"))]
    pub replica_kms_key_id: String,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// `Enabled` or `Disabled`.
    #[schemars(extend("enum" = ["Enabled", "Disabled"]))]
    pub status: String,
    /// From when on a copy is late.
    #[serde(default)]
    pub event_threshold: One<Time>,
}

/// By when it is promised to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// `Enabled` or `Disabled`.
    #[schemars(extend("enum" = ["Enabled", "Disabled"]))]
    pub status: String,
    /// How long it may take.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub time: One<Time>,
}

/// A time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// In minutes: S3 knows 15 only.
    #[schemars(range(min = 0))]
    pub minutes: i64,
}

impl Destination {
    pub(super) fn sent(&self) -> Result<sdk::Destination> {
        let owner = self.access_control_translation.as_ref();
        let owner = owner.map(|it| {
            built(sdk::AccessControlTranslation::builder().owner(it.owner.as_str().into()).build())
        });
        let key = self.encryption_configuration.as_ref();
        let key = key.map(|it| {
            sdk::EncryptionConfiguration::builder().replica_kms_key_id(&it.replica_kms_key_id).build()
        });
        let out = sdk::Destination::builder()
            .bucket(&self.bucket)
            .set_account(stated(&self.account))
            .set_storage_class(sent(&stated(&self.storage_class)))
            .set_access_control_translation(owner.transpose()?)
            .set_encryption_configuration(key)
            .set_metrics(self.metrics.as_ref().map(Metrics::sent).transpose()?)
            .set_replication_time(self.replication_time.as_ref().map(Promise::sent).transpose()?);
        built(out.build())
    }
}

impl From<sdk::Destination> for Destination {
    fn from(it: sdk::Destination) -> Self {
        let owner = |it: sdk::AccessControlTranslation| Translation { owner: it.owner.as_str().to_owned() };
        let key = |it: sdk::EncryptionConfiguration| Encryption {
            replica_kms_key_id: it.replica_kms_key_id.unwrap_or_default(),
        };
        Destination {
            bucket: it.bucket,
            account: it.account,
            storage_class: seen(it.storage_class),
            access_control_translation: One(it.access_control_translation.map(owner)),
            encryption_configuration: One(it.encryption_configuration.map(key)),
            metrics: One(it.metrics.map(Metrics::from)),
            replication_time: One(it.replication_time.map(Promise::from)),
        }
    }
}

impl Metrics {
    fn sent(&self) -> Result<sdk::Metrics> {
        let out = sdk::Metrics::builder().status(self.status.as_str().into());
        built(out.set_event_threshold(self.event_threshold.as_ref().map(Time::sent)).build())
    }
}

impl From<sdk::Metrics> for Metrics {
    fn from(it: sdk::Metrics) -> Self {
        Metrics {
            status: it.status.as_str().to_owned(),
            event_threshold: One(it.event_threshold.map(Time::from)),
        }
    }
}

impl Promise {
    fn sent(&self) -> Result<sdk::ReplicationTime> {
        let out = sdk::ReplicationTime::builder().status(self.status.as_str().into());
        built(out.set_time(self.time.as_ref().map(Time::sent)).build())
    }
}

impl From<sdk::ReplicationTime> for Promise {
    fn from(it: sdk::ReplicationTime) -> Self {
        Promise { status: it.status.as_str().to_owned(), time: One(it.time.map(Time::from)) }
    }
}

impl Time {
    fn sent(&self) -> sdk::ReplicationTimeValue {
        sdk::ReplicationTimeValue::builder().set_minutes(sent(&self.minutes)).build()
    }
}

impl From<sdk::ReplicationTimeValue> for Time {
    fn from(it: sdk::ReplicationTimeValue) -> Self {
        Time { minutes: seen(it.minutes) }
    }
}
