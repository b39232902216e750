//! `import`, `removed` and `check` blocks against the emulator.

use serde_json::Value as Json;

use crate::support::infra::Output;
use crate::support::{Account, Folder, Infra, Proxy};

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn new(text: &str) -> Stack {
        let stack = Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::new() };
        stack.write(text);
        stack
    }
    /// The same account, another folder and state.
    fn beside(&self, text: &str) -> Stack {
        let (account, proxy) = (self.account.clone(), Proxy::new());
        let stack = Stack { account, proxy, folder: Folder::new() };
        stack.write(text);
        stack
    }
    fn write(&self, text: &str) {
        self.folder.write("stack.toml", format!("[provider.aws]\nregion = \"eu-west-1\"\n{text}"));
    }
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> Output {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url()).must(words, code)
    }
    #[track_caller]
    fn apply(&self) -> Output {
        self.run(&["apply", "--auto-approve"], 0)
    }
    #[track_caller]
    fn state(&self) -> Json {
        serde_json::from_str(&self.run(&["state", "pull"], 0).stdout).unwrap()
    }
    #[track_caller]
    fn held(&self) -> Vec<String> {
        self.run(&["state", "list"], 0).stdout.lines().map(str::to_owned).collect()
    }
    /// Every check and how it came out, as the state has it.
    #[track_caller]
    fn checks(&self) -> Vec<String> {
        let state = self.state();
        let all = state["check_results"].as_array().into_iter().flatten();
        all.map(|it| format!("{} {}", text(&it["config_addr"]), text(&it["status"]))).collect()
    }
}

fn text(it: &Json) -> &str {
    it.as_str().unwrap_or_default()
}

#[track_caller]
fn has(text: &str, all: &[&str]) {
    for it in all {
        assert!(text.contains(it), "`{it}` is not in\n{text}");
    }
}

const REPOSITORIES: &str = r#"
[locals]
names = { a = "one", b = "two" }
[aws_ecr_repository.it]
for_each = "${local.names}"
name = "${each.value}"
tags = { of = "${each.key}" }
"#;

const IMPORTS: &str = r#"
[[import]]
for_each = "${local.names}"
to = "aws_ecr_repository.it[each.key]"
id = "${each.value}"
"#;

