//! What goes wrong with states: the words for it, and what to do.

use std::path::PathBuf;

use super::encryption::Problem;
use super::{LockInfo, Loss, Stamp};
use crate::aws;
use crate::diag::{Diagnostic, Diagnostics};

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The content is no state that we can read.
    #[error("{origin} is not a state that can be read: {why}")]
    Unreadable { origin: String, why: String, help: Option<String> },
    /// Somebody holds the lock.
    #[error("the state is locked by {}", .0.who)]
    Locked(Box<LockInfo>),
    /// The lock was ours, and is not any more.
    #[error("{}", lost(.loss))]
    Lost { origin: String, loss: Loss },
    /// The lock to release is not there, or is another one.
    #[error("the lock was not released: {0}")]
    NotOurs(String),
    /// What is stored is no longer what was read.
    #[error("{origin} has changed since it was read: {why}")]
    Changed { origin: String, why: String },
    /// The state to write does not follow the stored one.
    #[error("refusing to write over {origin}: {why}")]
    Stale { origin: String, why: String },
    /// The digest in the lock table is of other content than the object in the bucket.
    #[error(
        "{origin} is not the content that was written last: its digest is {found}, the table says {wanted}"
    )]
    Digest { origin: String, found: String, wanted: String, table: String, item: String },
    /// The state is stored as that, and its digest is not.
    #[error("{error}")]
    Undigested { stamp: Box<Stamp>, error: Box<Error> },
    /// The bucket or table is not there.
    #[error("{0} does not exist")]
    NoStore(String),
    #[error("{what}: {error}")]
    Aws { what: String, error: aws::Error },
    #[error("{what} {path}: {error}")]
    Io { what: &'static str, path: PathBuf, error: std::io::Error },
    #[error("{0}")]
    Refused(String),
    /// Something about its encryption.
    #[error("{origin}: {problem}")]
    Encryption { origin: String, problem: Problem },
    /// The settings are wrong.
    #[error("{0}")]
    Settings(Diagnostics),
}

impl Error {
    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Error::Io { what, path, error }
    }

    pub(crate) fn aws<E: Into<aws::Error>>(what: impl Into<String>) -> impl FnOnce(E) -> Self {
        let what = what.into();
        move |error| Error::Aws { what, error: error.into() }
    }

    /// What the user reads: the sentence, its story, and how to go on.
    pub fn diagnostics(self) -> Diagnostics {
        match self {
            Error::Settings(all) => all,
            Error::Encryption { origin, problem } => problem.diagnostic(&origin).into(),
            other => other.diagnostic().into(),
        }
    }

    fn diagnostic(&self) -> Diagnostic {
        let one = Diagnostic::error(self.to_string());
        match self {
            Error::Unreadable { help, .. } => one
                .help("`infra state repair` looks for a copy that is whole")
                .maybe_help(help.clone()),
            Error::Locked(info) => one.detail(info.story()).help(locked_help(info)),
            Error::Lost { origin, loss } => after_loss(one, origin, loss),
            Error::Changed { .. } => one.help("run the command again: it starts from what is stored now"),
            Error::Stale { .. } => one.help(
                "`infra state pull` shows what is stored; `infra state push --force` overwrites it all the same",
            ),
            Error::Digest { .. } => one.detail(self.digest_story()).help(self.digest_help()),
            Error::Undigested { .. } => one
                .detail("Infra reads the state all the same. Terraform does not, until the digest is right.")
                .help("once the table can be written to again, apply again, or let `infra state repair` set it"),
            Error::NoStore(_) => {
                one.help("`infra init` makes it, or correct the name and region in the backend's settings")
            }
            _ => one,
        }
    }

    fn digest_story(&self) -> &'static str {
        "Either S3 still returns an older object (it was asked several times over some seconds), or the last \
         write was cut off between the object and its digest, or somebody replaced the object by hand."
    }

    fn digest_help(&self) -> String {
        let Error::Digest { found, table, item, .. } = self else { return String::new() };
        format!(
            "`infra state repair` shows what there is and puts it right. By hand: if the object in the bucket is \
             the right one, set `Digest` of the item with LockID `{item}` in table `{table}` to `{found}`"
        )
    }
}

fn locked_help(info: &LockInfo) -> String {
    let id = &info.id;
    match info.alive {
        true => format!(
            "wait for it with `--lock-timeout 5m`; should it hang, `infra force-unlock {id}` breaks its lock, and \
             it stops"
        ),
        false => format!(
            "wait for it with `--lock-timeout 5m`; if you are sure that nobody is at work, break the lock with \
             `infra force-unlock {id}`"
        ),
    }
}

fn lost(loss: &Loss) -> String {
    match loss {
        Loss::Taken(it) if it.who.is_empty() => "the lock of the state is somebody else's now".to_owned(),
        Loss::Taken(it) => format!("the lock of the state was taken over by {}", it.who),
        Loss::Gone => "the lock of the state was released by somebody else".to_owned(),
        Loss::Silent { lease, .. } => {
            format!("the lock of the state could not be renewed for {} s", lease.as_secs())
        }
    }
}

fn after_loss(one: Diagnostic, origin: &str, loss: &Loss) -> Diagnostic {
    let again = "run the command again: it starts from what is stored then";
    match loss {
        Loss::Taken(it) => one
            .detail(format!(
                "This process gave no sign of life for longer than its lock lasts: it, or the machine, was \
                 asleep. Nothing is written to {origin} any more. The lock is\n{}",
                it.story()
            ))
            .help(again),
        Loss::Gone => one
            .detail(format!(
                "Somebody broke it (`force-unlock`), or took it over while this process was asleep, and has \
                 finished. {origin} may have changed."
            ))
            .help(again),
        Loss::Silent { why, .. } => one
            .detail(format!("The last attempt: {why}"))
            .help("somebody else may hold it by now; once it can be reached again, run the command again"),
    }
}

impl From<Error> for Diagnostics {
    fn from(error: Error) -> Self {
        error.diagnostics()
    }
}

impl From<Diagnostics> for Error {
    fn from(all: Diagnostics) -> Self {
        Error::Settings(all)
    }
}
