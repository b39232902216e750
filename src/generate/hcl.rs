//! Resource blocks as a `.tf` file has them.

use std::fmt::Write;

use serde_json::Value as Json;

use super::Written;
use super::tree::{Body, Node, literal};
use crate::address::is_name;
use crate::format::hcl as layout;
use crate::lang::{Kind, Value};

/// A file of these resources.
pub fn text(all: &[Written]) -> String {
    let mut out = String::new();
    for (at, it) in all.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&format!("# imported from {}\n", quoted(&it.id)));
        out.push_str(&format!("resource {} {} {{\n", quoted(&it.addr.kind), quoted(&it.addr.name)));
        if let Some(provider) = &it.provider {
            out.push_str(&format!("provider = {provider}\n"));
        }
        settings(&it.body, &mut out);
        out.push_str("}\n");
    }
    layout::file(&out)
}

/// Attributes, then blocks.
fn settings(body: &Body, out: &mut String) {
    for (name, node) in &body.0 {
        let value = match node {
            Node::Value(it) => value(it),
            Node::Json(it) => format!("jsonencode({})", json(it)),
            Node::Secret => "null # sensitive".to_owned(),
            Node::Objects { all, as_blocks: false } => {
                format!("[{}]", all.iter().map(object).collect::<Vec<_>>().join(", "))
            }
            _ => continue,
        };
        out.push_str(&format!("{} = {value}\n", key(name)));
    }
    for (name, node) in &body.0 {
        let all: &[Body] = match node {
            Node::Block(it) => std::slice::from_ref(it),
            Node::Blocks(all) | Node::Objects { all, as_blocks: true } => all,
            _ => continue,
        };
        for it in all {
            out.push_str(&format!("{name} {{\n"));
            settings(it, out);
            out.push_str("}\n");
        }
    }
}

/// A block as an object, in an attribute.
fn object(body: &Body) -> String {
    let mut out = String::from("{\n");
    for (name, node) in &body.0 {
        let value = match node {
            Node::Value(it) => value(it),
            Node::Json(it) => format!("jsonencode({})", json(it)),
            Node::Secret => "null # sensitive".to_owned(),
            Node::Block(it) => object(it),
            Node::Blocks(all) | Node::Objects { all, .. } => {
                format!("[{}]", all.iter().map(object).collect::<Vec<_>>().join(", "))
            }
        };
        out.push_str(&format!("{} = {value}\n", key(name)));
    }
    out.push('}');
    out
}

fn value(it: &Value) -> String {
    match &it.kind {
        Kind::Null(_) | Kind::Unknown(_) => "null".to_owned(),
        Kind::Bool(it) => it.to_string(),
        Kind::Number(it) => it.to_string(),
        Kind::String(it) => quoted(it),
        Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => {
            format!("[{}]", all.iter().map(value).collect::<Vec<_>>().join(", "))
        }
        Kind::Map(_, all) | Kind::Object(all) if all.is_empty() => "{}".to_owned(),
        Kind::Map(_, all) | Kind::Object(all) => {
            let each = all.iter().map(|(name, it)| format!("{} = {}\n", key(name), value(it)));
            format!("{{\n{}}}", each.collect::<String>())
        }
    }
}

/// JSON as the expression that `jsonencode` takes.
fn json(it: &Json) -> String {
    match it {
        Json::String(it) => quoted(it),
        Json::Array(all) => format!("[{}]", all.iter().map(json).collect::<Vec<_>>().join(", ")),
        Json::Object(all) if all.is_empty() => "{}".to_owned(),
        Json::Object(all) => {
            let each = all.iter().map(|(name, it)| format!("{} = {}\n", key(name), json(it)));
            format!("{{\n{}}}", each.collect::<String>())
        }
        other => other.to_string(),
    }
}

/// The key of an object, in quotation marks where it needs them.
fn key(name: &str) -> String {
    if is_name(name) { name.to_owned() } else { quoted(name) }
}

/// A text in quotation marks that holds nothing to compute.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for it in literal(text).chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if it.is_control() => {
                // Writing to a text cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
            it => out.push(it),
        }
    }
    out.push('"');
    out
}
