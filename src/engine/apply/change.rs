//! Creating and updating one instance, and reading a data source that had to wait.

use std::rc::Rc;
use std::sync::Arc;

use crate::address::Addr;
use crate::aws::tags::MARK;
use crate::config::{Ignore, Resource};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::checks::{Of, scoped};
use crate::engine::operations::Step;
use crate::engine::planner::{data, instance};
use crate::engine::providers::Provider;
use crate::kind::{self, Kind};
use crate::lang::Value;
use crate::plan::scope::{Instance, Within};
use crate::plan::{Action, Change, sensitive};
use crate::resource::{New, Op};
use crate::schema::{conform, region, write_only};
use crate::state::Object;

use super::patience::patience;
use super::settle::{Settling, failed, provisional};
use super::{Apply, private, provision};

/// An instance with everything an operation on it needs.
pub(super) struct Work<'a> {
    resource: &'a Resource,
    pub(super) kind: &'static dyn Kind,
    pub(super) provider: Rc<Provider>,
    pub(super) planned: Value,
    /// What is sent and never kept.
    pub(super) secrets: serde_json::Map<String, serde_json::Value>,
    pub(super) change: &'a Change,
}

impl Apply<'_> {
    pub(super) async fn create(&self, at: usize, change: &Change) -> Result<Option<String>, Diagnostics> {
        let result = match self.values_stored(change).await {
            Ok(()) => self.try_create(at, change).await,
            Err(errors) => Err(errors),
        };
        if result.is_err() {
            self.restore(at, change);
        }
        result.map_err(|it| self.explain(it, change, Step::Create))
    }

    async fn try_create(&self, at: usize, change: &Change) -> Result<Option<String>, Diagnostics> {
        let kind = kind_of(&change.addr)?;
        let work = self.prepare(change, &Value::null(kind.schema().block.ty())).await?;
        if change.action == Action::CreateThenDelete {
            self.depose(at, change);
        }
        let mut new = New {
            token: self.token(&change.addr),
            since: self.request.journal.at(&change.addr).map_or(i64::MAX, |it| it.since),
            tags: work.provider.tags.first(&work.planned),
        };
        if kind.marked() {
            new.tags.insert(MARK.to_owned(), new.token.clone());
        }
        let patience = patience(kind, Op::Create, &work.planned)?;
        let key = self.make(&work, &new, patience).await?;
        if kind.marked() {
            self.note_mark(&change.addr, &work.provider, &key);
        }
        if let Some(attributes) = provisional(kind, &work.planned, &key) {
            // Not seen yet: until it is, a later run had better replace it.
            self.record(&work, &conform::from_state(&attributes, &kind.schema().block), true);
        }
        // Until its provisioners have run it is not whole: a later run had better replace it.
        let provisioned = provision::on_create(work.resource);
        let settling = Settling {
            kind,
            provider: &work.provider,
            key: &key,
            planned: &work.planned,
            secrets: &work.secrets,
            patience,
            change,
            converge: true,
        };
        let settled = self.settle(&settling, |live| self.record(&work, live, provisioned)).await;
        let live = match settled {
            Ok(it) => it,
            Err(errors) => {
                self.taint(&change.addr);
                return Err(errors);
            }
        };
        if provisioned {
            let own = self.instance(&change.addr)?;
            let within = self.within(&change.addr, &own);
            self.provision_new(work.resource, &change.addr, within, &live).await?;
            self.record(&work, &live, false);
        }
        self.finish(&work, &live)?;
        Ok(live.get("id").and_then(Value::as_str).map(str::to_owned))
    }

    pub(super) async fn update(&self, change: &Change) -> Result<Option<String>, Diagnostics> {
        self.values_stored(change).await?;
        self.try_update(change).await.map_err(|it| self.explain(it, change, Step::Update))
    }

    async fn try_update(&self, change: &Change) -> Result<Option<String>, Diagnostics> {
        let kind = kind_of(&change.addr)?;
        let work = self.prepare(change, &change.before).await?;
        let patience = patience(kind, Op::Update, &work.planned)?;
        let wanted = super::settle::overlay_update(&kind.schema().block, &work.planned, &change.before);
        let block = &kind.schema().block;
        let (was, will) = (conform::to_state(&change.before, block), conform::to_state(&wanted, block));
        let key = kind.key_after(&was, &will).map_err(failed)?;
        let settling = Settling {
            kind,
            provider: &work.provider,
            key: &key,
            planned: &work.planned,
            secrets: &work.secrets,
            patience,
            change,
            converge: false,
        };
        self.change(&settling, &change.before, &wanted).await?;
        let live = self.settle(&settling, |_| {}).await?;
        self.record(&work, &live, false);
        self.finish(&work, &live)?;
        Ok(None)
    }

    pub(super) async fn read_data(&self, change: &Change) -> Result<(), Diagnostics> {
        let config = self.request.config;
        let resource = config.resource(&change.addr.resource).ok_or_else(|| gone(&change.addr))?;
        let data = kind::data(&change.addr.resource.kind).ok_or_else(|| gone(&change.addr))?;
        self.pass(&change.addr)?;
        let own = self.instance(&change.addr)?;
        let block = &data.schema().block;
        let arguments = instance::body(resource, block, &self.within(&change.addr, &own))?;
        let arguments = conform::defaults(arguments, block);
        known(&arguments, &change.addr)?;
        let region = region::named(data.name(), &arguments);
        let provider = self.providers.at(&config.provider_of(resource), region, &self.scope).await?;
        let value =
            match data::read(data, &provider.aws, &provider.tags, &arguments, resource, &change.addr).await {
                Err(errors) if scoped(config, resource).is_some() => {
                    let told = self.checks.unread(config, resource, &change.addr, errors);
                    self.warnings.borrow_mut().extend(told);
                    return Ok(());
                }
                answer => answer?,
            };
        let own = self.within(&change.addr, &own).with(value.clone());
        self.checks.conditions(Of::resource(&change.addr), &resource.lifecycle.postconditions, &own)?;
        self.known(&change.addr.resource, &change.addr.key, || value.clone());
        self.state.borrow_mut().set(&change.addr, &change.provider, Some(data::object(data, &value)));
        self.dirty.notify_one();
        self.note_value(change);
        Ok(())
    }

    /// Evaluates the configuration again, now that everything it needs is known.
    async fn prepare<'c>(&'c self, change: &'c Change, prior: &Value) -> Result<Work<'c>, Diagnostics> {
        let config = self.request.config;
        let kind = kind_of(&change.addr)?;
        let resource = config.resource(&change.addr.resource).ok_or_else(|| gone(&change.addr))?;
        self.pass(&change.addr)?;
        let configured = config.provider_of(resource);
        let home = self.providers.get(&configured, &self.scope).await?.terms();
        let own = self.instance(&change.addr)?;
        let within = self.within(&change.addr, &own);
        let (rules, of) = (&resource.lifecycle, Of::resource(&change.addr));
        self.checks.again(&of, &[&rules.preconditions, &rules.postconditions]);
        self.checks.conditions(of, &rules.preconditions, &within)?;
        let given = instance::body(resource, &kind.schema().block, &within)?;
        let given = region::settled(kind.name(), given, home.region.as_deref());
        known(&given, &change.addr)?;
        let given = match (&resource.lifecycle.ignore_changes, prior.is_null()) {
            (Ignore::Nothing, _) | (_, true) => given,
            (ignore, false) => instance::ignored(ignore, &given, prior, &kind.schema().block),
        };
        let planned = instance::planned(kind, prior, &given, &home.tags, resource)?.value;
        let secrets = write_only::of(&kind.schema().block, &given);
        let region = region::named(kind.name(), &planned);
        let provider = self.providers.at(&configured, region, &self.scope).await?;
        Ok(Work { resource, kind, provider, planned, secrets, change })
    }

    /// What an instance of a resource sees.
    pub(super) fn within(&self, addr: &Addr, own: &Instance) -> Within<'_> {
        Within::new(self.scope.module(&addr.resource.module), own)
    }

    pub(super) fn instance(&self, addr: &Addr) -> Result<Instance, Diagnostics> {
        let all = self.instances(&addr.resource)?;
        all.iter().find(|it| it.key == addr.key).cloned().ok_or_else(|| gone(addr))
    }

    fn record(&self, work: &Work<'_>, live: &Value, tainted: bool) {
        let state = self.state.borrow();
        let before = state.object(&work.change.addr).filter(|_| work.change.action == Action::Update);
        let block = &work.kind.schema().block;
        let mut attributes = region::attributes(work.kind.name(), live, block);
        if let Some(it) = before {
            conform::extra::keep(&it.attributes.json(), &mut attributes, block);
        }
        let object = Object {
            schema_version: work.kind.schema().version,
            attributes: attributes.into(),
            sensitive_attributes: sensitive::kept(&work.planned, live, block),
            private: private::of(before.and_then(|it| it.private.as_deref()), work.kind, &work.planned),
            dependencies: work.change.dependencies.clone(),
            create_before_destroy: work.change.create_before_destroy,
            prevent_destroy: work.resource.lifecycle.prevent_destroy,
            tainted,
            ..before.cloned().unwrap_or_default()
        };
        drop(state);
        self.state.borrow_mut().set(&work.change.addr, &work.change.provider, Some(object));
        self.dirty.notify_one();
    }

    /// The object is what it should be: others may use it now.
    fn finish(&self, work: &Work<'_>, live: &Value) -> Result<(), Diagnostics> {
        let addr = &work.change.addr;
        self.note_value(work.change);
        self.known(&addr.resource, &addr.key, || live.clone());
        if work.resource.lifecycle.postconditions.is_empty() {
            return Ok(());
        }
        let own = self.instance(addr)?;
        let within = self.within(addr, &own).with(live.clone());
        self.checks.conditions(Of::resource(addr), &work.resource.lifecycle.postconditions, &within)
    }

    fn taint(&self, addr: &Addr) {
        let mut state = self.state.borrow_mut();
        let instance = state.resources.get_mut(&addr.resource).and_then(|it| it.instances.get_mut(&addr.key));
        if let Some(object) = instance.and_then(|it| it.current.as_mut()) {
            Arc::make_mut(object).tainted = true;
        }
        drop(state);
        self.dirty.notify_one();
    }

    /// Sets the old object aside, so that the new one can take its place in the state.
    fn depose(&self, at: usize, change: &Change) {
        let mut state = self.state.borrow_mut();
        let Some(old) = state.object(&change.addr).cloned() else { return };
        let key: String = self.token(&change.addr).chars().take(8).collect();
        state.set_deposed(&change.addr, &key, Some(old));
        state.set(&change.addr, &change.provider, None);
        drop(state);
        self.deposed.borrow_mut().insert(at, key);
        self.dirty.notify_one();
    }

    /// Puts the old object back where no new one came to be.
    fn restore(&self, at: usize, change: &Change) {
        let Some(key) = self.deposed.borrow().get(&at).cloned() else { return };
        let mut state = self.state.borrow_mut();
        if state.object(&change.addr).is_some() {
            return;
        }
        let instance =
            state.resources.get(&change.addr.resource).and_then(|it| it.instances.get(&change.addr.key));
        let Some(old) = instance.and_then(|it| it.deposed.get(&key)) else { return };
        let old = Object::clone(old);
        state.set(&change.addr, &change.provider, Some(old));
        state.set_deposed(&change.addr, &key, None);
    }

    /// The same for every attempt at this create.
    fn token(&self, addr: &Addr) -> String {
        self.request.journal.at(addr).map(|it| it.token.clone()).unwrap_or_default()
    }

    /// Says which resource the errors are about, and what was being done to it.
    pub(super) fn explain(&self, errors: Diagnostics, change: &Change, step: Step) -> Diagnostics {
        let label = match step {
            Step::Create => "while this was created",
            Step::Update => "while this was changed",
            Step::Read => "while this was read",
            Step::Delete | Step::Forget => "while this was removed",
        };
        let resource = self.request.config.resource(&change.addr.resource);
        let each = errors.into_iter().map(|mut it| {
            it.address.get_or_insert_with(|| change.addr.to_string());
            if it.place.is_none() {
                it.place = resource.map(|it| it.place.clone());
                it.label.get_or_insert_with(|| label.to_owned());
            }
            it
        });
        Diagnostics(each.collect())
    }
}

fn kind_of(addr: &Addr) -> Result<&'static dyn Kind, Diagnostics> {
    kind::resource(&addr.resource.kind).ok_or_else(|| gone(addr))
}

fn gone(addr: &Addr) -> Diagnostics {
    let one = Diagnostic::error(format!("{addr} is not in the configuration that is being applied"));
    one.help("the stack files have changed since the plan was made: plan again").into()
}

fn known(value: &Value, addr: &Addr) -> Result<(), Diagnostics> {
    if !instance::has_unknown(value) {
        return Ok(());
    }
    let fields = value.as_fields().into_iter().flatten().filter(|it| instance::has_unknown(it.1));
    let names: Vec<String> = fields.map(|it| format!("`{}`", it.0)).collect();
    Err(Diagnostic::error(format!("{addr}: {} should be known by now and is not", names.join(", "))).into())
}
