//! An expression in a configuration: a tree whose leaves are constants or parsed HCL, with the place
//! of everything, so that both front ends (stack files and `.tf`) give the same thing.

use std::ops::Range;
use std::sync::Arc;

use super::eval;
use super::value::Value;
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};

mod blocks;
mod parse;
mod refs;
pub(super) mod repair;
mod scan;

pub use blocks::{Dynamic, Part};
pub use parse::lone;
pub(super) use parse::{parse_expression, parse_template_text};
pub(super) use refs::static_names;
pub use repair::parse_body;

/// An expression and where it stands.
#[derive(Debug, Clone)]
pub struct Expr {
    pub node: Node,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub enum Node {
    Constant(Value),
    /// A string that holds `${…}` or `%{…}`.
    Template(Arc<hcl_edit::template::Template>, Offsets),
    /// A bare HCL expression.
    Hcl(Arc<hcl_edit::expr::Expression>, Offsets),
    /// A TOML array: evaluates to a tuple.
    Array(Vec<Expr>),
    /// A TOML table: evaluates to an object. Keys are plain text, each with its own place.
    Object(Vec<(Arc<str>, Place, Expr)>),
    /// Nested blocks of a `.tf` file, `dynamic` ones among them: evaluates to a tuple.
    Blocks(Vec<Part>),
}

/// From byte positions in the decoded text that was parsed to byte positions in the file.
#[derive(Debug, Clone)]
pub struct Offsets {
    pub file: Arc<SourceFile>,
    at: At,
}

#[derive(Debug, Clone)]
enum At {
    /// The text stands there as it is, from the first position to the one after it.
    Straight(usize, usize),
    /// One entry per byte of the decoded text, and one for its end.
    Each(Arc<[usize]>),
}

impl Offsets {
    /// From one position per byte of the decoded text, and one for its end.
    pub fn new(file: &Arc<SourceFile>, at: &[usize]) -> Offsets {
        let straight = at.windows(2).all(|it| it[1] == it[0] + 1);
        let at = match (at.first(), at.last()) {
            // Hardly any text has escapes, and there are many.
            (Some(first), Some(last)) if straight => At::Straight(*first, *last),
            _ => At::Each(at.into()),
        };
        Offsets { file: file.clone(), at }
    }

    /// For text that stands in the file as it is.
    pub fn verbatim(file: &Arc<SourceFile>, span: Range<usize>) -> Offsets {
        Offsets { file: file.clone(), at: At::Straight(span.start, span.end) }
    }

    /// The position of a byte, or of the text's end.
    pub fn at(&self, byte: usize) -> Option<usize> {
        match &self.at {
            At::Straight(first, last) => Some(first + byte).filter(|it| it <= last),
            At::Each(all) => all.get(byte).copied(),
        }
    }

    /// Those of the text without its first bytes.
    pub fn without(&self, bytes: usize) -> Offsets {
        let at = match &self.at {
            At::Straight(first, last) => At::Straight((first + bytes).min(*last), *last),
            At::Each(all) => At::Each(all.get(bytes..).unwrap_or(&[]).into()),
        };
        Offsets { file: self.file.clone(), at }
    }

    pub fn place(&self, span: Range<usize>) -> Place {
        let end = match &self.at {
            At::Straight(_, last) => *last,
            At::Each(all) => all.last().copied().unwrap_or_default(),
        };
        let find = |it: usize| self.at(it).unwrap_or(end);
        Place::new(&self.file, find(span.start)..find(span.end).max(find(span.start) + 1))
    }
}

/// A static reference in an expression, such as `aws_vpc.main.id`: its names up to the first index
/// that is no constant (a constant string index counts as a name, a number ends the path).
#[derive(Debug, Clone, PartialEq)]
pub struct Ref {
    pub path: Vec<String>,
    pub place: Place,
}

/// One step of a reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// `.name`, and the name that a reference starts with.
    Name(String),
    /// `[0]`, or `.0` as it was once written.
    Index(u64),
    /// `["key"]`.
    Key(String),
}

/// What an expression can see.
pub trait Env {
    /// Looks up the longest prefix of `path` that this scope knows as a whole (for instance
    /// `["aws_vpc", "main"]` of `["aws_vpc", "main", "id"]`) and says how many names it used.
    fn resolve(&self, path: &[&str]) -> Found;
    /// The folder against which `file(…)` and its like resolve.
    fn base_dir(&self) -> &std::path::Path {
        std::path::Path::new(".")
    }
    /// How many template files this scope is inside of.
    fn template_depth(&self) -> usize {
        0
    }
    /// The time for `timestamp()`, as RFC 3339; `None` while planning, when it is not known yet.
    fn now(&self) -> Option<String> {
        None
    }
    /// The time of the plan for `plantimestamp()`, as RFC 3339; `None` where there is no plan.
    fn plan_time(&self) -> Option<String> {
        None
    }
}

pub enum Found {
    Value(Value, usize),
    /// Not declared (or in error already): the diagnostic, to which the evaluator adds the place.
    Missing(Box<Diagnostic>),
}

impl Expr {
    pub fn constant(value: impl Into<Value>, place: &Place) -> Expr {
        Expr { node: Node::Constant(value.into()), place: place.clone() }
    }

    /// The value in this scope. Everything that is wrong is reported, each with its place.
    pub fn eval(&self, env: &dyn Env) -> Result<Value, Diagnostics> {
        eval::expr(self, env)
    }

    /// Every static reference in it.
    pub fn refs(&self) -> Vec<Ref> {
        refs::of(self)
    }

    /// Every static reference in it with all its steps, up to the first index that is computed.
    pub fn traversals(&self) -> Vec<Vec<Step>> {
        refs::traversals(self).0
    }

    /// Whether it names nothing outside of itself and calls no function: whoever reads it knows its value.
    pub fn is_closed(&self) -> bool {
        let (named, calls) = refs::traversals(self);
        named.is_empty() && !calls
    }

    /// The place of what stands at `path` inside (attribute names and list indexes as text), as deep
    /// as the tree goes: past a template, the template's own place.
    pub fn place_of(&self, path: &[String]) -> Place {
        let Some((first, rest)) = path.split_first() else { return self.place.clone() };
        let inner = match &self.node {
            Node::Array(all) => first.parse::<usize>().ok().and_then(|it| all.get(it)),
            Node::Object(all) => all.iter().find(|it| *it.0 == **first).map(|it| &it.2),
            Node::Blocks(all) => first.parse().ok().and_then(|it| blocks::nth(all, it)),
            _ => None,
        };
        inner.map_or_else(|| self.place.clone(), |it| it.place_of(rest))
    }
}
