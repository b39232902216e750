//! The provider configurations of all modules, under one key each, as Terraform lists them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::expression::settings;
use crate::config::{Config, ProviderName, Resource};

/// The blocks in the settings of the provider `aws`.
const BLOCKS: &[&str] =
    &["assume_role", "assume_role_with_web_identity", "default_tags", "endpoints", "ignore_tags"];

struct Entry {
    name: String,
    full_name: String,
    alias: Option<String>,
    version: Option<String>,
    module: String,
    expressions: Map<String, Json>,
    /// The key of the configuration that this one stands for.
    parent: Option<String>,
}

/// All configurations by key: `aws`, `aws.west`, `module.net:aws`.
pub(super) struct Keys(BTreeMap<String, Entry>);

impl Keys {
    pub fn of(config: &Config) -> Keys {
        let mut out = Keys(BTreeMap::new());
        out.collect(config, None);
        out
    }

    /// Whether none is told of.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|it| it.parent.is_some())
    }

    /// Those that are configured themselves.
    pub fn json(&self) -> Json {
        let own = self.0.iter().filter(|it| it.1.parent.is_none());
        Json::Object(own.map(|(key, it)| (key.clone(), it.json())).collect())
    }

    /// The key of the configuration that a resource uses.
    pub fn of_resource(&self, config: &Config, it: &Resource) -> String {
        let name = it.provider.as_ref().map(|it| it.0.clone());
        let name = name.unwrap_or_else(|| ProviderName::of_type(&it.addr.kind));
        let key = key(&local(config, &name), &module_name(config));
        let parent = self.0.get(&key).and_then(|it| it.parent.clone());
        parent.filter(|it| self.0.contains_key(it)).unwrap_or(key)
    }

    /// What a module configures, what it asks for, and what it uses without a word.
    fn collect(&mut self, config: &Config, caller: Option<&str>) {
        let module = module_name(config);
        let versions = versions(config);
        let entry = |name: &str, full_name: &str| Entry {
            name: name.to_owned(),
            full_name: full_name.to_owned(),
            alias: None,
            version: versions.get(full_name).cloned().flatten(),
            module: module.clone(),
            expressions: Map::new(),
            parent: None,
        };
        for (name, it) in &config.providers {
            let written = local(config, name);
            let short = local(config, &ProviderName::default_of(&name.kind));
            let mut one = entry(&short, &full_name(config, &short));
            one.alias = name.alias.as_ref().map(ToString::to_string);
            one.expressions = settings(&it.settings, if &*name.kind == "aws" { BLOCKS } else { &[] });
            self.0.insert(key(&written, &module), one);
        }
        for (name, it) in &config.required_providers {
            for (alias, _) in &it.aliases {
                let key = key(&format!("{name}.{alias}"), &module);
                self.0.entry(key).or_insert_with(|| entry(name, &it.source));
            }
            let mut one = entry(name, &it.source);
            one.parent = caller.and_then(|caller| self.source(&key(name, caller), &it.source));
            self.0.entry(key(name, &module)).or_insert(one);
        }
        for full in versions.keys() {
            let name = full.rsplit('/').next().unwrap_or(full);
            let mut one = entry(name, full);
            one.parent = caller.and_then(|caller| self.source(&key(name, caller), full));
            self.0.entry(key(name, &module)).or_insert(one);
        }
        config.modules.values().for_each(|it| self.called(it, &module));
    }

    /// What a call passes, and what its module has of its own.
    fn called(&mut self, call: &crate::config::ModuleCall, caller: &str) {
        let inner = &call.config;
        let module = module_name(inner);
        for (theirs, (ours, _)) in &call.providers {
            let name = local(inner, theirs);
            let short = local(inner, &ProviderName::default_of(&theirs.kind));
            let full_name = full_name(inner, &short);
            let parent = self.source(&key(&ours.to_string(), caller), &full_name);
            let one = Entry {
                name: name.clone(),
                full_name,
                alias: None,
                version: None,
                module: module.clone(),
                expressions: Map::new(),
                parent,
            };
            self.0.insert(key(&name, &module), one);
        }
        self.collect(inner, Some(caller));
    }

    /// The configuration at the end of the chain that starts at this key, of the same provider.
    fn source(&self, start: &str, full_name: &str) -> Option<String> {
        let (mut out, mut at) = (None, Some(start));
        while let Some(key) = at {
            let Some(it) = self.0.get(key).filter(|it| it.full_name == full_name) else { break };
            at = it.parent.as_deref();
            out = Some(key.to_owned());
        }
        out
    }
}

