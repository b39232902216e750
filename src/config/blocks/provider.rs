//! `[provider.aws]`, and `[[provider.aws]]` with aliases.

use crate::address::is_name;
use crate::config::load::Loader;
use crate::config::settings::PROVIDER_AWS;
use crate::config::table::{Table, bad_name};
use crate::config::{Provider, ProviderName, Setting, settings};
use crate::diag::Diagnostic;

pub(super) fn read(it: Setting, loader: &mut Loader) {
    let Some(table) = Table::of(it.value, "provider", &mut loader.errors) else { return };
    for mut it in table.body().0 {
        it.name = loader.provider_kind(&ProviderName { kind: it.name, alias: None }).kind;
        if &*it.name == "aws" {
            let all = Table::all(it.value, "provider.aws", &mut loader.errors);
            all.into_iter().for_each(|it| one(it, loader));
        } else {
            let error = Diagnostic::error(format!("there is no provider `{}`", it.name)).at(&it.place);
            loader.errors.0.push(error.help("the only provider is `aws`"));
        }
    }
}

fn one(mut table: Table, loader: &mut Loader) {
    let place = table.place.clone();
    let alias = table.text("alias", &mut loader.errors);
    if let Some((alias, place)) = &alias
        && !is_name(alias)
    {
        loader.errors.0.push(bad_name(alias, place));
    }
    let name = ProviderName { kind: "aws".into(), alias: alias.map(|it| it.0) };
    if let Some(first) = loader.config.providers.get(&name).map(|it| it.place.clone()) {
        let what = match &name.alias {
            None => "provider.aws".to_owned(),
            Some(it) => format!("provider.aws with alias {it}"),
        };
        return loader.twice(what, &first, &place);
    }
    let body = table.body();
    settings::check_names(&body, PROVIDER_AWS, "provider.aws", &mut loader.errors);
    loader.config.providers.insert(name, Provider { settings: body, place });
}
