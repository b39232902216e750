//! Carries a plan out: operations as soon as what they need is done, the longest path first; the
//! state saved, by one writer, as results come in. A failure stops only what depends on it.

mod barrier;
mod blocked;
mod change;
mod conclude;
mod gates;
mod make;
mod marks;
mod patience;
mod private;
mod provision;
mod remove;
mod saving;
mod settle;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{FutureExt, LocalBoxFuture};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::time::{Instant, interval_at};

use crate::address::{Addr, Key, Mode, ResourceAddr};
use crate::aws::connect::throttle::{self, Waiter};
use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::event::{self, Event, Sink};
use crate::graph::{Graph, Node};
use crate::kind;
use crate::lang::Value;
use crate::plan::checks::Subject;
use crate::plan::scope::{Instance, Scope};
use crate::plan::{Action, Change, Plan, PlanMode, expand, sensitive};
use crate::state::{Output, State};

use super::checks::{Checks, Of};
use super::journal::Journal;
use super::operations::{self, Operation, Step};
use super::providers::Providers;
use super::stop::Stop;
use super::wait::Waits;

pub use patience::duration;
pub use settle::{as_provider, provisional};

/// How often a long operation gives a sign of life.
const STILL: Duration = Duration::from_secs(10);

/// How many operations talk to AWS at the same time, unless somebody wants another number: with the few calls that
/// each has under way, more than any service answers without refusing, and fewer than the files a process may open.
const LANES: usize = 100;

/// Where the state is kept while an apply runs.
pub trait Keeper {
    /// Writes the state; called one at a time and in order.
    fn save<'a>(&'a self, state: &'a State) -> LocalBoxFuture<'a, Result<(), Diagnostics>>;
}

pub struct Request<'a> {
    pub config: &'a Config,
    pub graph: &'a Graph,
    pub variables: &'a BTreeMap<String, Value>,
    pub plan: &'a Plan,
    /// How many operations may be under way at a time, where somebody has said so. Otherwise it is [`LANES`], and
    /// those that only wait for AWS to get ready do not count.
    pub parallelism: Option<usize>,
    /// The tokens of all creates.
    pub journal: &'a Journal,
    /// What an earlier apply may have created without saying so.
    pub earlier: &'a Journal,
    /// What an earlier apply has made and may have left with its tag, [`Journal::leftover`].
    pub leftover: &'a BTreeSet<String>,
    pub stop: &'a Stop,
}

/// What came of it.
pub struct Outcome {
    pub state: State,
    pub added: usize,
    pub changed: usize,
    pub destroyed: usize,
    /// Objects that the state knows now and did not make.
    pub imported: usize,
    /// Operations that never started: because something they need failed, or after an interrupt.
    pub skipped: usize,
    /// What those, and operations that were given up, are about.
    pub undone: Vec<Addr>,
    /// Creates of which nobody knows whether they happened.
    pub open: BTreeSet<String>,
    /// What still carries the tag of its create.
    pub marked: BTreeSet<String>,
    /// Whether the state is stored as it is now.
    pub saved: bool,
    pub errors: Diagnostics,
}

/// How saving the state went.
enum Saved {
    Always,
    /// Not for a while, but in the end.
    Late(Diagnostics),
    Never(Diagnostics),
}

fn late(why: &Diagnostics) -> Diagnostic {
    let why: Vec<&str> = why.0.iter().filter_map(|it| it.detail.as_deref()).collect();
    Diagnostic::error(
        "the state could not be stored for a while, so nothing new was started; it is stored now",
    )
    .detail(why.join("\n"))
    .help("apply again to go on")
}

struct Apply<'a> {
    request: &'a Request<'a>,
    scope: Scope<'a>,
    /// What something refers to: nobody looks at the values of the rest, and they may be many.
    referred: HashSet<ResourceAddr>,
    providers: &'a Providers<'a>,
    state: RefCell<State>,
    waits: Waits,
    sink: Sink<'a>,
    dirty: saving::Saving,
    values: barrier::Values,
    instances: RefCell<HashMap<ResourceAddr, Rc<Vec<Instance>>>>,
    /// Where replacements that create first have put the old object: change → deposed key.
    deposed: RefCell<HashMap<usize, String>>,
    /// The creates that were sent, by this apply or an earlier one, and not answered.
    open: RefCell<BTreeSet<String>>,
    marked: RefCell<Vec<marks::Marked>>,
    warnings: RefCell<Diagnostics>,
    checks: Checks,
    /// What has rules that are checked again while things get known.
    gates: BTreeSet<Node>,
}

