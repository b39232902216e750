//! Keys that are there already, and their names.

pub mod alias;
pub mod key;
