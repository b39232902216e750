//! Load balancing's data sources that find one thing by what the stack says of it.

pub mod listener;
pub mod listener_rule;
pub mod load_balancer;
mod search;
pub mod target_group;
