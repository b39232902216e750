//! States in files: the same files, locks and backups as Terraform's.

use std::cell::{Cell, RefCell};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use rustix::fs::{FlockOperation, fcntl_lock};
use sha2::{Digest, Sha256};

use super::{DEFAULT_ENV, Stamp, keep_default};
use crate::state::encryption::is_sealed;
use crate::state::settings::LocalSettings;
use crate::state::{Encryption, Error, LockInfo, Result, file};

/// One environment's file.
pub struct Local {
    path: PathBuf,
    env: String,
    /// The folder of the other environments.
    envs: PathBuf,
    held: RefCell<Option<Held>>,
    pub(super) encryption: Rc<Encryption>,
    /// The backup is of what stood there before this process wrote first.
    backed_up: Cell<bool>,
    /// What this process wrote last: while just that stands there, it need not be read as a whole again.
    written: Cell<Option<Sum>>,
}

type Sum = [u8; 32];

/// A lock is of the open file, and closing any other handle on the same file would end it: while it
/// is held, everything goes through this one.
struct Held {
    file: Arc<File>,
    id: String,
    created: bool,
}

const FILE: &str = "terraform.tfstate";

impl Local {
    pub(super) fn new(settings: &LocalSettings, dir: &Path, env: &str) -> Self {
        let envs = dir.join(settings.workspace_dir.as_deref().unwrap_or(Path::new("terraform.tfstate.d")));
        let path = match env {
            DEFAULT_ENV => dir.join(settings.path.as_deref().unwrap_or(Path::new(FILE))),
            env => envs.join(env).join(FILE),
        };
        let env = env.to_owned();
        let encryption = Rc::default();
        Local {
            path,
            env,
            envs,
            held: RefCell::default(),
            encryption,
            backed_up: Cell::new(false),
            written: Cell::new(None),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What stands there is kept elsewhere: the next write needs no backup.
    pub(super) fn is_backed_up(&self) {
        self.backed_up.set(true);
    }

    pub(super) fn make_folder(&self) -> Result<()> {
        let Some(parent) = self.path.parent() else { return Ok(()) };
        fs::create_dir_all(parent).map_err(Error::io("cannot make", parent))
    }

    pub(super) fn env(&self) -> &str {
        &self.env
    }

    pub(super) fn origin(&self) -> String {
        self.path.display().to_string()
    }

    pub(super) fn read(&self) -> Result<Option<Vec<u8>>> {
        let stored = self.stored()?;
        Ok(self.finished(stored).filter(|it| !it.is_empty()))
    }

    pub(super) fn stored(&self) -> Result<Option<Vec<u8>>> {
        if let Some(held) = self.held.borrow().as_ref() {
            let (mut out, mut file) = (Vec::new(), &*held.file);
            let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut out));
            return read.map(|_| Some(out)).map_err(Error::io("cannot read", &self.path));
        }
        read_file(&self.path)
    }

    /// What a write was about to store when it was cut off, where it was; otherwise what is stored.
    pub(super) fn finished(&self, stored: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let Ok(next) = fs::read(self.next()) else { return stored };
        let Some((lineage, serial)) = file::position(&next) else { return stored };
        let follows = match stored.as_deref().filter(|it| !it.is_empty()).map(file::position) {
            None | Some(None) => true,
            Some(Some(it)) => it.0 == lineage && serial > it.1,
        };
        if follows { Some(next) } else { stored }
    }

    /// Ends a write that was cut off, for those who know only the state's own file. Whoever calls it holds
    /// the lock, so that nobody is writing.
    fn complete(&self) -> Result<()> {
        let next = self.next();
        if !next.exists() {
            return Ok(());
        }
        let stored = self.stored()?;
        let whole = self.finished(stored.clone());
        if let (Some(bytes), Some(held)) =
            (whole.filter(|it| Some(it) != stored.as_ref()), self.held.borrow().as_ref())
        {
            reserve(&held.file, bytes.len())
                .and_then(|()| replace_content(&held.file, &bytes))
                .map_err(Error::io("cannot write", &self.path))?;
        }
        ignore_missing(fs::remove_file(&next)).map_err(Error::io("cannot remove", &next))
    }

    /// The whole of what is being stored, until it is.
    pub(super) fn next(&self) -> PathBuf {
        beside(&self.path, "next")
    }

    pub(super) async fn write(&self, bytes: Vec<u8>, over: Option<&Stamp>) -> Result<()> {
        if !(self.backed_up.get() && self.stands_as_written()?) {
            self.check_and_back_up(over)?;
        }
        let held = self.held.borrow().as_ref().map(|it| it.file.clone());
        let (path, next) = (self.path.clone(), self.next());
        self.written.set(None);
        // A disk takes its time: on another thread, so that everything else goes on meanwhile.
        let stored = tokio::task::spawn_blocking(move || {
            store(&path, &next, held.as_deref(), &bytes)?;
            Ok(Sum::from(Sha256::digest(&bytes)))
        });
        let sum = stored.await.map_err(io::Error::other).flatten();
        self.written.set(Some(sum.map_err(Error::io("cannot write", &self.path))?));
        Ok(())
    }

