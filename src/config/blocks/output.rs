//! `[output.NAME]`.

use super::{reference, rule};
use crate::config::Output;
use crate::config::load::Loader;
use crate::config::table::{Entry, Table};
use crate::diag::{Diagnostic, Diagnostics, Place};

const KNOWN: &[&str] = &["depends_on", "description", "ephemeral", "precondition", "sensitive", "value"];

pub(super) fn read(it: Entry, loader: &mut Loader) {
    let place = it.header();
    let what = format!("output.{}", it.name);
    if let Some(first) = loader.config.outputs.get(&*it.name).map(|it| it.place.clone()) {
        return loader.twice(what, &first, &place);
    }
    let root = loader.config.path.is_empty();
    let errors = &mut loader.errors;
    let Some(mut table) = Table::of(it.value, &*what, errors) else { return };
    table.place = place.clone();
    let output = Output {
        sensitive: table.flag("sensitive", errors).unwrap_or_default(),
        ephemeral: ephemeral(&mut table, root, errors),
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

/// Outputs of the stack itself are kept in its state.
fn ephemeral(table: &mut Table, root: bool, errors: &mut Diagnostics) -> bool {
    let place: Option<Place> = table.place_of("ephemeral");
    let flag = table.flag("ephemeral", errors).unwrap_or_default();
    if let (true, true, Some(place)) = (root, flag, place) {
        let error = Diagnostic::error("an output of the stack cannot be ephemeral: it is kept in the state");
        errors
            .0
            .push(error.at(&place).help("take it out; where the value is a secret, set `sensitive = true`"));
    }
    flag
}
