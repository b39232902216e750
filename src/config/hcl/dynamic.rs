//! `dynamic "ingress" { for_each = … content { … } }`.

use std::sync::Arc;

use crate::address::is_name;
use crate::config::Setting;
use crate::config::table::{Table, constant};
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::lang::expr::{Dynamic, Part};
use crate::lang::{Expr, Kind, Node};

/// The type of the blocks, where it stands, and what makes them.
pub(super) fn read(
    labels: Vec<(Arc<str>, Place)>,
    body: Vec<Setting>,
    place: Place,
    errors: &mut Diagnostics,
) -> Option<(Arc<str>, Place, Part)> {
    let [(name, name_place)] = <[_; 1]>::try_from(labels)
        .map_err(|_| {
            let error = Diagnostic::error("a `dynamic` block names the blocks that it makes").at(&place);
            errors.push(error.help("write `dynamic \"ingress\" { … }`"));
        })
        .ok()?;
    let fields = body.into_iter().map(|it| (it.name, it.place, it.value)).collect();
    let object = Expr { node: Node::Object(fields), place: place.clone() };
    let mut table = Table::of(object, format!("dynamic \"{name}\""), errors)?;
    if let Some(it) = table.take("labels") {
        let error = Diagnostic::error(format!("blocks `{name}` have no names: `labels` means nothing here"));
        errors.push(error.at(&it.place).help("remove it"));
    }
    let iterator = table.take("iterator").map_or_else(|| Some(name.clone()), |it| iterator(&it, errors));
    let for_each = table.need("for_each", errors);
    let content = content(&mut table, errors);
    table.finish(&["content", "for_each", "iterator", "labels"], errors);
    let made = Dynamic { for_each: for_each?, iterator: iterator?, content: content?, place };
    Some((name, name_place, Part::Dynamic(Box::new(made))))
}

/// A plain name; in quotation marks in JSON.
fn iterator(it: &Setting, errors: &mut Diagnostics) -> Option<Arc<str>> {
    let refs = it.value.refs();
    let name = match (constant(&it.value), &refs[..]) {
        (Some(Kind::String(text)), _) => Some(&**text),
        (None, [one]) if one.path.len() == 1 => Some(&*one.path[0]),
        _ => None,
    };
    let name = name.filter(|it| is_name(it)).map(Arc::from);
    if name.is_none() {
        let error = Diagnostic::error("`iterator` is not a name").at(&it.value.place);
        errors.push(error.help("write a plain name, such as `iterator = rule`"));
    }
    name
}

fn content(table: &mut Table, errors: &mut Diagnostics) -> Option<Expr> {
    let Some(it) = table.take("content") else {
        let error = Diagnostic::error(format!("`{}` has no `content`", table.what)).at(&table.place);
        errors.push(error.help("what each of the blocks holds stands in `content { … }`"));
        return None;
    };
    match it.value.node {
        Node::Object(_) => Some(it.value),
        // JSON may have the one block in an array.
        Node::Array(mut all) if all.len() == 1 && matches!(all[0].node, Node::Object(_)) => all.pop(),
        _ => {
            let error = Diagnostic::error("a `dynamic` block has one `content { … }`");
            errors.push(error.at(&it.place));
            None
        }
    }
}
