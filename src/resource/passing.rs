//! Refusals that pass with time: tables of AWS's own codes and words, shared by the types of a service.

use crate::aws::Error;

use super::{Op, Resource};

/// A refusal after which the same call is worth repeating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passing {
    ops: &'static [Op],
    /// AWS's code; a `*` in it stands for anything.
    code: &'static str,
    /// What the message says; nothing where the code is enough.
    says: &'static str,
    /// What it does not say.
    lacks: &'static str,
    pub until: Until,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// All of the service knows what the call names: minutes at most, whatever the type's patience.
    Seen,
    /// What uses it lets go, or what is being done is done: as long as the operation may take.
    Free,
}

/// Making and changing.
pub const CHANGES: &[Op] = &[Op::Create, Op::Update];
const ALL: &[Op] = &[Op::Create, Op::Update, Op::Delete];

impl Passing {
    const fn new(ops: &'static [Op], code: &'static str, until: Until) -> Self {
        Passing { ops, code, says: "", lacks: "", until }
    }

    /// While making or changing: what the call names was made a moment ago, and is not known
    /// everywhere yet.
    pub const fn unseen(code: &'static str) -> Self {
        Self::new(CHANGES, code, Until::Seen)
    }

    /// Always: something else is being done to it, or too much at once.
    pub const fn busy(code: &'static str) -> Self {
        Self::new(ALL, code, Until::Free)
    }

    /// While removing: something still uses it.
    pub const fn in_use(code: &'static str) -> Self {
        Self::new(&[Op::Delete], code, Until::Free)
    }

    /// Only during these operations.
    pub const fn on(self, ops: &'static [Op]) -> Self {
        Passing { ops, ..self }
    }

    /// Only where the message says this. Letters' case does not matter.
    pub const fn saying(self, says: &'static str) -> Self {
        Passing { says, ..self }
    }

    /// Not where the message says this.
    pub const fn not_saying(self, lacks: &'static str) -> Self {
        Passing { lacks, ..self }
    }

    pub fn fits(&self, op: Op, error: &Error) -> bool {
        let Some(code) = error.code() else { return false };
        let message = error.message().to_lowercase();
        self.ops.contains(&op)
            && is_code(self.code, code)
            && message.contains(&self.says.to_lowercase())
            && (self.lacks.is_empty() || !message.contains(&self.lacks.to_lowercase()))
    }
}

fn is_code(pattern: &str, code: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == code,
        Some((start, end)) => {
            code.len() >= start.len() + end.len() && code.starts_with(start) && code.ends_with(end)
        }
    }
}

/// The rule of these tables by which a refusal passes, if any.
pub fn passing(tables: &'static [&'static [Passing]], op: Op, error: &Error) -> Option<&'static Passing> {
    tables.iter().copied().flatten().find(|it| it.fits(op, error))
}

/// What has to happen until this refusal passes, for this type; `None` where it does not.
pub fn passes<R: Resource>(op: Op, error: &Error) -> Option<Until> {
    passing(R::PASSING, op, error).map(|it| it.until)
}

/// Whether it is refused to remove this because something uses it.
pub fn is_in_use<R: Resource>(op: Op, error: &Error) -> bool {
    op == Op::Delete && passes::<R>(op, error) == Some(Until::Free)
}

#[cfg(test)]
mod tests;
