//! What programs read: `show --json`, streamed messages, `output --json`, `validate --json`. Whole
//! documents, compared with Terraform's on the same files and the same state: with the one that is
//! here, else with what it once said (tests/data/json; INFRA_RECORD=1 writes that anew).
//!
//! What may differ is named in docs/json.md, and taken out here by a function of its own.

use std::path::{Path, PathBuf};

use regex_lite::Regex;
use serde_json::{Value as Json, json};

use crate::support::folder::project;
use crate::support::{Account, Folder, Infra, Proxy};
use crate::terraform;

/// A stack without AWS, with everything in it that a plan can be about.
const EVERYTHING: &str = "tests/data/json/everything";

struct Case {
    folder: Folder,
    proxy: Proxy,
}

impl Case {
    /// The stack, with the state that Terraform has left (`true`), and with changed files (`true`).
    fn new(state: bool, changed: bool) -> Case {
        let from = project().join(EVERYTHING);
        let folder = Folder::copy_of(&from.join("stack"));
        if changed {
            folder.overlay(&from.join("changed"));
        }
        if state {
            let text = std::fs::read_to_string(from.join("terraform.tfstate")).unwrap();
            folder.write("terraform.tfstate", text);
        }
        Case { folder, proxy: Proxy::new() }
    }

    /// The state with one object tainted, and another one deposed besides.
    fn damaged(self) -> Case {
        let mut state: Json = serde_json::from_str(&self.folder.read("terraform.tfstate")).unwrap();
        for it in state["resources"].as_array_mut().unwrap() {
            let name = it["name"].as_str().unwrap().to_owned();
            let instances = it["instances"].as_array_mut().unwrap();
            if name == "empty" {
                instances[0]["status"] = json!("tainted");
            } else if name == "secret" {
                let mut deposed = instances[0].clone();
                deposed["deposed"] = json!("abcdef01");
                instances.push(deposed);
            }
        }
        self.folder.write("terraform.tfstate", state.to_string());
        self
    }

    fn infra(&self) -> Infra {
        Infra::offline(self.folder.path(), &self.proxy)
    }

    /// What Terraform prints, here or once.
    fn theirs(&self, name: &str, run: impl Fn(&Path) -> String) -> String {
        let recorded = project().join(EVERYTHING).join(name);
        if !terraform::there() {
            return std::fs::read_to_string(recorded).unwrap();
        }
        let copy = Folder::copy_of(self.folder.path());
        terraform::succeed(copy.path(), &["init", "-input=false"]);
        let text = run(copy.path());
        if std::env::var_os("INFRA_RECORD").is_some() {
            std::fs::write(recorded, &text).unwrap();
        }
        text
    }

    /// The same plan by both.
    #[track_caller]
    fn plans_alike(&self, name: &str, options: &[&str]) {
        let ours = self.our_plan(options);
        let theirs = self.theirs(&format!("{name}.json"), |dir| {
            let plain: Vec<&str> = options.iter().map(|it| it.strip_prefix('-').unwrap_or(it)).collect();
            let words = [&["plan", "-input=false", "-out=it.plan"], &plain[..]].concat();
            terraform::succeed(dir, &words);
            terraform::succeed(dir, &["show", "-json", "it.plan"])
        });
        let theirs: Json = serde_json::from_str(&theirs).unwrap();
        same(name, untimed(theirs), untimed(ours));
    }

    fn our_plan(&self, options: &[&str]) -> Json {
        self.infra().must(&[&["plan", "--out", "our.plan"], options].concat(), 0);
        // The stack's files say where the key of the plan is, and nothing else.
        let shown = self.infra().must(&["show", "--json", "our.plan"], 0);
        serde_json::from_str(&shown.stdout).unwrap()
    }