/// Applies the plan. The state is saved on the way and at the end, whatever happens.
pub async fn apply(
    request: &Request<'_>,
    providers: &Providers<'_>,
    keeper: &dyn Keeper,
    sink: Sink<'_>,
) -> Outcome {
    let mut outcome = Outcome {
        state: State::default(),
        added: 0,
        changed: 0,
        destroyed: 0,
        imported: request.plan.imported(),
        skipped: 0,
        undone: Vec::new(),
        open: request.earlier.creates.keys().cloned().collect(),
        marked: request.leftover.clone(),
        saved: false,
        errors: Diagnostics::default(),
    };
    let operations = match operations::of(request.plan, request.graph) {
        Ok(it) => it,
        Err(text) => {
            outcome.errors.push(Diagnostic::error(text));
            outcome.state = request.plan.state.clone();
            return outcome;
        }
    };
    let run = Apply {
        request,
        scope: Scope::new(request.config, request.variables, &request.plan.env)
            .at(&request.plan.timestamp, true),
        referred: request.graph.referred(),
        providers,
        state: RefCell::new(request.plan.state.clone()),
        waits: Waits::default(),
        sink,
        dirty: saving::Saving::default(),
        values: barrier::Values::default(),
        instances: RefCell::default(),
        deposed: RefCell::default(),
        open: RefCell::new(outcome.open.clone()),
        marked: RefCell::default(),
        warnings: RefCell::default(),
        checks: Checks::new(request.plan.checks.clone()),
        gates: gates::of(request.config),
    };
    run.fill_scope();
    let ended = Cell::new(false);
    let work = async {
        // What is imported exists already: the state is to know of it whatever happens next.
        if request.plan.imported() > 0 {
            run.tell_imports();
            run.dirty.notify_one();
        }
        run.execute(&operations, &mut outcome).await;
        run.pass_all(&mut outcome.errors);
        run.outputs(&mut outcome.errors);
        run.conclude(&mut outcome.errors);
        outcome.marked = run.unmark().await;
        ended.set(true);
        run.dirty.notify_one();
    };
    // The writer is never cut off in the middle of a save, and ends with one of everything.
    let ((), unsaved) = futures::join!(work, run.write(keeper, &ended));
    match unsaved {
        Saved::Never(errors) => outcome.errors.extend(errors),
        Saved::Late(why) => {
            outcome.saved = true;
            if outcome.skipped > 0 {
                outcome.errors.push(late(&why));
            }
        }
        Saved::Always => outcome.saved = true,
    }
    outcome.errors.extend(run.warnings.into_inner());
    outcome.open = run.open.into_inner();
    outcome.state = run.state.into_inner();
    outcome
}

