//! Type constraints, conversion and JSON.

use serde_json::json;

use super::*;
use crate::lang::types::{parse_type, unify};

fn ty(text: &str) -> Type {
    parse_type(text, &source(text).1).unwrap_or_else(|it| panic!("{text}: {it}"))
}

#[test]
fn constraints_are_read() {
    for (text, shown) in [
        ("string", "string"),
        ("any", "dynamic"),
        ("list(string)", "list(string)"),
        ("map(list(any))", "map(list(dynamic))"),
        ("set(number)", "set(number)"),
        ("tuple([string, bool])", "tuple([string, bool])"),
        ("object({ b = optional(number, 1), a = string })", "object({ a = string, b = number })"),
        ("object({\n  a = string\n  b = any\n})", "object({ a = string, b = dynamic })"),
        ("list", "list(dynamic)"),
    ] {
        assert_eq!(ty(text).to_string(), shown);
    }
}

#[test]
fn wrong_constraints_are_refused() {
    for (text, part, help) in [
        ("strng", "strng", "did you mean `string`?"),
        ("lst(string)", "lst(string)", "did you mean `list`?"),
        ("list(string, number)", "list(string, number)", ""),
        ("object(string)", "string", "for instance object({ name = string })"),
        ("optional(string)", "optional(string)", ""),
        ("object({ a = optional(number, \"x\") })", "\"x\"", ""),
        ("object({ a = optional(number, var.x) })", "var.x", "write a constant"),
        ("object({ a = strin, b = nmber })", "strin", "did you mean `string`?"),
    ] {
        let error = parse_type(text, &source(text).1).unwrap_err();
        let place = error.0[0].place.clone().unwrap();
        assert_eq!(&place.file.text[place.span], part, "{text}");
        if !help.is_empty() {
            assert_eq!(error.0[0].help.as_deref(), Some(help), "{text}");
        }
    }
    assert_eq!(parse_type("[strin, 5]", &source("x").1).unwrap_err().0.len(), 1);
}

#[test]
fn conversion_by_constraint() {
    let object = "object({ a = string, b = optional(number, 1), c = optional(list(string)) })";
    for (value, to, answer) in [
        ("[1, true]", "list(string)", "tolist([\"1\", \"true\"])"),
        ("[\"b\", \"a\", \"b\"]", "set(string)", "toset([\"a\", \"b\"])"),
        ("{ a = 1 }", "map(string)", "tomap({ a = \"1\" })"),
        ("{ a = 1, x = 2 }", object, "{ a = \"1\", b = 1, c = null }"),
        ("{ a = 1, b = null }", object, "{ a = \"1\", b = 1, c = null }"),
        ("tomap({ a = \"x\", z = \"y\" })", object, "{ a = \"x\", b = 1, c = null }"),
        ("toset([\"b\", \"a\"])", "list(string)", "tolist([\"a\", \"b\"])"),
        ("[1, \"a\"]", "list(any)", "tolist([\"1\", \"a\"])"),
        ("[1, \"a\"]", "tuple([string, string])", "[\"1\", \"a\"]"),
        ("[]", "list(string)", "tolist([])"),
        ("null", "string", "tostring(null)"),
        ("{ a = 1 }", "any", "{ a = 1 }"),
    ] {
        let value = eval(value).unwrap().convert(&ty(to)).unwrap();
        let answer = eval(answer).unwrap();
        assert_eq!(value.to_json(), answer.to_json());
        assert_eq!(value.ty().is_primitive(), answer.ty().is_primitive());
    }
}