    /// The same messages from both, in whatever order.
    #[track_caller]
    fn streams_alike(&self, name: &str, words: &[&str]) {
        let theirs = self.theirs(&format!("{name}.jsonl"), |dir| {
            let plain: Vec<String> = words.iter().map(|it| it.replacen("--", "-", 1)).collect();
            let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
            terraform::succeed(dir, &[&plain[..], &["-input=false"]].concat())
        });
        let ours = self.infra().must(words, 0).stdout;
        same(name, messages(&theirs), messages(&ours));
    }
}

/// When a plan was made is its own.
fn untimed(mut plan: Json) -> Json {
    plan.as_object_mut().unwrap().shift_remove("timestamp");
    plan
}

/// Every place where two documents are not the same.
fn differences(at: &str, theirs: &Json, ours: &Json, out: &mut Vec<String>) {
    match (theirs, ours) {
        (Json::Object(a), Json::Object(b)) => {
            let keys: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => differences(&format!("{at}.{key}"), a, b, out),
                    (a, b) => out.push(format!("{at}.{key}\n  theirs {a:?}\n  ours   {b:?}")),
                }
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.for_each(|(i, (a, b))| differences(&format!("{at}[{i}]"), a, b, out));
        }
        // 1.0 and 1 are one number.
        (Json::Number(a), Json::Number(b)) if a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        (a, b) => out.push(format!("{at}\n  theirs {a}\n  ours   {b}")),
    }
}

#[track_caller]
fn same(what: &str, theirs: Json, ours: Json) {
    let mut out = Vec::new();
    differences("", &theirs, &sorted(ours, &theirs), &mut out);
    assert!(out.is_empty(), "{what}: {} differences\n{}", out.len(), out.join("\n"));
}

/// Terraform's relevant attributes come in an order of its own; ours take it where they are the same.
fn sorted(mut ours: Json, theirs: &Json) -> Json {
    let place = |it: &Json| {
        theirs["relevant_attributes"].as_array().and_then(|all| all.iter().position(|at| at == it))
    };
    if let Some(all) = ours.get_mut("relevant_attributes").and_then(Json::as_array_mut) {
        all.sort_by_key(|it| place(it).unwrap_or(usize::MAX));
    }
    ours
}

#[test]
fn a_create() {
    Case::new(false, false).plans_alike("create", &[]);
}

#[test]
fn nothing_to_do() {
    Case::new(true, false).plans_alike("noop", &[]);
}

#[test]
fn a_refresh() {
    Case::new(true, false).plans_alike("refresh_only", &["--refresh-only"]);
}

#[test]
fn a_destroy() {
    Case::new(true, false).plans_alike("destroy", &["--destroy"]);
}

#[test]
fn what_is_asked_to_be_replaced() {
    let vpc = r#"--replace=module.nets["p"].terraform_data.vpc"#;
    Case::new(true, false).plans_alike("replace", &["--replace=terraform_data.first", vpc]);
}

/// Updates, replacements, deletions of instances and modules, a move, and something let go of.
#[test]
fn changes() {
    Case::new(true, true).plans_alike("update", &[]);
}

#[test]
fn variables() {
    Case::new(true, true).plans_alike("variables", &["--var=number=7", "--var=secret=new"]);
}

#[test]
fn tainted_and_deposed() {
    Case::new(true, true).damaged().plans_alike("tainted", &[]);
}

#[test]
fn the_state() {
    let case = Case::new(true, false);
    let shown = case.infra().must(&["show", "--json"], 0).stdout;
    let theirs = case.theirs("state.json", |dir| terraform::succeed(dir, &["show", "-json"]));
    let parse = |text: &str| serde_json::from_str::<Json>(text).unwrap();
    same("state", parse(&theirs), parse(&shown));
}

#[test]
fn outputs() {
    let case = Case::new(true, false);
    let theirs = case.theirs("output.json", |dir| terraform::succeed(dir, &["output", "-json"]));
    assert_eq!(case.infra().must(&["output", "--json"], 0).stdout, theirs);
    let one = case.theirs("output_one.json", |dir| terraform::succeed(dir, &["output", "-json", "mixed"]));
    assert_eq!(case.infra().must(&["output", "--json", "mixed"], 0).stdout, one);
}

