//! The provider `archive`: files packed into one.
//!
//! What an archive holds, its names, modes and order are those of Terraform's provider; the bytes are
//! not, because the compression is another one. An archive's hashes change once when a stack moves over.

pub mod file;
mod pack;
mod walk;
