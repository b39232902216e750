//! What must hold for every resource type and data source: sorted, documented, and of the Terraform
//! provider's schema.

use std::collections::{BTreeMap, BTreeSet};

use infra::aws::{DATA_SOURCES, RESOURCES};
use infra::providers;
use infra::schema::{Attribute, Block, Nesting, Schema};
use serde_json::Value as Json;

/// Attributes of the provider that we refuse with a clear error for now: `type.path`. Only shrinks.
const MISSING: &[&str] = &[];

fn oracle() -> Json {
    serde_json::from_str(include_str!("../data/aws-schema.json")).unwrap()
}

/// The same for the small providers, from their published sources.
fn small_oracle() -> Json {
    serde_json::from_str(include_str!("../data/small-schema.json")).unwrap()
}

fn small_schemas() -> Vec<(&'static str, &'static str, &'static Schema)> {
    let resources = providers::RESOURCES.iter().map(|it| ("resource_schemas", it.name(), it.schema()));
    let data = providers::DATA_SOURCES.iter().map(|it| ("data_source_schemas", it.name(), it.schema()));
    resources.chain(data).collect()
}

fn schemas() -> Vec<(&'static str, &'static str, &'static Schema)> {
    let resources = RESOURCES.iter().map(|it| ("resource_schemas", it.name(), it.schema()));
    let data = DATA_SOURCES.iter().map(|it| ("data_source_schemas", it.name(), it.schema()));
    resources.chain(data).collect()
}

#[test]
fn sorted_and_unique() {
    assert!(RESOURCES.is_sorted_by(|a, b| a.name() < b.name()));
    assert!(DATA_SOURCES.is_sorted_by(|a, b| a.name() < b.name()));
    assert!(providers::RESOURCES.is_sorted_by(|a, b| a.name() < b.name()));
    assert!(providers::DATA_SOURCES.is_sorted_by(|a, b| a.name() < b.name()));
}

#[test]
fn every_attribute_is_documented() {
    fn walk(at: &str, block: &Block, out: &mut Vec<String>) {
        let attributes = block.attributes.iter().filter(|it| it.1.doc.trim().is_empty());
        out.extend(attributes.map(|it| format!("{at}.{}", it.0)));
        for (name, it) in &block.blocks {
            walk(&format!("{at}.{name}"), &it.block, out);
        }
    }
    let mut out = Vec::new();
    for (_, name, schema) in schemas().into_iter().chain(small_schemas()) {
        walk(name, &schema.block, &mut out);
        if schema.block.doc.trim().is_empty() {
            out.push(name.to_owned());
        }
    }
    assert!(out.is_empty(), "no documentation: {out:#?}");
}

/// As those providers say it: what has a default is computed.
fn defaults_are_computed(block: &Block) -> Block {
    let mut block = block.clone();
    block.attributes.values_mut().for_each(|it| it.computed |= it.default.is_some());
    block
}

#[test]
fn schemas_equal_the_small_providers() {
    let small = small_schemas().into_iter().map(|(section, name, schema)| {
        (section, name, Schema { version: schema.version, block: defaults_are_computed(&schema.block) })
    });
    let wrong = differences(&small_oracle(), small);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (section, names) in [
        ("resource_schemas", providers::RESOURCES.iter().map(|it| it.name()).collect::<BTreeSet<_>>()),
        ("data_source_schemas", providers::DATA_SOURCES.iter().map(|it| it.name()).collect()),
    ] {
        let theirs: BTreeSet<_> = small_oracle()[section].as_object().unwrap().keys().cloned().collect();
        assert_eq!(theirs, names.into_iter().map(str::to_owned).collect());
    }
}

