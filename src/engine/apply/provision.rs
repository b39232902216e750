//! Running `local-exec`: beside the create of an object, or its destroy.

use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;

use crate::address::Addr;
use crate::config::{Provisioner, Resource};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::planner::removed;
use crate::engine::provision::{LocalExec, evaluate};
use crate::event::{Event, Provision};
use crate::lang::{Env, Marks, Value};
use crate::plan::Change;
use crate::plan::scope::{Instance, Within};

use super::Apply;

/// How much of the output an error repeats: its end.
const SHOWN: usize = 8 * 1024;

/// Longer lines are shown in pieces.
const LINE: usize = 64 * 1024;

/// Whether anything runs once the object is there.
pub(super) fn on_create(resource: &Resource) -> bool {
    resource.provisioners.iter().any(|it| !it.on_destroy)
}

impl Apply<'_> {
    /// Runs what stands beside the create, in order.
    pub(super) async fn provision_new(
        &self,
        resource: &Resource,
        addr: &Addr,
        within: Within<'_>,
        live: &Value,
    ) -> Result<(), Diagnostics> {
        let own = within.with(live.clone());
        let all = resource.provisioners.iter().filter(|it| !it.on_destroy);
        let help = "the object is there and marked as tainted: the next apply replaces it. With \
                    `on_failure = \"continue\"` a failure is a warning";
        self.provision(all, addr, &own, help).await
    }

    /// Runs what stands beside the destroy. One that was tainted never got so far as to need it, and
    /// of one that was replaced already nobody knows any more which is meant.
    pub(super) async fn provision_old(&self, change: &Change) -> Result<(), Diagnostics> {
        let tainted = self.state.borrow().object(&change.addr).is_none_or(|it| it.tainted);
        if tainted || change.deposed.is_some() {
            return Ok(());
        }
        let config = self.request.config;
        let all = match config.resource(&change.addr.resource) {
            Some(it) => &it.provisioners[..],
            None => removed::of(config, &change.addr).map_or(&[][..], |it| &it.provisioners),
        };
        let key = change.addr.key.clone();
        let instance = Instance { key, value: Value::unknown(crate::lang::Type::Any) };
        let module = self.scope.module(&change.addr.resource.module);
        let own = Within::new(module, &instance).with(self.before(change));
        let all = all.iter().filter(|it| it.on_destroy);
        let help = "nothing was destroyed: make the command succeed and apply again, or let a failure be \
                    a warning with `on_failure = \"continue\"`";
        self.provision(all, &change.addr, &own, help).await
    }

    /// The first that fails is the last one.
    async fn provision(
        &self,
        all: impl Iterator<Item = &Provisioner>,
        addr: &Addr,
        env: &dyn Env,
        help: &str,
    ) -> Result<(), Diagnostics> {
        for it in all {
            let Some(exec) = evaluate(it, env)? else {
                let one = Diagnostic::error("this provisioner needs a value that should be known by now");
                return Err(one.at(&it.place).about(addr).into());
            };
            let tell = |what: Provision| {
                (self.sink)(Event::Provision { addr: addr.clone(), kind: it.kind.clone(), what });
            };
            tell(Provision::Started);
            let done = run(&exec, &tell).await;
            tell(if done.is_ok() { Provision::Done } else { Provision::Failed });
            let Err(failure) = done else { continue };
            let one = failure.told(&exec, it).about(addr);
            if it.carries_on {
                let one = Diagnostic { severity: crate::diag::Severity::Warning, ..one };
                self.warnings.borrow_mut().push(one);
            } else {
                return Err(one.help(help).into());
            }
        }
        Ok(())
    }
}

/// Why a command did not do it, and the end of what it said.
struct Failure {
    why: String,
    output: String,
}

impl Failure {
    fn told(self, exec: &LocalExec, it: &Provisioner) -> Diagnostic {
        let one = Diagnostic::error(format!("`local-exec` failed: {}", self.why)).at(&it.place);
        let output = self.output.trim_end();
        match hidden(exec.marks) {
            Some(why) => one.detail(format!("Its output is not shown: a value in its settings is {why}.")),
            None if output.is_empty() => one.detail("It printed nothing."),
            None => one.detail(format!("Its output:\n{output}")),
        }
    }
}

