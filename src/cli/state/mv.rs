use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use super::store::{self, Backup, Editing, Kept, Store, WayBack};
use crate::address;
use crate::cli::session::addresses;
use crate::cli::{Global, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;
use crate::state::State;
use crate::state::edit::{self, Step};

/// Give something in the state another address, or move it into another state file.
///
/// Nothing happens at AWS: after the move the state says of a thing that another block describes it.
/// A `moved` block in the stack does the same for every environment, and shows in the plan.
#[derive(clap::Args)]
pub struct Command {
    /// What to move: an instance, a resource with all its instances, or a module.
    #[arg(value_name = "SOURCE")]
    from: String,
    /// Its new address.
    #[arg(value_name = "DESTINATION")]
    to: String,
    /// Only say what would be moved.
    #[arg(long)]
    dry_run: bool,
    /// Move it into this state file.
    #[arg(long, value_name = "FILE")]
    state_out: Option<PathBuf>,
    /// Keep the other file as it was before in this one.
    #[arg(long, value_name = "FILE", requires = "state_out")]
    backup_out: Option<PathBuf>,
    #[command(flatten)]
    editing: Editing,
}

pub async fn run(command: &Command, global: &Global, screen: &Screen) -> Outcome {
    let store = Store::open(&command.editing, "state-mv", global, screen).await?;
    let back = command.editing.way_back(global);
    let done = match &command.state_out {
        Some(path) => across(command, path, &store, &back, screen).await,
        None => within(command, &store, &back, screen).await,
    };
    store.release(done).await?;
    Ok(ExitCode::SUCCESS)
}

/// Inside one state.
async fn within(
    command: &Command,
    store: &Store,
    back: &WayBack,
    screen: &Screen,
) -> Result<(), Diagnostics> {
    store.must_exist()?;
    let mut state = store.state.clone();
    let steps = move_them(command, &mut state, None)?;
    tell(command, &steps, screen);
    if command.dry_run {
        return Ok(());
    }
    let kept = store.save(&state, Backup::File(command.editing.backup())).await?;
    finish(steps.len(), [(kept, back)], screen);
    Ok(())
}

/// From one state into another. That one is stored first: what dies in between is in both.
async fn across(
    command: &Command,
    path: &Path,
    store: &Store,
    back: &WayBack,
    screen: &Screen,
) -> Result<(), Diagnostics> {
    store.must_exist()?;
    let encryption = store.backend().encryption().or_clear();
    let backend = store::file(path).await?.encrypted(Rc::new(encryption));
    if backend.origin() == store.backend().origin() {
        let one = Diagnostic::error(format!("{} is the state to move from", backend.origin()));
        return Err(one.help("leave --state-out away to move inside one state").into());
    }
    let other = Store::on(backend, &command.editing.locking, "state-mv", screen).await?;
    let done = between(command, store, &other, back, screen).await;
    other.release(done).await
}

async fn between(
    command: &Command,
    store: &Store,
    other: &Store,
    back: &WayBack,
    screen: &Screen,
) -> Result<(), Diagnostics> {
    let (mut state, mut into) = (store.state.clone(), other.state.clone());
    let steps = move_them(command, &mut state, Some(&mut into))?;
    tell(command, &steps, screen);
    if command.dry_run {
        return Ok(());
    }
    let there = other.save(&into, Backup::File(command.backup_out.as_deref())).await?;
    let here = store.save(&state, Backup::File(command.editing.backup())).await?;
    let out = WayBack::Copy(command.state_out.clone().unwrap_or_default());
    finish(steps.len(), [(here, back), (there, &out)], screen);
    Ok(())
}

fn move_them(
    command: &Command,
    state: &mut State,
    into: Option<&mut State>,
) -> Result<Vec<Step>, Diagnostics> {
    let both = [command.from.clone(), command.to.clone()];
    match &addresses(&both, address::parse)?[..] {
        [from, to] => edit::mv(state, into, from, to),
        _ => Ok(Vec::new()),
    }
}

fn tell(command: &Command, steps: &[Step], screen: &Screen) {
    let prefix = if command.dry_run { "Would move" } else { "Move" };
    for it in steps {
        screen.say(format!("{prefix} {} to {}", it.from, it.to));
    }
}

fn finish<const N: usize>(count: usize, kept: [(Option<Kept>, &WayBack); N], screen: &Screen) {
    screen.say(match count {
        1 => "Moved 1 object.".to_owned(),
        many => format!("Moved {many} objects."),
    });
    for (kept, back) in kept {
        kept.iter().for_each(|it| it.tell(back, screen));
    }
}
