use aws_sdk_kms::types as sdk;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A key that is there already.
///
/// ```toml
/// [data.aws_kms_key.backups]
/// key_id = "alias/backups"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its id, its ARN, `alias/…`, or an alias's ARN.
    pub key_id: String,
    /// Grants that may not be known everywhere yet.
    pub grant_tokens: Option<Vec<String>>,
    /// The key's id.
    pub id: Computed<String>,
    /// The key's ARN.
    pub arn: Computed<Option<String>>,
    /// The account that owns it.
    pub aws_account_id: Computed<Option<String>>,
    /// The CloudHSM cluster that holds it.
    pub cloud_hsm_cluster_id: Computed<Option<String>>,
    /// When it was made.
    pub creation_date: Computed<Option<String>>,
    /// The store that holds it, where that is not KMS itself.
    pub custom_key_store_id: Computed<Option<String>>,
    /// The older name of `key_spec`.
    pub customer_master_key_spec: Computed<Option<String>>,
    /// When it is deleted, where that is scheduled.
    pub deletion_date: Computed<Option<String>>,
    /// What it is for.
    pub description: Computed<Option<String>>,
    /// Whether it can be used.
    pub enabled: Computed<Option<bool>>,
    /// Whether imported key material expires.
    pub expiration_model: Computed<Option<String>>,
    /// `CUSTOMER` or `AWS`.
    pub key_manager: Computed<Option<String>>,
    /// Such as `SYMMETRIC_DEFAULT` or `RSA_4096`.
    pub key_spec: Computed<Option<String>>,
    /// `Enabled`, `Disabled`, `PendingDeletion`, …
    pub key_state: Computed<Option<String>>,
    /// `ENCRYPT_DECRYPT`, `SIGN_VERIFY`, `GENERATE_VERIFY_MAC` or `KEY_AGREEMENT`.
    pub key_usage: Computed<Option<String>>,
    /// Whether it has copies in other regions.
    pub multi_region: Computed<Option<bool>>,
    /// Those copies.
    pub multi_region_configuration: Computed<Vec<Copies>>,
    /// Where the key material comes from: `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM` or `EXTERNAL_KEY_STORE`.
    pub origin: Computed<Option<String>>,
    /// How many days it waits for its deletion once its copies are gone.
    pub pending_deletion_window_in_days: Computed<Option<i64>>,
    /// When imported key material expires.
    pub valid_to: Computed<Option<String>>,
    /// The key in a store outside of AWS.
    pub xks_key_configuration: Computed<Vec<External>>,
}

/// A key and its copies in other regions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copies {
    /// `PRIMARY` or `REPLICA`.
    pub multi_region_key_type: Option<String>,
    /// The first of them.
    #[schemars(extend("x-attribute" = true))]
    pub primary_key: Vec<Place>,
    /// The others.
    #[schemars(extend("x-attribute" = true))]
    pub replica_keys: Vec<Place>,
}

/// A key in a region.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its ARN.
    pub arn: Option<String>,
    /// Its region.
    pub region: Option<String>,
}

/// A key in a store outside of AWS.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// Its id there.
    pub id: Option<String>,
}

impl DataSource for Key {
    const TYPE: &'static str = "aws_kms_key";
    const READS: Reads = Reads::of(&[Cost::each("kms:DescribeKey")], "a call tells of one key");
    const UNSET: &'static [&'static str] = &["deletion_date", "valid_to"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let grants = self.grant_tokens.clone().filter(|it| !it.is_empty());
        let answer = aws.kms().describe_key().key_id(&self.key_id).set_grant_tokens(grants).send().await?;
        let it = answer.key_metadata.ok_or(Error::Incomplete("the key"))?;
        let external = it.xks_key_configuration.map(|it| External { id: it.id });
        Ok(Key {
            id: it.key_id.into(),
            arn: it.arn.into(),
            aws_account_id: it.aws_account_id.into(),
            cloud_hsm_cluster_id: it.cloud_hsm_cluster_id.into(),
            creation_date: it.creation_date.as_ref().and_then(moment).into(),
            custom_key_store_id: it.custom_key_store_id.into(),
            #[allow(deprecated, reason = "the provider still tells it")]
            customer_master_key_spec: seen(it.customer_master_key_spec),
            deletion_date: it.deletion_date.as_ref().and_then(moment).into(),
            description: it.description.into(),
            enabled: Some(it.enabled).into(),
            expiration_model: seen(it.expiration_model),
            key_manager: seen(it.key_manager),
            key_spec: seen(it.key_spec),
            key_state: seen(it.key_state),
            key_usage: seen(it.key_usage),
            multi_region: it.multi_region.into(),
            multi_region_configuration: it
                .multi_region_configuration
                .into_iter()
                .map(copies)
                .collect::<Vec<_>>()
                .into(),
            origin: seen(it.origin),
            pending_deletion_window_in_days: seen(it.pending_deletion_window_in_days),
            valid_to: it.valid_to.as_ref().and_then(moment).into(),
            xks_key_configuration: external.into_iter().collect::<Vec<_>>().into(),
            ..self
        })
    }
}

fn copies(it: sdk::MultiRegionConfiguration) -> Copies {
    let place = |it: sdk::MultiRegionKey| Place { arn: it.arn, region: it.region };
    Copies {
        multi_region_key_type: seen(it.multi_region_key_type),
        primary_key: it.primary_key.into_iter().map(place).collect(),
        replica_keys: it.replica_keys.unwrap_or_default().into_iter().map(place).collect(),
    }
}

/// To the second.
fn moment(time: &DateTime) -> Option<String> {
    DateTime::from_secs(time.secs()).fmt(Format::DateTime).ok()
}
