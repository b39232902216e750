//! The one integration-test binary.

mod batches;
mod cases;
mod commands;
mod connect;
mod docs;
mod errors;
mod faults;
mod iam_details;
mod iam_policy_document;
mod layers;
mod registry;
mod sandbox;
mod small;
mod state;
mod support;
mod terraform;
