//! `[backend.s3]` and `[backend.local]`.

use crate::config::load::Loader;
use crate::config::settings::{BACKEND_LOCAL, BACKEND_S3};
use crate::config::table::{Entry, Table};
use crate::config::{Backend, Setting, settings};
use crate::diag::{Diagnostic, did_you_mean};

pub(super) fn read(it: Setting, loader: &mut Loader) {
    let Some(table) = Table::of(it.value, "backend", &mut loader.errors) else { return };
    for it in table.body().0 {
        one(Entry { name: it.name, place: it.place, value: it.value }, loader);
    }
}

fn one(it: Entry, loader: &mut Loader) {
    let place = it.header();
    let known = match &*it.name {
        "s3" => BACKEND_S3,
        "local" => BACKEND_LOCAL,
        other => {
            let error = Diagnostic::error(format!("there is no backend `{other}`")).at(&it.place);
            let help = did_you_mean(other, ["s3", "local"]);
            let help = help.unwrap_or_else(|| "the backends are `s3` and `local`".to_owned());
            return loader.errors.0.push(error.help(help));
        }
    };
    if let Some(first) = loader.config.backend.as_ref().map(|it| it.place.clone()) {
        return loader.twice("backend", &first, &place);
    }
    let what = format!("backend.{}", it.name);
    let Some(table) = Table::of(it.value, &*what, &mut loader.errors) else { return };
    let body = table.body();
    settings::check_names(&body, known, &what, &mut loader.errors);
    loader.config.backend = Some(Backend { kind: it.name.to_string(), settings: body, place });
}
