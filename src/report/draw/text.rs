//! Texts: on one line, as a heredoc, or as the JSON they hold.

use super::{Look, arrow, simple};
use crate::lang::{Kind, Value};
use crate::report::diff::{Diff, Mark, Pair, What, dynamic, pairs};
use crate::report::json;
use crate::report::paint::harmless;

pub fn is_text(value: Option<&Value>) -> bool {
    value.is_some_and(|it| matches!(it.kind, Kind::String(_)))
}

/// A text, and the value it holds where it is a JSON array or object.
struct Text<'a> {
    value: Option<&'a Value>,
    json: Option<Value>,
}

impl<'a> Text<'a> {
    fn new(value: Option<&'a Value>) -> Self {
        let text = value.and_then(Value::as_str).filter(|it| it.starts_with(['{', '[']));
        let json = text.and_then(|it| serde_json::from_str(it).ok());
        Text { value, json: json.map(|it: serde_json::Value| json::untyped(&it)) }
    }
    fn lines(&self) -> Vec<&'a str> {
        self.value.and_then(Value::as_str).map(|it| it.split('\n').collect()).unwrap_or_default()
    }
    fn is_long(&self) -> bool {
        self.lines().len() > 1
    }
}

pub fn draw(diff: &Diff, before: Option<&Value>, after: Option<&Value>, indent: usize, look: Look) -> String {
    let forces = look.forces(diff.replace);
    if diff.mark == Mark::Change {
        return change(diff, &Text::new(before), &Text::new(after), indent, look);
    }
    let one = Text::new(if diff.mark == Mark::Remove { before } else { after });
    if let Some(json) = &one.json {
        let side = |it: bool| it.then_some(json);
        return as_json(diff, side(diff.mark != Mark::Add), side(diff.mark != Mark::Remove), indent, look);
    }
    if one.is_long() {
        let mut lines = one.lines();
        if lines.last() == Some(&"") {
            lines.pop();
        }
        return heredoc(diff, lines.into_iter().map(|it| (Mark::Same, it)), indent, look);
    }
    format!("{}{}{forces}", simple(one.value), look.gone(diff.mark))
}

fn change(diff: &Diff, before: &Text, after: &Text, indent: usize, look: Look) -> String {
    match (&before.json, &after.json) {
        (Some(was), Some(will)) => as_json(diff, Some(was), Some(will), indent, look),
        (None, None) if before.is_long() || after.is_long() => {
            let (mut was, mut will) = (before.lines(), after.lines());
            // The end of the last line is no line of its own.
            if was.last() == Some(&"") && will.last() == Some(&"") {
                was.pop();
                will.pop();
            }
            let positions = pairs(&was, &will, |b, a| b == a, |_, _| false);
            let line = |(b, a): (Option<usize>, Option<usize>)| match (b, a) {
                (Some(b), Some(_)) => (Mark::Same, was[b]),
                (Some(b), None) => (Mark::Remove, was[b]),
                (None, a) => (Mark::Add, a.map_or("", |it| will[it])),
            };
            heredoc(diff, positions.into_iter().map(line), indent, look)
        }
        (None, None) => {
            let forces = look.forces(diff.replace);
            format!("{} {} {}{forces}", simple(before.value), arrow(), simple(after.value))
        }
        // JSON on one side only.
        _ => {
            let part = |before: Option<&Value>, after: Option<&Value>, mark| {
                Diff::new(What::Plain(Box::new((before.cloned(), after.cloned()))), mark, false).into()
            };
            let was = part(before.value, None, Mark::Remove);
            let will = part(None, after.value, Mark::Add);
            super::draw(&Diff { what: What::Retyped(was, will), ..diff.clone() }, indent, look)
        }
    }
}

fn heredoc<'a>(
    diff: &Diff,
    lines: impl Iterator<Item = (Mark, &'a str)>,
    indent: usize,
    look: Look,
) -> String {
    let mut out = format!("<<-EOT{}\n", look.forces(diff.replace));
    for (mark, line) in lines {
        out.push_str(&format!("{}{}\n", look.margin(indent + 1, mark), harmless(line)));
    }
    out.push_str(&format!("{}EOT{}", look.margin(indent, Mark::Same), look.gone(diff.mark)));
    out
}

fn as_json(diff: &Diff, before: Option<&Value>, after: Option<&Value>, indent: usize, look: Look) -> String {
    let inner = dynamic(&Pair::new(before, after));
    let mut within = Look { forced: false, ..look.quietly(true) };
    // Only the layout of the text differs: without a word the change would look like none.
    let layout = inner.mark == Mark::Same && diff.mark == Mark::Change;
    let (note, forces) = if layout {
        within = within.wholly();
        let note =
            if diff.replace { " # whitespace changes force replacement" } else { " # whitespace changes" };
        (note, String::new())
    } else {
        ("", look.forces(diff.replace))
    };
    let text = super::draw(&inner, indent + 1, within);
    if !text.contains('\n') {
        return format!("jsonencode({text}){note}{forces}");
    }
    let mark = if diff.mark == Mark::Change { inner.mark } else { Mark::Same };
    format!(
        "jsonencode({note}\n{}{text}{forces}\n{}){}",
        look.margin(indent + 1, mark),
        look.margin(indent, Mark::Same),
        look.gone(diff.mark)
    )
}
