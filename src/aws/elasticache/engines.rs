//! Engines and how their versions are said: `7.1` where AWS runs `7.1.0`, `6.x` for whichever release of it.

use crate::plan::adjust::{Adjust, text};

/// How the state says the version that runs: in full for Memcached and old Redis, in two parts otherwise, and as
/// `6.x` where `kept` (the state, or the plan) says that.
pub fn said(engine: &str, runs: &str, kept: Option<&str>) -> String {
    let mut parts = runs.split('.');
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or("0"));
    let number: u32 = major.parse().unwrap_or_default();
    match engine {
        "redis" if number >= 6 && kept.is_some_and(any_release) => format!("{major}.x"),
        "redis" if number >= 6 => format!("{major}.{minor}"),
        "valkey" => format!("{major}.{minor}"),
        _ => runs.to_owned(),
    }
}

fn any_release(version: &str) -> bool {
    matches!(version.split_once('.'), Some((major, "x")) if major.len() == 1)
}

/// The parts of a version as numbers; `x` is later than any.
fn parts(version: &str) -> Vec<u64> {
    version.split('.').map(|it| if it == "x" { u64::MAX } else { it.parse().unwrap_or_default() }).collect()
}

/// Whether the first is earlier.
pub fn is_before(version: &str, other: &str) -> bool {
    let (mut a, mut b) = (parts(version), parts(other));
    let longest = a.len().max(b.len());
    a.resize(longest, 0);
    b.resize(longest, 0);
    a < b
}

/// What is wrong with a version of an engine.
pub fn wrong(engine: &str, version: &str) -> Option<&'static str> {
    let numbers =
        |it: &str| it.split('.').all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    let (count, major) = (version.split('.').count(), version.split('.').next().unwrap_or_default());
    let major: u64 = major.parse().unwrap_or_default();
    match engine {
        "redis" if (1..6).contains(&major) && !(count == 3 && numbers(version)) => {
            Some("a Redis before 6 is named in full, such as 5.0.6")
        }
        "redis" if !(1..6).contains(&major) && version != "6.x" && !(count == 2 && numbers(version)) => {
            Some("a Redis from 6 on is named in two parts, such as 7.1")
        }
        "valkey" if !(count == 2 && numbers(version)) => Some("a Valkey is named in two parts, such as 8.0"),
        "memcached" | "" if !(count == 3 && numbers(version)) => {
            Some("a Memcached is named in full, such as 1.6.22")
        }
        _ => None,
    }
}

/// There is no way back to an earlier version: that is a replacement.
pub fn replace_for_earlier(plan: &mut Adjust) {
    let Some((was, will)) = plan.change("engine_version") else { return };
    let (mut was, will) = (text(Some(was)).to_owned(), text(Some(will)).to_owned());
    if any_release(&was) {
        let actual = plan.was.as_ref().and_then(|it| it.get("engine_version_actual"));
        let mut parts = text(actual).split('.');
        was = format!("{}.{}", parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    }
    if !was.is_empty() && !will.is_empty() && is_before(&will, &was) {
        plan.require_replace("engine_version");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_said_as_the_engine_says_them() {
        for (engine, runs, kept, wanted) in [
            ("redis", "7.1.0", None, "7.1"),
            ("redis", "6.2.6", Some("6.x"), "6.x"),
            ("redis", "6.2.6", Some("6.0"), "6.2"),
            ("redis", "5.0.6", None, "5.0.6"),
            ("valkey", "8.0.1", None, "8.0"),
            ("memcached", "1.6.22", None, "1.6.22"),
        ] {
            assert_eq!(said(engine, runs, kept), wanted, "{engine} {runs}");
        }
    }

    #[test]
    fn earlier_versions_are_told() {
        assert!(is_before("6.2", "7.0") && is_before("7.0", "7.1") && is_before("7.0.4", "7.0.5"));
        assert!(!is_before("7.1", "7.1") && !is_before("7.0.5", "7.0.5") && !is_before("10.0", "9.9"));
        assert!(is_before("6.2", "6.x") && !is_before("6.x", "6.2"));
    }

    #[test]
    fn each_engine_has_its_way_to_name_a_version() {
        for (engine, version) in [("redis", "7.1"), ("redis", "6.x"), ("redis", "5.0.6"), ("valkey", "8.0")] {
            assert_eq!(wrong(engine, version), None, "{engine} {version}");
        }
        assert_eq!(wrong("memcached", "1.6.22"), None);
        for (engine, version) in
            [("redis", "7.1.0"), ("redis", "5.0"), ("redis", "7"), ("valkey", "8.0.1"), ("memcached", "1.6")]
        {
            assert!(wrong(engine, version).is_some(), "{engine} {version}");
        }
    }
}
