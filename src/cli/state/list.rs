use std::process::ExitCode;

use indexmap::IndexSet;

use super::store::Source;
use crate::address::{self, Addr};
use crate::cli::session::addresses;
use crate::cli::{Global, Outcome};
use crate::diag::Diagnostics;
use crate::report::Screen;
use crate::state::{State, edit};

/// List the addresses of everything in the state, or of what the given addresses cover.
#[derive(clap::Args)]
pub struct Command {
    /// Modules, resources or instances.
    #[arg(value_name = "ADDRESS")]
    only: Vec<String>,
    /// Only what has this id.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    source: Source,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let state = command.source.read(global).await?;
    for addr in chosen(&state, &command.only)? {
        let id = state.object(&addr).and_then(|it| it.attributes.text("id"));
        if command.id.is_none() || command.id == id {
            screen.raw_line(&addr.to_string());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the addresses cover, one address after the other and each instance once; everything where there
/// are none.
fn chosen(state: &State, only: &[String]) -> Result<IndexSet<Addr>, Diagnostics> {
    let targets = addresses(only, address::parse)?;
    if targets.is_empty() {
        return Ok(edit::all(state).into_iter().collect());
    }
    let mut errors = Diagnostics::default();
    let mut out = IndexSet::new();
    for target in &targets {
        let covered = edit::covered(state, target);
        if covered.is_empty() {
            errors.push(edit::nothing_at(state, target));
        }
        out.extend(covered);
    }
    errors.check(out)
}
