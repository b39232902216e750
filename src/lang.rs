//! The expression language: values, types, evaluation, functions. Pure: no I/O beyond what functions
//! such as `file` are given, no knowledge of AWS.

pub mod expr;
pub mod number;
pub mod types;
pub mod value;

pub use expr::{Env, Expr, Found, Node, Ref};
pub use number::Number;
pub use types::{ObjectField, Type};
pub use value::{Kind, Marks, Unknown, Value};
