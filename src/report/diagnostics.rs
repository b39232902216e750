//! Diagnostics, drawn with the line they are about, and as JSON.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Map, Value as Json, json};

use crate::diag::{Diagnostic, Diagnostics, Place, Severity};

/// What is shown of a long line: this many bytes before the place, and this many from it on.
const BEFORE: usize = 60;
const FROM: usize = 120;

/// All of them, each with the line it is about; sorted by file and position, each once. Of warnings
/// that say the same of different things, the first stands for all.
pub fn diagnostics(all: &Diagnostics) -> String {
    folded(sorted(all)).into_iter().map(|(it, more)| format!("{}\n\n", one(it, more))).collect()
}

/// Each with the number of similar ones that it stands for.
fn folded(all: Vec<&Diagnostic>) -> Vec<(&Diagnostic, usize)> {
    let mut out: Vec<(&Diagnostic, usize)> = Vec::new();
    let mut first = std::collections::HashMap::new();
    for it in all {
        if !it.is_error() {
            let at = *first.entry(pattern(&it.summary)).or_insert(out.len());
            if let Some(shown) = out.get_mut(at) {
                shown.1 += 1;
                continue;
            }
        }
        out.push((it, 0));
    }
    out
}

/// A summary without the names in it.
fn pattern(summary: &str) -> String {
    summary.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// Those with a place by file and position, then the others as they came.
fn sorted(all: &Diagnostics) -> Vec<&Diagnostic> {
    let mut out: Vec<&Diagnostic> = Vec::new();
    for it in &all.0 {
        if !out.contains(&it) {
            out.push(it);
        }
    }
    out.sort_by_key(|it| it.place.as_ref().map_or((true, None, 0), position));
    out
}

fn position(place: &Place) -> (bool, Option<&std::path::Path>, usize) {
    (false, Some(&place.file.path), place.span.start)
}

fn one(it: &Diagnostic, more: usize) -> String {
    let level = match it.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(it.summary.as_str());
    let line = it.place.as_ref().map(Line::of);
    let mut group = Group::with_title(title);
    if let (Some(place), Some(line)) = (&it.place, &line) {
        let path = place.file.path.to_string_lossy();
        group = group.element(Origin::path(path).line(line.number).char_column(line.column));
        let mark = AnnotationKind::Primary.span(line.span.clone()).label(it.label.as_deref());
        group = group.element(
            Snippet::source(line.text.as_str()).line_start(line.number).fold(false).annotation(mark),
        );
    }
    if line.is_none() {
        group = group.elements(it.label.as_deref().map(|it| Level::NOTE.message(it)));
    }
    group = group.elements(it.detail.as_deref().map(|it| Level::NOTE.message(it)));
    group = group.elements(it.help.as_deref().map(|it| Level::HELP.message(it)));
    group = group.elements(it.address.as_deref().map(|it| Level::NOTE.with_name("about").message(it)));
    let similar = (more > 0).then(|| format!("and {more} more similar"));
    group = group.elements(similar.as_deref().map(|it| Level::NOTE.message(it)));
    without_break(&Renderer::styled().render(&[group]))
}

/// The renderer sets a place apart from its line by `:::`. We give the place ourselves, because a cut
/// line does not know its own columns; there is nothing to set apart.
fn without_break(drawn: &str) -> String {
    let is_break = |it: &str| super::paint::stripped(it).trim() == ":::";
    let lines = drawn.split('\n').enumerate().filter(|(i, it)| *i > 4 || !is_break(it));
    lines.map(|it| it.1).collect::<Vec<_>>().join("\n")
}

/// The line where a place starts, cut around the place where it is long.
struct Line {
    number: usize,
    column: usize,
    text: String,
    /// Of the place, in `text`; a place of several lines ends with the first.
    span: Range<usize>,
}

impl Line {
    fn of(place: &Place) -> Line {
        let (number, column) = place.line_column();
        let all = &place.file.text;
        let start = floor(all, place.span.start);
        let begins = all[..start].rfind('\n').map_or(0, |it| it + 1);
        let ends = all[start..].find('\n').map_or(all.len(), |it| start + it);
        let end = floor(all, place.span.end).clamp(start, ends.max(start));
        let from = if start - begins > BEFORE { floor(all, start - BEFORE) } else { begins };
        let to = if ends - start > FROM { floor(all, start + FROM) } else { ends };
        let head = if from > begins { "…" } else { "" };
        let tail = if to < ends { "…" } else { "" };
        let line = all[from..to].trim_end_matches('\r');
        let text = format!("{head}{line}{tail}");
        let at = |it: usize| head.len() + it.clamp(from, from + line.len()) - from;
        Line { number, column, span: at(start)..at(end), text }
    }
}

/// The nearest character boundary at or before.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One diagnostic as Terraform's `-json` has it, with what more we know.
pub fn diagnostic_json(it: &Diagnostic) -> Json {
    let severity = if it.is_error() { "error" } else { "warning" };
    let detail: Vec<_> =
        [&it.label, &it.detail, &it.help].into_iter().flatten().map(String::as_str).collect();
    let mut out = Map::new();
    out.insert("severity".into(), json!(severity));
    out.insert("summary".into(), json!(it.summary));
    out.insert("detail".into(), json!(detail.join("\n\n")));
    if let Some(address) = &it.address {
        out.insert("address".into(), json!(address));
    }
    if let Some(place) = &it.place {
        out.insert("range".into(), range(place));
        out.insert("snippet".into(), snippet(place));
    }
    Json::Object(out)
}

/// What `validate --json` prints.
pub fn diagnostics_json(all: &Diagnostics) -> Json {
    let all = sorted(all);
    let errors = all.iter().filter(|it| it.is_error()).count();
    json!({
        "format_version": "1.0",
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": all.len() - errors,
        "diagnostics": all.into_iter().map(diagnostic_json).collect::<Vec<_>>(),
    })
}

fn range(place: &Place) -> Json {
    let at = |byte: usize| {
        let (line, column) = Place::new(&place.file, byte..byte).line_column();
        json!({ "line": line, "column": column, "byte": byte })
    };
    json!({
        "filename": place.file.path.to_string_lossy(),
        "start": at(place.span.start),
        "end": at(place.span.end),
    })
}

/// The whole lines that the place touches, and where in them it is, in bytes.
fn snippet(place: &Place) -> Json {
    let text = &place.file.text;
    let start = floor(text, place.span.start);
    let end = floor(text, place.span.end).max(start);
    let from = text[..start].rfind('\n').map_or(0, |it| it + 1);
    // An end right behind a line break touches no line more.
    let last = if end > start && text[..end].ends_with('\n') { end - 1 } else { end };
    let to = text[last..].find('\n').map_or(text.len(), |it| last + it);
    let code = text[from..to].trim_end_matches('\r');
    json!({
        "context": context(place),
        "code": code,
        "start_line": place.line_column().0,
        "highlight_start_offset": (start - from).min(code.len()),
        "highlight_end_offset": (end - from).min(code.len()),
        "values": [],
    })
}

/// The header of the block or table around a place: `resource "aws_vpc" "main"`, `[aws_vpc.main]`.
fn context(place: &Place) -> Option<&str> {
    let text = &place.file.text;
    let start = floor(text, place.span.start);
    let end = text[start..].find('\n').map_or(text.len(), |it| start + it);
    let is_toml = place.file.path.extension().is_some_and(|it| it == "toml");
    let header = |line: &&str| match is_toml {
        true => line.starts_with('['),
        false => line.starts_with(|it: char| it.is_ascii_lowercase()) && line.trim_end().ends_with('{'),
    };
    let closes = |line: &&str| !is_toml && line.starts_with('}');
    let line = text[..end].lines().rev().find(|it| header(it) || closes(it))?;
    // What ends with a closing brace before the place is not around it.
    header(&line).then(|| line.trim_end().trim_end_matches('{').trim_end())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::SourceFile;
    use crate::report::paint::stripped;

    fn place(text: &str, span: Range<usize>) -> Place {
        let file = SourceFile { path: "main.stack.toml".into(), text: text.into() };
        Place::new(&Arc::new(file), span)
    }

    #[test]
    fn a_diagnostic_shows_its_line() {
        let text = "[aws_vpc.main]\ncidr = \"10.0.0.0/16\"\n";
        let one = Diagnostic::error("`aws_vpc` has no argument `cidr`")
            .at(&place(text, 15..19))
            .label("not known")
            .detail("Arguments are those of the provider.")
            .help("did you mean `cidr_block`?")
            .about("aws_vpc.main");
        let drawn = stripped(&diagnostics(&one.into()));
        assert_eq!(
            drawn,
            "error: `aws_vpc` has no argument `cidr`\n \
             --> main.stack.toml:2:1\n  \
             |\n\
             2 | cidr = \"10.0.0.0/16\"\n  \
             | ^^^^ not known\n  \
             |\n  \
             = note: Arguments are those of the provider.\n  \
             = help: did you mean `cidr_block`?\n  \
             = about: aws_vpc.main\n\n"
        );
    }

    #[test]
    fn without_a_place_it_is_text() {
        let one = Diagnostic::warning("careful").detail("two\nlines");
        assert_eq!(
            stripped(&diagnostics(&one.into())),
            "warning: careful\n |\n = note: two\n         lines\n\n"
        );
    }

    #[test]
    fn a_very_long_line_is_cut() {
        let text = format!("a = \"{}é BAD {}\"", "x".repeat(5_000_000), "y".repeat(5_000_000));
        let at = text.find("BAD").unwrap_or_default();
        let drawn = stripped(&diagnostics(&Diagnostic::error("bad").at(&place(&text, at..at + 3)).into()));
        assert!(drawn.len() < 600, "{}", drawn.len());
        assert!(drawn.contains("main.stack.toml:1:5000008"), "{drawn}");
        assert!(drawn.contains("^^^"));
    }

    #[test]
    fn places_outside_the_text_are_no_panic() {
        for span in [0..0, 3..9, 50..60, 2..3] {
            let it = Diagnostic::error("x").at(&place("aé\r\nb", span));
            assert!(diagnostics(&it.clone().into()).contains('x'));
            assert!(diagnostic_json(&it)["range"].is_object());
        }
        assert!(diagnostics(&Diagnostic::error("x").at(&place("", 0..1)).into()).contains('x'));
    }

    #[test]
    fn similar_warnings_are_folded() {
        let text = "a\nb\nc\nd\n";
        let warning = |at: usize| {
            let name = &text[at..=at];
            Diagnostic::warning(format!("nobody asks for `{name}`")).at(&place(text, at..at + 1))
        };
        let all = vec![
            warning(0),
            warning(2),
            Diagnostic::error("bad `a`"),
            Diagnostic::error("bad `b`"),
            warning(4),
        ];
        let drawn = stripped(&diagnostics(&Diagnostics(all.clone())));
        assert_eq!(drawn.matches("nobody asks").count(), 1, "{drawn}");
        assert!(
            drawn.contains("nobody asks for `a`") && drawn.contains("= note: and 2 more similar"),
            "{drawn}"
        );
        assert_eq!(drawn.matches("error: bad").count(), 2);
        assert_eq!(diagnostics_json(&Diagnostics(all))["warning_count"], 3);
    }

    #[test]
    fn sorted_and_each_once() {
        let (late, early) = (place("abcdef", 4..5), place("abcdef", 1..2));
        let all = [
            Diagnostic::error("nowhere"),
            Diagnostic::error("late").at(&late),
            Diagnostic::error("early").at(&early),
            Diagnostic::error("late").at(&late),
        ];
        let all = Diagnostics(all.to_vec());
        let names: Vec<_> = sorted(&all).iter().map(|it| it.summary.as_str()).collect();
        assert_eq!(names, ["early", "late", "nowhere"]);
    }

    #[test]
    fn json_has_terraforms_form() {
        let it = Diagnostic::error("bad").at(&place("a\nbcd\n", 3..5)).help("do this").about("aws_vpc.a");
        assert_eq!(
            diagnostics_json(&it.into()),
            json!({
                "format_version": "1.0", "valid": false, "error_count": 1, "warning_count": 0,
                "diagnostics": [{
                    "severity": "error", "summary": "bad", "detail": "do this", "address": "aws_vpc.a",
                    "range": {
                        "filename": "main.stack.toml",
                        "start": { "line": 2, "column": 2, "byte": 3 },
                        "end": { "line": 2, "column": 4, "byte": 5 },
                    },
                    "snippet": {
                        "context": null, "code": "bcd", "start_line": 2,
                        "highlight_start_offset": 1, "highlight_end_offset": 3, "values": [],
                    },
                }],
            })
        );
    }
}
