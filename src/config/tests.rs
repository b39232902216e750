//! Stack files, right and wrong.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::kinds::Kinds;
use super::load::Loader;
use super::*;
use crate::diag::{Diagnostics, SourceFile};
use crate::lang::{Kind, Node};

mod errors;
mod folder;
mod fuzz;
mod hcl;
mod hcl_dynamic;
mod hcl_errors;
mod hcl_json;
mod hcl_override;
mod places;
mod syntax;

/// A registry of a few types.
pub(super) struct Few;

impl Kinds for Few {
    fn resources(&self) -> Vec<&str> {
        vec!["aws_security_group", "aws_subnet", "aws_vpc"]
    }
    fn data_sources(&self) -> Vec<&str> {
        vec!["aws_availability_zones", "aws_region"]
    }
}

fn file(name: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile { path: name.into(), text: text.to_owned() })
}

/// Loads files that stand beside each other.
pub(crate) fn load_texts(texts: &[(&str, &str)]) -> Result<Config, Diagnostics> {
    let mut loader = Loader::new(Path::new("."), &Few);
    for (name, text) in texts {
        match name.strip_prefix("env/").and_then(|it| it.strip_suffix(".toml")) {
            Some(env) => loader.env_file(env, &file(name, text)),
            None => loader.stack_file(&file(name, text)),
        }
    }
    let (config, errors) = loader.finish();
    errors.check(config)
}

pub(super) fn good(text: &str) -> Config {
    load_texts(&[("stack.toml", text)]).unwrap_or_else(|it| panic!("{:#?}", told(&it)))
}

/// Each diagnostic as `file:line:column: summary (help)`.
pub(crate) fn told(errors: &Diagnostics) -> Vec<String> {
    let one = |it: &crate::diag::Diagnostic| {
        let place = it.place.as_ref().map(|it| {
            let (line, column) = it.line_column();
            match it.file.path.to_str() {
                Some("stack.toml") => format!("{line}:{column}: "),
                _ => format!("{}:{line}:{column}: ", it.file.path.display()),
            }
        });
        let help = it.help.as_ref().map(|it| format!(" ({it})"));
        format!("{}{}{}", place.unwrap_or_default(), it.summary, help.unwrap_or_default())
    };
    errors.0.iter().map(one).collect()
}

/// What is wrong with a stack.
pub(super) fn wrong(text: &str) -> Vec<String> {
    wrong_files(&[("stack.toml", text)])
}

pub(super) fn wrong_files(texts: &[(&str, &str)]) -> Vec<String> {
    told(&load_texts(texts).err().unwrap_or_default())
}

fn source(place: &Place) -> &str {
    &place.file.text[place.span.clone()]
}

#[test]
fn the_example_of_the_design_is_read() {
    let config = good(include_str!("tests/shop.toml"));
    assert_eq!(config.stack.name.as_deref(), Some("shop"));
    assert_eq!(config.backend.as_ref().map(|it| it.kind.as_str()), Some("s3"));
    let provider = &config.providers[&ProviderName::default_of("aws")];
    assert_eq!(
        provider.settings.0.iter().map(|it| &*it.name).collect::<Vec<_>>(),
        ["region", "default_tags"]
    );
    assert_eq!(config.variables["ports"].ty, Type::list(Type::Number));
    assert_eq!(config.variables["region"].default, Some("eu-west-1".into()));
    assert_eq!(config.envs["dev"].keys().collect::<Vec<_>>(), ["region"]);
    assert_eq!(config.locals.keys().collect::<Vec<_>>(), ["zones"]);
    let addresses: Vec<_> = config.resources.keys().map(ToString::to_string).collect();
    assert_eq!(
        addresses,
        ["data.aws_availability_zones.up", "aws_security_group.web", "aws_subnet.private", "aws_vpc.main"]
    );
    let subnet = &config.resources[&ResourceAddr::managed("aws_subnet", "private")];
    assert!(matches!(subnet.repeat, Repeat::ForEach(_)));
    assert_eq!(subnet.lifecycle.create_before_destroy, Some(true));
    let names: Vec<_> = subnet.body.0.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["vpc_id", "availability_zone", "cidr_block"]);
    assert_eq!(config.outputs["vpc"].place.line_column(), (40, 2));
}