fn hidden(marks: Marks) -> Option<&'static str> {
    match (marks.sensitive, marks.ephemeral) {
        (true, true) => Some("sensitive, ephemeral"),
        (true, false) => Some("sensitive"),
        (false, true) => Some("ephemeral"),
        (false, false) => None,
    }
}

async fn run(exec: &LocalExec, tell: &dyn Fn(Provision)) -> Result<(), Failure> {
    let say = |line: &str| {
        let line = match hidden(exec.marks) {
            Some(why) => format!("(output suppressed due to {why} value in config)"),
            None => line.to_owned(),
        };
        tell(Provision::Output(line));
    };
    if exec.quiet {
        say("local-exec: Executing: Suppressed by quiet=true");
    } else {
        let words = exec.interpreter.iter().chain([&exec.command]);
        say(&format!("Executing: [{}]", words.map(|it| quoted(it)).collect::<Vec<_>>().join(" ")));
    }
    let mut tail = Vec::new();
    let ended = execute(exec, &say, &mut tail).await;
    let why = match ended {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => ending(status),
        Err(error) => error,
    };
    Err(Failure { why, output: String::from_utf8_lossy(&tail).into_owned() })
}

fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("it ended with exit status {code}"),
        (None, Some(signal)) => format!("signal {signal} ended it"),
        (None, None) => "it ended in an unknown way".to_owned(),
    }
}

/// Until it has ended and nobody holds its output open any more.
async fn execute(exec: &LocalExec, say: &dyn Fn(&str), tail: &mut Vec<u8>) -> Result<ExitStatus, String> {
    let failed = |it: std::io::Error| format!("cannot run it: {it}");
    let (reader, mut child) = start(exec)?;
    // Killed with all that it has started, where the apply is given up.
    let mut group = Group(child.id().and_then(|it| i32::try_from(it).ok()).and_then(Pid::from_raw));
    let mut reader = Receiver::from_owned_fd(reader).map_err(failed)?;
    let mut lines = Lines::default();
    let mut buffer = vec![0; 8 * 1024];
    loop {
        let length = reader.read(&mut buffer).await.map_err(failed)?;
        if length == 0 {
            break;
        }
        tail.extend_from_slice(&buffer[..length]);
        let surplus = tail.len().saturating_sub(SHOWN);
        tail.drain(..surplus);
        lines.feed(&buffer[..length], say);
    }
    lines.end(say);
    let status = child.wait().await.map_err(failed)?;
    // What it has left running in the background is meant to.
    group.0 = None;
    Ok(status)
}

fn start(exec: &LocalExec) -> Result<(OwnedFd, tokio::process::Child), String> {
    let program = exec.interpreter.first().map(String::as_str).unwrap_or("/bin/sh");
    let failed = |it: std::io::Error| match &exec.dir {
        Some(dir) if !std::path::Path::new(dir).is_dir() => format!("`working_dir` {dir} is no folder"),
        _ => format!("cannot run {program}: {it}"),
    };
    let (reader, writer) = std::io::pipe().map_err(failed)?;
    let mut command = std::process::Command::new(program);
    command.args(exec.interpreter.iter().skip(1)).arg(&exec.command);
    command.envs(exec.environment.iter().map(|it| (&it.0, &it.1)));
    if let Some(dir) = &exec.dir {
        command.current_dir(dir);
    }
    command.stdin(Stdio::null()).stdout(writer.try_clone().map_err(failed)?).stderr(writer);
    // A terminal's Ctrl-C is for us: the first one lets what is under way come to its end.
    command.process_group(0);
    let child = tokio::process::Command::from(command).spawn().map_err(failed)?;
    Ok((reader.into(), child))
}

/// The processes of a command: killed unless they were let go.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            // Where all of it has ended there is none, which is as good.
            let _ = kill_process_group(pid, Signal::TERM);
        }
    }
}

/// Puts pieces of output together to lines.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn feed(&mut self, bytes: &[u8], say: &dyn Fn(&str)) {
        for it in bytes.split_inclusive(|it| *it == b'\n') {
            self.0.extend_from_slice(it);
            if it.ends_with(b"\n") || self.0.len() >= LINE {
                self.end(say);
            }
        }
    }

    /// What a bar of progress wrote over is lines, too.
    fn end(&mut self, say: &dyn Fn(&str)) {
        if self.0.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.0);
        let text = String::from_utf8_lossy(&bytes);
        let parts: Vec<&str> = text.split('\r').map(str::trim_end).filter(|it| !it.is_empty()).collect();
        match parts.as_slice() {
            [] => say(""),
            parts => parts.iter().for_each(|it| say(it)),
        }
    }
}

