//! Deleting one object, and waiting until it is gone.

use tokio::time::Instant;

use crate::config::ProviderAddr;
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::operations::Step;
use crate::kind;
use crate::plan::Change;
use crate::resource::Op;
use crate::schema::{conform, region};
use crate::state::Object;

use super::Apply;
use super::settle::{failed, patience, patiently};

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

    fn held(&self, change: &Change, aside: Option<&str>) -> Option<Object> {
        let state = self.state.borrow();
        let instance = state.resources.get(&change.addr.resource)?.instances.get(&change.addr.key)?;
        let object = match aside {
            Some(key) => instance.deposed.get(key),
            None => instance.current.as_ref(),
        };
        object.map(|it| Object::clone(it))
    }

    async fn try_delete(&self, change: &Change, aside: Option<&str>) -> Result<(), Diagnostics> {
        let Some(object) = self.held(change, aside) else { return Ok(()) };
        let Some(kind) = kind::resource(&change.addr.resource.kind) else {
            let text = format!("resource type `{}` is not supported yet", change.addr.resource.kind);
            return Err(Diagnostic::error(text).into());
        };
        let attributes = conform::known(&object.attributes, &kind.schema().block);
        if kind.is_left(&attributes).map_err(failed)? {
            return Ok(());
        }
        let alias = ProviderAddr::from_state(&change.provider).map_err(Diagnostic::error)?;
        let provider = self.providers.at(&alias, region::of(kind.name(), &attributes), &self.scope).await?;
        let patience = patience(kind, Op::Delete, &change.before)?;
        let call = || kind.delete(&provider.aws, &attributes);
        match patiently(kind, Op::Delete, patience, call).await {
            Ok(()) => {}
            Err(error) if error.is_missing() => return Ok(()),
            Err(error) => return Err(failed(error)),
        }
        if !kind.vanishes() {
            return Ok(());
        }
        let key = kind.key(&attributes).map_err(failed)?;
        let started = Instant::now();
        let mut turn = 0;
        while self.waits.read(kind, &provider, &key).await?.is_some() {
            if started.elapsed() > patience {
                let text = format!("not gone {} s after it was deleted", patience.as_secs());
                return Err(Diagnostic::error(text)
                    .help("apply again later, or set a longer time under `timeouts`")
                    .into());
            }
            self.waits.tick(turn).await;
            turn += 1;
        }
        Ok(())
    }
}
