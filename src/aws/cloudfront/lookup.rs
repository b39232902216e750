//! CloudFront's data sources that find one thing by its id or by its name.

pub mod cache_policy;
pub mod distribution;
pub mod function;
mod named;
pub mod origin_access_control;
pub mod origin_access_identity;
pub mod origin_request_policy;
pub mod response_headers_policy;
