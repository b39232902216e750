//! How conditions came out, in Terraform's plan JSON.

use serde_json::{Map, Value as Json, json};

use crate::address::{self, Key, Mode, Target};
use crate::plan::PlanMode;
use crate::plan::checks::{Entry, Outcome, Results, Status, Subject};

use super::show_json::{key_json, module_text};

/// The list `checks` of a plan. A destroy looks at none of them.
pub fn checks(all: &Results, mode: PlanMode) -> Json {
    let one = |it: &Entry| {
        if mode == PlanMode::Destroy {
            return unknown(it);
        }
        let instances = it.objects.iter().map(|(addr, one)| instance(it.subject, addr, one)).collect();
        entry(it.subject, &it.addr, json!(it.status()), instances)
    };
    all.entries().iter().map(one).collect()
}

fn unknown(it: &Entry) -> Json {
    let outcome = Outcome { status: Status::Unknown, messages: Vec::new() };
    let root = it.subject == Subject::Output && !it.addr.starts_with("module.");
    let instances = root.then(|| instance(it.subject, &it.addr, &outcome));
    entry(it.subject, &it.addr, json!(Status::Unknown), instances.into_iter().collect())
}

/// The list `checks` of a state, from what the state file holds.
pub fn stored(all: &Json) -> Option<Json> {
    let all = all.as_array().filter(|it| !it.is_empty())?;
    // A state file may have them in any order.
    Some(json!(sorted(all.iter().filter_map(stored_entry).collect())))
}

fn stored_entry(it: &Json) -> Option<Json> {
    let subject: Subject = serde_json::from_value(it["object_kind"].clone()).ok()?;
    let objects = it["objects"].as_array().into_iter().flatten();
    let instances = objects.filter_map(|it| {
        let status = serde_json::from_value(it["status"].clone()).ok()?;
        let messages = it["failure_messages"].as_array().into_iter().flatten();
        let messages = messages.filter_map(|it| it.as_str().map(str::to_owned)).collect();
        Some(instance(subject, it["object_addr"].as_str()?, &Outcome { status, messages }))
    });
    Some(entry(subject, it["config_addr"].as_str()?, it["status"].clone(), sorted(instances.collect())))
}

fn sorted(mut all: Vec<Json>) -> Vec<Json> {
    all.sort_by_cached_key(|it| it["address"]["to_display"].to_string());
    all
}

fn entry(subject: Subject, addr: &str, status: Json, instances: Vec<Json>) -> Json {
    let mut out = json!({ "address": static_address(subject, addr), "status": status });
    if !instances.is_empty() {
        out["instances"] = json!(instances);
    }
    out
}

/// Module, the word before the name (`check`, `output`, `var`) and the name.
fn parts(subject: Subject, addr: &str) -> (String, String) {
    let word = match subject {
        Subject::Check => "check.",
        Subject::Output => "output.",
        Subject::Var => "var.",
        Subject::Resource => return (String::new(), addr.to_owned()),
    };
    match addr.rfind(word) {
        Some(0) => (String::new(), addr[word.len()..].to_owned()),
        Some(at) => (addr[..at - 1].to_owned(), addr[at + word.len()..].to_owned()),
        None => (String::new(), addr.to_owned()),
    }
}

fn static_address(subject: Subject, addr: &str) -> Json {
    let mut out = Map::new();
    let kind = match subject {
        Subject::Resource => "resource",
        Subject::Output => "output_value",
        Subject::Check => "check",
        Subject::Var => "var",
    };
    out.insert("kind".into(), json!(kind));
    out.insert("to_display".into(), json!(addr));
    if let (Subject::Resource, Ok(Target::Resource(addr))) = (subject, address::parse(addr)) {
        let mode = if addr.mode == Mode::Data { "data" } else { "managed" };
        out.insert("mode".into(), json!(mode));
        out.insert("type".into(), json!(*addr.kind));
        out.insert("name".into(), json!(*addr.name));
        if !addr.module.is_empty() {
            out.insert("module".into(), json!(module_text(&addr.module)));
        }
        return Json::Object(out);
    }
    let (module, name) = parts(subject, addr);
    out.insert("name".into(), json!(name));
    if !module.is_empty() {
        out.insert("module".into(), json!(module));
    }
    Json::Object(out)
}

fn instance(subject: Subject, addr: &str, it: &Outcome) -> Json {
    let mut own = json!({ "to_display": addr });
    let module = match (subject, address::parse_instance(addr)) {
        (Subject::Resource, Ok(addr)) => {
            if let Some(key) = key_json(&addr.key).filter(|_| addr.key != Key::None) {
                own["instance_key"] = key;
            }
            module_text(&addr.resource.module)
        }
        _ => parts(subject, addr).0,
    };
    if !module.is_empty() {
        own["module"] = json!(module);
    }
    let mut out = json!({ "address": own, "status": it.status });
    if !it.messages.is_empty() {
        out["problems"] = it.messages.iter().map(|it| json!({ "message": it })).collect();
    }
    out
}
