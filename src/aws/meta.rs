//! What is known of AWS without asking it.

pub mod elb_service_account;
pub mod partition;
pub mod region;
