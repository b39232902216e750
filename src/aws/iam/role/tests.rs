use super::*;
use crate::lang::Type;

fn blocks(all: &[(&str, &str)]) -> Value {
    let text = |it: &str| if it.is_empty() { Value::null(Type::String) } else { it.into() };
    let block = |it: &(&str, &str)| Value::object([("name", text(it.0)), ("policy", text(it.1))]);
    let of = Type::object([("name", Type::String), ("policy", Type::String)]);
    Value::list(of, all.iter().map(block).collect())
}

/// The planned blocks, where the role had some and the stack wants others.
fn planned(had: Value, wanted: &Value) -> Value {
    let mut plan = Adjust {
        was: Some(Value::object([("inline_policy", had)])),
        will: Value::object([("inline_policy", wanted.clone())]),
        config: Value::object([("inline_policy", wanted.clone())]),
        replace: Vec::new(),
        errors: Vec::new(),
    };
    Role::adjust(&mut plan);
    plan.will("inline_policy").cloned().unwrap()
}

#[test]
fn another_text_of_the_same_policies_is_no_change() {
    let had = blocks(&[("a", r#"{"Statement":[{"Action":["x"]}]}"#), ("b", "{}")]);
    let wanted = blocks(&[("b", ""), ("a", r#"{ "Statement": { "Action": "x" } }"#)]);
    assert_eq!(planned(had.clone(), &wanted), had);
}

#[test]
fn other_policies_are_a_change() {
    let had = blocks(&[("a", r#"{"Statement":[{"Action":"x"}]}"#)]);
    for wanted in [
        blocks(&[("a", r#"{"Statement":[{"Action":"y"}]}"#)]),
        blocks(&[("b", r#"{"Statement":[{"Action":"x"}]}"#)]),
        blocks(&[("", "")]),
    ] {
        assert_eq!(planned(had.clone(), &wanted), wanted);
    }
}

#[test]
fn an_empty_block_wants_none() {
    let none = blocks(&[]);
    assert_eq!(planned(none.clone(), &blocks(&[("", "")])), none);
}

#[test]
fn a_name_and_a_prefix_exclude_each_other() {
    let will = Value::object([("name", "a".into()), ("name_prefix", Value::from("b"))]);
    let mut plan = Adjust { was: None, config: will.clone(), will, replace: Vec::new(), errors: Vec::new() };
    Role::adjust(&mut plan);
    assert_eq!(plan.errors[0].0, "name_prefix");
}
