//! The one integration-test binary.

mod iam_policy_document;
mod registry;
