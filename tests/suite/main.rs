//! The one integration-test binary.

mod iam_details;
mod iam_policy_document;
mod registry;
