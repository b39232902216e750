//! Where states are kept: files, or objects in S3. Both as Terraform keeps them.

mod claim;
mod inspect;
mod local;
mod rescue;
mod s3;
mod table;
mod upkeep;

use std::path::Path;
use std::rc::Rc;

use super::encryption::{self, Encryption, Problem};
use super::{Error, Lease, Loss, Result, Settings, State, file};
pub use claim::{Claim, Notice, Taken};
pub use inspect::{Content, Trouble};
pub use local::Local;
pub use rescue::{ERRORED, forget_rescued, rescue, rescued_from};
pub use s3::S3;
pub use upkeep::timestamped;

/// The environment that there always is.
pub const DEFAULT_ENV: &str = "default";

/// What is stored, as it was read: a write goes through only while this still stands there.
/// The default stands for nothing at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stamp {
    pub lineage: String,
    pub serial: u64,
    /// S3's version of the object.
    etag: Option<String>,
}

/// One environment's place.
pub enum Backend {
    Local(Local),
    S3(Box<S3>),
}

impl Backend {
    /// The place of the environment `env` of the stack in `dir`.
    pub async fn open(settings: &Settings, dir: &Path, env: &str) -> Result<Backend> {
        check_env(env)?;
        Ok(match settings {
            Settings::Local(it) => Backend::Local(Local::new(it, dir, env)),
            Settings::S3(it) => Backend::S3(Box::new(S3::open(it, env).await?)),
        })
    }

    /// The same place, with states encrypted there as this says.
    pub fn encrypted(mut self, encryption: Rc<Encryption>) -> Backend {
        match &mut self {
            Backend::Local(it) => it.encryption = encryption,
            Backend::S3(it) => it.encryption = encryption,
        }
        self
    }

    fn env(&self) -> &str {
        match self {
            Backend::Local(it) => it.env(),
            Backend::S3(it) => it.env(),
        }
    }

    /// How what is stored here is encrypted.
    pub fn encryption(&self) -> &Rc<Encryption> {
        match self {
            Backend::Local(it) => &it.encryption,
            Backend::S3(it) => &it.encryption,
        }
    }

    /// For a person: `terraform.tfstate` or `s3://bucket/key`.
    pub fn origin(&self) -> String {
        match self {
            Backend::Local(it) => it.origin(),
            Backend::S3(it) => it.origin(),
        }
    }

    /// What is stored, or `None` where nothing is yet.
    pub async fn read(&self) -> Result<Option<(State, Stamp)>> {
        let found = match self {
            Backend::Local(it) => it.read()?.map(|it| (it, None)),
            Backend::S3(it) => it.read().await?,
        };
        let Some((bytes, etag)) = found else { return Ok(None) };
        let state = self.decoded(&bytes, &self.origin(), false).await?;
        let stamp = Stamp { lineage: state.lineage.clone(), serial: state.serial, etag };
        Ok(Some((state, stamp)))
    }

    /// A state from its bytes, encrypted or not: for what somebody hands over, such as a file to push.
    pub async fn decode(&self, bytes: &[u8], origin: &str) -> Result<State> {
        self.decoded(bytes, origin, true).await
    }

    async fn decoded(&self, bytes: &[u8], origin: &str, given: bool) -> Result<State> {
        let failed = |problem| Error::Encryption { origin: origin.to_owned(), problem };
        let seal = &self.encryption().state;
        let opened = if given { seal.open_given(bytes).await } else { seal.open(bytes).await };
        let opened = opened.map_err(failed)?;
        let state = file::parse(&opened.bytes, origin)?;
        if let Some(clear) = opened.clear {
            let says = |name: &str| clear.get(name).filter(|it| !it.is_null());
            if says("serial").is_some_and(|it| it.as_u64() != Some(state.serial)) {
                return Err(failed(Problem::Header("serial")));
            }
            if says("lineage").is_some_and(|it| it.as_str() != Some(&state.lineage)) {
                return Err(failed(Problem::Header("lineage")));
            }
        }
        Ok(state)
    }

    /// Gets what writing needs, before anything is done that only the state will know of.
    pub async fn prepare(&self) -> Result<()> {
        let ready = self.encryption().state.prepare().await;
        ready.map_err(|problem| Error::Encryption { origin: self.origin(), problem })
    }

    /// Stores the state that follows the one with that stamp: of its lineage, with a greater serial.
    /// Gives the stamp to write the next one with.
    pub async fn write(&self, state: &State, over: &Stamp) -> Result<Stamp> {
        self.check_order(state, over)?;
        self.store(state, Some(over)).await
    }

    /// Stores the state whatever stands there.
    pub async fn overwrite(&self, state: &State) -> Result<Stamp> {
        self.store(state, None).await
    }

    async fn store(&self, state: &State, over: Option<&Stamp>) -> Result<Stamp> {
        self.prepare().await?;
        self.fence(over).await?;
        let bytes = as_stored(self.encryption(), file::to_bytes(state), &self.origin())?;
        let (etag, undigested) = match self {
            Backend::Local(it) => it.write(bytes, over).await.map(|()| (None, None))?,
            Backend::S3(it) => it.write(bytes, over).await?,
        };
        let stamp = Stamp { lineage: state.lineage.clone(), serial: state.serial, etag };
        match undigested {
            None => Ok(stamp),
            Some(error) => Err(Error::Undigested { stamp: Box::new(stamp), error: Box::new(error) }),
        }
    }

