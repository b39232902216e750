//! Terraform's own files: the same model as that of stack files.

use super::*;
use crate::config::hcl::files::Files;

/// Loads `.tf` and `.tf.json` files that stand beside each other.
pub(super) fn read_tf(texts: &[(&str, &str)]) -> (Config, Diagnostics) {
    let mut names: Vec<String> = texts.iter().map(|it| it.0.to_owned()).collect();
    names.sort();
    let files = Files::of(&names);
    let of = |names: &[String]| -> Vec<_> {
        let text = |name: &str| texts.iter().find(|it| it.0 == name).map_or("", |it| it.1);
        names.iter().map(|it| file(it, text(it))).collect()
    };
    let mut loader = Loader::new(Path::new("."), &Few);
    loader.terraform_files(&of(&files.primary), &of(&files.overrides));
    loader.finish()
}

pub(super) fn good_tf(text: &str) -> Config {
    good_tfs(&[("main.tf", text)])
}

pub(super) fn good_tfs(texts: &[(&str, &str)]) -> Config {
    let (config, errors) = read_tf(texts);
    assert_eq!(told(&errors), [""; 0]);
    config
}

pub(super) fn wrong_tf(text: &str) -> Vec<String> {
    let (_, errors) = read_tf(&[("main.tf", text)]);
    told(&errors).iter().map(|it| it.trim_start_matches("main.tf:").to_owned()).collect()
}

/// The model without places, to compare what two front ends give.
fn shape(config: &Config) -> String {
    let text = format!("{config:#?}");
    let mut out = String::new();
    let mut skipped: Option<usize> = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        match skipped {
            Some(at) if indent > at => continue,
            Some(at) if indent == at => {
                skipped = None;
                continue;
            }
            _ => skipped = None,
        }
        if line.trim_start().starts_with("place: ") || line.trim() == "Place {" {
            skipped = line.ends_with(['{', '(']).then_some(indent);
            continue;
        }
        if line.trim_start().starts_with("syntax: ") {
            continue;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn resource<'a>(config: &'a Config, kind: &str, name: &str) -> &'a Resource {
    &config.resources[&ResourceAddr::managed(kind, name)]
}

fn eval(expr: &Expr) -> String {
    let scope = scope::Scope::nothing("a test");
    expr.eval(&scope).map_or_else(|it| format!("{:?}", told(&it)), |it| it.to_json().to_string())
}

#[test]
fn what_is_constant_is_the_same_in_both() {
    let toml = good(
        r#"
[stack]
[variable.ports]
type = "list(number)"
default = [80, 443]
description = "a"
[locals]
big = 123456789012345678901234567890
list = [1, -2.5, "c", { d = true }]
[aws_vpc.main]
cidr_block = "10.0.0.0/16"
tags = { Name = "x", "a b" = "y" }
[[aws_vpc.main.rule]]
a = 1
[[aws_vpc.main.rule]]
a = 2
[aws_vpc.main.one]
b = "c"
[output.x]
value = 1
sensitive = true
"#,
    );
    let native = good_tf(
        r#"
variable "ports" {
  type        = list(number)
  default     = [80, 443]
  description = "a"
}
locals {
  big  = 123456789012345678901234567890
  list = [1, -2.5, "c", { d = true }]
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags = {
    Name  = "x"
    "a b" : "y"
  }
  rule {
    a = 1
  }
  rule { a = 2 }
  one {
    b = "c"
  }
}
output "x" {
  value     = 1
  sensitive = true
}
"#,
    );
    assert_eq!(shape(&toml), shape(&native));
    let json = good_tfs(&[(
        "main.tf.json",
        r#"{
  "//": "a comment",
  "variable": {"ports": {"type": "list(number)", "default": [80, 443], "description": "a"}},
  "locals": [{"big": 123456789012345678901234567890}, {"list": [1, -2.5, "c", {"d": true}]}],
  "resource": [{"aws_vpc": {"main": [{
    "//": "another", "cidr_block": "10.0.0.0/16", "tags": {"Name": "x", "a b": "y"},
    "rule": [{"a": 1}, {"a": 2}], "one": {"b": "c"}}]}}],
  "output": {"x": {"value": 1, "sensitive": true}}
}"#,
    )]);
    assert_eq!(shape(&toml), shape(&json));
}

