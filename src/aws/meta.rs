//! What is known of AWS without asking it.

pub mod arn;
pub mod default_tags;
pub mod elb_service_account;
pub mod partition;
pub mod region;
pub mod service_principal;
