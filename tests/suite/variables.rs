//! Variables and outputs as the commands treat them: answers, rules, what may not be kept.

use crate::support::infra::Output;
use crate::support::{Account, Folder, Infra, Proxy};

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn new(text: &str) -> Stack {
        let text = format!("[provider.aws]\nregion = \"eu-west-1\"\n{text}");
        Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(&text) }
    }
    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url())
    }
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> Output {
        self.infra().must(words, code)
    }
}

#[track_caller]
fn has(text: &str, all: &[&str]) {
    for it in all {
        assert!(text.contains(it), "`{it}` is not in\n{text}");
    }
}

#[test]
fn what_is_missing_is_asked_for() {
    let stack = Stack::new(
        r#"
        [variable.ports]
        type = "list(number)"
        description = "Which ports are open"
        [variable.secret]
        sensitive = true
        [variable.set]
        default = "x"
        [output.ports]
        value = "${var.ports}"
        [output.secret]
        value = "${length(var.secret)} ${var.set}"
        sensitive = true
        "#,
    );
    let asked = stack
        .infra()
        .at_terminal(&["apply", "--auto-approve"], &[("var.ports", "[80, 443]"), ("var.secret", "hunter2")]);
    assert_eq!(asked.code, Some(0), "{asked:?}");
    has(&asked.stdout, &["var.ports", "  Which ports are open", "Enter a value", "var.secret"]);
    assert_eq!(stack.run(&["output", "--json", "ports"], 0).stdout.trim(), "[80,443]");
    assert_eq!(stack.run(&["output", "--raw", "secret"], 0).stdout, "7 x");
    for words in [&["plan", "--input=false"][..], &["plan", "-input=false"], &["plan", "--json"]] {
        let refused = stack.infra().at_terminal(words, &[]);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        has(&refused.stdout, &["`var.ports` has no value", "`var.secret` has no value"]);
    }
    let refused = stack.infra().env("TF_INPUT", "0").at_terminal(&["plan"], &[]);
    has(&refused.stdout, &["`var.ports` has no value"]);
    let words = ["apply", "--input=false", "--var", "ports=[1]", "--var", "secret=x"];
    has(&stack.infra().at_terminal(&words, &[]).stdout, &["this needs a yes, and nothing may be asked"]);
}

const RULES: &str = r#"
[locals]
limit = 3
[variable.small]
default = 1
[[variable.small.validation]]
condition = "${var.small < local.limit}"
error_message = "${var.small} is not below ${local.limit}"
[variable.queue]
default = "rules-a"
[[variable.queue.validation]]
condition = "${endswith(aws_sqs_queue.a.url, var.queue)}"
error_message = "no queue ${var.queue}: ${aws_sqs_queue.a.url}"
[aws_sqs_queue.a]
name = "rules-a"
[aws_sqs_queue.b]
name = "rules-b-${var.queue}"
[output.url]
value = "${aws_sqs_queue.a.url}"
[[output.url.precondition]]
condition = "${strcontains(aws_sqs_queue.a.arn, var.small)}"
error_message = "the arn is ${aws_sqs_queue.a.arn}"
"#;