#[test]
fn refused_conversions_say_where() {
    for (value, to, why) in [
        ("\"x\"", "number", "a number is required"),
        ("\"x\"", "bool", "a bool is required"),
        ("\"True\"", "bool", "a bool is required; to convert from string, use lowercase \"true\""),
        ("[]", "string", "string required"),
        ("5", "bool", "bool required"),
        ("\"a\"", "list(string)", "list of string required"),
        ("[1, []]", "list(number)", "element 1: number required"),
        (
            "{ a = { b = [] } }",
            "object({ a = object({ b = string }) })",
            "attribute \"a\": attribute \"b\": string required",
        ),
        ("{}", "object({ a = string })", "attribute \"a\" is required"),
        ("{}", "object({ a = string, b = string })", "attributes \"a\" and \"b\" are required"),
        (
            "{}",
            "object({ a = string, b = string, c = any })",
            "attributes \"a\", \"b\", and \"c\" are required",
        ),
        ("[1, []]", "list(any)", "all list elements must have the same type"),
        ("{ a = 1, b = [] }", "map(any)", "all map elements must have the same type"),
        ("[1]", "tuple([string, string])", "a tuple of 2 elements is required"),
    ] {
        let error = eval(value).unwrap().convert(&ty(to)).unwrap_err();
        assert_eq!(error.to_string(), why, "{value} as {to}");
    }
}

#[test]
fn unknowns_and_marks_survive_conversion() {
    let unknown = Value::unknown(Type::Any).convert(&ty("list(string)")).unwrap();
    assert_eq!(unknown, Value::unknown(ty("list(string)")));
    let open = Value::unknown(ty("list(string)")).convert(&ty("set(any)")).unwrap();
    assert_eq!(open.ty(), ty("set(string)"));
    assert!(Value::unknown(ty("list(string)")).convert(&Type::Number).is_err());
    let secret = eval("[sensitive(1)]").unwrap();
    let list = secret.convert(&ty("list(string)")).unwrap();
    assert!(!list.marks.sensitive && list.as_items().unwrap()[0].marks.sensitive);
    assert!(secret.convert(&ty("set(string)")).unwrap().marks.sensitive);
    let optional =
        Value::unknown(ty("object({ a = string })")).convert(&ty("object({ a = optional(string) })"));
    assert_eq!(optional.unwrap().ty(), ty("object({ a = string })"));
}

#[test]
fn types_unify() {
    for (all, common) in [
        (&["string", "number"][..], Some("string")),
        (&["bool", "number"], None),
        (&["list(number)", "tuple([string])"], Some("list(string)")),
        (&["set(number)", "set(string)"], Some("set(string)")),
        (&["tuple([number])", "tuple([string, bool])"], Some("list(string)")),
        (&["tuple([number])", "tuple([string])"], Some("tuple([string])")),
        (&["object({ a = number })", "object({ b = string })"], Some("map(string)")),
        (&["object({ a = number })", "map(string)"], Some("map(string)")),
        (&["object({ a = number })", "tuple([number])"], None),
        (&["any", "number"], Some("number")),
    ] {
        let types: Vec<Type> = all.iter().map(|it| ty(it)).collect();
        assert_eq!(unify(&types), common.map(ty), "{all:?}");
    }
    assert_eq!(unify(&[]), None);
}

#[test]
fn json_to_values_of_a_type() {
    let to = ty("object({ id = string, n = number, tags = map(string), all = set(object({ p = number })) })");
    let json = json!({"id": 5, "tags": {"a": "b"}, "all": [{"p": 80}, {"p": 443, "more": 1}], "extra": 1});
    let value = Value::from_json(&json, &to).unwrap();
    let back = json!({"all": [{"p": 443}, {"p": 80}], "id": "5", "n": null, "tags": {"a": "b"}});
    assert_eq!(value.to_json(), back);
    assert_eq!(value.ty(), to);
    let error = Value::from_json(&json!({"all": [{"p": "x"}]}), &to).unwrap_err();
    assert_eq!(error.path, ["all", "0", "p"]);
    let dynamic = json!({"type": ["list", "string"], "value": ["a"]});
    assert_eq!(Value::from_json(&dynamic, &Type::Any).unwrap().ty(), ty("list(string)"));
}

#[test]
fn numbers_in_json_are_exact() {
    let json: serde_json::Value = serde_json::from_str("[12345678901234567890123456789, 0.1, 1e3]").unwrap();
    let value = Value::from_json_implied(&json).unwrap();
    assert_eq!(value.to_json().to_string(), "[12345678901234567890123456789,0.1,1000]");
}
