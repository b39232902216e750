//! The plan: refresh, then every node of the graph in order. Data sources that can be read are read
//! on the way, all that are ready at the same time together.

pub mod data;
pub mod instance;
mod orphans;
mod relevant;
mod spread;

use std::collections::{BTreeMap, BTreeSet};

use crate::address::{Addr, Mode, ResourceAddr, Target};
use crate::config::{Config, ProviderName, Resource};
use crate::diag::{Diagnostic, Diagnostics};
use crate::event::{Event, Sink};
use crate::graph::{Graph, Node};
use crate::kind;
use crate::lang::Value;
use crate::plan::scope::{Scope, Within, now};
use crate::plan::{Action, Change, OutputChange, Plan, PlanMode, diff, expand, moves};
use crate::schema::conform;
use crate::state::State;

use super::providers::Providers;
use super::provision;
use super::refresh;

/// What to plan.
pub struct Request<'a> {
    pub config: &'a Config,
    pub graph: &'a Graph,
    pub variables: &'a BTreeMap<String, Value>,
    pub env: &'a str,
    pub mode: PlanMode,
    pub refresh: bool,
    pub targets: Vec<Target>,
    /// Instances to replace although nothing calls for it.
    pub replace: Vec<Addr>,
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
    included: Option<BTreeSet<ResourceAddr>>,
    changes: Vec<Change>,
    /// What will change, for data sources that depend on it and for `replace_triggered_by`.
    pending: BTreeMap<ResourceAddr, Vec<usize>>,
    forced: BTreeSet<ResourceAddr>,
    /// New address → the one so far.
    moved: BTreeMap<Addr, Addr>,
    outputs: BTreeMap<String, OutputChange>,
    errors: Diagnostics,
    timestamp: String,
}

