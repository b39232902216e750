//! IAM's data sources that find one thing by its name.

pub mod policy;
pub mod role;
