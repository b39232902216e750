//! What is there already.

mod by_name;
pub mod cluster;
pub mod cluster_parameter_group;
pub mod instance;
pub mod parameter_group;
pub mod subnet_group;
