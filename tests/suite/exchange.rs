//! Terraform both ways: a state that it wrote is adopted as it is, and it goes on with one that we
//! wrote. `tests/data/exchange` holds one of everything; its `step` changes things in place, then
//! replaces some.
//!
//! With Terraform's AWS provider, which `terraform init` has to find: in the folder that
//! `INFRA_TERRAFORM_PLUGINS` names (laid out as a filesystem mirror), where Terraform itself looks, or at
//! the registry. Where it is not to be had, a line says so.

mod backend;
mod held;
mod import;
mod locks;
mod lookups;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::support::folder::project;
use crate::support::proxy::Call;
use crate::support::{Account, Folder, Infra, Proxy};
use crate::terraform;

/// A folder of `.tf` files that Terraform and infra work on in turns, in an account of its own.
pub struct Both {
    pub folder: Folder,
    pub account: Account,
    pub proxy: Proxy,
}

impl Both {
    /// `None` without Terraform and its AWS provider.
    pub fn new() -> Option<Both> {
        Both::of(Folder::copy_of(&project().join("tests/data/exchange")))
    }

    /// The same with another folder, which is to have its files.
    pub fn of(folder: Folder) -> Option<Both> {
        let both = Both { folder, account: Account::new(), proxy: Proxy::new() };
        (terraform::there() && both.init()).then_some(both)
    }

    fn init(&self) -> bool {
        static FOUND: OnceLock<bool> = OnceLock::new();
        let mut arguments = vec!["init".to_owned(), "-input=false".to_owned()];
        if let Ok(folder) = std::env::var("INFRA_TERRAFORM_PLUGINS") {
            arguments.push(format!("-plugin-dir={folder}"));
        }
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let init = || self.command(&words).output().unwrap().status.success();
        let found = *FOUND.get_or_init(|| {
            let found = init();
            if !found {
                eprintln!("no AWS provider for terraform (INFRA_TERRAFORM_PLUGINS): not compared");
            }
            found
        });
        found && (self.folder.path().join(".terraform").exists() || init())
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = terraform::command(self.folder.path(), words);
        command.envs(self.account.environment(&self.proxy.url())).env("TF_IN_AUTOMATION", "1");
        command.envs([("TF_REGISTRY_CLIENT_TIMEOUT", "10"), ("TF_REGISTRY_DISCOVERY_RETRY", "0")]);
        command
    }

    /// Runs Terraform, and insists on an exit code.
    #[track_caller]
    pub fn terraform(&self, words: &[&str], code: i32) -> String {
        let out = self.command(words).output().unwrap();
        let text = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
        let news = |it: &&str| !it.contains(": Refreshing state...") && !it.contains(": Read");
        let told: Vec<&str> = text.lines().filter(news).collect();
        assert_eq!(out.status.code(), Some(code), "`terraform {}`\n{}", words.join(" "), told.join("\n"));
        text
    }

    pub fn infra(&self, words: &[&str], code: i32) -> String {
        self.infra_at(self.folder.path(), words, code)
    }

    #[track_caller]
    pub fn infra_at(&self, folder: &Path, words: &[&str], code: i32) -> String {
        let out = Infra::new(folder, &self.account, &self.proxy.url()).must(words, code);
        out.stdout + &out.stderr
    }

    pub fn state(&self) -> String {
        self.folder.read("terraform.tfstate")
    }

    /// Terraform finds nothing to do.
    #[track_caller]
    pub fn terraform_agrees(&self, step: &str) {
        self.terraform(&["plan", "-detailed-exitcode", &format!("-var=step={step}")], 0);
    }

    /// Neither do we, and nothing is written: neither at AWS nor to the state.
    #[track_caller]
    pub fn infra_agrees(&self, step: &str) {
        self.infra_agrees_at(self.folder.path(), step);
    }

    #[track_caller]
    fn infra_agrees_at(&self, folder: &Path, step: &str) {
        let path = folder.join("terraform.tfstate");
        let before = std::fs::read(&path).unwrap();
        self.proxy.take();
        self.infra_at(folder, &["plan", "--detailed-exitcode", "--var", &format!("step={step}")], 0);
        reads_only(&self.proxy.take());
        assert!(std::fs::read(&path).unwrap() == before, "a plan has written the state");
    }
}

#[track_caller]
pub fn reads_only(calls: &[Call]) {
    let changing: Vec<String> = calls.iter().filter(|it| it.operation.mutates()).map(Call::name).collect();
    assert!(changing.is_empty(), "something was changed at AWS: {changing:?}");
    assert!(!calls.is_empty(), "nothing was read");
}

