//! What stands in the way of an operation that AWS refuses, for people.

use std::time::Duration;

use crate::aws::{Error, Result};

/// The most that is named of each sort.
pub const NAMED: usize = 10;

/// What stands in the way, as far as it could be looked up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Blockers {
    pub all: Vec<Blocker>,
    /// How many more there are than are named.
    pub more: usize,
    /// What could not be looked at, and why.
    pub unasked: Vec<String>,
    /// What to do about it, where there is something better to say than to remove it.
    pub help: Option<String>,
}

/// One thing in the way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Blocker {
    /// What it is, such as `network interface eni-0a1b2c`.
    pub what: String,
    /// Whose it is: the service or the thing that has to let go of it.
    pub owner: Option<String>,
    /// By which the state may know it or its owner.
    pub ids: Vec<String>,
    /// It goes away by itself, within this time at worst.
    pub leaves: Option<Duration>,
}

impl Blocker {
    /// `kind` and id, such as `subnet subnet-0a1b2c`.
    pub fn new(kind: &str, id: &str) -> Self {
        Blocker { what: format!("{kind} {id}"), ids: vec![id.to_owned()], ..Blocker::default() }
    }

    /// The same with a name or the like behind it, in brackets.
    pub fn named(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name.filter(|it| !it.is_empty()) {
            self.what = format!("{} ({name})", self.what);
        }
        self
    }

    pub fn of(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// The state may know its owner by this.
    pub fn known_by(mut self, id: impl Into<String>) -> Self {
        self.ids.push(id.into());
        self
    }

    /// One line.
    pub fn text(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{}: {owner}", self.what),
            None => self.what.clone(),
        }
    }
}

impl Blockers {
    /// Names some of them, and counts the others.
    pub fn add(&mut self, found: impl IntoIterator<Item = Blocker>) {
        let mut found = found.into_iter();
        self.all.extend(found.by_ref().take(NAMED));
        self.more += found.count();
    }

    /// The same of a look-up that may have been refused: then that is noted.
    pub fn ask(&mut self, what: &str, found: Result<Vec<Blocker>>) {
        match found {
            Ok(found) => self.add(found),
            Err(error) => self.unasked.push(unasked(what, &error)),
        }
    }

    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.unasked.is_empty() && self.help.is_none()
    }
}

/// A word about a look-up that was refused.
pub fn unasked(what: &str, error: &Error) -> String {
    format!("{what} could not be looked up: {error}")
}
