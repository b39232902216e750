//! IAM's data sources that find one thing, or many, by what the stack says of it.

pub mod group;
pub mod instance_profile;
pub mod openid_connect_provider;
pub mod policy;
pub mod role;
pub mod roles;
pub mod user;
