//! Secrets that are there already, and what they hold.

pub mod secret;
pub mod secret_version;
