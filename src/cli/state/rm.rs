use std::collections::BTreeSet;
use std::process::ExitCode;

use super::store::{Backup, Editing, Store, WayBack};
use crate::address::{self, Addr, Target};
use crate::cli::session::addresses;
use crate::cli::{Global, Outcome};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::report::Screen;
use crate::state::{State, edit};

/// Forget something: take it out of the state and leave it at AWS as it is.
///
/// A module stands for everything in it, a resource for all its instances. A `removed` block in the
/// stack does the same for every environment, and shows in the plan.
#[derive(clap::Args)]
pub struct Command {
    /// Modules, resources or instances.
    #[arg(value_name = "ADDRESS", required = true)]
    addresses: Vec<String>,
    /// Only say what would be forgotten.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    editing: Editing,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let targets = addresses(&command.addresses, address::parse)?;
    let store = Store::open(&command.editing, "state-rm", global, screen).await?;
    let done = remove(command, &targets, &store, &command.editing.way_back(global), screen).await;
    store.release(done).await?;
    Ok(ExitCode::SUCCESS)
}

async fn remove(
    command: &Command,
    targets: &[Target],
    store: &Store,
    back: &WayBack,
    screen: &Screen,
) -> Result<(), Diagnostics> {
    store.must_exist()?;
    let all = found(&store.state, targets, screen)?;
    let prefix = if command.dry_run { "Would forget" } else { "Forget" };
    let mut state = store.state.clone();
    for addr in &all {
        screen.say(format!("{prefix} {addr}"));
        edit::forget(&mut state, addr);
    }
    if command.dry_run {
        return Ok(());
    }
    let kept = store.save(&state, Backup::File(command.editing.backup())).await?;
    screen.say(match all.len() {
        1 => "1 instance is forgotten; it stays at AWS.".to_owned(),
        many => format!("{many} instances are forgotten; they stay at AWS."),
    });
    kept.iter().for_each(|it| it.tell(back, screen));
    Ok(())
}

/// What the addresses cover. As with Terraform it is enough if one of them covers anything; of the
/// others we tell.
fn found(state: &State, targets: &[Target], screen: &Screen) -> Result<BTreeSet<Addr>, Diagnostics> {
    let mut out = BTreeSet::new();
    let mut missing = Diagnostics::default();
    for target in targets {
        let covered = edit::covered(state, target);
        if covered.is_empty() {
            missing.push(edit::nothing_at(state, target));
        }
        out.extend(covered);
    }
    if out.is_empty() {
        return Err(missing);
    }
    let warnings = missing.into_iter().map(|it| Diagnostic { severity: Severity::Warning, ..it });
    screen.warnings(&Diagnostics(warnings.collect()), false);
    Ok(out)
}
