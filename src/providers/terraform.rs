//! Terraform's own provider.

pub mod data;
pub mod others;
pub mod remote_state;
