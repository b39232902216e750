//! Versions, and what may be asked of them: `>= 1.5, < 2.0`, `~> 5.0`.

use std::cmp::Ordering;

/// A released version, or one before a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// As many numbers as were written.
    numbers: Vec<u64>,
    /// What stands after `-`: it comes before the release.
    before: Option<String>,
}

impl Version {
    /// Reads `1.11.4`, `v1.2`, `2.0.0-beta1+build`.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim().trim_start_matches('v');
        let text = text.split_once('+').map_or(text, |it| it.0);
        let (numbers, before) = match text.split_once('-') {
            Some((numbers, before)) => (numbers, Some(before.to_owned())),
            None => (text, None),
        };
        let numbers = numbers.split('.').map(|it| it.parse().ok()).collect::<Option<Vec<u64>>>()?;
        Some(Version { numbers, before })
    }

    fn number(&self, at: usize) -> u64 {
        self.numbers.get(at).copied().unwrap_or_default()
    }

    fn compare(&self, other: &Version) -> Ordering {
        let longest = self.numbers.len().max(other.numbers.len());
        let numbers = (0..longest).map(|it| self.number(it).cmp(&other.number(it)));
        let numbers = numbers.fold(Ordering::Equal, Ordering::then);
        numbers.then_with(|| match (&self.before, &other.before) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(left), Some(right)) => left.cmp(right),
        })
    }
}

/// Conditions that all must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint(Vec<(Operator, Version)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// The last number written may grow, the others not.
    About,
}

/// Longer ones first: `>` is the beginning of `>=`.
const OPERATORS: &[(&str, Operator)] = &[
    ("~>", Operator::About),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("!=", Operator::NotEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

impl Constraint {
    /// Reads conditions that stand between commas; the error is the one that is none.
    pub fn parse(text: &str) -> Result<Constraint, String> {
        let one = |it: &str| {
            let it = it.trim();
            let found = OPERATORS.iter().find_map(|(mark, operator)| Some((*operator, it.strip_prefix(mark)?)));
            let (operator, version) = found.unwrap_or((Operator::Equal, it));
            Version::parse(version).map(|version| (operator, version)).ok_or_else(|| it.to_owned())
        };
        text.split(',').map(one).collect::<Result<_, _>>().map(Constraint)
    }

    pub fn allows(&self, version: &Version) -> bool {
        self.0.iter().all(|(operator, wanted)| {
            let order = version.compare(wanted);
            match operator {
                Operator::Equal => order.is_eq(),
                Operator::NotEqual => order.is_ne(),
                Operator::Less => order.is_lt(),
                Operator::LessOrEqual => order.is_le(),
                Operator::Greater => order.is_gt(),
                Operator::GreaterOrEqual => order.is_ge(),
                Operator::About => order.is_ge() && is_about(version, wanted),
            }
        })
    }
}

/// `~> 5` and `~> 5.0` stay below 6, `~> 5.0.1` below 5.1.
fn is_about(version: &Version, wanted: &Version) -> bool {
    let fixed = wanted.numbers.len().saturating_sub(1).max(1);
    (0..fixed).all(|it| version.number(it) == wanted.number(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(constraint: &str, version: &str) -> bool {
        let version = Version::parse(version).expect("a version");
        Constraint::parse(constraint).expect("a constraint").allows(&version)
    }

    #[test]
    fn conditions_are_terraforms() {
        for yes in ["1.11.4", "= 1.11.4", ">= 1.0", ">=1.3, < 2.0.0", "~> 1.5", "~> 1.11.0", "!= 1.11.3", "~> 1", "> 1.11.4-rc1"] {
            assert!(allows(yes, "1.11.4"), "{yes}");
        }
        for no in ["1.11.5", "< 1.11", "~> 1.10.0", "~> 1.12", "~> 0.14", "> 1.11.4", ">= 1.12.0-alpha1", "!= 1.11.4"] {
            assert!(!allows(no, "1.11.4"), "{no}");
        }
    }

    #[test]
    fn what_is_no_condition_is_named() {
        assert_eq!(Constraint::parse(">= 1.0, latest"), Err("latest".to_owned()));
        assert_eq!(Constraint::parse(""), Err(String::new()));
        assert_eq!(Constraint::parse("=> 1.0"), Err("=> 1.0".to_owned()));
    }
}
