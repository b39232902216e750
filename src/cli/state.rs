use std::process::ExitCode;

use super::session::Session;
use super::{Global, Inputs, Outcome};
use crate::address::{self, Addr};
use crate::diag::Diagnostic;
use crate::report::Screen;
use crate::state::State;

/// Look into the state.
#[derive(clap::Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// List the addresses of everything in the state, or of what the given addresses cover.
    List {
        #[arg(value_name = "ADDRESS")]
        only: Vec<String>,
        #[command(flatten)]
        inputs: Inputs,
    },
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let What::List { only, inputs } = &command.what;
    let session = Session::open_with(global, inputs, false).await?;
    let state = session.stored().await?;
    let targets = super::session::addresses(only, address::parse)?;
    for target in &targets {
        if !addresses(&state).any(|it| target.covers(&it)) {
            let one = Diagnostic::error(format!("the state holds nothing at `{target}`"));
            return Err(one.help("`infra state list` shows all of it").into());
        }
    }
    for addr in addresses(&state) {
        if targets.is_empty() || targets.iter().any(|it| it.covers(&addr)) {
            screen.raw_line(&addr.to_string());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn addresses(state: &State) -> impl Iterator<Item = Addr> {
    state
        .resources
        .iter()
        .flat_map(|(resource, it)| it.instances.keys().map(|key| resource.instance(key.clone())))
}
