//! State and plan in Terraform's documented JSON: what `show -json` prints.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::checks_json;
use super::json::{known, sensitive, sensitive_by, unknown};
use super::plan_text::Schemas;
use super::show::{Entry, entries, object_value};
use super::words;
use crate::address::{Addr, Key, Mode, ModulePath};
use crate::lang::{Kind, Value};
use crate::plan::{Action, Change, OutputChange, Plan, PlanMode};
use crate::schema::region;
use crate::state::{Output, State, TERRAFORM_VERSION};

/// The state.
pub fn state_json(state: &State, schemas: Schemas) -> Json {
    let mut out = json!({ "format_version": "1.0" });
    if !state.is_empty() {
        out["terraform_version"] = json!(state.terraform_version);
        out["values"] = values(state, schemas);
    }
    if let Some(checks) = checks_json::stored(&state.check_results) {
        out["checks"] = checks;
    }
    out
}

fn values(state: &State, schemas: Schemas) -> Json {
    let resources = entries(state).map(|it| (it.addr.resource.module.clone(), stored(&it, schemas)));
    let outputs = state.outputs.iter().map(|(name, it)| {
        (name.clone(), json!({ "sensitive": it.sensitive, "value": it.value, "type": it.ty.to_json() }))
    });
    values_of(outputs.collect(), resources.collect())
}

fn values_of(outputs: Map<String, Json>, resources: Vec<(ModulePath, Json)>) -> Json {
    let mut out = Map::new();
    if !outputs.is_empty() {
        out.insert("outputs".into(), Json::Object(outputs));
    }
    let mut by_module: BTreeMap<ModulePath, Vec<Json>> = BTreeMap::new();
    for (module, it) in resources {
        // The modules on the way exist too, resources or none.
        (0..=module.len()).for_each(|i| {
            by_module.entry(module[..i].to_vec()).or_default();
        });
        by_module.entry(module).or_default().push(it);
    }
    out.insert("root_module".into(), module(&Vec::new(), &by_module));
    Json::Object(out)
}

fn module(path: &ModulePath, all: &BTreeMap<ModulePath, Vec<Json>>) -> Json {
    let mut out = Map::new();
    if let Some(resources) = all.get(path).filter(|it| !it.is_empty()) {
        out.insert("resources".into(), json!(resources));
    }
    if !path.is_empty() {
        out.insert("address".into(), json!(module_text(path)));
    }
    let inner = all.keys().filter(|it| it.len() == path.len() + 1 && it.starts_with(path));
    let children: Vec<_> = inner.map(|it| module(it, all)).collect();
    if !children.is_empty() {
        out.insert("child_modules".into(), json!(children));
    }
    Json::Object(out)
}

/// `module.a["x"].module.b`.
pub fn module_text(path: &ModulePath) -> String {
    path.iter().map(|(name, key)| format!("module.{name}{key}")).collect::<Vec<_>>().join(".")
}

/// What every form of a resource starts with.
fn header(addr: &Addr, provider: &str) -> Map<String, Json> {
    let resource = &addr.resource;
    let mut out = Map::new();
    out.insert("address".into(), json!(addr.to_string()));
    if !resource.module.is_empty() {
        out.insert("module_address".into(), json!(module_text(&resource.module)));
    }
    let mode = if resource.mode == Mode::Data { "data" } else { "managed" };
    out.insert("mode".into(), json!(mode));
    out.insert("type".into(), json!(*resource.kind));
    out.insert("name".into(), json!(*resource.name));
    if let Some(key) = key_json(&addr.key) {
        out.insert("index".into(), key);
    }
    out.insert("provider_name".into(), json!(provider_name(provider)));
    out
}

pub fn key_json(key: &Key) -> Option<Json> {
    match key {
        Key::None => None,
        Key::Index(it) => Some(json!(it)),
        Key::Name(it) => Some(json!(**it)),
    }
}

/// `registry.terraform.io/hashicorp/aws` of `provider["registry.terraform.io/hashicorp/aws"].alias`.
fn provider_name(text: &str) -> &str {
    text.split('"').nth(1).unwrap_or(text)
}

/// One object of the state.
pub fn stored(it: &Entry, schemas: Schemas) -> Json {
    let mut out = header(&it.addr, it.provider);
    out.shift_remove("module_address");
    let value = object_value(it, schemas);
    out.insert("schema_version".into(), json!(it.object.schema_version));
    out.insert("values".into(), known(&value));
    out.insert("sensitive_values".into(), sensitive(&value));
    if !it.object.dependencies.is_empty() {
        let mut all: Vec<_> = it.object.dependencies.iter().map(ToString::to_string).collect();
        all.sort();
        out.insert("depends_on".into(), json!(all));
    }
    if it.object.tainted {
        out.insert("tainted".into(), json!(true));
    }
    if let Some(key) = it.deposed {
        out.insert("deposed_key".into(), json!(key));
    }
    Json::Object(out)
}

