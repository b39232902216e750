use std::process::ExitCode;

use super::state::store::{Backup, Editing, Kept, Store};
use super::{Global, Outcome};
use crate::address::{self, Addr, Mode};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;
use crate::state::{State, edit};

/// Mark something as broken: the next apply replaces it.
///
/// `infra apply --replace ADDRESS` does the same in one step, and shows what it means first.
#[derive(clap::Args)]
pub struct Taint {
    #[command(flatten)]
    common: Common,
}

/// Take away the mark that a taint or a failed create has left.
#[derive(clap::Args)]
pub struct Untaint {
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args)]
struct Common {
    /// One instance of a resource, as `infra state list` names it.
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// Succeed where the state holds nothing at the address.
    #[arg(long)]
    allow_missing: bool,
    #[command(flatten)]
    editing: Editing,
}

pub async fn taint(command: &Taint, global: &Global, screen: &Screen) -> Outcome {
    let change = |state: &mut State, addr: &Addr| {
        Ok(match edit::taint(state, addr)? {
            true => format!("{addr} is tainted: the next apply replaces it."),
            false => format!("{addr} was tainted already."),
        })
    };
    run(&command.common, "taint", change, global, screen).await
}

pub async fn untaint(command: &Untaint, global: &Global, screen: &Screen) -> Outcome {
    let change = |state: &mut State, addr: &Addr| {
        edit::untaint(state, addr)?;
        Ok(format!("{addr} is tainted no more."))
    };
    run(&command.common, "untaint", change, global, screen).await
}

/// What is to be done to a state, and what to say of it.
type Change = fn(&mut State, &Addr) -> Result<String, Diagnostic>;

async fn run(command: &Common, name: &str, change: Change, global: &Global, screen: &Screen) -> Outcome {
    let addr = address::parse_instance(&command.address).map_err(Diagnostic::error)?;
    let store = Store::open(&command.editing, name, global, screen).await?;
    let done = marked(command, &addr, change, &store, screen).await;
    let kept = store.release(done).await?;
    kept.iter().for_each(|it| it.tell(&command.editing.way_back(global), screen));
    Ok(ExitCode::SUCCESS)
}

async fn marked(
    command: &Common,
    addr: &Addr,
    change: Change,
    store: &Store,
    screen: &Screen,
) -> Result<Option<Kept>, Diagnostics> {
    let missing = addr.resource.mode == Mode::Managed && !edit::holds(&store.state, addr);
    if missing && command.allow_missing {
        let one = Diagnostic::warning(format!("the state holds nothing at `{addr}`"));
        screen.warnings(&one.detail("That is no error, because of --allow-missing.").into(), false);
        return Ok(None);
    }
    let mut state = store.state.clone();
    let told = change(&mut state, addr)?;
    let backup = match command.editing.backup() {
        Some(it) => Backup::File(Some(it)),
        None => Backup::Usual,
    };
    let kept = store.save(&state, backup).await?;
    screen.say(told);
    Ok(kept)
}
