//! `dynamic` blocks.

use super::hcl::{good_tf, good_tfs, wrong_tf};
use super::*;
use crate::lang::Value;

fn ingress(config: &Config, values: Value) -> Value {
    let group = &config.resources[&ResourceAddr::managed("aws_security_group", "a")];
    let scope = scope::Scope::nothing("a test").with("var", values);
    let it = group.body.get("ingress").map(|it| it.value.eval(&scope));
    it.transpose().unwrap_or_else(|it| panic!("{:?}", told(&it))).unwrap_or_else(|| Value::tuple(Vec::new()))
}

const MIXED: &str = r#"
resource "aws_security_group" "a" {
  ingress {
    from_port = 1
  }
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port = ingress.value
      to_port   = ingress.key
    }
  }
  egress {}
  dynamic "ingress" {
    for_each = { b = ["x", "y"] }
    iterator = rule
    content {
      dynamic "inner" {
        for_each = rule.value
        content {
          name = "${rule.key}${inner.key}${inner.value}"
        }
      }
    }
  }
  ingress {
    from_port = 2
  }
}
"#;

#[test]
fn blocks_are_made_in_order() {
    let config = good_tf(MIXED);
    let ports = Value::object([("ports", Value::tuple(vec![80.into(), 443.into()]))]);
    assert_eq!(
        ingress(&config, ports).to_json().to_string(),
        r#"[{"from_port":1},{"from_port":80,"to_port":0},{"from_port":443,"to_port":1},"#.to_owned()
            + r#"{"inner":[{"name":"b0x"},{"name":"b1y"}]},{"from_port":2}]"#
    );
}

#[test]
fn an_unknown_collection_makes_the_list_unknown() {
    let config = good_tf(MIXED);
    let ports = Value::object([("ports", Value::unknown(Type::list(Type::Number)))]);
    assert!(ingress(&config, ports).is_unknown());
}

#[test]
fn none_at_all_is_as_if_nothing_was_written() {
    let text = "resource \"aws_security_group\" \"a\" {\n  dynamic \"ingress\" {\n    for_each = var.ports\n    \
                content {\n      from_port = ingress.value\n    }\n  }\n}\n";
    let config = good_tf(text);
    let group = &config.resources[&ResourceAddr::managed("aws_security_group", "a")];
    let rules = |all: Vec<Value>| {
        let values = Value::object([("ports", Value::tuple(all))]);
        let scope = scope::Scope::nothing("a test").with("var", values);
        group
            .body
            .get("ingress")
            .map(|it| it.value.eval(&scope).unwrap_or_else(|it| panic!("{:?}", told(&it))))
    };
    assert!(rules(Vec::new()).is_some_and(|it| it.is_null()));
    assert!(rules(vec![80.into()]).is_some_and(|it| !it.is_null()));
}

#[test]
fn the_iterator_is_no_reference() {
    let config = good_tf(MIXED);
    let group = &config.resources[&ResourceAddr::managed("aws_security_group", "a")];
    let refs = |it: &Setting| it.value.refs().into_iter().map(|it| it.path.join(".")).collect::<Vec<_>>();
    assert_eq!(group.body.0.iter().flat_map(refs).collect::<Vec<_>>(), ["var.ports"]);
}

#[test]
fn json_has_them_too() {
    let config = good_tfs(&[(
        "a.tf.json",
        r#"{"resource": {"aws_security_group": {"a": {
            "dynamic": {"ingress": {"for_each": "${var.ports}", "iterator": "p", "content": {"from_port": "${p.value}"}}},
            "ingress": [{"from_port": 1}],
            "tags": {"dynamic": "no"}}}}}"#,
    )]);
    let ports = Value::object([("ports", Value::tuple(vec![80.into()]))]);
    assert_eq!(ingress(&config, ports).to_json().to_string(), r#"[{"from_port":1},{"from_port":80}]"#);
}

#[test]
fn what_is_wrong_is_told() {
    let of = |body: &str| wrong_tf(&format!("resource \"aws_vpc\" \"a\" {{\n{body}\n}}\n"));
    assert_eq!(
        of("dynamic {}"),
        ["2:1: a `dynamic` block names the blocks that it makes (write `dynamic \"ingress\" { … }`)"]
    );
    assert_eq!(
        of("dynamic \"x\" {\n  iterator = \"a b\"\n  labels = []\n  foreach = []\n}"),
        [
            "4:3: blocks `x` have no names: `labels` means nothing here (remove it)",
            "3:14: `iterator` is not a name (write a plain name, such as `iterator = rule`)",
            "2:1: `dynamic \"x\"` has no `for_each` (add `for_each = …`)",
            "2:1: `dynamic \"x\"` has no `content` (what each of the blocks holds stands in `content { … }`)",
            "5:3: `dynamic \"x\"` takes no `foreach` (did you mean `for_each`?)",
        ]
    );
    assert_eq!(of("x = 1\nx {}"), ["2:1: `x` stands here as an argument and as a block (keep one of them)"]);
}
