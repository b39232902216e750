//! Planning and applying for the commands that do: lock, state, interrupts, what is told meanwhile.

mod recovery;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use sha2::{Digest, Sha256};

use super::interrupt::{self, Interrupts};
use super::plan::Options;
use super::session::Session;
use super::{Locking, Outcome, throttling};
use crate::address;
use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::apply::{self, Keeper};
use crate::engine::journal::{self, Journal};
use crate::engine::planner;
use crate::engine::providers::Providers;
use crate::engine::stop::Stop;
use crate::event::Event;
use crate::plan::file::Saved;
use crate::plan::{Plan, PlanMode};
use crate::report::{self, Screen, Tally};
use crate::state::backend::{self, Backend, Claim, Notice, Stamp};
use crate::state::lease::LEASE;
use crate::state::{Error, LockInfo, Loss, State};

/// A backend, locked where that was asked for.
pub struct Locked {
    backend: Backend,
    lock: Option<String>,
}

impl Locked {
    pub async fn take(
        session: &Session,
        locking: &Locking,
        operation: &str,
        screen: &Screen,
    ) -> Result<Locked, Diagnostics> {
        Self::on(session.backend().await?, locking, LockInfo::new(operation), screen).await
    }

    /// Locks a backend, with what the lock is to say.
    pub async fn on(
        backend: Backend,
        locking: &Locking,
        info: LockInfo,
        screen: &Screen,
    ) -> Result<Locked, Diagnostics> {
        if !locking.lock {
            return Ok(Locked { backend, lock: None });
        }
        let patience = apply::duration(&locking.lock_timeout).ok_or_else(|| {
            let text = format!("`{}` is not a length of time", locking.lock_timeout);
            Diagnostic::error(text).help("write it like 30s, 10m or 1h30m")
        })?;
        let claim = Claim::new(info, patience, lease()?);
        let mut interrupts = Interrupts::listen()?;
        let tell = |notice: Notice<'_>| match notice {
            Notice::Held(holder) => screen.waiting_for_lock(&holder.story()),
            Notice::Silent(holder) => screen.silent_lock(&holder.story()),
            Notice::TakenOver(it) => {
                screen.lock_taken_over(&it.holder.who, it.silence.as_secs(), &it.last);
            }
        };
        let taken = tokio::select! {
            taken = backend.lock(&claim, tell) => taken,
            () = interrupts.next() => {
                // It may have been taken just now; where it was not, there is nothing to release.
                if let Err(error) = backend.unlock(&claim.info.id).await {
                    tracing::debug!(%error, "no lock to release");
                }
                return Err(interrupt::before_anything());
            }
        };
        taken.map_err(|it| it.diagnostics())?;
        Ok(Locked { backend, lock: Some(claim.info.id) })
    }

    pub fn backend(&self) -> &Backend {
        &self.backend
    }

    /// Gives the lock back, whatever came of the work.
    pub async fn release<T>(self, result: Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        let Some(id) = self.lock else { return result };
        let lost = self.backend.lease().and_then(|it| it.loss());
        match (self.backend.unlock(&id).await, result) {
            // That it is lost was said already.
            (Err(Error::NotOurs(_)), Err(errors)) if lost.is_some() => Err(errors),
            (Ok(()), result) => result,
            (Err(error), Ok(_)) => Err(error.diagnostics()),
            (Err(error), Err(mut errors)) => {
                errors.extend(error.diagnostics());
                Err(errors)
            }
        }
    }

    /// Ends when the lock is lost, where it is one that can be.
    async fn lost(&self) -> Loss {
        match self.backend.lease() {
            Some(it) => it.lost().await,
            None => std::future::pending().await,
        }
    }

    async fn journal(&self) -> Result<Journal, Diagnostics> {
        let found = self.backend.read_beside(journal::SUFFIX).await.map_err(|it| it.diagnostics())?;
        match found {
            Some(bytes) => Ok(Journal::read(&bytes).map_err(Diagnostic::error)?),
            None => Ok(Journal::default()),
        }
    }

    /// Stores the journal where `before` stands.
    async fn keep(&self, journal: &Journal, before: &Journal) -> Result<(), Diagnostics> {
        let done = match (journal.creates.is_empty(), before.creates.is_empty()) {
            (true, true) => return Ok(()),
            (true, false) => self.backend.remove_beside(journal::SUFFIX).await,
            (false, _) if journal.creates == before.creates => return Ok(()),
            (false, _) => {
                let bytes = journal.to_bytes().map_err(Diagnostic::error)?;
                self.backend.write_beside(journal::SUFFIX, &bytes).await
            }
        };
        done.map_err(|it| it.diagnostics())
    }
}

