//! A stored state in the hands of a command: found, locked, backed up, stored again.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::cli::environment;
use crate::cli::session::Session;
use crate::cli::work::Locked;
use crate::cli::{Global, Inputs, Locking};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;
use crate::state::settings::LocalSettings;
use crate::state::{Backend, Encryption, LockInfo, Settings, Stamp, State};

/// Which state a command is about.
#[derive(clap::Args, Debug, Clone)]
pub struct Source {
    /// A state file to work on instead of the environment's state.
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    #[command(flatten)]
    pub inputs: Inputs,
}

/// What the commands that change a state have in common.
#[derive(clap::Args, Debug, Clone)]
pub struct Editing {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub locking: Locking,
    /// Keep the state as it was before in this file, instead of one named after the time.
    #[arg(long, value_name = "FILE")]
    pub backup: Option<PathBuf>,
    /// Taken for the sake of scripts written for Terraform; there is nothing to ignore here.
    #[arg(long, hide = true)]
    pub ignore_remote_version: bool,
}

impl Source {
    pub async fn backend(&self, global: &Global) -> Result<Backend, Diagnostics> {
        match &self.state {
            Some(path) => Ok(file(path).await?.encrypted(self.of_the_stack(global).await?)),
            None => Session::for_state(global, &self.inputs, true).await?.backend().await,
        }
    }

    /// How the stack here, if there is one, encrypts its states: a file may be a copy of one. It may be
    /// in the clear as well.
    async fn of_the_stack(&self, global: &Global) -> Result<Rc<Encryption>, Diagnostics> {
        match Session::for_state(global, &self.inputs, false).await {
            Ok(session) => Ok(Rc::new(session.encryption()?.or_clear())),
            Err(errors) => {
                tracing::debug!(?errors, "the file is not one of a stack here");
                Ok(Rc::default())
            }
        }
    }

    /// What is stored. Without anything there, there is nothing to look at.
    pub async fn read(&self, global: &Global) -> Result<State, Diagnostics> {
        let backend = self.backend(global).await?;
        let found = backend.read().await.map_err(|it| it.diagnostics())?;
        Ok(found.ok_or_else(|| nothing(&backend))?.0)
    }
}

/// The backend of a single state file.
pub async fn file(path: &Path) -> Result<Backend, Diagnostics> {
    let settings = LocalSettings { path: Some(path.to_owned()), ..LocalSettings::default() };
    let opened = Backend::open(&Settings::Local(settings), Path::new(""), "default").await;
    opened.map_err(|it| it.diagnostics())
}

fn nothing(backend: &Backend) -> Diagnostic {
    let one = Diagnostic::error(format!("there is no state yet at {}", backend.origin()));
    one.help("`infra apply` makes one; `--env NAME` looks at another environment, `--state FILE` into a file")
}

/// A locked state.
pub struct Store {
    locked: Locked,
    /// As it is stored.
    pub state: State,
    /// Whether anything is.
    pub exists: bool,
    stamp: Stamp,
}

impl Store {
    /// Locks and reads what a command is to change.
    pub async fn open(
        editing: &Editing,
        command: &str,
        global: &Global,
        screen: &Screen,
    ) -> Result<Store, Diagnostics> {
        let backend = editing.source.backend(global).await?;
        Self::on(backend, &editing.locking, command, screen).await
    }

    pub async fn on(
        backend: Backend,
        locking: &Locking,
        command: &str,
        screen: &Screen,
    ) -> Result<Store, Diagnostics> {
        let locked = Locked::on(backend, locking, LockInfo::of(command), screen).await?;
        match locked.backend().read().await {
            Ok(found) => {
                let exists = found.is_some();
                let (state, stamp) = found.unwrap_or_else(|| (State::new(), Stamp::default()));
                Ok(Store { locked, state, exists, stamp })
            }
            Err(error) => locked.release(Err(error.diagnostics())).await,
        }
    }

    pub fn backend(&self) -> &Backend {
        self.locked.backend()
    }

    /// The error where there is nothing to change.
    pub fn must_exist(&self) -> Result<(), Diagnostics> {
        if self.exists { Ok(()) } else { Err(nothing(self.backend()).into()) }
    }

    /// Stores what has become of the state, after a backup. Tells whether it had to.
    pub async fn save(&self, state: &State, backup: Backup<'_>) -> Result<Option<Kept>, Diagnostics> {
        if *state == self.state && self.exists {
            return Ok(None);
        }
        self.put(state, backup).await.map(|it| Some(it.0))
    }

    /// Stores the state as it is once more. Gives its new serial.
    pub async fn rewrite(&self, backup: Backup<'_>) -> Result<u64, Diagnostics> {
        self.put(&self.state, backup).await.map(|it| it.1)
    }

    async fn put(&self, state: &State, backup: Backup<'_>) -> Result<(Kept, u64), Diagnostics> {
        let kept = backup.keep(self.backend()).await?;
        let next = State { serial: self.state.serial + 1, ..state.clone() };
        self.backend().write(&next, &self.stamp).await.map_err(|it| it.diagnostics())?;
        Ok((kept, next.serial))
    }

    /// Gives the lock back, whatever came of the work.
    pub async fn release<T>(self, result: Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        self.locked.release(result).await
    }
}

/// What becomes of the state as it was.
#[derive(Debug, Clone, Copy)]
pub enum Backup<'a> {
    /// It is kept in a file: in this one, or one named after the time.
    File(Option<&'a Path>),
    /// It is kept as every write keeps it: `.backup` beside a local file.
    Usual,
}

/// Where it is kept, if anywhere.
pub struct Kept(Option<PathBuf>);

/// How a backup becomes the state again.
pub enum WayBack {
    /// It is pushed, with these options.
    Push(String),
    /// It is copied over this file.
    Copy(PathBuf),
}

impl WayBack {
    /// To the state of the environment that a command works in.
    pub fn push(global: &Global) -> WayBack {
        let env = match global.env_source {
            environment::Source::Given => format!("--env {} ", global.env),
            _ => String::new(),
        };
        WayBack::Push(format!("{env}--force "))
    }
}

impl Editing {
    /// Where the backup is to go. Terraform's `-` means the place where it goes anyway: there is no
    /// going without.
    pub fn backup(&self) -> Option<&Path> {
        self.backup.as_deref().filter(|it| *it != Path::new("-"))
    }

    pub fn way_back(&self, global: &Global) -> WayBack {
        match &self.source.state {
            Some(file) => WayBack::Copy(file.clone()),
            None => WayBack::push(global),
        }
    }
}

impl Backup<'_> {
    pub async fn keep(self, backend: &Backend) -> Result<Kept, Diagnostics> {
        let Backup::File(path) = self else { return Ok(Kept(None)) };
        let path = path.map_or_else(|| backend.backup_path(Path::new("")), Path::to_owned);
        let there = backend.back_up(&path).await.map_err(|it| it.diagnostics())?;
        Ok(Kept(there.then_some(path)))
    }
}

impl Kept {
    /// The lines about the way back.
    pub fn tell(&self, back: &WayBack, screen: &Screen) {
        let Some(path) = &self.0 else { return };
        let path = path.strip_prefix(".").unwrap_or(path).display();
        screen.say(format!("The state as it was before is in {path}."));
        screen.say(match back {
            WayBack::Push(options) => format!("To go back: infra state push {options}{path}"),
            WayBack::Copy(file) => format!("To go back: cp {path} {}", file.display()),
        });
    }
}
