use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use super::{Outcome, providers};
use crate::config::modules::Wanted;
use crate::config::modules::lock::Lock;
use crate::config::{self, Config, ModuleCall};
use crate::diag::Diagnostic;
use crate::report::Screen;

/// List the modules that the stack calls, and their versions.
#[derive(clap::Args)]
pub struct Command {
    /// Print JSON, in Terraform's format.
    #[arg(long)]
    json: bool,
}

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    let (config, errors) = config::read(Path::new("."));
    errors.check(())?;
    let lock = Lock::read(Path::new(".")).map_err(Diagnostic::error)?;
    if command.json {
        let mut all = Vec::new();
        listed(&config, &lock, &mut all);
        // Terraform says null of none.
        let modules = if all.is_empty() { Json::Null } else { all.into() };
        screen.raw_line(&json!({ "format_version": "1.0", "modules": modules }).to_string());
    } else if config.modules.is_empty() {
        screen.say("The stack calls no modules.");
    } else {
        screen.say("\nModules declared by configuration:\n.");
        drawn(&config, &lock, "", screen);
        screen.say("");
    }
    Ok(ExitCode::SUCCESS)
}

/// The version that a call got: of one that asks for none, Terraform names none either.
fn version(call: &ModuleCall, lock: &Lock) -> Option<String> {
    let wanted = Wanted { source: call.source.clone(), version: Some(call.version.clone()?) };
    let reference = lock.find(&wanted)?.reference.clone()?;
    Some(reference.strip_prefix('v').map_or(reference.clone(), str::to_owned))
}

fn listed(config: &Config, lock: &Lock, out: &mut Vec<Json>) {
    for call in config.modules.values() {
        let version = version(call, lock).unwrap_or_default();
        out.push(json!({ "key": call.name, "source": call.source, "version": version }));
        listed(&call.config, lock, out);
    }
}

fn drawn(config: &Config, lock: &Lock, indent: &str, screen: &Screen) {
    let last = config.modules.len().saturating_sub(1);
    for (at, call) in config.modules.values().enumerate() {
        let (branch, below) = providers::branch(at == last);
        let version = version(call, lock).map(|it| format!(" ({it})")).unwrap_or_default();
        screen.say(format!("{indent}{branch}\"{}\"[{}]{version}", call.name, call.source));
        drawn(&call.config, lock, &format!("{indent}{below}"), screen);
    }
}
