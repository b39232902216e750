//! Errors of TOML's grammar, in words that help somebody who writes a stack.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};

/// More than these in one file are the consequence of others.
const MOST: usize = 20;

/// What is wrong with a file that is not TOML: the first error of each line.
pub(super) fn explain(file: &Arc<SourceFile>, errors: &[::toml::de::Error]) -> Diagnostics {
    let mut found = first_of_lines(&file.text, errors);
    // Once somebody has pasted Terraform, all the rest follows from that.
    let pasted = |it: &(Range<usize>, &str)| hcl(line(&file.text, it.0.start)).is_some();
    if found.iter().any(pasted) {
        found.retain(pasted);
    }
    let mut deep = false;
    found.retain(|it| !is_depth(it.1) || !std::mem::replace(&mut deep, true));
    let more = found.len() > MOST;
    found.truncate(MOST);
    let mut out: Vec<_> = found.into_iter().map(|(span, message)| one(file, span, message)).collect();
    if more {
        out.push(Diagnostic::error(format!("{} has more errors than these", file.path.display())));
    }
    Diagnostics(out)
}

/// The first error of each line, in the order of the file. A line may be long and full of errors:
/// it is looked at once.
fn first_of_lines<'a>(text: &str, errors: &'a [::toml::de::Error]) -> Vec<(Range<usize>, &'a str)> {
    let spans = errors.iter().map(|it| (clamp(text, it.span().unwrap_or(0..0)), it.message()));
    let mut all: Vec<_> = spans.collect();
    all.sort_by_key(|it| it.0.start);
    let mut end_of_line = None;
    all.retain(|(span, _)| {
        let first = end_of_line.is_none_or(|end| span.start > end);
        if first {
            let rest = text.get(span.start..).unwrap_or_default();
            end_of_line = Some(span.start + rest.find('\n').unwrap_or(rest.len()));
        }
        first
    });
    all
}

fn is_depth(message: &str) -> bool {
    message.contains("recurs")
}

fn one(file: &Arc<SourceFile>, span: Range<usize>, message: &str) -> Diagnostic {
    let place = Place::new(file, span.clone());
    if message == "duplicate key" {
        return duplicate(file, span);
    }
    if is_depth(message) {
        return Diagnostic::error("nested too deeply").at(&place).help("80 levels are the most");
    }
    let line = line(&file.text, span.start);
    if let Some(help) = hcl(line) {
        return Diagnostic::error("this is HCL, not TOML").at(&place).help(help);
    }
    let help = unquoted(line);
    let why = match message.split_once(", expected ") {
        // `file("x")` starts like `false`.
        Some(("invalid boolean", _)) if help.is_some() => "string values must be quoted",
        Some((why, "nothing" | "literal string")) => why,
        _ => message,
    };
    Diagnostic::error(format!("not valid TOML: {why}")).at(&place).maybe_help(help)
}

/// Where somebody pasted Terraform.
fn hcl(line: &str) -> Option<String> {
    let (word, rest) = line.trim().split_once(|it: char| it.is_whitespace())?;
    let labels: Vec<_> = rest.split('"').skip(1).step_by(2).collect();
    let header = match (word, &labels[..]) {
        ("resource", [kind, name]) => format!("{kind}.{name}"),
        ("data", [kind, name]) => format!("data.{kind}.{name}"),
        ("variable" | "output" | "module" | "provider", [name]) => format!("{word}.{name}"),
        ("locals", []) if rest.trim_start().starts_with('{') => "locals".to_owned(),
        ("terraform", []) if rest.trim_start().starts_with('{') => "stack".to_owned(),
        _ => return None,
    };
    Some(format!("in a stack file this begins with `[{header}]`"))
}

/// A value without quotation marks: text, or an expression.
fn unquoted(line: &str) -> Option<String> {
    let (_, value) = line.split_once('=')?;
    let value = value.split(" #").next().unwrap_or(value).trim();
    let inner = value.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
    if let Some(inner) = inner {
        return Some(format!("an expression stands in a string: '${{{inner}}}'"));
    }
    if !value.starts_with(|it: char| it.is_alphabetic() || it == '_') {
        return None;
    }
    if ["true", "false"].contains(&value.to_lowercase().as_str()) {
        return Some(format!("write it in lower case: `{}`", value.to_lowercase()));
    }
    let reference =
        value.split_once('.').is_some_and(|it| crate::address::is_name(it.0)) || value.contains('(');
    Some(match reference {
        true => format!("an expression stands in a string: '${{{value}}}'"),
        false => format!("text stands in quotation marks: \"{}\"", value.trim_matches(['"', '\''])),
    })
}