impl Apply<'_> {
    fn tell_imports(&self) {
        for change in &self.request.plan.changes {
            let Some(id) = &change.importing else { continue };
            (self.sink)(Event::Importing { addr: change.addr.clone(), id: id.clone() });
            let attributes = if change.before.is_null() { &change.after } else { &change.before };
            let own = attributes.get("id").and_then(Value::as_str).unwrap_or(id);
            (self.sink)(Event::Imported { addr: change.addr.clone(), id: own.to_owned() });
        }
    }

    /// What the plan leaves alone is known from the start.
    fn fill_scope(&self) {
        let plan = self.request.plan;
        // What happens to an object set aside leaves the one that took its place alone.
        let moving = plan.changes.iter().filter(|it| it.action != Action::NoOp && it.deposed.is_none());
        let moving: BTreeSet<(&ResourceAddr, &Key)> =
            moving.map(|it| (&it.addr.resource, &it.addr.key)).collect();
        for (addr, held) in &plan.state.resources {
            if self.request.config.resource(addr).is_none() || !self.referred.contains(&addr.as_written()) {
                continue;
            }
            self.scope.begin(addr);
            let block = match addr.mode {
                Mode::Managed => kind::resource(&addr.kind).map(|it| &it.schema().block),
                Mode::Data => kind::data(&addr.kind).map(|it| &it.schema().block),
            };
            for (key, instance) in &held.instances {
                if let (Some(object), Some(block)) = (&instance.current, block)
                    && !moving.contains(&(addr, key))
                {
                    self.scope.set(addr, key, sensitive::of(object, block));
                }
            }
        }
    }

    /// From here on expressions see this object.
    fn known(&self, addr: &ResourceAddr, key: &Key, value: impl FnOnce() -> Value) {
        if self.referred.contains(&addr.as_written()) {
            self.scope.set(addr, key, value());
        }
    }

    async fn execute(&self, all: &[Operation], outcome: &mut Outcome) {
        let mut needs: Vec<usize> = all.iter().map(|it| it.after.len()).collect();
        let mut leaning: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
        for (at, it) in all.iter().enumerate() {
            it.after.iter().for_each(|before| leaning[*before].push(at));
        }
        let free = (0..all.len()).filter(|it| needs[*it] == 0);
        let mut ready: BTreeSet<(u32, usize)> = free.map(|it| (all[it].remaining, it)).collect();
        let mut running = FuturesUnordered::new();
        let mut undone: BTreeSet<usize> = (0..all.len()).collect();
        let mut started = 0;
        let stop = self.request.stop;
        loop {
            let room = match self.request.parallelism {
                Some(most) => running.len() < most.max(1),
                None => running.len().saturating_sub(self.waits.resting()) < LANES,
            };
            let room = room && stop.may_start();
            let begun = room.then(|| ready.pop_last()).flatten();
            if let Some((_, at)) = begun {
                running.push(self.operate(at, &all[at]));
                started += 1;
            }
            stop.count(running.len());
            // Something could start but for the lock, which has to be made sure of first.
            let unsure = !ready.is_empty() && !stop.is_soon() && !stop.may_start();
            let next = tokio::select! {
                biased;
                next = running.next(), if !unsure || !running.is_empty() => next,
                () = stop.given_up() => None,
                _ = stop.settle(), if unsure => continue,
                () = self.waits.rested(), if !room && !ready.is_empty() => continue,
                // Beginning takes some time of our own: those that began before, which matter more, are
                // not kept from going on by a crowd of others.
                () = tokio::task::yield_now(), if begun.is_some() => continue,
            };
            let Some((at, result)) = next else { break };
            undone.remove(&at);
            match result {
                Ok(()) => {
                    count(outcome, &self.request.plan.changes[all[at].change], all[at].step);
                    for next in &leaning[at] {
                        needs[*next] -= 1;
                        if needs[*next] == 0 {
                            ready.insert((all[*next].remaining, *next));
                        }
                    }
                }
                // What needs it keeps waiting for ever, and counts as skipped.
                Err(errors) => outcome.errors.extend(errors),
            }
        }
        outcome.skipped = all.len() - started;
        let changes = &self.request.plan.changes;
        outcome.undone = undone.into_iter().map(|it| changes[all[it].change].addr.clone()).collect();
        outcome.undone.dedup();
    }

    /// Does one operation and tells of it.
    async fn operate(&self, at: usize, operation: &Operation) -> (usize, Result<(), Diagnostics>) {
        let change = &self.request.plan.changes[operation.change];
        if operation.step == Step::Forget {
            return (at, self.step(operation, change).await.map(drop));
        }
        let mut step = event::Step {
            addr: change.addr.clone(),
            deposed: change.deposed.clone(),
            operation: match operation.step {
                Step::Create => event::Operation::Create,
                Step::Update => event::Operation::Update,
                Step::Read => event::Operation::Read,
                Step::Delete | Step::Forget => event::Operation::Delete,
            },
            id: None,
        };
        if operation.step != Step::Create {
            step.id = self.id_before(change);
        }
        let _running = self.waits.enter(&change.addr.resource.kind);
        let started = Instant::now();
        (self.sink)(Event::Started(step.clone()));
        let waiter = Arc::new(Waiter::default());
        let (waiting, work) = patience::watched(self.step(operation, change));
        let work = throttle::watched(waiter.clone(), work);
        tokio::pin!(work);
        let mut still = interval_at(started + STILL, STILL);
        let result = loop {
            tokio::select! {
                result = &mut work => break result,
                _ = still.tick() => {
                    let (elapsed, throttled) = (started.elapsed(), waiter.throttled());
                    let waiting = waiting.borrow().clone();
                    (self.sink)(Event::Still { step: step.clone(), elapsed, throttled, waiting });
                }
            }
        };
        let elapsed = started.elapsed();
        match &result {
            Ok(new) => {
                step.id = new.clone().or(step.id);
                (self.sink)(Event::Done { step, elapsed });
            }
            Err(_) => (self.sink)(Event::Failed { step, elapsed }),
        }
        (at, result.map(drop))
    }

    /// Does one operation; gives the id of what was made.
    async fn step(&self, operation: &Operation, change: &Change) -> Result<Option<String>, Diagnostics> {
        // Each in a box of its own size: a removal takes a fraction of what a create does, and there are many.
        match operation.step {
            Step::Create => self.create(operation.change, change).boxed_local().await,
            Step::Update => self.update(change).boxed_local().await,
            Step::Read => self.read_data(change).boxed_local().await.map(|()| None),
            Step::Delete => self.delete(operation.change, change).boxed_local().await.map(|()| None),
            Step::Forget => {
                let mut state = self.state.borrow_mut();
                match &change.deposed {
                    Some(key) => state.set_deposed(&change.addr, key, None),
                    None => state.set(&change.addr, &change.provider, None),
                }
                drop(state);
                self.dirty.notify_one();
                Ok(None)
            }
        }
    }

    /// Saves when something has changed and it is time to, and everything once all has `ended`. Where a
    /// save fails nothing new may start, as nobody would know of it; the last save may make up for it.
    async fn write(&self, keeper: &dyn Keeper, ended: &Cell<bool>) -> Saved {
        let mut failed: Option<Diagnostics> = None;
        let mut earliest = Instant::now();
        loop {
            self.dirty.due(earliest, ended).await;
            let last = ended.get();
            let began = Instant::now();
            let snapshot = self.state.borrow().clone();
            match keeper.save(&snapshot).await {
                Err(errors) if last => return Saved::Never(errors),
                Err(errors) => {
                    // Nobody may go on as if it were stored.
                    self.request.stop.soon();
                    self.dirty.fail();
                    failed = Some(errors);
                }
                Ok(()) if last => return failed.map_or(Saved::Always, Saved::Late),
                Ok(()) => self.dirty.done(),
            }
            earliest = Instant::now() + saving::pause(began.elapsed());
        }
    }

    fn instances(&self, addr: &ResourceAddr) -> Result<Rc<Vec<Instance>>, Diagnostics> {
        if let Some(it) = self.instances.borrow().get(addr) {
            return Ok(it.clone());
        }
        let Some(resource) = self.request.config.resource(addr) else { return Ok(Rc::default()) };
        let module = self.scope.module(&addr.module);
        let all = expand::instances(&resource.repeat, &module, false)?.unwrap_or_default();
        let all = Rc::new(all);
        self.instances.borrow_mut().insert(addr.clone(), all.clone());
        Ok(all)
    }

    /// Outputs as they are now; one that cannot be known because of a failure keeps its old value.
    fn outputs(&self, errors: &mut Diagnostics) {
        let mut state = self.state.borrow_mut();
        for (name, change) in &self.request.plan.outputs {
            if self.request.plan.mode == PlanMode::Destroy || change.action == Action::Delete {
                state.outputs.remove(name);
                continue;
            }
            let Some(output) = self.request.config.outputs.get(name) else { continue };
            let root = self.scope.module(&Vec::new());
            let of = Of::named(Subject::Output, &Vec::new(), "output", name);
            self.checks.again(&of, &[&output.preconditions]);
            if errors.take(self.checks.conditions(of, &output.preconditions, &root)).is_none() {
                continue;
            }
            let value = match output.value.eval(&root) {
                Ok(it) if it.wholly_known() => it,
                Ok(_) => continue,
                Err(wrong) => {
                    errors.extend(wrong);
                    continue;
                }
            };
            if value.is_null() {
                state.outputs.remove(name);
            } else {
                let it = Output { value: value.to_json(), ty: value.ty(), sensitive: output.sensitive };
                state.outputs.insert(name.clone(), it);
            }
        }
    }
}

fn count(outcome: &mut Outcome, change: &Change, step: Step) {
    match step {
        Step::Create => outcome.added += 1,
        Step::Update => outcome.changed += 1,
        Step::Delete if change.deposed.is_none() => outcome.destroyed += 1,
        _ => {}
    }
}
