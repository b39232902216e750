use std::process::ExitCode;

use super::store::Source;
use crate::address;
use crate::cli::{Global, Outcome};
use crate::diag::Diagnostic;
use crate::report::{Screen, show};
use crate::state::edit;

/// Show one instance of a resource or data source as the state has it.
#[derive(clap::Args)]
pub struct Command {
    /// The instance, as `infra state list` names it.
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// Print JSON, as `infra show --json` has it. Sensitive values are in it.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: Source,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let addr = address::parse_instance(&command.address).map_err(Diagnostic::error)?;
    let state = command.source.read(global).await?;
    let found = show::entries(&state).find(|it| it.addr == addr && it.deposed.is_none());
    let found = found.ok_or_else(|| edit::not_one(&state, &addr))?;
    screen.show_object(&found, command.json);
    Ok(ExitCode::SUCCESS)
}