/// How long a lock of ours outlives its last heartbeat: the longer, the longer others wait for one who died.
const LEASE_VARIABLE: &str = "INFRA_LOCK_LEASE";

fn lease() -> Result<Option<Duration>, Diagnostics> {
    let Some(text) = std::env::var(LEASE_VARIABLE).ok().filter(|it| !it.trim().is_empty()) else {
        return Ok(Some(LEASE));
    };
    let (least, most) = (Duration::from_secs(1), Duration::from_secs(3600));
    match apply::duration(text.trim()) {
        Some(it) if it.is_zero() => Ok(None),
        Some(it) if (least..=most).contains(&it) => Ok(Some(it)),
        _ => {
            let text = format!("{LEASE_VARIABLE} is `{text}`, which is no length of time between 1s and 1h");
            Err(Diagnostic::error(text).help("write it like 20s; 0s is a lock without a heartbeat").into())
        }
    }
}

/// A plan, and the stored state it stands on.
pub struct Planned {
    pub plan: Plan,
    stored: State,
    stamp: Stamp,
    /// Addresses at which an earlier apply has left nothing more to look for.
    settled: BTreeSet<String>,
    /// What it has left, where that was read already.
    journal: Option<Journal>,
}

/// One command's work on a stack.
pub struct Work<'a> {
    session: &'a Session,
    screen: &'a Screen,
    json: bool,
    providers: Providers<'a>,
    /// Whether plans are made to be carried out at once.
    applies: bool,
}

impl<'a> Work<'a> {
    pub fn new(session: &'a Session, screen: &'a Screen, json: bool) -> Self {
        Work { session, screen, json, providers: Providers::new(&session.config), applies: false }
    }

    /// Plans are carried out at once.
    pub fn applying(self) -> Self {
        Work { applies: true, ..self }
    }

    /// Before anything is read: whether these are accounts in which the stack may work.
    pub async fn guard(&self, request: &planner::Request<'_>) -> Result<(), Diagnostics> {
        planner::guard(request, &self.providers).await
    }

    pub async fn plan(
        &self,
        request: &planner::Request<'_>,
        locked: &Locked,
    ) -> Result<Planned, Diagnostics> {
        let mut interrupts = Interrupts::listen()?;
        tokio::select! {
            planned = self.make_plan(request, locked) => planned,
            () = interrupts.next() => Err(interrupt::before_anything()),
        }
    }

    async fn make_plan(
        &self,
        request: &planner::Request<'_>,
        locked: &Locked,
    ) -> Result<Planned, Diagnostics> {
        let found = locked.backend.read().await.map_err(|it| it.diagnostics())?;
        let (stored, stamp) = found.unwrap_or_else(|| (State::new(), Stamp::default()));
        let made = self.plan_from(request, locked, &stored).await;
        throttling::tell(&|event: Event| self.screen.event(&event, self.json));
        let made = made?;
        let mut told = self.session.warnings.clone();
        told.extend(made.warnings);
        self.screen.warnings(&told, self.json);
        Ok(Planned { plan: made.plan, stored, stamp, settled: made.settled, journal: made.journal })
    }

    /// Writes a plan file.
    pub async fn save(&self, planned: &Planned, path: &Path, locked: &Locked) -> Result<(), Diagnostics> {
        let saved = Saved {
            plan: planned.plan.clone(),
            config: digest(&self.session.config)?,
            lineage: planned.stamp.lineage.clone(),
            serial: planned.stamp.serial,
            configuration: report::configuration_json(&self.session.config, &report::registered),
        };
        super::saved::write(&saved, path, &locked.backend).await
    }

