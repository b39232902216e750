use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::session::Session;
use super::work::Locked;
use super::{Global, Inputs, Locking, Outcome};
use crate::address::{self, Addr};
use crate::diag::Diagnostic;
use crate::report::Screen;
use crate::state::{State, file};

/// Look into the state.
#[derive(clap::Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// List the addresses of everything in the state, or of what the given addresses cover.
    List {
        #[arg(value_name = "ADDRESS")]
        only: Vec<String>,
        #[command(flatten)]
        inputs: Inputs,
    },
    /// Print the state as it is stored.
    Pull {
        #[command(flatten)]
        inputs: Inputs,
    },
    /// Store the state anew, by the method that the stack's encryption names now: after it was switched
    /// on, changed, or switched off.
    Reencrypt {
        #[command(flatten)]
        inputs: Inputs,
        #[command(flatten)]
        locking: Locking,
    },
    /// Store a state file: the successor of the stored state, or with --force any.
    Push {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Overwrite a state of another lineage or a newer serial.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        inputs: Inputs,
        #[command(flatten)]
        locking: Locking,
    },
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    match &command.what {
        What::List { only, inputs } => list(only, inputs, global, screen).await,
        What::Pull { inputs } => pull(inputs, global, screen).await,
        What::Reencrypt { inputs, locking } => super::reencrypt::run(inputs, locking, global, screen).await,
        What::Push { file, force, inputs, locking } => {
            push(file, *force, inputs, locking, global, screen).await
        }
    }
}

async fn pull(inputs: &Inputs, global: &Global, screen: &Screen) -> Outcome {
    let session = Session::open_with(global, inputs, false).await?;
    let found = session.backend().await?.read().await.map_err(|it| it.diagnostics())?;
    if let Some((state, _)) = found {
        screen.raw_text(&String::from_utf8_lossy(&file::to_bytes(&state)));
    }
    Ok(ExitCode::SUCCESS)
}

async fn push(
    path: &Path,
    force: bool,
    inputs: &Inputs,
    locking: &Locking,
    global: &Global,
    screen: &Screen,
) -> Outcome {
    let session = Session::open_with(global, inputs, false).await?;
    let bytes = std::fs::read(path)
        .map_err(|it| Diagnostic::error(format!("cannot read {}: {it}", path.display())))?;
    let locked = Locked::take(&session, locking, "Push", screen).await?;
    let done = async {
        let state = locked.backend().decode(&bytes, &path.display().to_string()).await;
        locked.store(&state.map_err(|it| it.diagnostics())?, force).await
    };
    let done = done.await;
    locked.release(done).await?;
    screen.say("The state is stored.");
    Ok(ExitCode::SUCCESS)
}

async fn list(only: &[String], inputs: &Inputs, global: &Global, screen: &Screen) -> Outcome {
    let session = Session::open_with(global, inputs, false).await?;
    let state = session.stored().await?;
    let targets = super::session::addresses(only, address::parse)?;
    for target in &targets {
        if !addresses(&state).any(|it| target.covers(&it)) {
            let one = Diagnostic::error(format!("the state holds nothing at `{target}`"));
            return Err(one.help("`infra state list` shows all of it").into());
        }
    }
    for addr in addresses(&state) {
        if targets.is_empty() || targets.iter().any(|it| it.covers(&addr)) {
            screen.raw_line(&addr.to_string());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn addresses(state: &State) -> impl Iterator<Item = Addr> {
    state
        .resources
        .iter()
        .flat_map(|(resource, it)| it.instances.keys().map(|key| resource.instance(key.clone())))
}
