//! Bringing values into a schema's shape: what the stack says, and what a state holds.

use super::{Block, NestedBlock, Nesting};
use crate::config::Body;
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::{Env, Kind, Type, Value};

mod blocks;
mod checks;
pub mod extra;
mod spot;
mod state;
#[cfg(test)]
mod tests;

pub use state::{from_state, known, to_state, typed};

use blocks::Conform;

/// Evaluates a body: the value is an object of the block's type. Defaults are not applied; what is
/// absent is null, absent nested blocks are empty. Everything that is wrong is reported, about
/// `subject`, at its place; what is missing has no place: see [`body_at`].
pub fn body(body: &Body, block: &Block, env: &dyn Env, subject: &str) -> Result<Value, Diagnostics> {
    Conform::new(subject, env).whole(body, block, None)
}

/// As [`body`]; what is missing is told at the header.
pub fn body_at(
    body: &Body,
    block: &Block,
    env: &dyn Env,
    subject: &str,
    header: &Place,
) -> Result<Value, Diagnostics> {
    Conform::new(subject, env).whole(body, block, Some(header))
}

/// Checks the paths of `ignore_changes`.
pub fn ignored(paths: &[(Vec<String>, Place)], block: &Block, subject: &str) -> Result<(), Diagnostics> {
    let mut errors = Diagnostics::default();
    for (path, place) in paths {
        if let Some(error) = lacks(path, &block.ty()) {
            errors.push(error.at(place).about(subject));
        }
    }
    errors.check(())
}

/// What is wrong with a path into a type.
fn lacks(path: &[String], ty: &Type) -> Option<Diagnostic> {
    let (first, rest) = path.split_first()?;
    let error = || Diagnostic::error(format!("there is no `{first}` to ignore changes of"));
    match ty {
        Type::Object(fields) => match fields.get(first.as_str()) {
            Some(it) => lacks(rest, &it.ty),
            None => Some(error().maybe_help(did_you_mean(first, fields.keys().map(|it| &**it)))),
        },
        Type::List(of) if first.parse::<usize>().is_ok() => lacks(rest, of),
        Type::List(_) => Some(error().help("an element of a list has a number: `[0]`")),
        Type::Set(_) => Some(error().help("an element of a set has no number: ignore the whole set")),
        Type::Map(of) => lacks(rest, of),
        Type::Any => None,
        _ => Some(error().help("nothing lies deeper than this attribute")),
    }
}

/// Fills in the defaults of attributes that are null, nested blocks' too.
pub fn defaults(value: Value, block: &Block) -> Value {
    let Kind::Object(fields) = &value.kind else { return value };
    let mut out = (**fields).clone();
    for (name, it) in out.iter_mut() {
        if let Some(nested) = block.blocks.get(&**name) {
            *it = in_each(it, &nested.block);
        } else if let Some(attribute) = block.attributes.get(&**name) {
            if let (true, Some(default)) = (it.is_null(), &attribute.default) {
                *it = default.clone().marked(it.marks);
            } else if let Some(of) = &attribute.of {
                *it = in_each(it, of);
            }
        }
    }
    Value::from(Kind::Object(out.into())).marked(value.marks)
}

/// The defaults in every object of a collection, or in the one object.
fn in_each(value: &Value, block: &Block) -> Value {
    let each = |all: &[Value]| all.iter().map(|it| defaults(it.clone(), block)).collect();
    let out = match &value.kind {
        Kind::Object(_) => return defaults(value.clone(), block),
        Kind::List(of, all) => Value::list(of.clone(), each(all)),
        Kind::Set(of, all) => Value::set(of.clone(), each(all)),
        Kind::Map(of, all) => {
            Value::map(of.clone(), all.iter().map(|(k, it)| (k.clone(), defaults(it.clone(), block))))
        }
        _ => return value.clone(),
    };
    out.marked(value.marks)
}

/// An object of the block's type of which nothing is known yet.
pub fn unknown_for(block: &Block) -> Value {
    let attributes = block.attributes.iter().map(|(name, it)| {
        let value = Value::unknown(it.ty.clone());
        (name.as_str(), if it.sensitive { value.sensitive() } else { value })
    });
    let blocks = block.blocks.iter().map(|(name, it)| (name.as_str(), Value::unknown(it.ty())));
    Value::object(attributes.chain(blocks))
}

/// A nested block of which there is none.
fn none_of(nested: &NestedBlock) -> Value {
    collect(nested, Vec::new())
}

/// Nested blocks in the form of their nesting.
fn collect(nested: &NestedBlock, items: Vec<Value>) -> Value {
    let of = nested.block.ty();
    match nested.nesting {
        Nesting::List => Value::list(of, items),
        Nesting::Set => Value::set(of, items),
        Nesting::Single => items.into_iter().next().unwrap_or_else(|| Value::null(of)),
    }
}
