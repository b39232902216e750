//! Keys from AWS KMS: a data key for each run, kept in the envelope as KMS encrypted it.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value as Json, json};
use tokio::sync::OnceCell;

use super::cipher::Key;
use super::{Problem, Result};
use crate::aws::{self, Aws, connect};

/// `key_provider.aws_kms.NAME`.
pub(super) struct Kms {
    pub key_id: String,
    pub spec: DataKeySpec,
    pub context: BTreeMap<String, String>,
    /// How to reach AWS.
    pub settings: connect::Settings,
    pub aws: OnceCell<Aws>,
}

impl std::fmt::Debug for Kms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kms({})", self.key_id)
    }
}

const BLOB: &str = "ciphertext_blob";
const CONTEXT: &str = "encryption_context";

/// Whether an envelope speaks of KMS.
pub(super) fn fits(meta: &Json) -> bool {
    meta.get(BLOB).is_some()
}

impl Kms {
    fn failed(&self, what: &'static str) -> impl FnOnce(aws::Error) -> Problem {
        let key = self.key_id.clone();
        move |error| Problem::Kms { what, key, error: Box::new(error) }
    }

    async fn client(&self, what: &'static str) -> Result<&aws_sdk_kms::Client> {
        let aws = self.aws.get_or_try_init(async || Aws::connect(&self.settings).await).await;
        Ok(aws.map_err(self.failed(what))?.kms())
    }

    /// A new data key, and what KMS needs to give it again.
    pub async fn make(&self) -> Result<(Key, Json)> {
        const WHAT: &str = "make a data key with";
        let call = self.client(WHAT).await?.generate_data_key();
        let call = call.key_id(&self.key_id).key_spec(self.spec.clone());
        let call = call.set_encryption_context(context(&self.context));
        let answer = call.send().await.map_err(aws::Error::from).map_err(self.failed(WHAT))?;
        let lacking = |what| self.failed(WHAT)(aws::Error::Incomplete(what));
        let plain = answer.plaintext().ok_or_else(|| lacking("the key"))?;
        let blob = answer.ciphertext_blob().ok_or_else(|| lacking("the encrypted key"))?;
        let mut meta = json!({ BLOB: BASE64.encode(blob) });
        if let (false, Json::Object(fields)) = (self.context.is_empty(), &mut meta) {
            fields.insert(CONTEXT.to_owned(), json!(self.context));
        }
        Ok((Key::new(plain.as_ref())?, meta))
    }

    /// The data key that an envelope tells of.
    pub async fn again(&self, meta: &Json) -> Result<Key> {
        const WHAT: &str = "have the data key decrypted with";
        let blob = meta.get(BLOB).and_then(Json::as_str).and_then(|it| BASE64.decode(it).ok());
        let blob = blob.ok_or_else(|| Problem::Broken(format!("its `{BLOB}` cannot be read")))?;
        let said: BTreeMap<String, String> = match meta.get(CONTEXT).filter(|it| !it.is_null()) {
            Some(it) => serde_json::from_value(it.clone())
                .map_err(|_| Problem::Broken(format!("its `{CONTEXT}` cannot be read")))?,
            None => BTreeMap::new(),
        };
        let call = self.client(WHAT).await?.decrypt().key_id(&self.key_id);
        let call = call.ciphertext_blob(Blob::new(blob)).set_encryption_context(context(&said));
        let answer = call.send().await.map_err(aws::Error::from).map_err(self.failed(WHAT))?;
        let lacking = || self.failed(WHAT)(aws::Error::Incomplete("the key"));
        Key::new(answer.plaintext().ok_or_else(lacking)?.as_ref())
    }
}

fn context(all: &BTreeMap<String, String>) -> Option<HashMap<String, String>> {
    let all: HashMap<_, _> = all.clone().into_iter().collect();
    Some(all).filter(|it| !it.is_empty())
}
