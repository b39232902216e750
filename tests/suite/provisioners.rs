//! `local-exec`: when it runs, what it sees, what its failure does.

use std::time::Duration;

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

/// Checks that the lines stand in the text, in this order.
#[track_caller]
fn in_order(text: &str, lines: &[&str]) {
    let mut rest = text;
    for line in lines {
        let Some((_, after)) = rest.split_once(line) else {
            panic!("`{line}` is not in\n{rest}\nof\n{text}")
        };
        rest = after;
    }
}

#[test]
fn they_run_in_order_and_see_the_object() {
    let stack = Stack::new(
        r#"
        [aws_sqs_queue.q]
        for_each = "${toset([\"a\"])}"
        name = "provisioned-${each.key}"
        tags = { bye = "farewell" }
        [[aws_sqs_queue.q.provisioner]]
        local-exec = { command = "echo $GREETING ${self.name} ${each.key} > made; pwd", working_dir = ".", environment = { GREETING = "hello", NOTHING = "${null}", N = 3 } }
        [[aws_sqs_queue.q.provisioner]]
        local-exec = { command = "print(1 + 1)", interpreter = ["python3", "-c"] }
        [[aws_sqs_queue.q.provisioner]]
        local-exec = { command = "cat made >&2; exit 3", on_failure = "continue" }
        [[aws_sqs_queue.q.provisioner]]
        local-exec = { when = "destroy", command = "echo ${self.tags.bye} ${each.key}; test -e gone" }
        "#,
    );
    let made = stack.run(&["apply", "--auto-approve"], 0);
    in_order(
        &made.stdout,
        &[
            "aws_sqs_queue.q[\"a\"]: Creating...",
            "aws_sqs_queue.q[\"a\"]: Provisioning with 'local-exec'...",
            "aws_sqs_queue.q[\"a\"] (local-exec): Executing: [\"/bin/sh\" \"-c\" \"echo $GREETING provisioned-a a > made; pwd\"]",
            "aws_sqs_queue.q[\"a\"] (local-exec): Executing: [\"python3\" \"-c\" \"print(1 + 1)\"]",
            "aws_sqs_queue.q[\"a\"] (local-exec): 2\n",
            "aws_sqs_queue.q[\"a\"] (local-exec): hello provisioned-a a\n",
            "aws_sqs_queue.q[\"a\"]: Creation complete",
        ],
    );
    in_order(&made.stderr, &["warning", "it ended with exit status 3", "Its output:"]);
    stack.run(&["plan", "--detailed-exitcode"], 0);
    // The destroy is not begun where its provisioner fails.
    let failed = stack.run(&["destroy", "--auto-approve"], 1);
    in_order(&failed.stdout, &["Destroying...", "(local-exec): farewell a\n"]);
    in_order(&failed.stderr, &["it ended with exit status 1", "nothing was destroyed"]);
    assert_eq!(stack.run(&["state", "list"], 0).stdout, "aws_sqs_queue.q[\"a\"]\n");
    stack.run(&["plan", "--detailed-exitcode"], 0);
    stack.folder.write("gone", "");
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_failure_taints_and_stops_what_depends_on_it() {
    let stack = Stack::new(
        r#"
        [variable.secret]
        sensitive = true
        default = "hush"
        [aws_sqs_queue.q]
        name = "provisioned-taint"
        [[aws_sqs_queue.q.provisioner.local-exec]]
        command = "echo ${var.secret}; exit 7"
        [[aws_sqs_queue.q.provisioner.local-exec]]
        command = "touch second"
        [[aws_sqs_queue.q.provisioner.local-exec]]
        when = "destroy"
        command = "touch destroyed"
        [aws_sqs_queue.after]
        name = "provisioned-after-${aws_sqs_queue.q.name}"
        "#,
    );
    let failed = stack.run(&["apply", "--auto-approve"], 1);
    assert!(failed.stdout.contains("(output suppressed due to sensitive value in config)"), "{failed:?}");
    in_order(&failed.stderr, &["`local-exec` failed: it ended with exit status 7", "stack.toml:", "tainted"]);
    assert!(!format!("{failed:?}").contains("hush"), "{failed:?}");
    assert_eq!(stack.run(&["state", "list"], 0).stdout, "aws_sqs_queue.q\n");
    let plan = stack.run(&["plan"], 0).stdout;
    assert!(plan.contains("is tainted, so must be replaced"), "{plan}");
    stack.run(&["destroy", "--auto-approve"], 0);
    for name in ["second", "destroyed"] {
        assert!(!stack.folder.path().join(name).exists(), "{name} ran");
    }
}

#[test]
fn interrupted_twice_it_ends_the_command() {
    let stack = Stack::new(
        r#"
        [aws_sqs_queue.q]
        name = "provisioned-long"
        [aws_sqs_queue.q.provisioner.local-exec]
        command = "echo $$ > pid.new; mv pid.new pid; sleep 600"
        "#,
    );
    let running = stack.infra().spawn(&["apply", "--auto-approve"]);
    let pid = stack.folder.path().join("pid");
    for _ in 0..600 {
        if pid.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    running.signal("INT");
    std::thread::sleep(Duration::from_millis(500));
    running.signal("INT");
    let output = running.finish();
    assert_eq!(output.code, Some(1), "{output:?}");
    let pid = stack.folder.read("pid");
    let runs = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        stat.is_ok_and(|it| !it.contains(") Z "))
    };
    // It was told to end: on a busy machine that takes a moment.
    let ended = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        !runs()
    });
    assert!(ended, "the command still runs");
    // What was not whole is replaced.
    assert!(stack.run(&["plan"], 0).stdout.contains("is tainted"), "not tainted");
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_killed_one_is_replaced() {
    let stack = Stack::new(
        r#"
        [aws_sqs_queue.q]
        name = "provisioned-killed"
        [aws_sqs_queue.q.provisioner.local-exec]
        command = "echo $$ > pid.new; mv pid.new pid; sleep 600"
        "#,
    );
    let running = stack.infra().spawn(&["apply", "--auto-approve", "--lock=false"]);
    let pid = stack.folder.path().join("pid");
    for _ in 0..600 {
        if pid.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    // The state is stored as soon as the queue is there.
    std::thread::sleep(Duration::from_millis(500));
    running.signal("KILL");
    assert_eq!(running.finish().code, None);
    // Nobody is left to end the command.
    let command = stack.folder.read("pid");
    let killed = std::process::Command::new("kill").args(["--", &format!("-{}", command.trim())]).status();
    assert!(killed.unwrap().success());
    assert!(stack.run(&["plan"], 0).stdout.contains("is tainted, so must be replaced"));
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn what_is_removed_is_said_goodbye_to() {
    let stack = Stack::new("[aws_sqs_queue.q]\ncount = 2\nname = \"provisioned-removed-${count.index}\"\n");
    stack.run(&["apply", "--auto-approve"], 0);
    stack.folder.write(
        "stack.toml",
        "[provider.aws]\nregion = \"eu-west-1\"\n[[removed]]\nfrom = \"aws_sqs_queue.q\"\nprovisioner.local-exec = \
         { when = \"destroy\", command = \"echo bye ${self.name} ${count.index}\" }\n",
    );
    let done = stack.run(&["apply", "--auto-approve"], 0).stdout;
    for it in [
        "(local-exec): bye provisioned-removed-0 0\n",
        "(local-exec): bye provisioned-removed-1 1\n",
        "2 destroyed",
    ] {
        assert!(done.contains(it), "`{it}` is not in\n{done}");
    }
}

#[test]
fn what_cannot_be_is_told_all_at_once() {
    let stack = Stack::new(
        r#"
        [data.aws_region.here]
        provisioner.local-exec = { command = "x" }
        [aws_sqs_queue.q]
        name = "x"
        connection = { host = "x" }
        provisioner = [
          { remote-exec = { inline = ["x"] } },
          { file = { source = "x" } },
          { local_exec = {} },
          { local-exec = { comand = "x", when = "later" } },
          { local-exec = { command = "${data.aws_region.here.name} ${self.id}", when = "destroy" } },
          { local-exec = { command = ["x"], environment = "y" } },
          { local-exec = { command = "" } },
          { local-exec = { command = "${self.nme}" } },
        ]
        "#,
    );
    let told = stack.run(&["validate"], 1).stderr;
    for it in [
        "a data source has no provisioners",
        "`connection` is not supported",
        "`remote-exec` is not supported",
        "with `user_data`, an SSM document, or an image",
        "`file` is not supported",
        "did you mean `local-exec`?",
        "has no `command`",
        "did you mean `command`?",
        "must be \"create\" or \"destroy\"",
        "a provisioner for the destroy refers to `self`, `each.key` and `count.index` only",
        "`command` of a `local-exec` must be a string",
        "`environment` of a `local-exec` must be a map of string",
        "the `command` of a `local-exec` is empty",
        "nme",
    ] {
        assert!(told.contains(it), "`{it}` is not in\n{told}");
    }
}

#[test]
fn instances_of_a_module_do_not_wait_for_each_other() {
    let stack = Stack::new(
        r#"
        [module.m]
        source = "./m"
        for_each = "${toset([\"first\", \"last\"])}"
        name = "${each.key}"
        "#,
    );
    // The first one's `one` waits for the last one's `two`, which comes after its own `one`; on the way back the
    // other way round. Who waits in vain fails.
    let wait = "for i in $(seq 300); do test -e FILE && exit 0; sleep 0.1; done; exit 1";
    let module = r#"
        [variable.name]
        [terraform_data.one]
        input = "${var.name}"
        [[terraform_data.one.provisioner.local-exec]]
        command = "test ${self.input} = last || { WAIT }"
        [[terraform_data.one.provisioner.local-exec]]
        when = "destroy"
        command = "test ${self.input} = last && touch gone; true"
        [terraform_data.two]
        input = "${terraform_data.one.output}"
        [[terraform_data.two.provisioner.local-exec]]
        command = "test ${self.input} = last && touch made; true"
        [[terraform_data.two.provisioner.local-exec]]
        when = "destroy"
        command = "test ${self.input} = last || { WAIT }"
        "#;
    let [made, gone] = ["made", "gone"].map(|it| wait.replace("FILE", it));
    let module = module.replacen("WAIT", &format!("{made};"), 1).replacen("WAIT", &format!("{gone};"), 1);
    stack.folder.write("m/stack.toml", module);
    stack.run(&["apply", "--auto-approve"], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
    assert!(stack.folder.path().join("gone").exists());
}
