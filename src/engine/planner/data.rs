//! Data sources: read while planning, unless what they depend on is about to change.

use futures::future::join_all;

use crate::address::{Addr, Mode};
use crate::config::Resource;
use crate::diag::{Diagnostic, Diagnostics};
use crate::kind::{self, Data};
use crate::lang::Value;
use crate::plan::scope::Within;
use crate::plan::{Action, Change, Reason, expand};
use crate::schema::conform;
use crate::state::Object;

use super::{Planner, Reach, instance};

/// One data source instance that is ready to be looked at.
struct Ask<'r> {
    resource: &'r Resource,
    data: &'static dyn Data,
    addr: Addr,
    arguments: Value,
}

impl Planner<'_> {
    /// Reads all of them at once.
    pub(super) async fn read_all(&mut self, resources: &[&Resource]) {
        let mut asks = Vec::new();
        for resource in resources {
            if self.skipped(&resource.addr) {
                self.keep(resource);
            } else {
                asks.extend(self.asks(resource));
            }
        }
        let (mut now, mut later) = (Vec::new(), Vec::new());
        for ask in asks {
            match self.deferred(&ask) {
                Some(reason) => later.push((ask, reason)),
                None => now.push(ask),
            }
        }
        let answers = join_all(now.iter().map(|it| self.read_one(it))).await;
        for (ask, answer) in now.into_iter().zip(answers) {
            match self.errors.take(answer) {
                Some(value) => self.answered(&ask, value),
                None => self.scope.set(
                    &ask.addr.resource,
                    &ask.addr.key,
                    Value::unknown(ask.data.schema().block.ty()),
                ),
            }
        }
        for (ask, reason) in later {
            self.defer(ask, reason);
        }
    }

    fn asks<'r>(&mut self, resource: &'r Resource) -> Vec<Ask<'r>> {
        let Some(data) = kind::data(&resource.addr.kind) else { return Vec::new() };
        let lenient = self.reach == Reach::Offline;
        let instances = expand::instances(&resource.repeat, &self.scope, lenient);
        let Some(instances) = self.errors.take(instances) else {
            self.scope.obscure(&resource.addr);
            return Vec::new();
        };
        let block = &data.schema().block;
        let Some(instances) = instances else {
            let checked = instance::body(resource, block, &Within::unknown(&self.scope));
            self.errors.take(checked);
            self.scope.obscure(&resource.addr);
            return Vec::new();
        };
        self.scope.begin(&resource.addr);
        let mut out = Vec::new();
        for it in &instances {
            let within = Within::new(&self.scope, it);
            let addr = resource.addr.instance(it.key.clone());
            let held = instance::conditions(&resource.lifecycle.preconditions, &within, &addr.to_string());
            let arguments = instance::body(resource, block, &within);
            self.errors.take(held);
            match self.errors.take(arguments) {
                Some(it) => out.push(Ask { resource, data, addr, arguments: conform::defaults(it, block) }),
                None => self.scope.set(&resource.addr, &it.key, Value::unknown(block.ty())),
            }
        }
        out
    }

    /// Why it cannot be read yet.
    fn deferred(&self, ask: &Ask<'_>) -> Option<Reason> {
        if instance::has_unknown(&ask.arguments) || self.reach == Reach::Offline && !ask.data.pure() {
            return Some(Reason::ReadBecauseConfigUnknown);
        }
        let named = ask.resource.depends_on.iter().filter_map(|it| match it.path.as_slice() {
            [kind, name] => Some(crate::address::ResourceAddr::managed(kind, name)),
            _ => None,
        });
        let waits = named.into_iter().any(|it| self.pending.contains_key(&it));
        waits.then_some(Reason::ReadBecauseDependencyPending)
    }

    async fn read_one(&self, ask: &Ask<'_>) -> Result<Value, Diagnostics> {
        if self.reach == Reach::Offline {
            // Pure: it needs no connection, and has none.
            return Ok(proposal(ask));
        }
        let alias = self.request.config.provider_of(ask.resource);
        let provider = self.providers.get(&alias, &self.scope).await?;
        read(ask.data, &provider.aws, &ask.arguments, ask.resource, &ask.addr).await
    }

    fn answered(&mut self, ask: &Ask<'_>, value: Value) {
        let own = Within { scope: &self.scope, each: None, index: None, itself: Some(value.clone()) };
        let held = instance::conditions(&ask.resource.lifecycle.postconditions, &own, &ask.addr.to_string());
        self.errors.take(held);
        self.scope.set(&ask.addr.resource, &ask.addr.key, value.clone());
        if self.reach == Reach::Aws {
            let provider = self.request.config.provider_of(ask.resource).state_name();
            let object = object(ask.data, &value);
            self.state.set(&ask.addr, &provider, Some(object));
        }
    }

    fn defer(&mut self, ask: Ask<'_>, reason: Reason) {
        let after = proposal(&ask);
        self.scope.set(&ask.addr.resource, &ask.addr.key, after.clone());
        self.changes.push(Change {
            provider: self.request.config.provider_of(ask.resource).state_name(),
            moved_from: None,
            deposed: None,
            action: Action::Read,
            reason: Some(reason),
            before: Value::null(after.ty()),
            after,
            replace_paths: Vec::new(),
            dependencies: self.request.graph.dependencies(&ask.addr.resource).cloned().collect(),
            create_before_destroy: false,
            addr: ask.addr.clone(),
        });
        self.note_pending(&ask.addr.resource, self.changes.len() - 1);
    }
}

fn proposal(ask: &Ask<'_>) -> Value {
    let block = &ask.data.schema().block;
    crate::plan::diff::propose(block, &Value::null(block.ty()), &ask.arguments)
}

/// As the state keeps it.
pub fn object(data: &dyn Data, value: &Value) -> Object {
    let attributes = conform::to_state(value, &data.schema().block);
    Object { schema_version: data.schema().version, attributes, ..Object::default() }
}

/// Asks AWS; the answer keeps the arguments' spelling.
pub async fn read(
    data: &dyn Data,
    aws: &crate::aws::Aws,
    arguments: &Value,
    resource: &Resource,
    addr: &Addr,
) -> Result<Value, Diagnostics> {
    debug_assert_eq!(addr.resource.mode, Mode::Data);
    let answer =
        data.read(aws, &conform::to_state(arguments, &data.schema().block)).await.map_err(|error| {
            Diagnostic::error(format!("reading {addr} failed: {error}")).at(&resource.place).about(addr)
        })?;
    let block = &data.schema().block;
    let live = conform::from_state(&answer, block);
    Ok(crate::plan::reconcile::reconcile(block, arguments, &live, &[]))
}