#[test]
fn meta_arguments_leave_the_body() {
    let config = good(
        r#"
[[provider.aws]]
[[provider.aws]]
alias = "us"

[aws_vpc.a]
count = 2
cidr_block = "10.0.0.0/16"
provider = "aws.us"
depends_on = ["aws_vpc.b", "data.aws_region.here", '${aws_vpc.c[0]}', "module.net"]
[aws_vpc.a.lifecycle]
prevent_destroy = true
ignore_changes = ["tags", 'tags["a.b"]', "ingress[0].from_port"]
replace_triggered_by = ["aws_vpc.b.id", "${aws_vpc.c}"]
[[aws_vpc.a.lifecycle.precondition]]
condition = '${self.id != ""}'
error_message = "no"

[aws_vpc.b]
provider = "aws"
lifecycle.ignore_changes = "all"
"#,
    );
    let a = &config.resources[&ResourceAddr::managed("aws_vpc", "a")];
    assert_eq!(a.body.0.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["cidr_block"]);
    assert_eq!(a.provider.as_ref().map(|it| it.0.to_string()).as_deref(), Some("aws.us"));
    let paths: Vec<_> = a.depends_on.iter().map(|it| it.path.join(".")).collect();
    assert_eq!(paths, ["aws_vpc.b", "data.aws_region.here", "aws_vpc.c", "module.net"]);
    let Ignore::Paths(paths) = &a.lifecycle.ignore_changes else { panic!() };
    let paths: Vec<_> = paths.iter().map(|it| it.0.join("/")).collect();
    assert_eq!(paths, ["tags", "tags/a.b", "ingress/0/from_port"]);
    let triggers: Vec<_> =
        a.lifecycle.replace_triggered_by.iter().map(|it| it.refs()[0].path.join(".")).collect();
    assert_eq!(triggers, ["aws_vpc.b.id", "aws_vpc.c"]);
    assert!(a.lifecycle.prevent_destroy && a.lifecycle.preconditions.len() == 1);
    let b = &config.resources[&ResourceAddr::managed("aws_vpc", "b")];
    assert_eq!(b.provider.as_ref().map(|it| it.0.to_string()).as_deref(), Some("aws"));
    assert!(matches!(b.lifecycle.ignore_changes, Ignore::All));
}

#[test]
fn files_are_read_as_one() {
    let config = load_texts(&[
        ("stack.toml", ""),
        ("a.stack.toml", "[locals]\na = 1\n[env.dev]\nx = 1\n"),
        ("b.stack.toml", "[locals]\nb = 2\n[env.dev]\ny = 2\n[variable.x]\n[variable.y]\n"),
        ("env/dev.toml", "x = 3\n"),
    ])
    .unwrap_or_else(|it| panic!("{:?}", told(&it)));
    assert_eq!(config.locals.len(), 2);
    let dev = &config.envs["dev"];
    assert_eq!(dev["x"].place.file.path, PathBuf::from("env/dev.toml"));
    assert_eq!(source(&dev["y"].place), "2");
}

#[test]
fn values_keep_what_was_written() {
    let config = good(
        "[locals]\nbig = 123456789012345678901234567890\nhex = 0xff\nneg = -1_000\nfloat = 0.1\nsmall = 1e-3\n\
         date = 1979-05-27T07:32:00Z\nyes = true\nempty = \"\"\nlist = [1, \"a\", []]\ntable = { a.b = 1, \"c d\" = 2 }\n",
    );
    let shown = |name: &str| match &config.locals[name].node {
        Node::Constant(it) => it.to_json().to_string(),
        _ => "?".to_owned(),
    };
    assert_eq!(shown("big"), "123456789012345678901234567890");
    assert_eq!(shown("hex"), "255");
    assert_eq!(shown("neg"), "-1000");
    assert_eq!(shown("float"), "0.1");
    assert_eq!(shown("small"), "0.001");
    assert_eq!(shown("date"), "\"1979-05-27T07:32:00Z\"");
    assert_eq!(shown("yes"), "true");
    assert!(
        matches!(&config.locals["empty"].node, Node::Constant(it) if matches!(&it.kind, Kind::String(_)))
    );
    assert!(matches!(&config.locals["list"].node, Node::Array(all) if all.len() == 3));
    let Node::Object(all) = &config.locals["table"].node else { panic!() };
    assert_eq!(all.iter().map(|it| &*it.0).collect::<Vec<_>>(), ["a", "c d"]);
}
