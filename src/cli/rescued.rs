//! `errored.tfstate`: what an apply leaves in the stack's folder where it cannot store the state.

use std::io::ErrorKind;
use std::path::Path;

use super::work::Locked;
use crate::address::Addr;
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;
use crate::state::backend::{ERRORED, rescued_from};
use crate::state::{Backend, Stamp, State, edit};

/// What such a file is to the stored state.
#[derive(Debug)]
pub enum Rescued {
    /// Its successor: what it says has to be stored before anything else.
    Successor(State),
    /// The stored state has gone on without it, and knows nothing of these.
    Passed(State, Vec<Addr>),
    /// Everything in it is known.
    Known,
    /// Another state's, such as that of another environment.
    Foreign,
}

/// Looks for the file, and compares.
pub async fn look(backend: &Backend, stored: Option<&State>) -> Result<Option<Rescued>, Diagnostics> {
    let bytes = match std::fs::read(Path::new(ERRORED)) {
        Ok(it) => it,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Diagnostic::error(format!("cannot read {ERRORED}: {error}")).into()),
    };
    let state = backend.decode(&bytes, ERRORED).await.map_err(|it| it.diagnostics())?;
    Ok(Some(compared(state, stored)))
}

fn compared(state: State, stored: Option<&State>) -> Rescued {
    let Some(stored) = stored else { return Rescued::Successor(state) };
    if state.lineage != stored.lineage {
        return Rescued::Foreign;
    }
    if state.serial > stored.serial {
        return Rescued::Successor(state);
    }
    let unknown = edit::unknown_to(stored, &state);
    if unknown.is_empty() { Rescued::Known } else { Rescued::Passed(state, unknown) }
}

/// Tells of such a file before a plan; an apply does not begin where the file has to be stored first.
pub async fn check(locked: &Locked, applies: bool, screen: &Screen, json: bool) -> Result<(), Diagnostics> {
    if !Path::new(ERRORED).exists() {
        return Ok(());
    }
    let backend = locked.backend();
    let found = backend.read().await.map_err(|it| it.diagnostics())?;
    let Some(rescued) = look(backend, found.as_ref().map(|it| &it.0)).await? else { return Ok(()) };
    let stamp = found.as_ref().map(|it| it.1.clone()).unwrap_or_default();
    if let Rescued::Successor(state) = &rescued
        && applies
        && follows(state, &stamp, backend)?
    {
        store(backend, state, &stamp).await?;
        let one =
            Diagnostic::warning(format!("{ERRORED} is stored now: what an earlier apply could not store"));
        let one = one.detail(format!("It is serial {} at {}.", state.serial, backend.origin()));
        screen.warnings(&one.into(), json);
        return Ok(());
    }
    let told = diagnostic(&rescued, backend, found.as_ref().map(|it| &it.1), applies);
    if told.is_error() {
        return Err(told.into());
    }
    screen.warnings(&told.into(), json);
    Ok(())
}

/// Whether it is beyond doubt the very next state of this place: it says so itself, and nothing was
/// stored since it was made.
fn follows(state: &State, stored: &Stamp, backend: &Backend) -> Result<bool, Diagnostics> {
    let bytes =
        std::fs::read(ERRORED).map_err(|it| Diagnostic::error(format!("cannot read {ERRORED}: {it}")))?;
    let here = rescued_from(&bytes).is_some_and(|it| it == backend.origin());
    Ok(here && state.serial == stored.serial + 1)
}

fn diagnostic(rescued: &Rescued, backend: &Backend, stored: Option<&Stamp>, applies: bool) -> Diagnostic {
    let origin = backend.origin();
    match rescued {
        Rescued::Successor(state) => {
            let text = format!("{ERRORED} holds what an earlier apply did and could not store");
            let one = if applies { Diagnostic::error(text) } else { Diagnostic::warning(text) };
            let now =
                stored.map_or("nothing is stored".to_owned(), |it| format!("stored is serial {}", it.serial));
            one.detail(format!(
                "It is serial {}, and {now} at {origin}. Until it is stored, plans start from an old state: what \
                 was made would be made again.",
                state.serial
            ))
            .help(format!(
                "`infra state repair` stores it; if it belongs to another environment, move {ERRORED} away"
            ))
        }
        Rescued::Passed(state, unknown) => {
            let names: Vec<String> = unknown.iter().map(ToString::to_string).collect();
            Diagnostic::warning(format!("{ERRORED} knows of things that the stored state does not"))
                .detail(format!(
                    "It is serial {}, which the state at {origin} has passed without it: {}.",
                    state.serial,
                    edit::listed(&names)
                ))
                .help("`infra state repair` takes them over")
        }
        Rescued::Known => {
            Diagnostic::warning(format!("{ERRORED} is outdated: the stored state knows all of it"))
                .help("remove it, or let `infra state repair` do so")
        }
        Rescued::Foreign => Diagnostic::warning(format!("{ERRORED} is of another state than {origin}"))
            .help("it may be of another environment: `infra state repair --env NAME` stores it there"),
    }
}

/// Stores a successor. Gives what is stored then.
pub async fn store(backend: &Backend, state: &State, over: &Stamp) -> Result<(), Diagnostics> {
    backend.write(state, over).await.map_err(|it| it.diagnostics())?;
    remove()
}

/// Removes the file, of which nothing is needed any more.
pub fn remove() -> Result<(), Diagnostics> {
    Ok(std::fs::remove_file(ERRORED)
        .map_err(|it| Diagnostic::error(format!("cannot remove {ERRORED}: {it}")))?)
}
