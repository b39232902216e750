//! Override files.

use super::hcl::{good_tfs, read_tf};
use super::*;

const BASE: &str = r#"
terraform {
  required_version = ">= 99.0"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 3.0" }
    random = { source = "hashicorp/random" }
  }
  backend "s3" {
    bucket = "b"
  }
}
variable "x" {
  type    = string
  default = "a"
}
locals {
  a = 1
  b = 2
}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
  tags       = { a = "1" }
  count      = 2
  rule { a = 1 }
  rule { a = 2 }
  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags, cidr_block]
  }
}
provider "aws" {
  alias  = "west"
  region = "a"
}
output "o" { value = 1 }
"#;

const OVER: &str = r#"
terraform {
  required_version = ">= 1.0"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
  backend "local" {}
}
variable "x" {
  type = number
  default = 5
}
locals {
  b = 3
}
resource "aws_vpc" "a" {
  tags     = { b = "2" }
  for_each = {}
  rule { a = 3 }
  lifecycle {
    ignore_changes = [id]
  }
}
provider "aws" {
  alias  = "west"
  region = "b"
}
provider "aws" {}
output "o" { sensitive = true }
"#;

#[test]
fn what_stands_in_them_replaces_the_rest() {
    let config = good_tfs(&[("main.tf", BASE), ("main_override.tf", OVER)]);
    assert_eq!(config.backend.as_ref().map(|it| it.kind.as_str()), Some("local"));
    assert_eq!(config.required_providers.keys().map(|it| &**it).collect::<Vec<_>>(), ["aws", "random"]);
    assert_eq!(config.variables["x"].default, Some(5.into()));
    assert_eq!((source(&config.locals["a"].place), source(&config.locals["b"].place)), ("1", "3"));
    let a = &config.resources[&ResourceAddr::managed("aws_vpc", "a")];
    assert!(matches!(a.repeat, Repeat::ForEach(_)));
    let text = |name: &str| a.body.get(name).map(|it| source(&it.value.place));
    assert_eq!(text("cidr_block"), Some("\"10.0.0.0/16\""));
    assert_eq!(text("tags"), Some("{ b = \"2\" }"));
    assert!(matches!(a.body.get("rule").map(|it| &it.value.node), Some(Node::Object(_))));
    let names: Vec<_> = config.providers.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["aws", "aws.west"]);
    let west = &config.providers[&ProviderName::parse("aws.west").unwrap_or_else(|| panic!())];
    assert_eq!(west.settings.0.iter().map(|it| source(&it.value.place)).collect::<Vec<_>>(), ["\"b\""]);
    assert!(config.outputs["o"].sensitive);
}

#[test]
fn ignore_changes_is_replaced_as_a_whole() {
    let config = good_tfs(&[("main.tf", BASE), ("override.tf", OVER)]);
    let life = &config.resources[&ResourceAddr::managed("aws_vpc", "a")].lifecycle;
    let Ignore::Paths(paths) = &life.ignore_changes else { panic!() };
    assert_eq!(paths.iter().map(|it| it.0.join(".")).collect::<Vec<_>>(), ["id"]);
    assert_eq!(life.create_before_destroy, Some(true));
    let nothing = r#"{"resource": {"aws_vpc": {"a": {"lifecycle": [{"ignore_changes": []}]}}}}"#;
    let config =
        good_tfs(&[("a.tf", &BASE.replace("99", "1").replace("3.0", "5.0")), ("override.tf.json", nothing)]);
    let life = &config.resources[&ResourceAddr::managed("aws_vpc", "a")].lifecycle;
    assert!(matches!(&life.ignore_changes, Ignore::Paths(all) if all.len() == 2));
}

#[test]
fn there_must_be_something_to_override() {
    let over = r#"
resource "aws_vpc" "b" {}
variable "y" {}
locals { c = 1 }
moved {
  from = aws_vpc.x
  to   = aws_vpc.a
}
check "c" {}
provider "aws" { alias = "z" }
variable "x" {
  validation {
    condition     = true
    error_message = "x"
  }
}
output "o" { depends_on = [aws_vpc.a] }
"#;
    let base = BASE.replace("99", "1").replace("~> 3.0", "~> 5.0");
    let (_, errors) = read_tf(&[("main.tf", &base), ("override.tf", over)]);
    let only = "(an override file only changes what one of the other files declares)";
    assert_eq!(
        told(&errors).iter().map(|it| it.trim_start_matches("override.tf:").to_owned()).collect::<Vec<_>>(),
        [
            format!("2:1: there is no `aws_vpc.b` to override {only}"),
            format!("3:1: there is no `variable.y` to override {only}"),
            "4:10: there is no `local.c` to override (declare it in one of the other files)".to_owned(),
            "5:1: `moved` cannot stand in an override file (move it to one of the other files)".to_owned(),
            "9:1: `check` cannot stand in an override file (move it to one of the other files)".to_owned(),
            format!("10:1: there is no `provider.aws` to override {only}"),
            "12:3: a `validation` cannot be overridden (change it where it is declared)".to_owned(),
            "17:14: `depends_on` cannot be overridden (change it where the block is declared)".to_owned(),
        ]
    );
}
