//! The schema of stack files: what is a stack satisfies it, what is none does not, and `infra init`
//! puts it where editors find it.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::support::folder::{files, project};
use crate::support::json_schema::{self, violations};
use crate::support::{Folder, Infra, Proxy};

fn infra(folder: &Folder) -> Infra {
    Infra::offline(folder.path(), &Proxy::to_nowhere())
}

fn schema() -> Json {
    let folder = Folder::new();
    serde_json::from_str(&infra(&folder).must(&["schema"], 0).stdout).unwrap()
}

fn json_of(toml: &str) -> Json {
    let table: toml::Table = toml.parse().unwrap_or_else(|it| panic!("{it}\n{toml}"));
    serde_json::to_value(table).unwrap()
}

#[test]
fn our_validator_knows_every_word_of_it() {
    assert_eq!(json_schema::unknown_keywords(&schema()), BTreeSet::new());
}

#[test]
fn our_own_stacks_satisfy_it() {
    let schema = schema();
    let mut count = 0;
    let mut wrong = Vec::new();
    for folder in ["stacks", "tests/cases", "tests/modules", "tests/bench"] {
        for (name, path) in files(&project().join(folder)) {
            let file = name.file_name().unwrap().to_str().unwrap();
            if file != "stack.toml" && !file.ends_with(".stack.toml") {
                continue;
            }
            let stack = json_of(&std::fs::read_to_string(&path).unwrap());
            wrong.extend(
                violations(&schema, &stack).into_iter().map(|it| format!("{}: {it}", path.display())),
            );
            count += 1;
        }
    }
    assert!(count > 15, "only {count} stacks");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The examples of the manual, but for types that are not there yet.
#[test]
fn examples_of_the_manual_satisfy_it() {
    let schema = schema();
    let names = |it: &Json| it.as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();
    let known = names(&schema["properties"]);
    let known_data = names(&schema["definitions"]["data"]["properties"]);
    let resources = infra::kind::resource_names().filter_map(infra::kind::resource).map(|it| it.schema());
    let data = infra::kind::data_names().filter_map(infra::kind::data).map(|it| it.schema());
    let mut wrong = Vec::new();
    for doc in resources.chain(data).map(|it| &it.block.doc) {
        for example in doc.split("```toml\n").skip(1).map(|it| it.split("```").next().unwrap_or_default()) {
            let mut stack = json_of(example);
            let tables = stack.as_object_mut().unwrap();
            tables.retain(|name, _| known.contains(name));
            if let Some(data) = tables.get_mut("data").and_then(Json::as_object_mut) {
                data.retain(|name, _| known_data.contains(name));
            }
            wrong.extend(violations(&schema, &stack).into_iter().map(|it| format!("{it}\n{example}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each with the place and the keyword that refuses it.
const WRONG: &[(&str, &str)] = &[
    ("[aws_vcp.main]\ncidr_block = \"10.0.0.0/16\"", "/aws_vcp additionalProperties"),
    ("[aws_vpc.main]\ncidr_bloc = \"10.0.0.0/16\"", "/aws_vpc/main/cidr_bloc additionalProperties"),
    ("[aws_subnet.main]\ncidr_block = \"10.0.0.0/24\"", "/aws_subnet/main required"),
    ("[aws_vpc.main]\narn = \"x\"", "/aws_vpc/main/arn additionalProperties"),
    ("[aws_vpc.main]\ninstance_tenancy = \"own\"", "/aws_vpc/main/instance_tenancy anyOf"),
    ("[aws_vpc.main]\ncidr_block = \"10.0.0.0\"", "/aws_vpc/main/cidr_block anyOf"),
    ("[aws_vpc.main]\nenable_dns_support = \"maybe\"", "/aws_vpc/main/enable_dns_support pattern"),
    ("[aws_vpc.main]\ntags = [\"a\"]", "/aws_vpc/main/tags type"),
    ("[aws_vpc]\ncidr_block = \"10.0.0.0/16\"", "/aws_vpc/cidr_block type"),
    ("[aws_vpc.\"1\"]\n", "/aws_vpc/1 pattern"),
    (
        "[aws_vpc.a]\nlifecycle = { prevent_destory = true }",
        "/aws_vpc/a/lifecycle/prevent_destory additionalProperties",
    ),
    ("[aws_vpc.a]\ncount = -1", "/aws_vpc/a/count minimum"),
    ("[aws_sqs_queue.a]\ndelay_seconds = 100000", "/aws_sqs_queue/a/delay_seconds maximum"),
    ("[aws_sqs_queue.a]\ndelay_seconds = \"soon\"", "/aws_sqs_queue/a/delay_seconds pattern"),
    (
        "[aws_security_group.a]\ningress = { from_port = 1, to_port = 1, protocol = \"tcp\", cidr = \"x\" }",
        "/aws_security_group/a/ingress/cidr additionalProperties",
    ),
    ("[aws_security_group.a]\ningress = [{ from_port = 1 }]", "/aws_security_group/a/ingress/0 required"),
    ("[data.aws_amii.it]\n", "/data/aws_amii additionalProperties"),
    ("[backend.s4]\n", "/backend/s4 additionalProperties"),
    ("[backend.s3]\nbukket = \"x\"", "/backend/s3/bukket additionalProperties"),
    ("[provider.aws]\nregoin = \"x\"", "/provider/aws anyOf"),
    ("[output.a]\ndescription = \"x\"", "/output/a required"),
    ("[variable.a]\nsensitive = \"yes\"", "/variable/a/sensitive type"),
    ("[module.a]\nversion = \"1\"", "/module/a required"),
    ("[[moved]]\nfrom = \"aws_vpc.a\"", "/moved anyOf"),
    ("[check.a]\n", "/check/a required"),
    ("[stack]\nnaem = \"x\"", "/stack/naem additionalProperties"),
    ("[stack.encryption.method.aes]\n", "/stack/encryption/method/aes additionalProperties"),
];

#[test]
fn what_is_wrong_is_refused_where_it_is() {
    let schema = schema();
    for (text, wanted) in WRONG {
        let found = violations(&schema, &json_of(text));
        assert!(found.iter().any(|it| it == wanted), "{text}\n{found:?}");
    }
}

/// Whatever the type, an expression may stand for it.
#[test]
fn expressions_may_stand_anywhere() {
    let stack = r#"
[aws_vpc.main]
count = "${var.count}"
cidr_block = "${var.cidr}"
instance_tenancy = "${var.tenancy}"
enable_dns_support = "${var.dns}"
tags = "${merge(local.tags, { a = 1 })}"
[aws_security_group.web]
for_each = '${toset(["a"])}'
ingress = '${[for it in var.ports : { from_port = it }]}'
tags = { a = 1, b = true }
lifecycle = { ignore_changes = "all", precondition = [{ condition = "${true}", error_message = "x" }] }
provisioner.local-exec = { command = "true", when = "destroy" }
[aws_sqs_queue.q]
delay_seconds = "${var.delay}"
[[provider.aws]]
region = "${var.region}"
default_tags.tags = { a = "b" }
[[provider.aws]]
alias = "us"
[env.prod]
delay = 5
[stack.encryption]
key_provider.pbkdf2.main = { passphrase = "${var.p}" }
method.aes_gcm.main = { keys = "key_provider.pbkdf2.main" }
state = { method = "method.aes_gcm.main", fallback = { method = "method.unencrypted.no" } }
"#;
    assert_eq!(violations(&schema(), &json_of(stack)), Vec::<String>::new());
}

#[test]
fn one_type_has_a_schema_of_its_own() {
    let folder = Folder::new();
    let one: Json = serde_json::from_str(&infra(&folder).must(&["schema", "aws_subnet"], 0).stdout).unwrap();
    assert_eq!(one["title"], "aws_subnet");
    assert_eq!(violations(&one, &json!({ "vpc_id": "vpc-1", "lifecycle": {} })), Vec::<String>::new());
    assert_eq!(violations(&one, &json!({})), [" required"]);
    let data: Json =
        serde_json::from_str(&infra(&folder).must(&["schema", "data.aws_region"], 0).stdout).unwrap();
    assert_eq!(data["title"], "data.aws_region");
    let told = infra(&folder).must(&["schema", "aws_subnett"], 1).stderr;
    assert!(told.contains("did you mean `aws_subnet`?"), "{told}");
    let told = infra(&folder).must(&["schema", "aws_region"], 1).stderr;
    assert!(told.contains("there is a data source of that name: `data.aws_region`"), "{told}");
}

/// What backends and providers take is listed twice: for the reader of files, and with explanations.
#[test]
fn settings_are_those_that_are_read() {
    use infra::config::settings::{BACKEND_LOCAL, BACKEND_S3, PROVIDER_AWS};
    use infra::schema::json_schema::{BACKENDS, PROVIDERS};
    let known = |all: &[(&str, &[infra::schema::json_schema::Setting])], name: &str| -> Vec<String> {
        let found = all.iter().find(|it| it.0 == name).unwrap().1;
        found.iter().map(|it| it.0.to_owned()).collect()
    };
    assert_eq!(known(BACKENDS, "s3"), BACKEND_S3);
    assert_eq!(known(BACKENDS, "local"), BACKEND_LOCAL);
    assert_eq!(known(PROVIDERS, "aws"), PROVIDER_AWS);
    for name in infra::kind::provider_names() {
        assert_eq!(known(PROVIDERS, name), infra::kind::provider_arguments(name).unwrap(), "{name}");
    }
}

#[test]
fn terraforms_format_says_what_the_provider_says() {
    let folder = Folder::new();
    let text = infra(&folder).must(&["schema", "--terraform"], 0).stdout;
    assert_eq!(text, infra(&folder).must(&["providers", "schema", "--json"], 0).stdout);
    let ours: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(ours["format_version"], "1.0");
    let aws = &ours["provider_schemas"]["registry.terraform.io/hashicorp/aws"];
    let oracle: Json = serde_json::from_str(include_str!("../data/aws-schema.json")).unwrap();
    let mut wrong = Vec::new();
    for section in ["resource_schemas", "data_source_schemas"] {
        for (name, it) in aws[section].as_object().unwrap() {
            let theirs = &oracle[section][name];
            assert_eq!(it["version"].as_u64(), Some(theirs["version"].as_u64().unwrap_or(0)), "{name}");
            compare(name, &it["block"], &theirs["block"], &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let builtin =
        &ours["provider_schemas"]["terraform.io/builtin/terraform"]["resource_schemas"]["terraform_data"];
    assert_eq!(builtin["block"]["attributes"]["input"]["type"], "dynamic");
}

/// Names, types and flags; `region` is of a later version, and their older ids may be written.
fn compare(at: &str, ours: &Json, theirs: &Json, wrong: &mut Vec<String>) {
    let none = Map::new();
    let of = |json: &'_ Json, key: &str| json[key].as_object().unwrap_or(&none).clone();
    for (name, it) in of(ours, "attributes") {
        let other = &theirs["attributes"][&name];
        if name == "region" && other.is_null() {
            continue;
        }
        let keys = ["type", "required", "computed", "sensitive", "optional"];
        let free = |key: &str| key == "optional" && matches!(name.as_str(), "id" | "region");
        let differs = keys.iter().filter(|key| !free(key) && truth(&it[**key]) != truth(&other[**key]));
        wrong.extend(differs.map(|key| format!("{at}.{name}: {key}: {} and {}", it[*key], other[*key])));
    }
    for (name, it) in of(ours, "block_types") {
        let other = &theirs["block_types"][&name];
        for key in ["nesting_mode", "min_items", "max_items"] {
            let zero = |json: &Json| if *json == json!(0) { Json::Null } else { json.clone() };
            if zero(&it[key]) != zero(&other[key]) {
                wrong.push(format!("{at}.{name}: {key}: {} and {}", it[key], other[key]));
            }
        }
        compare(&format!("{at}.{name}"), &it["block"], &other["block"], wrong);
    }
}

/// What is false is left out.
fn truth(json: &Json) -> Json {
    if *json == json!(false) { Json::Null } else { json.clone() }
}

const LINE: &str = "#:schema ./.infra/stack.schema.json";

#[test]
fn init_puts_it_where_editors_look() {
    let stack = "# mine\n[terraform_data.a]\n";
    let folder = Folder::with_stack(stack);
    let told = infra(&folder).must(&["init"], 0).stdout;
    assert!(told.contains("the first line of stack.toml names it now"), "{told}");
    assert_eq!(folder.read("stack.toml"), format!("{LINE}\n{stack}"));
    let written: Json = serde_json::from_str(&folder.read(".infra/stack.schema.json")).unwrap();
    assert_eq!(written, schema());
    assert!(folder.read(".infra/.gitignore").contains("/stack.schema.json"));
    infra(&folder).must(&["fmt", "--check"], 0);
    infra(&folder).must(&["validate"], 0);
    // Once is enough, and who takes it out has a reason.
    let told = infra(&folder).must(&["init"], 0).stdout;
    assert!(!told.contains("stack.toml"), "{told}");
    folder.write("stack.toml", stack);
    infra(&folder).must(&["init"], 0);
    assert_eq!(folder.read("stack.toml"), stack);
}

#[test]
fn init_leaves_alone_what_it_should() {
    let other = "#:schema https://example.com/x.json\n[terraform_data.a]\n";
    let folder = Folder::with_stack(other);
    infra(&folder).must(&["init"], 0);
    assert_eq!(folder.read("stack.toml"), other);
    let folder = Folder::with_stack("[terraform_data.a]\n");
    infra(&folder).must(&["init", "--schema=false"], 0);
    assert_eq!(folder.read("stack.toml"), "[terraform_data.a]\n");
    assert!(!folder.path().join(".infra").exists());
    let folder = Folder::new();
    folder.write("main.tf", "resource \"terraform_data\" \"a\" {}\n");
    infra(&folder).must(&["init"], 0);
    assert!(!folder.path().join(".infra/stack.schema.json").exists());
}
