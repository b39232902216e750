//! What the state holds and the configuration does not want (any more): deletions, and outputs.

use std::collections::HashSet;

use crate::address::{Addr, Key, Mode, as_written};
use crate::config::Repeat;
use crate::engine::held;
use crate::kind;
use crate::lang::{Type, Value};
use crate::plan::{Action, Change, OutputChange, Reason, diff, sensitive};
use crate::state::{self, Object};

use super::{Planner, protection, removed};

impl Planner<'_> {
    /// Deletes what is in the state only, and deposed objects.
    pub(super) fn orphans(&mut self) {
        let mut out = Vec::new();
        let planned: HashSet<&Addr> = self.changes.iter().map(|it| &it.addr).collect();
        for (addr, deposed, object) in self.state.managed() {
            if self.skips(&addr) {
                continue;
            }
            let wanted = planned.contains(&addr);
            if held::is_held(&self.state, &addr.resource) && !self.let_go(&addr) {
                continue;
            }
            if deposed.is_some() || !wanted && !self.errors.has_errors() {
                let reason = deposed.is_none().then(|| self.why(&addr));
                out.push(self.deletion(&addr, deposed, object, reason));
            }
        }
        for mut change in out {
            removed::settle(self.request.config, &mut change);
            if change.action == Action::Delete {
                self.refuse_protected(&change);
            }
            self.changes.push(change);
        }
        self.errors.extend(removed::warning(&self.changes));
        self.forget_data();
        self.forget_outputs();
    }

    /// Outputs that the stack has no more.
    pub(super) fn forget_outputs(&mut self) {
        let gone = self.state.outputs.iter().filter(|it| !self.request.config.outputs.contains_key(it.0));
        if self.included.is_none() {
            let gone: Vec<_> = gone.map(|(name, it)| (name.clone(), output_gone(it))).collect();
            self.outputs.extend(gone);
        }
    }

    /// Everything goes.
    pub(super) fn destroy(&mut self) {
        let mut out = Vec::new();
        for (addr, deposed, object) in self.state.managed() {
            if !self.skips(&addr) {
                out.push(self.deletion(&addr, deposed, object, None));
            }
        }
        for mut change in out {
            removed::settle(self.request.config, &mut change);
            if change.action == Action::Delete {
                self.refuse_protected(&change);
            }
            self.changes.push(change);
        }
        self.errors.extend(removed::warning(&self.changes));
        if self.included.is_none() {
            self.state.resources.retain(|addr, _| addr.mode == Mode::Managed);
            self.outputs =
                self.state.outputs.iter().map(|(name, it)| (name.clone(), output_gone(it))).collect();
        }
    }

    fn refuse_protected(&mut self, change: &Change) {
        let object = self.state.object(&change.addr);
        let refusal = protection::of_deletion(self.request.config, change, object);
        self.errors.extend(refusal);
    }

    /// Whether a `removed` block says so: that asks nothing of AWS.
    fn let_go(&self, addr: &Addr) -> bool {
        removed::of(self.request.config, addr).is_some_and(|it| !it.destroy)
    }

    fn why(&self, addr: &Addr) -> Reason {
        let Some(resource) = self.request.config.resource(&addr.resource) else {
            return match self.request.config.module(&addr.resource.module) {
                Some(_) => Reason::DeleteBecauseNoResourceConfig,
                None => Reason::DeleteBecauseNoModule,
            };
        };
        let path = &addr.resource.module;
        if !self.scope.instances_of(&as_written(path)).contains(path) {
            return Reason::DeleteBecauseNoModule;
        }
        match (&resource.repeat, &addr.key) {
            (Repeat::Count(_), Key::Index(_)) => Reason::DeleteBecauseCountIndex,
            (Repeat::ForEach(_), Key::Name(_)) => Reason::DeleteBecauseEachKey,
            _ => Reason::DeleteBecauseWrongRepetition,
        }
    }

    fn deletion(
        &self,
        addr: &Addr,
        deposed: Option<&str>,
        object: &Object,
        reason: Option<Reason>,
    ) -> Change {
        let block = kind::resource(&addr.resource.kind).map(|it| &it.schema().block);
        let before = match block {
            Some(block) => sensitive::of(object, block),
            None => {
                Value::from_json_implied(&object.attributes.json()).unwrap_or_else(|_| Value::null(Type::Any))
            }
        };
        Change {
            addr: addr.clone(),
            moved_from: self.moved.get(addr).filter(|_| reason.is_some()).cloned(),
            importing: None,
            deposed: deposed.map(str::to_owned),
            provider: self
                .state
                .resources
                .get(&addr.resource)
                .map(|it| it.provider.clone())
                .unwrap_or_default(),
            action: Action::Delete,
            reason,
            // One type for all of a kind: thousands may go.
            after: Value::null(block.map_or(Type::Any, |it| it.ty())),
            before,
            replace_paths: Vec::new(),
            dependencies: object.dependencies.clone(),
            create_before_destroy: object.create_before_destroy,
        }
    }

    /// Data sources that the configuration has no more are forgotten without a word, as Terraform does.
    pub(super) fn forget_data(&mut self) {
        let (asked, included) = (&self.asked, &self.included);
        let left = |addr: &Addr| included.as_ref().is_some_and(|it| !it.covers(addr));
        for (addr, held) in self.state.resources.iter_mut().filter(|it| it.0.mode == Mode::Data) {
            let unknown = kind::data(&addr.kind).is_none();
            held.instances.retain(|key, _| {
                let own = addr.instance(key.clone());
                unknown || asked.contains(&own) || left(&own)
            });
        }
        self.state.resources.retain(|_, it| !it.instances.is_empty());
    }
}

fn stored(it: &state::Output) -> Value {
    let value = Value::from_json(&it.value, &it.ty)
        .or_else(|_| Value::from_json_implied(&it.value))
        .unwrap_or_else(|_| Value::null(Type::Any));
    if it.sensitive { value.sensitive() } else { value }
}

fn output_gone(it: &state::Output) -> OutputChange {
    OutputChange {
        action: Action::Delete,
        before: stored(it),
        after: Value::null(Type::Any),
        sensitive: it.sensitive,
    }
}

/// From what the state holds to what the configuration says.
pub fn output_change(held: Option<&state::Output>, after: Value, sensitive: bool) -> OutputChange {
    let before = held.map_or(Value::null(Type::Any), stored);
    let action = match held {
        None if after.is_null() => Action::NoOp,
        None => Action::Create,
        Some(_) if after.is_null() => Action::Delete,
        Some(it) if diff::equal(&before, &after) && it.sensitive == sensitive => Action::NoOp,
        Some(_) => Action::Update,
    };
    OutputChange { action, before, after, sensitive }
}
