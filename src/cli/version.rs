use std::process::ExitCode;

use serde_json::json;

use super::Outcome;
use crate::report::Screen;

/// Print the version of infra.
#[derive(clap::Args)]
pub struct Command {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    let version = env!("CARGO_PKG_VERSION");
    if command.json {
        screen.raw_line(&json!({ "infra_version": version, "state_version": 4 }).to_string());
    } else {
        screen.say(format!("infra {version}"));
    }
    Ok(ExitCode::SUCCESS)
}
