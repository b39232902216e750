//! Encryption of states and plans on this side, before they are stored: AES-GCM with a key from a
//! passphrase or from KMS, in the envelope that OpenTofu writes, so that either reads the other's.

mod cipher;
mod envelope;
mod error;
mod kms;
mod passphrase;
pub mod plan;
mod settings;

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Map, Value as Json};
use tokio::sync::OnceCell;

use cipher::Key;
use envelope::Envelope;
pub use error::Problem;
use kms::Kms;
use passphrase::Passphrase;

/// How a stack's files are encrypted. The default: not at all.
#[derive(Debug, Clone, Default)]
pub struct Encryption {
    /// The state's methods.
    pub state: Seal,
    /// Those of plan files; where there are none, a key beside the state encrypts them.
    pub plan: Seal,
    /// Those of other stacks' states, by the name of the data source; `None` for all others.
    pub remote: std::collections::BTreeMap<Option<String>, Seal>,
}

/// The methods of one target. The first writes, all of them read.
#[derive(Debug, Clone, Default)]
pub struct Seal {
    methods: Vec<Rc<Method>>,
}

/// A method, as the stack declares it.
#[derive(Debug)]
struct Method {
    /// `method.aes_gcm.main`.
    name: String,
    how: How,
}

#[derive(Debug)]
enum How {
    Unencrypted,
    AesGcm { keys: Rc<KeyProvider>, aad: Vec<u8> },
}

/// Where keys come from. One key encrypts all that one run of the program writes: so an apply can
/// store the state to the end, whatever becomes of the connection to KMS meanwhile.
#[derive(Debug)]
struct KeyProvider {
    /// Under which name the envelope says how to get the key again.
    name: String,
    source: Source,
    /// The key of this run, and what the envelope says about it.
    own: OnceCell<(Rc<Key>, Json)>,
    /// Keys of what was read.
    seen: RefCell<Vec<(Json, Rc<Key>)>>,
}

#[derive(Debug)]
enum Source {
    Passphrase(Passphrase),
    Kms(Box<Kms>),
}

impl Encryption {
    /// The same, but a state may be in the clear too.
    pub fn or_clear(&self) -> Encryption {
        let mut out = self.clone();
        if out.state.is_set() {
            let method = Method { name: "method.unencrypted".to_owned(), how: How::Unencrypted };
            out.state.methods.push(Rc::new(method));
        }
        out
    }
}

type Result<T> = std::result::Result<T, Problem>;

impl Seal {
    /// Whether anything is said about it at all.
    pub fn is_set(&self) -> bool {
        !self.methods.is_empty()
    }

    /// Whether what is written now is encrypted.
    pub fn encrypts(&self) -> bool {
        self.methods.first().is_some_and(|it| matches!(it.how, How::AesGcm { .. }))
    }

    /// How what is written now is encrypted, for a person; `None` where it is not.
    pub fn method(&self) -> Option<&str> {
        self.methods.first().filter(|_| self.encrypts()).map(|it| it.name.as_str())
    }

    /// Gets the key, so that [`Seal::seal`] cannot fail for want of it later on.
    pub async fn prepare(&self) -> Result<()> {
        match self.methods.first().map(|it| &it.how) {
            Some(How::AesGcm { keys, .. }) => keys.own().await.map(drop),
            _ => Ok(()),
        }
    }

    /// The bytes as they are stored: in an envelope that shows `clear` and nothing else. Needs
    /// [`Seal::prepare`] before.
    pub fn seal(&self, plain: Vec<u8>, clear: Map<String, Json>) -> Result<Vec<u8>> {
        let Some(How::AesGcm { keys, aad }) = self.methods.first().map(|it| &it.how) else {
            return Ok(plain);
        };
        let (key, meta) = keys.own.get().ok_or(Problem::NoKey)?;
        let data = key.seal(plain, aad)?;
        let meta = [(keys.name.clone(), meta.clone())].into_iter().collect();
        Ok(Envelope { clear, meta, data }.to_bytes())
    }

