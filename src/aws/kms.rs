//! KMS, and what its types share.

pub mod lookup;
