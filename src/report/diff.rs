//! What differs between two values, as a tree that `draw` turns into text. Which differences count,
//! and how items of lists and sets are paired, is Terraform's.

mod block;
mod pair;
mod sequence;
mod value;

pub use block::block;
pub use pair::Pair;
pub use sequence::{pairs, same};
pub use value::{dynamic, value};

use crate::lang::Value;

/// What happens to a value or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Same,
    Add,
    Remove,
    Change,
}

impl Mark {
    /// The mark of a whole whose parts so far gave `self`, and now `next`.
    pub fn with(self, next: Mark) -> Mark {
        match next {
            Mark::Same => self,
            _ if self == next => self,
            _ => Mark::Change,
        }
    }

    /// Of a whole, before its parts are looked at.
    fn of_whole(before: bool, after: bool) -> Mark {
        match (before, after) {
            (false, true) => Mark::Add,
            (true, false) => Mark::Remove,
            _ => Mark::Same,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Diff {
    pub what: What,
    pub mark: Mark,
    /// Its change forces the replacement.
    pub replace: bool,
}

#[derive(Debug, Clone)]
pub enum What {
    /// Text, a number, a truth value or null.
    Plain(Box<(Option<Value>, Option<Value>)>),
    /// Known after the apply; before it there may have been something.
    Unknown(Option<Box<Diff>>),
    /// Never shown; the mark is that of what is hidden.
    Sensitive {
        hidden: Mark,
        before: bool,
        after: bool,
    },
    /// Sent and never kept: there is nothing to show.
    WriteOnly,
    /// A nested block that is never shown.
    SensitiveBlock,
    /// Of another type than it was.
    Retyped(Box<Diff>, Box<Diff>),
    /// Order matters: neighbours of a change are shown.
    List(Vec<Diff>),
    Set(Vec<Diff>),
    Map(Vec<(String, Diff)>),
    Object(Vec<(String, Diff)>),
    /// The body of a resource or of a nested block.
    Block(Body),
}

/// A body: attributes, then nested blocks, each sorted by name.
#[derive(Debug, Clone, Default)]
pub struct Body {
    pub attributes: Vec<(String, Diff)>,
    pub blocks: Vec<Group>,
}

/// All nested blocks of one name.
#[derive(Debug, Clone)]
pub struct Group {
    pub name: String,
    pub blocks: Vec<Diff>,
    /// The group as a whole forces the replacement.
    pub replace: bool,
}

impl Diff {
    pub fn new(what: What, mark: Mark, replace: bool) -> Self {
        Diff { what, mark, replace }
    }
}
