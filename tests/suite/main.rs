//! The one integration-test binary.

mod connect;
mod moto;
mod registry;
mod state;
mod terraform;
