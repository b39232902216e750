//! How the conditions of a configuration came out: of resources and data sources, outputs, variables,
//! and `check` blocks. Kept in the state as Terraform keeps them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::config::{Config, Rule};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Type, Value};

/// What has conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Resource,
    Output,
    Check,
    Var,
}

/// In the order of importance: of several, the greatest counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Pass,
    /// Not known before the apply.
    Unknown,
    Fail,
    /// It could not be evaluated.
    Error,
}

/// One instance of something that has conditions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub status: Status,
    pub messages: Vec<String>,
}

impl Outcome {
    fn add(&mut self, other: Outcome) {
        self.status = self.status.max(other.status);
        self.messages.extend(other.messages);
    }
}

/// Everything that has conditions: by kind and address without keys, then by address.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Results(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub subject: Subject,
    /// Without keys: `module.m.aws_vpc.a`.
    pub addr: String,
    pub objects: BTreeMap<String, Outcome>,
}

impl Entry {
    pub fn status(&self) -> Status {
        self.objects.values().map(|it| it.status).max().unwrap_or_default()
    }
}

impl Results {
    /// Sorted by address.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// It has conditions, though perhaps no instance.
    pub fn declare(&mut self, subject: Subject, addr: &str) {
        self.entry(subject, addr);
    }

    fn entry(&mut self, subject: Subject, addr: &str) -> &mut Entry {
        let at = match self.0.binary_search_by(|it| (it.addr.as_str(), it.subject).cmp(&(addr, subject))) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, Entry { subject, addr: addr.to_owned(), objects: BTreeMap::new() });
                at
            }
        };
        &mut self.0[at]
    }

    /// Forgets how an instance came out: it is looked at again.
    pub fn reset(&mut self, subject: Subject, addr: &str, object: &str) {
        self.entry(subject, addr).objects.insert(object.to_owned(), Outcome::default());
    }

    /// More about an instance.
    pub fn add(&mut self, subject: Subject, addr: &str, object: &str, outcome: Outcome) {
        self.entry(subject, addr).objects.entry(object.to_owned()).or_default().add(outcome);
    }

    /// As the state keeps them; null where nothing has conditions.
    pub fn to_state(&self) -> Json {
        if self.0.is_empty() {
            return Json::Null;
        }
        self.0.iter().map(entry_json).collect()
    }
}

fn entry_json(it: &Entry) -> Json {
    let objects: Vec<Json> = it.objects.iter().map(|(addr, it)| object_json(addr, it)).collect();
    json!({
        "object_kind": it.subject,
        "config_addr": it.addr,
        "status": it.status(),
        "objects": if objects.is_empty() { Json::Null } else { objects.into() },
    })
}

fn object_json(addr: &str, it: &Outcome) -> Json {
    let mut out = json!({ "object_addr": addr, "status": it.status });
    if !it.messages.is_empty() {
        out["failure_messages"] = json!(it.messages);
    }
    out
}

/// Everything of a configuration that has conditions.
pub fn declared(root: &Config) -> Results {
    let mut out = Results::default();
    for config in root.all() {
        let within: String = config.path.iter().map(|it| format!("module.{}.", it.0)).collect();
        let rules = |it: &[Rule]| !it.is_empty();
        for it in config.resources.values() {
            if rules(&it.lifecycle.preconditions) || rules(&it.lifecycle.postconditions) {
                out.declare(Subject::Resource, &it.addr.to_string());
            }
        }
        for (name, _) in config.outputs.iter().filter(|it| rules(&it.1.preconditions)) {
            out.declare(Subject::Output, &format!("{within}output.{name}"));
        }
        for (name, _) in config.variables.iter().filter(|it| rules(&it.1.validations)) {
            out.declare(Subject::Var, &format!("{within}var.{name}"));
        }
        for name in config.checks.keys() {
            out.declare(Subject::Check, &format!("{within}check.{name}"));
        }
    }
    out
}

/// How one condition came out.
pub enum Held {
    Yes,
    Unknown,
    /// With its message, or why that is not shown.
    No(String),
}

