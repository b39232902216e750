use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::store::{Backup, Kept, WayBack};
use crate::cli::session::Session;
use crate::cli::work::Locked;
use crate::cli::{Global, Inputs, Locking, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;
use crate::state::{Backend, LockInfo, State};

/// Store a state file: the successor of the stored state, or with --force any.
#[derive(clap::Args)]
pub struct Command {
    /// The state file; `-` reads from standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Overwrite a state of another lineage or a newer serial; it is kept in a backup.
    #[arg(long)]
    force: bool,
    /// Taken for the sake of scripts written for Terraform; there is nothing to ignore here.
    #[arg(long, hide = true)]
    ignore_remote_version: bool,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let session = Session::for_state(global, &command.inputs, true).await?;
    let backend = session.backend().await?;
    let state = given(&command.file, &backend).await?;
    let locked = Locked::on(backend, &command.locking, LockInfo::of("state-push"), screen).await?;
    let done = store(&locked, &state, command.force).await;
    match locked.release(done).await? {
        None => screen.say("The state is stored like that already."),
        Some(kept) => {
            screen.say("The state is stored.");
            kept.tell(&WayBack::push(global), screen);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn given(path: &Path, backend: &Backend) -> Result<State, Diagnostics> {
    let (read, name) = match path.to_str() {
        Some("-") => {
            let mut out = Vec::new();
            (std::io::stdin().read_to_end(&mut out).map(|_| out), "standard input".to_owned())
        }
        _ => (std::fs::read(path), path.display().to_string()),
    };
    let bytes = read.map_err(|it| Diagnostic::error(format!("cannot read {name}: {it}")))?;
    let mut state = backend.decode(&bytes, &name).await.map_err(|it| it.diagnostics())?;
    if state.lineage.is_empty() {
        state.lineage = State::new().lineage;
    }
    Ok(state)
}

/// Stores it over the one that it follows, or over any. What is stored already is not written again.
async fn store(locked: &Locked, state: &State, force: bool) -> Result<Option<Kept>, Diagnostics> {
    let backend = locked.backend();
    let stored = match force {
        // Whatever stands there: it may be no state at all.
        true => match backend.read().await {
            Ok(Some((old, _))) if old == *state => return Ok(None),
            _ => {
                let kept = Backup::File(None).keep(backend).await?;
                backend.overwrite(state).await.map(|_| kept)
            }
        },
        false => match backend.read().await.map_err(|it| it.diagnostics())? {
            Some((old, _)) if old == *state => return Ok(None),
            found => {
                let kept = Backup::Usual.keep(backend).await?;
                backend.write(state, &found.map(|it| it.1).unwrap_or_default()).await.map(|_| kept)
            }
        },
    };
    stored.map(Some).map_err(|it| it.diagnostics())
}
