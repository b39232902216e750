//! A look at what is stored that does not stop where reading has to: what is wrong, what else there is,
//! and how it is put right.

use std::fs;
use std::path::{Path, PathBuf};

use aws_smithy_types::date_time::Format;

use super::local::{Local, beside};
use super::s3::{S3, digest};
use super::{Backend, timestamped};
use crate::aws;
use crate::state::{Error, Result};

/// Something that may be a state.
#[derive(Debug, Clone)]
pub struct Content {
    pub bytes: Vec<u8>,
    /// Where it is, for a person.
    pub origin: String,
    /// When it was written, as far as that is known.
    pub written: Option<String>,
}

/// What keeps a state from being read, or was left by something that died.
#[derive(Debug)]
pub enum Trouble {
    /// The digest in the lock table is of other content than the object.
    Digest {
        wanted: String,
        table: String,
        object: Option<Content>,
        /// An older version of the object that the digest is of.
        older: Option<Content>,
        /// Why older versions could not be looked at.
        unseen: Option<String>,
    },
    /// A write to a file was cut off, and the whole of it lies beside.
    CutOff { whole: Content },
    /// A write left a file behind that nothing needs any more.
    Leftover { path: PathBuf },
    /// A file that holds no state, and the backups beside it.
    Unreadable { content: Content, backups: Vec<Content> },
}

impl Backend {
    /// What is wrong with what is stored. Ask under the lock: a write under way looks like trouble.
    pub async fn trouble(&self) -> Result<Option<Trouble>> {
        match self {
            Backend::Local(it) => it.trouble(),
            Backend::S3(it) => it.trouble().await,
        }
    }

    /// Stores these bytes whatever stands there. What cannot be read of it is kept in a file: that is
    /// the answer.
    pub async fn restore(&self, bytes: &[u8]) -> Result<Option<PathBuf>> {
        self.prepare().await?;
        self.fence(None).await?;
        let bytes = super::as_stored(self.encryption(), bytes.to_vec(), &self.origin())?;
        match self {
            Backend::Local(it) => it.restore(bytes).await,
            Backend::S3(it) => {
                let path = timestamped(Path::new("terraform.tfstate"));
                let kept = self.back_up(&path).await?;
                it.write(bytes, None).await?.1.map_or(Ok(()), Err)?;
                Ok(kept.then_some(path))
            }
        }
    }

    /// Makes the digest that of these bytes, which are what is stored.
    pub async fn trust(&self, bytes: &[u8]) -> Result<()> {
        self.fence(None).await?;
        match self {
            Backend::Local(_) => Ok(()),
            Backend::S3(it) => it.trust(bytes).await,
        }
    }
}

impl Local {
    fn trouble(&self) -> Result<Option<Trouble>> {
        let stored = self.stored()?.unwrap_or_default();
        let next = self.next();
        if next.exists() {
            let whole = self.content(&next)?;
            return Ok(Some(match self.finished(Some(stored)) {
                Some(it) if it == whole.bytes => Trouble::CutOff { whole },
                _ => Trouble::Leftover { path: next },
            }));
        }
        if stored.is_empty() || super::local::is_state(&stored) {
            return Ok(None);
        }
        let content = Content { bytes: stored, origin: self.origin(), written: None };
        Ok(Some(Trouble::Unreadable { content, backups: self.backups()? }))
    }

    fn content(&self, path: &Path) -> Result<Content> {
        let bytes = fs::read(path).map_err(Error::io("cannot read", path))?;
        let written = fs::metadata(path).and_then(|it| it.modified()).ok();
        let written =
            written.map(aws_smithy_types::DateTime::from).and_then(|it| it.fmt(Format::DateTime).ok());
        Ok(Content { bytes, origin: path.display().to_string(), written })
    }

    /// Every backup beside the file.
    fn backups(&self) -> Result<Vec<Content>> {
        let folder = self.path().parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = self.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let entries = fs::read_dir(folder).map_err(Error::io("cannot read", folder))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|it| it.path()).collect();
        paths.retain(|it| {
            let file = it.file_name().unwrap_or_default().to_string_lossy();
            file.strip_prefix(&name).is_some_and(|it| it.starts_with('.') && it.ends_with(".backup"))
        });
        paths.sort();
        paths.iter().map(|it| self.content(it)).collect()
    }

    async fn restore(&self, bytes: Vec<u8>) -> Result<Option<PathBuf>> {
        let broken = self.stored()?.filter(|it| !it.is_empty() && !super::local::is_state(it));
        let kept = match broken {
            Some(it) => {
                let path = timestamped(&beside(self.path(), "broken"));
                super::upkeep::write_private(&path, &it).map_err(Error::io("cannot write", &path))?;
                Some(path)
            }
            None => None,
        };
        // The usual backup is the last good one: nothing broken takes its place.
        self.is_backed_up();
        self.write(bytes, None).await?;
        Ok(kept)
    }
}

/// How many older versions of an object are looked at.
const VERSIONS: usize = 30;

impl S3 {
    async fn trouble(&self) -> Result<Option<Trouble>> {
        let Some(table) = self.table() else { return Ok(None) };
        let Some(wanted) = table.digest().await? else { return Ok(None) };
        let found = self.object(&self.path).await?;
        if self.disagreement(found.as_ref()).await.is_none() {
            return Ok(None);
        }
        let (older, unseen) = match self.version_with(&wanted).await {
            Ok(it) => (it, None),
            Err(error) => (None, Some(error.to_string())),
        };
        let object = found.map(|it| Content { bytes: it.bytes, origin: self.origin(), written: it.written });
        Ok(Some(Trouble::Digest { wanted, table: table.name.to_owned(), object, older, unseen }))
    }

    /// The newest version of the object that has a digest.
    async fn version_with(&self, wanted: &str) -> Result<Option<Content>> {
        let call = self.aws.s3().list_object_versions().bucket(&self.settings.bucket).prefix(&self.path);
        let answer = call.send().await.map_err(aws::Error::from);
        let all = answer.map_err(self.failed("cannot list the versions of"))?.versions.unwrap_or_default();
        let mut ours: Vec<_> = all.into_iter().filter(|it| it.key.as_deref() == Some(&self.path)).collect();
        // The tag of an object that is stored in one piece, and not with a key of one's own, is its digest.
        ours.sort_by_key(|it| it.e_tag.as_deref().is_none_or(|it| it.trim_matches('"') != wanted));
        for it in ours.into_iter().take(VERSIONS) {
            let Some(version) = it.version_id else { continue };
            let Some(bytes) = self.version(&version).await? else { continue };
            if digest(&bytes) == wanted {
                let written = it.last_modified.and_then(|it| it.fmt(Format::DateTime).ok());
                let origin = format!("{}, version {version}", self.origin());
                return Ok(Some(Content { bytes, origin, written }));
            }
        }
        Ok(None)
    }

    async fn trust(&self, bytes: &[u8]) -> Result<()> {
        match self.table() {
            Some(table) => table.set_digest(&digest(bytes), None).await,
            None => Ok(()),
        }
    }
}
