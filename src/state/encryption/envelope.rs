//! The envelope around what is encrypted: JSON with OpenTofu's names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value as Json};

use super::{Problem, Result};

/// The only version that there is.
const VERSION: &str = "v0";
const META: &str = "meta";
const DATA: &str = "encrypted_data";
const MARK: &str = "encryption_version";

pub(super) struct Envelope {
    /// What stands in the clear, such as the serial of a state.
    pub clear: Map<String, Json>,
    /// By key provider: how to get the key again.
    pub meta: Map<String, Json>,
    pub data: Vec<u8>,
}

impl Envelope {
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut all = self.clear.clone();
        let meta = self.meta.iter().map(|(k, v)| (k.clone(), BASE64.encode(v.to_string()).into()));
        all.insert(META.to_owned(), Json::Object(meta.collect()));
        all.insert(DATA.to_owned(), BASE64.encode(&self.data).into());
        all.insert(MARK.to_owned(), VERSION.into());
        Json::Object(all).to_string().into_bytes()
    }

    /// `None` where the bytes are no envelope.
    pub fn read(bytes: &[u8]) -> Result<Option<Envelope>> {
        let Some(mut all) = parts(bytes) else { return Ok(None) };
        let broken = |what: &str| Problem::Broken(format!("its `{what}` cannot be read"));
        match all.remove(MARK).as_ref().and_then(Json::as_str) {
            Some(VERSION) => {}
            Some(other) => return Err(Problem::Version(other.to_owned())),
            None => return Err(broken(MARK)),
        }
        let data = all.remove(DATA).as_ref().and_then(decoded).ok_or_else(|| broken(DATA))?;
        let mut meta = Map::new();
        if let Some(Json::Object(found)) = all.remove(META) {
            for (name, it) in found {
                let it = decoded(&it).and_then(|it| serde_json::from_slice(&it).ok());
                meta.insert(name, it.ok_or_else(|| broken(META))?);
            }
        }
        Ok(Some(Envelope { clear: all, meta, data }))
    }
}

fn decoded(it: &Json) -> Option<Vec<u8>> {
    BASE64.decode(it.as_str()?).ok()
}

/// The fields of an envelope, if it is one. Most files that are none need not be parsed for that.
fn parts(bytes: &[u8]) -> Option<Map<String, Json>> {
    let mark = MARK.as_bytes();
    if !bytes.windows(mark.len()).any(|it| it == mark) {
        return None;
    }
    let all: Map<String, Json> = serde_json::from_slice(bytes).ok()?;
    let marked = all.get(MARK).is_some_and(|it| it.as_str() != Some(""));
    marked.then_some(all)
}

/// What an envelope shows, whoever can open it; `None` where the bytes are none.
pub fn clear(bytes: &[u8]) -> Option<Map<String, Json>> {
    let mut all = parts(bytes)?;
    for it in [META, DATA, MARK] {
        all.remove(it);
    }
    Some(all)
}
