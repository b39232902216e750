//! The plan: refresh, then every node of the graph in order. Data sources that can be read are read
//! on the way, all that are ready at the same time together.

mod accounts;
mod contributing;
pub mod data;
mod imports;
pub mod instance;
mod left;
mod moving;
mod named;
mod orphans;
mod outputs;
mod protection;
mod refreshed;
mod relevant;
mod remember;
pub mod removed;
mod spread;
mod targets;
mod triggers;
mod unsettled;
pub mod unwritten;
pub mod variables;
mod waiting;
mod walk;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::address::{Addr, Mode, ResourceAddr};
use crate::config::{Config, Repeat, Resource};
use crate::diag::Diagnostics;
use crate::event::{Event, Sink};
use crate::graph::Graph;
use crate::kind;
use crate::lang::{Env, Value};
use crate::plan::globs::Pattern;
use crate::plan::scope::{Instance, Scope, Within, now};
use crate::plan::{Action, Change, OutputChange, Plan, PlanMode, checks, expand, moves};
use crate::schema::Block;
use crate::state::State;

use super::checks::Checks;
use super::held;
use super::providers::{Providers, Terms};
use super::provision;
use super::refresh;
pub use accounts::guard;
use remember::annotate;
use targets::{Included, included, left_out};

/// What to plan.
pub struct Request<'a> {
    pub config: &'a Config,
    pub graph: &'a Graph,
    pub variables: &'a BTreeMap<String, Value>,
    pub env: &'a str,
    pub mode: PlanMode,
    pub refresh: bool,
    /// What the plan is to be about, with what that depends on; everything where there is none.
    pub targets: Vec<Pattern>,
    /// What the plan leaves out, with what depends on that.
    pub excludes: Vec<Pattern>,
    /// Instances to replace although nothing calls for it.
    pub replace: Vec<Addr>,
    /// For validation alone: what is repeated is looked at once, whatever `count` and `for_each` say
    /// with the values of now, and modules whatever they are passed.
    pub once: bool,
    /// Filled where no plan can be made because repetitions are not known: what to apply first.
    pub first: RefCell<Vec<ResourceAddr>>,
}

/// How far the planner may go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// `validate`: nothing is asked of AWS, what it would say is unknown.
    Offline,
    Aws,
}

struct Planner<'a> {
    request: &'a Request<'a>,
    scope: Scope<'a>,
    providers: &'a Providers<'a>,
    reach: Reach,
    /// Refreshed.
    state: State,
    included: Option<Included>,
    changes: Vec<Change>,
    /// What will change, for data sources that depend on it and for `replace_triggered_by`: by
    /// address without keys.
    pending: BTreeMap<ResourceAddr, Vec<usize>>,
    /// Without keys.
    forced: BTreeSet<ResourceAddr>,
    /// Instances that are left out of resources of which others are planned.
    spared: BTreeSet<Addr>,
    /// Resources that are left out as a whole.
    left: BTreeSet<ResourceAddr>,
    /// The data source instances that the configuration has.
    asked: BTreeSet<Addr>,
    /// New address → the one so far.
    moved: BTreeMap<Addr, Addr>,
    /// What this plan imports.
    imported: BTreeMap<Addr, super::import::Wanted>,
    outputs: BTreeMap<String, OutputChange>,
    checks: Checks,
    errors: Diagnostics,
    timestamp: String,
}

/// Checks everything that can be checked without AWS.
pub async fn validate(request: &Request<'_>, providers: &Providers<'_>) -> Diagnostics {
    let mut planner = Planner::new(request, providers, State::new(), Reach::Offline);
    if request.once {
        planner.scope = planner.scope.whatever();
    }
    planner.errors.extend(moves::check::all(request.config));
    planner.errors.extend(imports::check(request.config));
    planner.walk().await;
    planner.errors
}

