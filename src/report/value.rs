//! A value as `output` prints it: HCL on several lines, with the type of a collection written where
//! the brackets alone would not tell it.

use super::number;
use super::paint::{harmless, quoted};
use crate::lang::{Kind, Type, Value};

/// The value; lines after the first are indented by this many spaces.
pub fn value_text(value: &Value, indent: usize) -> String {
    if value.marks.sensitive {
        return "(sensitive value)".into();
    }
    match &value.kind {
        Kind::Unknown(_) => "(known after apply)".into(),
        Kind::Null(ty) => null(ty),
        Kind::Bool(it) => it.to_string(),
        Kind::Number(it) => number::text(it),
        Kind::String(it) if it.contains('\n') => heredoc(it, indent),
        Kind::String(it) => hcl_quoted(it),
        Kind::List(_, all) => wrapped("tolist", &items(all, indent)),
        Kind::Set(_, all) => wrapped("toset", &items(all, indent)),
        Kind::Map(_, all) => wrapped("tomap", &fields(all, indent)),
        Kind::Tuple(all) => items(all, indent),
        Kind::Object(all) => fields(all, indent),
    }
}

fn wrapped(function: &str, inside: &str) -> String {
    format!("{function}({inside})")
}

fn null(ty: &Type) -> String {
    match ty {
        Type::Any => "null".into(),
        Type::Bool => "tobool(null)".into(),
        Type::Number => "tonumber(null)".into(),
        Type::String => "tostring(null)".into(),
        Type::List(it) => format!("tolist(null) /* of {it} */"),
        Type::Set(it) => format!("toset(null) /* of {it} */"),
        Type::Map(it) => format!("tomap(null) /* of {it} */"),
        Type::Tuple(_) | Type::Object(_) => format!("null /* {} */", word(ty)),
    }
}

fn word(ty: &Type) -> &'static str {
    if matches!(ty, Type::Tuple(_)) { "tuple" } else { "object" }
}

/// In quotes, with what HCL would take for a template escaped.
fn hcl_quoted(text: &str) -> String {
    quoted(text).replace("${", "$${").replace("%{", "%%{")
}

fn items(all: &[Value], indent: usize) -> String {
    if all.is_empty() {
        return "[]".into();
    }
    let margin = " ".repeat(indent);
    let line = |it: &Value| format!("{margin}  {},\n", value_text(it, indent + 2));
    format!("[\n{}{margin}]", all.iter().map(line).collect::<String>())
}

fn fields(all: &crate::lang::value::Map, indent: usize) -> String {
    if all.is_empty() {
        return "{}".into();
    }
    let margin = " ".repeat(indent);
    let line = |(k, v): (&std::sync::Arc<str>, &Value)| {
        format!("{margin}  {} = {}\n", hcl_quoted(k), value_text(v, indent + 2))
    };
    format!("{{\n{}{margin}}}", all.iter().map(line).collect::<String>())
}

fn heredoc(text: &str, indent: usize) -> String {
    let mut end = "EOT".to_owned();
    while text.lines().any(|it| it.trim() == end) {
        end.push('_');
    }
    let margin = " ".repeat(indent);
    let dash = if indent > 0 { "-" } else { "" };
    let lines: String = text.split('\n').map(|it| format!("{margin}{}\n", harmless(it))).collect();
    format!("<<{dash}{end}\n{lines}{margin}{end}")
}
