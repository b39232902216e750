use std::process::ExitCode;

use super::store::Source;
use crate::cli::{Global, Outcome};
use crate::report::Screen;
use crate::state::file;

/// Print the state as it is stored. Sensitive values are in it.
#[derive(clap::Args)]
pub struct Command {
    #[command(flatten)]
    source: Source,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let found = command.source.backend(global).await?.read().await.map_err(|it| it.diagnostics())?;
    if let Some((state, _)) = found {
        screen.raw_text(&String::from_utf8_lossy(&file::to_bytes(&state)));
    }
    Ok(ExitCode::SUCCESS)
}
