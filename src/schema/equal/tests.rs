use serde_json::{Value, json};

use super::*;

fn policy(statements: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// A policy of one statement, made of these fields.
fn with(fields: Value) -> Value {
    policy(json!([fields]))
}

#[track_caller]
fn check(a: Value, b: Value, wanted: bool) {
    let (a, b) = (a.to_string(), b.to_string());
    assert_eq!(same(Form::Json, &a, &b), wanted, "{a} and {b}");
    assert_eq!(same(Form::Json, &b, &a), wanted, "{b} and {a}");
}

#[test]
fn text_is_itself() {
    assert!(same(Form::Plain, "a", "a"));
    assert!(!same(Form::Plain, "a", "A"));
    assert!(same(Form::Caseless, "Straße", "STRAßE"));
    assert!(!same(Form::Caseless, "a", "b"));
}

#[test]
fn json_has_no_layout() {
    assert!(same(Form::Json, r#"{"a": 1, "b": [1, 2]}"#, "{\n\"b\":[1,2],\"a\":1.0}"));
    assert!(same(Form::Json, "", " {} "));
    assert!(!same(Form::Json, "{}", r#"{"a":1}"#));
    assert!(!same(Form::Json, "not json", r#"{"a":1}"#));
    assert!(!same(Form::Json, "not json", "nor this"));
    check(json!({ "a": ["x", "y"] }), json!({ "a": ["y", "x"] }), false);
    check(json!({ "a": "x" }), json!({ "a": ["x"] }), false);
    check(json!({ "a": 12345678901234567890_u64 }), json!({ "a": 1 }), false);
    check(json!({ "a": 9007199254740993_i64 }), json!({ "a": 9007199254740992_i64 }), false);
}

#[test]
fn names_have_no_order_and_one_is_a_list_of_one() {
    for field in ["Action", "NotAction", "Resource", "NotResource"] {
        check(with(json!({ field: "a" })), with(json!({ field: ["a"] })), true);
        check(with(json!({ field: ["a", "b"] })), with(json!({ field: ["b", "a"] })), true);
        check(with(json!({ field: [] })), with(json!({})), true);
        check(with(json!({ field: "a" })), with(json!({ field: "b" })), false);
        check(with(json!({ field: ["a", "a"] })), with(json!({ field: "a" })), false);
        check(with(json!({ field: "s3:Get" })), with(json!({ field: "s3:get" })), false);
        check(with(json!({ field: "a" })), with(json!({})), false);
    }
}

#[test]
fn statements_have_no_order() {
    let (a, b) = (json!({ "Action": "a" }), json!({ "Action": "b" }));
    check(policy(json!([a, b])), policy(json!([b, a])), true);
    check(policy(json!([a, b])), policy(json!([a])), false);
    check(policy(json!([a, b])), policy(json!([a, a])), false);
    check(policy(a.clone()), policy(json!([a])), true);
}

#[test]
fn what_a_statement_says_counts() {
    check(with(json!({ "Effect": "allow" })), with(json!({ "Effect": "Allow" })), true);
    check(with(json!({ "Effect": "Deny" })), with(json!({ "Effect": "Allow" })), false);
    check(with(json!({ "Sid": "" })), with(json!({})), true);
    check(with(json!({ "Sid": "x" })), with(json!({})), false);
    check(json!({ "Statement": [] }), policy(json!([])), false);
    check(json!({ "Id": "x", "Statement": [] }), json!({ "Statement": [] }), false);
    check(
        json!({ "statement": [{ "ACTION": "a", "effect": "Allow" }] }),
        json!({ "Statement": [{ "Action": "a", "Effect": "Allow" }] }),
        true,
    );
}

#[test]
fn principals_are_sets_by_kind() {
    let root = "arn:aws:iam::123456789012:root";
    for field in ["Principal", "NotPrincipal"] {
        let aws = |names: Value| with(json!({ field: { "AWS": names } }));
        check(aws(json!("123456789012")), aws(json!(root)), true);
        check(aws(json!(["123456789012", "x"])), aws(json!(["x", root])), true);
        check(aws(json!("123456789013")), aws(json!(root)), false);
        check(aws(json!("12345678901")), aws(json!("arn:aws:iam::12345678901:root")), false);
        check(aws(json!([])), with(json!({ field: {} })), true);
        check(aws(json!([])), with(json!({})), true);
        let two = json!({ field: { "AWS": ["a", "b"], "Service": "s" } });
        check(with(two.clone()), with(json!({ field: { "Service": ["s"], "AWS": ["b", "a"] } })), true);
        check(with(two), aws(json!(["a", "b"])), false);
        check(with(json!({ field: "123456789012" })), with(json!({ field: root })), true);
        check(with(json!({ field: "*" })), aws(json!("*")), false);
    }
}

#[test]
fn who_everyone_is_counts() {
    // The provider takes these for the same, and leaves the wrong one in place.
    check(with(json!({ "Principal": "*" })), with(json!({})), false);
    check(with(json!({ "Principal": "*" })), with(json!({ "Principal": "x" })), false);
}

#[test]
fn conditions_are_sets_of_texts() {
    let when = |tests: Value| with(json!({ "Condition": tests }));
    check(when(json!({ "Bool": { "k": true } })), when(json!({ "Bool": { "k": "true" } })), true);
    check(when(json!({ "N": { "k": 5 } })), when(json!({ "N": { "k": ["5"] } })), true);
    check(when(json!({ "N": { "k": [5.0, 6.5] } })), when(json!({ "N": { "k": ["6.5", "5"] } })), true);
    check(
        when(json!({ "A": { "k": ["1", "2"] }, "B": { "k": "1" } })),
        when(json!({ "B": { "k": ["1"] }, "A": { "k": ["2", "1"] } })),
        true,
    );
    check(
        when(json!({ "A": { "k": ["1", "1", "2"] } })),
        when(json!({ "A": { "k": ["1", "2", "2"] } })),
        true,
    );
    check(when(json!({ "A": { "k": "1" } })), when(json!({ "A": { "k": "2" } })), false);
    check(when(json!({ "A": { "k": "1" } })), when(json!({ "B": { "k": "1" } })), false);
    check(when(json!({ "A": { "k": "1", "l": "1" } })), when(json!({ "A": { "k": "1" } })), false);
    check(when(json!({ "A": { "K": "1" } })), when(json!({ "A": { "k": "1" } })), false);
    check(when(json!({})), with(json!({})), false);
}

#[test]
fn a_list_of_one_document_is_the_document() {
    check(json!([with(json!({ "Action": "a" }))]), with(json!({ "Action": ["a"] })), true);
}