#[test]
fn a_streamed_plan() {
    Case::new(true, true).streams_alike("plan_stream", &["plan", "--json"]);
}

#[test]
fn a_streamed_apply() {
    Case::new(true, true).streams_alike("apply_stream", &["apply", "--auto-approve", "--json"]);
}

#[test]
fn a_streamed_destroy() {
    Case::new(true, false).streams_alike("destroy_stream", &["destroy", "--auto-approve", "--json"]);
}

/// The messages sorted, without what is each run's own.
fn messages(text: &str) -> Json {
    let id = Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
    let text = id.replace_all(text, "ID");
    let text = Regex::new("complete after [0-9]+s").unwrap().replace_all(&text, "complete after 0s");
    let all = text.lines().map(|it| serde_json::from_str::<Json>(it).unwrap());
    let mut all: Vec<Json> = all.filter(|it| it["type"] != "version").filter_map(own).collect();
    all.sort_by_cached_key(Json::to_string);
    all.dedup();
    all.into()
}

/// One message in the form in which it is compared.
fn own(mut it: Json) -> Option<Json> {
    it.as_object_mut().unwrap().shift_remove("@timestamp");
    if it["hook"]["elapsed_seconds"].is_number() {
        it["hook"]["elapsed_seconds"] = json!(0);
    }
    // A refresh asks for what is let go of too: it is read with all the rest.
    let call = it["hook"]["resource"]["addr"] == "terraform_data.call";
    if call && it["type"].as_str().unwrap().starts_with("refresh") {
        return None;
    }
    if it["type"] == "diagnostic" {
        return worded(&it);
    }
    Some(it)
}

/// Of a diagnostic, all but its words and the values that Terraform tells beside it. What says no more than that
/// something is let go of, or not known yet, is ours or theirs alone.
fn worded(it: &Json) -> Option<Json> {
    let mut said = it["diagnostic"].clone();
    said["range"].is_object().then_some(())?;
    for name in ["summary", "detail", "address"] {
        said.as_object_mut().unwrap().shift_remove(name);
    }
    said["snippet"]["values"] = json!([]);
    Some(json!({ "@level": it["@level"], "type": "diagnostic", "diagnostic": said }))
}

#[test]
fn the_version() {
    let folder = Folder::new();
    let shown = Infra::offline(folder.path(), &Proxy::new()).must(&["version", "--json"], 0).stdout;
    let ours: Json = serde_json::from_str(&shown).unwrap();
    assert_eq!(ours["terraform_version"], "1.11.4");
    assert!(ours["platform"].as_str().unwrap().contains('_') && ours["provider_selections"].is_object());
}

/// What is wrong has words of its own, in Terraform's form.
#[test]
fn a_broken_stack() {
    let folder = Folder::new();
    folder.write("main.tf", "resource \"terraform_data\" \"a\" {\n  input = var.missing\n}\n");
    let shown = Infra::offline(folder.path(), &Proxy::new()).must(&["validate", "--json"], 1).stdout;
    let mut ours: Json = serde_json::from_str(&shown).unwrap();
    assert!(ours["diagnostics"][0]["summary"].as_str().unwrap().contains("missing"));
    for it in ours["diagnostics"].as_array_mut().unwrap() {
        let it = it.as_object_mut().unwrap();
        ["summary", "detail", "address"].iter().for_each(|name| drop(it.shift_remove(*name)));
    }
    let range = json!({
        "filename": "main.tf",
        "start": { "line": 2, "column": 11, "byte": 42 },
        "end": { "line": 2, "column": 22, "byte": 53 },
    });
    let snippet = json!({
        "context": "resource \"terraform_data\" \"a\"",
        "code": "  input = var.missing",
        "start_line": 2,
        "highlight_start_offset": 10,
        "highlight_end_offset": 21,
        "values": [],
    });
    let theirs = json!({
        "format_version": "1.0", "valid": false, "error_count": 1, "warning_count": 0,
        "diagnostics": [{ "severity": "error", "range": range, "snippet": snippet }],
    });
    assert_eq!(ours, theirs);
}

