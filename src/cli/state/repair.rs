use std::process::ExitCode;

use crate::cli::{Global, Inputs, Locking, Outcome};
use crate::report::Screen;

/// Find out what is wrong with the stored state, and put it right after asking.
#[derive(clap::Args)]
pub struct Command {
    /// Do not ask: do what is recommended.
    #[arg(long)]
    auto_approve: bool,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    locking: Locking,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let _ = (command, global, screen);
    Ok(ExitCode::SUCCESS)
}
