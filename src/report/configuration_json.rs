//! The configuration in Terraform's plan JSON: what the files say, without evaluating it.

mod expression;
mod providers;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use self::expression::{body, expression, plain};
use self::providers::Keys;
use super::json::known;
use super::plan_text::Schemas;
use crate::address::Mode;
use crate::config::{
    Config, ModuleCall, Output, Provisioner, Reference, Repeat, Resource, Variable, mentions,
};
use crate::lang::expr::Step;

/// The value of `configuration`.
pub fn configuration_json(config: &Config, schemas: Schemas) -> Json {
    let keys = Keys::of(config);
    let mut out = Map::new();
    if !keys.is_empty() {
        out.insert("provider_config".into(), keys.json());
    }
    out.insert("root_module".into(), module(config, &keys, schemas));
    Json::Object(out)
}

fn module(config: &Config, keys: &Keys, schemas: Schemas) -> Json {
    let mut out = Map::new();
    let outputs = config.outputs.iter().map(|(k, it)| (k.clone(), output(it)));
    put(&mut out, "outputs", outputs.collect());
    let resources = resources(config, keys, schemas);
    if !resources.is_empty() {
        out.insert("resources".into(), json!(resources));
    }
    let calls = config.modules.iter().map(|(k, it)| (k.clone(), call(it, keys, schemas)));
    put(&mut out, "module_calls", calls.collect());
    let variables = config.variables.iter().map(|(k, it)| (k.clone(), variable(it)));
    put(&mut out, "variables", variables.collect());
    Json::Object(out)
}

/// An empty collection is left out.
fn put(out: &mut Map<String, Json>, name: &str, all: Map<String, Json>) {
    if !all.is_empty() {
        out.insert(name.into(), Json::Object(all));
    }
}

fn output(it: &Output) -> Json {
    let mut out = Map::new();
    if it.sensitive {
        out.insert("sensitive".into(), json!(true));
    }
    out.insert("expression".into(), expression(&it.value));
    depends_on(&mut out, &it.depends_on);
    describe(&mut out, it.description.as_deref());
    Json::Object(out)
}

fn variable(it: &Variable) -> Json {
    let mut out = Map::new();
    if let Some(default) = &it.default {
        out.insert("default".into(), known(default));
    }
    describe(&mut out, it.description.as_deref());
    if it.sensitive {
        out.insert("sensitive".into(), json!(true));
    }
    Json::Object(out)
}

fn describe(out: &mut Map<String, Json>, text: Option<&str>) {
    if let Some(text) = text.filter(|it| !it.is_empty()) {
        out.insert("description".into(), json!(text));
    }
}

fn depends_on(out: &mut Map<String, Json>, all: &[Reference]) {
    if !all.is_empty() {
        let names: Vec<_> = all.iter().map(subject).collect();
        out.insert("depends_on".into(), json!(names));
    }
}

/// What a dependency is on: `aws_vpc.main` of `aws_vpc.main.id`.
fn subject(it: &Reference) -> String {
    let steps: Vec<_> = it.path.iter().cloned().map(Step::Name).collect();
    mentions::mention(&steps).map_or_else(|| it.path.join("."), |it| it.subject.to_string())
}

fn repeated(out: &mut Map<String, Json>, repeat: &Repeat) {
    let (name, expr) = match repeat {
        Repeat::Once => return,
        Repeat::Count(it) => ("count_expression", it),
        Repeat::ForEach(it) => ("for_each_expression", it),
    };
    let it = expression(expr);
    if it.as_object().is_some_and(|it| !it.is_empty()) {
        out.insert(name.into(), it);
    }
}

/// Resources, then data sources, each sorted by address.
fn resources(config: &Config, keys: &Keys, schemas: Schemas) -> Vec<Json> {
    let of = |mode: Mode| {
        let all = config.resources.values().filter(move |it| it.addr.mode == mode);
        let mut all: Vec<_> = all.map(|it| (local_address(it), it)).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    };
    let all = of(Mode::Managed).into_iter().chain(of(Mode::Data));
    all.map(|(addr, it)| resource(addr, it, config, keys, schemas)).collect()
}

fn local_address(it: &Resource) -> String {
    it.addr.clone().within(&Vec::new()).to_string()
}

fn resource(addr: String, it: &Resource, config: &Config, keys: &Keys, schemas: Schemas) -> Json {
    let schema = schemas(&it.addr);
    let mut out = Map::new();
    out.insert("address".into(), json!(addr));
    out.insert("mode".into(), json!(if it.is_data() { "data" } else { "managed" }));
    out.insert("type".into(), json!(*it.addr.kind));
    out.insert("name".into(), json!(*it.addr.name));
    out.insert("provider_config_key".into(), json!(keys.of_resource(config, it)));
    let provisioners: Vec<_> = it.provisioners.iter().map(provisioner).collect();
    if !provisioners.is_empty() {
        out.insert("provisioners".into(), json!(provisioners));
    }
    if let Some(schema) = schema {
        put(&mut out, "expressions", body(&it.body, &schema.block));
    }
    out.insert("schema_version".into(), json!(schema.map_or(0, |it| it.version)));
    repeated(&mut out, &it.repeat);
    depends_on(&mut out, &it.depends_on);
    Json::Object(out)
}

fn provisioner(it: &Provisioner) -> Json {
    let mut out = Map::new();
    out.insert("type".into(), json!(it.kind));
    put(&mut out, "expressions", plain(&it.body));
    Json::Object(out)
}

fn call(it: &ModuleCall, keys: &Keys, schemas: Schemas) -> Json {
    let mut out = Map::new();
    if !it.source.is_empty() {
        out.insert("source".into(), json!(it.source));
    }
    let inputs: BTreeMap<_, _> = it.inputs.0.iter().map(|it| (&*it.name, &it.value)).collect();
    let asked = inputs.into_iter().filter(|(name, _)| it.config.variables.contains_key(*name));
    let expressions = asked.map(|(name, value)| (name.to_owned(), expression(value)));
    put(&mut out, "expressions", expressions.collect());
    repeated(&mut out, &it.repeat);
    out.insert("module".into(), module(&it.config, keys, schemas));
    if let Some(version) = &it.version {
        out.insert("version_constraint".into(), json!(version));
    }
    depends_on(&mut out, &it.depends_on);
    Json::Object(out)
}
