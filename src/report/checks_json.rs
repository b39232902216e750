//! How conditions came out, in Terraform's plan JSON.

use serde_json::{Map, Value as Json, json};

use crate::address::{self, Key, Mode, Target};
use crate::plan::checks::{Entry, Outcome, Results, Subject};

use super::show_json::{key_json, module_text};

/// The list `checks` of a plan.
pub fn checks(all: &Results) -> Json {
    all.entries().iter().map(entry).collect()
}

fn entry(it: &Entry) -> Json {
    let mut out = json!({ "address": static_address(it), "status": it.status() });
    let instances: Vec<Json> = it.objects.iter().map(|(addr, one)| instance(it.subject, addr, one)).collect();
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

fn static_address(it: &Entry) -> Json {
    let mut out = Map::new();
    let kind = match it.subject {
        Subject::Resource => "resource",
        Subject::Output => "output_value",
        Subject::Check => "check",
        Subject::Var => "var",
    };
    out.insert("kind".into(), json!(kind));
    out.insert("to_display".into(), json!(it.addr));
    if let (Subject::Resource, Ok(Target::Resource(addr))) = (it.subject, address::parse(&it.addr)) {
        let mode = if addr.mode == Mode::Data { "data" } else { "managed" };
        out.insert("mode".into(), json!(mode));
        out.insert("type".into(), json!(*addr.kind));
        out.insert("name".into(), json!(*addr.name));
        if !addr.module.is_empty() {
            out.insert("module".into(), json!(module_text(&addr.module)));
        }
        return Json::Object(out);
    }
    let (module, name) = parts(it.subject, &it.addr);
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
