//! `tests/data/sweep/types.toml`: every resource type, and the calls that are its own.

use std::collections::{BTreeMap, BTreeSet};

use infra::kind;

use super::script::Script;
use crate::support::folder::{files, project};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type {
    /// The calls that change one, such as `ec2:CreateVpc`.
    #[serde(default)]
    pub calls: Vec<String>,
    /// Nothing about it can be changed in place.
    #[serde(default)]
    only_replaced: bool,
}

/// By type; what is in quotes is no type, but calls of several or of `infra` itself.
pub fn all() -> BTreeMap<String, Type> {
    let text = std::fs::read_to_string(project().join("tests/data/sweep/types.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

/// Each type is created, replaced, destroyed and, where that can be, changed in some stack.
pub fn all_are_moved(scripts: &[Script]) {
    let done: BTreeSet<&String> = scripts.iter().flat_map(|it| &it.done).collect();
    let mut lacking = Vec::new();
    for (name, it) in all().iter().filter(|it| kind::resource(it.0).is_some()) {
        for action in ["create", "update", "replace", "delete"] {
            let does = done.contains(&format!("{action} {name}"));
            if !(does || action == "update" && it.only_replaced) {
                lacking.push(format!("no {action} of {name}"));
            }
            if does && action == "update" && it.only_replaced {
                lacking.push(format!("{name} is changed in place, though it says `only_replaced`"));
            }
        }
    }
    assert!(lacking.is_empty(), "the stacks of the sweep lack:\n{}", lacking.join("\n"));
}

#[test]
fn every_type_is_in_a_stack_of_the_sweep() {
    let named: BTreeSet<String> = all().into_keys().filter(|it| !it.contains(' ')).collect();
    let registered: BTreeSet<String> = kind::resource_names().map(str::to_owned).collect();
    assert_eq!(named, registered, "tests/data/sweep/types.toml says how a type is added");
    let stacks = files(&project().join("tests/data/sweep"));
    let stacks = stacks.iter().filter(|it| it.0.ends_with("stack.toml"));
    let text: String = stacks.map(|it| std::fs::read_to_string(&it.1).unwrap()).collect();
    for name in registered {
        assert!(text.contains(&format!("\n[{name}.")), "no stack in tests/data/sweep has a {name}");
    }
}
