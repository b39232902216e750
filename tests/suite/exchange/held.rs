//! What a state holds that we do not know stays as it is: types, providers, attributes.

use serde_json::{Value as Json, json};

use super::{entry, reads_only};
use crate::support::{Account, Folder, Infra, Proxy};

const STACK: &str = r#"
[provider.aws]
region = "eu-west-1"

[variable.name]
type = "string"
default = "one"

[aws_vpc.main]
cidr_block = "10.0.0.0/16"
tags = { Name = "${var.name}" }

[aws_cloudwatch_log_group.log]
name = "/held/log"

[terraform_data.secret]
input = '${sensitive("hush-hush")}'
"#;

struct Stage {
    folder: Folder,
    account: Account,
    proxy: Proxy,
}

impl Stage {
    /// A stack that we have made.
    fn new() -> Stage {
        let stage = Stage { folder: Folder::with_stack(STACK), account: Account::new(), proxy: Proxy::new() };
        stage.infra(&["apply", "--auto-approve"], 0);
        stage.proxy.take();
        stage
    }

    /// With a state that somebody else has worked on.
    fn edited(edit: impl FnOnce(&mut Json)) -> Stage {
        let stage = Stage::new();
        stage.edit(edit);
        stage
    }

    fn edit(&self, edit: impl FnOnce(&mut Json)) {
        let mut state: Json = serde_json::from_str(&self.state()).unwrap();
        edit(&mut state);
        self.folder.write("terraform.tfstate", serde_json::to_string_pretty(&state).unwrap() + "\n");
    }

    #[track_caller]
    fn infra(&self, words: &[&str], code: i32) -> String {
        let out = Infra::new(self.folder.path(), &self.account, &self.proxy.url()).must(words, code);
        // Told over several lines.
        (out.stdout + &out.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn state(&self) -> String {
        self.folder.read("terraform.tfstate")
    }
}

fn object<'s>(state: &'s mut Json, kind: &str) -> &'s mut Json {
    let all = state["resources"].as_array_mut().unwrap();
    let found = all.iter_mut().find(|it| it["type"] == kind).unwrap();
    &mut found["instances"][0]
}

/// In Terraform's order, what it may have put into a state: a type that we do not have, another provider's, a data source.
fn strangers() -> Vec<Json> {
    let aws = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    vec![
        json!({
            "mode": "data", "type": "aws_unheard_of", "name": "d", "provider": aws,
            "instances": [{ "schema_version": 0, "attributes": { "id": "x" }, "sensitive_attributes": [] }],
        }),
        json!({
            "mode": "managed", "type": "aws_unheard_of", "name": "u", "provider": aws,
            "instances": [{
                "schema_version": 7,
                "attributes": { "big": 12345678901234567890_u64, "id": "u-1", "new": { "deep": [{}] }, "vpc_id": "vpc-1" },
                "sensitive_attributes": [[{ "type": "get_attr", "value": "new" }]],
                "identity_schema_version": 0, "identity": { "id": "u-1" },
                "dependencies": ["aws_vpc.main"], "create_before_destroy": true, "something_new": [1],
            }],
        }),
        json!({
            "module": "module.net[\"a.b\"]", "mode": "managed", "type": "acme_thing", "name": "t",
            "provider": "module.net.provider[\"registry.acme.example/acme/acme\"].far",
            "instances": [
                { "index_key": "k", "schema_version": 3, "attributes": { "a": [null, "<&>"], "id": "i", "z": 1.5 },
                  "sensitive_attributes": [], "private": "eyJhIjoxfQ==" },
                { "index_key": "k", "deposed": "0a1b2c3d", "schema_version": 3, "attributes": { "id": "j" },
                  "sensitive_attributes": [] },
            ],
        }),
    ]
}

fn with_strangers(state: &mut Json) {
    state["resources"].as_array_mut().unwrap().extend(strangers());
}

/// The lines of a state that speak of strangers.
fn lines_of(state: &str) -> Vec<String> {
    let state: Json = serde_json::from_str(state).unwrap();
    let all = state["resources"].as_array().unwrap().iter();
    let strange = all.filter(|it| it["type"] == "aws_unheard_of" || it["type"] == "acme_thing");
    strange.map(|it| it.to_string()).collect()
}

