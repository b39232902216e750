//! Draws a [`Diff`] as Terraform lays a plan out: signs before the lines, equals signs aligned,
//! what did not change counted instead of shown.

mod text;

use unicode_width::UnicodeWidthStr;

use super::diff::{Body, Diff, Mark, What};
use super::number;
use super::paint::{DIM, RED, YELLOW, name, padded, paint, plural, quoted, sign};
use crate::lang::{Kind, Value};

/// Attributes that tell which thing it is: shown even where they stay the same.
const CONTEXT: [&str; 3] = ["id", "name", "tags"];

/// What the surroundings ask of a part.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// Also what did not change.
    pub whole: bool,
    /// Without signs: a value as it is, not a change.
    pub plain: bool,
    /// No `-> null` behind what goes away.
    quiet: bool,
    /// The block stands in a group that forces the replacement.
    forced: bool,
}

impl Look {
    /// Values as they are, all of them.
    pub fn as_is() -> Self {
        Look { whole: true, plain: true, ..Look::default() }
    }
    fn quietly(self, quiet: bool) -> Self {
        Look { quiet, ..self }
    }
    pub fn wholly(self) -> Self {
        Look { whole: true, ..self }
    }
    fn sign(self, mark: Mark) -> String {
        if self.plain { String::new() } else { sign(mark) }
    }
    /// Indent and sign of a line.
    fn margin(self, indent: usize, mark: Mark) -> String {
        format!("{}{}", " ".repeat(indent * 4), self.sign(mark))
    }
    /// `-> null` behind what goes away.
    fn gone(self, mark: Mark) -> String {
        let gone = mark == Mark::Remove && !self.quiet && !self.plain;
        if gone { paint(DIM, " -> null") } else { String::new() }
    }
    fn forces(self, replace: bool) -> String {
        if replace || self.forced { paint(RED, " # forces replacement") } else { String::new() }
    }
    /// The line that counts what is not shown.
    fn hidden(self, indent: usize, count: usize, noun: &str) -> String {
        let note = format!("# ({} hidden)", plural(count, &format!("unchanged {noun}")));
        format!("{}{}\n", self.margin(indent + 1, Mark::Same), paint(DIM, note))
    }
}

/// The text of a difference whose first line is already indented.
pub fn draw(diff: &Diff, indent: usize, look: Look) -> String {
    match &diff.what {
        What::Plain(pair) => plain(diff, pair.0.as_ref(), pair.1.as_ref(), indent, look),
        What::Unknown(was) => unknown(diff, was.as_deref(), indent, look),
        What::Sensitive { .. } => {
            format!("(sensitive value){}{}", look.gone(diff.mark), look.forces(diff.replace))
        }
        What::WriteOnly => format!("(write-only attribute){}", look.gone(diff.mark)),
        What::SensitiveBlock => sensitive_block(diff, indent, look),
        What::Retyped(was, will) => {
            let look = look.quietly(true);
            format!("{} {} {}", draw(was, indent, look), arrow(), draw(will, indent, look))
        }
        What::List(all) => list(diff, all, indent, look),
        What::Set(all) => set(diff, all, indent, look),
        What::Map(all) => map(diff, all, indent, look),
        What::Object(all) => object(diff, all, indent, look),
        What::Block(it) => body(diff, it, indent, look),
    }
}

fn arrow() -> String {
    paint(YELLOW, "->")
}

fn plain(diff: &Diff, before: Option<&Value>, after: Option<&Value>, indent: usize, look: Look) -> String {
    if text::is_text(before) || text::is_text(after) {
        return text::draw(diff, before, after, indent, look);
    }
    let forces = look.forces(diff.replace);
    match diff.mark {
        Mark::Add | Mark::Same => format!("{}{forces}", simple(after)),
        Mark::Remove => {
            let gone = if before.is_none_or(Value::is_null) { String::new() } else { look.gone(diff.mark) };
            format!("{}{gone}{forces}", simple(before))
        }
        Mark::Change => format!("{} {} {}{forces}", simple(before), arrow(), simple(after)),
    }
}

