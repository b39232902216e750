//! EC2's data sources that find one thing, or many, by what the stack says of it.

pub mod ami;
pub mod security_group;
pub mod subnet;
pub mod subnets;
pub mod vpc;