/// What a state says of one resource, no data source: the entry of that module, type and name.
pub fn entry(state: &str, module: &str, kind: &str, name: &str) -> Json {
    let state: Json = serde_json::from_str(state).unwrap();
    let all = state["resources"].as_array().unwrap();
    let is = |it: &&Json| {
        let there = it["module"].as_str().unwrap_or_default() == module && it["mode"] == "managed";
        there && it["type"] == kind && it["name"] == name
    };
    all.iter().find(is).unwrap_or_else(|| panic!("no {module} {kind} {name}")).clone()
}

/// All types that a stack could have are in the folder.
#[test]
fn one_of_everything_is_exchanged() {
    let files = |folder: PathBuf| std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let all = ["tests/data/exchange", "tests/data/exchange/net"].map(|it| files(project().join(it)));
    let sources = all.into_iter().flatten().filter(|it| it.extension().is_some_and(|it| it == "tf"));
    let text: String = sources.map(|it| std::fs::read_to_string(it).unwrap()).collect();
    let resources = infra::aws::RESOURCES.iter().map(|it| format!("resource \"{}\"", it.name()));
    let data = infra::aws::DATA_SOURCES.iter().map(|it| format!("data \"{}\"", it.name()));
    let missing: Vec<String> = resources.chain(data).filter(|it| !text.contains(it)).collect();
    assert!(missing.is_empty(), "not exchanged with Terraform: {missing:#?}");
}

#[test]
fn what_terraform_made_is_adopted_as_it_is() {
    let Some(both) = Both::new() else { return };
    both.terraform(&["apply", "-auto-approve"], 0);
    both.infra_agrees("1");
    // The same in our own files.
    let ours = Folder::new();
    let out = ours.path().join("stack");
    both.infra(&["convert", "--out", out.to_str().unwrap()], 0);
    std::fs::copy(both.folder.path().join("terraform.tfstate"), out.join("terraform.tfstate")).unwrap();
    both.infra_agrees_at(&out, "1");

    both.terraform(&["apply", "-auto-approve", "-var=step=2"], 0);
    both.infra_agrees("2");
    // We go on with it, and it goes on with that.
    both.infra(&["apply", "--auto-approve", "--var", "step=3"], 0);
    both.terraform_agrees("3");
    both.infra_agrees("3");
    // What a state of Terraform's says of things that did not change is what it said.
    let table = &entry(&both.state(), "", "aws_dynamodb_table", "orders")["instances"][0];
    assert!(table["private"].is_string(), "{table}");
}

#[test]
fn what_we_made_serves_terraform() {
    let Some(both) = Both::new() else { return };
    for step in ["1", "2", "3"] {
        both.infra(&["apply", "--auto-approve", "--var", &format!("step={step}")], 0);
        both.terraform_agrees(step);
        both.infra_agrees(step);
    }
    let secret = &entry(&both.state(), "", "terraform_data", "secret")["instances"][0];
    let path = serde_json::json!([[{ "type": "get_attr", "value": "input" }]]);
    assert_eq!(secret["sensitive_attributes"], path);
    let ours = looked_up(&both.state());
    // What Terraform makes of it in the end is what we make of it in the end.
    both.terraform(&["apply", "-auto-approve", "-refresh-only", "-var=step=3"], 0);
    both.infra_agrees("3");
    let theirs = looked_up(&both.state());
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    let wrong: Vec<String> = ours
        .iter()
        .filter(|it| it.1 != &theirs[it.0])
        .map(|(at, ours)| format!("{at}: Terraform says {}, we say {ours}", theirs[at]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A token of the moment, and a session's name.
const ANOTHER_EACH_TIME: [&str; 2] = ["token", "user_id"];

/// What the data sources of a state say: address and attribute → value. The order of lists is left out, as sets
/// have none.
fn looked_up(state: &str) -> BTreeMap<String, Json> {
    fn sorted(it: &Json) -> Json {
        match it {
            Json::Array(all) => {
                let mut all: Vec<Json> = all.iter().map(sorted).collect();
                all.sort_by_key(Json::to_string);
                Json::Array(all)
            }
            Json::Object(all) => {
                Json::Object(all.iter().map(|(name, it)| (name.clone(), sorted(it))).collect())
            }
            it => it.clone(),
        }
    }
    let state: Json = serde_json::from_str(state).unwrap();
    let mut out = BTreeMap::new();
    for it in state["resources"].as_array().unwrap().iter().filter(|it| it["mode"] == "data") {
        let text = |name: &str| it[name].as_str().unwrap_or_default();
        for instance in it["instances"].as_array().unwrap() {
            let addr =
                format!("{} {}.{}[{}]", text("module"), text("type"), text("name"), instance["index_key"]);
            let all = instance["attributes"].as_object().unwrap().iter();
            for (name, value) in all.filter(|it| !ANOTHER_EACH_TIME.contains(&it.0.as_str())) {
                out.insert(format!("{addr} {name}"), sorted(value));
            }
        }
    }
    out
}
