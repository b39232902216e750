//! Starting the emulator's process, and waiting until it answers.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Error, Result, doing, tail};

const LAUNCHER: &str = include_str!("launcher.py");

/// Where the emulator's answers are not AWS's: a module for each family of services.
const REPAIRS: &[(&str, &str)] = &[
    ("accounts", include_str!("repairs/accounts.py")),
    ("acls", include_str!("repairs/acls.py")),
    ("buckets", include_str!("repairs/buckets.py")),
    ("cdn", include_str!("repairs/cdn.py")),
    ("containers", include_str!("repairs/containers.py")),
    ("databases", DATABASES),
    ("dns", include_str!("repairs/dns.py")),
    ("grants", include_str!("repairs/grants.py")),
    ("interfaces", include_str!("repairs/interfaces.py")),
    ("kubernetes", include_str!("repairs/kubernetes.py")),
    ("leans", include_str!("repairs/leans.py")),
    ("load_balancing", include_str!("repairs/load_balancing.py")),
    ("replication", include_str!("repairs/replication.py")),
    ("scaling", include_str!("repairs/scaling.py")),
    ("servers", include_str!("repairs/servers.py")),
    ("settings", include_str!("repairs/settings.py")),
    ("users", include_str!("repairs/users.py")),
    ("volumes", include_str!("repairs/volumes.py")),
];

/// One module: its parts build on one another.
const DATABASES: &str = concat!(
    include_str!("repairs/fleet.py"),
    include_str!("repairs/databases.py"),
    include_str!("repairs/groups.py"),
    include_str!("repairs/clusters.py"),
    include_str!("repairs/caches.py"),
);

/// Where a sandbox of this name keeps them.
pub(super) fn repairs(folder: &Path, name: &str) -> Vec<PathBuf> {
    REPAIRS.iter().map(|it| folder.join(format!("{name}-{}.py", it.0))).collect()
}

/// A slow disk or a busy machine takes its time to load moto.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running emulator that ends when this is dropped, or when this process dies.
pub struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    pub(super) fn private(python: &Path) -> Result<Server> {
        let folder = std::env::temp_dir().join(format!("infra-sandbox-{}", uuid::Uuid::new_v4().simple()));
        super::make_folder(&folder)?;
        let started = Start { python, folder: &folder, name: "private", with_parent: true }.run();
        match started {
            Ok((child, port)) => Ok(Server { child, port, folder }),
            Err(error) => {
                let _ = std::fs::remove_dir_all(&folder);
                Err(error)
            }
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        url(self.port)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What points any AWS client at it.
    pub fn environment(&self) -> Vec<(String, String)> {
        super::environment_of(&self.url())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards. (Where this never runs, it
        // ends with its standard input, and takes the folder with it.)
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(super) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// How to start one: `folder` takes its launcher, its log and the announcement of its port.
pub(super) struct Start<'a> {
    pub python: &'a Path,
    pub folder: &'a Path,
    pub name: &'a str,
    pub with_parent: bool,
}

impl Start<'_> {
    pub fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }

    /// Starts it; returns when it answers.
    pub fn run(&self) -> Result<(Child, u16)> {
        let announcement = self.folder.join(format!("{}.port", self.name));
        remove(&announcement)?;
        let mut child = self.spawn(&announcement)?;
        let port = self.wait(&mut child, &announcement);
        if port.is_err() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = remove(&announcement);
        Ok((child, port?))
    }

    fn spawn(&self, announcement: &Path) -> Result<Child> {
        let launcher = self.folder.join(format!("{}-launcher.py", self.name));
        std::fs::write(&launcher, LAUNCHER).map_err(doing(format!("cannot write {}", launcher.display())))?;
        let log = File::create(self.log()).map_err(doing("cannot make the sandbox's log"))?;
        let err = log.try_clone().map_err(doing("cannot share the sandbox's log"))?;
        let mut command = Command::new(self.python);
        // Credentials and regions of the user's are none of the emulator's business.
        for (name, _) in std::env::vars_os().filter(|it| misleads(&it.0.to_string_lossy())) {
            command.env_remove(name);
        }
        command.arg(launcher).arg("--announce").arg(announcement);
        for (path, (_, module)) in repairs(self.folder, self.name).into_iter().zip(REPAIRS) {
            std::fs::write(&path, module).map_err(doing(format!("cannot write {}", path.display())))?;
            command.arg("--repair").arg(path);
        }
        if self.with_parent {
            command.arg("--with-parent").stdin(Stdio::piped());
        } else {
            command.stdin(Stdio::null());
        }
        command.stdout(log).stderr(err).current_dir(self.folder).spawn().map_err(doing("cannot start Python"))
    }

    fn wait(&self, child: &mut Child, announcement: &Path) -> Result<u16> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let ended = child.try_wait().map_err(doing("cannot watch the sandbox"))?;
            if ended.is_some() {
                return Err(Error::Died(self.log_end()));
            }
            if let Some(port) = announced(announcement).filter(|it| answers(*it)) {
                return Ok(port);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(Error::Silent { seconds: PATIENCE.as_secs(), log: self.log_end() })
    }

    fn log_end(&self) -> String {
        tail(&std::fs::read_to_string(self.log()).unwrap_or_default(), 20)
    }
}

fn misleads(name: &str) -> bool {
    ["AWS_", "MOTO_"].iter().any(|it| name.starts_with(it)) || ["PYTHONHOME", "PYTHONPATH"].contains(&name)
}

fn announced(file: &Path) -> Option<u16> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// Whether an emulator answers at this port.
pub(super) fn answers(port: u16) -> bool {
    ask(port).is_ok_and(|it| it.starts_with("HTTP/1.") && it.contains(" 200 "))
}

fn ask(port: u16) -> std::io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET /moto-api/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 32];
    let length = stream.read(&mut head)?;
    Ok(String::from_utf8_lossy(&head[..length]).into_owned())
}

fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(doing(format!("cannot remove {}", file.display()))(error))
        }
        _ => Ok(()),
    }
}
