//! Buckets and objects that are there already.

pub mod bucket;
pub mod object;
