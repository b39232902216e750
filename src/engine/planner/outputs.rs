//! Outputs: those of the stack change, those of called modules are only looked at.

use super::{Planner, orphans};
use crate::address::{ModulePath, ResourceAddr};
use crate::config::Output;
use crate::diag::Diagnostic;
use crate::engine::checks::Of;
use crate::graph::{Item, Node};
use crate::plan::PlanMode;
use crate::plan::checks::Subject;

impl Planner<'_> {
    /// Whether it is a local value or an output that hangs on something that is left out, and may not be
    /// there at all.
    pub(super) fn hangs_on_left_out(&self, node: &Node) -> bool {
        let follows = matches!(node.item, Item::Local(_) | Item::Output(_)) && self.included.is_some();
        follows && self.request.graph.nearest(node).iter().any(|it| self.skipped(it))
    }

    pub(super) fn output(&mut self, name: &str) {
        let Some(it) = self.request.config.outputs.get(name) else { return };
        if self.included.is_some() {
            let needs = self.request.graph.nearest(&Node::new(&Vec::new(), Item::Output(name.to_owned())));
            // As Terraform has it: only what follows from what the plan is about.
            let gaps = |it: &ResourceAddr| {
                let mut unmade = self.spared.iter().filter(|it| self.state.object(it).is_none());
                unmade.any(|left| left.resource.as_written() == *it)
            };
            if needs.is_empty() || needs.iter().any(|it| self.skipped(it) || gaps(it)) {
                return;
            }
        }
        let root = self.scope.module(&Vec::new());
        let of = Of::named(Subject::Output, &Vec::new(), "output", name);
        let rules = self.checks.conditions(of, &it.preconditions, &root);
        self.errors.take(rules);
        let value = it.value.eval(&root);
        let Some(after) = self.errors.take(value) else { return };
        if after.deep_marks().ephemeral {
            return self.errors.push(transient_output(name, it, true));
        }
        if after.deep_marks().sensitive && !it.sensitive {
            let one =
                Diagnostic::error(format!("output `{name}` shows a sensitive value")).at(&it.value.place);
            self.errors.push(one.help("add `sensitive = true` to the output if that is meant"));
        }
        if self.request.mode == PlanMode::RefreshOnly && !after.wholly_known() {
            // It is known once what it needs is made: not by looking.
            return;
        }
        let change = orphans::output_change(self.state.outputs.get(name), after, it.sensitive);
        self.outputs.insert(name.to_owned(), change);
    }

    /// An output of a called module, for what is wrong with it.
    pub(super) fn inner_output(&mut self, path: &ModulePath, name: &str) {
        let module = self.request.config.module(path);
        let Some(it) = module.and_then(|it| it.outputs.get(name)) else { return };
        let scope = self.scope.module(path);
        let of = Of::named(Subject::Output, path, "output", name);
        let held = self.checks.conditions(of, &it.preconditions, &scope);
        self.errors.take(held);
        let value = self.errors.take(scope.output(name));
        if value.is_some_and(|it| it.deep_marks().ephemeral) && !it.ephemeral {
            self.errors.push(transient_output(name, it, false));
        }
    }
}

/// For an output that gives an ephemeral value and is not declared so.
fn transient_output(name: &str, it: &Output, root: bool) -> Diagnostic {
    let one = Diagnostic::error(format!("output `{name}` gives an ephemeral value")).at(&it.value.place);
    match root {
        true => one.help("what a stack gives is kept in its state: give something that may be kept"),
        false => one.help("add `ephemeral = true` to the output"),
    }
}