impl Entry {
    fn json(&self) -> Json {
        let mut out = Map::new();
        let texts = [
            ("name", Some(&self.name)),
            ("full_name", Some(&self.full_name)),
            ("alias", self.alias.as_ref()),
            ("version_constraint", self.version.as_ref()),
            ("module_address", Some(&self.module)),
        ];
        for (name, text) in texts {
            if let Some(text) = text.filter(|it| !it.is_empty()) {
                out.insert(name.into(), json!(text));
            }
        }
        if !self.expressions.is_empty() {
            out.insert("expressions".into(), Json::Object(self.expressions.clone()));
        }
        Json::Object(out)
    }
}

fn key(name: &str, module: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}:{name}") }
}

/// `module.a.module.b`: without keys.
fn module_name(config: &Config) -> String {
    crate::report::show_json::module_text(&config.path)
}

/// What the module calls a configuration.
fn local(config: &Config, name: &ProviderName) -> String {
    let named = config.required_providers.iter().find(|it| it.1.kind == name.kind);
    let kind = named.map_or(&name.kind, |it| it.0).clone();
    ProviderName { kind, alias: name.alias.clone() }.to_string()
}

fn full_name(config: &Config, local: &str) -> String {
    match config.required_providers.get(local) {
        Some(it) => it.source.clone(),
        None if local == "terraform" => "terraform.io/builtin/terraform".to_owned(),
        None => format!("registry.terraform.io/hashicorp/{local}"),
    }
}

/// The providers that a module needs, and what it says of their versions.
fn versions(config: &Config) -> BTreeMap<String, Option<String>> {
    let asked = config.required_providers.values();
    let mut out: BTreeMap<_, _> =
        asked.map(|it| (it.source.clone(), it.version.as_deref().map(constraint))).collect();
    let used = config.resources.values().map(|it| match &it.provider {
        Some((name, _)) => name.clone(),
        None => ProviderName::of_type(&it.addr.kind),
    });
    for name in used.chain(config.providers.keys().cloned()) {
        let short = local(config, &ProviderName::default_of(&name.kind));
        out.entry(full_name(config, &short)).or_insert(None);
    }
    out
}

/// A constraint in Terraform's canonical form: sorted, versions in full (`~> 5.0` has two numbers).
fn constraint(text: &str) -> String {
    let all: BTreeSet<_> = text.split(',').map(|it| part(it.trim())).collect();
    all.into_iter().map(|it| it.2).collect::<Vec<_>>().join(", ")
}

/// Its version's numbers, its operator, and the text.
fn part(text: &str) -> (Vec<u64>, &str, String) {
    let at = text.find(|it: char| it.is_ascii_digit()).unwrap_or(text.len());
    let (operator, version) = (text[..at].trim().trim_end_matches('v').trim(), &text[at..]);
    let (numbers, more) = match version.find(['-', '+']) {
        Some(at) => version.split_at(at),
        None => (version, ""),
    };
    let given = numbers.split('.').count();
    let mut numbers: Vec<u64> = numbers.split('.').map(|it| it.trim().parse().unwrap_or(0)).collect();
    numbers.resize(3, 0);
    let shown = if operator == "~>" && given < 3 { 2 } else { 3 };
    let shown: Vec<_> = numbers.iter().take(shown).map(ToString::to_string).collect();
    let operator = operator.trim_start_matches("==").trim_start_matches('=');
    let operator = if text.starts_with('=') { "" } else { operator };
    let blank = if operator.is_empty() { "" } else { " " };
    let written = format!("{operator}{blank}{}{more}", shown.join("."));
    (numbers, operator, written)
}

#[cfg(test)]
mod tests {
    use super::constraint;

    #[test]
    fn constraints_are_as_terraform_prints_them() {
        for (given, printed) in [
            ("~> 5.0", "~> 5.0"),
            ("~> 5.1.0", "~> 5.1.0"),
            (">= 4", ">= 4.0.0"),
            ("= 5.100.0", "5.100.0"),
            ("5.100", "5.100.0"),
            ("< 6.0, >=4.9", ">= 4.9.0, < 6.0.0"),
            ("!= 5.1", "!= 5.1.0"),
        ] {
            assert_eq!(constraint(given), printed, "{given}");
        }
    }
}
