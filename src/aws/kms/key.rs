use std::time::Duration;

use aws_sdk_kms::operation::get_key_rotation_status::GetKeyRotationStatusOutput;
use aws_sdk_kms::types::{self as sdk, KeyState, MultiRegionKeyType, OriginType};
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AT_ONCE, KMS, is_leaving, same_policy, tags, tags_of};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A key that encrypts, signs or makes codes without ever leaving KMS.
///
/// Removing it schedules its deletion: until then it can be brought back at AWS, and nothing that it encrypted
/// can be read.
///
/// ```toml
/// [aws_kms_key.data]
/// description = "what the shop stores"
/// enable_key_rotation = true
/// rotation_period_in_days = 180
/// deletion_window_in_days = 7
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// What the key is for.
    #[schemars(length(max = 8192))]
    pub description: Chosen<Option<String>>,
    /// `ENCRYPT_DECRYPT`, `SIGN_VERIFY`, `GENERATE_VERIFY_MAC` or `KEY_AGREEMENT`.
    #[serde(default = "encryption")]
    #[schemars(extend("enum" = ["SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"]))]
    pub key_usage: Fixed<String>,
    /// Its kind, such as `SYMMETRIC_DEFAULT`, `RSA_4096` or `HMAC_256`.
    #[serde(default = "symmetric")]
    #[schemars(extend("enum" = [
        "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521",
        "ECC_SECG_P256K1", "SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", "SM2"
    ]))]
    pub customer_master_key_spec: Fixed<String>,
    /// Who may do what with the key. Else the account's own policies decide.
    pub policy: Chosen<Option<Json>>,
    /// Take a policy that would leave nobody who may change it. Think twice.
    #[serde(default)]
    pub bypass_policy_lockout_safety_check: Local<bool>,
    /// Whether it can be used.
    #[serde(default = "yes")]
    pub is_enabled: bool,
    /// Make new key material from time to time.
    #[serde(default)]
    pub enable_key_rotation: bool,
    /// How often. KMS's own choice is a year.
    #[schemars(range(min = 90, max = 2560))]
    pub rotation_period_in_days: Chosen<Option<i64>>,
    /// How many days it can be brought back after its removal; 30 where nothing is said.
    #[schemars(range(min = 7, max = 30))]
    pub deletion_window_in_days: Local<Option<i64>>,
    /// Can be copied to other regions with the same id and material.
    pub multi_region: Chosen<Fixed<Option<bool>>>,
    /// The CloudHSM cluster or the store outside of AWS that holds it.
    #[schemars(length(min = 1, max = 22))]
    pub custom_key_store_id: Fixed<Option<String>>,
    /// The key's id in a store outside of AWS.
    #[schemars(length(min = 1, max = 128))]
    pub xks_key_id: Fixed<Option<String>>,
    pub timeouts: Option<TimeoutsCreate>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The key's id.
    pub id: Computed<String>,
    /// The key's id.
    pub key_id: Computed<String>,
    /// The key's ARN.
    pub arn: Computed<String>,
}

fn encryption() -> Fixed<String> {
    Fixed("ENCRYPT_DECRYPT".to_owned())
}
fn symmetric() -> Fixed<String> {
    Fixed("SYMMETRIC_DEFAULT".to_owned())
}
fn yes() -> bool {
    true
}

/// The name of a key's only policy.
const POLICY: &str = "default";

