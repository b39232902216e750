//! `[check.NAME]`: assertions that warn, and a data source of their own.

use super::{resource, rule};
use crate::address::ResourceAddr;
use crate::config::load::Loader;
use crate::config::table::{Entry, Table};
use crate::config::{Check, Repeat, Setting};
use crate::diag::Diagnostic;

pub(super) fn read(it: Entry, loader: &mut Loader) {
    let place = it.header();
    let what = format!("check.{}", it.name);
    if let Some(first) = loader.config.checks.get(&*it.name).map(|it| it.place.clone()) {
        return loader.twice(what, &first, &place);
    }
    let Some(mut table) = Table::of(it.value, &*what, &mut loader.errors) else { return };
    let data = table.take("data").and_then(|it| data(it, &what, loader));
    let written = table.take("assert");
    if written.is_none() {
        let one = Diagnostic::error(format!("`{what}` asserts nothing")).at(&place);
        let help = format!("add `[[{what}.assert]]` with `condition` and `error_message`");
        loader.errors.0.push(one.help(help));
    }
    let asserts = rule::read(written, &what, &mut loader.errors);
    table.finish(&["assert", "data"], &mut loader.errors);
    let check = Check { name: it.name.to_string(), data, asserts, place };
    loader.config.checks.insert(check.name.clone(), check);
}

/// The data source that only this check sees.
fn data(it: Setting, what: &str, loader: &mut Loader) -> Option<ResourceAddr> {
    let mut found = resource::data(it, loader);
    for extra in found.iter().skip(1) {
        if let Some(it) = loader.config.resources.get(extra) {
            let one = Diagnostic::error(format!("`{what}` has more than one data source")).at(&it.place);
            loader.errors.0.push(one.help("a check has one of its own; declare the others outside of it"));
        }
    }
    let addr = (!found.is_empty()).then(|| found.remove(0))?;
    let resource = loader.config.resources.get(&addr)?;
    let mut refuse = |name: &str| {
        let one = Diagnostic::error(format!("a check's own data source takes no `{name}`"));
        loader.errors.0.push(one.at(&resource.place).help("declare it outside of the check to repeat it"));
    };
    match resource.repeat {
        Repeat::Once => {}
        Repeat::Count(_) => refuse("count"),
        Repeat::ForEach(_) => refuse("for_each"),
    }
    if !resource.lifecycle.preconditions.is_empty() || !resource.lifecycle.postconditions.is_empty() {
        refuse("lifecycle");
    }
    Some(addr)
}
