//! infra: declarative provisioning for AWS.

pub mod address;
pub mod aws;
pub mod config;
pub mod diag;
pub mod kind;
pub mod lang;
pub mod plan;
pub mod report;
pub mod resource;
pub mod schema;
pub mod state;