/// Makes the plan, and gives warnings besides.
pub async fn plan(
    request: &Request<'_>,
    providers: &Providers<'_>,
    stored: &State,
    sink: Sink<'_>,
) -> Result<(Plan, Diagnostics), Diagnostics> {
    let before = stored;
    let mut stored = stored.clone();
    imports::check(request.config).check(())?;
    let moved = moving::moved(request, &mut stored)?;
    named::unknown(request, [before, &stored]).check(())?;
    let included = included(request, &stored);
    let out = |addr: &Addr| included.as_ref().is_some_and(|it| !it.covers(addr));
    held::check(request.config, &stored, out).check(())?;
    let warning = match request.mode {
        PlanMode::Destroy => held::refusal(&stored, out).map_or(Ok(None), |it| Err(Diagnostics::from(it)))?,
        _ => held::warning(&stored, out),
    };
    accounts::guarded(request, providers, &stored, included.as_ref()).await?;
    let stored = &stored;
    let fresh = if request.refresh {
        let covered = |addr: &Addr| !out(addr);
        let ours = |addr: &Addr| covered(addr) && !held::is_held(stored, &addr.resource);
        let things: Vec<_> = stored.managed().filter(|it| ours(&it.0)).map(refresh::thing).collect();
        if !things.is_empty() {
            sink(Event::Refreshing { things: things.clone() });
        }
        let started = std::time::Instant::now();
        let scope = Scope::new(request.config, request.variables, request.env);
        let fresh = refresh::refresh(stored, providers, &scope, covered).await?;
        if !things.is_empty() {
            sink(Event::Refreshed { things, elapsed: started.elapsed() });
        }
        fresh
    } else {
        stored.clone()
    };
    let mut drift = relevant::drift(stored, &fresh);
    if request.mode == PlanMode::RefreshOnly {
        moving::drift(&mut drift, &moved, &fresh);
    }
    let mut planner = Planner::new(request, providers, fresh, Reach::Aws);
    planner.scope = Scope::new(request.config, request.variables, request.env).at(&planner.timestamp, false);
    planner.included = included;
    planner.errors.extend(warning);
    planner.errors.extend(moves::check::unresolved(&moved));
    planner.moved = moved.from;
    match request.mode {
        PlanMode::Normal => planner.walk().await,
        PlanMode::Destroy => planner.destroy(),
        PlanMode::RefreshOnly => planner.refreshed().await,
    }
    planner.errors.extend(held::undermined(stored, &planner.changes));
    let (mut plan, told) = planner.finish(drift)?;
    held::as_found(stored, &mut plan.state, &mut plan.changes);
    Ok((plan, told))
}

impl<'a> Planner<'a> {
    fn new(request: &'a Request<'a>, providers: &'a Providers<'a>, state: State, reach: Reach) -> Self {
        let forced = spread::create_before_destroy(request.config, request.graph, &state);
        Planner {
            request,
            scope: Scope::new(request.config, request.variables, request.env),
            providers,
            reach,
            state,
            included: None,
            changes: Vec::new(),
            pending: BTreeMap::new(),
            forced,
            spared: BTreeSet::new(),
            left: BTreeSet::new(),
            asked: BTreeSet::new(),
            moved: BTreeMap::new(),
            imported: BTreeMap::new(),
            checks: Checks::new(checks::declared(request.config)),
            outputs: BTreeMap::new(),
            errors: Diagnostics::default(),
            timestamp: now(),
        }
    }

    async fn resource(&mut self, resource: &Resource) {
        let paths = self.scope.instances_of(&resource.addr.module);
        let addrs = paths.iter().map(|it| resource.addr.clone().within(it));
        let looks = self.request.mode == PlanMode::RefreshOnly;
        let (left, mut planned): (Vec<_>, Vec<_>) = addrs.partition(|it| looks || self.skipped(it));
        left.iter().for_each(|it| if looks { self.as_it_is(resource, it) } else { self.keep(it) });
        if planned.is_empty() {
            return;
        }
        let terms = match self.terms(resource).await {
            Some(it) => it,
            None => return planned.drain(..).for_each(|it| self.scope.obscure(&it)),
        };
        if self.request.mode == PlanMode::Normal {
            self.import(resource).await;
        }
        let from = self.changes.len();
        for addr in planned {
            self.plan_resource(resource, &addr, &terms);
        }
        self.note_pending(&resource.addr, from);
    }

    /// Those of its provider configuration; `None` where that cannot be used.
    async fn terms(&mut self, resource: &Resource) -> Option<Terms> {
        match self.reach {
            Reach::Offline => Some(Default::default()),
            Reach::Aws => {
                let provider = self.request.config.provider_of(resource);
                let provider = self.providers.get(&provider, &self.scope).await;
                self.errors.take(provider).map(|it| it.terms())
            }
        }
    }

