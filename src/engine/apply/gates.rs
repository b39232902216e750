//! Rules that could not be checked while planning, because they look at what is made only now: those
//! of variables and outputs. What depends on one that does not hold is not touched.

use std::collections::BTreeSet;

use crate::address::Addr;
use crate::config::Config;
use crate::diag::Diagnostics;
use crate::engine::checks::Of;
use crate::engine::planner::variables;
use crate::graph::{Item, Node};
use crate::plan::PlanMode;
use crate::plan::checks::Subject;

use super::Apply;

/// The variables and outputs of called modules that have rules, and the root's variables.
pub(super) fn of(config: &Config) -> BTreeSet<Node> {
    let mut out = BTreeSet::new();
    for module in config.all() {
        let variables = module.variables.values().filter(|it| !it.validations.is_empty());
        out.extend(variables.map(|it| Node::new(&module.path, Item::Variable(it.name.clone()))));
        if !module.path.is_empty() {
            let outputs = module.outputs.iter().filter(|it| !it.1.preconditions.is_empty());
            out.extend(outputs.map(|it| Node::new(&module.path, Item::Output(it.0.clone()))));
        }
    }
    out
}

impl Apply<'_> {
    /// Checks what stands between a resource and the resources it depends on.
    pub(super) fn pass(&self, addr: &Addr) -> Result<(), Diagnostics> {
        if self.gates.is_empty() {
            return Ok(());
        }
        let graph = self.request.graph;
        let mut seen = BTreeSet::new();
        let mut open = vec![Node::resource(&addr.resource.as_written())];
        let mut errors = Diagnostics::default();
        while let Some(node) = open.pop() {
            for it in graph.refers(&node) {
                if !matches!(it.item, Item::Resource(_)) && seen.insert(it) {
                    errors.take(self.gate(it));
                    open.push(it.clone());
                }
            }
        }
        errors.check(())
    }

    /// Checks all of them, once everything is done.
    pub(super) fn pass_all(&self, errors: &mut Diagnostics) {
        if self.request.plan.mode == PlanMode::Normal {
            for it in &self.gates {
                errors.take(self.gate(it));
            }
        }
    }

    fn gate(&self, node: &Node) -> Result<(), Diagnostics> {
        if !self.gates.contains(node) {
            return Ok(());
        }
        let mut errors = Diagnostics::default();
        for path in self.scope.instances_of(&node.module) {
            let Some(module) = self.request.config.module(&path) else { continue };
            let env = self.scope.module(&path);
            match &node.item {
                Item::Variable(name) => {
                    let variable = module.variables.get(name);
                    errors.take(
                        variable
                            .map_or(Ok(()), |it| variables::check_variable(it, &path, &self.checks, &env)),
                    );
                }
                Item::Output(name) => {
                    let rules = module.outputs.get(name).map_or(&[][..], |it| &it.preconditions);
                    let of = Of::named(Subject::Output, &path, "output", name);
                    self.checks.again(&of, &[rules]);
                    errors.take(self.checks.conditions(of, rules, &env));
                }
                _ => {}
            }
        }
        errors.check(())
    }
}
