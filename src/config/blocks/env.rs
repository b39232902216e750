//! `[env.NAME]` and `env/NAME.toml`: values of variables per environment.

use std::collections::BTreeMap;

use crate::config::load::Loader;
use crate::config::table::Table;
use crate::config::{Config, Setting};
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
    let Some(table) = Table::of(it.value, &*what, &mut loader.errors) else { return };
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
    let values = loader.config.envs.entry(name.to_owned()).or_default();
    values.extend(settings.into_iter().map(|it| (it.name.to_string(), it.value)));
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
