//! CloudFront.
