//! The provider `local`: files of this machine. Paths are relative to the folder the program runs in.

pub mod content;
pub mod data;
pub mod file;