/// Checks everything that can be checked without AWS.
pub async fn validate(request: &Request<'_>, providers: &Providers<'_>) -> Diagnostics {
    let mut planner = Planner::new(request, providers, State::new(), Reach::Offline);
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
    let scope = Scope::new(request.config, request.variables, request.env);
    let mut stored = stored.clone();
    let included = included(request, &stored);
    let moved = match request.mode {
        PlanMode::Normal => moves::implied(request.config, &mut stored),
        PlanMode::Destroy | PlanMode::RefreshOnly => BTreeMap::new(),
    };
    let stored = &stored;
    let fresh = if request.refresh {
        let count = stored
            .managed()
            .filter(|it| included.as_ref().is_none_or(|all| all.contains(&it.0.resource)))
            .count();
        if count > 0 {
            sink(Event::Refreshing { count });
        }
        let started = std::time::Instant::now();
        let only = |addr: &Addr| included.as_ref().is_none_or(|it| it.contains(&addr.resource));
        let fresh = refresh::refresh(stored, providers, &scope, only).await?;
        if count > 0 {
            sink(Event::Refreshed { count, elapsed: started.elapsed() });
        }
        fresh
    } else {
        stored.clone()
    };
    let drift = drift(stored, &fresh);
    let mut planner = Planner::new(request, providers, fresh, Reach::Aws);
    planner.scope = Scope::new(request.config, request.variables, request.env).at(&planner.timestamp, false);
    planner.included = included;
    planner.moved = moved;
    match request.mode {
        PlanMode::Normal => planner.walk().await,
        PlanMode::Destroy => planner.destroy(),
        PlanMode::RefreshOnly => {}
    }
    planner.finish(drift)
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
            moved: BTreeMap::new(),
            outputs: BTreeMap::new(),
            errors: Diagnostics::default(),
            timestamp: now(),
        }
    }

    /// Every node once what it refers to is done; data sources that are ready, together.
    async fn walk(&mut self) {
        let mut done: BTreeSet<&Node> = BTreeSet::new();
        let mut left: Vec<&Node> = self.request.graph.order.iter().collect();
        while !left.is_empty() {
            let (mut reads, mut later) = (Vec::new(), Vec::new());
            for node in left {
                let needs = self.request.graph.direct.get(node);
                if !needs.into_iter().flatten().all(|it| done.contains(it)) {
                    later.push(node);
                } else if matches!(node, Node::Resource(it) if it.mode == Mode::Data) {
                    reads.push(node);
                } else {
                    self.node(node).await;
                    done.insert(node);
                }
            }
            let addrs = reads.iter().filter_map(|it| match it {
                Node::Resource(it) => self.request.config.resources.get(it),
                _ => None,
            });
            let resources: Vec<&Resource> = addrs.collect();
            self.read_all(&resources).await;
            done.extend(reads);
            left = later;
        }
        self.orphans();
    }

    async fn node(&mut self, node: &Node) {
        match node {
            Node::Variable(_) => {}
            Node::Local(name) => {
                let value = self.scope.local(name);
                self.errors.take(value);
            }
            Node::Provider(name) => self.provider(name),
            Node::Resource(addr) => {
                if let Some(resource) = self.request.config.resources.get(addr) {
                    self.resource(resource).await;
                }
            }
            Node::Output(name) => self.output(name),
        }
    }

    fn provider(&mut self, name: &ProviderName) {
        if let Some(it) = self.request.config.providers.get(name) {
            let settings = crate::config::settings::evaluate(&it.settings, &self.scope);
            self.errors.take(settings);
        }
    }

    fn skipped(&self, addr: &ResourceAddr) -> bool {
        self.included.as_ref().is_some_and(|it| !it.contains(addr))
    }

    /// What is left out keeps what the state says of it.
    fn keep(&mut self, resource: &Resource) {
        self.scope.begin(&resource.addr);
        let Some(held) = self.state.resources.get(&resource.addr) else { return };
        let Some(block) = block_of(resource) else { return };
        for (key, instance) in &held.instances {
            if let Some(object) = &instance.current {
                self.scope.set(&resource.addr, key, conform::from_state(&object.attributes, block));
            }
        }
    }

    async fn resource(&mut self, resource: &Resource) {
        if self.skipped(&resource.addr) {
            return self.keep(resource);
        }
        let Some(kind) = kind::resource(&resource.addr.kind) else { return };
        let rules = match self.reach {
            Reach::Offline => Default::default(),
            Reach::Aws => {
                let alias = self.request.config.provider_of(resource);
                let provider = self.providers.get(&alias, &self.scope).await;
                let Some(provider) = self.errors.take(provider) else {
                    return self.scope.obscure(&resource.addr);
                };
                provider.tags.clone()
            }
        };
        let lenient = self.reach == Reach::Offline;
        if lenient && !resource.provisioners.is_empty() {
            let within = Within::unknown(&self.scope);
            self.errors.take(provision::check(resource, &kind.schema().block, within));
        }
        let instances = expand::instances(&resource.repeat, &self.scope, lenient);
        let Some(instances) = self.errors.take(instances) else {
            return self.scope.obscure(&resource.addr);
        };
        let Some(instances) = instances else {
            let planned = instance::body(resource, &kind.schema().block, &Within::unknown(&self.scope));
            self.errors.take(planned);
            return self.scope.obscure(&resource.addr);
        };
        let from = self.changes.len();
        let mut changes = Vec::new();
        for it in &instances {
            let within = Within::new(&self.scope, it);
            let planned = self.plan_instance(resource, kind, &it.key, &within, &rules);
            changes.push((it.key.clone(), self.errors.take(planned)));
        }
        self.scope.begin(&resource.addr);
        for (key, change) in changes {
            let visible = match &change {
                Some(it) => it.after.clone(),
                None => Value::unknown(kind.schema().block.ty()),
            };
            self.scope.set(&resource.addr, &key, visible);
            self.changes.extend(change);
        }
        self.note_pending(&resource.addr, from);
    }

    /// The changes from `from` on are all of this resource.
    fn note_pending(&mut self, addr: &ResourceAddr, from: usize) {
        let mine = self.changes.iter().enumerate().skip(from);
        let moving: Vec<usize> = mine.filter(|it| it.1.action != Action::NoOp).map(|it| it.0).collect();
        if !moving.is_empty() {
            self.pending.entry(addr.clone()).or_default().extend(moving);
        }
    }

    fn output(&mut self, name: &str) {
        let Some(it) = self.request.config.outputs.get(name) else { return };
        if self.included.is_some() {
            let needs = self.request.graph.nearest(&Node::Output(name.to_owned()));
            if needs.iter().any(|it| self.skipped(it)) {
                return;
            }
        }
        let rules = instance::conditions(&it.preconditions, &self.scope, &format!("output.{name}"));
        self.errors.take(rules);
        let value = it.value.eval(&self.scope);
        let Some(after) = self.errors.take(value) else { return };
        if after.deep_marks().sensitive && !it.sensitive {
            let one =
                Diagnostic::error(format!("output `{name}` shows a sensitive value")).at(&it.value.place);
            self.errors.push(one.help("add `sensitive = true` to the output if that is meant"));
        }
        let change = orphans::output_change(self.state.outputs.get(name), after, it.sensitive);
        self.outputs.insert(name.to_owned(), change);
    }

    fn finish(self, drift: Vec<Change>) -> Result<(Plan, Diagnostics), Diagnostics> {
        if self.errors.has_errors() {
            return Err(self.errors);
        }
        let mut changes = self.changes;
        let drift = match self.request.mode {
            PlanMode::RefreshOnly => drift,
            _ => relevant::only(drift, &changes, self.request.config, self.request.graph),
        };
        let mut state = self.state;
        annotate(&mut state, &changes);
        changes.sort_by(|a, b| (&a.addr, &a.deposed).cmp(&(&b.addr, &b.deposed)));
        let plan = Plan {
            mode: self.request.mode,
            stack: self.request.config.stack.name.clone().unwrap_or_default(),
            env: self.request.env.to_owned(),
            variables: self.request.variables.clone(),
            state,
            changes,
            drift,
            outputs: self.outputs,
            timestamp: self.timestamp,
            targets: self.request.targets.iter().map(|it| it.to_string()).collect(),
        };
        Ok((plan, self.errors))
    }
}