/// The plan, without the configuration.
pub fn plan_json(plan: &Plan, schemas: Schemas) -> Json {
    let mut out = Map::new();
    out.insert("format_version".into(), json!("1.2"));
    out.insert("terraform_version".into(), json!(TERRAFORM_VERSION));
    if !plan.variables.is_empty() {
        let lasting = plan.variables.iter().filter(|it| !it.1.deep_marks().ephemeral);
        let all = lasting.map(|(k, v)| (k.clone(), json!({ "value": known(v) })));
        out.insert("variables".into(), Json::Object(all.collect()));
    }
    out.insert("planned_values".into(), planned_values(plan, schemas));
    list(&mut out, "resource_drift", drift(plan).into_iter().map(|it| change_json(it, schemas)));
    list(&mut out, "resource_changes", plan.changes.iter().map(|it| change_json(it, schemas)));
    if !plan.outputs.is_empty() {
        let all = plan.outputs.iter().map(|(k, it)| (k.clone(), output_change_json(it)));
        out.insert("output_changes".into(), Json::Object(all.collect()));
    }
    let prior = prior_state(plan);
    if !prior.is_empty() {
        out.insert("prior_state".into(), state_json(&prior, schemas));
    }
    let relevant = plan.relevant.iter();
    list(
        &mut out,
        "relevant_attributes",
        relevant.map(|it| json!({ "resource": it.resource, "attribute": it.attribute })),
    );
    if !plan.checks.entries().is_empty() {
        out.insert("checks".into(), checks_json::checks(&plan.checks, plan.mode));
    }
    out.insert("timestamp".into(), json!(plan.timestamp));
    out.insert("applyable".into(), json!(plan.applies()));
    out.insert("complete".into(), json!(plan.is_complete()));
    out.insert("errored".into(), json!(false));
    Json::Object(out)
}

/// A list, unless it is empty.
fn list(out: &mut Map<String, Json>, name: &str, all: impl Iterator<Item = Json>) {
    let all: Vec<_> = all.collect();
    if !all.is_empty() {
        out.insert(name.into(), json!(all));
    }
}

/// What had changed outside. A mere move is a change of its own, unless only the refresh is looked at;
/// what is to be destroyed is destroyed as it is.
pub(super) fn drift(plan: &Plan) -> Vec<&Change> {
    let only = plan.mode == PlanMode::RefreshOnly;
    let told = |it: &&Change| it.action != Action::NoOp || only && it.moved_from.is_some();
    match plan.mode {
        PlanMode::Destroy => Vec::new(),
        _ => plan.all_drift().into_iter().filter(told).collect(),
    }
}

/// The state as the refresh left it, with the outputs that are known already.
fn prior_state(plan: &Plan) -> State {
    let mut state = plan.state.clone();
    state.terraform_version = TERRAFORM_VERSION.to_owned();
    state.check_results = Json::Null;
    if plan.mode == PlanMode::Destroy {
        return state;
    }
    // What is read during the apply is not read yet.
    for it in plan.changes.iter().filter(|it| it.action == Action::Read) {
        if let Some(resource) = state.resources.get_mut(&it.addr.resource) {
            resource.instances.remove(&it.addr.key);
        }
    }
    for (name, it) in plan.outputs.iter().filter(|it| it.1.after.wholly_known()) {
        if it.action == Action::Delete || it.after.is_null() {
            state.outputs.remove(name);
        } else {
            let output = Output { value: known(&it.after), ty: it.after.ty(), sensitive: it.sensitive };
            state.outputs.insert(name.clone(), output);
        }
    }
    state
}

/// What will be there after the apply, as far as it is known.
fn planned_values(plan: &Plan, schemas: Schemas) -> Json {
    let gone = |it: &Change| it.action == Action::Delete || it.deposed.is_some();
    let mut there: Vec<_> =
        plan.changes.iter().filter(|it| !gone(it)).map(|it| (it.addr.to_string(), it)).collect();
    there.sort_by(|a, b| a.0.cmp(&b.0));
    let resources = there.into_iter().map(|(_, it)| {
        let after = marked(it, &it.after, schemas);
        let mut out = header(&it.addr, &it.provider);
        out.shift_remove("module_address");
        let version = schemas(&it.addr.resource).map_or(0, |it| it.version);
        out.insert("schema_version".into(), json!(version));
        let values = known(&after);
        if values.as_object().is_some_and(|it| !it.is_empty()) {
            out.insert("values".into(), values);
        }
        out.insert("sensitive_values".into(), sensitive(&after));
        (it.addr.resource.module.clone(), Json::Object(out))
    });
    let outputs = plan.outputs.iter().filter(|it| it.1.action != Action::Delete);
    let outputs = outputs.map(|(name, it)| (name.clone(), planned_output(it))).collect();
    values_of(outputs, resources.collect())
}

