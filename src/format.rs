//! The canonical layout of files: text in, text out. What a file means stays as it is.

pub mod hcl;
pub mod toml;
