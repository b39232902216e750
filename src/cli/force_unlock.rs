use std::process::ExitCode;

use super::approve::approved;
use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::report::Screen;

/// Release a lock of the state that its owner can no longer release.
///
/// Examples:
///   infra force-unlock 6a0e5a3c-1f5c-4b0e-9a41-2f4d1c7d9a10
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Command {
    /// The lock's id, as the error about it shows.
    #[arg(value_name = "ID")]
    id: String,
    /// Do not ask.
    #[arg(long, visible_alias = "auto-approve")]
    force: bool,
    #[command(flatten)]
    inputs: Inputs,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let session = Session::for_state(global, &command.inputs, true).await?;
    let backend = session.backend().await?;
    let holder = backend.holder().await.map_err(|it| it.diagnostics())?;
    if let Some(it) = holder.as_ref().filter(|it| it.id == command.id) {
        screen.say(format!("{}\n", it.story()));
    }
    let question = "Release the lock? Whoever holds it may still be at work.";
    if holder.is_some() && !command.force && !approved(&command.inputs, question, "pass --force")? {
        screen.cancelled();
        return Ok(ExitCode::FAILURE);
    }
    backend.force_unlock(&command.id).await.map_err(|it| it.diagnostics())?;
    screen.say("The lock is released.");
    Ok(ExitCode::SUCCESS)
}
