//! Versions and constraints on them, as Terraform reads them: `~> 5.1`, `>= 1.2, < 2.0`.

use std::cmp::Ordering;
use std::fmt;

/// A version: `1.2.3`, `1.2.3-beta.1`, with or without a `v` before it. Missing parts count as 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    parts: Vec<u64>,
    /// What stands behind `-`.
    pre: Option<String>,
}

/// Several conditions, all of which have to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint(Vec<(Op, Version)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Equal,
    Not,
    More,
    Less,
    Least,
    Most,
    /// `~>`: only the last given part may grow.
    Near,
}

impl Version {
    /// Reads a version; `None` for what is none.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |it| it.0);
        let (numbers, pre) = match text.split_once('-') {
            Some((numbers, pre)) => (numbers, Some(pre)),
            None => (text, None),
        };
        let parts: Option<Vec<u64>> = numbers.split('.').map(|it| it.parse().ok()).collect();
        let valid = |it: &str| {
            !it.is_empty()
                && it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b'~'))
        };
        match pre {
            Some(it) if !valid(it) => None,
            _ => Some(Version { parts: parts?, pre: pre.map(str::to_owned) }),
        }
    }

    fn part(&self, at: usize) -> u64 {
        self.parts.get(at).copied().unwrap_or(0)
    }

    fn numbers(&self, other: &Version) -> Ordering {
        let length = self.parts.len().max(other.parts.len());
        (0..length)
            .map(|it| self.part(it).cmp(&other.part(it)))
            .find(|it| it.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers(other).then_with(|| match (&self.pre, &other.pre) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => prereleases(a, b),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Part by part: numbers by size and before words.
fn prereleases(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.parts.iter().map(u64::to_string).collect();
        f.write_str(&parts.join("."))?;
        self.pre.iter().try_for_each(|it| write!(f, "-{it}"))
    }
}

/// As Terraform lists a provider's: sorted, each version whole.
impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted: Vec<&(Op, Version)> = self.0.iter().collect();
        sorted.sort_by(|a, b| a.1.cmp(&b.1));
        let parts = sorted.into_iter().map(|(op, version)| {
            let (sign, least) = match op {
                Op::Equal => ("", 3),
                Op::Not => ("!= ", 3),
                Op::More => ("> ", 3),
                Op::Less => ("< ", 3),
                Op::Least => (">= ", 3),
                Op::Most => ("<= ", 3),
                Op::Near => ("~> ", 2),
            };
            let mut version = version.clone();
            version.parts.resize(version.parts.len().max(least), 0);
            format!("{sign}{version}")
        });
        f.write_str(&parts.collect::<Vec<_>>().join(", "))
    }
}

impl Constraint {
    /// Reads a constraint; the error is the part that is none.
    pub fn parse(text: &str) -> Result<Constraint, String> {
        let one = |part: &str| {
            let part = part.trim();
            let ops = [
                (">=", Op::Least),
                ("<=", Op::Most),
                ("!=", Op::Not),
                ("~>", Op::Near),
                ("=", Op::Equal),
                (">", Op::More),
                ("<", Op::Less),
            ];
            let found = ops.iter().find_map(|(sign, op)| Some((*op, part.strip_prefix(sign)?)));
            let (op, rest) = found.unwrap_or((Op::Equal, part));
            let version = Version::parse(rest).ok_or_else(|| part.to_owned())?;
            Ok((op, version))
        };
        text.split(',').map(one).collect::<Result<_, String>>().map(Constraint)
    }

    /// Whether a version obeys. A prerelease does only where it is named itself.
    pub fn allows(&self, version: &Version) -> bool {
        self.0.iter().all(|(op, wanted)| obeys(*op, wanted, version))
    }

    /// The newest of those that obey.
    pub fn newest<'v, T>(&self, all: impl IntoIterator<Item = (&'v Version, T)>) -> Option<(&'v Version, T)> {
        all.into_iter().filter(|it| self.allows(it.0)).max_by(|a, b| a.0.cmp(b.0))
    }
}

fn obeys(op: Op, wanted: &Version, version: &Version) -> bool {
    let order = version.cmp(wanted);
    // A range never takes in a prerelease, but for those of the very version that it names.
    let strange = version.pre.is_some()
        && (wanted.pre.is_none() || version.numbers(wanted).is_ne())
        && !matches!(op, Op::Equal | Op::Not);
    if strange {
        return false;
    }
    match op {
        Op::Equal => order.is_eq(),
        Op::Not => order.is_ne(),
        Op::More => order.is_gt(),
        Op::Less => order.is_lt(),
        Op::Least => order.is_ge(),
        Op::Most => order.is_le(),
        Op::Near => {
            let fixed = wanted.parts.len().saturating_sub(1).max(1);
            order.is_ge() && (0..fixed).all(|it| version.part(it) == wanted.part(it))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn versions_are_ordered() {
        let sorted = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0", "v1.0.1", "1.2", "1.10.0", "2"];
        for pair in sorted.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
        assert_eq!(version("1.2").cmp(&version("1.2.0")), Ordering::Equal);
        assert!(Version::parse("x").is_none() && Version::parse("1..2").is_none());
    }

    #[test]
    fn constraints_are_listed_as_terraform_lists_them() {
        for (written, listed) in [
            ("5", "5.0.0"),
            ("= 5.1", "5.1.0"),
            ("~> 5", "~> 5.0"),
            ("~> 5.1.0", "~> 5.1.0"),
            (">= 5.2, != 5.3, <6", ">= 5.2.0, != 5.3.0, < 6.0.0"),
            ("< 6.0, >= 5", ">= 5.0.0, < 6.0.0"),
            ("> 4.0.0-beta1", "> 4.0.0-beta1"),
        ] {
            assert_eq!(Constraint::parse(written).unwrap().to_string(), listed);
        }
    }

    #[test]
    fn constraints_hold_or_not() {
        for (constraint, good, bad) in [
            ("~> 5.1", "5.9.0", "6.0.0"),
            ("~> 5.1.2", "5.1.9", "5.2.0"),
            ("~> 5", "5.3.0", "6.0.0"),
            (">= 1.2, < 2.0", "1.9.9", "2.0.0"),
            ("1.2.3", "1.2.3", "1.2.4"),
            ("= 1.2", "1.2.0", "1.2.1"),
            ("!= 1.0", "1.1", "1.0.0"),
            ("> 1.0.0-beta", "1.0.0", "1.1.0-beta"),
        ] {
            let it = Constraint::parse(constraint).unwrap();
            assert!(it.allows(&version(good)), "{constraint} {good}");
            assert!(!it.allows(&version(bad)), "{constraint} {bad}");
        }
        assert!(Constraint::parse("five").is_err());
    }
}