/// What stays as it is may have come to depend on something else: the state tells a later destroy.
fn annotate(state: &mut State, changes: &[Change]) {
    let still =
        changes.iter().filter(|it| it.action == Action::NoOp && it.addr.resource.mode == Mode::Managed);
    for change in still {
        let Some(resource) = state.resources.get_mut(&change.addr.resource) else { continue };
        let instance = resource.instances.get_mut(&change.addr.key);
        if let Some(object) = instance.and_then(|it| it.current.as_mut()) {
            object.dependencies.clone_from(&change.dependencies);
            object.create_before_destroy = change.create_before_destroy;
        }
    }
}

fn block_of(resource: &Resource) -> Option<&'static crate::schema::Block> {
    let name = &resource.addr.kind;
    match resource.addr.mode {
        Mode::Managed => kind::resource(name).map(|it| &it.schema().block),
        Mode::Data => kind::data(name).map(|it| &it.schema().block),
    }
}

/// The resources that `--target` leaves in: those named, and what they depend on (for a destroy:
/// what depends on them).
fn included(request: &Request<'_>, state: &State) -> Option<BTreeSet<ResourceAddr>> {
    if request.targets.is_empty() {
        return None;
    }
    let covers = |addr: &ResourceAddr| {
        request.targets.iter().any(|it| match it {
            Target::Module(path) => addr.module.starts_with(path),
            Target::Resource(it) => it == addr,
            Target::Instance(it) => it.resource == *addr,
        })
    };
    let known = request.config.resources.keys().chain(state.resources.keys());
    let named: BTreeSet<ResourceAddr> = known.filter(|it| covers(it)).cloned().collect();
    let mut out = named.clone();
    match request.mode {
        PlanMode::Destroy => {
            let leaning = state.managed().filter(|it| it.2.dependencies.iter().any(|it| named.contains(it)));
            out.extend(leaning.map(|it| it.0.resource));
        }
        _ => out.extend(named.iter().flat_map(|it| request.graph.dependencies(it).cloned())),
    }
    Some(out)
}

/// What the refresh found changed or gone.
fn drift(stored: &State, fresh: &State) -> Vec<Change> {
    let mut out = Vec::new();
    for (addr, deposed, object) in stored.managed().filter(|it| it.1.is_none()) {
        let Some(block) = kind::resource(&addr.resource.kind).map(|it| &it.schema().block) else { continue };
        let now = fresh.object(&addr);
        let before = conform::from_state(&object.attributes, block);
        let after = now.map(|it| conform::from_state(&it.attributes, block));
        let action = match &after {
            None => Action::Delete,
            Some(after) if diff::equal(&before, after) => continue,
            Some(_) => Action::Update,
        };
        out.push(Change {
            moved_from: None,
            deposed: deposed.map(str::to_owned),
            provider: stored.resources.get(&addr.resource).map(|it| it.provider.clone()).unwrap_or_default(),
            addr,
            action,
            reason: None,
            after: after.unwrap_or_else(|| Value::null(before.ty())),
            before,
            replace_paths: Vec::new(),
            dependencies: Vec::new(),
            create_before_destroy: false,
        });
    }
    out
}
