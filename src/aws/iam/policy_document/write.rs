//! Writes JSON byte for byte as the Terraform provider does.

use std::fmt::Write;

use serde_json::Value as Json;

pub(super) fn compact(json: &Json) -> String {
    let mut out = String::new();
    value(&mut out, json, None);
    out
}

pub(super) fn indented(json: &Json) -> String {
    let mut out = String::new();
    value(&mut out, json, Some(0));
    out
}

/// `depth` is `None` for no line breaks.
fn value(out: &mut String, json: &Json, depth: Option<usize>) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Json::Number(it) => number(out, it.as_f64().unwrap_or_default()),
        Json::String(it) => text(out, it),
        Json::Array(all) => items(out, "[]", all.iter(), depth, value),
        Json::Object(all) => items(out, "{}", all.iter(), depth, |out, (key, it), depth| {
            text(out, key);
            out.push_str(if depth.is_some() { ": " } else { ":" });
            value(out, it, depth);
        }),
    }
}

fn items<T>(
    out: &mut String,
    brackets: &str,
    all: impl ExactSizeIterator<Item = T>,
    depth: Option<usize>,
    write: impl Fn(&mut String, T, Option<usize>),
) {
    if all.len() == 0 {
        return out.push_str(brackets);
    }
    let inner = depth.map(|it| it + 1);
    out.push_str(&brackets[..1]);
    for (at, it) in all.enumerate() {
        if at > 0 {
            out.push(',');
        }
        new_line(out, inner);
        write(out, it, inner);
    }
    new_line(out, depth);
    out.push_str(&brackets[1..]);
}

fn new_line(out: &mut String, depth: Option<usize>) {
    if let Some(depth) = depth {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

/// What could end a script in a web page is escaped, too.
fn text(out: &mut String, it: &str) {
    out.push('"');
    for c in it.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A 64-bit float: the fewest digits that tell it from others, with an exponent where it is very
/// large or small.
fn number(out: &mut String, it: f64) {
    let plain = it == 0.0 || (1e-6..1e21).contains(&it.abs());
    let _ = if plain { write!(out, "{it}") } else { write!(out, "{}", exponent(it)) };
}

fn exponent(it: f64) -> String {
    let text = format!("{it:e}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
}