#[test]
fn what_exists_is_taken_up_and_made_what_the_stack_says() {
    let first = Stack::new(REPOSITORIES);
    first.apply();
    // One as it is, one with another tag.
    let changed = REPOSITORIES.replace("\"${each.key}\"", r#"'${each.key == "b" ? "new" : each.key}'"#);
    let second = first.beside(&(changed.clone() + IMPORTS));
    let plan = second.run(&["plan", "--detailed-exitcode", "--out", "plan"], 2).stdout;
    has(
        &plan,
        &[
            "# aws_ecr_repository.it[\"a\"] will be imported\n    resource",
            "# aws_ecr_repository.it[\"b\"] will be updated in-place\n  # (imported from \"two\")\n  ~ resource",
            "Plan: 2 to import, 0 to add, 1 to change, 0 to destroy.",
        ],
    );
    let json: Json = serde_json::from_str(&second.run(&["show", "--json", "plan"], 0).stdout).unwrap();
    assert_eq!(json["resource_changes"][0]["change"]["importing"]["id"], "one");
    assert_eq!(json["resource_changes"][0]["change"]["actions"][0], "no-op");
    let done = second.run(&["apply", "plan"], 0).stdout;
    has(&done, &["Resources: 2 imported, 0 added, 1 changed, 0 destroyed."]);
    assert_eq!(second.held(), [r#"aws_ecr_repository.it["a"]"#, r#"aws_ecr_repository.it["b"]"#]);
    // What is in the state is imported no more, even where AWS has lost it.
    second.run(&["plan", "--detailed-exitcode"], 0);
    second.run(&["destroy", "--auto-approve"], 0);
    let gone = second.run(&["plan"], 1).stderr;
    has(&gone, &["there is no aws_ecr_repository `one`: it cannot be imported"]);
}

#[test]
fn only_what_is_known_and_wanted_is_imported() {
    let stack = Stack::new(
        r#"
        [aws_vpc.first]
        cidr_block = "10.0.0.0/16"
        [aws_vpc.second]
        cidr_block = "10.1.0.0/16"
        [[import]]
        to = "aws_vpc.second"
        id = "${aws_vpc.first.id}"
        "#,
    );
    let error = stack.run(&["plan"], 1).stderr;
    has(
        &error,
        &["the id of an import depends on a value that is known only after apply", "stack.toml:10:14"],
    );
    let first = Stack::new(REPOSITORIES);
    first.apply();
    let import = "[[import]]\nto = 'aws_ecr_repository.it[\"c\"]'\nid = \"one\"\n";
    let second = first.beside(&(REPOSITORIES.to_owned() + import));
    let error = second.run(&["plan"], 1).stderr;
    has(&error, &["aws_ecr_repository.it[\"c\"] is imported, and the stack does not have it"]);
    let twice = "[[import]]\nto = 'aws_ecr_repository.it[\"a\"]'\nid = \"one\"\n";
    let third = first.beside(&(REPOSITORIES.to_owned() + twice + twice));
    has(&third.run(&["plan"], 1).stderr, &["aws_ecr_repository.it[\"a\"] is imported twice"]);
    first.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_failed_apply_keeps_what_it_has_imported() {
    let first = Stack::new(REPOSITORIES);
    first.apply();
    let failing = "[aws_ecr_repository.same]\nname = \"one\"\n";
    let second = first.beside(&(REPOSITORIES.to_owned() + IMPORTS + failing));
    let error = second.run(&["apply", "--auto-approve"], 1).stderr;
    has(&error, &["aws_ecr_repository.same"]);
    assert_eq!(second.held(), [r#"aws_ecr_repository.it["a"]"#, r#"aws_ecr_repository.it["b"]"#]);
    first.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn what_is_removed_goes_or_only_leaves_the_state() {
    let resource = |name: &str| format!("[aws_ecr_repository.{name}]\nname = \"{name}\"\n");
    let stack = Stack::new(&(resource("stays") + &resource("leaves") + &resource("goes")));
    stack.apply();
    let before = stack.account.inventory();
    let blocks = r#"
        [[removed]]
        from = "aws_ecr_repository.leaves"
        lifecycle = { destroy = false }
        [[removed]]
        from = "aws_ecr_repository.goes"
        [removed.provisioner.local-exec]
        when = "destroy"
        command = "echo good bye ${self.name} > told"
    "#;
    stack.write(&(resource("stays") + blocks));
    let plan = stack.run(&["plan", "--detailed-exitcode"], 2);
    has(
        &plan.stdout,
        &[
            "\n # aws_ecr_repository.leaves will no longer be managed by infra, but will not be destroyed\n \
             # (destroy = false is set in the configuration)\n . resource \"aws_ecr_repository\" \"leaves\" {\n",
            "  # aws_ecr_repository.goes will be destroyed\n  # (because aws_ecr_repository.goes is not in \
             configuration)\n",
            "Plan: 0 to add, 0 to change, 1 to destroy.",
        ],
    );
    has(
        &plan.stderr,
        &["warning: some objects will no longer be managed by infra", "- aws_ecr_repository.leaves"],
    );
    let done = stack.apply().stdout;
    has(&done, &["Resources: 0 added, 0 changed, 1 destroyed."]);
    assert!(!done.contains("aws_ecr_repository.leaves: Destroying"), "{done}");
    assert_eq!(stack.folder.read("told"), "good bye goes\n");
    assert_eq!(stack.held(), ["aws_ecr_repository.stays"]);
    let gone: Vec<_> = before.difference(&stack.account.inventory()).cloned().collect();
    assert_eq!(gone.len(), 1, "{gone:?}");
    stack.run(&["plan", "--detailed-exitcode"], 0);
}

const CHECKED: &str = r#"
[variable.wanted]
default = "10.0.0.0/16"
validation = { condition = '${var.wanted != ""}', error_message = "empty" }
[aws_vpc.main]
cidr_block = "10.0.0.0/16"
lifecycle.postcondition = { condition = '${self.id != ""}', error_message = "no id" }
[check.later.assert]
condition = '${aws_vpc.main.id == "nothing"}'
error_message = "it is ${aws_vpc.main.cidr_block}"
[check.now.assert]
condition = '${aws_vpc.main.cidr_block == var.wanted}'
error_message = "another one"
[check.seen]
data.aws_region.it = { name = "nowhere-1" }
assert = { condition = '${data.aws_region.it.name != ""}', error_message = "not told" }
[output.id]
value = "${aws_vpc.main.id}"
precondition = { condition = '${aws_vpc.main.id != ""}', error_message = "no id" }
"#;

#[test]
fn checks_warn_and_are_kept_in_the_state() {
    let stack = Stack::new(CHECKED);
    let plan = stack.run(&["plan", "--detailed-exitcode", "--out", "plan"], 2);
    has(&plan.stderr, &["this is checked during the apply", "AWS has no region nowhere-1"]);
    let read = "# data.aws_region.it will be read during apply\n  # (config will be reloaded to verify a check block)";
    has(&plan.stdout, &[read]);
    let json: Json = serde_json::from_str(&stack.run(&["show", "--json", "plan"], 0).stdout).unwrap();
    let told = |it: &Json| format!("{} {}", text(&it["address"]["to_display"]), text(&it["status"]));
    let told: Vec<String> = json["checks"].as_array().unwrap().iter().map(told).collect();
    let rest =
        ["check.later unknown", "check.now pass", "check.seen fail", "output.id unknown", "var.wanted pass"];
    assert_eq!(told, [&["aws_vpc.main unknown"][..], &rest].concat());
    let done = stack.run(&["apply", "plan"], 0);
    has(&done.stderr, &["it is 10.0.0.0/16", "AWS has no region nowhere-1"]);
    assert!(!done.stderr.contains("not told"), "{}", done.stderr);
    let wanted = [
        "aws_vpc.main pass",
        "check.later fail",
        "check.now pass",
        "check.seen fail",
        "output.id pass",
        "var.wanted pass",
    ];
    assert_eq!(stack.checks(), wanted);
    // Warnings are no changes.
    let again = stack.run(&["plan", "--detailed-exitcode"], 0);
    has(&again.stderr, &["it is 10.0.0.0/16"]);
    // What cannot be evaluated is an error, not a warning.
    stack.write(
        &CHECKED.replace("'${aws_vpc.main.id == \"nothing\"}'", "'${tonumber(aws_vpc.main.id) == 1}'"),
    );
    stack.run(&["plan"], 1);
    stack.write(CHECKED);
    stack.run(&["destroy", "--auto-approve"], 0);
    assert_eq!(stack.state()["check_results"], Json::Null);
}

#[test]
fn what_could_not_move_is_told() {
    let resource = |name: &str| format!("[aws_ecr_repository.{name}]\nname = \"{name}\"\n");
    let stack = Stack::new(&(resource("a") + &resource("b")));
    stack.apply();
    let moved = "[[moved]]\nfrom = \"aws_ecr_repository.a\"\nto = \"aws_ecr_repository.b\"\n";
    stack.write(&(resource("b") + moved));
    let plan = stack.run(&["plan", "--detailed-exitcode"], 2);
    has(&plan.stderr, &["aws_ecr_repository.a could not move to aws_ecr_repository.b"]);
    has(&plan.stdout, &["# aws_ecr_repository.a will be destroyed"]);
    stack.write(&(resource("b") + &resource("c").replace("\"c\"", "\"a\"") + &moved.replace(".b", ".c")));
    let error = stack.run(&["plan", "--target", "aws_ecr_repository.b"], 1).stderr;
    has(&error, &["--target leaves out instances that have moved", "--target 'aws_ecr_repository.c'"]);
    let plan = stack.run(&["plan", "--refresh-only"], 0).stdout;
    has(&plan, &["# aws_ecr_repository.a has moved to aws_ecr_repository.c"]);
    let plan = stack.run(&["plan", "--detailed-exitcode"], 2).stdout;
    has(&plan, &["has moved to aws_ecr_repository.c", "Plan: 0 to add, 0 to change, 0 to destroy."]);
    stack.apply();
    assert_eq!(stack.held(), ["aws_ecr_repository.b", "aws_ecr_repository.c"]);
    stack.run(&["destroy", "--auto-approve"], 0);
}
