use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::approve::approved;
use super::session::Session;
use super::{Global, Inputs, Locking, Outcome};
use crate::config;
use crate::config::modules::Wanted;
use crate::diag::{Diagnostic, Diagnostics};
use crate::install;
use crate::report::Screen;
use crate::state::{Settings, bootstrap};

mod example;
mod migrate;

/// Prepare a folder: fetch modules, make what the backend lacks.
///
/// The stack is checked first. What its state's backend lacks (a bucket, a table of locks) is made after
/// asking. It may be run as often as you like: what is there already stays as it is.
///
/// Where the folder holds a state that another backend kept before, and the stack's backend holds none
/// yet, `--migrate-state` brings it there: every environment's, each under its lock.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
    /// Do not ask.
    #[arg(long)]
    auto_approve: bool,
    /// Look for newer versions of modules than the lock file names.
    #[arg(long)]
    upgrade: bool,
    /// Whether to write the schema of stack files for editors (.infra/stack.schema.json, and a line in stack.toml).
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    schema: bool,
    /// Write a small stack to start from into an empty folder: this one, or a new one of that name.
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = ".")]
    example: Option<PathBuf>,
    /// Whether to look at the state's backend.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    backend: bool,
    /// Whether to fetch modules.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    get: bool,
    /// Bring the state along from where it was kept before.
    #[arg(long)]
    migrate_state: bool,
    /// Where it was kept: `local`, a state file, or s3://BUCKET/KEY. Without it, what this folder holds
    /// tells.
    #[arg(long, value_name = "PLACE", requires = "migrate_state")]
    from: Option<String>,
    /// As --migrate-state, without asking.
    #[arg(long)]
    force_copy: bool,
    /// Leave a state alone that another backend kept before.
    #[arg(long, conflicts_with_all = ["migrate_state", "force_copy"])]
    reconfigure: bool,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    if let Some(folder) = &command.example {
        return example::write(folder, screen);
    }
    if command.get {
        fetch_modules(command.upgrade, screen)?;
    }
    let mut session = Session::open(global, &command.inputs).await?;
    screen.warnings(&session.warnings, false);
    if command.schema
        && let Err(warning) = super::schema::provide(Path::new("."), screen)
    {
        screen.warnings(&warning.into(), false);
    }
    if command.backend {
        if !make_backend(command, &session, screen).await?
            || !migrate::run(&mut session, &asked(command), screen).await?
        {
            screen.cancelled();
            return Ok(ExitCode::FAILURE);
        }
        // A state that is there must be one that we can read.
        session.stored().await?;
        screen.say(format!("The state is kept in {}.", session.backend().await?.origin()));
    }
    screen.initialized();
    Ok(ExitCode::SUCCESS)
}

/// What was said about bringing the state along.
fn asked(command: &Command) -> migrate::Asked<'_> {
    migrate::Asked {
        wanted: command.migrate_state || command.force_copy,
        refused: command.reconfigure,
        sure: command.force_copy || command.migrate_state && command.auto_approve,
        from: command.from.as_deref(),
        inputs: &command.inputs,
        locking: &command.locking,
    }
}

/// Makes what the backend lacks; false where that was not wanted.
async fn make_backend(command: &Command, session: &Session, screen: &Screen) -> Result<bool, Diagnostics> {
    let settings = session.backend_settings()?;
    let Settings::S3(s3) = &settings else { return Ok(true) };
    let missing = bootstrap::missing(s3).await.map_err(|it| it.diagnostics())?;
    if missing.is_empty() {
        return Ok(true);
    }
    screen.say("The state backend lacks:");
    for it in &missing {
        screen.say(format!("  + {it}"));
    }
    let question = "Make it now?";
    let what_else = "pass --auto-approve, or make it by hand";
    if !command.auto_approve && !approved(&command.inputs, question, what_else)? {
        return Ok(false);
    }
    bootstrap::create(s3, &missing).await.map_err(|it| it.diagnostics())?;
    screen.say("Made.");
    Ok(true)
}

/// Fetches what the stack calls from Git; a fetched module may call others. Gives how many it fetched.
pub fn fetch_modules(upgrade: bool, screen: &Screen) -> Result<usize, Diagnostics> {
    let root = Path::new(".");
    let mut done: Vec<Wanted> = Vec::new();
    loop {
        let (config, _) = config::read(root);
        let every = config.all().into_iter().flat_map(|it| &it.remote);
        let every = every.filter(|it| upgrade || !it.1).map(|it| &it.0);
        let missing: Vec<Wanted> = every.filter(|it| !done.contains(it)).cloned().collect();
        if missing.is_empty() {
            return Ok(done.len());
        }
        let mut errors = Diagnostics::default();
        for it in missing {
            if done.contains(&it) {
                continue;
            }
            match install::install(root, &it, upgrade) {
                Ok(taken) => screen.say(format!("Fetched {} {taken}", it.source)),
                Err(why) => {
                    errors.push(Diagnostic::error(format!(
                        "the module {} cannot be fetched: {why}",
                        it.source
                    )));
                }
            }
            done.push(it);
        }
        errors.check(())?;
    }
}
