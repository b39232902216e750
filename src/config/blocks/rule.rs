//! Rules that the user states: `validation`, `precondition`, `postcondition`.

use crate::config::table::Table;
use crate::config::{Rule, Setting};
use crate::diag::Diagnostics;

/// One rule (a table) or several (an array of tables).
pub(super) fn read(it: Option<Setting>, of: &str, errors: &mut Diagnostics) -> Vec<Rule> {
    let Some(it) = it else { return Vec::new() };
    let what = format!("{of}.{}", it.name);
    let all = Table::all(it.value, &what, errors);
    all.into_iter().filter_map(|it| one(it, errors)).collect()
}

fn one(mut table: Table, errors: &mut Diagnostics) -> Option<Rule> {
    let place = table.place.clone();
    let condition = table.need("condition", errors);
    let error_message = table.need("error_message", errors);
    table.finish(&["condition", "error_message"], errors);
    Some(Rule { condition: condition?, error_message: error_message?, place })
}
