//! Plan files: encrypted always. Where the stack names no method, with a key that lies beside the
//! state: who may read the state may read the plan, and nobody else.

use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::cipher::{self, Key};
use super::envelope::{self, Envelope};
use super::{Problem, Seal};
use crate::diag::{Diagnostic, Diagnostics};
use crate::state::Backend;

/// The only things of a plan file that stand in the clear: what is needed to find the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The format of the plan inside.
    pub plan_format: u64,
    pub stack: String,
    pub env: String,
    pub lineage: String,
    pub serial: u64,
}

/// Under which name the key lies beside the state.
pub const SUFFIX: &str = "plan-key";
/// What the envelope says where that key was used.
const BESIDE: &str = "beside_state";

/// The key beside the state, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Tells it from another one, and says nothing about it.
    id: String,
    key: String,
}

/// The header of a plan file; the error says why it is none.
pub fn header(bytes: &[u8]) -> Result<Header, String> {
    let clear = envelope::clear(bytes).map(Json::Object);
    let found = clear.and_then(|it| serde_json::from_value(it).ok());
    found.ok_or_else(|| match bytes.starts_with(b"{\"format\":") {
        true => {
            "it was made by an older infra, and is in the clear: delete it, and make a new one".to_owned()
        }
        false => "not a plan file".to_owned(),
    })
}

impl Backend {
    /// The bytes of a plan file that holds `plain`.
    pub async fn seal_plan(&self, header: &Header, plain: Vec<u8>) -> Result<Vec<u8>, Diagnostics> {
        let clear = match json!(header) {
            Json::Object(it) => it,
            _ => Map::new(),
        };
        let failed = |it: Problem| Diagnostics::from(it.diagnostic("the plan"));
        if let Some(seal) = self.plan_seal() {
            seal.prepare().await.map_err(failed)?;
            return seal.seal(plain, clear).map_err(failed);
        }
        let (id, key) = self.plan_key(true).await?;
        let data = key.seal(plain, &[]).map_err(failed)?;
        let meta = [(BESIDE.to_owned(), json!({ "id": id }))].into_iter().collect();
        Ok(Envelope { clear, meta, data }.to_bytes())
    }

    /// What a plan file holds; `origin` is its name.
    pub async fn open_plan(&self, bytes: &[u8], origin: &str) -> Result<Vec<u8>, Diagnostics> {
        let failed = |it: Problem| Diagnostics::from(it.diagnostic(origin));
        let envelope = Envelope::read(bytes).map_err(failed)?;
        let Some(envelope) = envelope else { return Err(failed(Problem::NotEncrypted)) };
        let Some(meta) = envelope.meta.get(BESIDE) else {
            let seal = self.plan_seal().cloned().unwrap_or_default();
            return Ok(seal.open(bytes).await.map_err(failed)?.bytes);
        };
        let (id, key) = self.plan_key(false).await?;
        if meta.get("id").and_then(Json::as_str) != Some(&*id) {
            let summary = format!("{origin} was encrypted with another key than the one beside the state");
            let help = "the plan is of another state, or the key was made anew since: make a new plan with `infra \
                        plan --out FILE`";
            return Err(Diagnostic::error(summary).help(help).into());
        }
        key.open(&envelope.data, &[]).map_err(failed)
    }

    /// The methods for plan files: where only the state has one, it is the plans' too, for a plan holds
    /// all that a state holds.
    fn plan_seal(&self) -> Option<&Seal> {
        let all = self.encryption();
        [&all.plan, &all.state].into_iter().find(|it| it.encrypts())
    }

    /// The key beside the state; made where there is none yet.
    async fn plan_key(&self, make: bool) -> Result<(String, Rc<Key>), Diagnostics> {
        let found = self.read_beside(SUFFIX).await.map_err(|it| it.diagnostics())?;
        let bytes = match found {
            Some(it) => it,
            None if make => self.make_plan_key().await?,
            None => {
                let summary = format!("the key for plan files, {}.{SUFFIX}, is gone", self.origin());
                let help =
                    "without it no plan made before can be read: make a new one with `infra plan --out FILE`";
                return Err(Diagnostic::error(summary).help(help).into());
            }
        };
        let broken = || {
            let summary = format!("{}.{SUFFIX} is no key for plan files", self.origin());
            Diagnostic::error(summary).help("delete it: the next `infra plan --out FILE` makes a new one")
        };
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|_| broken())?;
        let key = BASE64.decode(&kept.key).ok().and_then(|it| Key::new(&it).ok()).ok_or_else(broken)?;
        Ok((kept.id, Rc::new(key)))
    }

    /// Makes the key, unless somebody else does at the same time: then it is theirs.
    async fn make_plan_key(&self) -> Result<Vec<u8>, Diagnostics> {
        let key = cipher::random(32).map_err(|it| it.diagnostic("the plan"))?;
        let kept = Kept { id: uuid::Uuid::new_v4().to_string(), key: BASE64.encode(key) };
        let bytes = json!(kept).to_string().into_bytes();
        match self.create_beside(SUFFIX, &bytes).await {
            Ok(true) => Ok(bytes),
            Ok(false) => {
                let found = self.read_beside(SUFFIX).await.map_err(|it| it.diagnostics())?;
                Ok(found.unwrap_or(bytes))
            }
            Err(error) => {
                let why = error.diagnostics().0.into_iter().map(|it| it.summary).collect::<Vec<_>>();
                let summary = format!("the key for plan files, {}.{SUFFIX}, cannot be made", self.origin());
                let help = "a plan file is always encrypted. Let somebody who may write beside the state run `infra plan \
                            --out FILE` once: from then on reading is enough; or name a method in \
                            [stack.encryption.plan]";
                Err(Diagnostic::error(summary).detail(why.join("\n")).help(help).into())
            }
        }
    }
}
