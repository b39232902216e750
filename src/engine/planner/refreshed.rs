//! A refresh alone: nothing is planned, and outputs follow from what exists.

use crate::address::ResourceAddr;
use crate::config::Resource;
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::engine::checks::Of;
use crate::kind;
use crate::plan::scope::Within;
use crate::plan::sensitive;

use super::Planner;

impl Planner<'_> {
    pub(super) async fn refreshed(&mut self) {
        self.visit().await;
        self.checked();
        // What depends on something that is not made yet stays as it was told last.
        self.outputs.retain(|_, it| it.after.wholly_known());
        self.changes.clear();
        self.forget_outputs();
    }

    /// A resource as the state has it; one that is not made yet is not known.
    pub(super) fn as_it_is(&mut self, resource: &Resource, addr: &ResourceAddr) {
        match self.state.resources.contains_key(addr) {
            true => self.keep(addr),
            false => return self.scope.obscure(addr),
        }
        let rules = &resource.lifecycle;
        if !self.skipped(addr) && (!rules.preconditions.is_empty() || !rules.postconditions.is_empty()) {
            self.see_conditions(resource, addr);
        }
    }

    /// How the conditions of all instances come out: one that does not hold stops nobody from looking.
    fn see_conditions(&mut self, resource: &Resource, addr: &ResourceAddr) {
        let Some(kind) = kind::resource(&addr.kind) else { return };
        let block = &kind.schema().block;
        let instances = self.instances(resource, &self.scope.module(&addr.module));
        let Some(Some(instances)) = self.errors.take(instances) else { return };
        for it in &instances {
            let at = addr.instance(it.key.clone());
            let Some(object) = self.state.object(&at) else { continue };
            let within = Within::new(self.scope.module(&addr.module), it);
            let before =
                self.checks.conditions(Of::resource(&at), &resource.lifecycle.preconditions, &within);
            let own = within.again().with(sensitive::of(object, block));
            let after = self.checks.conditions(Of::resource(&at), &resource.lifecycle.postconditions, &own);
            for errors in [before, after].into_iter().filter_map(Result::err) {
                self.errors.extend(softened(errors));
            }
        }
    }
}

fn softened(errors: Diagnostics) -> Diagnostics {
    Diagnostics(errors.into_iter().map(|it| Diagnostic { severity: Severity::Warning, ..it }).collect())
}