impl Resource for Key {
    const TYPE: &'static str = "aws_kms_key";
    const IMPORT: &'static [&'static str] = &["1234abcd-12ab-34cd-56ef-1234567890ab"];
    const TAGS: TagApi = TagApi::Kms;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::each("kms:DescribeKey"),
            Cost::each("kms:GetKeyPolicy"),
            Cost::each("kms:GetKeyRotationStatus"),
        ],
        "a call tells of one key, and another one of its policy and of its rotation",
    );
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(120);
    const DELETE_PATIENCE: Duration = Duration::from_secs(1200);
    const PASSING: &'static [&'static [Passing]] = &[KMS];
    const CREATE_SECONDS: u32 = 2;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let asked = stream::iter(ids).map(|id| one(aws, id));
        asked.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it)).try_collect().await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let origin = match (stated(&self.xks_key_id), stated(&self.custom_key_store_id)) {
            (Some(_), _) => Some(OriginType::ExternalKeyStore),
            (None, Some(_)) => Some(OriginType::AwsCloudhsm),
            (None, None) => None,
        };
        let answer = aws
            .kms()
            .create_key()
            .key_spec(self.customer_master_key_spec.as_str().into())
            .key_usage(self.key_usage.as_str().into())
            .set_bypass_policy_lockout_safety_check(self.bypass())
            .set_description(stated(&self.description))
            .set_policy(said(&self.policy))
            .set_multi_region(self.multi_region.filter(|it| *it))
            .set_origin(origin)
            .set_custom_key_store_id(stated(&self.custom_key_store_id))
            .set_xks_key_id(stated(&self.xks_key_id))
            .set_tags(tags(&new.tags)?)
            .send()
            .await?;
        answer.key_metadata.map(|it| it.key_id).ok_or(Error::Incomplete("the key's id"))
    }

    // A disabled key refuses most changes: it is enabled first, or disabled last.
    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (kms, id) = (aws.kms(), was.key());
        if self.is_enabled && !was.is_enabled {
            kms.enable_key().key_id(&id).send().await?;
        }
        self.change_rotation(aws, was).await?;
        let description = stated(&self.description).unwrap_or_default();
        if description != stated(&was.description).unwrap_or_default() {
            kms.update_key_description().key_id(&id).description(description).send().await?;
        }
        if let Some(policy) = said(&self.policy).filter(|it| !is_same(it, &was.policy)) {
            let call = kms.put_key_policy().key_id(&id).policy_name(POLICY).policy(policy);
            call.set_bypass_policy_lockout_safety_check(self.bypass()).send().await?;
        }
        if !self.is_enabled && was.is_enabled {
            kms.disable_key().key_id(&id).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.kms().schedule_key_deletion().key_id(self.key());
        let call = call.set_pending_window_in_days(sent(&self.deletion_window_in_days));
        match call.send().await.map_err(Error::from) {
            Err(it) if is_leaving(&it) => Ok(()),
            answer => answer.map(drop),
        }
    }

    // CreateKey takes neither a client token nor a name.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        marked(aws, &new.token).await
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // Without rotation KMS tells no period.
        if !self.enable_key_rotation && self.rotation_period_in_days.is_none() {
            self.rotation_period_in_days = kept.rotation_period_in_days.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.needs("rotation_period_in_days", "enable_key_rotation");
        plan.needs("xks_key_id", "custom_key_store_id");
        // KMS chooses the period, and forgets it where nothing is rotated.
        let switched = plan.change("enable_key_rotation").is_some_and(|(was, will)| on(was) != on(will));
        if switched && plan.config("rotation_period_in_days").is_none() {
            plan.set_unknown("rotation_period_in_days");
        }
    }
}

fn on(it: &Value) -> bool {
    it.as_bool().unwrap_or_default()
}

/// The text, where there is one: states written by others hold empty text for absence.
fn stated(text: &Option<String>) -> Option<String> {
    text.clone().filter(|it| !it.is_empty())
}

/// The document, where there is one.
fn said(policy: &Option<Json>) -> Option<String> {
    policy.as_ref().map(|it| it.0.clone()).filter(|it| !it.trim().is_empty())
}

fn is_same(policy: &str, was: &Option<Json>) -> bool {
    was.as_ref().is_some_and(|was| same_policy(policy, was))
}

impl Key {
    fn bypass(&self) -> Option<bool> {
        self.bypass_policy_lockout_safety_check.then_some(true)
    }

    async fn change_rotation(&self, aws: &Aws, was: &Self) -> Result<()> {
        let days = self.rotation_period_in_days.filter(|it| *it > 0);
        let other_days = days.is_some() && days != was.rotation_period_in_days.0;
        if self.enable_key_rotation && (!was.enable_key_rotation || other_days) {
            let call = aws.kms().enable_key_rotation().key_id(was.key());
            call.set_rotation_period_in_days(sent(&days)).send().await?;
        } else if !self.enable_key_rotation && was.enable_key_rotation {
            aws.kms().disable_key_rotation().key_id(was.key()).send().await?;
        }
        Ok(())
    }
}

