//! What exists is imported: every resource type by the ids that its provider documents, from the command
//! line and by blocks, with the stack's own resources or with generated ones.

mod terraform;
mod types;

use std::collections::BTreeMap;

use infra::kind;
use serde_json::Value as Json;

use crate::support::expect::same_as;
use crate::support::folder::project;
use crate::support::infra::Output;
use crate::support::{Account, Folder, Infra, Proxy};

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn new(text: &str) -> Stack {
        Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(text) }
    }
    /// The same account, another folder and state.
    fn beside(&self, text: &str) -> Stack {
        Stack { account: self.account.clone(), proxy: Proxy::new(), folder: Folder::with_stack(text) }
    }
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> Output {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url()).must(words, code)
    }
    #[track_caller]
    fn state(&self) -> Json {
        serde_json::from_str(&self.run(&["state", "pull"], 0).stdout).unwrap()
    }
    #[track_caller]
    fn held(&self) -> Vec<String> {
        self.run(&["state", "list"], 0).stdout.lines().map(str::to_owned).collect()
    }
    /// Address → type and attributes, of what is managed and has no key.
    #[track_caller]
    fn objects(&self) -> BTreeMap<String, (String, Json)> {
        let state = self.state();
        let all = state["resources"].as_array().unwrap().iter().filter(|it| it["mode"] == "managed");
        let one = |it: &Json| {
            let kind = text(&it["type"]);
            let addr = format!("{kind}.{}", text(&it["name"]));
            (addr, (kind.to_owned(), it["instances"][0]["attributes"].clone()))
        };
        all.map(one).collect()
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

const PROVIDER: &str = "[provider.aws]\nregion = \"eu-west-1\"\n";

#[test]
fn examples_of_ids_are_ids() {
    for kind in kind::resource_names().filter_map(kind::resource) {
        for it in kind.import_forms() {
            assert!(kind.import(it).is_ok(), "{}: {it}", kind.name());
        }
    }
    for (name, wrong) in [
        ("aws_vpc", "subnet-0a1b2c"),
        ("aws_eip", "192.0.2.1"),
        ("aws_route", "rtb-0a1b2c"),
        ("aws_route_table_association", "rtbassoc-0a1b2c"),
        ("aws_iam_policy", "read"),
        ("aws_iam_role_policy_attachment", "role/name"),
        ("aws_sqs_queue", "tasks"),
        ("random_integer", "5"),
    ] {
        assert!(kind::resource(name).unwrap().import(wrong).is_err(), "{name}: {wrong}");
    }
}

#[test]
fn the_command_says_what_is_wrong_before_it_asks_aws() {
    let stack = Stack::new(
        &(PROVIDER.to_owned() + "[aws_ecr_repository.a]\nfor_each = { x = 1 }\nname = \"a-${each.key}\"\n"),
    );
    let error = |words: &[&str]| {
        let words: Vec<&str> = ["import"].iter().chain(words).copied().collect();
        stack.run(&words, 1).stderr
    };
    has(
        &error(&["aws_vpc.main", "vpc-1"]),
        &[
            "the stack does not have `aws_vpc.main`",
            "[aws_vpc.main]",
            "infra import --generate aws_vpc.main vpc-1",
        ],
    );
    has(&error(&["aws_subnet.a", "subnet-1"]), &["vpc_id = …"]);
    has(
        &error(&["aws_vpc.main", "subnet-1"]),
        &["`subnet-1` is no id to import `aws_vpc` by", "looks like `vpc-0a1b2c3d4e5f67890`"],
    );
    has(&error(&["aws_vpcc.main", "vpc-1"]), &["did you mean `aws_vpc`?"]);
    has(&error(&["data.aws_vpc.main", "vpc-1"]), &["is a data source"]);
    has(&error(&["module.net.aws_vpc.main", "vpc-1"]), &["the stack has no module `net`"]);
    has(&error(&["aws_ecr_repository.a", "a", "aws_vpc.b"]), &["an address without an id"]);
    has(
        &error(&["aws_ecr_repository.a[\"y\"]", "a"]),
        &["the stack has no instance aws_ecr_repository.a[\"y\"]"],
    );
    has(&error(&["aws_ecr_repository.a", "a"]), &["name one of its instances"]);
    assert!(stack.proxy.take().is_empty(), "AWS was asked");
    has(&error(&["aws_ecr_repository.a[\"x\"]", "gone"]), &["there is no aws_ecr_repository `gone`"]);
    assert!(!stack.folder.path().join("terraform.tfstate").exists());
}

const MODULE: &str = r#"
[[provider.aws]]
region = "eu-west-1"
default_tags.tags = { from = "default" }
[[provider.aws]]
alias = "west"
region = "us-west-2"
[variable.name]
default = "own"
[aws_ecr_repository.own]
name = "${var.name}"
tags = { a = "b" }
[aws_ecr_repository.west]
provider = "aws.west"
name = "west"
[module.inner]
source = "./inner"
for_each = { a = "one" }
name = "${each.value}"
"#;

#[test]
fn instances_modules_and_other_regions() {
    let inner =
        "[variable.name]\n[aws_ecr_repository.it]\ncount = 2\nname = \"${var.name}-${count.index}\"\n";
    let first = Stack::new(MODULE);
    first.folder.write("inner/stack.toml", inner);
    first.run(&["apply", "--auto-approve"], 0);
    let second = first.beside(MODULE);
    second.folder.write("inner/stack.toml", inner);
    second.run(&["import", "aws_ecr_repository.own", "own"], 0);
    let again = second.run(&["import", "aws_ecr_repository.own", "own"], 1).stderr;
    has(&again, &["aws_ecr_repository.own is in the state already", "infra state rm"]);
    second.run(&["import", r#"module.inner["a"].aws_ecr_repository.it[0]"#, "one-0"], 0);
    let error = second.run(&["import", r#"module.inner["b"].aws_ecr_repository.it[0]"#, "one-0"], 1).stderr;
    has(&error, &["the module has no such key"]);
    // One that is wrong keeps the others out.
    let pairs =
        ["import", "aws_ecr_repository.west", "west", r#"module.inner["a"].aws_ecr_repository.it[1]"#, "two"];
    second.run(&pairs, 1);
    assert_eq!(second.held().len(), 2);
    let pairs = [
        "import",
        "aws_ecr_repository.west",
        "west",
        r#"module.inner["a"].aws_ecr_repository.it[1]"#,
        "one-1",
    ];
    second.run(&pairs, 0);
    assert_eq!(second.state()["serial"], 3);
    second.run(&["plan", "--detailed-exitcode"], 0);
    // A lock is respected.
    first.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn the_command_writes_what_the_stack_lacks() {
    let first = Stack::new(
        &(PROVIDER.to_owned()
            + "[aws_ecr_repository.a]\nname = \"a\"\ntags = { \"x y\" = \"$${z}\" }\n[aws_ecr_repository.b]\nname = \"b\"\n"),
    );
    first.run(&["apply", "--auto-approve"], 0);
    let second = first.beside(PROVIDER);
    let told = second.run(&["import", "--generate", "aws_ecr_repository.a", "a"], 0).stdout;
    has(
        &told,
        &["Wrote 1 resource to imported.stack.toml.", "Import complete! 1 resource taken into the state."],
    );
    has(
        &second.folder.read("imported.stack.toml"),
        &["# imported from \"a\"", r#"tags = { "x y" = "$${z}" }"#],
    );
    second.run(&["import", "--generate", "aws_ecr_repository.b", "b"], 0);
    second.run(&["plan", "--detailed-exitcode"], 0);
    let error = second.run(&["import", "--generate", "aws_ecr_repository.c[0]", "b"], 1).stderr;
    has(&error, &["--generate writes single resources of the stack itself"]);
    assert_eq!(second.held(), ["aws_ecr_repository.a", "aws_ecr_repository.b"]);
    first.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn blocks_are_written_where_they_can_be() {
    let first = Stack::new(&(PROVIDER.to_owned() + "[aws_ecr_repository.a]\nname = \"a\"\n"));
    first.run(&["apply", "--auto-approve"], 0);
    let import = |to: &str, rest: &str| format!("{PROVIDER}[[import]]\nto = '{to}'\nid = \"a\"\n{rest}");
    let second = first.beside(&import("aws_ecr_repository.a", ""));
    let error = second.run(&["plan"], 1).stderr;
    has(
        &error,
        &[
            "is imported, and the stack does not have it",
            "`infra plan --generate-config-out generated.stack.toml`",
        ],
    );
    let out = &["plan", "--generate-config-out", "made.stack.toml"];
    let refused = |file: &str| second.run(&["plan", "--generate-config-out", file], 1).stderr;
    has(&refused("made.tf"), &["its files end in `.stack.toml`"]);
    has(
        &second.run(&["plan", "--destroy", "--generate-config-out", "made.stack.toml"], 1).stderr,
        &["neither --destroy"],
    );
    second.folder.write("stack.toml", import("aws_ecr_repository.a[\"x\"]", ""));
    has(&second.run(out, 1).stderr, &["imported with a key", "stack.toml:4:6"]);
    second.folder.write("stack.toml", import("aws_ecr_repository.a[each.key]", "for_each = { x = 1 }\n"));
    has(&second.run(out, 1).stderr, &["imported with a key"]);
    second.folder.write("stack.toml", import("module.m.aws_ecr_repository.a", ""));
    has(&second.run(out, 1).stderr, &["is written for the stack itself"]);
    second.folder.write("stack.toml", import("aws_ecr_repository.a", "").replace("\"a\"", "\"gone\""));
    has(&second.run(out, 1).stderr, &["there is no aws_ecr_repository `gone`"]);
    assert!(!second.folder.path().join("made.stack.toml").exists());
    // The id may come from anywhere, the file may lie elsewhere, and the provider is another one.
    let west = "[[provider.aws]]\nalias = \"home\"\nregion = \"eu-west-1\"\n";
    let text =
        import("aws_ecr_repository.a", &format!("provider = \"aws.home\"\n{west}[locals]\nid = \"a\"\n"));
    let text = text.replacen("[provider.aws]", "[[provider.aws]]", 1);
    second.folder.write("stack.toml", text.replace("id = \"a\"\nprovider", "id = \"${local.id}\"\nprovider"));
    std::fs::create_dir(second.folder.path().join("elsewhere")).unwrap();
    let plan =
        second.run(&["plan", "--generate-config-out", "elsewhere/made.stack.toml", "--json"], 0).stdout;
    has(&plan, &["\"action\":\"import\"", "\"import\":1,"]);
    assert!(!plan.contains("Wrote"), "{plan}");
    has(&second.folder.read("elsewhere/made.stack.toml"), &["provider = \"aws.home\"", "name = \"a\""]);
    first.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn secrets_are_not_written() {
    let text = r#"
[aws_ssm_parameter.p]
name = "/it/p"
type = "SecureString"
value = "hunter2"
"#;
    let first = Stack::new(&(PROVIDER.to_owned() + text));
    first.run(&["apply", "--auto-approve"], 0);
    let second =
        first.beside(&(PROVIDER.to_owned() + "[[import]]\nto = \"aws_ssm_parameter.p\"\nid = \"/it/p\"\n"));
    let plan = second.run(&["plan", "--generate-config-out", "made.stack.toml"], 1);
    has(&plan.stdout, &["1 value is sensitive and left out"]);
    let made = second.folder.read("made.stack.toml");
    has(&made, &["# value = … ", "name = \"/it/p\""]);
    assert!(!made.contains("hunter2"));
    second.folder.write("made.stack.toml", made.replace("# value = …", "value = \"hunter2\" #"));
    second.run(&["apply", "--auto-approve"], 0);
    second.run(&["plan", "--detailed-exitcode"], 0);
    first.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_refresh_notes_what_has_changed_outside() {
    let resources =
        "[aws_ecr_repository.a]\nname = \"a\"\n[aws_ecr_repository.b]\nname = \"b\"\ntags = { v = \"1\" }\n";
    let outputs = "[output.name]\nvalue = \"${aws_ecr_repository.b.name}\"\n[output.v]\nvalue = \"${aws_ecr_repository.b.tags.v}\"\n";
    let first = Stack::new(&(PROVIDER.to_owned() + resources + outputs));
    first.run(&["apply", "--auto-approve"], 0);
    let other = first.beside(&(PROVIDER.to_owned() + &resources.replace("\"1\"", "\"2\"")));
    other.run(&["import", "aws_ecr_repository.a", "a", "aws_ecr_repository.b", "b"], 0);
    other.run(&["apply", "--auto-approve"], 0);
    other.run(&["destroy", "--auto-approve", "--target", "aws_ecr_repository.a"], 0);
    // What the stack says of an output counts as well.
    let outputs = outputs
        .replace("b.name", "b.repository_url")
        .replace("[output.v]", "[output.later]\nvalue = \"${aws_ecr_repository.c.name}\"\n[output.v]");
    let more = "[aws_ecr_repository.c]\nname = \"c\"\n";
    first.folder.write("stack.toml", PROVIDER.to_owned() + resources + &outputs + more);
    let told = first.run(&["refresh"], 0).stdout;
    has(
        &told,
        &[
            "aws_ecr_repository.a has been deleted",
            "\"v\" = \"1\" -> \"2\"",
            "Changes to Outputs:",
            "\nv = \"2\"",
        ],
    );
    assert_eq!(first.held(), ["aws_ecr_repository.b"]);
    let state = first.state();
    assert_eq!(state["outputs"]["v"]["value"], "2");
    assert!(text(&state["outputs"]["name"]["value"]).contains("amazonaws.com/b"), "{}", state["outputs"]);
    assert_eq!(state["outputs"]["later"], Json::Null);
    has(
        &first.run(&["refresh", "--replace", "aws_ecr_repository.b"], 1).stderr,
        &["--replace cannot go with --refresh-only"],
    );
    let json = first.run(&["refresh", "--json"], 0).stdout;
    has(&json, &["\"type\":\"change_summary\""]);
    other.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn the_page_about_imports_has_every_type() {
    let path = project().join("docs/import.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (start, end) = ("<!-- ids -->\n", "<!-- end of ids -->\n");
    let (before, rest) = text.split_once(start).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let mut table = "| type | imported by |\n|---|---|\n".to_owned();
    for kind in kind::resource_names().filter_map(kind::resource) {
        let forms: Vec<String> =
            kind.import_forms().iter().map(|it| format!("`{}`", it.replace('|', "\\|"))).collect();
        let forms = if forms.is_empty() { "cannot be imported".to_owned() } else { forms.join(", ") };
        table += &format!("| `{}` | {forms} |\n", kind.name());
    }
    same_as(&path, &format!("{before}{start}{table}{end}{after}"));
}

/// What is not written down for such a one leaves its plan open.
fn is_secret(kind: &str) -> bool {
    ["aws_ssm_parameter", "aws_secretsmanager_secret_version"].contains(&kind)
}
