use std::process::ExitCode;

use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::diag::Diagnostics;
use crate::report::Screen;

/// Check the stack files, without asking AWS anything.
///
/// Names, types, references, what a resource type takes, modules: everything that is wrong is told at
/// once, each with its line. Variables need no values for it.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    inputs: Inputs,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let checked = Session::open_with(global, &command.inputs, false).await;
    if command.json {
        let found: &Diagnostics = checked.as_ref().map_or_else(|it| it, |it| &it.warnings);
        screen.validation_json(found);
        return Ok(if checked.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    screen.warnings(&checked?.warnings, false);
    screen.valid();
    Ok(ExitCode::SUCCESS)
}