fn duplicate(file: &Arc<SourceFile>, span: Range<usize>) -> Diagnostic {
    let text = &file.text;
    let header = header_of(line(text, span.start));
    let name = header.clone().unwrap_or_else(|| text.get(span.clone()).unwrap_or_default().to_owned());
    let first = match &header {
        Some(header) => earlier_header(text, header, span.start),
        None => earlier_key(text, &span),
    };
    let error = Diagnostic::error(format!("`{name}` stands twice")).at(&Place::new(file, span));
    let error = error.label("the second one");
    match first {
        Some(at) => error.detail(format!("The first one: {}", spot(&Place::new(file, at..at)))),
        None => error,
    }
}

/// `stack.toml:3:1`, for a second place that is told in words.
pub(super) fn spot(place: &Place) -> String {
    let (line, column) = place.line_column();
    format!("{}:{line}:{column}", place.file.path.display())
}

fn earlier_header(text: &str, header: &str, before: usize) -> Option<usize> {
    let starts = line_starts(text, before);
    let same = |at: &usize| header_of(line(text, *at)).as_deref() == Some(header);
    let here = line_start(text, before);
    starts.into_iter().filter(|it| *it < here).find(same)
}

/// Since the last header, or within the line (an inline table).
fn earlier_key(text: &str, span: &Range<usize>) -> Option<usize> {
    let key = text.get(span.clone())?;
    let here = line_start(text, span.start);
    // With what stands before it: `b` may be the end of `a.b`.
    let whole = text.get(here..span.end)?.trim();
    let is_key = |at: &usize| line(text, *at).split_once('=').is_some_and(|it| it.0.trim() == whole);
    let starts: Vec<_> = line_starts(text, here).into_iter().filter(|it| *it < here).collect();
    let section = starts.iter().rposition(|it| header_of(line(text, *it)).is_some()).map_or(0, |it| it + 1);
    starts[section..].iter().copied().find(is_key).or_else(|| {
        let before = text.get(here..span.start)?;
        let mut at = before.match_indices(key).map(|it| it.0);
        at.find(|it| before[it + key.len()..].trim_start().starts_with('=')).map(|it| here + it)
    })
}

/// `a.b` of a line `[a.b]` or `[[a.b]]`.
fn header_of(line: &str) -> Option<String> {
    let inner = line.trim_start().strip_prefix('[')?;
    let (inner, _) = inner.trim_start_matches('[').split_once(']')?;
    Some(inner.chars().filter(|it| !it.is_whitespace() && !matches!(it, '"' | '\'')).collect())
}

/// Where lines start, up to `end`, those inside multi-line strings left out.
fn line_starts(text: &str, end: usize) -> Vec<usize> {
    let mut out = vec![0];
    let mut open: Option<&str> = None;
    let mut at = 0;
    while let Some(rest) = text.get(at..end).filter(|it| !it.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        at += match open {
            Some(mark) if rest.starts_with(mark) => {
                open = None;
                mark.len()
            }
            Some(mark) if first == '\n' && mark.len() == 1 => {
                open = None;
                0
            }
            Some(mark) if first == '\\' && mark.starts_with('"') => {
                1 + rest[1..].chars().next().map_or(0, char::len_utf8)
            }
            Some(_) => first.len_utf8(),
            None if first == '#' => rest.find('\n').unwrap_or(rest.len()),
            None if matches!(first, '"' | '\'') => {
                let marks = ["\"\"\"", "'''", "\"", "'"];
                open = marks.into_iter().find(|it| rest.starts_with(it));
                open.map_or(1, str::len)
            }
            None if first == '\n' => {
                out.push(at + 1);
                1
            }
            None => first.len_utf8(),
        };
    }
    out
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1)
}

fn line(text: &str, at: usize) -> &str {
    text.get(line_start(text, at)..).and_then(|it| it.lines().next()).unwrap_or_default()
}

fn clamp(text: &str, span: Range<usize>) -> Range<usize> {
    let down = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = down(span.start);
    start..down(span.end).max(start)
}
