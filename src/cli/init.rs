use std::path::Path;
use std::process::ExitCode;

use super::approve::approved;
use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::config;
use crate::config::modules::Wanted;
use crate::diag::{Diagnostic, Diagnostics};
use crate::install;
use crate::report::Screen;
use crate::state::{Settings, bootstrap};

/// Fetch modules, check the stack, and make what its state backend needs where that is missing (after asking).
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    inputs: Inputs,
    /// Do not ask.
    #[arg(long)]
    auto_approve: bool,
    /// Look for newer versions of modules than the lock file names.
    #[arg(long)]
    upgrade: bool,
    /// Whether to write the schema of stack files for editors (.infra/stack.schema.json, and a line in stack.toml).
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    schema: bool,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    fetch_modules(command.upgrade, screen)?;
    let session = Session::open(global, &command.inputs).await?;
    screen.warnings(&session.warnings, false);
    if command.schema
        && let Err(warning) = super::schema::provide(Path::new("."), screen)
    {
        screen.warnings(&warning.into(), false);
    }
    let settings = session.backend_settings()?;
    let Settings::S3(s3) = &settings else {
        screen.say(format!("The state is kept in {}.", session.backend().await?.origin()));
        screen.initialized();
        return Ok(ExitCode::SUCCESS);
    };
    let missing = bootstrap::missing(s3).await.map_err(|it| it.diagnostics())?;
    if !missing.is_empty() {
        screen.say("The state backend lacks:");
        for it in &missing {
            screen.say(format!("  + {it}"));
        }
        let question = "Make it now?";
        if !command.auto_approve
            && !approved(&command.inputs, question, "pass --auto-approve, or make it by hand")?
        {
            screen.cancelled();
            return Ok(ExitCode::FAILURE);
        }
        bootstrap::create(s3, &missing).await.map_err(|it| it.diagnostics())?;
        screen.say("Made.");
    }
    // A state that is there must be one that we can read.
    session.stored().await?;
    screen.say(format!("The state is kept in {}.", session.backend().await?.origin()));
    screen.initialized();
    Ok(ExitCode::SUCCESS)
}

/// Fetches what the stack calls from Git; a fetched module may call others.
fn fetch_modules(upgrade: bool, screen: &Screen) -> Result<(), Diagnostics> {
    let root = Path::new(".");
    let mut done: Vec<Wanted> = Vec::new();
    loop {
        let (config, _) = config::read(root);
        let every = config.all().into_iter().flat_map(|it| &it.remote);
        let every = every.filter(|it| upgrade || !it.1).map(|it| &it.0);
        let missing: Vec<Wanted> = every.filter(|it| !done.contains(it)).cloned().collect();
        if missing.is_empty() {
            return Ok(());
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
