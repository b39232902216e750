use std::process::ExitCode;

use super::{Outcome, init};
use crate::report::Screen;

/// Fetch the modules that the stack calls from Git.
///
/// `infra init` does this too, and more: this alone asks neither AWS nor you.
#[derive(clap::Args)]
pub struct Command {
    /// Look for newer versions of modules than the lock file names.
    #[arg(long, visible_alias = "upgrade")]
    update: bool,
}

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    if init::fetch_modules(command.update, screen)? == 0 {
        screen.say("There is nothing to fetch: every module that the stack calls is here.");
    }
    Ok(ExitCode::SUCCESS)
}
