//! What exists is imported: every resource type by the ids that its provider documents, from the command
//! line and by blocks, with the stack's own resources or with generated ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use infra::aws::RESOURCES;
use infra::kind;
use serde_json::Value as Json;

use crate::support::expect::{normal, same_as};
use crate::support::folder::project;
use crate::support::infra::Output;
use crate::support::{Account, Folder, Infra, Proxy};
use crate::terraform;

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

/// One of each type of the registry that AWS knows, and a few that differ.
const EACH: &str = include_str!("../data/imports/each.toml");

/// The ids that an object is imported by, the first of them without anything more.
fn ids(kind: &str, it: &Json, account: &str) -> Vec<String> {
    let id = |name: &str| text(&it[name]).to_owned();
    let both = |a: &str, between: &str, b: &str| vec![format!("{}{between}{}", id(a), id(b))];
    let of_bucket = || vec![id("bucket"), format!("{},{account}", id("bucket"))];
    match kind {
        "aws_route" if !id("destination_ipv6_cidr_block").is_empty() => {
            both("route_table_id", "_", "destination_ipv6_cidr_block")
        }
        "aws_route" => both("route_table_id", "_", "destination_cidr_block"),
        "aws_route_table_association" if !id("gateway_id").is_empty() => {
            both("gateway_id", "/", "route_table_id")
        }
        "aws_route_table_association" => both("subnet_id", "/", "route_table_id"),
        "aws_iam_role_policy" => both("role", ":", "name"),
        "aws_iam_role_policy_attachment" => both("role", "/", "policy_arn"),
        "aws_autoscaling_policy" => both("autoscaling_group_name", "/", "name"),
        "aws_security_group_rule" => {
            let port = |name: &str| it[name].to_string();
            let sources =
                it["cidr_blocks"].as_array().into_iter().flatten().map(|it| format!("_{}", text(it)));
            let (group, way, protocol) = (id("security_group_id"), id("type"), id("protocol"));
            let (from, to) = (port("from_port"), port("to_port"));
            vec![format!("{group}_{way}_{protocol}_{from}_{to}{}", sources.collect::<String>())]
        }
        "aws_iam_policy" | "aws_secretsmanager_secret" => vec![id("arn")],
        "aws_db_instance" => vec![id("identifier")],
        "aws_eks_pod_identity_association" => both("cluster_name", ",", "association_id"),
        "aws_ecs_capacity_provider" | "aws_ecs_cluster" => vec![id("name"), id("arn")],
        "aws_ecs_service" => {
            let cluster = id("cluster");
            vec![format!("{}/{}", cluster.rsplit('/').next().unwrap_or_default(), id("name"))]
        }
        "aws_ecs_task_definition" => vec![id("arn")],
        "aws_appautoscaling_target" => {
            vec![[id("service_namespace"), id("resource_id"), id("scalable_dimension")].join("/")]
        }
        "aws_appautoscaling_policy" => {
            vec![[id("service_namespace"), id("resource_id"), id("scalable_dimension"), id("name")].join("/")]
        }
        "aws_service_discovery_private_dns_namespace" => both("id", ":", "vpc"),
        "aws_sqs_queue" => vec![id("url")],
        "aws_sqs_queue_policy" => vec![id("queue_url")],
        "aws_s3_bucket_acl" => {
            let with = |more: &str| format!("{},{more}", id("bucket"));
            vec![with("private"), id("bucket"), with(account), with(&format!("{account},private"))]
        }
        "aws_s3_object" => {
            let path = format!("{}/{}", id("bucket"), id("key"));
            vec![path.clone(), format!("s3://{path}")]
        }
        "aws_s3_bucket_cors_configuration"
        | "aws_s3_bucket_lifecycle_configuration"
        | "aws_s3_bucket_server_side_encryption_configuration"
        | "aws_s3_bucket_versioning"
        | "aws_s3_bucket_website_configuration" => of_bucket(),
        _ => vec![id("id")],
    }
}

