//! ElastiCache's data sources that find one thing by its name.

pub mod cluster;
pub mod replication_group;
pub mod subnet_group;
