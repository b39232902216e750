use std::path::PathBuf;
use std::process::ExitCode;

use super::layout::Layout;
use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::diag::Diagnostic;
use crate::report::Screen;

/// Show the state, or a plan that `infra plan --out` wrote.
#[derive(clap::Args)]
pub struct Command {
    /// A plan file; without it, the state.
    #[arg(value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// Print JSON, in Terraform's format.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    layout: Layout,
    #[command(flatten)]
    inputs: Inputs,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    command.layout.begin(screen);
    if let Some(path) = &command.plan {
        let saved = super::saved::read(path, global, &command.inputs).await?;
        if command.json {
            screen.show_plan_json(&saved);
        } else {
            screen.plan(&saved.plan, false);
        }
        return Ok(ExitCode::SUCCESS);
    }
    if command.layout.is_markdown() {
        let error = Diagnostic::error("--format markdown is for plans");
        return Err(error.help("name the file of one: `infra show --format markdown PLAN`").into());
    }
    let session = Session::open_with(global, &command.inputs, false).await?;
    let state = session.stored().await?;
    if command.json {
        screen.show_state_json(&state);
    } else {
        screen.show_state(&state);
    }
    Ok(ExitCode::SUCCESS)
}