    /// What was sealed; what was not only where one of the methods says so.
    pub async fn open(&self, bytes: &[u8]) -> Result<Opened> {
        let Some(envelope) = Envelope::read(bytes)? else {
            let allowed =
                self.methods.is_empty() || self.methods.iter().any(|it| matches!(it.how, How::Unencrypted));
            let plain = || Opened { bytes: bytes.to_vec(), clear: None };
            return allowed.then(plain).ok_or(Problem::NotEncrypted);
        };
        self.decrypted(envelope).await
    }

    /// The same, for what a person hands over: it may as well be in the clear.
    pub async fn open_given(&self, bytes: &[u8]) -> Result<Opened> {
        match Envelope::read(bytes)? {
            Some(it) => self.decrypted(it).await,
            None => Ok(Opened { bytes: bytes.to_vec(), clear: None }),
        }
    }

    async fn decrypted(&self, envelope: Envelope) -> Result<Opened> {
        let mut problems = Vec::new();
        for method in &self.methods {
            let How::AesGcm { keys, aad } = &method.how else { continue };
            match keys.open(&envelope, aad).await {
                Ok(bytes) => return Ok(Opened { bytes, clear: Some(envelope.clear) }),
                Err(problem) => problems.push((method.name.clone(), problem)),
            }
        }
        if problems.is_empty() {
            return Err(Problem::Encrypted { by: envelope.meta.keys().cloned().collect() });
        }
        Err(Problem::Unopened(problems))
    }
}

/// Whether the bytes are encrypted, whoever can open them.
pub fn is_sealed(bytes: &[u8]) -> bool {
    envelope::clear(bytes).is_some()
}

/// What was inside an envelope.
pub struct Opened {
    pub bytes: Vec<u8>,
    /// What the envelope shows; `None` where there was none.
    pub clear: Option<Map<String, Json>>,
}

impl KeyProvider {
    fn new(name: String, source: Source) -> Self {
        KeyProvider { name, source, own: OnceCell::new(), seen: RefCell::default() }
    }

    async fn own(&self) -> Result<&(Rc<Key>, Json)> {
        let make = async || {
            let (key, meta) = match &self.source {
                Source::Passphrase(it) => it.make()?,
                Source::Kms(it) => it.make().await?,
            };
            Ok((Rc::new(key), meta))
        };
        self.own.get_or_try_init(make).await
    }

    /// The content of an envelope, if this provider gives its key.
    async fn open(&self, envelope: &Envelope, aad: &[u8]) -> Result<Vec<u8>> {
        let Some(meta) = self.meta_in(envelope) else {
            return Err(Problem::OtherProvider { by: envelope.meta.keys().cloned().collect() });
        };
        let key = self.key_of(meta).await?;
        key.open(&envelope.data, aad)
    }

    /// What the envelope says of this provider's key; under another name where it was renamed.
    fn meta_in<'e>(&self, envelope: &'e Envelope) -> Option<&'e Json> {
        let fits = |it: &&Json| match &self.source {
            Source::Passphrase(_) => passphrase::fits(it),
            Source::Kms(_) => kms::fits(it),
        };
        envelope.meta.get(&self.name).or_else(|| envelope.meta.values().find(fits))
    }

    async fn key_of(&self, meta: &Json) -> Result<Rc<Key>> {
        let own = self.own.get().filter(|it| it.1 == *meta).map(|it| it.0.clone());
        let seen = || self.seen.borrow().iter().find(|it| it.0 == *meta).map(|it| it.1.clone());
        if let Some(it) = own.or_else(seen) {
            return Ok(it);
        }
        let key = Rc::new(match &self.source {
            Source::Passphrase(it) => it.again(meta)?,
            Source::Kms(it) => it.again(meta).await?,
        });
        self.seen.borrow_mut().push((meta.clone(), key.clone()));
        Ok(key)
    }
}

#[cfg(test)]
mod tests;