    /// A saved plan, if state and stack still are what it was made from.
    pub async fn resume(&self, saved: Saved, locked: &Locked) -> Result<Planned, Diagnostics> {
        let found = locked.backend.read().await.map_err(|it| it.diagnostics())?;
        let (stored, stamp) = found.unwrap_or_else(|| (State::new(), Stamp::default()));
        let again = "make a new plan: `infra plan --out FILE`";
        if (stamp.lineage.as_str(), stamp.serial) != (saved.lineage.as_str(), saved.serial) {
            let text = format!(
                "the plan is stale: it was made from serial {} of the state, which is at {} now",
                saved.serial, stamp.serial
            );
            return Err(Diagnostic::error(text).help(again).into());
        }
        if digest(&self.session.config)? != saved.config {
            return Err(Diagnostic::error(
                "the plan is stale: the stack files have changed since it was made",
            )
            .help(again)
            .into());
        }
        Ok(Planned { plan: saved.plan, stored, stamp, settled: BTreeSet::new(), journal: None })
    }

    pub async fn apply(&self, planned: Planned, locked: &Locked, options: &Options) -> Outcome {
        let Planned { plan, stored, stamp, settled, journal } = planned;
        let stop = Stop::under(locked.backend.lease());
        let written = match journal {
            Some(it) => it,
            None => locked.journal().await?,
        };
        // As AWS shows it: what has vanished again is looked for again.
        let earlier = written.clone().open(&plan.state).without(&settled);
        let leftover = written.leftover(&earlier);
        // The stored state calls them half made until this apply has written it.
        let half = written.unfinished(&stored, &self.session.config);
        let half: BTreeSet<String> = half.iter().map(ToString::to_string).collect();
        let journal = Journal::of(&plan, &stored, &earlier).with(&written, &leftover);
        let mut journal = journal.with(&written, &half);
        if locked.backend.encryption().state.encrypts() {
            journal = journal.sealed();
        }
        let keeper = Saver {
            backend: &locked.backend,
            stamp: RefCell::new(stamp),
            last: RefCell::new(stored),
            rescued: Cell::new(false),
            undigested: Cell::new(false),
        };
        locked.backend.prepare().await.map_err(|it| it.diagnostics())?;
        locked.keep(&journal, &written).await.map_err(interrupt::not_begun)?;
        let plan = &plan.to_carry_out();
        let request = apply::Request {
            config: &self.session.config,
            graph: &self.session.graph,
            variables: &self.session.variables,
            plan,
            parallelism: options.parallelism.map(usize::from),
            journal: &journal,
            earlier: &earlier,
            leftover: &leftover,
            stop: &stop,
        };
        let sink = |event: Event| self.screen.event(&event, self.json);
        let mut interrupts = Interrupts::listen()?;
        let mut loss = None;
        let mut outcome = {
            let run = apply::apply(&request, &self.providers, &keeper, &sink);
            tokio::pin!(run);
            loop {
                tokio::select! {
                    outcome = &mut run => break outcome,
                    lost = locked.lost(), if loss.is_none() => {
                        stop.soon();
                        self.screen.warnings(&interrupt::lock_lost(&lost).into(), self.json);
                        loss = Some(lost);
                    }
                    () = interrupts.next() => {
                        if stop.is_soon() {
                            stop.now();
                        } else {
                            stop.soon();
                            sink(Event::Stopping { under_way: stop.under_way() });
                        }
                    }
                }
            }
        };
        // What is known last is known best.
        let loss = locked.backend.lease().and_then(|it| it.loss()).or(loss);
        // Without the lock, the journal is not ours to touch: the next apply sees what it is good for.
        if outcome.saved && stop.settle().await {
            let rest = journal.clone().only(&outcome.open.union(&outcome.marked).cloned().collect());
            let rest = self.forget_strangers(rest, plan, &mut outcome.errors);
            if let Err(errors) = locked.keep(&rest, &journal).await {
                outcome.errors.extend(errors);
            }
        }
        throttling::tell(&sink);
        if let Some(lost) = loss.filter(|_| !outcome.undone.is_empty()) {
            outcome.errors.extend(interrupt::without_lock(&locked.backend.origin(), lost, &outcome.undone));
        }
        self.tell(plan, outcome, &stop, interrupts.seen())
    }

