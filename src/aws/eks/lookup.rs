//! EKS's data sources.

pub mod access_entry;
pub mod addon;
pub mod cluster;
pub mod cluster_auth;
pub mod node_group;
