//! `lifecycle` of a resource or data source.

use super::{reference, rule};
use crate::config::table::{Table, constant, items, wrong};
use crate::config::{Ignore, Lifecycle, Setting, offsets};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Expr, Kind, Node, Ref};

const KNOWN: &[&str] = &[
    "create_before_destroy",
    "ignore_changes",
    "postcondition",
    "precondition",
    "prevent_destroy",
    "replace_triggered_by",
];
const DATA: &[&str] = &["postcondition", "precondition"];

pub(super) fn read(it: Option<Setting>, of: &str, data: bool, errors: &mut Diagnostics) -> Lifecycle {
    let mut lifecycle = Lifecycle::default();
    let Some(it) = it else { return lifecycle };
    let what = format!("{of}.lifecycle");
    let Some(mut table) = Table::of(it.value, &*what, errors) else { return lifecycle };
    lifecycle.preconditions = rule::read(table.take("precondition"), &what, errors);
    lifecycle.postconditions = rule::read(table.take("postcondition"), &what, errors);
    if data {
        table.finish(DATA, errors);
        return lifecycle;
    }
    lifecycle.create_before_destroy = table.flag("create_before_destroy", errors);
    lifecycle.prevent_destroy = table.flag("prevent_destroy", errors).unwrap_or_default();
    lifecycle.ignore_changes = ignore(table.take("ignore_changes"), &what, errors);
    lifecycle.replace_triggered_by = triggers(table.take("replace_triggered_by"), &what, errors);
    table.finish(KNOWN, errors);
    lifecycle
}

fn ignore(it: Option<Setting>, what: &str, errors: &mut Diagnostics) -> Ignore {
    let Some(it) = it else { return Ignore::Nothing };
    if is_all(&it.value) {
        return Ignore::All;
    }
    if constant(&it.value).is_some() {
        errors.0.push(wrong(&it, what, "\"all\" or an array of attributes"));
        return Ignore::Nothing;
    }
    let items = items(it, what, errors);
    if matches!(&items[..], [one] if is_all(one)) {
        return Ignore::All;
    }
    let mut paths = Vec::new();
    for it in &items {
        match reference::attribute(it) {
            Ok(path) => paths.push(path),
            Err(found) => errors.0.extend(found),
        }
    }
    Ignore::Paths(paths)
}

fn is_all(it: &Expr) -> bool {
    match &it.node {
        Node::Hcl(expr, _) => expr.as_variable().is_some_and(|it| it.as_str() == "all"),
        // A star was Terraform's word for it once.
        _ => matches!(constant(it), Some(Kind::String(text)) if matches!(&**text, "all" | "*")),
    }
}

/// Each is an expression, with or without `${}`.
fn triggers(it: Option<Setting>, what: &str, errors: &mut Diagnostics) -> Vec<Expr> {
    let Some(it) = it else { return Vec::new() };
    let mut out = Vec::new();
    for it in items(it, what, errors) {
        let it = match constant(&it) {
            Some(Kind::String(text)) => {
                let offsets = offsets::of_string(&it.place.file, it.place.span.clone(), text);
                errors.take(Expr::hcl(text, offsets, it.place.clone()))
            }
            _ => Some(it),
        };
        let Some(it) = it else { continue };
        if !it.refs().iter().any(is_resource) {
            let error = Diagnostic::error("this refers to no resource").at(&it.place);
            errors.0.push(error.help("write a resource or an attribute of one, such as \"aws_vpc.main.id\""));
        } else {
            out.push(it);
        }
    }
    out
}

fn is_resource(it: &Ref) -> bool {
    let other =
        ["count", "data", "each", "infra", "local", "module", "path", "self", "stack", "terraform", "var"];
    it.path.len() > 1 && !other.contains(&it.path[0].as_str())
}
