//! The one integration-test binary.

mod cases;
mod docs;
mod errors;
mod layers;
mod registry;
mod sandbox;
mod support;