fn planned_output(it: &OutputChange) -> Json {
    let mut out = json!({ "sensitive": it.sensitive });
    if it.after.wholly_known() {
        out["type"] = it.after.ty().to_json();
        out["value"] = known(&it.after);
    }
    out
}

fn marked(change: &Change, value: &Value, schemas: Schemas) -> Value {
    let value = without_region(&change.addr.resource.kind, value);
    match schemas(&change.addr.resource) {
        Some(schema) => sensitive_by(value, &schema.block),
        None => value,
    }
}

/// An object without the `region` that nobody asked for: it is as it was before types had one.
fn without_region(kind: &str, value: &Value) -> Value {
    let Kind::Object(fields) = &value.kind else { return value.clone() };
    if !region::is_added(kind) || !fields.get(region::NAME).is_some_and(Value::is_null) {
        return value.clone();
    }
    let rest = fields.iter().filter(|it| **it.0 != *region::NAME);
    Value::object(rest.map(|(k, v)| (k.clone(), v.clone()))).marked(value.marks)
}

/// One resource's change: an item of `resource_changes` and `resource_drift`.
pub fn change_json(it: &Change, schemas: Schemas) -> Json {
    let (before, after) = (marked(it, &it.before, schemas), marked(it, &it.after, schemas));
    let mut change = json!({
        "actions": words::actions(it.action),
        "before": known(&before),
        "after": known(&after),
        "after_unknown": if after.wholly_known() { json!({}) } else { unknown(&after) },
        "before_sensitive": sensitive(&before),
        "after_sensitive": sensitive(&after),
    });
    if !it.replace_paths.is_empty() {
        let ty = if before.is_null() { &after } else { &before };
        change["replace_paths"] = it.replace_paths.iter().map(|path| path_json(path, ty)).collect();
    }
    if let Some(id) = &it.importing {
        change["importing"] = json!({ "id": id });
    }
    let mut out = header(&it.addr, &it.provider);
    if let Some(from) = &it.moved_from {
        out.insert("previous_address".into(), json!(from.to_string()));
    }
    if let Some(key) = &it.deposed {
        out.insert("deposed".into(), json!(key));
    }
    out.insert("change".into(), change);
    if let Some(reason) = it.reason {
        out.insert("action_reason".into(), json!(words::reason(reason)));
    }
    Json::Object(out)
}

/// A path's steps: a position in a list is a number.
fn path_json(path: &[String], value: &Value) -> Json {
    let mut at = Some(value);
    let mut steps = Vec::new();
    for name in path {
        let index = at.and_then(Value::as_items).and(name.parse::<usize>().ok());
        steps.push(index.map_or_else(|| json!(name), |it| json!(it)));
        at = match index {
            Some(i) => at.and_then(Value::as_items).and_then(|it| it.get(i)),
            None => at.and_then(|it| it.get(name)),
        };
    }
    json!(steps)
}

fn output_change_json(it: &OutputChange) -> Json {
    let mut out = json!({ "actions": words::actions(it.action), "before": known(&it.before) });
    if !it.after.is_unknown() {
        out["after"] = known(&it.after);
    }
    let wholly = it.after.wholly_known();
    out["after_unknown"] = if wholly { json!(false) } else { unknown(&it.after) };
    out["before_sensitive"] = json!(it.sensitive);
    out["after_sensitive"] = json!(it.sensitive);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::oracle;

    /// Reads Terraform's plan JSON and writes it again.
    #[test]
    fn changes_are_terraforms() {
        for name in ["create", "update", "replace", "destroy", "more", "any"] {
            let path = format!("{}/tests/data/plans/{name}.json", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            let theirs: Json = serde_json::from_str(&text).unwrap();
            let ours = plan_json(&oracle::plan(&text), &oracle::schema);
            let all = theirs["resource_changes"].as_array().unwrap();
            for (i, theirs) in all.iter().enumerate() {
                for key in theirs["change"].as_object().unwrap().keys() {
                    // What type an unknown `output` has stands nowhere in the JSON.
                    if key == "after_sensitive" && theirs["address"].to_string().contains("terraform_data") {
                        continue;
                    }
                    let ours = &ours["resource_changes"][i]["change"][key];
                    assert_eq!(*ours, theirs["change"][key], "{name} {} {key}", theirs["address"]);
                }
            }
            assert_eq!(ours["output_changes"], theirs["output_changes"], "{name}");
        }
    }
}
