//! Data sources: read while planning, unless what they depend on is about to change.

use std::cell::Cell;

use futures::future::join_all;
use serde_json::Value as Json;

use crate::address::{Addr, Mode, ResourceAddr};
use crate::aws::Aws;
use crate::config::Resource;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::checks::{Of, scoped};
use crate::engine::tags::TagRules;
use crate::kind::{self, Data};
use crate::lang::Value;
use crate::plan::scope::Within;
use crate::plan::{Action, Change, PlanMode, Reason, sdk, sensitive};
use crate::providers::terraform::others;
use crate::schema::{conform, region};
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
            for path in self.scope.instances_of(&resource.addr.module) {
                let addr = resource.addr.clone().within(&path);
                match self.skipped(&addr) {
                    true => self.keep(&addr),
                    false => asks.extend(self.asks(resource, &addr)),
                }
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
            let answer =
                answer.map_err(|it| self.checks.unread(self.request.config, ask.resource, &ask.addr, it));
            match self.errors.take(answer) {
                Some(value) => {
                    self.answered(&ask, value.clone());
                    self.once_more(ask, value);
                }
                None if scoped(self.request.config, ask.resource).is_some() => self.unread(ask),
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

    /// All instances of a data source in one instance of its module.
    fn asks<'r>(&mut self, resource: &'r Resource, addr: &ResourceAddr) -> Vec<Ask<'r>> {
        let Some(data) = kind::data(&addr.kind) else { return Vec::new() };
        let instances = self.instances(resource, &self.scope.module(&addr.module));
        let Some(instances) = self.errors.take(instances) else {
            self.scope.obscure(addr);
            return Vec::new();
        };
        let block = &data.schema().block;
        let Some(instances) = instances else {
            let within = Within::unknown(self.scope.module(&addr.module));
            self.errors.take(instance::body(resource, block, &within));
            self.scope.obscure(addr);
            return Vec::new();
        };
        self.scope.begin(addr);
        let mut out = Vec::new();
        for it in &instances {
            let within = Within::new(self.scope.module(&addr.module), it);
            let addr = addr.instance(it.key.clone());
            if self.skips(&addr) {
                let value = self.spare(&addr, block);
                self.scope.set(&addr.resource, &it.key, value);
                continue;
            }
            let held =
                self.checks.conditions(Of::resource(&addr), &resource.lifecycle.preconditions, &within);
            let arguments = instance::body(resource, block, &within);
            self.errors.take(held);
            self.asked.insert(addr.clone());
            match self.errors.take(arguments) {
                Some(it) => out.push(Ask { resource, data, addr, arguments: conform::defaults(it, block) }),
                None => self.scope.set(&addr.resource, &it.key, Value::unknown(block.ty())),
            }
        }
        out
    }

    /// Why it cannot be read yet.
    fn deferred(&self, ask: &Ask<'_>) -> Option<Reason> {
        if instance::has_unknown(&ask.arguments) || self.reach == Reach::Offline && !ask.data.pure() {
            return Some(Reason::ReadBecauseConfigUnknown);
        }
        // What is only computed says the same before and after any change.
        let waits = !ask.data.pure()
            && self.request.mode == PlanMode::Normal
            && self.must_wait(ask.resource, &ask.addr);
        waits.then_some(Reason::ReadBecauseDependencyPending)
    }

    async fn read_one(&self, ask: &Ask<'_>) -> Result<Value, Diagnostics> {
        if self.reach == Reach::Offline {
            // Pure: it needs no connection, and has none.
            return Ok(proposal(ask));
        }
        let provider = self.request.config.provider_of(ask.resource);
        let region = region::named(ask.data.name(), &ask.arguments);
        let provider = self.providers.at(&provider, region, &self.scope).await?;
        let aws = &provider.aws.exactly(!ask.data.pooled());
        if !ask.data.shared() {
            return read(ask.data, aws, &provider.tags, &ask.arguments, ask.resource, &ask.addr).await;
        }
        // Whoever asks the same in this plan gets the same answer.
        let block = &ask.data.schema().block;
        let what = format!("data {} {}", ask.data.name(), conform::to_state(&ask.arguments, block));
        let mine = Cell::new(false);
        let asked = async {
            mine.set(true);
            Ok(read(ask.data, aws, &provider.tags, &ask.arguments, ask.resource, &ask.addr).await)
        };
        let answer = provider.aws.once(&what, asked).await;
        let answer = answer.map_err(|it| Diagnostics::from(Diagnostic::error(it.to_string())))?;
        match &*answer {
            Ok(it) => Ok(it.clone()),
            Err(it) if mine.get() => Err(it.clone()),
            // An error says whose it is.
            Err(_) => read(ask.data, aws, &provider.tags, &ask.arguments, ask.resource, &ask.addr).await,
        }
    }

    fn answered(&mut self, ask: &Ask<'_>, value: Value) {
        let module = self.scope.module(&ask.addr.resource.module);
        let own = Within { module, each: None, index: None, itself: Some(value.clone()) };
        let rules = &ask.resource.lifecycle.postconditions;
        let held = self.checks.conditions(Of::resource(&ask.addr), rules, &own);
        self.errors.take(held);
        self.scope.set(&ask.addr.resource, &ask.addr.key, value.clone());
        if self.reach == Reach::Aws {
            let provider = self.request.config.provider_of(ask.resource).state_name();
            let object = object(ask.data, &value);
            self.state.set(&ask.addr, &provider, Some(object));
        }
    }

    /// The own data source of a check is looked at again when the apply has done its work.
    fn once_more(&mut self, ask: Ask<'_>, value: Value) {
        if self.reach == Reach::Aws && scoped(self.request.config, ask.resource).is_some() {
            self.later(ask, value, Reason::ReadBecauseCheckNested);
        }
    }

    /// The own data source of a check, which could not be read: the apply asks once more.
    fn unread(&mut self, ask: Ask<'_>) {
        self.defer(ask, Reason::ReadBecauseCheckNested);
    }

    fn defer(&mut self, ask: Ask<'_>, reason: Reason) {
        let after = proposal(&ask);
        self.later(ask, after, reason);
    }

    /// It is read during the apply.
    fn later(&mut self, ask: Ask<'_>, after: Value, reason: Reason) {
        self.scope.set(&ask.addr.resource, &ask.addr.key, open(ask.data, &after));
        if self.request.mode == PlanMode::RefreshOnly {
            return;
        }
        self.changes.push(Change {
            provider: self.request.config.provider_of(ask.resource).state_name(),
            moved_from: None,
            importing: None,
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
        self.note_pending(&ask.resource.addr, self.changes.len() - 1);
    }
}

/// Checks alone are no reason to apply: what their data sources say now is known already.
pub fn drop_checks_reads(changes: &mut Vec<Change>) {
    let nested = |it: &Change| it.reason == Some(Reason::ReadBecauseCheckNested);
    let acts = |it: &Change| it.action != Action::NoOp || it.moved_from.is_some() || it.importing.is_some();
    if !changes.iter().any(|it| acts(it) && !nested(it)) {
        changes.retain(|it| !nested(it));
    }
}

fn proposal(ask: &Ask<'_>) -> Value {
    let block = &ask.data.schema().block;
    crate::plan::diff::propose(block, &Value::null(block.ty()), &ask.arguments)
}

/// What others see of one that has not been read: its answer may also fill in what the arguments leave out,
/// such as the id of what was looked up by its name.
fn open(data: &dyn Data, after: &Value) -> Value {
    let attributes = &data.schema().block.attributes;
    let left_out =
        |name: &str, it: &Value| it.is_null() && attributes.get(name).is_some_and(|it| it.optional);
    let fields = after.as_fields().into_iter().flatten().map(|(name, it)| match left_out(name, it) {
        true => (name.clone(), Value::unknown(it.ty())),
        false => (name.clone(), it.clone()),
    });
    Value::object(fields.collect::<crate::lang::value::Map>())
}

/// As the state keeps it.
pub fn object(data: &dyn Data, value: &Value) -> Object {
    Object {
        schema_version: data.schema().version,
        attributes: region::attributes(data.name(), value, &data.schema().block).into(),
        sensitive_attributes: sensitive::paths(value),
        ..Object::default()
    }
}

/// Asks AWS; the answer keeps the arguments' spelling.
pub async fn read(
    data: &dyn Data,
    aws: &Aws,
    rules: &TagRules,
    arguments: &Value,
    resource: &Resource,
    addr: &Addr,
) -> Result<Value, Diagnostics> {
    debug_assert_eq!(addr.resource.mode, Mode::Data);
    let arguments_json = conform::to_state(arguments, &data.schema().block);
    let answer = others::reading(addr.to_string(), data.read(aws, &arguments_json)).await;
    let mut answer = answer.map_err(|error| {
        Diagnostic::error(format!("reading {addr} failed: {error}")).at(&resource.place).about(addr)
    })?;
    if let Some(tags) = answer.get_mut("tags").and_then(Json::as_object_mut) {
        tags.retain(|key, _| !rules.ignored(key));
    }
    let block = &data.schema().block;
    let live = conform::from_state(&answer, block);
    let answer = crate::plan::reconcile::reconcile(block, arguments, &live, &[]);
    // The small providers know null from empty.
    Ok(if data.name().starts_with("aws_") {
        sdk::as_answered(block, answer, &live, data.unset())
    } else {
        answer
    })
}
