//! What will change and why. Pure.

pub mod adjust;
pub mod checks;
pub mod diff;
pub mod expand;
pub mod file;
pub mod globs;
pub mod moves;
pub mod reconcile;
pub mod scope;
pub mod sdk;
pub mod sensitive;

use std::collections::BTreeMap;

use crate::address::{Addr, Mode, ResourceAddr};
use crate::lang::{Type, Value};
use crate::state::State;

/// Everything that an apply will do, and what was seen on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub mode: PlanMode,
    pub stack: String,
    pub env: String,
    /// The root variables' values the plan was made with.
    pub variables: BTreeMap<String, Value>,
    /// The state that was read, refreshed. Lineage and serial are those of the stored one.
    pub state: State,
    /// Sorted by address; no-ops and data sources read during the plan included.
    pub changes: Vec<Change>,
    /// What had changed outside, and is worth telling beside the changes: found by the refresh.
    pub drift: Vec<Change>,
    /// What had changed outside besides: none of the changes follows from it.
    pub more_drift: Vec<Change>,
    /// The attributes that the changes were computed from.
    pub relevant: Vec<Relevant>,
    pub outputs: BTreeMap<String, OutputChange>,
    /// How the conditions of the configuration came out, as far as they are known.
    pub checks: checks::Results,
    /// When it was made, RFC 3339: `plantimestamp()`.
    pub timestamp: String,
    /// Addresses and patterns of `--target`, as given.
    pub targets: Vec<String>,
    /// The same of `--exclude`.
    pub excludes: Vec<String>,
    /// What `--target` or `--exclude` left out: what would be done to it is not known.
    pub left_out: Vec<String>,
}

/// An attribute of a resource or data source: the address, and names and indexes from there.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Relevant {
    pub resource: String,
    pub attribute: Vec<serde_json::Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanMode {
    Normal,
    Destroy,
    RefreshOnly,
}

/// What happens to one instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub addr: Addr,
    /// Where the state kept it so far, where that is not here.
    pub moved_from: Option<Addr>,
    /// The id by which it is taken up, where this plan imports it.
    pub importing: Option<String>,
    /// The key of the deposed object it is about, where it is about one.
    pub deposed: Option<String>,
    /// As in the state file.
    pub provider: String,
    pub action: Action,
    pub reason: Option<Reason>,
    /// The whole object as it is; null where there is none.
    pub before: Value,
    /// The whole object as it will be, unknown where AWS decides; null where it will be gone.
    pub after: Value,
    /// Attribute paths that force the replacement: names, and indexes as text.
    pub replace_paths: Vec<Vec<String>>,
    /// What has to be there before it, and to go after it.
    pub dependencies: Vec<ResourceAddr>,
    /// Decided once for every life of the object: kept in the state.
    pub create_before_destroy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    NoOp,
    Create,
    /// A data source that is read during the apply.
    Read,
    Update,
    /// Delete, then create: `-/+`.
    Replace,
    /// Create, then delete: `+/-`.
    CreateThenDelete,
    Delete,
    /// Leave it at AWS, drop it from the state.
    Forget,
}

/// Why, in the words of Terraform's plan JSON (`action_reason`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    ReplaceBecauseTainted,
    ReplaceByRequest,
    ReplaceByTriggers,
    ReplaceBecauseCannotUpdate,
    DeleteBecauseNoResourceConfig,
    DeleteBecauseWrongRepetition,
    DeleteBecauseCountIndex,
    DeleteBecauseEachKey,
    DeleteBecauseNoModule,
    ReadBecauseConfigUnknown,
    ReadBecauseDependencyPending,
    ReadBecauseCheckNested,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OutputChange {
    pub action: Action,
    /// Null where it was not there.
    pub before: Value,
    pub after: Value,
    pub sensitive: bool,
}

impl Plan {
    /// Whether an apply would do anything.
    pub fn is_empty(&self) -> bool {
        let still = |it: Action| matches!(it, Action::NoOp);
        let stays = |it: &Change| still(it.action) && it.moved_from.is_none() && it.importing.is_none();
        self.changes.iter().all(stays) && self.outputs.values().all(|it| still(it.action))
    }
    /// Whether there is something to apply: changes, or news for the state where that is all that was
    /// asked for.
    pub fn applies(&self) -> bool {
        let news = |it: &Change| it.action != Action::NoOp || it.moved_from.is_some();
        !self.is_empty() || self.mode == PlanMode::RefreshOnly && self.drift.iter().any(news)
    }
    /// Whether anything that is there goes.
    pub fn destroys(&self) -> bool {
        let goes = |it: Action| matches!(it, Action::Delete | Action::Replace | Action::CreateThenDelete);
        self.changes.iter().any(|it| goes(it.action) && it.addr.resource.mode == Mode::Managed)
    }
    /// Whether it is about all of the stack.
    pub fn is_complete(&self) -> bool {
        self.targets.is_empty() && self.excludes.is_empty()
    }
    /// Everything that had changed outside, sorted by address.
    pub fn all_drift(&self) -> Vec<&Change> {
        let mut out: Vec<_> = self.drift.iter().chain(&self.more_drift).collect();
        out.sort_by(|a, b| (&a.addr, &a.deposed).cmp(&(&b.addr, &b.deposed)));
        out
    }
    /// What it takes to carry it out. What is created is computed anew from what is known by then, what is deleted
    /// stands in the state, and what had changed outside has been told: objects that nobody looks at any more.
    pub fn to_carry_out(mut self) -> Plan {
        for it in &mut self.changes {
            match it.action {
                Action::Create if it.importing.is_none() => it.after = Value::null(Type::Any),
                Action::Delete => it.before = Value::null(Type::Any),
                _ => {}
            }
        }
        (self.drift, self.more_drift, self.relevant) = Default::default();
        self
    }
    /// How many resources will be imported.
    pub fn imported(&self) -> usize {
        self.changes.iter().filter(|it| it.importing.is_some()).count()
    }
    /// How many resources will be added, changed and destroyed: the summary line's numbers.
    pub fn counts(&self) -> (usize, usize, usize) {
        let mut out = (0, 0, 0);
        for it in &self.changes {
            match it.action {
                Action::Create => out.0 += 1,
                Action::Update => out.1 += 1,
                Action::Delete => out.2 += 1,
                Action::Replace | Action::CreateThenDelete => {
                    out.0 += 1;
                    out.2 += 1;
                }
                Action::NoOp | Action::Read | Action::Forget => {}
            }
        }
        out
    }
}
