//! What `terraform init` was told about the backend: it keeps that in its data folder, so that a stack
//! whose block is partial needs no flags here either.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;

use super::scope::Scope;
use super::{Config, Setting};
use crate::diag::{Place, SourceFile};
use crate::lang::{Expr, Value};

/// Terraform's name for its note.
const NOTE: &str = "terraform.tfstate";

/// What a backend cannot do without.
fn needed(kind: &str) -> &'static [&'static str] {
    if kind == "s3" { &["bucket", "key"] } else { &[] }
}

/// The settings that Terraform was initialised with, where the stack's own are not whole and say nothing
/// else. `known` are the names that the backend takes.
pub fn settings(config: &Config, known: &[&str]) -> Vec<Setting> {
    let Some(backend) = &config.backend else { return Vec::new() };
    let own = |name: &str| backend.settings.0.iter().any(|it| &*it.name == name);
    if needed(&backend.kind).iter().all(|it| own(it)) {
        return Vec::new();
    }
    let folder = std::env::var_os("TF_DATA_DIR").map_or_else(|| ".terraform".into(), PathBuf::from);
    let path = config.dir.join(folder).join(NOTE);
    // Where it is not there, or is something else, what is missing is told as ever.
    let Ok(text) = std::fs::read_to_string(&path) else { return Vec::new() };
    let Ok(note) = serde_json::from_str::<Json>(&text) else { return Vec::new() };
    let Some(noted) = note["backend"]["config"].as_object() else { return Vec::new() };
    if note["backend"]["type"] != *backend.kind {
        return Vec::new();
    }
    // Terraform takes no expression there: what is one was not written for it.
    let said = super::settings::evaluate(&backend.settings, &Scope::nothing("the backend"));
    let same =
        |(name, it): (&std::sync::Arc<str>, &Value)| noted.get(&**name).is_some_and(|noted| agree(it, noted));
    if !said.is_ok_and(|it| it.as_fields().is_some_and(|it| it.iter().all(same))) {
        return Vec::new();
    }
    let file = Arc::new(SourceFile { path, text });
    let missing = noted.iter().filter(|it| !it.1.is_null() && !own(it.0) && known.contains(&it.0.as_str()));
    missing.filter_map(|(name, value)| setting(name, value, &file)).collect()
}

/// Whether a setting of the stack is what Terraform was initialised with.
fn agree(own: &Value, noted: &Json) -> bool {
    match own.to_json() {
        Json::Object(own) => own.iter().all(|(name, it)| noted.get(name) == Some(it)),
        own => own == *noted || own.as_str() == Some(&*noted.to_string()),
    }
}

fn setting(name: &str, value: &Json, file: &Arc<SourceFile>) -> Option<Setting> {
    let quoted = format!("\"{name}\"");
    let start = file.text.find(&quoted).unwrap_or_default();
    let place = Place::new(file, start..start + quoted.len());
    let value = Expr::constant(Value::from_json_implied(value).ok()?, &place);
    Some(Setting { name: name.into(), place, value })
}
