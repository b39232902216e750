//! Conditions and checks, evaluated where plan and apply have come to them, and what came of each.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::address::{Addr, ModulePath, as_written};
use crate::config::{Config, Resource, Rule};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::lang::Env;
use crate::plan::checks::{self, Outcome, Results, Status, Subject};
use crate::plan::scope::Scope;

/// What is known so far.
#[derive(Default)]
pub struct Checks {
    results: RefCell<Results>,
    /// Checks whose own data source could not be read: by their address.
    blind: RefCell<BTreeMap<String, Outcome>>,
}

impl Checks {
    pub fn new(results: Results) -> Self {
        Checks { results: RefCell::new(results), blind: RefCell::default() }
    }

    pub fn into_results(self) -> Results {
        self.results.into_inner()
    }

    /// As the state keeps them.
    pub fn to_state(&self) -> serde_json::Value {
        self.results.borrow().to_state()
    }

    /// Evaluates conditions of one thing that has to obey them.
    pub fn conditions(&self, of: Of, rules: &[Rule], env: &dyn Env) -> Result<(), Diagnostics> {
        if rules.is_empty() {
            return Ok(());
        }
        let (outcome, errors) = checks::conditions(rules, env, &of.object);
        self.results.borrow_mut().add(of.subject, &of.addr, &of.object, outcome);
        errors.check(())
    }

    /// Forgets what is known of one thing: it is about to be evaluated again.
    pub fn again(&self, of: &Of, rules: &[&[Rule]]) {
        if rules.iter().any(|it| !it.is_empty()) {
            self.results.borrow_mut().reset(of.subject, &of.addr, &of.object);
        }
    }

    /// A check's own data source could not be read: that is a warning, and what the check comes to.
    pub fn unread(
        &self,
        root: &Config,
        resource: &Resource,
        addr: &Addr,
        errors: Diagnostics,
    ) -> Diagnostics {
        let Some(check) = scoped(root, resource) else { return errors };
        let of = Of::named(Subject::Check, &addr.resource.module, "check", check);
        let messages = errors.0.iter().map(|it| it.summary.clone()).collect();
        self.blind.borrow_mut().insert(of.object.clone(), Outcome { status: Status::Fail, messages });
        let soften = |it: Diagnostic| Diagnostic { severity: Severity::Warning, ..it };
        Diagnostics(errors.into_iter().map(soften).collect())
    }

    /// Every check of the stack, in every instance of its module.
    pub fn asserts(&self, root: &Config, scope: &Scope<'_>, planning: bool) -> Diagnostics {
        let mut out = Diagnostics::default();
        for config in root.all() {
            for path in scope.instances_of(&config.path) {
                for (name, check) in &config.checks {
                    let of = Of::named(Subject::Check, &path, "check", name);
                    let blind = self.blind.borrow().get(&of.object).cloned();
                    let (outcome, told) = match blind {
                        Some(outcome) => (outcome, Diagnostics::default()),
                        None => {
                            checks::assertions(&check.asserts, &scope.module(&path), &of.object, planning)
                        }
                    };
                    self.again(&of, &[&check.asserts]);
                    self.results.borrow_mut().add(of.subject, &of.addr, &of.object, outcome);
                    out.extend(told);
                }
            }
        }
        out
    }

    /// The preconditions of every output, once everything is known.
    pub fn outputs(&self, root: &Config, scope: &Scope<'_>) -> Diagnostics {
        let mut errors = Diagnostics::default();
        for config in root.all() {
            for path in scope.instances_of(&config.path) {
                for (name, output) in &config.outputs {
                    let of = Of::named(Subject::Output, &path, "output", name);
                    self.again(&of, &[&output.preconditions]);
                    errors.take(self.conditions(of, &output.preconditions, &scope.module(&path)));
                }
            }
        }
        errors
    }
}

/// The name of the check that this data source belongs to.
pub fn scoped<'c>(root: &'c Config, resource: &Resource) -> Option<&'c str> {
    let config = root.module(&resource.addr.module)?;
    let found = config.checks.values().find(|it| it.data.as_ref() == Some(&resource.addr));
    found.map(|it| it.name.as_str())
}

/// One thing that has conditions: its kind, its address without keys, its address.
pub struct Of {
    subject: Subject,
    addr: String,
    object: String,
}

impl Of {
    pub fn resource(addr: &Addr) -> Self {
        let written = addr.resource.as_written().to_string();
        Of { subject: Subject::Resource, addr: written, object: addr.to_string() }
    }

    /// `module.m[0].output.vpc`.
    pub fn named(subject: Subject, path: &ModulePath, word: &str, name: &str) -> Self {
        let text = |path: &ModulePath| {
            let within: String = path.iter().map(|(name, key)| format!("module.{name}{key}.")).collect();
            format!("{within}{word}.{name}")
        };
        Of { subject, addr: text(&as_written(path)), object: text(path) }
    }
}
