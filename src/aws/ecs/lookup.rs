//! What is there already.

pub mod cluster;
pub mod service;
pub mod task_definition;
