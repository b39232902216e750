//! What is done to a stored state beside reading and writing it: backups, environments without
//! anything in them, locks that nobody can release.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::{Backend, Stamp};
use crate::state::{Error, LockInfo, Result, State};

impl Backend {
    /// What is stored, byte by byte and unchecked.
    pub async fn raw(&self) -> Result<Option<Vec<u8>>> {
        match self {
            Backend::Local(it) => it.read(),
            Backend::S3(it) => it.raw().await,
        }
    }

    /// Where the state is kept as it was before a command changes it: beside a local file, as Terraform
    /// does; in the stack's folder `dir` for one that is elsewhere.
    pub fn backup_path(&self, dir: &Path) -> PathBuf {
        let place = match self {
            Backend::Local(it) => it.path().to_owned(),
            Backend::S3(_) => dir.join("terraform.tfstate"),
        };
        timestamped(&place)
    }

    /// Copies what is stored to a file. Tells whether there was anything to copy.
    pub async fn back_up(&self, to: &Path) -> Result<bool> {
        let Some(bytes) = self.raw().await? else { return Ok(false) };
        self.prepare().await?;
        let bytes = super::as_stored(self.encryption(), bytes, &to.display().to_string())?;
        write_private(to, &bytes).map_err(Error::io("cannot write the backup", to))?;
        if let Backend::Local(it) = self {
            it.is_backed_up();
        }
        Ok(true)
    }

    /// Makes the environment known, with nothing in it yet; one that is there stays as it is.
    pub async fn found(&self) -> Result<()> {
        match self {
            Backend::Local(it) => it.make_folder(),
            Backend::S3(it) => {
                if it.raw().await?.is_none() {
                    self.write(&State::new(), &Stamp::default()).await?;
                }
                Ok(())
            }
        }
    }

    /// The note that a process which held the lock of a file has left behind.
    pub fn lock_left(&self) -> Option<LockInfo> {
        match self {
            Backend::Local(it) => it.lock_left(),
            Backend::S3(_) => None,
        }
    }

    /// Who holds the lock, or held it and left it behind.
    pub async fn holder(&self) -> Result<Option<LockInfo>> {
        match self {
            Backend::Local(it) => Ok(it.lock_left()),
            Backend::S3(it) => it.holder().await,
        }
    }

    /// Releases a lock that its owner left behind.
    pub async fn force_unlock(&self, id: &str) -> Result<()> {
        match self {
            Backend::Local(it) => it.force_unlock(id),
            Backend::S3(it) => it.unlock(id).await,
        }
    }
}

/// A name for a backup that is not taken yet: `NAME.SECONDS.backup`.
pub fn timestamped(place: &Path) -> PathBuf {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let name = |seconds: i64| {
        let mut out = place.as_os_str().to_owned();
        out.push(format!(".{seconds}.backup"));
        PathBuf::from(out)
    };
    (now..).map(name).find(|it| !it.exists()).unwrap_or_else(|| name(now))
}

/// A state holds what is nobody else's business.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