/// Evaluates a condition, and its message where it does not hold.
pub fn held(rule: &Rule, env: &dyn Env) -> Result<Held, Diagnostics> {
    let value = rule.condition.eval(env)?;
    if value.is_unknown() {
        return Ok(Held::Unknown);
    }
    match value.convert(&Type::Bool).ok().and_then(|it| it.as_bool()) {
        Some(true) => Ok(Held::Yes),
        None => Err(Diagnostic::error("a condition must be true or false").at(&rule.condition.place).into()),
        Some(false) => {
            let message = rule.error_message.eval(env)?;
            let marks = message.deep_marks();
            let message = message.convert(&Type::String).ok();
            let text = match message.as_ref().and_then(Value::as_str) {
                _ if marks.ephemeral => "a condition does not hold (its message holds an ephemeral value)",
                _ if marks.sensitive => "a condition does not hold (its message holds a sensitive value)",
                Some(text) if !text.is_empty() => text,
                _ => "a condition does not hold",
            };
            Ok(Held::No(text.to_owned()))
        }
    }
}

/// Evaluates conditions that have to hold; one that is not known yet is evaluated again when it is.
pub fn conditions(rules: &[Rule], env: &dyn Env, subject: &str) -> (Outcome, Diagnostics) {
    let (mut outcome, mut errors) = (Outcome::default(), Diagnostics::default());
    for rule in rules {
        match held(rule, env) {
            Ok(Held::Yes) => {}
            Ok(Held::Unknown) => outcome.status = outcome.status.max(Status::Unknown),
            Ok(Held::No(text)) => {
                outcome.status = outcome.status.max(Status::Fail);
                outcome.messages.push(text.clone());
                let one = Diagnostic::error(text).at(&rule.condition.place).label(BROKEN);
                errors.push(one.about(subject));
            }
            Err(wrong) => {
                outcome.status = Status::Error;
                errors.extend(wrong.into_iter().map(|mut it| {
                    it.address.get_or_insert_with(|| subject.to_owned());
                    it
                }));
            }
        }
    }
    (outcome, errors)
}

/// What stands under a condition that does not hold.
pub const BROKEN: &str = "this does not hold";

/// Evaluates the assertions of a check: what does not hold is a warning.
pub fn assertions(rules: &[Rule], env: &dyn Env, subject: &str, planning: bool) -> (Outcome, Diagnostics) {
    let (mut outcome, mut out) = (Outcome::default(), Diagnostics::default());
    for rule in rules {
        let warning = |text: &str| Diagnostic::warning(text).at(&rule.condition.place).about(subject);
        match held(rule, env) {
            Ok(Held::Yes) => {}
            Ok(Held::Unknown) => {
                outcome.status = outcome.status.max(Status::Unknown);
                let one = warning("this is checked during the apply: it is not known yet");
                let late = warning("this could not be checked: it is not known");
                out.push(if planning { one } else { late });
            }
            Ok(Held::No(text)) => {
                outcome.status = outcome.status.max(Status::Fail);
                out.push(warning(&text).label(BROKEN));
                outcome.messages.push(text);
            }
            Err(wrong) => {
                outcome.status = Status::Error;
                out.extend(wrong);
            }
        }
    }
    (outcome, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_all_counts() {
        let mut all = Results::default();
        all.declare(Subject::Resource, "aws_vpc.none");
        let told = |status, text: &str| Outcome { status, messages: vec![text.to_owned()] };
        all.add(Subject::Check, "check.a", "check.a", told(Status::Fail, "no"));
        all.add(Subject::Check, "check.a", "check.a", Outcome::default());
        all.add(Subject::Var, "var.v", "var.v", Outcome { status: Status::Unknown, messages: Vec::new() });
        let wanted = json!([
            { "object_kind": "resource", "config_addr": "aws_vpc.none", "status": "pass", "objects": null },
            { "object_kind": "check", "config_addr": "check.a", "status": "fail", "objects": [
                { "object_addr": "check.a", "status": "fail", "failure_messages": ["no"] } ] },
            { "object_kind": "var", "config_addr": "var.v", "status": "unknown", "objects": [
                { "object_addr": "var.v", "status": "unknown" } ] },
        ]);
        assert_eq!(all.to_state(), wanted);
        assert_eq!(Results::default().to_state(), Json::Null);
    }
}
