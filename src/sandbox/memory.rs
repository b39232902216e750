//! Which sandboxes are up: one file each, with what is needed to reach it and to end it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::process::{Start, answers, repairs, url};
use super::{Error, Result, doing, home, install, lock, make_folder};

/// A sandbox that is up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    pub name: String,
    pub pid: u32,
    pub port: u16,
    /// Seconds since 1970.
    pub since: u64,
}

impl Running {
    pub fn url(&self) -> String {
        url(self.port)
    }

    /// Its process is there and is ours, not one that got its number later.
    fn is_alive(&self) -> bool {
        command_line(self.pid).is_some_and(|it| it.contains(&format!("{}-launcher.py", self.name)))
    }
}

pub(super) fn up(name: &str, say: &mut dyn FnMut(&str)) -> Result<Running> {
    check(name)?;
    let python = install::python(say)?;
    let folder = folder()?;
    let _alone = lock(&folder.join(format!("{name}.lock")))?;
    if let Some(running) = status(name)? {
        return Ok(running);
    }
    let start = Start { python: &python, folder: &folder, name, with_parent: false };
    let (child, port) = start.run()?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let running = Running { name: name.to_owned(), pid: child.id(), port, since };
    remember(&running)?;
    Ok(running)
}

/// The sandbox of that name, where it is up and answers.
pub fn status(name: &str) -> Result<Option<Running>> {
    check(name)?;
    Ok(recall(name)?.filter(|it| it.is_alive() && answers(it.port)))
}

/// Ends the sandbox of that name, with everything in it; `None` where there is none.
pub fn down(name: &str) -> Result<Option<Running>> {
    check(name)?;
    let folder = folder()?;
    let _alone = lock(&folder.join(format!("{name}.lock")))?;
    let Some(running) = recall(name)? else { return Ok(None) };
    let ended = if running.is_alive() { Some(end(running)?) } else { None };
    for ending in ["json", "log", "port"] {
        let _ = std::fs::remove_file(folder.join(format!("{name}.{ending}")));
    }
    let _ = std::fs::remove_file(folder.join(format!("{name}-launcher.py")));
    for path in repairs(&folder, name) {
        let _ = std::fs::remove_file(path);
    }
    Ok(ended)
}

fn folder() -> Result<PathBuf> {
    let folder = home()?.join("run");
    make_folder(&folder)?;
    Ok(folder)
}

/// A name is part of file names.
fn check(name: &str) -> Result<()> {
    let fine = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    let fits = !name.is_empty() && name.len() <= 40 && name.chars().all(fine);
    if fits { Ok(()) } else { Err(Error::Name(name.to_owned())) }
}

fn recall(name: &str) -> Result<Option<Running>> {
    let path = folder()?.join(format!("{name}.json"));
    match std::fs::read(&path) {
        Ok(text) => Ok(serde_json::from_slice(&text).ok()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(doing(format!("cannot read {}", path.display()))(error)),
    }
}

fn remember(running: &Running) -> Result<()> {
    let path = folder()?.join(format!("{}.json", running.name));
    let text = serde_json::to_vec(running).map_err(std::io::Error::other);
    let written = text.and_then(|it| std::fs::write(&path, it));
    written.map_err(doing(format!("cannot write {}", path.display())))
}

fn end(running: Running) -> Result<Running> {
    signal(running.pid, "-TERM")?;
    let start = Instant::now();
    let mut forced = false;
    while running.is_alive() {
        if start.elapsed() > Duration::from_secs(3) && !forced {
            forced = true;
            signal(running.pid, "-KILL")?;
        }
        if start.elapsed() > Duration::from_secs(10) {
            return Err(Error::Stubborn(running.pid));
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    Ok(running)
}

fn signal(pid: u32, which: &str) -> Result<()> {
    let sent = Command::new("kill").args([which, &pid.to_string()]).output();
    // A refusal means that it is gone already, or shows when it does not end.
    sent.map(drop).map_err(doing("cannot run kill"))
}

/// How a process was started; `None` where there is none of that number.
fn command_line(pid: u32) -> Option<String> {
    let text = if Path::new("/proc/self").exists() {
        // Empty for one that has ended and whose end nobody has noticed yet.
        String::from_utf8_lossy(&std::fs::read(format!("/proc/{pid}/cmdline")).ok()?).replace('\0', " ")
    } else {
        let ps = Command::new("ps").args(["-ww", "-o", "args=", "-p", &pid.to_string()]).output().ok()?;
        String::from_utf8_lossy(&ps.stdout).into_owned()
    };
    Some(text).filter(|it| !it.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_the_folder() {
        for bad in ["", "..", "a/b", "a b", "\u{e4}"] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check("my-stack_2").is_ok());
    }

    #[test]
    fn a_process_number_taken_by_another_is_not_ours() {
        let other = Running { name: "x".into(), pid: std::process::id(), port: 1, since: 0 };
        assert!(!other.is_alive());
    }
}