#[test]
fn every_type_of_aws_by_its_documented_id() {
    let first = Stack::new(EACH);
    first.run(&["apply", "--auto-approve"], 0);
    let objects = first.objects();
    let there: BTreeSet<&str> = objects.values().map(|it| it.0.as_str()).collect();
    let imported = RESOURCES.iter().filter(|it| !it.import_forms().is_empty()).map(|it| it.name());
    let missing: Vec<_> = imported.filter(|it| !there.contains(it)).collect();
    assert!(missing.is_empty(), "tests/data/imports/each.toml lacks {missing:?}");

    let account = &first.account.id;
    let mut words = vec!["import".to_owned()];
    for (addr, (kind, it)) in &objects {
        words.extend([addr.clone(), ids(kind, it, account)[0].clone()]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let second = first.beside(EACH);
    let told = second.run(&words, 0).stdout;
    has(&told, &["aws_vpc.main: Importing from ID \"vpc-", "Import complete! "]);
    assert_eq!(
        second.held(),
        first.held().into_iter().filter(|it| !it.starts_with("data.")).collect::<Vec<_>>()
    );
    assert_eq!(second.state()["serial"], 1);
    second.run(&["plan", "--detailed-exitcode"], 0);

    // The other forms that are documented.
    for (addr, (kind, it)) in &objects {
        for id in ids(kind, it, account).iter().skip(1) {
            let third = first.beside(EACH);
            third.run(&["import", addr, id], 0);
            assert_eq!(third.held(), std::slice::from_ref(addr), "{id}");
        }
    }
    generated(&first, &objects);
    first.run(&["destroy", "--auto-approve"], 0);
}

/// Resources that are written for imports ask for what is there: in both languages, for us and for Terraform.
fn generated(first: &Stack, objects: &BTreeMap<String, (String, Json)>) {
    let (mut toml, mut hcl) =
        (PROVIDER.to_owned(), "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n".to_owned());
    let mut count = 0;
    for (addr, (kind, it)) in objects.iter().filter(|it| !is_secret(&it.1.0)) {
        let id = &ids(kind, it, &first.account.id)[0];
        toml += &format!("[[import]]\nto = \"{addr}\"\nid = \"{id}\"\n");
        hcl += &format!("import {{\n  to = {addr}\n  id = \"{id}\"\n}}\n");
        count += 1;
    }
    let summary = format!("Plan: {count} to import, 0 to add, 0 to change, 0 to destroy.");
    let wrote = format!("Wrote {count} resources to generated");

    let stack = first.beside(&toml);
    let plan =
        stack.run(&["plan", "--generate-config-out", "generated.stack.toml", "--out", "plan"], 0).stdout;
    has(&plan, &[&wrote, &summary]);
    same_as(
        &project().join("tests/data/imports/generated.stack.toml"),
        &normal(&stack.folder.read("generated.stack.toml")),
    );
    has(
        &stack.run(&["plan", "--generate-config-out", "generated.stack.toml"], 1).stderr,
        &["exists already"],
    );
    has(&stack.run(&["fmt", "--check", "generated.stack.toml"], 0).stdout, &[]);
    let done = stack.run(&["apply", "plan"], 0).stdout;
    has(
        &done,
        &[
            "aws_vpc.main: Importing... [id=vpc-",
            "aws_vpc.main: Import complete [id=vpc-",
            " imported, 0 added",
        ],
    );
    stack.run(&["plan", "--detailed-exitcode"], 0);

    let stack = first.beside("");
    std::fs::remove_file(stack.folder.path().join("stack.toml")).unwrap();
    stack.folder.write("main.tf", &hcl);
    let plan = stack.run(&["plan", "--generate-config-out", "generated.tf"], 0).stdout;
    has(&plan, &[&wrote, &summary]);
    same_as(&project().join("tests/data/imports/generated.tf"), &normal(&stack.folder.read("generated.tf")));
}

/// Types of the small providers: what a stack says, and the id of one that fits it.
const SMALL: &[(&str, &str, &str)] = &[
    ("random_bytes", "length = 4", "AQIDBA=="),
    ("random_id", "byte_length = 3", "AP_-"),
    ("random_id", "byte_length = 3\nprefix = \"p-\"", "p-,AP_-"),
    ("random_integer", "min = 1\nmax = 50000", "15390,1,50000"),
    ("random_integer", "min = 1\nmax = 50000\nseed = \"s\"", "15390,1,50000,s"),
    ("random_password", "length = 14", "securepassword"),
    ("random_string", "length = 4", "test"),
    ("random_uuid", "", "aabbccdd-eeff-0011-2233-445566778899"),
    ("terraform_data", "", "1d7b5b0e-0d4d-4f4e-8f3c-2a9c5b7e6d10"),
    (
        "time_offset",
        "base_rfc3339 = \"2020-02-12T06:36:13Z\"\noffset_days = 7",
        "2020-02-12T06:36:13Z,,,7,,,",
    ),
    ("time_rotating", "rotation_days = 30000", "2020-02-12T06:36:13Z,,,30000,,"),
    ("time_sleep", "create_duration = \"30s\"", "30s,"),
    ("time_static", "rfc3339 = \"2020-02-12T06:36:13Z\"", "2020-02-12T06:36:13Z"),
];

#[test]
fn every_small_type_by_its_documented_id() {
    let mut text = String::new();
    let mut words = vec!["import".to_owned()];
    for (at, (kind, body, id)) in SMALL.iter().enumerate() {
        text += &format!("[{kind}.n{at}]\n{body}\n");
        words.extend([format!("{kind}.n{at}"), (*id).to_owned()]);
    }
    let tested: BTreeSet<&str> = SMALL.iter().map(|it| it.0).collect();
    for kind in infra::providers::RESOURCES {
        assert_eq!(tested.contains(kind.name()), !kind.import_forms().is_empty(), "{}", kind.name());
    }
    let (folder, nowhere) = (Folder::with_stack(&text), Proxy::new());
    let infra = || Infra::offline(folder.path(), &nowhere);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    infra().must(&words, 0);
    let plan = infra().must(&["plan"], 0).stdout;
    has(&plan, &["No changes."]);
    let error = infra().must(&["import", "tls_private_key.k", "x"], 1).stderr;
    has(&error, &["`tls_private_key` cannot be imported"]);
}

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

/// A folder of provider plugins for Terraform that has the AWS provider: `INFRA_TERRAFORM_PLUGINS`, or one
/// of the usual places.
fn plugins() -> Option<PathBuf> {
    if !terraform::there() {
        return None;
    }
    let named = std::env::var_os("INFRA_TERRAFORM_PLUGINS").map(PathBuf::from);
    let usual = ["/usr/share/terraform", "/usr/local/share/terraform", "/opt"];
    let inside =
        usual.iter().filter_map(|it| std::fs::read_dir(it).ok()).flatten().flatten().map(|it| it.path());
    let has = |it: &PathBuf| it.join("registry.terraform.io/hashicorp/aws").is_dir();
    let found = named.into_iter().chain(inside).find(has);
    if found.is_none() {
        eprintln!("no AWS provider for terraform on this machine: not compared");
    }
    found
}

/// Real Terraform reads what we wrote for imports the same way: nothing would change.
#[test]
fn terraform_plans_generated_resources_without_changes() {
    let Some(plugins) = plugins() else { return };
    let first = Stack::new(EACH);
    first.run(&["apply", "--auto-approve"], 0);
    let folder = Folder::new();
    folder.write("main.tf", TERRAFORM);
    let objects = first.objects();
    let mut imports = String::new();
    let mut count = 0;
    // Terraform notes in the state what it does not find out about a secret.
    // It also wants a provider's address with the scheme, and keeps it without; and it takes what it does not find
    // out about a cluster's add-ons for a reason to make another cluster, an imported key for another one, and
    // notes what it does not find out about a group. To a target group it adds the switches that AWS does not tell.
    let others = [
        "aws_alb_target_group",
        "aws_autoscaling_group",
        // Its switches that only a change heeds are added.
        "aws_cloudfront_function",
        // The same; and that somebody else keeps the password, which we write.
        "aws_db_instance",
        "aws_elasticache_replication_group",
        "aws_rds_cluster",
        // The same; and what an imported one runs has no ARN for Terraform until it is applied.
        "aws_ecs_service",
        "aws_eks_cluster",
        "aws_iam_openid_connect_provider",
        "aws_key_pair",
        "aws_lb_target_group",
        "aws_secretsmanager_secret",
        "aws_sns_topic_subscription",
    ];
    let same = |kind: &str| !is_secret(kind) && !others.contains(&kind);
    for (addr, (kind, it)) in objects.iter().filter(|it| same(&it.1.0)) {
        let id = &ids(kind, it, &first.account.id)[0];
        imports += &format!("import {{\n  to = {addr}\n  id = \"{id}\"\n}}\n");
        count += 1;
    }
    folder.write("imports.tf", imports);
    let url = first.proxy.url();
    Infra::new(folder.path(), &first.account, &url)
        .must(&["plan", "--generate-config-out", "generated.tf"], 0);
    let run = |words: &[&str]| {
        let mut command = terraform::command(folder.path(), words);
        command.env("AWS_ENDPOINT_URL", &url).envs(first.account.environment(&url));
        let out = command.output().unwrap();
        let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
        assert!(out.status.success(), "{}{}", text(&out.stdout), text(&out.stderr));
        text(&out.stdout)
    };
    run(&["init", "-input=false", &format!("-plugin-dir={}", plugins.display())]);
    let plan = run(&["plan", "-input=false"]);
    has(&plan, &[&format!("Plan: {count} to import, 0 to add, 0 to change, 0 to destroy.")]);
    first.run(&["destroy", "--auto-approve"], 0);
}

const TERRAFORM: &str = r#"
provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
}
"#;

/// What is not written down for such a one leaves its plan open.
fn is_secret(kind: &str) -> bool {
    ["aws_ssm_parameter", "aws_secretsmanager_secret_version"].contains(&kind)
}
