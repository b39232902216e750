use std::process::ExitCode;

use super::approve::approved;
use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::report::Screen;
use crate::state::{Settings, bootstrap};

/// Check the stack, and make what its state backend needs where that is missing (after asking).
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    inputs: Inputs,
    /// Do not ask.
    #[arg(long)]
    auto_approve: bool,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let session = Session::open(global, &command.inputs).await?;
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
