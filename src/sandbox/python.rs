//! Which Python there is.

use std::process::Command;

use super::{Error, Result};

/// The earliest version that the pinned moto runs on.
const EARLIEST: (u32, u32) = (3, 10);

/// Names to look for, the likeliest first.
const NAMES: [&str; 7] =
    ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/// The first Python on the PATH that is new enough, by the path it gives itself.
pub fn find() -> Result<String> {
    let mut older = Vec::new();
    for name in NAMES {
        match version(name) {
            Some((found, path)) if found >= EARLIEST => return Ok(path),
            Some((found, _)) => older.push(format!("{name} is {}.{}", found.0, found.1)),
            None => {}
        }
    }
    let found = if older.is_empty() { String::new() } else { format!(" ({})", older.join(", ")) };
    Err(Error::NoPython(found))
}

fn version(name: &str) -> Option<((u32, u32), String)> {
    let ask = "import sys; print(sys.version_info[0], sys.version_info[1], sys.executable)";
    let answer = Command::new(name).args(["-I", "-c", ask]).output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    let mut words = text.trim().splitn(3, ' ');
    let version = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((version, words.next().filter(|it| !it.is_empty())?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_python_has_no_version() {
        assert_eq!(version("no-such-program-here"), None);
        assert_eq!(version("true"), None);
    }
}
