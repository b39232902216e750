//! Rules that the user states: `validation`, `precondition`, `postcondition`.

use crate::config::table::Table;
use crate::config::{Rule, Setting};
use crate::diag::{Diagnostic, Diagnostics};

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
    if let Some(it) = &condition
        && it.refs().is_empty()
    {
        let one = Diagnostic::error("this condition refers to nothing, so it checks nothing").at(&it.place);
        errors.0.push(one.help("compare something of the stack: a variable, a resource, `self`"));
    }
    Some(Rule { condition: condition?, error_message: error_message?, place })
}
