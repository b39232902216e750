//! Ctrl-C, and the signal by which CI systems cancel.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::address::Addr;
use crate::diag::{Diagnostic, Diagnostics};
use crate::state::{Error, Loss};

/// Interrupts since this was made.
pub struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    seen: bool,
}

impl Interrupts {
    pub fn listen() -> Result<Interrupts, Diagnostics> {
        let failed = |it| Diagnostic::error(format!("cannot listen for interrupts: {it}"));
        let interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
        let terminate = signal(SignalKind::terminate()).map_err(failed)?;
        Ok(Interrupts { interrupt, terminate, seen: false })
    }

    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        self.seen = true;
    }

    /// Whether there was one.
    pub fn seen(&self) -> bool {
        self.seen
    }
}

/// For one that came before an apply began.
pub fn before_anything() -> Diagnostics {
    Diagnostic::error("interrupted: nothing was changed").into()
}

/// For an apply whose journal could not be written.
pub fn not_begun(mut errors: Diagnostics) -> Diagnostics {
    for it in &mut errors.0 {
        let text =
            "Nothing was changed: what an apply is about to make is written down before anything is sent.";
        it.detail = Some(it.detail.take().map_or(text.to_owned(), |before| format!("{before}\n{text}")));
    }
    errors
}

/// How many of what was not done are named.
const NAMED: usize = 20;

/// While an apply runs: what follows from a lock that is lost.
pub fn lock_lost(loss: &Loss) -> Diagnostic {
    let now = "nothing new is started, what is under way is finished";
    Diagnostic::warning(match loss {
        Loss::Taken(it) => format!("the lock of the state was taken over by {}: {now}", it.who),
        Loss::Gone => format!("the lock of the state was released by somebody else: {now}"),
        Loss::Silent { .. } => format!("the lock of the state cannot be renewed: {now}"),
    })
}

/// After an apply that ended early for it.
pub fn without_lock(origin: &str, loss: Loss, undone: &[Addr]) -> Diagnostics {
    let mut all = Error::Lost { origin: origin.to_owned(), loss }.diagnostics();
    for it in &mut all.0 {
        let story = it.detail.take().unwrap_or_default();
        it.detail = Some(format!("{story}\nNot done: {}", names(undone)));
    }
    all
}

fn names(undone: &[Addr]) -> String {
    let mut names: Vec<String> = undone.iter().take(NAMED).map(ToString::to_string).collect();
    if undone.len() > NAMED {
        names.push(format!("and {} more", undone.len() - NAMED));
    }
    names.join(", ")
}

/// For one that came in the middle of an apply.
pub fn story(at_once: bool, undone: &[Addr]) -> Diagnostic {
    let names = names(undone);
    if at_once {
        let one = Diagnostic::error("interrupted twice: stopped at once; what was known is saved");
        return one
            .detail(format!("Not done, or done without our knowing: {names}"))
            .help("apply again: what was being created is looked for before it is created anew");
    }
    let one =
        Diagnostic::error("interrupted: what was under way is finished and saved, the rest is not done");
    one.detail(format!("Not done: {names}")).help("apply again to go on")
}