/// One key. Once its deletion is scheduled it counts as gone.
async fn one(aws: &Aws, id: &str) -> Result<Option<Live<Key>>> {
    let Some(it) = described(aws, id).await? else { return Ok(None) };
    let policy = async {
        let call = aws.kms().get_key_policy().key_id(id).policy_name(POLICY);
        Ok::<_, Error>(call.send().await?.policy)
    };
    let rotation = async {
        // Of other keys KMS rotates nothing.
        if it.origin != Some(OriginType::AwsKms) {
            return Ok(None);
        }
        Ok(Some(aws.kms().get_key_rotation_status().key_id(id).send().await?))
    };
    match futures::try_join!(policy, rotation) {
        Ok((policy, rotation)) => Ok(Some(live(it, policy, rotation)?)),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

async fn described(aws: &Aws, id: &str) -> Result<Option<sdk::KeyMetadata>> {
    let gone = |it: &sdk::KeyMetadata| {
        matches!(it.key_state, Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion))
    };
    match aws.kms().describe_key().key_id(id).send().await.map_err(Error::from) {
        Ok(it) => Ok(it.key_metadata.filter(|it| !gone(it))),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// The key that carries this token.
async fn marked(aws: &Aws, token: &str) -> Result<Option<String>> {
    let keys = aws.kms().list_keys().into_paginator().items().send().try_collect().await?;
    let ids = keys.into_iter().filter_map(|it| it.key_id);
    let asked = stream::iter(ids).map(|id| async move {
        let tags = match tags_of(aws, &id).await {
            // A key that we have made shows us its tags.
            Err(it) if it.code() == Some("AccessDeniedException") => None,
            answer => answer?,
        };
        let ours = tags.is_some_and(|it| it.get(crate::aws::tags::MARK).is_some_and(|it| it == token));
        Ok::<_, Error>(ours.then_some(id))
    });
    let found = asked.buffer_unordered(AT_ONCE).try_filter_map(async |it| Ok(it));
    for id in found.try_collect::<Vec<_>>().await? {
        if described(aws, &id).await?.is_some() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn live(
    it: sdk::KeyMetadata,
    policy: Option<String>,
    rotation: Option<GetKeyRotationStatusOutput>,
) -> Result<Live<Key>> {
    let id = it.key_id;
    let kind = it.multi_region_configuration.as_ref().and_then(|it| it.multi_region_key_type.clone());
    if it.multi_region == Some(true) && kind.is_some_and(|it| it != MultiRegionKeyType::Primary) {
        let text = "is a copy in this region: `aws_kms_key` holds the first of the keys that belong together";
        return Err(Error::Invalid(format!("{id} {text}")));
    }
    let status = match &it.key_state {
        Some(state @ (KeyState::Creating | KeyState::Updating)) => Status::Pending(state.as_str().to_owned()),
        _ => Status::Ready,
    };
    let attributes = Key {
        description: seen(it.description),
        key_usage: seen(it.key_usage),
        customer_master_key_spec: seen(it.key_spec),
        policy: seen(policy),
        bypass_policy_lockout_safety_check: Local(false),
        is_enabled: it.enabled,
        enable_key_rotation: rotation.as_ref().is_some_and(|it| it.key_rotation_enabled),
        rotation_period_in_days: seen(rotation.and_then(|it| it.rotation_period_in_days)),
        deletion_window_in_days: Local(None),
        multi_region: seen(it.multi_region),
        custom_key_store_id: seen(it.custom_key_store_id),
        xks_key_id: seen(it.xks_key_configuration.and_then(|it| it.id)),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(id.clone()),
        key_id: Computed(id.clone()),
        arn: seen(it.arn),
    };
    Ok(Live { key: id, attributes, tags: None, status, unread: &[] })
}
