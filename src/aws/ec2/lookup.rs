//! EC2's data sources that find one thing, or many, by what the stack says of it.

pub mod ami;
pub mod dhcp_options;
pub mod eip;
pub mod endpoint;
pub mod instance;
pub mod internet_gateway;
pub mod key_pair;
pub mod launch_template;
pub mod managed_prefix_list;
pub mod nat_gateway;
pub mod network_interface;
pub mod peering_connection;
pub mod prefix_list;
pub mod route;
pub mod route_table;
pub mod security_group;
pub mod subnet;
pub mod subnets;
pub mod volume;
pub mod vpc;