/// Errors are messages like everything else.
#[test]
fn errors_are_streamed() {
    let folder = Folder::new();
    let nowhere = Proxy::new();
    let kinds = |out: &crate::support::infra::Output| {
        assert_eq!(out.stderr, "");
        let all = out.stdout.lines().map(|it| serde_json::from_str::<Json>(it).unwrap());
        all.map(|it| format!("{} {}", it["@level"].as_str().unwrap(), it["type"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    folder.write("main.tf", "resource \"terraform_data\" \"a\" {\n  input = var.missing\n}\n");
    let refused = Infra::offline(folder.path(), &nowhere).must(&["plan", "--json"], 1);
    assert_eq!(kinds(&refused), ["info version", "error diagnostic"]);

    let command = "provisioner \"local-exec\" {\n command = \"echo hi; exit 1\"\n }";
    folder.write("main.tf", format!("resource \"terraform_data\" \"a\" {{\n {command}\n}}\n"));
    let words = ["apply", "--json", "--auto-approve"];
    let failed = Infra::offline(folder.path(), &nowhere).must(&words, 1);
    assert_eq!(
        kinds(&failed),
        [
            "info version",
            "info planned_change",
            "info change_summary",
            "info apply_start",
            "info provision_start",
            "info provision_progress",
            "info provision_progress",
            "info provision_errored",
            "info apply_errored",
            "error diagnostic",
        ]
    );
}

/// Resources of AWS: what Terraform said of a stack that policy tools look at.
#[test]
fn a_stack_of_aws() {
    let folder = Folder::copy_of(&tools().join("stack"));
    let account = Account::new();
    let infra = Infra::new(folder.path(), &account, &crate::support::moto().url());
    infra.must(&["plan", "--out", "our.plan"], 0);
    let shown = infra.must(&["show", "--json", "our.plan"], 0).stdout;
    let parse = |text: &str| untimed(absences(serde_json::from_str(text).unwrap()));
    let theirs = std::fs::read_to_string(tools().join("terraform.json")).unwrap();
    same("stack", parse(&theirs), parse(&shown));
}

fn tools() -> PathBuf {
    project().join("tests/tools")
}

/// Values without what is not there: null, "", [] and {} are one to the provider. JSON inside a text
/// is what it means. References inside blocks that are attributes come in no order.
fn absences(json: Json) -> Json {
    let nothing =
        |it: &Json| it.is_null() || *it == "" || it.as_array().is_some_and(Vec::is_empty) || *it == json!({});
    match json {
        Json::Object(all) => {
            let all = all.into_iter().map(|(name, it)| (name, absences(it)));
            Json::Object(all.filter(|it| !nothing(&it.1)).collect())
        }
        Json::Array(all) => {
            let mut all: Vec<Json> = all.into_iter().map(absences).collect();
            if all.iter().all(Json::is_string) {
                all.sort_by_cached_key(Json::to_string);
            }
            all.into()
        }
        Json::String(text) if text.starts_with('{') => serde_json::from_str(&text)
            .map_or(Json::String(text), |it: Json| sorted_keys(it).to_string().into()),
        other => other,
    }
}

fn sorted_keys(json: Json) -> Json {
    match json {
        Json::Object(all) => {
            let all: std::collections::BTreeMap<_, _> = all.into_iter().collect();
            Json::Object(all.into_iter().map(|(name, it)| (name, sorted_keys(it))).collect())
        }
        Json::Array(all) => all.into_iter().map(sorted_keys).collect(),
        other => other,
    }
}
