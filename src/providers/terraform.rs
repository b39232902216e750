//! Terraform's own provider.

pub mod data;
pub mod remote_state;
