//! What an error says, and what it underlines.

use super::*;

/// The summary, what is underlined, and the help.
fn wrong(text: &str) -> Vec<(String, String, String)> {
    let env = Names::default()
        .with("var.port", 80)
        .with("aws_vpc.main", Value::object([("cidr_block", Value::from("10.0.0.0/16"))]));
    let errors = eval_in(text, &env).expect_err(text);
    let part = |it: &Diagnostic| {
        let place = it.place.clone().expect("every error has its place");
        place.file.text[place.span].to_owned()
    };
    let one = |it: &Diagnostic| (it.summary.clone(), part(it), it.help.clone().unwrap_or_default());
    errors.0.iter().map(one).collect()
}

#[test]
fn errors_underline_what_is_wrong() {
    for (text, part, summary) in [
        ("1 + [2]", "[2]", "`+` needs a number, not a tuple"),
        ("\"a\" + var.port", "\"a\"", "`+` needs a number, not the string \"a\""),
        ("aws_vpc.main.cidr", ".cidr", "this object has no attribute `cidr`"),
        ("aws_vpc.main.cidr_block.x", ".x", "a string has no attribute `x`"),
        ("aws_vpc.mian.id", "aws_vpc.mian.id", "`aws_vpc.mian.id` is not declared"),
        ("[1, 2][5]", "5", "there is no element at index 5: it has 2 elements, at 0 to 1"),
        ("[1][-1]", "-1", "an index counts from 0: there is no -1"),
        ("uper(\"a\")", "uper", "there is no function `uper`"),
        ("provider::nope::f(1)", "f", "there is no function `provider::nope::f`"),
        ("upper()", "upper()", "`upper` takes 1 argument, not 0"),
        ("upper([])", "[]", "the argument `str` of `upper` is wrong: string required"),
        ("upper(null)", "null", "the argument `str` of `upper` is wrong: it must not be null"),
        ("1 / 0", "1 / 0", "division by zero"),
        ("1 % 0", "1 % 0", "division by zero"),
        ("null ? 1 : 2", "null", "the condition is null: it must be true or false"),
        ("5 ? 1 : 2", "5", "the condition must be true or false, not a number"),
        ("\"x${null}\"", "null", "null cannot be part of a text"),
        ("\"x${[1]}\"", "[1]", "a tuple cannot be part of a text"),
        ("{ for x in [1, 2] : \"a\" => x }", "\"a\"", "two items of this `for` have the same key \"a\""),
        ("[for x in 5 : x]", "5", "`for` needs a list, set, map or object, not a number"),
        ("max(5...)", "5", "`...` needs a list, a tuple or a set, not a number"),
        (
            "true ? { a = 1 } : []",
            "true ? { a = 1 } : []",
            "the two results of this condition have no type in common",
        ),
        (
            "cidrsubnet(\"10.0.0.0/16\", 8, 256)",
            "256",
            "the argument `netnum` of `cidrsubnet` is wrong: with 8 bits more there are 256 subnets, counted from 0: 256 is none of them",
        ),
    ] {
        let all = wrong(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        assert_eq!((all[0].0.as_str(), all[0].1.as_str()), (summary, part), "{text}");
    }
}

#[test]
fn errors_say_what_to_write() {
    for (text, help) in [
        ("aws_vpc.main.cidr_blok", "did you mean `cidr_block`?"),
        ("uper(\"a\")", "did you mean `upper`?"),
        ("upper()", "usage: upper(str)"),
        ("\"a\" + 1", "to join texts, write them in one string: \"${a}${b}\""),
        ("[{ a = 1 }].a", "choose one element, `[0].a`, or take it of each, `[*].a`"),
    ] {
        assert_eq!(wrong(text)[0].2, help, "{text}");
    }
}

#[test]
fn all_errors_at_once() {
    assert_eq!(wrong("[nope, upper(), { a = 1 / 0 }]").len(), 3);
    assert_eq!(wrong("format(\"%s\", nope, upper())").len(), 2);
    assert_eq!(wrong("nope + upper()").len(), 2);
    assert_eq!(wrong("\"${nope} ${upper()}\"").len(), 2);
}

#[test]
fn syntax_errors_have_a_place() {
    for (text, column) in [("1 +", 3), ("[1, 2", 6), ("{ a = }", 7), ("a b", 3), ("\"${x\"", 5)] {
        let error = eval(text).unwrap_err();
        let place = error.0[0].place.clone().unwrap();
        assert!(place.line_column().1.abs_diff(column) <= 1, "{text}: {:?} {}", place.line_column(), error);
    }
}

#[test]
fn too_much_nesting_is_refused() {
    let help = "move a part of it into a local value";
    for text in [
        format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{}1{}", "(".repeat(300), ")".repeat(300)),
        format!("1{}", " + 1".repeat(100_000)),
        format!("{}1", "-".repeat(100_000)),
        format!("{}true", "!".repeat(100_000)),
        format!("{}1", "true ? 1 : ".repeat(10_000)),
        format!("{}1{}", "upper(".repeat(10_000), ")".repeat(10_000)),
        format!("{}1{}", "\"${".repeat(10_000), "}\"".repeat(10_000)),
    ] {
        let error = eval(&text).unwrap_err();
        assert_eq!(error.0[0].help.as_deref(), Some(help), "{}: {error:?}", &text[..20]);
    }
    assert!(eval(&format!("{}1{}", "[".repeat(60), "]".repeat(60))).is_ok());
    assert!(eval(&format!("a{}", ".b".repeat(500))).is_err());
}

#[test]
fn references() {
    let text = "[for k, v in aws_vpc.main : v[k] if var.on] != data.x.y[\"z\"].w[0].q && \"${each.key}\" == local.a[var.i].b";
    let (_, offsets, place) = source(text);
    let refs = Expr::hcl(text, offsets, place).unwrap().refs();
    let paths: Vec<String> = refs.iter().map(|it| it.path.join(".")).collect();
    assert_eq!(paths, ["aws_vpc.main", "var.on", "data.x.y.z.w", "each.key", "local.a", "var.i"]);
    let parts: Vec<&str> = refs.iter().map(|it| &text[it.place.span.clone()]).collect();
    assert_eq!(parts[2], "data.x.y[\"z\"].w");
}

#[test]
fn references_in_templates() {
    let text = "%{ if a.b }${c.d}%{ endif }%{ for x in e.f }${x.g}${h.i}%{ endfor }";
    let (_, offsets, place) = source(text);
    let refs = Expr::template(text, offsets, place).unwrap().refs();
    let paths: Vec<String> = refs.iter().map(|it| it.path.join(".")).collect();
    assert_eq!(paths, ["a.b", "c.d", "e.f", "h.i"]);
}
