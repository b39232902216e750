//! What a plan is about: `--target`, `--exclude`, `--replace`, and the modes of a plan.

use serde_json::Value as Json;

use crate::support::infra::Output;
use crate::support::proxy::counts;
use crate::support::{Account, Folder, Infra, Proxy};
use crate::terraform;

/// A stack that needs no AWS.
struct Stack {
    folder: Folder,
    nowhere: Proxy,
}

impl Stack {
    fn new(text: &str) -> Stack {
        Stack { folder: Folder::with_stack(text), nowhere: Proxy::to_nowhere() }
    }
    fn infra(&self) -> Infra {
        Infra::offline(self.folder.path(), &self.nowhere)
    }
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> Output {
        self.infra().must(words, code)
    }
    /// What a plan is about: the addresses of its headings.
    #[track_caller]
    fn planned(&self, words: &[&str]) -> Vec<String> {
        let plan = self.run(&[&["plan"], words].concat(), 0).stdout;
        let lines = plan.lines().filter_map(|it| it.strip_prefix("  # "));
        lines.filter(|it| !it.starts_with('(')).map(|it| it.split(" will ").next().unwrap().into()).collect()
    }
    #[track_caller]
    fn fail(&self, words: &[&str], all: &[&str]) {
        has(&self.run(&[&["plan"], words].concat(), 1).stderr, all);
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
[stack]
name = "targets"
[terraform_data.a]
input = "a"
[terraform_data.b]
input = "${terraform_data.a.output}"
[terraform_data.c]
for_each = '${toset(["eu-1", "eu-2", "us-1"])}'
input = "c"
[terraform_data.d]
input = '${[for it in terraform_data.c : it.id]}'
[null_resource.n]
[module.m]
source = "./m"
count = 2
[output.plain]
value = "one"
[output.a]
value = "${terraform_data.a.input}"
[output.d]
value = "${length(terraform_data.d.input)}"
"#;

fn stack() -> Stack {
    let stack = Stack::new(STACK);
    stack.folder.write("m/stack.toml", "[terraform_data.x]\ninput = 1\n[terraform_data.y]\ninput = 1\n");
    stack
}

#[test]
fn addresses_patterns_and_files_choose() {
    let stack = stack();
    let eu = [r#"terraform_data.c["eu-1"]"#, r#"terraform_data.c["eu-2"]"#];
    assert_eq!(stack.planned(&["--target", "terraform_data.b"]), ["terraform_data.a", "terraform_data.b"]);
    assert_eq!(stack.planned(&["-target", r#"terraform_data.c["eu-*"]"#]), eu);
    assert_eq!(stack.planned(&["--target=null_resource.*"]), ["null_resource.n"]);
    let x = ["module.m[0].terraform_data.x", "module.m[1].terraform_data.x"];
    assert_eq!(stack.planned(&["--target=module.*.terraform_data.x"]), x);
    assert_eq!(stack.planned(&["--target=module.m.terraform_data.x"]), x);
    assert_eq!(stack.planned(&["--target=module.m[1].*.x"]), x[1..]);
    assert_eq!(
        stack.planned(&["--target=module.**.terraform_data.?", "--target=null_resource.n"]).len(),
        1 + 1 + 1 + 3 + 1 + 4
    );
    stack.folder.write(
        "some.txt",
        "# the first two\nterraform_data.c[\"eu-1\"]  # one\n\n  terraform_data.c[\"eu-2\"]\n",
    );
    assert_eq!(stack.planned(&["--target-file=some.txt"]), eu);
    let rest = stack.planned(&["--exclude-file", "some.txt"]);
    assert!(rest.contains(&r#"terraform_data.c["us-1"]"#.to_owned()) && rest.len() == 8, "{rest:?}");
    assert_eq!(
        stack.planned(&["--exclude-file=some.txt", "--exclude=module.*", "--exclude=terraform_data.a"]),
        ["null_resource.n", r#"terraform_data.c["us-1"]"#]
    );
}

#[test]
fn what_is_excluded_takes_with_it_what_depends_on_it() {
    let stack = stack();
    let plan = stack.planned(&["--exclude", "terraform_data.a", "--exclude", "module.m[0]"]);
    assert_eq!(plan.len(), 7, "{plan:?}");
    assert!(!plan.iter().any(|it| it == "terraform_data.b" || it.starts_with("module.m[0]")), "{plan:?}");
    // One instance stands for its resource where others depend on that.
    let plan = stack.planned(&["--exclude", r#"terraform_data.c["us-1"]"#]);
    assert!(!plan.contains(&"terraform_data.d".to_owned()) && plan.len() == 9, "{plan:?}");
    // Its outputs stay as they are; others change.
    let done = stack.run(&["apply", "--auto-approve", "--exclude", "terraform_data.c"], 0).stdout;
    has(&done, &["a = \"a\"", "left out", "Applied changes may be incomplete"]);
    assert!(!done.contains("d = 3"), "{done}");
    stack.run(&["apply", "--auto-approve"], 0);
    stack.run(&["plan", "--detailed-exitcode"], 0);
    // What stays keeps what it stands on.
    let plan = stack.planned(&["--destroy", "--exclude", "terraform_data.d"]);
    assert_eq!(plan.len(), 7, "{plan:?}");
    assert!(
        !plan.iter().any(|it| it.starts_with("terraform_data.c") || it == "terraform_data.d"),
        "{plan:?}"
    );
    stack.run(&["destroy", "--auto-approve", "--exclude", "terraform_data.d"], 0);
    assert_eq!(stack.run(&["state", "list"], 0).stdout.lines().count(), 4);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn instances_that_are_left_out_stay() {
    let stack = stack();
    stack.run(&["apply", "--auto-approve"], 0);
    let fewer = STACK.replace(r#"["eu-1", "eu-2", "us-1"]"#, r#"["eu-1"]"#);
    stack.folder.write("stack.toml", fewer.replace("input = \"c\"", "input = \"cc\""));
    assert_eq!(stack.planned(&["--target", r#"terraform_data.c["us-1"]"#]), [r#"terraform_data.c["us-1"]"#]);
    let plan = stack.planned(&["--exclude", r#"terraform_data.c["us-1"]"#]);
    assert_eq!(plan, [r#"terraform_data.c["eu-1"]"#, r#"terraform_data.c["eu-2"]"#]);
    stack.run(&["apply", "--auto-approve", "--exclude", r#"terraform_data.c["us-1"]"#], 0);
    has(&stack.run(&["state", "list"], 0).stdout, &[r#"terraform_data.c["us-1"]"#]);
    stack.run(&["apply", "--auto-approve"], 0);
    stack.run(&["plan", "--detailed-exitcode"], 0);
}

#[test]
fn what_names_nothing_is_an_error() {
    let stack = stack();
    stack.fail(
        &["--target=terraform_data.aa", "--target=null_resourse.*", "--target=module.n", "--replace=x.y"],
        &[
            "--target names `terraform_data.aa`, and neither the stack nor its state has that",
            "did you mean `terraform_data.a`?",
            "did you mean `null_resource.*`?",
            "did you mean `module.m`?",
            "--replace names `x.y`",
        ],
    );
    stack.fail(
        &["--target=terraform_data.c[eu-1]", "--exclude=terraform_data", "--replace=terraform_data.*"],
        &["write the whole address in '…'", "expected TYPE.NAME", "--replace takes no patterns"],
    );
    stack.fail(
        &["--target", r#"terraform_data.c["eu-3"]"#],
        &["no such instance", r#"terraform_data.c["eu-1"]"#],
    );
    stack.fail(&["--exclude", "module.m[2]"], &["no such instance", "module.m[1].terraform_data.x"]);
    stack.fail(&["--exclude-file=no.txt"], &["--exclude-file no.txt cannot be read"]);
    stack.folder.write("bad.txt", "terraform_data.a\nwhat is this\n");
    stack.fail(
        &["--target-file=bad.txt"],
        &["--target-file bad.txt, line 2", "`what is this` is not an address"],
    );
    stack.folder.write("empty.txt", "# nothing\n");
    stack.fail(&["--target-file=empty.txt"], &["there is no address in it"]);
    // What only the state has can be named.
    stack.run(&["apply", "--auto-approve"], 0);
    stack.folder.write("stack.toml", STACK.replace("[null_resource.n]", ""));
    assert_eq!(stack.planned(&["--target", "null_resource.n"]), ["null_resource.n"]);
    assert!(stack.planned(&["--exclude", "null_resource.n"]).is_empty());
    stack.fail(
        &["--replace=terraform_data.c", "--replace=terraform_data.a[0]"],
        &[
            r#"name the instances that are to be replaced: --replace 'terraform_data.c["eu-1"]' --replace"#,
            "--replace names `terraform_data.a[0]`, and there is no such instance",
            "--replace 'terraform_data.a'",
        ],
    );
    let keys = ["--replace", r#"terraform_data.c["eu-1"]"#, "--replace=terraform_data.a"];
    let plan = stack.run(&[&["plan"], keys.as_slice()].concat(), 0).stdout;
    has(
        &plan,
        &[r#"terraform_data.c["eu-1"] will be replaced, as requested"#, "terraform_data.a will be replaced"],
    );
}

#[test]
fn what_has_moved_cannot_be_left_out() {
    let stack = stack();
    stack.run(&["apply", "--auto-approve"], 0);
    let moved = STACK.replace("[null_resource.n]", "[null_resource.new]");
    let moved = format!("{moved}[[moved]]\nfrom = \"null_resource.n\"\nto = \"null_resource.new\"\n");
    stack.folder.write("stack.toml", moved);
    stack.fail(
        &["--exclude=null_resource.*"],
        &["--exclude leaves out instances that have moved", "null_resource.n\n", "null_resource.new"],
    );
    stack.fail(&["--target=terraform_data.a"], &["--target 'null_resource.new'"]);
    let plan = stack.run(&["plan", "--exclude=terraform_data.a", "--detailed-exitcode"], 2).stdout;
    has(&plan, &["null_resource.n has moved to null_resource.new"]);
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let stack = stack();
    let a = "--target=terraform_data.a";
    stack.fail(&[a, "--exclude=terraform_data.b"], &["--target and --exclude cannot go together"]);
    stack.fail(&["--destroy", "--refresh-only"], &["--destroy and --refresh-only exclude each other"]);
    stack.fail(&["--refresh-only", "--refresh=false"], &["--refresh-only needs the refresh"]);
    stack.fail(&["--replace=terraform_data.a", "--destroy"], &["--replace cannot go with a plan to destroy"]);
    stack.fail(
        &["--replace=terraform_data.a", "--refresh-only"],
        &["--replace cannot go with --refresh-only"],
    );
    stack.fail(
        &["--replace=terraform_data.b", a],
        &["--replace names `terraform_data.b`, which --target leaves"],
    );
    stack
        .fail(&["--replace=terraform_data.b", "--exclude=terraform_data.a"], &["which --exclude leaves out"]);
    stack.run(&["plan", "--out=it.plan"], 0);
    for late in [a, "--exclude-file=x", "--destroy", "--refresh=false", "--replace=terraform_data.a"] {
        has(&stack.run(&["apply", late, "it.plan"], 1).stderr, &["a saved plan is applied as it is"]);
    }
    stack.run(&["apply", "--auto-approve=true", "-destroy=false", "-compact-warnings", "it.plan"], 0);
    has(&stack.run(&["apply", "--rounds", "--exclude=x.y"], 1).stderr, &["cannot be used with"]);
}

#[test]
fn what_is_left_out_is_told_everywhere() {
    let stack = stack();
    let left = ["null_resource.n", "terraform_data.c", "terraform_data.d", "module.m.terraform_data.x"];
    let plan = stack.run(&["plan", "--target=terraform_data.b", "--out=it.plan"], 0).stdout;
    let list: Vec<&str> = plan.lines().filter_map(|it| it.strip_prefix("  - ")).collect();
    assert_eq!(&list[..4], left);
    has(&plan, &["Warning: Resource targeting is in effect", "leaves out these 5 resources"]);
    has(&stack.run(&["show", "it.plan"], 0).stdout, &["Resource targeting is in effect", "terraform_data.d"]);
    let json: Json = serde_json::from_str(&stack.run(&["show", "--json", "it.plan"], 0).stdout).unwrap();
    assert_eq!(json["complete"], false);
    let lines = stack.run(&["plan", "--exclude=terraform_data.c", "--json"], 0).stdout;
    let told: Vec<Json> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let one = told.iter().find(|it| it["type"] == "diagnostic").unwrap_or_else(|| panic!("{lines}"));
    assert_eq!(one["@level"], "warn");
    has(one["diagnostic"]["detail"].as_str().unwrap(), &["  - terraform_data.c\n  - terraform_data.d"]);
    let comment = stack.run(&["plan", "--exclude=terraform_data.c", "--format=markdown"], 0).stdout;
    has(&comment, &["Planned without a part of the stack", "(2 resources left out)"]);
    let done = stack.run(&["apply", "it.plan"], 0).stdout;
    has(&done, &["Applied changes may be incomplete", "which left 5 resources out", "infra plan"]);
    let short =
        stack.run(&["plan", "--target=terraform_data.b", "--compact-warnings", "--concise"], 0).stdout;
    has(&short, &["- Resource targeting is in effect"]);
    assert!(!short.contains("terraform_data.d") && !short.contains("Refreshing"), "{short}");
    let json = stack.run(&["apply", "--auto-approve", "--target=terraform_data.b", "--json"], 0).stdout;
    has(&json, &["Resource targeting is in effect", "Applied changes may be incomplete"]);
    let whole = stack.run(&["plan", "--out=it.plan"], 0).stdout;
    assert!(!whole.contains("in effect"), "{whole}");
    let json: Json = serde_json::from_str(&stack.run(&["show", "--json", "it.plan"], 0).stdout).unwrap();
    assert_eq!(json["complete"], true);
}

#[test]
fn what_is_left_out_is_not_read() {
    let (account, proxy) = (Account::new(), Proxy::new());
    let folder = Folder::with_stack(
        r#"
        [provider.aws]
        region = "eu-west-1"
        [aws_sqs_queue.q]
        name = "targets"
        [aws_cloudwatch_log_group.l]
        name = "targets"
        [aws_cloudwatch_log_group.after]
        name = "${aws_sqs_queue.q.name}-after"
        [data.aws_availability_zones.up]
        state = "available"
        "#,
    );
    let infra = Infra::new(folder.path(), &account, &proxy.url());
    infra.must(&["apply", "--auto-approve"], 0);
    for (words, asked, spared) in [
        (["--target=aws_sqs_queue.q"].as_slice(), "sqs:GetQueueAttributes", ["logs:", "ec2:"].as_slice()),
        (&["--exclude=aws_sqs_queue.q"], "logs:DescribeLogGroups", &["sqs:"]),
        (&["--refresh-only", "--exclude=aws_sqs_queue.*", "--exclude=data.*.*"], "logs:", &["sqs:", "ec2:"]),
        (&["--destroy", "--target=aws_cloudwatch_log_group.*"], "logs:", &["sqs:", "ec2:"]),
    ] {
        proxy.take();
        infra.must(&[&["plan"], words].concat(), 0);
        let calls = counts(&proxy.take());
        assert!(calls.keys().any(|it| it.starts_with(asked)), "{words:?}: {calls:?}");
        let read = calls.keys().find(|it| spared.iter().any(|name| it.starts_with(name)));
        assert_eq!(read, None, "{words:?}: {calls:?}");
    }
    infra.must(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_refresh_alone_looks_at_data_and_outputs() {
    let stack = Stack::new(
        r#"
        [local_file.f]
        filename = "f.txt"
        content = "one"
        [data.local_file.other]
        filename = "other.txt"
        [output.other]
        value = "${data.local_file.other.content}"
        [output.later]
        value = "${terraform_data.later.id}"
        [terraform_data.later]
        "#,
    );
    stack.folder.write("other.txt", "1");
    stack.run(&["apply", "--auto-approve", "--exclude=terraform_data.later"], 0);
    stack.folder.write("other.txt", "2");
    let plan = stack.run(&["plan", "--refresh-only", "--detailed-exitcode"], 2).stdout;
    has(&plan, &["Changes to Outputs", "~ other = \"1\" -> \"2\""]);
    assert!(!plan.contains("later"), "{plan}");
    // Nothing is written without a yes.
    has(&stack.run(&["apply", "--refresh-only"], 1).stderr, &["Write this to the state"]);
    has(&stack.run(&["apply", "--refresh-only", "--auto-approve"], 0).stdout, &["other = \"2\""]);
    stack.run(&["plan", "--refresh-only", "--detailed-exitcode"], 0);
    std::fs::remove_file(stack.folder.path().join("f.txt")).unwrap();
    let plan = stack.run(&["plan", "--refresh-only", "--detailed-exitcode"], 2).stdout;
    has(&plan, &["local_file.f has been deleted", "This is a refresh-only plan"]);
    stack.run(&["apply", "--refresh-only", "--auto-approve"], 0);
    assert!(!stack.run(&["state", "list"], 0).stdout.contains("local_file.f\n"));
    assert!(!stack.folder.path().join("f.txt").exists());
}

const FILES: &str = r#"
resource "terraform_data" "a" {
  input = "x"
}
resource "terraform_data" "b" {
  input = terraform_data.a.output
}
resource "terraform_data" "c" {
  count = 2
  input = "c"
}
resource "terraform_data" "d" {
  input = terraform_data.c[*].id
}
output "o" {
  value = "1"
}
output "a" {
  value = terraform_data.a.output
}
"#;

/// What a plan is about, and how its command ended.
fn story(text: &str, code: Option<i32>) -> (Vec<String>, Option<i32>) {
    let headings = text.lines().filter(|it| it.starts_with("  # ") || it.starts_with(" # "));
    let outputs = text.lines().skip_while(|it| !it.starts_with("Changes to Outputs")).skip(1);
    let outputs = outputs.take_while(|it| !it.is_empty());
    let all = headings.chain(outputs).map(|it| it.replace("Terraform", "infra"));
    (all.collect(), code)
}

#[test]
fn modes_are_terraforms() {
    if !terraform::there() {
        return;
    }
    let folder = Folder::new();
    folder.write("main.tf", FILES);
    terraform::succeed(folder.path(), &["init"]);
    terraform::succeed(folder.path(), &["apply", "-auto-approve"]);
    let output = FILES.replace("\"1\"", "\"2\"");
    let moved = FILES.replace("\"terraform_data\" \"a\"", "\"terraform_data\" \"z\"");
    let moved = moved.replace("terraform_data.a.", "terraform_data.z.")
        + "moved {\n  from = terraform_data.a\n  to = terraform_data.z\n}\n";
    let forgotten = FILES
        .replace("resource \"terraform_data\" \"d\" {\n  input = terraform_data.c[*].id\n}\n", "")
        + "removed {\n  from = terraform_data.d\n  lifecycle {\n    destroy = false\n  }\n}\n";
    let changed = FILES.replace("\"c\"\n", "\"cc\"\n").replace("count = 2", "count = 3");
    let fewer = FILES.replace("count = 2", "count = 1");
    let (files, output, moved) = (FILES, output.as_str(), moved.as_str());
    let cases: &[(&str, &[&str])] = &[
        (files, &[]),
        (files, &["-refresh-only"]),
        (files, &["-refresh=false"]),
        (files, &["-destroy"]),
        (files, &["-destroy", "-target=terraform_data.c[1]"]),
        (files, &["-destroy", "-target=terraform_data.b"]),
        (files, &["-replace=terraform_data.c[1]"]),
        (files, &["-replace=terraform_data.a", "-replace=terraform_data.c[0]"]),
        (output, &[]),
        (output, &["-refresh-only"]),
        (output, &["-refresh=false"]),
        (output, &["-target=terraform_data.a"]),
        (moved, &[]),
        (moved, &["-refresh-only"]),
        (moved, &["-target=terraform_data.c"]),
        (&forgotten, &[]),
        (&changed, &[]),
        (&changed, &["-target=terraform_data.c[1]"]),
        (&changed, &["-target=terraform_data.c[2]"]),
        (&changed, &["-target=terraform_data.d"]),
        (&fewer, &["-target=terraform_data.c[1]"]),
        (&fewer, &["-target=terraform_data.a"]),
        (&fewer, &["-destroy", "-refresh=false"]),
    ];
    let nowhere = Proxy::to_nowhere();
    for (text, options) in cases {
        folder.write("main.tf", text);
        let words = [&["plan", "-detailed-exitcode"], *options].concat();
        let theirs = terraform::run(folder.path(), &words);
        let theirs = story(&String::from_utf8_lossy(&theirs.stdout), theirs.status.code());
        let ours = Infra::offline(folder.path(), &nowhere).run(&words);
        assert_eq!(story(&ours.stdout, ours.code), theirs, "{options:?}\n{}{}", ours.stdout, ours.stderr);
    }
}
