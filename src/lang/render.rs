//! Values as text, as the console and a plan show them.

use std::fmt::Write;

use super::types::Type;
use super::value::{Kind, Map, Marks, Value};

/// The value as an expression, over several lines where it is long; secrets and unknowns are named,
/// not shown.
pub fn hcl(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value, 0);
    out
}

/// A string in quotation marks, on one line.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\x0b' => out.push_str("\\v"),
            it if it.is_ascii_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(it));
            }
            it if it.is_ascii() || printable(it) => out.push(it),
            it if u32::from(it) > 0xffff => {
                let _ = write!(out, "\\U{:08x}", u32::from(it));
            }
            it => {
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
        }
    }
    out.push('"');
    out
}

/// A character that shows as something. What Rust escapes after a letter does not.
fn printable(it: char) -> bool {
    let text = ['a', it].iter().collect::<String>();
    text.escape_debug().nth(1) == Some(it)
}

/// A type as the console's `type` shows it, over several lines where it is made of parts.
pub fn type_text(ty: &Type) -> String {
    let mut out = String::new();
    write_type(&mut out, ty, 0);
    out
}

fn write_type(out: &mut String, ty: &Type, indent: usize) {
    let line = |out: &mut String, name: &str, ty: &Type| {
        new_line(out, indent + 4);
        out.push_str(name);
        write_type(out, ty, indent + 4);
        out.push(',');
    };
    let name = match ty {
        Type::List(_) => "list",
        Type::Set(_) => "set",
        _ => "map",
    };
    match ty {
        Type::Any | Type::Bool | Type::Number | Type::String => out.push_str(&ty.to_string()),
        Type::List(of) | Type::Set(of) | Type::Map(of)
            if !matches!(**of, Type::Object(_) | Type::Tuple(_)) =>
        {
            let _ = write!(out, "{name}(");
            write_type(out, of, indent);
            out.push(')');
        }
        Type::List(of) | Type::Set(of) | Type::Map(of) => {
            let _ = write!(out, "{name}(");
            line(out, "", of);
            new_line(out, indent);
            out.push(')');
        }
        Type::Tuple(all) if all.is_empty() => out.push_str("tuple([])"),
        Type::Object(all) if all.is_empty() => out.push_str("object({})"),
        Type::Tuple(all) => {
            out.push_str("tuple([");
            all.iter().for_each(|it| line(out, "", it));
            new_line(out, indent);
            out.push_str("])");
        }
        Type::Object(all) => {
            out.push_str("object({");
            all.iter().for_each(|(name, it)| line(out, &format!("{name}: "), &it.ty));
            new_line(out, indent);
            out.push_str("})");
        }
    }
}

fn write_value(out: &mut String, value: &Value, indent: usize) {
    // That something is not known yet gives nothing away.
    if value.marks != Marks::default() && !value.is_unknown() {
        out.push_str(if value.marks.sensitive { "(sensitive value)" } else { "(ephemeral value)" });
        return;
    }
    match &value.kind {
        Kind::Unknown(_) => out.push_str("(known after apply)"),
        Kind::Null(ty) => out.push_str(&null(ty)),
        Kind::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Kind::Number(it) => out.push_str(&it.to_string()),
        Kind::String(it) => string(out, it, indent),
        Kind::List(_, all) => wrapped(out, "tolist(", |out| sequence(out, all, indent)),
        Kind::Set(_, all) => wrapped(out, "toset(", |out| sequence(out, all, indent)),
        Kind::Tuple(all) => sequence(out, all, indent),
        Kind::Map(_, all) => wrapped(out, "tomap(", |out| fields(out, all, indent)),
        Kind::Object(all) => fields(out, all, indent),
    }
}

/// A null says its type where it has one.
fn null(ty: &Type) -> String {
    match ty {
        Type::Bool => "tobool(null)".to_owned(),
        Type::Number => "tonumber(null)".to_owned(),
        Type::String => "tostring(null)".to_owned(),
        Type::List(of) => format!("tolist(null) /* of {} */", bare(of)),
        Type::Set(of) => format!("toset(null) /* of {} */", bare(of)),
        Type::Map(of) => format!("tomap(null) /* of {} */", bare(of)),
        Type::Object(_) => "null /* object */".to_owned(),
        Type::Tuple(_) => "null /* tuple */".to_owned(),
        Type::Any => "null".to_owned(),
    }
}

fn bare(ty: &Type) -> String {
    if *ty == Type::Any { "dynamic".to_owned() } else { ty.words() }
}

fn wrapped(out: &mut String, start: &str, inside: impl FnOnce(&mut String)) {
    out.push_str(start);
    inside(out);
    out.push(')');
}

fn new_line(out: &mut String, indent: usize) {
    out.push('\n');
    out.push_str(&" ".repeat(indent));
}

/// A text of several lines is a heredoc, its delimiter one that is no line of the text.
fn string(out: &mut String, text: &str, indent: usize) {
    let lines: Vec<&str> = text.split('\n').collect();
    if lines.len() < 2 {
        return out.push_str(&quoted(text));
    }
    let mut delimiter = "EOT".to_owned();
    while lines.iter().any(|it| it.trim() == delimiter) {
        delimiter.push('_');
    }
    out.push_str(if indent == 0 { "<<" } else { "<<-" });
    out.push_str(&delimiter);
    for line in lines {
        new_line(out, indent);
        out.push_str(line);
    }
    new_line(out, indent);
    out.push_str(&delimiter);
}

fn sequence(out: &mut String, all: &[Value], indent: usize) {
    if all.is_empty() {
        return out.push_str("[]");
    }
    out.push('[');
    for it in all {
        new_line(out, indent + 2);
        write_value(out, it, indent + 2);
        out.push(',');
    }
    new_line(out, indent);
    out.push(']');
}

fn fields(out: &mut String, all: &Map, indent: usize) {
    if all.is_empty() {
        return out.push_str("{}");
    }
    out.push('{');
    for (key, it) in all {
        new_line(out, indent + 2);
        string(out, key, indent + 2);
        out.push_str(" = ");
        write_value(out, it, indent + 2);
    }
    new_line(out, indent);
    out.push('}');
}
