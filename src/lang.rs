//! The expression language: values, types, evaluation, functions. Pure: no I/O beyond what functions
//! such as `file` are given, no knowledge of AWS.

mod convert;
mod eval;
pub mod expr;
pub mod functions;
pub mod json;
mod limits;
pub mod number;
pub mod render;
#[cfg(test)]
pub(crate) mod tests;
pub mod types;
pub mod value;

pub use convert::ConvertError;
pub use expr::{Env, Expr, Found, Node, Ref};
pub use number::Number;
pub use types::{ObjectField, Type};
pub use value::{Kind, Marks, Unknown, Value};

/// A length of time as Go writes one: `1h30m`, or `0`. None is below zero.
pub fn duration(text: &str) -> Option<std::time::Duration> {
    functions::date::duration(text)?.try_into().ok()
}
