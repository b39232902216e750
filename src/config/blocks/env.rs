//! `[env.NAME]` and `env/NAME.toml`: values of variables per environment.

use std::collections::BTreeMap;

use crate::config::load::Loader;
use crate::config::table::Table;
use crate::config::{Config, Confirm, Setting};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};

/// What a name of an environment is made of.
pub(in crate::config) const CHARACTERS: &str = "letters, digits and any of -_.~$&+=:@ may stand in it";

/// `[env]` with its NAMEs; files may each give some of the values.
pub(super) fn read(it: Setting, loader: &mut Loader) {
    let Some(table) = Table::of(it.value, "env", &mut loader.errors) else { return };
    for it in table.body().0 {
        if is_env_name(&it.name) {
            one(it, loader);
        } else {
            let error = Diagnostic::error(format!("`{}` is not a name of an environment", it.name));
            loader.errors.0.push(error.at(&it.place).help(CHARACTERS));
        }
    }
}

fn one(it: Setting, loader: &mut Loader) {
    let what = format!("env.{}", it.name);
    let Some(mut table) = Table::of(it.value, &*what, &mut loader.errors) else { return };
    if let Some(lifecycle) = table.take("lifecycle") {
        let place = lifecycle.place.clone();
        let first = read_confirm(lifecycle, &it.name, loader)
            .and_then(|confirm| loader.config.confirm.insert(it.name.to_string(), (confirm, place.clone())));
        if let Some((_, first)) = first {
            loader.twice(format!("{what}.lifecycle"), &first, &place);
        }
    }
    let values = loader.config.envs.entry(it.name.to_string()).or_default();
    let mut twice = Vec::new();
    for it in table.body().0 {
        let first = values.insert(it.name.to_string(), it.value);
        twice.extend(first.map(|first| (format!("{what}.{}", it.name), first.place, it.place)));
    }
    twice.into_iter().for_each(|(what, first, second)| loader.twice(what, &first, &second));
}

/// `env/NAME.toml`: wins over the table.
pub(in crate::config) fn file(name: &str, settings: Vec<Setting>, loader: &mut Loader) {
    if !is_env_name(name) {
        let error = Diagnostic::error(format!("`{name}` is not a name of an environment"));
        let place = settings.first().map(|it| it.place.clone());
        loader.errors.0.push(Diagnostic { place, ..error }.help(format!("rename env/{name}.toml")));
    }
    let settings = protected(name, settings, loader);
    let values = loader.config.envs.entry(name.to_owned()).or_default();
    values.extend(settings.into_iter().map(|it| (it.name.to_string(), it.value)));
}

/// `env/NAME.toml` beside `.tf` files, where values stand in `env/NAME.tfvars`: it can protect the
/// environment, and nothing else.
pub(in crate::config) fn guard_file(name: &str, settings: Vec<Setting>, loader: &mut Loader) {
    for it in protected(name, settings, loader) {
        let text = format!("env/{name}.toml takes no `{}` beside .tf files", it.name);
        let help = format!("values of variables stand in env/{name}.tfvars; here stands `lifecycle` alone");
        loader.errors.0.push(Diagnostic::error(text).at(&it.place).help(help));
    }
}

/// Takes `lifecycle` out of a file's settings. The file wins over the table.
fn protected(name: &str, settings: Vec<Setting>, loader: &mut Loader) -> Vec<Setting> {
    let (own, others): (Vec<_>, Vec<_>) = settings.into_iter().partition(|it| &*it.name == "lifecycle");
    for it in own {
        let place = it.place.clone();
        if let Some(confirm) = read_confirm(it, name, loader) {
            loader.config.confirm.insert(name.to_owned(), (confirm, place));
        }
    }
    others
}

/// `lifecycle = { confirm = "destroy" }`.
fn read_confirm(it: Setting, env: &str, loader: &mut Loader) -> Option<Confirm> {
    let errors = &mut loader.errors;
    let mut table = Table::of(it.value, format!("env.{env}.lifecycle"), errors)?;
    let empty = table.place_of("confirm").is_none();
    let given = table.text("confirm", errors);
    let place = table.place.clone();
    table.finish(&["confirm"], errors);
    let choices = "write \"destroy\" (before something is destroyed or replaced) or \"always\"";
    match given {
        None => {
            if empty {
                let one = Diagnostic::error(format!("`env.{env}.lifecycle` says nothing")).at(&place);
                errors
                    .push(one.help("add `confirm = \"destroy\"`: the environment's name is asked for then"));
            }
            None
        }
        Some((text, _)) if &*text == "destroy" => Some(Confirm::Destroy),
        Some((text, _)) if &*text == "always" => Some(Confirm::Always),
        Some((text, place)) => {
            let one = Diagnostic::error(format!("`confirm` is \"destroy\" or \"always\", not \"{text}\""));
            errors.push(one.at(&place).help(choices));
            None
        }
    }
}

/// A name that can stand in a path and a URL as it is: Terraform's rule for workspaces.
pub fn is_env_name(name: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || "-_.~$&+=:@".contains(it);
    !name.is_empty() && !matches!(name, "." | "..") && name.chars().all(plain)
}

/// An environment gives values to declared variables only.
pub(in crate::config) fn check_names(config: &Config, errors: &mut Diagnostics) {
    let declared = || config.variables.keys().map(String::as_str);
    let of = |(env, values): (&String, &BTreeMap<String, crate::lang::Expr>)| {
        let unknown = values.iter().filter(|it| !config.variables.contains_key(it.0));
        let errors = unknown.map(|(name, value)| {
            let error = Diagnostic::error(format!("environment `{env}` sets `{name}`, which is no variable"));
            let help = did_you_mean(name, declared());
            let help = help.unwrap_or_else(|| format!("declare it: `[variable.{name}]`"));
            error.at(&value.place).help(help)
        });
        errors.collect::<Vec<_>>()
    };
    errors.0.extend(config.envs.iter().flat_map(of));
}
