//! The one integration-test binary.

mod cases;
mod docs;
mod errors;
mod layers;
mod iam_details;
mod iam_policy_document;
mod registry;
mod sandbox;
mod support;