#[test]
fn unknown_types_are_told_of_and_left_alone() {
    let stage = Stage::edited(with_strangers);
    let before = lines_of(&stage.state());
    assert_eq!(before.len(), 3);
    let text = stage.infra(&["plan", "--detailed-exitcode"], 0);
    let list = "- module.net[\"a.b\"].acme_thing.t[\"k\"] - aws_unheard_of.u";
    assert_eq!(text.matches("cannot manage").count(), 1, "{text}");
    for part in list.split(" - ") {
        assert!(text.contains(part), "{text}");
    }
    reads_only(&stage.proxy.take());
    stage.infra(&["apply", "--auto-approve", "--var", "name=two"], 0);
    assert_eq!(lines_of(&stage.state()), before);
    // Byte by byte, as far as they are laid out as Terraform does.
    stage.infra(&["apply", "--auto-approve", "--var", "name=three"], 0);
    let state = stage.state();
    let again = stage.infra(&["apply", "--auto-approve", "--refresh-only"], 0);
    assert!(again.contains("cannot manage"), "{again}");
    assert_eq!(stage.state(), state);
    let shown = stage.infra(&["show"], 0) + &stage.infra(&["state", "list"], 0);
    assert!(
        shown.contains("resource \"aws_unheard_of\" \"u\"") && shown.contains("acme_thing.t[\"k\"]"),
        "{shown}"
    );
    // What one of them needs goes: that is said.
    stage.folder.write("stack.toml", STACK.replace("[aws_vpc.main]", "[aws_vpc.other]"));
    let text = stage.infra(&["plan"], 0);
    assert!(text.contains("aws_vpc.main: aws_unheard_of.u depends on it"), "{text}");
    assert!(!text.contains("aws_unheard_of.u will be destroyed"), "{text}");
    // The stack may say that it lets go of one.
    let removed = "\n[[removed]]\nfrom = \"aws_unheard_of.u\"\nlifecycle = { destroy = false }\n";
    stage.folder.write("stack.toml", format!("{STACK}{removed}"));
    stage.infra(&["apply", "--auto-approve", "--var", "name=three"], 0);
    assert_eq!(lines_of(&stage.state()).len(), 2);
}

