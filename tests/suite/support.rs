//! What the tests stand on: one emulator for all of them, an account of its own for each, a proxy
//! that logs and breaks requests, and our binary run as a user would.

#![allow(dead_code, reason = "each test takes the part it needs")]

pub mod account;
pub mod expect;
pub mod fault;
pub mod folder;
pub mod forms;
pub mod http;
pub mod infra;
pub mod json_schema;
pub mod operation;
pub mod proxy;
pub mod rng;
pub mod shy;

pub use account::Account;
pub use folder::Folder;
pub use infra::Infra;
pub use proxy::Proxy;

use std::sync::OnceLock;

use ::infra::sandbox::{self, Server};

/// The emulator all tests of this process share, started by the code of `infra sandbox`. It ends
/// with this process: its standard input closes.
pub fn moto() -> &'static Server {
    static MOTO: OnceLock<Server> = OnceLock::new();
    MOTO.get_or_init(|| {
        sandbox::start_private(&mut |news| eprintln!("{news}"))
            .unwrap_or_else(|it| panic!("no emulator: {it}"))
    })
}
