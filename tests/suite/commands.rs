//! The commands and their options, through the binary.

use crate::support::{Account, Folder, Infra, Proxy};

const STACK: &str = r#"
[stack]
name = "commands"
[provider.aws]
region = "eu-west-1"
[variable.seconds]
type = "number"
default = 30
[aws_sqs_queue.a]
name = "commands-a"
visibility_timeout_seconds = "${var.seconds}"
[aws_sqs_queue.b]
name = "commands-b"
[output.a]
value = "${aws_sqs_queue.a.name}"
[output.both]
value = ["${aws_sqs_queue.a.name}", "${aws_sqs_queue.b.name}"]
[output.hidden]
value = "${aws_sqs_queue.b.arn}"
sensitive = true
"#;

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn new() -> Stack {
        Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(STACK) }
    }
    /// What the command printed to standard output; it must end with `code`.
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> String {
        self.infra().must(words, code).stdout
    }
    /// What the command complained of.
    #[track_caller]
    fn fail(&self, words: &[&str]) -> String {
        self.infra().must(words, 1).stderr
    }
    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url())
    }
}

#[test]
fn a_saved_plan_is_applied_once_and_as_it_was_made() {
    let stack = Stack::new();
    assert!(stack.run(&["plan", "-out=first.plan", "-detailed-exitcode"], 2).contains("2 to add"));
    assert!(stack.run(&["show", "first.plan"], 0).contains("aws_sqs_queue.a will be created"));
    assert!(stack.run(&["apply", "first.plan"], 0).contains("2 added, 0 changed, 0 destroyed"));
    assert!(stack.fail(&["apply", "first.plan"]).contains("the plan is stale"));
    stack.run(&["plan", "--out", "second.plan", "--var", "seconds=60"], 0);
    stack.folder.write("stack.toml", STACK.replace("commands-b", "commands-c"));
    assert!(stack.fail(&["apply", "second.plan"]).contains("the stack files have changed"));
    stack.folder.write("stack.toml", STACK);
    // The plan's own values of variables are used.
    assert!(stack.run(&["apply", "second.plan"], 0).contains("0 added, 1 changed, 0 destroyed"));
    stack.run(&["plan", "-detailed-exitcode", "-var", "seconds=60"], 0);
    stack.run(&["destroy", "-auto-approve"], 0);
}

#[test]
fn exit_codes_are_terraforms() {
    let stack = Stack::new();
    stack.run(&["validate"], 0);
    stack.run(&["plan"], 0);
    stack.run(&["plan", "--detailed-exitcode"], 2);
    assert!(stack.fail(&["plann"]).contains("plan"));
    assert!(stack.fail(&["plan", "--no-such-option"]).contains("--no-such-option"));
    // Without a terminal nobody can say yes.
    assert!(stack.fail(&["apply"]).contains("--auto-approve"));
    assert!(stack.fail(&["state", "list"]).contains("there is no state yet"));
}

#[test]
fn a_target_leaves_the_rest_alone() {
    let stack = Stack::new();
    let done = stack.run(&["apply", "-auto-approve", "-target=aws_sqs_queue.a"], 0);
    assert!(done.contains("1 added"), "{done}");
    assert_eq!(stack.run(&["state", "list"], 0), "aws_sqs_queue.a\n");
    stack.run(&["apply", "--auto-approve"], 0);
    let replaced = stack.run(&["plan", "-replace=aws_sqs_queue.b"], 0);
    assert!(replaced.contains("1 to add, 0 to change, 1 to destroy"), "{replaced}");
    stack.run(&["destroy", "--auto-approve", "--target", "aws_sqs_queue.b"], 0);
    assert_eq!(stack.run(&["state", "list"], 0), "aws_sqs_queue.a\n");
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn outputs_and_state_are_printed_for_people_and_programs() {
    let stack = Stack::new();
    let done = stack.run(&["apply", "--auto-approve"], 0);
    assert!(done.contains("a = \"commands-a\"") && done.contains("hidden = <sensitive>"), "{done}");
    assert_eq!(stack.run(&["output", "-raw", "a"], 0), "commands-a");
    assert_eq!(stack.run(&["output", "-json", "both"], 0).trim(), r#"["commands-a","commands-b"]"#);
    let all: serde_json::Value = serde_json::from_str(&stack.run(&["output", "-json"], 0)).unwrap();
    assert_eq!(all["hidden"]["sensitive"], true);
    assert!(stack.fail(&["output", "bot"]).contains("did you mean `both`?"));
    let shown: serde_json::Value = serde_json::from_str(&stack.run(&["show", "-json"], 0)).unwrap();
    assert_eq!(shown["values"]["root_module"]["resources"][0]["address"], "aws_sqs_queue.a");
    assert!(stack.run(&["show"], 0).contains("# aws_sqs_queue.a:"));
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_state_is_pulled_and_pushed_in_order() {
    let stack = Stack::new();
    stack.run(&["apply", "--auto-approve"], 0);
    let pulled = stack.run(&["state", "pull"], 0);
    let state: serde_json::Value = serde_json::from_str(&pulled).unwrap();
    let with = |key: &str, value: serde_json::Value| {
        let mut other = state.clone();
        other[key] = value;
        stack.folder.write("other.tfstate", other.to_string());
    };
    with("lineage", "another".into());
    assert!(stack.fail(&["state", "push", "other.tfstate"]).contains("another lineage"));
    with("serial", 1.into());
    assert!(stack.fail(&["state", "push", "other.tfstate"]).contains("serial"));
    with("serial", 90.into());
    stack.run(&["state", "push", "other.tfstate"], 0);
    assert!(stack.run(&["state", "pull"], 0).contains("\"serial\": 90"));
    assert!(stack.fail(&["force-unlock", "--force", "no-such-id"]).contains("error"));
    stack.run(&["destroy", "--auto-approve"], 0);
}
