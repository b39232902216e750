//! What is there already.

pub mod cluster;
pub mod task_definition;
