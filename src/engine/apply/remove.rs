//! Deleting one object, and waiting until it is gone.

use std::rc::Rc;
use std::sync::Arc;

use tokio::time::Instant;

use crate::config::ProviderAddr;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::operations::Step;
use crate::engine::providers::Provider;
use crate::kind;
use crate::lang::{Type, Value};
use crate::plan::{Action, Change, sensitive};
use crate::resource::{Op, Status};
use crate::schema::{conform, region};
use crate::state::Object;

use super::Apply;
use super::patience::{Asked, patience, tell};
use super::settle::failed;

/// How a status begins that says that AWS does not go on removing it.
const GIVEN_UP: &str = "DELETE_FAILED";

impl Apply<'_> {
    pub(super) async fn delete(&self, at: usize, change: &Change) -> Result<(), Diagnostics> {
        let aside = self.deposed.borrow().get(&at).cloned().or(change.deposed.clone());
        if aside.is_none() {
            let done = self.provision_old(change).await;
            done.map_err(|it| self.explain(it, change, Step::Delete))?;
        }
        let result = self.try_delete(change, aside.as_deref()).await;
        result.map_err(|it| self.explain(it, change, Step::Delete))?;
        let mut state = self.state.borrow_mut();
        match aside {
            Some(key) => state.set_deposed(&change.addr, &key, None),
            None => state.set(&change.addr, &change.provider, None),
        }
        drop(state);
        self.dirty.notify_one();
        Ok(())
    }

    fn held(&self, change: &Change, aside: Option<&str>) -> Option<Arc<Object>> {
        let state = self.state.borrow();
        let instance = state.resources.get(&change.addr.resource)?.instances.get(&change.addr.key)?;
        let object = match aside {
            Some(key) => instance.deposed.get(key),
            None => instance.current.as_ref(),
        };
        object.cloned()
    }

    /// What is there before a change. Of what is only deleted the state has it, and the plan of thousands need not
    /// hold it besides.
    pub(super) fn before(&self, change: &Change) -> Value {
        if change.action != Action::Delete {
            return change.before.clone();
        }
        let kind = kind::resource(&change.addr.resource.kind);
        let held = self.held(change, change.deposed.as_deref());
        let both = held.zip(kind);
        both.map_or(Value::null(Type::Any), |(it, kind)| sensitive::of(&it, &kind.schema().block))
    }

    pub(super) fn id_before(&self, change: &Change) -> Option<String> {
        match change.action {
            Action::Delete => self.held(change, change.deposed.as_deref())?.attributes.text("id"),
            _ => change.before.get("id").and_then(Value::as_str).map(str::to_owned),
        }
    }

    async fn try_delete(&self, change: &Change, aside: Option<&str>) -> Result<(), Diagnostics> {
        let Some(object) = self.held(change, aside) else { return Ok(()) };
        let Some(kind) = kind::resource(&change.addr.resource.kind) else {
            let text = format!("resource type `{}` is not supported yet", change.addr.resource.kind);
            return Err(Diagnostic::error(text).into());
        };
        let attributes = conform::known(&object.attributes.json(), &kind.schema().block);
        if kind.is_left(&attributes).map_err(failed)? {
            return Ok(());
        }
        let alias = ProviderAddr::from_state(&change.provider).map_err(Diagnostic::error)?;
        let provider = self.providers.at(&alias, region::of(kind.name(), &attributes), &self.scope).await?;
        let patience = patience(kind, Op::Delete, &self.before(change))?;
        let asked = Asked::new(kind, Op::Delete, patience, &provider.aws, &attributes, change);
        let key = kind.key(&attributes).map_err(failed)?;
        let stays = !kind.vanishes() || kind.stays(&attributes).map_err(failed)?;
        let started = Instant::now();
        let mut turn = 0;
        loop {
            let answer = self.patiently(&asked, || kind.delete(&provider.aws, &attributes)).await;
            let missing = match answer {
                Err(error) if error.is_missing() => true,
                Err(error) => return Err(self.refused(&asked, error).await),
                Ok(()) => false,
            };
            if stays || self.is_gone(&asked, &provider, &key, started, missing).await? {
                return Ok(());
            }
            // Made a moment ago, and not known where the call went: it is there all the same.
            self.waits.tick(turn).await;
            turn += 1;
        }
    }

    /// Waits until it is gone. `false` where AWS says that there is no such thing, and shows it still.
    async fn is_gone(
        &self,
        it: &Asked<'_>,
        provider: &Rc<Provider>,
        key: &str,
        started: Instant,
        missing: bool,
    ) -> Result<bool, Diagnostics> {
        let mut turn = 0;
        while let Some(found) = self.waits.read(it.kind, provider, key).await? {
            // What it says at once may be of an attempt before this one.
            if let Status::Failed(why) = &found.status
                && why.starts_with(GIVEN_UP)
                && turn > 0
            {
                return Err(Diagnostic::error(format!("AWS has given its removal up: {why}")).into());
            }
            if started.elapsed() > it.patience {
                let text = format!("not gone {} s after it was deleted", it.patience.as_secs());
                return Err(Diagnostic::error(text)
                    .help("apply again later, or set a longer time under `timeouts`")
                    .into());
            }
            if missing {
                return Ok(false);
            }
            tell("AWS still shows it".to_owned());
            self.waits.tick(turn).await;
            turn += 1;
        }
        Ok(true)
    }
}
