//! `[provider.aws]` and its like, and `[[provider.aws]]` with aliases.

use crate::address::is_name;
use crate::config::load::Loader;
use crate::config::settings::PROVIDER_AWS;
use crate::config::table::{Table, bad_name};
use crate::config::{Provider, ProviderName, Setting, settings};
use crate::diag::{Diagnostic, did_you_mean};
use crate::kind;

pub(super) fn read(it: Setting, loader: &mut Loader) {
    let Some(table) = Table::of(it.value, "provider", &mut loader.errors) else { return };
    for mut it in table.body().0 {
        it.name = loader.provider_kind(&ProviderName { kind: it.name, alias: None }).kind;
        let Some(known) = arguments(&it.name) else {
            let error = Diagnostic::error(format!("there is no provider `{}`", it.name)).at(&it.place);
            let names = std::iter::once("aws").chain(kind::provider_names());
            let help = did_you_mean(&it.name, names.clone());
            let all =
                || format!("there are {}", names.map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "));
            loader.errors.0.push(error.help(help.unwrap_or_else(all)));
            continue;
        };
        let all = Table::all(it.value, &format!("provider.{}", it.name), &mut loader.errors);
        all.into_iter().for_each(|table| one(&it.name, table, known, loader));
    }
}

/// What the configuration of a provider takes; `None` where there is no such provider.
fn arguments(provider: &str) -> Option<&'static [&'static str]> {
    if provider == "aws" { Some(PROVIDER_AWS) } else { kind::provider_arguments(provider) }
}

fn one(kind: &str, mut table: Table, known: &[&str], loader: &mut Loader) {
    let place = table.place.clone();
    let alias = table.text("alias", &mut loader.errors);
    if let Some((alias, place)) = &alias
        && !is_name(alias)
    {
        loader.errors.0.push(bad_name(alias, place));
    }
    let name = ProviderName { kind: kind.into(), alias: alias.map(|it| it.0) };
    if let Some(first) = loader.config.providers.get(&name).map(|it| it.place.clone()) {
        let what = match &name.alias {
            None => format!("provider.{kind}"),
            Some(it) => format!("provider.{kind} with alias {it}"),
        };
        return loader.twice(what, &first, &place);
    }
    let body = table.body();
    settings::check_names(&body, known, &format!("provider.{kind}"), &mut loader.errors);
    loader.config.providers.insert(name, Provider { settings: body, place });
}
