//! EKS's data sources.

pub mod cluster;
pub mod cluster_auth;
