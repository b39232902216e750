//! Resource blocks as a stack file has them.

use serde_json::Value as Json;

use super::Written;
use super::tree::{Body, Node, literal};
use crate::format::toml as layout;
use crate::format::toml::quote;
use crate::lang::{Kind, Value};

/// What fits into one line.
const WIDTH: usize = 90;

/// A file of these resources.
pub fn text(all: &[Written]) -> String {
    let mut out = String::new();
    for it in all {
        out.push_str(&format!("# imported from {}\n", quote::text(&it.id.replace('\n', " "))));
        let path = [it.addr.kind.to_string(), it.addr.name.to_string()];
        let provider = it.provider.as_ref().map(|it| format!("provider = {}\n", quote::text(it)));
        table(&path, false, &provider.unwrap_or_default(), &it.body, &mut out);
        out.push('\n');
    }
    layout::file(&out)
}

/// A table: its settings, then the tables in it.
fn table(path: &[String], array: bool, first: &str, body: &Body, out: &mut String) {
    let header = path.iter().map(|it| quote::key(it)).collect::<Vec<_>>().join(".");
    let lines: Vec<(&String, Option<String>, &Node)> =
        body.0.iter().map(|(name, node)| (name, line(name, node), node)).collect();
    // A table that only holds others needs no header of its own, unless it is a thing of its own.
    let bare = first.is_empty() && lines.iter().all(|it| it.1.is_none()) && !lines.is_empty();
    if array {
        out.push_str(&format!("[[{header}]]\n"));
    } else if !bare || path.len() < 3 {
        out.push_str(&format!("[{header}]\n"));
    }
    out.push_str(first);
    lines.iter().filter_map(|it| it.1.as_ref()).for_each(|it| out.push_str(it));
    for (name, _, node) in lines.iter().filter(|it| it.1.is_none()) {
        let path: Vec<String> = path.iter().cloned().chain([(*name).clone()]).collect();
        below(&path, node, out);
    }
}

/// What does not fit into a line, as tables of its own.
fn below(path: &[String], node: &Node, out: &mut String) {
    match node {
        Node::Block(body) => {
            out.push('\n');
            table(path, false, "", body, out);
        }
        Node::Blocks(all) | Node::Objects { all, .. } => {
            for body in all {
                out.push('\n');
                table(path, true, "", body, out);
            }
        }
        Node::Value(value) => {
            let fields = value.as_fields().into_iter().flatten();
            let body = fields.map(|(name, it)| (name.to_string(), Node::Value(it.clone())));
            out.push('\n');
            table(path, false, "", &Body(body.collect()), out);
        }
        Node::Json(_) | Node::Secret => {}
    }
}

/// `name = value` with the end of the line; `None` where that takes a table of its own.
fn line(name: &str, node: &Node) -> Option<String> {
    let key = quote::key(name);
    let short = |it: String| (key.chars().count() + it.chars().count() <= WIDTH).then_some(it);
    let value = match node {
        Node::Secret => return Some(format!("# {key} = …  (sensitive: say where it comes from)\n")),
        Node::Json(json) => document(json),
        Node::Value(value) if value.as_fields().is_some() => inline(node).and_then(short)?,
        Node::Value(value) => scalar(value),
        Node::Block(_) => inline(node).and_then(short)?,
        Node::Blocks(all) | Node::Objects { all, .. } => list(all)?,
    };
    Some(format!("{key} = {value}\n"))
}

/// Blocks as an array, each on a line.
fn list(all: &[Body]) -> Option<String> {
    let each: Option<Vec<String>> = all.iter().map(object).collect();
    let each = each.filter(|all| all.iter().all(|it| it.chars().count() <= WIDTH))?;
    match &each[..] {
        [] => Some("[]".to_owned()),
        [one] => Some(format!("[{one}]")),
        many => Some(format!("[\n{}]", many.iter().map(|it| format!("  {it},\n")).collect::<String>())),
    }
}

/// On one line, where it can be.
fn inline(node: &Node) -> Option<String> {
    let it = match node {
        Node::Value(value) => scalar(value),
        Node::Block(body) => object(body)?,
        Node::Blocks(all) | Node::Objects { all, .. } => {
            let each: Option<Vec<String>> = all.iter().map(object).collect();
            format!("[{}]", each?.join(", "))
        }
        Node::Json(_) | Node::Secret => return None,
    };
    (!it.contains('\n')).then_some(it)
}

fn object(body: &Body) -> Option<String> {
    let each: Option<Vec<String>> =
        body.0.iter().map(|(name, it)| Some(format!("{} = {}", quote::key(name), inline(it)?))).collect();
    let each = each?;
    Some(if each.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", each.join(", ")) })
}

/// A JSON document, readable.
fn document(json: &Json) -> String {
    // Printing JSON cannot fail.
    let text = serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string());
    quote::text(&literal(&(text + "\n")))
}

/// A value as TOML; what TOML has no word for, as an expression.
fn scalar(value: &Value) -> String {
    match &value.kind {
        Kind::Bool(it) => it.to_string(),
        Kind::Number(it) => match it.to_i64() {
            Some(it) => it.to_string(),
            None => quote::text(&format!("${{{it}}}")),
        },
        Kind::String(it) => quote::text(&literal(it)),
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => {
            format!("[{}]", all.iter().map(scalar).collect::<Vec<_>>().join(", "))
        }
        Kind::Map(_, all) | Kind::Object(all) if all.is_empty() => "{}".to_owned(),
        Kind::Map(_, all) | Kind::Object(all) => {
            let each = all.iter().map(|(key, it)| format!("{} = {}", quote::key(key), scalar(it)));
            format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
        }
        Kind::Null(_) | Kind::Unknown(_) => quote::text("${null}"),
    }
}