    fn check_and_back_up(&self, over: Option<&Stamp>) -> Result<()> {
        let before = self.read()?;
        if let Some(stamp) = over {
            self.check_unchanged(before.as_deref(), stamp)?;
        }
        self.make_folder()?;
        if let Some(before) = before.filter(|_| !self.backed_up.replace(true)) {
            let backup = beside(&self.path, "backup");
            let before = super::as_stored(&self.encryption, before, &backup.display().to_string())?;
            replace_file(&backup, &before).map_err(Error::io("cannot write", &backup))?;
        }
        Ok(())
    }

    /// Whether the file is, to the byte, what this process wrote last.
    fn stands_as_written(&self) -> Result<bool> {
        let Some(written) = self.written.get().filter(|_| !self.next().exists()) else { return Ok(false) };
        let sum = match self.held.borrow().as_ref() {
            Some(it) => sum_of(&it.file),
            None => File::open(&self.path).and_then(|it| sum_of(&it)),
        };
        match sum {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            sum => sum.map(|it| it == written).map_err(Error::io("cannot read", &self.path)),
        }
    }

    fn check_unchanged(&self, before: Option<&[u8]>, stamp: &Stamp) -> Result<()> {
        let origin = self.origin();
        let Some((lineage, serial)) = before.map_or(Some(Default::default()), file::position) else {
            return Err(Error::Changed { origin, why: "it is no state any more".to_owned() });
        };
        if (&lineage, serial) == (&stamp.lineage, stamp.serial) {
            return Ok(());
        }
        let why = format!("its serial was {} and is {serial}", stamp.serial);
        Err(Error::Changed { origin, why })
    }

    fn lock_path(&self) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.path.with_file_name(format!(".{name}.lock.info"))
    }

    pub(super) fn lock(&self, info: &LockInfo) -> Result<()> {
        let failed = || Error::io("cannot lock", &self.path);
        self.make_folder()?;
        let created = !self.path.exists();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&self.path);
        let file = file.map_err(failed())?;
        match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive).map_err(io::Error::from) {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::PermissionDenied) => {
                return Err(Error::Locked(Box::new(self.holder())));
            }
            Err(error) => return Err(failed()(error)),
        }
        let info_path = self.lock_path();
        let mut info = info.clone();
        info.path = self.origin();
        if let Err(error) = fs::write(&info_path, info.to_json()) {
            // Nothing of an attempt at a lock stays. Why it came to nothing is what counts.
            let _ = fs::remove_file(&info_path);
            if created {
                let _ = fs::remove_file(&self.path);
            }
            return Err(Error::io("cannot write", &info_path)(error));
        }
        *self.held.borrow_mut() = Some(Held { file: Arc::new(file), id: info.id, created });
        if let Err(error) = self.complete() {
            // Reading goes by what stands beside all the same, and the next write says what is wrong.
            tracing::warn!(%error, "a write that was cut off could not be completed");
        }
        Ok(())
    }

    fn holder(&self) -> LockInfo {
        let text = fs::read_to_string(self.lock_path()).unwrap_or_default();
        LockInfo { path: self.origin(), ..LockInfo::parse(&text) }
    }

    pub(super) fn unlock(&self, id: &str) -> Result<()> {
        let mut held = self.held.borrow_mut();
        let Some(it) = held.take_if(|it| it.id == id) else {
            return Err(Error::NotOurs(format!(
                "{} is locked by another process, or not at all: a file's lock ends with its process",
                self.origin()
            )));
        };
        let info = self.lock_path();
        let removed = ignore_missing(fs::remove_file(&info)).map_err(Error::io("cannot remove", &info));
        // Locking made the file: an empty one is no state.
        let empty = it.file.metadata().is_ok_and(|it| it.len() == 0);
        if it.created && empty {
            ignore_missing(fs::remove_file(&self.path)).map_err(Error::io("cannot remove", &self.path))?;
        }
        removed
    }

    /// Who says that they hold the lock, though they may be gone.
    pub(super) fn lock_left(&self) -> Option<LockInfo> {
        self.lock_path().exists().then(|| self.holder())
    }

    /// A file's lock ends with its process; what stays is the note about who held it.
    pub(super) fn force_unlock(&self, id: &str) -> Result<()> {
        let Some(holder) = self.lock_left() else {
            return Err(Error::NotOurs(format!("there is no lock of {}", self.origin())));
        };
        if holder.id != id {
            return Err(Error::NotOurs(format!("the lock of {} has the id {}", self.origin(), holder.id)));
        }
        let free = match File::open(&self.path) {
            Ok(file) => fcntl_lock(&file, FlockOperation::NonBlockingLockShared).is_ok(),
            Err(error) => error.kind() == ErrorKind::NotFound,
        };
        if !free {
            return Err(Error::NotOurs(format!(
                "the process that holds it, of {}, is still running: a file's lock ends with its process",
                holder.who
            )));
        }
        let info = self.lock_path();
        ignore_missing(fs::remove_file(&info)).map_err(Error::io("cannot remove", &info))
    }

    pub(super) fn workspaces(&self) -> Result<Vec<String>> {
        let mut out = Vec::new();
        match fs::read_dir(&self.envs) {
            Ok(all) => {
                let folders = all.flatten().filter(|it| it.path().is_dir());
                out.extend(folders.map(|it| it.file_name().to_string_lossy().into_owned()));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("cannot read", &self.envs)(error)),
        }
        out.sort();
        out.insert(0, DEFAULT_ENV.to_owned());
        Ok(out)
    }

    pub(super) fn delete(&self) -> Result<()> {
        keep_default(&self.env)?;
        let folder = self.envs.join(&self.env);
        ignore_missing(fs::remove_dir_all(&folder)).map_err(Error::io("cannot remove", &folder))
    }

    pub(super) fn read_beside(&self, suffix: &str) -> Result<Option<Vec<u8>>> {
        read_file(&beside(&self.path, suffix))
    }

    pub(super) fn write_beside(&self, suffix: &str, bytes: &[u8]) -> Result<()> {
        let path = beside(&self.path, suffix);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::io("cannot make", parent))?;
        }
        replace_file(&path, bytes).map_err(Error::io("cannot write", &path))
    }

    /// As [`Local::write_beside`], where there is nothing yet; nobody else can read it.
    pub(super) fn create_beside(&self, suffix: &str, bytes: &[u8]) -> Result<bool> {
        let path = beside(&self.path, suffix);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::io("cannot make", parent))?;
        }
        let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(it) => it,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(Error::io("cannot write", &path)(error)),
        };
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map(|()| true).map_err(Error::io("cannot write", &path))
    }

    pub(super) fn remove_beside(&self, suffix: &str) -> Result<()> {
        let path = beside(&self.path, suffix);
        ignore_missing(fs::remove_file(&path)).map_err(Error::io("cannot remove", &path))
    }
}

