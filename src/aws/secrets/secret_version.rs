use std::collections::HashMap;

use aws_sdk_secretsmanager::types::SecretValueEntry;
use aws_smithy_types::Blob;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SECRETS, there};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// What a secret holds: a new version whenever it changes.
///
/// ```toml
/// [variable.password]
/// type = "string"
/// ephemeral = true
/// default = "only an example"
///
/// [aws_secretsmanager_secret_version.database]
/// secret_id = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-x8Fv2a"
/// secret_string_wo = "${var.password}"
/// secret_string_wo_version = 1
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretVersion {
    /// The secret's ARN or name.
    pub secret_id: Fixed<String>,
    /// The text. Never printed; kept in the state.
    pub secret_string: Secret<Fixed<Option<String>>>,
    /// The text, kept nowhere but at AWS. May be ephemeral.
    pub secret_string_wo: Secret<WriteOnly<Option<String>>>,
    /// Makes a version of `secret_string_wo` whenever it changes: count it up.
    pub secret_string_wo_version: Local<Option<i64>>,
    /// Bytes, as base64. Never printed; kept in the state.
    pub secret_binary: Secret<Fixed<Option<String>>>,
    /// Labels of this version: each stands at one version of the secret. A new one gets `AWSCURRENT`.
    pub version_stages: Chosen<Set<String>>,
    /// The secret and the version, with `|` between.
    pub id: Computed<String>,
    /// The secret's ARN.
    pub arn: Computed<String>,
    /// The version's id.
    pub version_id: Computed<String>,
    /// Whether the text came from `secret_string_wo`.
    pub has_secret_string_wo: Computed<Option<bool>>,
}

/// A version of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    secret: String,
    version: String,
}

const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";
/// The most secrets of one call.
const BATCH: usize = 20;