#[test]
fn meta_arguments_are_bare() {
    let config = good_tf(
        r#"
provider "aws" {}
provider "aws" {
  alias = "us"
}
resource "aws_vpc" "a" {
  count      = 2
  provider   = aws.us
  depends_on = [aws_vpc.b, data.aws_region.here, aws_vpc.c[0], "aws_vpc.d", module.net]
  lifecycle {
    prevent_destroy      = true
    ignore_changes       = [tags, tags["a.b"], ingress[0].from_port, ingress.1.to_port, "cidr_block"]
    replace_triggered_by = [aws_vpc.b.id, aws_vpc.c]
    precondition {
      condition     = self.id != ""
      error_message = "no"
    }
  }
}
resource "aws_vpc" "b" {
  lifecycle { ignore_changes = all }
}
resource "aws_vpc" "c" {
  lifecycle {
    ignore_changes        = ["*"]
    create_before_destroy = "true"
  }
}
"#,
    );
    let a = resource(&config, "aws_vpc", "a");
    assert!(a.body.0.is_empty() && matches!(a.repeat, Repeat::Count(_)));
    assert_eq!(a.provider.as_ref().map(|it| it.0.to_string()).as_deref(), Some("aws.us"));
    let paths: Vec<_> = a.depends_on.iter().map(|it| it.path.join(".")).collect();
    assert_eq!(paths, ["aws_vpc.b", "data.aws_region.here", "aws_vpc.c", "aws_vpc.d", "module.net"]);
    let Ignore::Paths(paths) = &a.lifecycle.ignore_changes else { panic!() };
    let paths: Vec<_> = paths.iter().map(|it| it.0.join("/")).collect();
    assert_eq!(paths, ["tags", "tags/a.b", "ingress/0/from_port", "ingress/1/to_port", "cidr_block"]);
    let triggers: Vec<_> =
        a.lifecycle.replace_triggered_by.iter().map(|it| it.refs()[0].path.join(".")).collect();
    assert_eq!(triggers, ["aws_vpc.b.id", "aws_vpc.c"]);
    assert!(matches!(resource(&config, "aws_vpc", "b").lifecycle.ignore_changes, Ignore::All));
    let c = &resource(&config, "aws_vpc", "c").lifecycle;
    assert!(matches!(c.ignore_changes, Ignore::All) && c.create_before_destroy == Some(true));
}

#[test]
fn old_spellings_are_read() {
    let config = good_tf(
        r#"
variable "a" { type = "string" }
variable "b" { type = "list" }
variable "c" { type = "map" }
variable "d" { type = object({ x = optional(string, "y") }) }
variable "e" { default = "$default" }
locals {
  alone  = "${local.x}"
  twice  = "${"${1 + 2}"}"
  colon  = { a : 1, "b" : 2 }
  splat  = ["${[{ a = 1 }, { a = 2 }].*.a}", [{ a = [5] }].0.a.0]
  dollar = "$${x} %%{y} $x"
  text   = <<-EOT
    one
      two
  EOT
}
"#,
    );
    // As Terraform names types in messages.
    let types: Vec<_> = config.variables.values().map(|it| it.ty.to_string()).collect();
    assert_eq!(types, ["string", "list(dynamic)", "map(dynamic)", "object({ x = string })", "dynamic"]);
    assert_eq!(config.variables["e"].default, Some("$default".into()));
    let Node::Hcl(alone, _) = &config.locals["alone"].node else { panic!() };
    assert!(alone.as_traversal().is_some());
    let local = |name: &str| eval(&config.locals[name]);
    assert_eq!(local("twice"), "3");
    assert_eq!(local("colon"), r#"{"a":1,"b":2}"#);
    assert_eq!(local("splat"), "[[1,2],5]");
    assert_eq!(local("dollar"), r#""${x} %{y} $x""#);
    assert_eq!(local("text"), r#""one\n  two\n""#);
}

#[test]
fn places_are_those_of_the_file() {
    let text = "\u{feff}# é\r\nlocals {\r\n  a = \"é${local.x}\"\r\n  b = [\r\n    local.y,\r\n  ]\r\n}\r\nresource \"aws_vpc\" \"m\" { cidr_block = local.z }\r\n";
    let config = good_tf(text);
    let refs = |it: &Expr| it.refs().into_iter().map(|it| source(&it.place).to_owned()).collect::<Vec<_>>();
    assert_eq!(refs(&config.locals["a"]), ["local.x"]);
    assert_eq!(refs(&config.locals["b"]), ["local.y"]);
    let vpc = resource(&config, "aws_vpc", "m");
    assert_eq!(source(&vpc.place), "resource \"aws_vpc\" \"m\"");
    assert_eq!(source(&vpc.body.0[0].place), "cidr_block");
    assert_eq!(refs(&vpc.body.0[0].value), ["local.z"]);
}

#[test]
fn terraform_says_what_it_needs() {
    let config = good_tf(
        r#"
terraform {
  required_version = ">= 1.3, < 2.0.0"
  required_providers {
    amazon = {
      source                = "hashicorp/aws"
      version               = "~> 5.0"
      configuration_aliases = [amazon.west, amazon.east]
    }
    github = {
      source = "integrations/github"
    }
    random = "~> 3.1"
  }
  backend "s3" {
    bucket = "b"
  }
}
provider "amazon" {
  alias = "north"
}
resource "aws_vpc" "a" {
  provider = amazon.north
}
"#,
    );
    let aws = &config.required_providers["amazon"];
    let aliases: Vec<_> = aws.aliases.iter().map(|it| &*it.0).collect();
    assert_eq!((&*aws.kind, aliases), ("aws", vec!["west", "east"]));
    assert_eq!(config.required_providers["github"].source, "registry.terraform.io/integrations/github");
    assert_eq!(config.backend.as_ref().map(|it| it.kind.as_str()), Some("s3"));
    let names: Vec<_> = config.providers.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["aws.north"]);
    let a = resource(&config, "aws_vpc", "a");
    assert_eq!(a.provider.as_ref().map(|it| it.0.to_string()).as_deref(), Some("aws.north"));
}

#[test]
fn an_empty_folder_of_files_is_no_mistake() {
    for text in ["", "# nothing\n", "locals {}\n"] {
        good_tf(text);
    }
}
