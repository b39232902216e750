//! An AWS on this machine: moto, pinned, in a private virtual environment, with our repairs.
//!
//! Nobody needs an account to try or to test: commands run against it over the same SDK, with
//! state in its S3 and locks in its DynamoDB. Several may run side by side, told apart by name.
//!
//! Files: `$XDG_CACHE_HOME/infra/sandbox/` (or `~/.cache/infra/sandbox/`) holds the virtual
//! environments, and for each sandbox that is up `run/NAME.json` (port, process, start time) and
//! `run/NAME.log`.

mod install;
mod inventory;
mod memory;
mod process;
mod python;

use std::path::{Path, PathBuf};

pub use inventory::inventory;
pub use memory::{Running, down, status};
pub use process::Server;

/// What is installed. Another version gets an environment of its own.
const REQUIREMENT: &str = "moto[server]==5.2.1";

/// The region where nothing else names one.
pub const REGION: &str = "eu-west-1";

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no Python: the sandbox needs python3, version 3.10 or later, on the PATH{0}")]
    NoPython(String),
    #[error(
        "{python} can make no virtual environment: its `venv` or `ensurepip` module is missing \
         (on Debian and Ubuntu: `apt install python3-venv`), and there is no `virtualenv` either\n{output}"
    )]
    NoVenv { python: String, output: String },
    #[error("pip could not install {REQUIREMENT} (is there a network?)\n{0}")]
    Pip(String),
    #[error("`{0}` is no name for a sandbox: letters, digits, `-` and `_`, at most 40")]
    Name(String),
    #[error("the sandbox ended before it answered; its log ends:\n{0}")]
    Died(String),
    #[error("the sandbox did not answer within {seconds} s; its log ends:\n{log}")]
    Silent { seconds: u64, log: String },
    #[error("process {0} did not end")]
    Stubborn(u32),
    #[error("neither XDG_CACHE_HOME nor HOME is set: nowhere to install the sandbox")]
    NoCache,
    #[error("{what}: {cause}")]
    Io { what: String, cause: std::io::Error },
}

pub type Result<T> = std::result::Result<T, Error>;

/// Names what was being done in an I/O error.
fn doing(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Error {
    let what = what.into();
    move |cause| Error::Io { what, cause }
}

/// Starts the sandbox of that name where it is not up yet. `say` hears what takes long.
pub fn up(name: &str, say: &mut dyn FnMut(&str)) -> Result<Running> {
    memory::up(name, say)
}

/// Starts one that belongs to the caller and ends with it. `say` hears what takes long.
pub fn start_private(say: &mut dyn FnMut(&str)) -> Result<Server> {
    let python = install::python(say)?;
    Server::private(&python)
}

/// What points any AWS client at it.
pub fn environment(running: &Running) -> Vec<(String, String)> {
    environment_of(&running.url())
}

/// The same for any endpoint that takes test credentials.
pub fn environment_of(url: &str) -> Vec<(String, String)> {
    let pairs = [
        ("AWS_ENDPOINT_URL", url),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// Variables that would lead a client elsewhere, whatever [`environment`] says.
pub const UNWANTED: [&str; 4] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN"];

/// Where everything of the sandboxes is kept.
fn home() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache"))).ok_or(Error::NoCache)?;
    let home = cache.join("infra").join("sandbox");
    make_folder(&home)?;
    Ok(home)
}

fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(doing(format!("cannot make the folder {}", path.display())))
}

/// Only one process at a time gets past this, until the returned file is dropped.
fn lock(path: &Path) -> Result<std::fs::File> {
    let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(doing(format!("cannot open {}", path.display())))?;
    file.lock().map_err(doing(format!("cannot lock {}", path.display())))?;
    Ok(file)
}

/// The last lines of a text.
fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