/// Whether the bytes are a state; one that is encrypted counts, whether or not anybody can open it.
pub(super) fn is_state(bytes: &[u8]) -> bool {
    is_sealed(bytes) || file::parse(bytes, "").is_ok()
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut out = path.as_os_str().to_owned();
    out.push(".");
    out.push(suffix);
    out.into()
}

fn read_file(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(it) => Ok(Some(it)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("cannot read", path)(error)),
    }
}

/// Of a whole file, without holding more of it than a piece.
fn sum_of(mut file: &File) -> io::Result<Sum> {
    let mut sum = Sha256::new();
    file.seek(SeekFrom::Start(0))?;
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(sum.finalize().into()),
            some => sum.update(&piece[..some]),
        }
    }
}

/// All of it, or nothing: a disk that is full leaves no half of a file.
fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // Why it could not be written is what counts.
        let _ = fs::remove_file(path);
    }
    written
}

/// Puts the bytes into the file at `path`: beside it first, so that a whole one is there at every moment. Whoever
/// holds its lock writes into the open file, see [`replace_content`].
fn store(path: &Path, next: &Path, held: Option<&File>, bytes: &[u8]) -> io::Result<()> {
    write_synced(next, bytes)?;
    let Some(held) = held else {
        fs::rename(next, path)?;
        return sync_folder(path);
    };
    sync_folder(next)?;
    if let Err(error) = reserve(held, bytes.len()) {
        ignore_missing(fs::remove_file(next))?;
        return Err(error);
    }
    replace_content(held, bytes)?;
    fs::remove_file(next)
}

/// Puts a whole file in the place of another.
fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let next = beside(path, "next");
    write_synced(&next, bytes)?;
    fs::rename(&next, path)?;
    sync_folder(path)
}

/// A new name is there after a power failure only if its folder is on the disk, too.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Gets the space that a file needs before anything of it is overwritten.
#[cfg(target_os = "linux")]
fn reserve(file: &File, length: usize) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    use rustix::io::Errno;
    match fallocate(file, FallocateFlags::KEEP_SIZE, 0, length as u64) {
        Err(error @ (Errno::NOSPC | Errno::DQUOT | Errno::FBIG)) => Err(error.into()),
        // Not every file system can.
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn reserve(_: &File, _: usize) -> io::Result<()> {
    Ok(())
}

/// In place: a Terraform that waits for the lock has this very file open, and would go on with a
/// replaced one that nobody else sees. What is being written lies whole beside it meanwhile.
fn replace_content(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
