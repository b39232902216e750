//! The examples in the documentation of resource types and data sources: they parse, and every
//! attribute in them exists.

use infra::aws::{DATA_SOURCES, RESOURCES};
use infra::providers;
use infra::schema::{Block, Schema};
use toml::{Table, Value};

use crate::support::{Folder, Infra, Proxy};

/// Attributes that every resource takes besides those of its type.
const META: &[&str] = &["count", "depends_on", "for_each", "lifecycle", "provider"];

/// The ```toml parts of a documentation text.
fn examples(doc: &str) -> Vec<&str> {
    let parts = doc.split("```toml\n").skip(1);
    parts.map(|it| it.split("```").next().unwrap_or_default()).collect()
}

fn schema_of(data: bool, name: &str) -> Option<&'static Schema> {
    if data {
        infra::kind::data(name).map(|it| it.schema())
    } else {
        infra::kind::resource(name).map(|it| it.schema())
    }
}

#[test]
fn every_type_has_an_example_that_fits_its_schema() {
    let resources = RESOURCES.iter().chain(providers::RESOURCES).map(|it| (false, it.name(), it.schema()));
    let data = DATA_SOURCES.iter().chain(providers::DATA_SOURCES).map(|it| (true, it.name(), it.schema()));
    let mut wrong = Vec::new();
    for (data, name, schema) in resources.chain(data) {
        let examples = examples(&schema.block.doc);
        let shown = examples.iter().any(|it| it.contains(name));
        if !shown {
            wrong.push(format!("{name}: its documentation shows no example of it"));
        }
        for example in examples {
            check(data, name, example, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(of_data: bool, of: &str, example: &str, wrong: &mut Vec<String>) {
    let stack: Table = match example.parse() {
        Ok(it) => it,
        Err(error) => return wrong.push(format!("{of}: its example does not parse: {error}")),
    };
    for (kind, bodies) in &stack {
        match kind.as_str() {
            "data" => {
                for (kind, bodies) in bodies.as_table().into_iter().flatten() {
                    check_bodies(true, of, kind, bodies, wrong);
                }
            }
            "variable" | "locals" | "output" | "provider" | "stack" => {}
            _ => check_bodies(false, of, kind, bodies, wrong),
        }
    }
    let place = if of_data { stack.get("data").and_then(|it| it.get(of)) } else { stack.get(of) };
    if place.is_none() {
        wrong.push(format!("{of}: an example that does not show it"));
    }
}

fn check_bodies(data: bool, of: &str, kind: &str, bodies: &Value, wrong: &mut Vec<String>) {
    // Another type in an example may be one we do not have yet.
    let Some(schema) = schema_of(data, kind) else { return };
    for (name, body) in bodies.as_table().into_iter().flatten() {
        check_body(&format!("{of}: {kind}.{name}"), &schema.block, body, true, wrong);
    }
}

fn check_body(at: &str, block: &Block, body: &Value, outermost: bool, wrong: &mut Vec<String>) {
    let Some(body) = body.as_table() else { return };
    for (name, value) in body {
        if outermost && META.contains(&name.as_str()) {
            continue;
        }
        if let Some(nested) = block.blocks.get(name) {
            let at = format!("{at}.{name}");
            match value {
                Value::Array(all) => {
                    all.iter().for_each(|it| check_body(&at, &nested.block, it, false, wrong))
                }
                other => check_body(&at, &nested.block, other, false, wrong),
            }
        } else if let Some(attribute) = block.attributes.get(name) {
            if !attribute.required && !attribute.optional {
                wrong.push(format!("{at}.{name} is not for the stack to set"));
            }
        } else {
            wrong.push(format!("{at}.{name}: no such attribute"));
        }
    }
    let given = |name: &String| body.contains_key(name);
    let missing = block.attributes.iter().filter(|it| it.1.required && !given(it.0));
    wrong.extend(missing.map(|it| format!("{at}.{} is required and not in the example", it.0)));
    let missing = block.blocks.iter().filter(|it| it.1.min > 0 && !given(it.0));
    wrong.extend(missing.map(|it| format!("{at}.{} is required and not in the example", it.0)));
}

/// What an example refers to without showing it is no mistake of the example.
fn shown_elsewhere(summary: &str) -> bool {
    summary.starts_with("there is no `") && summary.ends_with("` in this stack")
        || summary.starts_with("there is no variable")
        || summary.starts_with("there is no local value")
        || summary.ends_with("is not supported yet")
}

#[test]
fn every_example_is_a_valid_stack() {
    let nowhere = Proxy::to_nowhere();
    let resources = RESOURCES.iter().chain(providers::RESOURCES).map(|it| (it.name(), it.schema()));
    let data = DATA_SOURCES.iter().chain(providers::DATA_SOURCES).map(|it| (it.name(), it.schema()));
    let mut wrong = Vec::new();
    for (name, schema) in resources.chain(data) {
        for example in examples(&schema.block.doc) {
            let folder = Folder::with_stack(example);
            let answer = Infra::offline(folder.path(), &nowhere).run(&["validate", "--json"]);
            let json: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
            let summaries =
                json["diagnostics"].as_array().into_iter().flatten().map(|it| it["summary"].as_str());
            let bad = summaries.flatten().filter(|it| !shown_elsewhere(it));
            wrong.extend(bad.map(|it| format!("{name}: {it}\n{example}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn docs(words: &[&str], code: i32) -> crate::support::infra::Output {
    let folder = Folder::new();
    let words: Vec<&str> = std::iter::once("docs").chain(words.iter().copied()).collect();
    Infra::offline(folder.path(), &Proxy::to_nowhere()).must(&words, code)
}

#[test]
fn every_page_can_be_read() {
    let list = docs(&["--list"], 0).stdout;
    for name in infra::kind::resource_names().chain(["cidrsubnet", "try", "data.aws_region"]) {
        assert!(list.lines().any(|it| it.split_whitespace().next() == Some(name)), "{name} in\n{list}");
    }
    for name in
        ["aws_vpc", "aws_sqs_queue", "data.aws_iam_policy_document", "random_password", "try", "format"]
    {
        let page = docs(&[name], 0).stdout;
        assert!(page.starts_with(name) && !page.contains('\u{1b}'), "{page}");
        let markdown = docs(&[name, "--format", "markdown"], 0).stdout;
        assert!(markdown.starts_with(&format!("# {name}\n")), "{markdown}");
    }
}

#[test]
fn a_page_tells_it_all() {
    let page = docs(&["aws_subnet"], 0).stdout;
    for it in [
        "aws_subnet                                                                             resource type\n",
        "\n    vpc_id = \"${aws_vpc.main.id}\"\n",
        "\nRequired arguments\n\n  vpc_id  string, required, a change replaces\n      The VPC that holds the subnet.\n",
        "\n  map_public_ip_on_launch  bool, default false\n",
        "\n  id  string\n",
        "\n  delete  default 20m0s\n",
        "\nTags\n",
        "\nImport\n\n    infra import aws_subnet.NAME 'subnet-",
        "\n    [[import]]\n    to = \"aws_subnet.NAME\"\n    id = \"subnet-",
    ] {
        assert!(page.contains(it), "{it} in\n{page}");
    }
    assert!(page.lines().all(|it| it.chars().count() <= 100), "{page}");
    let page = docs(&["aws_security_group.ingress.from_port"], 0).stdout;
    assert!(page.contains("from_port  number, required") && !page.contains("to_port"), "{page}");
    assert!(docs(&["aws_subnet.timeouts"], 0).stdout.contains("create  default 10m0s"));
    // Where there is a data source alone, it is meant.
    assert!(docs(&["aws_iam_policy_document"], 0).stdout.starts_with("data.aws_iam_policy_document "));
}

#[test]
fn a_wrong_name_gets_a_suggestion() {
    for (name, wanted) in [
        ("aws_subnett", "did you mean `aws_subnet`?"),
        ("aws_subnet.cidr_blok", "did you mean `cidr_block`?"),
        ("cidrsubnt", "did you mean `cidrsubnet`?"),
        (
            "data.aws_s3_bucket_policy.nothing.such",
            "there is a resource type of that name: `aws_s3_bucket_policy`",
        ),
        ("xyzzy", "infra docs --search xyzzy"),
    ] {
        let told = docs(&[name], 1).stderr;
        assert!(told.contains(wanted), "{name}: {told}");
    }
}

#[test]
fn a_search_finds_pages_and_what_is_on_them() {
    let found = docs(&["--search", "public ip"], 0).stdout;
    assert!(found.contains("aws_subnet.map_public_ip_on_launch"), "{found}");
    let found = docs(&["--search", "IPv6 network"], 0).stdout;
    assert!(found.contains("Functions") || found.contains("aws_"), "{found}");
    let told = docs(&["--search", "xyzzy"], 1).stderr;
    assert!(told.contains("nothing in the manual speaks of `xyzzy`"), "{told}");
}

#[test]
fn a_pager_is_for_terminals() {
    let folder = Folder::new();
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere()).env("PAGER", "sed s/^/paged:/");
    assert!(!infra.must(&["docs", "aws_vpc"], 0).stdout.contains("paged:"));
    let seen = infra.at_terminal(&["docs", "aws_vpc"], &[]).stdout;
    assert!(seen.contains("paged:"), "{seen}");
    // A pager that is not there hides nothing.
    let infra = Infra::offline(folder.path(), &Proxy::to_nowhere()).env("PAGER", "no-such-pager");
    let seen = infra.at_terminal(&["docs", "aws_vpc"], &[]).stdout;
    assert!(seen.contains("Optional arguments"), "{seen}");
}
