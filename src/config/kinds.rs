//! Which resource types and data sources there are, and what to say of a name that is none.

use std::collections::BTreeSet;

/// What is known of a name of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It can be used.
    Here,
    /// The Terraform provider has it; `infra` does not, yet.
    Later,
    No,
}

/// The resource types and data sources that a stack may use.
pub trait Kinds {
    fn resources(&self) -> Vec<&str>;
    fn data_sources(&self) -> Vec<&str>;
}

/// A provider that is built in, and the version of Terraform's that it follows.
#[derive(Debug, PartialEq, Eq)]
pub struct BuiltIn {
    pub name: &'static str,
    pub version: &'static str,
}

const BUILT_IN: &[BuiltIn] = &[
    BuiltIn { name: "archive", version: "2.7.1" },
    BuiltIn { name: "aws", version: "5.100.0" },
    BuiltIn { name: "http", version: "3.5.0" },
    BuiltIn { name: "local", version: "2.5.3" },
    BuiltIn { name: "null", version: "3.2.4" },
    BuiltIn { name: "random", version: "3.7.2" },
    BuiltIn { name: "template", version: "2.2.0" },
    BuiltIn { name: "terraform", version: "1.11.4" },
    BuiltIn { name: "time", version: "0.13.1" },
    BuiltIn { name: "tls", version: "4.1.0" },
];

/// The built-in provider of this name.
pub fn built_in(name: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|it| it.name == name)
}

/// Those of the registry.
pub struct Registry;

impl Kinds for Registry {
    fn resources(&self) -> Vec<&str> {
        crate::kind::resource_names().collect()
    }
    fn data_sources(&self) -> Vec<&str> {
        crate::kind::data_names().collect()
    }
}

/// Names of one mode, ready for look-ups.
pub(super) struct Names<'a> {
    here: BTreeSet<&'a str>,
    /// Those of the Terraform provider, sorted.
    all: Vec<&'static str>,
}

impl<'a> Names<'a> {
    pub fn resources(kinds: &'a dyn Kinds) -> Self {
        let all = include_str!("kinds/resources.txt").lines().collect();
        Names { here: kinds.resources().into_iter().collect(), all }
    }

    pub fn data(kinds: &'a dyn Kinds) -> Self {
        let all = include_str!("kinds/data.txt").lines().collect();
        Names { here: kinds.data_sources().into_iter().collect(), all }
    }

    pub fn find(&self, name: &str) -> Known {
        if self.here.contains(name) {
            Known::Here
        } else if self.all.binary_search(&name).is_ok() {
            Known::Later
        } else {
            Known::No
        }
    }

    /// The name nearest to a misspelt one; one that can be used wins over one that cannot.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        self.nearest_here(name).or_else(|| nearest(name, self.all.iter().copied()))
    }

    /// The nearest of those that can be used.
    pub fn nearest_here(&self, name: &str) -> Option<&str> {
        nearest(name, self.here.iter().copied())
    }
}

/// The candidate nearest to `name`. All begin alike, so the common beginning counts for nothing.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let stem = |it: &'a str| it.strip_prefix("aws_").unwrap_or(it);
    let wanted = name.strip_prefix("aws_").unwrap_or(name).to_lowercase();
    // Most are too long or too short, which is cheaper to see.
    let length = |it: &str| it.len() * 10 / 6 >= wanted.len() && wanted.len() * 10 / 6 >= it.len();
    candidates
        .filter(|it| length(stem(it)))
        .map(|it| (strsim::normalized_damerau_levenshtein(stem(it), &wanted), it))
        .filter(|it| it.0 >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        for list in [Names::resources(&Registry).all, Names::data(&Registry).all] {
            assert!(list.is_sorted());
        }
    }

    #[test]
    fn what_is_here_is_what_terraform_has() {
        for names in [Names::resources(&Registry), Names::data(&Registry)] {
            for name in names.here.iter().filter(|it| it.starts_with("aws_")) {
                assert!(names.all.binary_search(name).is_ok(), "{name}");
            }
        }
    }

    #[test]
    fn the_nearest_name_is_found() {
        let names = Names::resources(&Registry);
        assert_eq!(names.nearest("aws_subnets"), Some("aws_subnet"));
        assert_eq!(names.nearest("aws_s3_buckett"), Some("aws_s3_bucket"));
        assert_eq!(names.nearest("aws_completely_else_where"), None);
    }
}
