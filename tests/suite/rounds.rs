//! Repetitions that are not known yet: the error, the two steps by hand, and `--rounds`.

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
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for it in all {
        assert!(text.contains(it) || plain.contains(it), "`{it}` is not in\n{text}");
    }
}

const STACK: &str = r#"
[aws_vpc.main]
cidr_block = "10.0.0.0/16"
[aws_vpc.other]
cidr_block = "10.1.0.0/16"
[locals]
ids = ["${aws_vpc.main.id}"]
[aws_subnet.first]
for_each = "${toset(local.ids)}"
vpc_id = "${each.key}"
cidr_block = "10.0.0.0/24"
[module.m]
source = "./m"
id = "${aws_vpc.main.id}"
[aws_sqs_queue.second]
for_each = "${toset([for it in aws_subnet.first : it.id])}"
name = "rounds-${each.key}"
[aws_sqs_queue.free]
name = "rounds-free"
"#;
const MODULE: &str = "[variable.id]\n[aws_sqs_queue.q]\ncount = \"${length(var.id) > 3 ? 1 : 0}\"\nname = \"rounds-${var.id}\"\n";

fn stack() -> Stack {
    let stack = Stack::new(STACK);
    stack.folder.write("m/stack.toml", MODULE);
    stack
}

#[test]
fn the_error_says_how_to_go_on() {
    let stack = stack();
    let refused = stack.run(&["apply", "--auto-approve"], 1).stderr;
    has(
        &refused,
        &[
            "`for_each` depends on",
            "`count` depends on",
            "infra apply --target 'aws_vpc.main'",
            "infra apply --rounds",
        ],
    );
    // As it says.
    stack.run(&["apply", "--auto-approve", "--target", "aws_vpc.main"], 0);
    let refused = stack.run(&["apply", "--auto-approve"], 1).stderr;
    has(&refused, &["infra apply --target 'aws_subnet.first'"]);
    stack.run(&["apply", "--auto-approve", "--target", "aws_subnet.first"], 0);
    stack.run(&["apply", "--auto-approve"], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn an_apply_takes_the_rounds_itself() {
    let stack = stack();
    let few = stack.run(&["apply", "--auto-approve", "--rounds=2"], 1);
    has(&few.stdout, &["Round 1: first what is needed to plan the rest, aws_vpc.main.", "1 added"]);
    has(&few.stderr, &["2 rounds are not enough", "--rounds=7"]);
    let done = stack.run(&["apply", "--auto-approve", "--rounds"], 0).stdout;
    has(
        &done,
        &[
            "Round 1: first what is needed to plan the rest, aws_subnet.first.",
            "Resources: 1 added",
            "Resources: 4 added",
        ],
    );
    assert!(!done.contains("Round 2") && !done.contains("in effect"), "{done}");
    stack.run(&["plan", "--detailed-exitcode"], 0);
    // Nothing to be made first: one plan.
    let again = stack.run(&["apply", "--auto-approve", "--rounds"], 0).stdout;
    assert!(!again.contains("Round"), "{again}");
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn every_round_is_asked_for() {
    let stack = stack();
    let declined = stack
        .infra()
        .at_terminal(&["apply", "--rounds"], &[("will be accepted", "yes"), ("will be accepted:", "no")]);
    assert_eq!(declined.code, Some(1), "{declined:?}");
    has(&declined.stdout, &["Round 1:", "1 added", "Round 2:", "Nothing was done."]);
    assert_eq!(stack.run(&["state", "list"], 0).stdout, "aws_vpc.main\n");
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn what_no_round_can_tell_is_an_error() {
    let stack = Stack::new("[aws_sqs_queue.q]\nfor_each = \"${toset([timestamp()])}\"\nname = \"x\"\n");
    let refused = stack.run(&["apply", "--auto-approve", "--rounds"], 1);
    has(&refused.stderr, &["`for_each` depends on"]);
    assert!(!refused.stdout.contains("Round"), "{refused:?}");
    for other in ["--target=aws_sqs_queue.q", "--destroy", "--refresh-only", "it.plan"] {
        has(&stack.run(&["apply", "--rounds", other], 1).stderr, &["cannot be used with"]);
    }
}

#[test]
fn a_repeated_module_waits_and_its_own_targets_hold() {
    let stack = Stack::new(
        r#"
        [terraform_data.a]
        input = "x"
        [module.m]
        source = "./m"
        for_each = "${toset([terraform_data.a.id])}"
        name = "${each.key}"
        [module.n]
        source = "./m"
        count = 2
        name = "${count.index}"
        [output.m]
        value = "${{ for k, v in module.m : k => v.name }}"
        "#,
    );
    let module = "[variable.name]\n[terraform_data.b]\ninput = \"${var.name}\"\n[output.name]\nvalue = \"${terraform_data.b.output}\"\n";
    stack.folder.write("m/stack.toml", module);
    let refused = stack.run(&["plan"], 1).stderr;
    has(&refused, &["`for_each` depends on `terraform_data.a.id`", "infra apply --rounds"]);
    let done = stack.run(&["apply", "--rounds", "--auto-approve"], 0);
    has(&done.stdout, &["Round 1", "module.n[1].terraform_data.b"]);
    stack.run(&["plan", "--detailed-exitcode"], 0);
    // A module without a key stands for all its instances.
    let plan = stack.run(&["plan", "--destroy", "--target", "module.n"], 0).stdout;
    has(&plan, &["module.n[0].terraform_data.b will be destroyed", "0 to add, 0 to change, 2 to destroy"]);
    let plan = stack.run(&["plan", "--destroy", "--target", "module.n[1]"], 0).stdout;
    has(&plan, &["0 to add, 0 to change, 1 to destroy"]);
}
