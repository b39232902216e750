//! What is known although something is not; from plans of Terraform.

use super::*;

fn names() -> Names {
    Names::default()
        .with("u", Value::unknown_not_null(Type::String))
        .with("maybe", Value::unknown(Type::String))
        .with("any", Value::unknown(Type::Any))
        .with("list", Value::unknown_not_null(Type::list(Type::String)))
        .with("secret", Value::from("hush").sensitive())
        .with("short", Value::from("gone").marked(Marks { sensitive: false, ephemeral: true }))
}

fn at(text: &str) -> Value {
    eval_in(text, &names()).unwrap_or_else(|it| panic!("{text}: {it}"))
}

#[test]
fn known_although_something_is_unknown() {
    for (text, answer) in [
        (r#"u == null"#, "false"),
        (r#"u == 1"#, "false"),
        (r#"length([u])"#, "1"),
        (r#"length(toset([u]))"#, "1"),
        (r#"{a=u,b=1}.b"#, "1"),
        (r#"try({a=u,b=1}.b,"x")"#, "1"),
        (r#"coalesce("x",u)"#, "\"x\""),
        (r#"element([u,"b"],1)"#, "\"b\""),
        (r#"contains(["a",u],"a")"#, "true"),
        (r#"alltrue([false, u == "x"])"#, "false"),
        (r#"index(["a",u],"a")"#, "0"),
        (r#"length(sort([u, "b"]))"#, "2"),
        (r#"join(",", keys({a=u}))"#, "\"a\""),
        (r#"[u] == ["a","b"]"#, "false"),
        (r#"merge({a=u},{b=1}).b"#, "1"),
        (r#"concat([u],["a"])[1]"#, "\"a\""),
        (r#"flatten([[u],["b"]])[1]"#, "\"b\""),
        (r#"reverse([u,1])[0]"#, "1"),
        (r#"slice([u,1,2],1,2)[0]"#, "1"),
        (r#"u == "x" ? null : null"#, "null"),
        (r#"length([for x in [1, u] : x])"#, "2"),
    ] {
        assert_eq!(render::hcl(&at(text)), answer, "{text}");
    }
}

#[test]
fn unknown_with_its_type() {
    for (text, ty) in [
        (r#""a${u}""#, "string"),
        (r#"u == "x""#, "bool"),
        (r#"maybe == null"#, "bool"),
        (r#"any == 1"#, "bool"),
        (r#"true || u == "x""#, "bool"),
        (r#"false && u == "x""#, "bool"),
        (r#"u == "x" ? 1 : 2"#, "number"),
        (r#"u == "x" ? "a" : 1"#, "string"),
        (r#"u == "x" ? [1] : [1,2]"#, "list(number)"),
        (r#"u == "x" ? {} : {a = 1}"#, "map(number)"),
        (r#"{(u)=1}"#, "dynamic"),
        (r#"upper(u)"#, "string"),
        (r#"join(",", [u])"#, "string"),
        (r#"try(u,"x")"#, "dynamic"),
        (r#"can(u)"#, "bool"),
        (r#"coalesce(u,"x")"#, "string"),
        (r#"jsonencode({a=u})"#, "string"),
        (r#"jsondecode(u)"#, "dynamic"),
        (r#"split(",",u)"#, "list(string)"),
        (r#"split(",",u)[0]"#, "string"),
        (r#"length(list)"#, "number"),
        (r#"list[*]"#, "list(string)"),
        (r#"[for x in list: x]"#, "dynamic"),
        (r#"-tonumber(u)"#, "number"),
        (r#"!tobool(u)"#, "bool"),
        (r#"tonumber(u) > 1"#, "bool"),
        (r#"[for x in [1,2]: x if u == "x"]"#, "dynamic"),
        (r#"{for x in [1,2]: u => x}"#, "dynamic"),
        (r#""%{ if u == "x" }a%{ endif }""#, "string"),
        (r#"any.foo[0].bar"#, "dynamic"),
        (r#"any[*].b"#, "dynamic"),
        (r#"any ? 1 : 2"#, "number"),
        (r#"tostring(any)"#, "string"),
        (r#"range(tonumber(u))"#, "list(number)"),
        (r#"cidrsubnet(u,8,1)"#, "string"),
        (r#"tolist(toset([u]))[0]"#, "string"),
        (r#"timestamp()"#, "string"),
    ] {
        let value = at(text);
        assert!(value.is_unknown(), "{text}: {}", render::hcl(&value));
        assert_eq!(value.ty().to_string(), ty, "{text}");
    }
}

#[test]
fn only_the_chosen_arm_may_be_wrong() {
    assert_eq!(at(r#"true ? 1 : {}.a"#), 1.into());
    assert!(at(r#"u == "x" ? {}.a : 1"#).is_unknown());
    assert!(eval_in(r#"false ? 1 : {}.a"#, &names()).is_err());
}

#[test]
fn marks_travel() {
    for text in [
        "secret",
        "\"a${secret}\"",
        "upper(secret)",
        "secret == \"a\"",
        "secret == \"a\" ? 1 : 2",
        "{(secret) = 1}",
        "[for x in [1] : x if secret != \"\"]",
        "\"%{ if secret == \"a\" }b%{ endif }\"",
        "[1, 2][secret == \"a\" ? 0 : 1]",
        "length(sensitive([1]))",
        "{ a = sensitive(1) }.a",
        "sensitive([1])[0]",
        "sensitive([{ a = 1 }])[*].a",
        "format(\"%s\", secret)",
        "toset([secret])",
        "-sensitive(1)",
        "sensitive(1) + 1",
        "u == \"x\" ? secret : \"a\"",
        "max(sensitive([1, 2])...)",
        "jsonencode({ a = [secret] })",
    ] {
        assert!(at(text).marks.sensitive, "{text}");
    }
    assert!(!at("[secret]").marks.sensitive);
    assert!(at("[secret]").deep_marks().sensitive);
    assert!(at("\"${short}-x\"").marks.ephemeral);
    assert!(!at("nonsensitive(secret)").marks.sensitive);
    assert!(!at("issensitive(secret)").marks.sensitive);
}