impl Resource for SecretVersion {
    const TYPE: &'static str = "aws_secretsmanager_secret_version";
    const IMPORT: &'static [&'static str] = &[
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-x8Fv2a|8b3f5a0c-1c57-4f0e-9d0a-7a2f3c1e5b64",
    ];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::each("secretsmanager:GetSecretValue").to(1),
            Cost::page("secretsmanager:BatchGetSecretValue", 20).from(2),
        ],
        "a call tells 20 values, those of older versions one",
    );
    const BATCH: usize = 1000;
    const PASSING: &'static [&'static [Passing]] = &[SECRETS];
    // A version cannot be deleted: it goes with its secret, or when nothing points to it.
    const VANISHES: bool = false;
    type Key = Key;

    fn key(&self) -> Key {
        let (secret, version) = self.id.split_once('|').unwrap_or_default();
        Key { secret: secret.to_owned(), version: version.to_owned() }
    }

    fn import(id: &str) -> Result<Key> {
        match id.split_once('|') {
            Some((secret, version)) if !secret.is_empty() && !version.is_empty() => {
                Ok(Key { secret: secret.to_owned(), version: version.to_owned() })
            }
            _ => Err(Error::Invalid("say the secret's ARN and the version's id: `arn|id`".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut out = Vec::new();
        let mut rest: Vec<&Key> = keys.iter().collect();
        if !aws.exact() && keys.len() > 1 {
            let current = current(aws, keys).await?;
            rest.retain(|key| {
                let found = current.get(*key);
                out.extend(found.map(|it| live(key, it.clone())));
                found.is_none()
            });
        }
        let asked = stream::iter(rest).map(|key| async move {
            let call = aws.secrets().get_secret_value().secret_id(&key.secret).version_id(&key.version);
            let found = there(call.send().await.map_err(Error::from))?;
            Ok::<_, Error>(found.map(|it| {
                let entry = SecretValueEntry::builder().set_arn(it.arn).set_secret_string(it.secret_string);
                let entry = entry.set_secret_binary(it.secret_binary).set_version_id(it.version_id);
                live(key, entry.set_version_stages(it.version_stages).build())
            }))
        });
        let others: Vec<_> =
            asked.buffer_unordered(16).try_filter_map(async |it| Ok(it)).try_collect().await?;
        out.extend(others);
        Ok(out)
    }

    // Repeated with the same token and content, it does nothing.
    async fn create(&self, aws: &Aws, new: &New) -> Result<Key> {
        let call = aws.secrets().put_secret_value().secret_id(&*self.secret_id.0);
        let call = call.client_request_token(&new.token);
        let text = self.secret_string_wo.as_deref().or(self.secret_string.as_deref());
        let call = call.set_secret_string(text.filter(|it| !it.is_empty()).map(str::to_owned));
        let call = call.set_secret_binary(self.bytes()?);
        let stages = Some(self.version_stages.0.0.clone()).filter(|it| !it.is_empty());
        let answer = call.set_version_stages(stages).send().await?;
        let version = answer.version_id.ok_or(Error::Incomplete("the version's id"))?;
        Ok(Key { secret: self.secret_id.0.clone(), version })
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let key = was.key();
        let call = || aws.secrets().update_secret_version_stage().secret_id(&key.secret);
        for stage in self.version_stages.beyond(&was.version_stages) {
            let mut call = call().version_stage(&stage).move_to_version_id(&key.version);
            if stage == CURRENT {
                // This one moves only from where it is.
                call = call.set_remove_from_version_id(holder(aws, &key.secret, CURRENT).await?);
            }
            call.send().await?;
        }
        for stage in was.version_stages.beyond(&self.version_stages) {
            // AWS moves these two itself.
            if stage != CURRENT && stage != PREVIOUS {
                call().version_stage(stage).remove_from_version_id(&key.version).send().await?;
            }
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let key = Resource::key(self);
        for stage in self.version_stages.iter().filter(|it| *it != CURRENT) {
            let call = aws.secrets().update_secret_version_stage().secret_id(&key.secret);
            let call = call.version_stage(stage).remove_from_version_id(&key.version);
            match there(call.send().await.map_err(Error::from)) {
                // It is off already: the answer to the call that took it off was lost.
                Err(it) if it.code() == Some("InvalidParameterException") => {}
                answer => drop(answer?),
            }
        }
        Ok(())
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Key>> {
        let key = Key { secret: self.secret_id.0.clone(), version: new.token.clone() };
        Ok(Self::read(aws, std::slice::from_ref(&key)).await?.pop().map(|it| it.key))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        // AWS names the secret by its ARN, the stack may use its name.
        self.secret_id = kept.secret_id.clone();
        if kept.secret_string_wo_version.is_some() {
            self.secret_string = Secret(Fixed(Some(String::new())));
            self.has_secret_string_wo = Computed(Some(true));
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["secret_string", "secret_string_wo", "secret_binary"]);
        plan.needs("secret_string_wo", "secret_string_wo_version");
        plan.needs("secret_string_wo_version", "secret_string_wo");
        // Another version of the secret is another resource, as with `secret_string`.
        if plan.change("secret_string_wo_version").is_some() {
            plan.require_replace("secret_string_wo_version");
        }
        let bytes = plan.config("secret_binary").and_then(|it| it.as_str());
        if bytes.is_some_and(|it| STANDARD.decode(it).is_err()) {
            plan.error("secret_binary", "it is not base64: use `filebase64(…)` or `base64encode(…)`");
        }
    }
}

impl SecretVersion {
    fn bytes(&self) -> Result<Option<Blob>> {
        let text = self.secret_binary.as_deref().filter(|it| !it.is_empty());
        let bytes = text.map(|it| STANDARD.decode(it).map_err(|it| Error::Invalid(it.to_string())));
        Ok(bytes.transpose()?.map(Blob::new))
    }
}

/// The version at which a label stands.
async fn holder(aws: &Aws, secret: &str, stage: &str) -> Result<Option<String>> {
    let answer = aws.secrets().describe_secret().secret_id(secret).send().await?;
    let versions = answer.version_ids_to_stages.unwrap_or_default();
    Ok(versions.into_iter().find(|it| it.1.iter().any(|it| it == stage)).map(|it| it.0))
}

/// The current versions of these secrets, 20 a call; none where that call is not allowed.
async fn current(aws: &Aws, keys: &[Key]) -> Result<HashMap<Key, SecretValueEntry>> {
    let mut secrets: Vec<String> = keys.iter().map(|it| it.secret.clone()).collect();
    secrets.sort();
    secrets.dedup();
    let asked = secrets.chunks(BATCH).map(|some| async move {
        let call = aws.secrets().batch_get_secret_value().set_secret_id_list(Some(some.to_vec()));
        match call.send().await.map_err(Error::from) {
            Ok(it) => Ok(it.secret_values.unwrap_or_default()),
            Err(Error::Unreached(why)) => Err(Error::Unreached(why)),
            Err(error) => {
                tracing::debug!(%error, "secrets are asked for one by one");
                Ok(Vec::new())
            }
        }
    });
    let found = futures::future::try_join_all(asked).await?.into_iter().flatten();
    let mut out = HashMap::new();
    for it in found {
        for key in keys {
            let same = it.arn.as_deref() == Some(&key.secret) || it.name.as_deref() == Some(&key.secret);
            if same && it.version_id.as_deref() == Some(&key.version) {
                out.insert(key.clone(), it.clone());
            }
        }
    }
    Ok(out)
}

fn live(key: &Key, it: SecretValueEntry) -> Live<SecretVersion> {
    let bytes = it.secret_binary.map(|it| STANDARD.encode(it.into_inner()));
    let attributes = SecretVersion {
        secret_id: Fixed(key.secret.clone()),
        secret_string: Secret(Fixed(it.secret_string.filter(|it| !it.is_empty()))),
        secret_string_wo: Secret(WriteOnly(None)),
        secret_string_wo_version: Local(None),
        secret_binary: Secret(Fixed(bytes)),
        version_stages: Chosen(Set(it.version_stages.unwrap_or_default())),
        id: Computed(format!("{}|{}", key.secret, key.version)),
        arn: Computed(it.arn.unwrap_or_default()),
        version_id: Computed(key.version.clone()),
        has_secret_string_wo: Computed(None),
    };
    Live { key: key.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
}
