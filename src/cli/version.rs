use std::process::ExitCode;

use serde_json::json;

use super::Outcome;
use crate::report::Screen;
use crate::state::TERRAFORM_VERSION;

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
        let out = json!({
            "infra_version": version,
            "state_version": 4,
            "terraform_version": TERRAFORM_VERSION,
            "platform": platform(),
            "provider_selections": {},
            "terraform_outdated": false,
        });
        screen.raw_line(&format!("{out:#}"));
    } else {
        screen.say(format!("infra {version}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// As Terraform names it: `linux_amd64`.
fn platform() -> String {
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    format!("{system}_{machine}")
}
