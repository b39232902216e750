//! What can be told only when all has been done: conditions that were not known, outputs, checks.

use crate::diag::Diagnostics;
use crate::engine::checks::Of;
use crate::plan::{Action, PlanMode};

use super::Apply;

impl Apply<'_> {
    /// Evaluates what is left, and notes in the state how all conditions came out.
    pub(super) fn conclude(&self, errors: &mut Diagnostics) {
        let plan = self.request.plan;
        match plan.mode {
            PlanMode::RefreshOnly => {
                self.state.borrow_mut().check_results = plan.checks.to_state();
                return;
            }
            PlanMode::Destroy => {
                self.state.borrow_mut().check_results = serde_json::Value::Null;
                return;
            }
            PlanMode::Normal => {}
        }
        // After a failure much is not known: what the plan has found out stays.
        if !errors.has_errors() {
            errors.extend(self.unchanged());
            errors.extend(self.checks.outputs(self.request.config, &self.scope));
            errors.extend(self.checks.asserts(self.request.config, &self.scope, false));
        }
        self.state.borrow_mut().check_results = self.checks.to_state();
    }

    /// Conditions of what stays as it is: they may look at what has changed.
    fn unchanged(&self) -> Diagnostics {
        let mut errors = Diagnostics::default();
        for change in self.request.plan.changes.iter().filter(|it| it.action == Action::NoOp) {
            let Some(resource) = self.request.config.resource(&change.addr.resource) else { continue };
            let rules = [&resource.lifecycle.preconditions, &resource.lifecycle.postconditions];
            if rules.iter().all(|it| it.is_empty()) {
                continue;
            }
            let Some(own) = errors.take(self.instance(&change.addr)) else { continue };
            let within = self.within(&change.addr, &own).with(change.after.clone());
            let of = Of::resource(&change.addr);
            self.checks.again(&of, &[rules[0], rules[1]]);
            errors.take(self.checks.conditions(of, rules[0], &within));
            errors.take(self.checks.conditions(Of::resource(&change.addr), rules[1], &within));
        }
        errors
    }
}
