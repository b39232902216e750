//! `errored.tfstate`: where a state goes that could not be stored.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::upkeep::write_private;
use super::{Backend, as_stored};
use crate::diag::Diagnostic;
use crate::state::{Encryption, Error, Loss, State, file};

pub const ERRORED: &str = "errored.tfstate";

/// Under which such a file says whose state it is: a lineage may be that of a copy.
const ORIGIN: &str = "infra_origin";

impl Backend {
    /// Keeps a state that could not be stored here in the stack's folder.
    pub fn rescue(&self, dir: &Path, state: &State, failure: Error) -> Diagnostic {
        keep(dir, state, failure, self.encryption(), Some(&self.origin()))
    }
}

/// Keeps a state that could not be stored in the stack's folder, encrypted as it would have been, and
/// says how to go on.
pub fn rescue(dir: &Path, state: &State, failure: Error, encryption: &Encryption) -> Diagnostic {
    keep(dir, state, failure, encryption, None)
}

/// Where such a file says that its state belongs.
pub fn rescued_from(bytes: &[u8]) -> Option<String> {
    let all: Json = serde_json::from_slice(bytes).ok()?;
    all.get(ORIGIN)?.as_str().map(str::to_owned)
}

/// Removes what was kept of a state: a newer one is stored now.
pub fn forget_rescued(dir: &Path, state: &State) -> io::Result<()> {
    for path in [dir.join(ERRORED), elsewhere(state)] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn keep(
    dir: &Path,
    state: &State,
    failure: Error,
    encryption: &Encryption,
    origin: Option<&str>,
) -> Diagnostic {
    let bytes = match as_stored(encryption, file::to_bytes(state), ERRORED) {
        Ok(it) => named(it, origin),
        // Before an apply begins, the key is there: this cannot happen in one.
        Err(error) => {
            let why = [failure, error].map(reasons).join("\n");
            return Diagnostic::error("the state could be stored nowhere: it must not be kept in the clear")
                .detail(why);
        }
    };
    // The stored state has gone on, or is about to.
    let passed = matches!(
        failure,
        Error::Lost { loss: Loss::Taken(_) | Loss::Gone, .. } | Error::Changed { .. } | Error::Stale { .. }
    );
    let why = reasons(failure);
    let (first, second) = (dir.join(ERRORED), elsewhere(state));
    let Err(error) = replace(&first, &bytes) else { return in_folder(&first, why, passed) };
    let why = format!("{why}\ncannot write {}: {error}", first.display());
    // The disk is full, or the folder may not be written to: another one may do.
    match replace(&second, &bytes) {
        Ok(()) => {
            let path = second.display();
            Diagnostic::error(format!("the state could not be stored; it is in {path}")).detail(why).help(
                format!(
                    "what was done is recorded only there: once the cause is gone, store it with `infra state \
                     push {path}` before anything else"
                ),
            )
        }
        Err(error) => printed(&bytes, &format!("{why}\ncannot write {}: {error}", second.display())),
    }
}

fn in_folder(path: &Path, why: String, passed: bool) -> Diagnostic {
    let one = Diagnostic::error(format!("the state could not be stored; it is in {}", path.display()));
    let one = one.detail(why);
    if passed {
        return one.help(format!(
            "what was done last is recorded only there: `infra state repair` takes over from it what the \
             stored state does not know, or store it with `infra state push {ERRORED}` where nothing else was"
        ));
    }
    one.help(format!(
        "what was done is recorded only there: once the cause is gone, the next apply stores it first; \
         `infra state push {ERRORED}` stores it alone"
    ))
}

fn printed(bytes: &[u8], why: &str) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes);
    Diagnostic::error("the state could be stored nowhere, so it is printed here")
        .detail(format!("{why}\n\n{text}"))
        .help(format!("keep the text above as {ERRORED}, and store it with `infra state push {ERRORED}`"))
}

fn reasons(failure: Error) -> String {
    let all = failure.diagnostics().0;
    all.into_iter().map(|it| it.summary).collect::<Vec<_>>().join("\n")
}

/// A place on what may be another disk.
fn elsewhere(state: &State) -> PathBuf {
    let name: String = state.lineage.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
    std::env::temp_dir().join(format!("errored-{name}.tfstate"))
}

/// All of it, or nothing.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let next = super::local::beside(path, "next");
    let written = write_private(&next, bytes).and_then(|()| fs::rename(&next, path));
    if written.is_err() {
        // There may be nothing to remove; why it could not be written is what counts.
        let _ = fs::remove_file(&next);
    }
    written
}

fn named(bytes: Vec<u8>, origin: Option<&str>) -> Vec<u8> {
    let (Some(origin), Ok(Json::Object(mut all))) = (origin, serde_json::from_slice(&bytes)) else {
        return bytes;
    };
    all.insert(ORIGIN.to_owned(), origin.into());
    serde_json::to_vec_pretty(&all).unwrap_or(bytes)
}
