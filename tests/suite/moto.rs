//! Moto, for tests that need an AWS: one server for the whole run, on a free port, each test with
//! names of its own. `MOTO_SERVER` names the program where it is not on the path.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use infra::aws::connect::Settings;

struct Moto {
    /// Ends with the test process: the server watches nothing, so this one holds it by its group.
    _child: Child,
    endpoint: String,
}

/// The address of the server, started on first use.
pub fn endpoint() -> &'static str {
    static MOTO: OnceLock<Moto> = OnceLock::new();
    &MOTO.get_or_init(start).endpoint
}

/// How to reach it.
pub fn settings() -> Settings {
    Settings {
        region: Some("eu-west-1".to_owned()),
        access_key: Some("test".to_owned()),
        secret_key: Some("test".to_owned()),
        endpoint: Some(endpoint().to_owned()),
        ..Settings::default()
    }
}

fn start() -> Moto {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let program = std::env::var("MOTO_SERVER").unwrap_or_else(|_| "moto_server".to_owned());
    // The shell ends the server when the test process, whose pipe it reads, has gone.
    let script = format!("{program} -H 127.0.0.1 -p {port} >/dev/null 2>&1 & read line; kill $!");
    let child = Command::new("sh").args(["-c", &script]).stdin(Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(Instant::now() < end, "`{program}` does not start: pip install 'moto[server]'");
        std::thread::sleep(Duration::from_millis(100));
    }
    Moto { _child: child, endpoint: format!("http://127.0.0.1:{port}") }
}
