//! The one integration-test binary.

mod cases;
mod docs;
mod errors;
mod iam_details;
mod iam_policy_document;
mod layers;
mod registry;
mod sandbox;
mod support;
