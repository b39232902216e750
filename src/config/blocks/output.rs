//! `[output.NAME]`.

use super::{reference, rule};
use crate::config::Output;
use crate::config::load::Loader;
use crate::config::table::{Entry, Table};

const KNOWN: &[&str] = &["depends_on", "description", "ephemeral", "precondition", "sensitive", "value"];

pub(super) fn read(it: Entry, loader: &mut Loader) {
    let place = it.header();
    let what = format!("output.{}", it.name);
    if let Some(first) = loader.config.outputs.get(&*it.name).map(|it| it.place.clone()) {
        return loader.twice(what, &first, &place);
    }
    let errors = &mut loader.errors;
    let Some(mut table) = Table::of(it.value, &*what, errors) else { return };
    table.place = place.clone();
    let output = Output {
        sensitive: table.flag("sensitive", errors).unwrap_or_default(),
        ephemeral: table.flag("ephemeral", errors).unwrap_or_default(),
        description: table.text("description", errors).map(|it| it.0.to_string()),
        depends_on: reference::depends_on(table.take("depends_on"), &what, errors),
        preconditions: rule::read(table.take("precondition"), &what, errors),
        value: match table.need("value", errors) {
            Some(value) => value,
            None => return table.finish(KNOWN, errors),
        },
        place,
    };
    table.finish(KNOWN, errors);
    loader.config.outputs.insert(it.name.to_string(), output);
}