    /// All instances of a resource in one instance of its module.
    fn plan_resource(&mut self, resource: &Resource, addr: &ResourceAddr, terms: &Terms) {
        let Some(kind) = kind::resource(&addr.kind) else { return };
        let module = self.scope.module(&addr.module);
        if self.reach == Reach::Offline && !resource.provisioners.is_empty() {
            let within = Within::unknown(self.scope.module(&addr.module));
            self.errors.take(provision::check(resource, &kind.schema().block, within));
        }
        let instances = self.instances(resource, &module);
        let Some(instances) = self.errors.take(instances) else {
            return self.scope.obscure(addr);
        };
        let Some(instances) = instances else {
            let planned = instance::body(resource, &kind.schema().block, &Within::unknown(module));
            self.errors.take(planned);
            return self.scope.obscure(addr);
        };
        let mut changes = Vec::new();
        let mut spared = Vec::new();
        for it in &instances {
            let own = addr.instance(it.key.clone());
            if self.skips(&own) {
                spared.push((it.key.clone(), self.spare(&own, &kind.schema().block)));
                continue;
            }
            let within = Within::new(self.scope.module(&addr.module), it);
            let planned = self.plan_instance(resource, kind, addr.instance(it.key.clone()), &within, terms);
            changes.push((it.key.clone(), self.errors.take(planned)));
        }
        self.scope.begin(addr);
        spared.into_iter().for_each(|(key, value)| self.scope.set(addr, &key, value));
        for (key, change) in changes {
            let visible = match &change {
                Some(it) => it.after.clone(),
                None => Value::unknown(kind.schema().block.ty()),
            };
            self.scope.set(addr, &key, visible);
            self.changes.extend(change);
        }
    }

    /// The instances a resource is to have; `None` where that is not known, or not to be looked at.
    fn instances(&self, of: &Resource, env: &dyn Env) -> Result<Option<Vec<Instance>>, Diagnostics> {
        let all = expand::instances(&of.repeat, env, self.reach == Reach::Offline)?;
        Ok(all.filter(|_| !self.request.once || matches!(of.repeat, Repeat::Once)))
    }

    /// The changes from `from` on are all of this resource.
    fn note_pending(&mut self, addr: &ResourceAddr, from: usize) {
        let mine = self.changes.iter().enumerate().skip(from);
        let moving: Vec<usize> = mine.filter(|it| it.1.action != Action::NoOp).map(|it| it.0).collect();
        if !moving.is_empty() {
            self.pending.entry(addr.clone()).or_default().extend(moving);
        }
    }

    fn finish(mut self, drift: Vec<Change>) -> Result<(Plan, Diagnostics), Diagnostics> {
        if self.request.mode == PlanMode::Normal {
            self.errors.extend(moving::still_there(self.request.config, &self.changes));
        }
        if !self.errors.has_errors() {
            self.errors.extend(self.unmatched());
        }
        if self.errors.has_errors() {
            let mut errors = std::mem::take(&mut self.errors);
            self.request.first.replace(self.first(&mut errors));
            return Err(errors);
        }
        let mut changes = self.changes;
        data::drop_checks_reads(&mut changes);
        let (drift, more_drift) = match self.request.mode {
            PlanMode::RefreshOnly => (drift, Vec::new()),
            _ => relevant::split(drift, &changes, self.request.config, self.request.graph),
        };
        let included = self.included.as_ref();
        let left_out = included.map(|it| left_out(it, self.request, &self.state, &self.spared));
        let given = contributing::given(self.request, &self.scope, |it| {
            self.included.as_ref().is_none_or(|all| all.enters(it, self.request.config))
        });
        let relevant = contributing::attributes(self.request, &changes, &self.outputs, given);
        let mut state = self.state;
        annotate(&mut state, &changes, self.request.config);
        changes.sort_by(|a, b| (&a.addr, &a.deposed).cmp(&(&b.addr, &b.deposed)));
        let plan = Plan {
            mode: self.request.mode,
            stack: self.request.config.stack.name.clone().unwrap_or_default(),
            env: self.request.env.to_owned(),
            variables: self.request.variables.clone(),
            state,
            changes,
            drift,
            more_drift,
            relevant,
            outputs: self.outputs,
            checks: self.checks.into_results(),
            timestamp: self.timestamp,
            targets: texts(&self.request.targets),
            excludes: texts(&self.request.excludes),
            left_out: left_out.unwrap_or_default(),
        };
        Ok((plan, self.errors))
    }
}

fn texts(patterns: &[Pattern]) -> Vec<String> {
    patterns.iter().map(ToString::to_string).collect()
}

fn block_of(addr: &ResourceAddr) -> Option<&'static Block> {
    let name = &addr.kind;
    match addr.mode {
        Mode::Managed => kind::resource(name).map(|it| &it.schema().block),
        Mode::Data => kind::data(name).map(|it| &it.schema().block),
    }
}