    fn tell(&self, plan: &Plan, outcome: apply::Outcome, stop: &Stop, interrupted: bool) -> Outcome {
        let mut errors = outcome.errors;
        if interrupted && !outcome.undone.is_empty() {
            errors.push(interrupt::story(stop.is_now(), &outcome.undone));
        }
        if errors.has_errors() || outcome.skipped > 0 {
            self.screen.applied_in_part(
                outcome.added,
                outcome.changed,
                outcome.destroyed,
                outcome.skipped,
                self.json,
            );
            return Err(errors);
        }
        self.screen.warnings(&errors, self.json);
        self.screen.incomplete(plan, self.json);
        self.screen.applied(
            plan.mode,
            Tally {
                added: outcome.added,
                changed: outcome.changed,
                destroyed: outcome.destroyed,
                imported: outcome.imported,
            },
            &outcome.state,
            self.json,
        );
        Ok(ExitCode::SUCCESS)
    }

    /// What the stack has no more can never be looked for: that is said once.
    fn forget_strangers(&self, journal: Journal, plan: &Plan, told: &mut Diagnostics) -> Journal {
        let ours = |addr: &str| {
            let written = |it: &address::Addr| self.session.config.resource(&it.resource).is_some();
            plan.mode != PlanMode::Destroy && address::parse_instance(addr).is_ok_and(|it| written(&it))
        };
        let (known, strange): (BTreeSet<String>, BTreeSet<String>) =
            journal.creates.keys().cloned().partition(|it| ours(it));
        for addr in strange {
            let mut one = Diagnostic::warning(
                "an apply ended while it may have been creating this, and there is nothing left to find it by",
            );
            one.address = Some(addr);
            told.push(one.help("look for it at AWS, and delete it there"));
        }
        journal.only(&known)
    }
}

/// Saves states one after the other, each over the one before.
struct Saver<'a> {
    backend: &'a Backend,
    stamp: RefCell<Stamp>,
    last: RefCell<State>,
    /// Whether a state lies in `errored.tfstate` that could not be saved.
    rescued: Cell<bool>,
    /// Whether the state is stored and its digest is not.
    undigested: Cell<bool>,
}

impl Keeper for Saver<'_> {
    fn save<'s>(&'s self, state: &'s State) -> LocalBoxFuture<'s, Result<(), Diagnostics>> {
        self.store(state).boxed_local()
    }
}

impl Saver<'_> {
    async fn store(&self, state: &State) -> Result<(), Diagnostics> {
        let mut next = state.clone();
        next.serial = self.last.borrow().serial;
        if next == *self.last.borrow() {
            if self.undigested.get() {
                self.backend.digest_again().await.map_err(|it| it.diagnostics())?;
                self.undigested.set(false);
            }
            return Ok(());
        }
        next.serial += 1;
        let over = self.stamp.borrow().clone();
        let (stamp, told) = match self.backend.write(&next, &over).await {
            Ok(stamp) => (stamp, Ok(())),
            Err(Error::Undigested { stamp, error }) => {
                let again = Error::Undigested { stamp: stamp.clone(), error };
                (*stamp, Err(again.diagnostics()))
            }
            Err(error) => {
                self.rescued.set(true);
                return Err(self.backend.rescue(Path::new("."), &next, error).into());
            }
        };
        self.undigested.set(told.is_err());
        self.stamp.replace(stamp);
        if self.rescued.take() {
            backend::forget_rescued(Path::new("."), &next).map_err(|it| outdated(&it))?;
        }
        self.last.replace(next);
        told
    }
}

fn outdated(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot remove {}, which is outdated: {error}", backend::ERRORED))
}

/// Tells one content of the files of a stack and its modules from another.
fn digest(config: &Config) -> Result<String, Diagnostics> {
    let fail = |it: std::io::Error| Diagnostic::error(format!("cannot read the stack's folder: {it}"));
    let mut paths = Vec::new();
    let folders = config.all().into_iter().map(|it| it.dir.clone());
    for folder in folders.chain([config.dir.join("env")]).filter(|it| it.is_dir()) {
        for entry in std::fs::read_dir(folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            let name = path.to_string_lossy();
            let ends = [".toml", ".tf", ".tf.json", ".tfvars", ".tfvars.json"];
            if ends.iter().any(|it| name.ends_with(it)) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.dedup();
    let mut sum = Sha256::new();
    for path in paths {
        sum.update(path.to_string_lossy().as_bytes());
        sum.update([0]);
        sum.update(std::fs::read(&path).map_err(fail)?);
        sum.update([0]);
    }
    Ok(sum.finalize().iter().map(|it| format!("{it:02x}")).collect())
}
