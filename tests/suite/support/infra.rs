//! Our binary, run as a user would, with nothing of this machine's environment in its way.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{Account, Folder, Proxy};

/// How to run it: a folder, an account, an endpoint.
pub struct Infra {
    folder: PathBuf,
    home: Folder,
    environment: Vec<(String, String)>,
}

/// What a run gave.
#[derive(Debug)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    /// None where a signal ended it.
    pub code: Option<i32>,
}

impl Infra {
    /// Against an endpoint, as an account.
    pub fn new(folder: &Path, account: &Account, url: &str) -> Infra {
        Infra { folder: folder.to_owned(), home: Folder::new(), environment: account.environment(url) }
    }

    /// With credentials, but nothing to use them on.
    pub fn offline(folder: &Path, nowhere: &Proxy) -> Infra {
        let environment = ::infra::sandbox::environment_of(&nowhere.url());
        Infra { folder: folder.to_owned(), home: Folder::new(), environment }
    }

    pub fn env(mut self, name: &str, value: &str) -> Infra {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_infra"));
        command.env_clear().current_dir(&self.folder).args(words);
        command.env("HOME", self.home.path()).env("COLUMNS", "100").env("LC_ALL", "C.UTF-8");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(self.environment.iter().map(|it| (&it.0, &it.1)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, words: &[&str]) -> Output {
        self.spawn(words).finish()
    }

    /// Starts it; the caller may kill it, or have a proxy do so.
    pub fn spawn(&self, words: &[&str]) -> Running {
        Running(self.command(words).spawn().unwrap())
    }

    /// Runs it with a terminal in front of it: where a text shows up, the line beside it is typed.
    pub fn at_terminal(&self, words: &[&str], typed: &[(&str, &str)]) -> Output {
        let plain = self.command(words);
        let mut command = Command::new("python3");
        command.env_clear().current_dir(&self.folder).args(["-c", TERMINAL]);
        command.arg(typed.len().to_string()).args(typed.iter().flat_map(|it| [it.0, it.1]));
        command.arg(plain.get_program()).args(words);
        command.envs(plain.get_envs().filter_map(|it| Some((it.0, it.1?))));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.spawn().unwrap()).finish()
    }

    /// Runs it, and insists on an exit code.
    #[track_caller]
    pub fn must(&self, words: &[&str], code: i32) -> Output {
        let output = self.run(words);
        assert_eq!(
            output.code,
            Some(code),
            "`infra {}`\n--- stdout\n{}\n--- stderr\n{}",
            words.join(" "),
            output.stdout,
            output.stderr
        );
        output
    }
}

/// One that is under way.
pub struct Running(Child);

impl Running {
    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Sends a signal, such as `INT`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.pid().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    pub fn finish(self) -> Output {
        let output = self.0.wait_with_output().unwrap();
        let text = |it: Vec<u8>| String::from_utf8(it).expect("output that is not text");
        Output { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }
}

/// Its arguments: a number, so many pairs of what to wait for and what to type then, the command.
const TERMINAL: &str = r#"
import os, pty, sys, time
count = 2 * int(sys.argv[1])
pairs, command = sys.argv[2:2 + count], sys.argv[2 + count:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
seen = b""
while True:
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    seen += data
    if pairs and pairs[0].encode() in seen:
        time.sleep(0.5)
        os.write(terminal, pairs[1].encode() + b"\n")
        seen, pairs = b"", pairs[2:]
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;
