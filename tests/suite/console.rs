//! `infra console` with expressions on its standard input, beside Terraform's where there is one.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Account, Folder, Infra, Proxy};
use crate::terraform;

const STACK: &str = r#"
[stack]
name = "console"
[provider.aws]
region = "eu-west-1"
[variable.names]
type = "list(string)"
default = ["a", "b"]
[variable.secret]
type = "string"
default = "s"
sensitive = true
[variable.unset]
type = "number"
[locals]
upper = "${[for it in var.names : upper(it)]}"
[data.aws_region.here]
[aws_sqs_queue.each]
for_each = "${toset(var.names)}"
name = "console-${each.key}"
[aws_sqs_queue.one]
name = "console-one"
visibility_timeout_seconds = "${var.unset}"
"#;

fn offline(folder: &Folder) -> Infra {
    Infra::offline(folder.path(), &Proxy::to_nowhere())
}

/// The answer to each line, in a run of its own.
#[track_caller]
fn answers(infra: &Infra, lines: &[(&str, &str)]) {
    for (line, wanted) in lines {
        let output = infra.feed(&["console", "--var", "unset=40"], &format!("{line}\n"));
        assert_eq!(output.stdout, format!("{wanted}\n"), "{line}\n{}", output.stderr);
        assert_eq!(output.code, Some(0));
    }
}

#[test]
fn a_stack_is_evaluated_without_aws() {
    let folder = Folder::with_stack(STACK);
    let lines = [
        ("local.upper[1]", "\"B\""),
        ("var.names", "tolist([\n  \"a\",\n  \"b\",\n])"),
        ("var.secret", "(sensitive value)"),
        ("var.unset + 2", "42"),
        ("aws_sqs_queue.one.arn", "(known after apply)"),
        ("aws_sqs_queue.each", "(known after apply)"),
        ("data.aws_region.here.name", "(known after apply)"),
        ("infra.env", "\"default\""),
        ("type(var.names)", "list(string)"),
    ];
    answers(&offline(&folder), &lines);
    let unset = offline(&folder).feed(&["console"], "var.unset\n");
    assert_eq!(unset.stdout, "(known after apply)\n");
}

#[test]
fn the_state_is_seen_and_a_plan_where_it_is_wanted() {
    let (account, proxy, folder) = (Account::new(), Proxy::new(), Folder::with_stack(STACK));
    let infra = Infra::new(folder.path(), &account, &proxy.url());
    infra.must(&["apply", "--auto-approve", "--var", "unset=40"], 0);
    let lines = [
        ("aws_sqs_queue.one.name", "\"console-one\""),
        ("aws_sqs_queue.one.visibility_timeout_seconds", "40"),
        (
            "[for key, it in aws_sqs_queue.each : \"${key}=${it.name}\"]",
            "[\n  \"a=console-a\",\n  \"b=console-b\",\n]",
        ),
        ("data.aws_region.here.name", "\"eu-west-1\""),
        ("startswith(aws_sqs_queue.each[\"a\"].arn, \"arn:aws:sqs:eu-west-1:\")", "true"),
    ];
    let before = proxy.calls().len();
    answers(&infra, &lines);
    assert_eq!(proxy.calls().len(), before, "AWS was asked");
    let planned = ["console", "--plan", "--var", "unset=41"];
    let output = infra.feed(&planned, "aws_sqs_queue.one.visibility_timeout_seconds\n");
    assert_eq!(output.stdout, "41\n", "{}", output.stderr);
    infra.must(&["destroy", "--auto-approve", "--var", "unset=40"], 0);
}

#[test]
fn lines_are_answered_one_by_one_until_the_first_error() {
    let folder = Folder::new();
    let infra = offline(&folder);
    let output = infra.feed(&["console"], "1 + 1\n\n[1,\n  2\n]\n\"x\" # comment\nnope.x\n3\n");
    assert_eq!(output.stdout, "2\n[\n  1,\n  2,\n]\n\"x\"\n");
    assert!(output.stderr.contains("there is no `nope.x`"), "{}", output.stderr);
    assert!(output.stderr.contains("<console>:1:1\n"), "{}", output.stderr);
    assert_eq!(output.code, Some(1));
    let output = infra.feed(&["console"], "1\nexit\n2\n");
    assert_eq!((output.stdout.as_str(), output.code), ("1\n", Some(0)));
    let output = infra.feed(&["console"], "[type(1)]\n");
    assert!(output.stderr.contains("it stands alone"), "{}", output.stderr);
    assert_eq!(infra.feed(&["console"], "(1 +\n").code, Some(1));
}

/// Printed by both alike.
const ALIKE: &[&str] = &[
    "1",
    "1/3",
    "\"a\\nb\"",
    "null",
    "tostring(null)",
    "{ a = 1, b = { c = 2 } }",
    "sensitive(1)",
    "path.module",
    "terraform.workspace",
    "toset([\"b\", \"a\"])",
    "[for x in [\"a\"] : x]",
    "type(1)",
    "type([1, \"b\"])",
    "type({})",
    "type([])",
    "type(null)",
    "type(tolist([]))",
    "type(tomap({ a = 1 }))",
    "type(toset([{ a = 1 }]))",
    "type({ a = { b = [1, { c = true }] } })",
    "type(tomap({ a = tolist([{ b = 1, c = null }]) }))",
];

#[test]
fn answers_print_as_terraforms() {
    if !terraform::there() {
        return;
    }
    let folder = Folder::new();
    let infra = offline(&folder);
    for line in ALIKE {
        let mut theirs = terraform::command(folder.path(), &["console"]);
        let mut child = theirs.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
        let theirs = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        assert_eq!(infra.feed(&["console"], &format!("{line}\n")).stdout, theirs, "{line}");
    }
}