#[test]
fn nothing_is_destroyed_beside_unknown_types() {
    let stage = Stage::edited(with_strangers);
    stage.proxy.take();
    let text = stage.infra(&["destroy", "--auto-approve"], 1);
    for part in ["cannot destroy", "aws_unheard_of.u", "acme_thing.t[\"k\"]", "state rm"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(stage.proxy.take().is_empty(), "AWS was asked");
    // What they are left out of can go.
    stage.infra(&["destroy", "--auto-approve", "--target", "aws_cloudwatch_log_group.log"], 0);
    assert!(!stage.state().contains("aws_cloudwatch_log_group"));
    assert_eq!(lines_of(&stage.state()).len(), 3);
    stage.infra(&["state", "rm", "aws_unheard_of.u", "module.net[\"a.b\"].acme_thing.t"], 0);
    stage.infra(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_provider_that_is_not_built_in_is_refused_where_the_stack_has_the_resource() {
    let stage = Stage::edited(|state| {
        let all = state["resources"].as_array_mut().unwrap();
        let vpc = all.iter_mut().find(|it| it["type"] == "aws_vpc").unwrap();
        vpc["provider"] = "provider[\"registry.acme.example/acme/aws\"]".into();
    });
    let text = stage.infra(&["plan"], 1);
    assert!(text.contains("registry.acme.example/acme/aws") && text.contains("replace-provider"), "{text}");
    assert!(stage.proxy.take().is_empty(), "AWS was asked");
}

#[test]
fn unknown_attributes_survive_refresh_update_and_removal() {
    let stage = Stage::edited(|state| {
        let vpc = object(state, "aws_vpc");
        vpc["attributes"]["tier"] = json!({ "name": "gold", "limits": [1, 2] });
        vpc["attributes"]["none_yet"] = Json::Null;
        vpc["identity_schema_version"] = 0.into();
        vpc["identity"] = json!({ "id": "x" });
        vpc["private"] = "eyJzY2hlbWFfdmVyc2lvbiI6IjEifQ==".into();
        object(state, "aws_cloudwatch_log_group")["attributes"]["odd"] = json!([{ "a": 1 }]);
    });
    stage.infra(&["plan", "--detailed-exitcode"], 0);
    let before = stage.state();
    stage.infra(&["apply", "--auto-approve", "--var", "name=two"], 0);
    let (was, is) = (entry(&before, "", "aws_vpc", "main"), entry(&stage.state(), "", "aws_vpc", "main"));
    let (was, is) = (&was["instances"][0], &is["instances"][0]);
    assert_eq!(is["attributes"]["tags"]["Name"], "two");
    for name in ["tier", "none_yet"] {
        assert_eq!(is["attributes"].get(name), was["attributes"].get(name), "{name}");
    }
    for name in ["identity_schema_version", "identity", "private"] {
        assert_eq!(is[name], was[name], "{name}");
    }
    let log = |state: &str| entry(state, "", "aws_cloudwatch_log_group", "log");
    assert_eq!(log(&before), log(&stage.state()));
    // Even where AWS has changed it meanwhile.
    let drifted = stage.state().replace("\"retention_in_days\": 0", "\"retention_in_days\": 7");
    stage.folder.write("terraform.tfstate", drifted);
    stage.infra(&["apply", "--auto-approve", "--refresh-only", "--var", "name=two"], 0);
    assert_eq!(log(&before), log(&stage.state()));
    stage.infra(&["destroy", "--auto-approve"], 0);
}

#[test]
fn attributes_of_a_newer_shape_are_refused_those_of_an_older_one_read() {
    let stage = Stage::edited(|state| object(state, "aws_vpc")["schema_version"] = 2.into());
    let text = stage.infra(&["plan"], 1);
    for part in ["newer provider", "aws_vpc.main", "version 2", "version 1"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(stage.proxy.take().is_empty(), "AWS was asked");
    stage.infra(&["plan", "--target", "aws_cloudwatch_log_group.log"], 0);

    // As a provider of long ago wrote it.
    stage.edit(|state| {
        let vpc = object(state, "aws_vpc");
        vpc["schema_version"] = 0.into();
        let attributes = vpc["attributes"].as_object_mut().unwrap();
        let known = ["id", "arn", "cidr_block", "tags", "instance_tenancy", "enable_dns_support"];
        attributes.retain(|name, _| known.contains(&name.as_str()));
        attributes.insert("enable_classiclink".into(), false.into());
        let log = object(state, "aws_cloudwatch_log_group")["attributes"].as_object_mut().unwrap();
        log.retain(|name, _| ["id", "arn", "name", "retention_in_days"].contains(&name.as_str()));
    });
    stage.infra(&["plan", "--detailed-exitcode"], 0);
}

#[test]
fn what_opentofu_wrote_is_adopted_and_names_its_registry_ever_after() {
    let stage = Stage::new();
    let text = stage.state().replace("registry.terraform.io", "registry.opentofu.org");
    stage.folder.write("terraform.tfstate", text);
    stage.infra(&["plan", "--detailed-exitcode"], 0);
    stage.folder.write("stack.toml", format!("{STACK}\n[aws_eip.more]\n"));
    stage.infra(&["apply", "--auto-approve", "--var", "name=two"], 0);
    let state = stage.state();
    assert!(!state.contains("registry.terraform.io"), "{state}");
    assert_eq!(
        entry(&state, "", "aws_eip", "more")["provider"],
        entry(&state, "", "aws_vpc", "main")["provider"]
    );
}

#[test]
fn what_the_stack_calls_sensitive_is_kept_and_shown_as_such() {
    let stage = Stage::new();
    let secret = entry(&stage.state(), "", "terraform_data", "secret");
    let path = json!([[{ "type": "get_attr", "value": "input" }]]);
    assert_eq!(secret["instances"][0]["sensitive_attributes"], path);
    stage.infra(&["plan", "--detailed-exitcode"], 0);
    // The state says so when the stack does not have it any more.
    let rest = STACK.split("[terraform_data.secret]").next().unwrap();
    stage.folder.write("stack.toml", rest);
    let text = stage.infra(&["plan"], 0);
    let input = text.split("input").nth(1).unwrap();
    assert!(input.trim_start_matches([' ', '=']).starts_with("(sensitive value)"), "{text}");
    // A stack that calls it sensitive no more changes what the state says.
    stage.folder.write("stack.toml", STACK.replace("sensitive(\"hush-hush\")", "\"hush-hush\""));
    stage.infra(&["plan", "--detailed-exitcode"], 2);
    stage.infra(&["apply", "--auto-approve"], 0);
    stage.infra(&["plan", "--detailed-exitcode"], 0);
    assert_eq!(
        entry(&stage.state(), "", "terraform_data", "secret")["instances"][0]["sensitive_attributes"],
        json!([])
    );
}
