//! The one integration-test binary.

mod batches;
mod blocks;
mod cases;
mod commands;
mod connect;
mod data_sources;
mod docs;
mod errors;
mod faults;
mod iam_details;
mod iam_policy_document;
mod layers;
mod modules;
mod provisioners;
mod regions;
mod registry;
mod rounds;
mod sandbox;
mod state;
mod support;
mod terraform;
mod variables;