/// A value on one line.
fn simple(value: Option<&Value>) -> String {
    match value.map(|it| &it.kind) {
        Some(Kind::Bool(it)) => it.to_string(),
        Some(Kind::Number(it)) => number::text(it),
        Some(Kind::String(it)) => quoted(it),
        _ => paint(DIM, "null"),
    }
}

fn unknown(diff: &Diff, was: Option<&Diff>, indent: usize, look: Look) -> String {
    let later = format!("(known after apply){}", look.forces(diff.replace));
    match was {
        None => later,
        Some(was) => {
            let was = draw(was, indent, Look { forced: false, ..look.quietly(true) });
            format!("{was} {} {later}", arrow())
        }
    }
}

fn sensitive_block(diff: &Diff, indent: usize, look: Look) -> String {
    let margin = look.margin(indent, Mark::Same);
    format!(
        "{{{}\n{margin}  # At least one attribute in this block is (or was) sensitive,\n{margin}  # so its \
         contents will not be displayed.\n{margin}}}",
        look.forces(diff.replace)
    )
}

/// What stands before the lines of an attribute that becomes, or stops being, sensitive.
fn warning(diff: &Diff, indent: usize, look: Look) -> String {
    let What::Sensitive { hidden, before, after } = diff.what else { return String::new() };
    if before == after || matches!(hidden, Mark::Add | Mark::Remove) {
        return String::new();
    }
    let margin = look.margin(indent, Mark::Same);
    let (first, second) = if before {
        ("this attribute value will no longer be marked as sensitive", "after applying this change.")
    } else {
        (
            "this attribute value will be marked as sensitive and will not",
            "display in UI output after applying this change.",
        )
    };
    let unchanged = if hidden == Mark::Same { " The value is unchanged." } else { "" };
    let margin = &margin[..margin.len().min(indent * 4)];
    format!("{margin}  # {}: {first}\n{margin}  # {second}{unchanged}\n", paint(YELLOW, "Warning"))
}

fn empty(diff: &Diff, brackets: &str, look: Look) -> String {
    format!("{brackets}{}{}", look.gone(diff.mark), look.forces(diff.replace))
}

fn list(diff: &Diff, all: &[Diff], indent: usize, look: Look) -> String {
    if all.is_empty() {
        return empty(diff, "[]", look);
    }
    let mut out = format!("[{}\n", look.forces(diff.replace));
    let inner = Look { forced: false, ..look.quietly(true) };
    let mut skipped: Vec<&Diff> = Vec::new();
    let mut after_change = false;
    for it in all {
        if it.mark == Mark::Same && !after_change && !look.whole {
            skipped.push(it);
            continue;
        }
        if let Some((last, others)) = skipped.split_last() {
            if !others.is_empty() {
                out.push_str(&inner.hidden(indent, others.len(), "element"));
            }
            out.push_str(&item(last, indent, inner.wholly()));
            skipped.clear();
        }
        after_change = it.mark != Mark::Same;
        out.push_str(&item(it, indent, if after_change { inner } else { inner.wholly() }));
    }
    if !skipped.is_empty() {
        out.push_str(&inner.hidden(indent, skipped.len(), "element"));
    }
    close(out, diff, "]", indent, look)
}

fn item(diff: &Diff, indent: usize, look: Look) -> String {
    let warning = warning(diff, indent + 1, look);
    format!("{warning}{}{},\n", look.margin(indent + 1, diff.mark), draw(diff, indent + 1, look))
}

fn close(mut out: String, diff: &Diff, bracket: &str, indent: usize, look: Look) -> String {
    out.push_str(&format!("{}{bracket}{}", look.margin(indent, Mark::Same), look.gone(diff.mark)));
    out
}

fn set(diff: &Diff, all: &[Diff], indent: usize, look: Look) -> String {
    if all.is_empty() {
        return empty(diff, "[]", look);
    }
    let mut out = format!("[{}\n", look.forces(diff.replace));
    let inner = Look { forced: false, ..look.quietly(true) };
    let (shown, hidden) = split(all.iter(), look, |it| it.mark);
    for it in shown {
        out.push_str(&item(it, indent, inner));
    }
    if hidden > 0 {
        out.push_str(&inner.hidden(indent, hidden, "element"));
    }
    close(out, diff, "]", indent, look)
}