    /// Writes the digest of what was stored last, where that failed.
    pub async fn digest_again(&self) -> Result<()> {
        match self {
            Backend::Local(_) => Ok(()),
            Backend::S3(it) => it.digest_again().await,
        }
    }

    fn check_order(&self, state: &State, over: &Stamp) -> Result<()> {
        let stale = |why| Err(Error::Stale { origin: self.origin(), why });
        if over.lineage.is_empty() {
            return Ok(());
        }
        if state.lineage != over.lineage {
            return stale(format!(
                "it is of another lineage ({}, and this one is {}): another stack's",
                over.lineage, state.lineage
            ));
        }
        if state.serial <= over.serial {
            return stale(format!(
                "its serial is {} and this one's only {}: it is newer",
                over.serial, state.serial
            ));
        }
        Ok(())
    }

    /// The lock that this backend has taken, where it is one that can be lost.
    pub fn lease(&self) -> Option<Rc<Lease>> {
        match self {
            Backend::Local(_) => None,
            Backend::S3(it) => it.lease(),
        }
    }

    /// Nothing is written by a holder who may not be one any more. Where nobody holds the lock in our
    /// place, a write over exactly what we read is still allowed.
    async fn fence(&self, over: Option<&Stamp>) -> Result<()> {
        let Some(lease) = self.lease() else { return Ok(()) };
        match lease.renew().await {
            Err(Loss::Gone) if over.is_some() => Ok(()),
            Err(Loss::Taken(_)) if over.is_some() && self.holder().await?.is_none() => Ok(()),
            held => held.map_err(|loss| Error::Lost { origin: self.origin(), loss }),
        }
    }

    /// Releases the lock with that id, and no other one.
    pub async fn unlock(&self, id: &str) -> Result<()> {
        match self {
            Backend::Local(it) => it.unlock(id),
            Backend::S3(it) => it.unlock(id).await,
        }
    }

    /// Every environment that has a state here, and the default one: that one first.
    pub async fn workspaces(&self) -> Result<Vec<String>> {
        match self {
            Backend::Local(it) => it.workspaces(),
            Backend::S3(it) => it.workspaces().await,
        }
    }

    /// Removes this environment's state for good. The default environment stays.
    pub async fn delete(&self) -> Result<()> {
        keep_default(self.env())?;
        self.fence(None).await?;
        self.remove_beside(encryption::plan::SUFFIX).await?;
        match self {
            Backend::Local(it) => it.delete(),
            Backend::S3(it) => it.delete().await,
        }
    }

    /// Reads what is kept beside the state under `NAME.suffix`, such as the journal of an apply.
    pub async fn read_beside(&self, suffix: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Backend::Local(it) => it.read_beside(suffix),
            Backend::S3(it) => it.read_beside(suffix).await,
        }
    }

    pub async fn write_beside(&self, suffix: &str, bytes: &[u8]) -> Result<()> {
        self.fence(None).await?;
        match self {
            Backend::Local(it) => it.write_beside(suffix, bytes),
            Backend::S3(it) => it.write_beside(suffix, bytes).await,
        }
    }

    /// As [`Backend::write_beside`], unless there is something already: then nothing is written, and
    /// the answer is `false`.
    pub async fn create_beside(&self, suffix: &str, bytes: &[u8]) -> Result<bool> {
        match self {
            Backend::Local(it) => it.create_beside(suffix, bytes),
            Backend::S3(it) => it.create_beside(suffix, bytes).await,
        }
    }

    pub async fn remove_beside(&self, suffix: &str) -> Result<()> {
        self.fence(None).await?;
        match self {
            Backend::Local(it) => it.remove_beside(suffix),
            Backend::S3(it) => it.remove_beside(suffix).await,
        }
    }
}

/// A state's bytes as they are kept; what is encrypted already stays as it is. The key must be there.
fn as_stored(encryption: &Encryption, bytes: Vec<u8>, origin: &str) -> Result<Vec<u8>> {
    let failed = |problem| Error::Encryption { origin: origin.to_owned(), problem };
    if !encryption.state.encrypts() || encryption::is_sealed(&bytes) {
        return Ok(bytes);
    }
    // What is no state is kept as it was found.
    let Some((lineage, serial)) = file::position(&bytes) else { return Ok(bytes) };
    let clear = [("serial".to_owned(), serial.into()), ("lineage".to_owned(), lineage.into())];
    let clear = clear.into_iter().collect();
    encryption.state.seal(bytes, clear).map_err(failed)
}

/// A name becomes part of a path.
fn check_env(env: &str) -> Result<()> {
    let fine = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '~');
    if env.is_empty() || !env.chars().all(fine) || env == "." || env == ".." {
        return Err(Error::Refused(format!(
            "`{env}` is no name of an environment: letters, digits, `-`, `_`, `.` and `~` only"
        )));
    }
    Ok(())
}

fn keep_default(env: &str) -> Result<()> {
    if env == DEFAULT_ENV {
        return Err(Error::Refused("the environment `default` cannot be deleted".to_owned()));
    }
    Ok(())
}