/// As Go's `%q` writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        match it {
            '"' | '\\' => out.extend(['\\', it]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if it.is_control() => out.push_str(&format!("\\x{:02x}", it as u32)),
            it => out.push(it),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    fn lines(pieces: &[&str]) -> Vec<String> {
        let out = RefCell::new(Vec::new());
        let say = |it: &str| out.borrow_mut().push(it.to_owned());
        let mut lines = Lines::default();
        pieces.iter().for_each(|it| lines.feed(it.as_bytes(), &say));
        lines.end(&say);
        out.into_inner()
    }

    #[test]
    fn output_is_told_line_by_line() {
        assert_eq!(lines(&["a  \nb", "c\n\nd"]), ["a", "bc", "", "d"]);
        assert_eq!(lines(&["10%\r20%\r\n", "done\r\n"]), ["10%", "20%", "done"]);
        assert_eq!(lines(&[]), [""; 0]);
        assert_eq!(lines(&["x".repeat(LINE).as_str(), "y"]).len(), 2);
    }

    #[test]
    fn words_are_quoted_as_go_does() {
        assert_eq!(quoted("printf 'a\\n' \"é\"\t\u{7}"), r#""printf 'a\\n' \"é\"\t\x07""#);
    }

    fn shell(command: &str) -> LocalExec {
        let interpreter = vec!["/bin/sh".to_owned(), "-c".to_owned()];
        LocalExec { command: command.to_owned(), interpreter, ..LocalExec::default() }
    }

    async fn told(exec: &LocalExec) -> (Vec<String>, Option<(String, String)>) {
        let out = RefCell::new(Vec::new());
        let tell = |it: Provision| match it {
            Provision::Output(line) => out.borrow_mut().push(line),
            _ => unreachable!("told by the caller"),
        };
        let done = run(exec, &tell).await.err().map(|it| (it.why, it.output));
        (out.into_inner(), done)
    }

    #[tokio::test]
    async fn commands_run_and_fail() {
        let (lines, failure) = told(&shell("echo a; echo b >&2; exit 3")).await;
        assert_eq!(lines[1..], ["a", "b"]);
        assert_eq!(failure, Some(("it ended with exit status 3".into(), "a\nb\n".into())));
        let quiet = LocalExec { quiet: true, ..shell("kill -9 $$") };
        let (lines, failure) = told(&quiet).await;
        assert_eq!(lines, ["local-exec: Executing: Suppressed by quiet=true"]);
        assert_eq!(failure.map(|it| it.0), Some("signal 9 ended it".into()));
        let nowhere = LocalExec { dir: Some("/no/such".into()), ..shell("true") };
        assert_eq!(told(&nowhere).await.1.map(|it| it.0), Some("`working_dir` /no/such is no folder".into()));
        let no_program = LocalExec { interpreter: vec!["/no/such".into()], ..shell("true") };
        assert!(told(&no_program).await.1.is_some_and(|it| it.0.starts_with("cannot run /no/such")));
    }

    #[tokio::test]
    async fn secrets_stay_out_of_the_output() {
        let marks = Marks { sensitive: true, ephemeral: false };
        let exec = LocalExec { marks, ..shell("echo hush") };
        let (lines, failure) = told(&exec).await;
        assert!(failure.is_none());
        assert_eq!(lines, ["(output suppressed due to sensitive value in config)"; 2]);
    }

    #[tokio::test]
    async fn what_is_given_up_is_killed() {
        let exec = shell("sleep 600 & echo $!; wait");
        let out = RefCell::new(Vec::new());
        let tell = |it: Provision| match it {
            Provision::Output(line) => out.borrow_mut().push(line),
            _ => unreachable!("told by the caller"),
        };
        let limit = std::time::Duration::from_millis(500);
        assert!(tokio::time::timeout(limit, run(&exec, &tell)).await.is_err());
        let pid: i32 = out.borrow()[1].parse().unwrap();
        let gone =
            || std::fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |it| it.contains(") Z "));
        for _ in 0..50 {
            if gone() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{pid} is still there");
    }
}