fn map(diff: &Diff, all: &[(String, Diff)], indent: usize, look: Look) -> String {
    if all.is_empty() {
        return empty(diff, "{}", look);
    }
    let mut out = format!("{{{}\n", look.forces(diff.replace));
    let inner = Look { forced: false, ..look.quietly(diff.mark == Mark::Remove) };
    let columns = all.iter().map(|it| quoted(&it.0).width()).max().unwrap_or(0);
    let (shown, hidden) = split(all.iter(), look, |it| it.1.mark);
    for (key, it) in shown {
        let comma = if matches!(it.what, What::Object(_)) { "," } else { "" };
        out.push_str(&field(&padded(&quoted(key), columns), it, indent, inner, comma));
    }
    if hidden > 0 {
        out.push_str(&inner.hidden(indent, hidden, "element"));
    }
    close(out, diff, "}", indent, look)
}

fn field(name: &str, diff: &Diff, indent: usize, look: Look, after: &str) -> String {
    let warning = warning(diff, indent + 1, look);
    let margin = look.margin(indent + 1, diff.mark);
    format!("{warning}{margin}{name} = {}{after}\n", draw(diff, indent + 1, look))
}

/// What is shown, and how many are not.
fn split<'a, T>(
    all: impl Iterator<Item = &'a T>,
    look: Look,
    mark: impl Fn(&T) -> Mark,
) -> (Vec<&'a T>, usize) {
    let (shown, hidden): (Vec<_>, Vec<_>) = all.partition(|it| look.whole || mark(it) != Mark::Same);
    (shown, hidden.len())
}

fn object(diff: &Diff, all: &[(String, Diff)], indent: usize, look: Look) -> String {
    if all.is_empty() {
        return empty(diff, "{}", look);
    }
    let mut out = format!("{{{}\n", look.forces(diff.replace));
    out.push_str(&attributes(all, indent, Look { forced: false, ..look.quietly(true) }));
    close(out, diff, "}", indent, look)
}

fn attributes(all: &[(String, Diff)], indent: usize, look: Look) -> String {
    let columns = all.iter().map(|it| name(&it.0).width()).max().unwrap_or(0);
    let mut out = String::new();
    let mut hidden = 0;
    for (key, it) in all {
        let context = CONTEXT.contains(&key.as_str());
        if it.mark == Mark::Same && !look.whole && !context {
            hidden += 1;
            continue;
        }
        let look = if context { look.wholly() } else { look };
        out.push_str(&field(&padded(&name(key), columns), it, indent, look, ""));
    }
    if hidden > 0 {
        out.push_str(&look.hidden(indent, hidden, "attribute"));
    }
    out
}

fn body(diff: &Diff, it: &Body, indent: usize, look: Look) -> String {
    let forces = look.forces(diff.replace);
    if it.attributes.is_empty() && it.blocks.is_empty() {
        return format!("{{}}{forces}");
    }
    let inner = Look { forced: false, ..look };
    let mut out = format!("{{{forces}\n{}", attributes(&it.attributes, indent, inner));
    let mut hidden = 0;
    for group in &it.blocks {
        let look = Look { forced: group.replace, ..look };
        let (shown, same) = split(group.blocks.iter(), look, |it| it.mark);
        hidden += same;
        if !shown.is_empty() && !it.attributes.is_empty() {
            out.push('\n');
        }
        for block in shown {
            let margin = look.margin(indent + 1, block.mark);
            out.push_str(&format!("{margin}{} {}\n", name(&group.name), draw(block, indent + 1, look)));
        }
    }
    if hidden > 0 {
        out.push_str(&format!("\n{}", inner.hidden(indent, hidden, "block")));
    }
    out.push_str(&format!("{}}}", look.margin(indent, Mark::Same)));
    out
}
