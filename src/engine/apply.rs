//! Carries a plan out: operations as soon as what they need is done, the longest path first; the
//! state saved, by one writer, as results come in. A failure stops only what depends on it.

mod change;
mod remove;
mod settle;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::sync::Notify;
use tokio::time::{Instant, interval_at};

use crate::address::{Key, Mode, ResourceAddr};
use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::event::{self, Event, Sink};
use crate::graph::Graph;
use crate::kind;
use crate::lang::Value;
use crate::plan::scope::{Instance, Scope};
use crate::plan::{Action, Change, Plan, PlanMode, expand};
use crate::schema::conform;
use crate::state::{Output, State};

use super::journal::Journal;
use super::operations::{self, Operation, Step};
use super::providers::Providers;
use super::wait::Waits;

pub use settle::duration;

/// How often a long operation gives a sign of life.
const STILL: Duration = Duration::from_secs(10);

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
    pub parallelism: usize,
    /// The tokens of all creates.
    pub journal: &'a Journal,
    /// What an earlier apply may have created without saying so.
    pub earlier: &'a Journal,
    /// Set by the first interrupt: nothing new is started.
    pub stop: &'a Cell<bool>,
}

/// What came of it.
pub struct Outcome {
    pub state: State,
    pub added: usize,
    pub changed: usize,
    pub destroyed: usize,
    /// Operations that never started: because something they need failed, or after an interrupt.
    pub skipped: usize,
    pub errors: Diagnostics,
}

struct Apply<'a> {
    request: &'a Request<'a>,
    scope: Scope<'a>,
    providers: &'a Providers<'a>,
    state: RefCell<State>,
    waits: Waits,
    sink: Sink<'a>,
    dirty: Notify,
    finished: Cell<bool>,
    instances: RefCell<HashMap<ResourceAddr, Rc<Vec<Instance>>>>,
    /// Where replacements that create first have put the old object: change → deposed key.
    deposed: RefCell<HashMap<usize, String>>,
}

/// Applies the plan. The state is saved on the way and at the end, whatever happens.
pub async fn apply(
    request: &Request<'_>,
    providers: &Providers<'_>,
    keeper: &dyn Keeper,
    sink: Sink<'_>,
) -> Outcome {
    let mut outcome = Outcome {
        state: request.plan.state.clone(),
        added: 0,
        changed: 0,
        destroyed: 0,
        skipped: 0,
        errors: Diagnostics::default(),
    };
    let operations = match operations::of(request.plan) {
        Ok(it) => it,
        Err(text) => {
            outcome.errors.push(Diagnostic::error(text));
            return outcome;
        }
    };
    let run = Apply {
        request,
        scope: Scope::new(request.config, request.variables, &request.plan.env).at(&request.plan.timestamp, true),
        providers,
        state: RefCell::new(request.plan.state.clone()),
        waits: Waits::default(),
        sink,
        dirty: Notify::new(),
        finished: Cell::new(false),
        instances: RefCell::default(),
        deposed: RefCell::default(),
    };
    run.fill_scope();
    let work = async {
        run.execute(&operations, &mut outcome).await;
        run.finished.set(true);
        run.dirty.notify_one();
    };
    // A save is never cut off: what it wrote is what the next one has to follow.
    let ((), unsaved) = futures::join!(work, run.write(keeper));
    run.outputs(&mut outcome.errors);
    outcome.state = run.state.into_inner();
    if let Err(errors) = keeper.save(&outcome.state).await {
        outcome.errors.extend(unsaved.into_iter().flatten());
        outcome.errors.extend(errors);
    }
    outcome
}

impl Apply<'_> {
    /// What the plan leaves alone is known from the start.
    fn fill_scope(&self) {
        let plan = self.request.plan;
        let moving = plan.changes.iter().filter(|it| it.action != Action::NoOp);
        let moving: BTreeSet<(&ResourceAddr, &Key)> =
            moving.map(|it| (&it.addr.resource, &it.addr.key)).collect();
        for addr in self.request.config.resources.keys() {
            self.scope.begin(addr);
            let Some(held) = plan.state.resources.get(addr) else { continue };
            let block = match addr.mode {
                Mode::Managed => kind::resource(&addr.kind).map(|it| &it.schema().block),
                Mode::Data => kind::data(&addr.kind).map(|it| &it.schema().block),
            };
            for (key, instance) in &held.instances {
                if let (Some(object), Some(block)) = (&instance.current, block)
                    && !moving.contains(&(addr, key))
                {
                    self.scope.set(addr, key, conform::from_state(&object.attributes, block));
                }
            }
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
        let mut started = 0;
        loop {
            while running.len() < self.request.parallelism.max(1) && !self.request.stop.get() {
                let Some((_, at)) = ready.pop_last() else { break };
                running.push(self.operate(at, &all[at]));
                started += 1;
            }
            let Some((at, result)) = running.next().await else { break };
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
    }

    async fn operate(&self, at: usize, operation: &Operation) -> (usize, Result<(), Diagnostics>) {
        let change = &self.request.plan.changes[operation.change];
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
            step.id = change.before.get("id").and_then(Value::as_str).map(str::to_owned);
        }
        let started = Instant::now();
        (self.sink)(Event::Started(step.clone()));
        let work = self.step(operation, change);
        tokio::pin!(work);
        let mut still = interval_at(started + STILL, STILL);
        let result = loop {
            tokio::select! {
                result = &mut work => break result,
                _ = still.tick() => (self.sink)(Event::Still { step: step.clone(), elapsed: started.elapsed() }),
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
        match operation.step {
            Step::Create => self.create(operation.change, change).await,
            Step::Update => self.update(change).await,
            Step::Read => self.read_data(change).await.map(|()| None),
            Step::Delete => self.delete(operation.change, change).await.map(|()| None),
            Step::Forget => {
                self.state.borrow_mut().set(&change.addr, &change.provider, None);
                self.dirty.notify_one();
                Ok(None)
            }
        }
    }

    /// Saves whenever something has changed, until the work is finished. Where that fails, nothing new
    /// may start: what is in flight gets finished.
    async fn write(&self, keeper: &dyn Keeper) -> Option<Diagnostics> {
        loop {
            self.dirty.notified().await;
            if self.finished.get() {
                return None;
            }
            let snapshot = self.state.borrow().clone();
            if let Err(errors) = keeper.save(&snapshot).await {
                self.request.stop.set(true);
                return Some(errors);
            }
        }
    }

    fn instances(&self, addr: &ResourceAddr) -> Result<Rc<Vec<Instance>>, Diagnostics> {
        if let Some(it) = self.instances.borrow().get(addr) {
            return Ok(it.clone());
        }
        let Some(resource) = self.request.config.resources.get(addr) else { return Ok(Rc::default()) };
        let all = expand::instances(&resource.repeat, &self.scope, false)?.unwrap_or_default();
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
            let value = match output.value.eval(&self.scope) {
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