#[test]
fn schemas_equal_the_providers() {
    let mut wrong = differences(&oracle(), schemas().into_iter().map(|(a, b, it)| (a, b, it.clone())));
    wrong.retain(|it| !MISSING.iter().any(|missing| it.starts_with(missing)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differences(
    oracle: &Json,
    schemas: impl Iterator<Item = (&'static str, &'static str, Schema)>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (section, name, schema) in schemas {
        let theirs = &oracle[section][name];
        if theirs.is_null() {
            wrong.push(format!("{name}: the provider has no such type"));
            continue;
        }
        if theirs["version"].as_u64().unwrap_or(0) != schema.version {
            wrong.push(format!("{name}: schema version {} is theirs", theirs["version"]));
        }
        // `region` is of a later version of the provider.
        let mut ours = schema.block.clone();
        match (infra::schema::region::is_added(name), infra::schema::region::applies(name)) {
            (true, _) => drop(ours.attributes.remove("region")),
            (false, true) => ours.attributes.get_mut("region").into_iter().for_each(|it| it.optional = false),
            (false, false) => {}
        }
        compare(name, &ours, &theirs["block"], &mut wrong);
    }
    wrong
}

fn compare(at: &str, ours: &Block, theirs: &Json, wrong: &mut Vec<String>) {
    let fields = |key: &str| -> BTreeMap<String, Json> {
        theirs[key].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let (attributes, blocks) = (fields("attributes"), fields("block_types"));
    let names = |it: &BTreeMap<String, Json>| it.keys().cloned().collect::<BTreeSet<_>>();
    let mine = ours.attributes.keys().cloned().collect::<BTreeSet<_>>();
    let mine_blocks = ours.blocks.keys().cloned().collect::<BTreeSet<_>>();
    wrong.extend(names(&attributes).difference(&mine).map(|it| format!("{at}.{it}: missing attribute")));
    wrong.extend(
        mine.difference(&names(&attributes)).map(|it| format!("{at}.{it}: they have no such attribute")),
    );
    wrong.extend(names(&blocks).difference(&mine_blocks).map(|it| format!("{at}.{it}: missing block")));
    wrong.extend(
        mine_blocks.difference(&names(&blocks)).map(|it| format!("{at}.{it}: they have no such block")),
    );
    for (name, it) in &ours.attributes {
        if let Some(theirs) = attributes.get(name) {
            compare_attribute(&format!("{at}.{name}"), name, it, theirs, wrong);
        }
    }
    for (name, it) in &ours.blocks {
        let Some(theirs) = blocks.get(name) else { continue };
        let nesting = match it.nesting {
            Nesting::Single => "single",
            Nesting::List => "list",
            Nesting::Set => "set",
        };
        let path = format!("{at}.{name}");
        if theirs["nesting_mode"] != nesting {
            wrong.push(format!("{path}: {nesting} should be {}", theirs["nesting_mode"]));
        }
        if theirs["min_items"].as_u64().unwrap_or(0) != it.min {
            wrong.push(format!("{path}: min {} should be {}", it.min, theirs["min_items"]));
        }
        if theirs["max_items"].as_u64() != it.max {
            wrong.push(format!("{path}: max {:?} should be {}", it.max, theirs["max_items"]));
        }
        compare(&path, &it.block, &theirs["block"], wrong);
    }
}

fn compare_attribute(at: &str, name: &str, ours: &Attribute, theirs: &Json, wrong: &mut Vec<String>) {
    if ours.ty.to_json() != theirs["type"] {
        wrong.push(format!("{at}: type {} should be {}", ours.ty.to_json(), theirs["type"]));
    }
    let flag = |key: &str| theirs[key].as_bool().unwrap_or(false);
    let mut flags = vec![
        ("required", ours.required),
        ("computed", ours.computed),
        ("sensitive", ours.sensitive),
        ("write_only", ours.write_only),
    ];
    if name != "id" {
        // The provider's older types let an id be written, to no effect.
        flags.push(("optional", ours.optional));
    }
    for (key, it) in flags {
        if flag(key) != it {
            wrong.push(format!("{at}: {key} should be {}", !it));
        }
    }
}