#[test]
fn rules_may_look_at_the_whole_stack() {
    let stack = Stack::new(RULES);
    let refused = stack.run(&["validate"], 0);
    assert!(refused.stderr.is_empty(), "{refused:?}");
    let refused = stack.run(&["plan", "--var", "small=5"], 1);
    has(&refused.stderr, &["`var.small` is not valid: 5 is not below 3", "this is false"]);
    // What is known only after something is made is checked then, and stops what depends on it.
    let refused = stack.run(&["apply", "--auto-approve", "--var", "queue=other", "--var", "small=0"], 1);
    has(&refused.stderr, &["`var.queue` is not valid: no queue other: http"]);
    assert_eq!(stack.run(&["state", "list"], 0).stdout, "aws_sqs_queue.a\n");
    let refused = stack.run(&["plan", "--var", "queue=other"], 1);
    has(&refused.stderr, &["`var.queue` is not valid: no queue other: http"]);
    // An output's own rule: it has no value, and everything else is done.
    let account = stack.account.id.clone();
    let missing = ["7", "8", "9", "3", "4"].into_iter().find(|it| !account.contains(it)).unwrap();
    let small = format!("small=-{missing}");
    let refused = stack.run(&["plan", "--var", &small], 1);
    has(&refused.stderr, &["the arn is arn:aws:sqs:eu-west-1"]);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn an_output_whose_rule_breaks_while_applying_has_no_value() {
    let stack = Stack::new(
        r#"
        [aws_sqs_queue.a]
        name = "rules-c"
        [output.url]
        value = "${aws_sqs_queue.a.url}"
        [[output.url.precondition]]
        condition = "${aws_sqs_queue.a.arn == ''}"
        error_message = "the arn is ${aws_sqs_queue.a.arn}"
        [output.fine]
        value = "fine"
        "#
        .replace("''", "\\\"\\\"")
        .as_str(),
    );
    let refused = stack.run(&["apply", "--auto-approve"], 1);
    has(&refused.stderr, &["the arn is arn:aws:sqs:eu-west-1"]);
    let outputs = stack.run(&["output"], 0).stdout;
    assert!(outputs.contains("fine") && !outputs.contains("url"), "{outputs}");
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn nothing_ephemeral_is_kept() {
    let stack = Stack::new(
        r#"
        [variable.token]
        ephemeral = true
        [aws_sqs_queue.a]
        name = "${var.token}"
        tags = { a = "${var.token}" }
        [aws_sqs_queue.b]
        count = "${length(var.token)}"
        name = "b"
        [output.direct]
        value = "${var.token}"
        [output.root]
        value = 1
        ephemeral = true
        [module.m]
        source = "./m"
        plain = "${var.token}"
        fine = "${var.token}"
        "#,
    );
    stack.folder.write(
        "m/stack.toml",
        "[variable.plain]\n[variable.fine]\nephemeral = true\n[output.out]\nvalue = \"${var.fine}\"\n\
         [output.good]\nephemeral = true\nvalue = \"${var.fine}\"\n",
    );
    let refused = stack.run(&["plan", "--var", "token=hunter2"], 1).stderr;
    has(
        &refused,
        &[
            "`name` is kept in the state, and this value is ephemeral",
            "`tags` is kept in the state",
            "`count` cannot be ephemeral",
            "output `direct` gives an ephemeral value",
            "an output of the stack cannot be ephemeral",
            "`plain` is not ephemeral, and is given an ephemeral value",
            "output `out` gives an ephemeral value",
        ],
    );
    assert!(!refused.contains("hunter2"), "{refused}");
}

#[test]
fn a_saved_plan_holds_no_ephemeral_values() {
    let stack = Stack::new(
        r#"
        [variable.token]
        ephemeral = true
        [variable.usual]
        ephemeral = true
        default = "it is"
        [aws_sqs_queue.a]
        name = "ephemeral-a"
        provisioner.local-exec = { command = "echo $TOKEN > made", environment = { TOKEN = "${var.usual} ${var.token}" } }
        "#,
    );
    stack.run(&["plan", "--out", "it.plan", "--var", "token=hunter2"], 0);
    assert!(!stack.folder.read("it.plan").contains("hunter2"));
    let refused = stack.run(&["apply", "it.plan"], 1);
    has(&refused.stderr, &["`var.token` is ephemeral", "give it again: `--var token=…`"]);
    let done = stack.run(&["apply", "it.plan", "--var", "token=hunter2"], 0);
    has(&done.stdout, &["(output suppressed due to ephemeral value in config)"]);
    assert_eq!(stack.folder.read("made"), "it is hunter2\n");
    stack.run(&["destroy", "--auto-approve", "--var", "token=x"], 0);
}
