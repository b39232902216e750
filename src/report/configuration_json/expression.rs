//! Expressions: the value of one that is constant, and what one refers to.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::config::scope::Scope;
use crate::config::{Body, mentions};
use crate::lang::expr::Part;
use crate::lang::{Expr, Node, Type, Value};
use crate::report::json::known;
use crate::schema::{Block, NestedBlock, Nesting};

/// One expression: `constant_value`, or `references`, or nothing where it only calls functions.
pub(super) fn expression(expr: &Expr) -> Json {
    shown(constant(expr).map(|it| known(&it)), references(expr))
}

fn shown(value: Option<Json>, references: Vec<String>) -> Json {
    let mut out = Map::new();
    if let Some(value) = value {
        out.insert("constant_value".into(), value);
    }
    if !references.is_empty() {
        out.insert("references".into(), json!(references));
    }
    Json::Object(out)
}

/// The value, where it is the same whoever asks. Functions may ask for the time or for files.
fn constant(expr: &Expr) -> Option<Value> {
    if !expr.is_closed() {
        return None;
    }
    expr.eval(&Scope::nothing("a constant")).ok().filter(Value::wholly_known)
}

/// Each reference with all its steps, then with one less, down to the smallest thing that has an
/// address.
fn references(expr: &Expr) -> Vec<String> {
    let mut out = Vec::new();
    for it in mentions::of(expr) {
        for steps in (1..=it.rest.len()).rev() {
            out.push(format!("{}{}", it.subject, mentions::written(&it.rest[..steps])));
        }
        out.push(it.subject.to_string());
        out.extend(it.subject.wider().map(|it| it.to_string()));
    }
    out
}

/// The arguments and nested blocks that the schema knows.
pub(super) fn body(all: &Body, block: &Block) -> Map<String, Json> {
    fields(all.0.iter().map(|it| (&*it.name, &it.value)), block)
}

/// A body of arguments alone.
pub(super) fn plain(all: &Body) -> Map<String, Json> {
    let all: BTreeMap<_, _> = all.0.iter().map(|it| (&*it.name, &it.value)).collect();
    all.into_iter().map(|(name, it)| (name.to_owned(), expression(it))).collect()
}

fn fields<'a>(all: impl Iterator<Item = (&'a str, &'a Expr)>, block: &Block) -> Map<String, Json> {
    let mut out = BTreeMap::new();
    for (name, value) in all {
        if let Some(nested) = block.blocks.get(name) {
            out.extend(blocks(value, nested).map(|it| (name, it)));
        } else if let Some(attribute) = block.attributes.get(name) {
            out.extend(argument(value, &attribute.ty).map(|it| (name, it)));
        }
    }
    out.into_iter().map(|(name, it)| (name.to_owned(), it)).collect()
}

/// An argument. Blocks that stand for a list of objects have all the attributes of the objects; there
/// is nothing to tell where each of them is made by an expression.
fn argument(expr: &Expr, ty: &Type) -> Option<Json> {
    let objects = match ty {
        Type::List(of) | Type::Set(of) => Some(&**of).filter(|it| matches!(it, Type::Object(_))),
        _ => None,
    };
    let (Some(of), Some(items)) = (objects, items(expr)) else { return Some(expression(expr)) };
    if items.is_empty() && matches!(expr.node, Node::Blocks(_)) {
        return None;
    }
    let known = items.iter().all(|it| constant(it).is_some());
    let value = known.then(|| items.iter().map(|it| whole(it, of)).collect());
    Some(shown(value, items.iter().flat_map(|it| references(it)).collect()))
}

/// A constant object with null for what it leaves out.
fn whole(expr: &Expr, ty: &Type) -> Json {
    let Some(value) = constant(expr) else { return Json::Null };
    let (Type::Object(types), Some(given)) = (ty, value.as_fields()) else { return known(&value) };
    let one = |(name, field): (&std::sync::Arc<str>, &crate::lang::ObjectField)| {
        let it = given.get(name).map_or(Json::Null, |it| match it.convert(&field.ty) {
            Ok(it) => known(&it),
            Err(_) => known(it),
        });
        (name.to_string(), it)
    };
    Json::Object(types.iter().map(one).collect())
}

/// The objects of which it is written to consist.
fn items(expr: &Expr) -> Option<Vec<&Expr>> {
    let object = |it: &&Expr| matches!(it.node, Node::Object(_));
    match &expr.node {
        Node::Object(_) => Some(vec![expr]),
        Node::Array(all) => Some(all.iter().collect()).filter(|it: &Vec<&Expr>| it.iter().all(object)),
        Node::Blocks(all) => {
            let written = all.iter().filter_map(|it| match it {
                Part::Static(it) => Some(it),
                Part::Dynamic(_) => None,
            });
            Some(written.collect())
        }
        _ => None,
    }
}

/// Nested blocks as they are written; those that an expression makes are not there yet.
fn blocks(expr: &Expr, nested: &NestedBlock) -> Option<Json> {
    let mut all = Vec::new();
    for it in items(expr)? {
        if let Node::Object(inside) = &it.node {
            let inside = inside.iter().map(|it| (&*it.0, &it.2));
            all.push(Json::Object(fields(inside, &nested.block)));
        }
    }
    match nested.nesting {
        _ if all.is_empty() => None,
        Nesting::Single => all.pop(),
        Nesting::List | Nesting::Set => Some(json!(all)),
    }
}

/// The settings of a provider: these are blocks, whose arguments are settings too.
pub(super) fn settings(all: &Body, names: &[&str]) -> Map<String, Json> {
    let mut out = BTreeMap::new();
    for it in &all.0 {
        let written = items(&it.value).filter(|_| names.contains(&&*it.name));
        let value = match written {
            None => expression(&it.value),
            Some(all) => all.into_iter().map(inner_settings).collect(),
        };
        out.insert(&*it.name, value);
    }
    out.into_iter().map(|(name, it)| (name.to_owned(), it)).collect()
}

fn inner_settings(it: &Expr) -> Json {
    let Node::Object(all) = &it.node else { return Json::Object(Map::new()) };
    let all: BTreeMap<_, _> = all.iter().map(|it| (&*it.0, &it.2)).collect();
    all.into_iter().map(|(name, it)| (name.to_owned(), expression(it))).collect()
}
