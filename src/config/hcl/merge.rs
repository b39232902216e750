//! Override files: what stands in them replaces what the other files say.

use super::block::Block;
use crate::config::Setting;
use crate::config::table::constant;
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::lang::{Expr, Kind, Node};

/// Blocks that add up and cannot be told one from another.
const NOT_MERGED: &[&str] = &["check", "import", "moved", "removed"];
/// Rules are whole: neither is one taken away nor another one added from outside.
const RULES: &[&str] = &["postcondition", "precondition", "validation"];

/// Lays the blocks of an override file over the others.
pub(super) fn lay(over: Vec<Block>, base: &mut Vec<Block>, errors: &mut Diagnostics) {
    for it in over {
        match &*it.kind {
            kind if NOT_MERGED.contains(&kind) => {
                let error = Diagnostic::error(format!("`{kind}` cannot stand in an override file"));
                errors.push(error.at(&it.place).help("move it to one of the other files"));
            }
            "locals" => locals(it, base, errors),
            "terraform" => terraform(it, base),
            _ => one(it, base, errors),
        }
    }
}

fn one(over: Block, base: &mut Vec<Block>, errors: &mut Diagnostics) {
    let same = |it: &&mut Block| it.is_like(&over) && alias(it) == alias(&over);
    let Some(first) = base.iter_mut().find(same) else {
        // Without a block of its own, a provider's default configuration is an empty one.
        if &*over.kind == "provider" && alias(&over).is_none() {
            return base.push(over);
        }
        let error = Diagnostic::error(format!("there is no `{}` to override", over.title())).at(&over.place);
        return errors.push(error.help("an override file only changes what one of the other files declares"));
    };
    if let Some(it) = over.get("depends_on") {
        let error = Diagnostic::error("`depends_on` cannot be overridden").at(&it.place);
        errors.push(error.help("change it where the block is declared"));
    }
    let repeats = over.get("count").is_some() || over.get("for_each").is_some();
    first.body.retain(|it| !repeats || !matches!(&*it.name, "count" | "for_each"));
    for it in over.body {
        if RULES.contains(&&*it.name) {
            errors.push(no_rule(&it.name, &it.place));
        } else if &*it.name == "lifecycle" {
            lifecycle(it, &mut first.body, errors);
        } else {
            replace(it, &mut first.body);
        }
    }
}

fn no_rule(name: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(format!("a `{name}` cannot be overridden"))
        .at(place)
        .help("change it where it is declared")
}

/// An argument replaces the argument, blocks of a type all the blocks of that type.
fn replace(it: Setting, body: &mut Vec<Setting>) {
    match body.iter_mut().find(|old| old.name == it.name) {
        Some(old) => *old = it,
        None => body.push(it),
    }
}

/// By argument; an empty `ignore_changes` changes nothing.
fn lifecycle(over: Setting, body: &mut Vec<Setting>, errors: &mut Diagnostics) {
    let Some(first) = body.iter_mut().find(|it| it.name == over.name) else { return body.push(over) };
    let (Node::Object(old), Node::Object(new)) = (&mut first.value.node, over.value.node) else {
        // One of them is no block at all: told where it is read.
        return;
    };
    for (name, place, value) in new {
        let empty = matches!(&value.node, Node::Array(all) if all.is_empty());
        if RULES.contains(&&*name) {
            errors.push(no_rule(&name, &place));
        } else if !empty || &*name != "ignore_changes" {
            put(old, (name, place, value));
        }
    }
}

type Field = (std::sync::Arc<str>, Place, Expr);

fn put(fields: &mut Vec<Field>, it: Field) {
    match fields.iter_mut().find(|old| old.0 == it.0) {
        Some(old) => *old = it,
        None => fields.push(it),
    }
}

/// By name; a new one is none that could be overridden.
fn locals(over: Block, base: &mut [Block], errors: &mut Diagnostics) {
    for it in over.body {
        let mut all = base.iter_mut().filter(|it| &*it.kind == "locals").flat_map(|it| it.body.iter_mut());
        match all.find(|old| old.name == it.name) {
            Some(old) => *old = it,
            None => {
                let error =
                    Diagnostic::error(format!("there is no `local.{}` to override", it.name)).at(&it.place);
                errors.push(error.help("declare it in one of the other files"));
            }
        }
    }
}

/// The backend is replaced as a whole, and so is what was required of Terraform; providers by name.
fn terraform(over: Block, base: &mut Vec<Block>) {
    let mut left = Vec::new();
    for it in over.body {
        let mut all = base.iter_mut().filter(|it| &*it.kind == "terraform");
        match &*it.name {
            "backend" | "cloud" | "required_version" => {
                let state = &*it.name != "required_version";
                let replaced = |name: &str| {
                    if state { matches!(name, "backend" | "cloud") } else { name == "required_version" }
                };
                all.for_each(|block| block.body.retain(|it| !replaced(&it.name)));
                left.push(it);
            }
            "required_providers" => match all.find_map(|block| providers(block)) {
                Some(old) => providers_by_name(it, old),
                None => left.push(it),
            },
            _ => left.push(it),
        }
    }
    if !left.is_empty() {
        base.push(Block { body: left, ..over });
    }
}

fn providers(block: &mut Block) -> Option<&mut Vec<Field>> {
    let it = block.body.iter_mut().find(|it| &*it.name == "required_providers")?;
    match &mut it.value.node {
        Node::Object(all) => Some(all),
        _ => None,
    }
}

fn providers_by_name(over: Setting, old: &mut Vec<Field>) {
    if let Node::Object(new) = over.value.node {
        new.into_iter().for_each(|it| put(old, it));
    }
}

fn alias(it: &Block) -> Option<&str> {
    match constant(&it.get("alias")?.value)? {
        Kind::String(text) => Some(text),
        _ => None,
    }
}
