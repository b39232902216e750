//! Texts as TOML strings, in the quotation marks that need the fewest escapes.

use std::fmt::Write;

/// A text of one line in one line; another one over several where it may stand so.
pub fn text(text: &str) -> String {
    if text.contains('\n') {
        return lines(text);
    }
    if !text.contains(['"', '\\', '\t']) && !text.contains(is_control) {
        return format!("\"{text}\"");
    }
    if text.contains(|it: char| is_control(it) || it == '\t') {
        return escaped(text);
    }
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    if !text.contains("'''") && !text.ends_with('\'') {
        return format!("'''{text}'''");
    }
    escaped(text)
}

/// On one line, whatever stands in it.
pub fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        escape(it, &mut out);
    }
    out.push('"');
    out
}

/// Over several lines.
fn lines(text: &str) -> String {
    let control = |it: char| is_control(it) && !matches!(it, '\n' | '\t');
    if !text.contains("'''") && !text.ends_with('\'') && !text.contains(control) {
        return format!("'''\n{text}'''");
    }
    let mut out = String::from("\"\"\"\n");
    for it in text.chars() {
        if it == '\n' {
            out.push('\n');
        } else {
            escape(it, &mut out);
        }
    }
    out.push_str("\"\"\"");
    out
}

fn escape(it: char, out: &mut String) {
    match it {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        it if is_control(it) => {
            // Writing to a text cannot fail.
            let _ = write!(out, "\\u{:04X}", u32::from(it));
        }
        it => out.push(it),
    }
}

/// What may not stand in a string as it is.
fn is_control(it: char) -> bool {
    it != '\t' && (it.is_ascii_control())
}

/// A key, in quotation marks only where it needs them.
pub fn key(text: &str) -> String {
    let bare = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    if !text.is_empty() && text.chars().all(bare) {
        return text.to_owned();
    }
    if text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(is_control) {
        return format!("'{text}'");
    }
    escaped(text)
}
