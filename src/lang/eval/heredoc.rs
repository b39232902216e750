//! `<<-EOT`: how far its lines move to the left.
//!
//! The parser moves them too, but counts lines in another way than Terraform: so the text is taken
//! from the file again. What Terraform does: a line counts from its first literal part on, after `~`
//! has stripped white space; the least indentation is taken from every line that counts; a line
//! whose start was stripped together with the line end before it neither counts nor moves.

use std::collections::HashMap;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::template::{Directive, Element, HeredocTemplate, Template};

use super::template::{Edges, Style, around, stripped};
use super::{Outcome, Scope, span};
use crate::lang::expr::Offsets;

/// The literal parts of a template as they shall read, by where they start in the text.
pub(super) type Literals = HashMap<usize, String>;

impl Scope<'_> {
    pub(super) fn heredoc(&self, it: &HeredocTemplate) -> Outcome {
        let start = span(it).start;
        if original(self.offsets, start..start + 3) != "<<-" {
            return self.template(&it.template, &Style::Lines);
        }
        self.template(&it.template, &Style::Moved(dedented(&it.template, self.offsets)))
    }
}

/// One part of a line: literal text and which literal it is of, or something computed.
enum Part {
    Literal { of: usize, text: String },
    Other,
}

fn dedented(template: &Template, offsets: &Offsets) -> Literals {
    let mut parts = Vec::new();
    gather(template, Edges::default(), offsets, &mut parts);
    let mut least = usize::MAX;
    let mut starts = Vec::new();
    let mut new_line = true;
    for (at, part) in parts.iter().enumerate() {
        if std::mem::take(&mut new_line) {
            match part {
                Part::Literal { text, .. } if text.trim().is_empty() && text.ends_with('\n') => {}
                Part::Literal { text, .. } => {
                    least = least.min(text.chars().take_while(|it| it.is_whitespace()).count());
                    starts.push(at);
                }
                Part::Other => least = 0,
            }
        }
        new_line = matches!(part, Part::Literal { text, .. } if text.ends_with('\n'));
    }
    for at in starts {
        if let Part::Literal { text, .. } = &mut parts[at] {
            *text = text.chars().skip(least).collect();
        }
    }
    let mut out = Literals::new();
    for part in parts {
        if let Part::Literal { of, text } = part {
            out.entry(of).or_default().push_str(&text);
        }
    }
    out
}

/// The parts of a template in their order, those of its directives among them.
fn gather(template: &Template, edges: Edges, offsets: &Offsets, out: &mut Vec<Part>) {
    let all: Vec<&Element> = template.iter().collect();
    for (at, element) in all.iter().enumerate() {
        match element {
            Element::Literal(it) => {
                let (before, after) = around(&all, at, edges);
                let of = it.span().unwrap_or_default();
                let text = original(offsets, of.clone()).replace("$${", "${").replace("%%{", "%{");
                let lines = stripped(&text, before, after, false).split_inclusive('\n');
                let part = |line: &str| Part::Literal { of: of.start, text: line.to_owned() };
                let before = out.len();
                out.extend(lines.map(part));
                if out.len() == before {
                    // Stripped to nothing, it still stands at the start of its line.
                    out.push(part(""));
                }
            }
            Element::Interpolation(_) => out.push(Part::Other),
            Element::Directive(it) => gather_directive(it, offsets, out),
        }
    }
}

fn gather_directive(it: &Directive, offsets: &Offsets, out: &mut Vec<Part>) {
    out.push(Part::Other);
    match it {
        Directive::If(it) => {
            let (yes, no) = super::template::if_edges(it);
            gather(&it.if_expr.template, yes, offsets, out);
            if let Some(otherwise) = &it.else_expr {
                out.push(Part::Other);
                gather(&otherwise.template, no, offsets, out);
            }
        }
        Directive::For(it) => {
            gather(&it.for_expr.template, super::template::for_edges(it), offsets, out);
        }
    }
    out.push(Part::Other);
}

/// A stretch of the text that was parsed, from the file: escapes of a TOML string are decoded again.
pub(super) fn original(offsets: &Offsets, span: Range<usize>) -> String {
    let file = offsets.file.text.as_bytes();
    let mut out = Vec::new();
    let mut last = None;
    for at in span {
        let (Some(here), next) = (offsets.at(at), offsets.at(at + 1)) else { break };
        if last.replace(here) == Some(here) {
            // One more byte of the character that an escape stands for.
            continue;
        }
        let escape =
            file.get(here) == Some(&b'\\') && next.is_some_and(|next| next - here >= 2 || next == here);
        if escape {
            out.extend(escaped(&offsets.file.text[here..]).to_string().into_bytes());
        } else {
            out.extend(file.get(here));
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The character that a TOML escape at the start of the text stands for.
fn escaped(text: &str) -> char {
    let hex = |count: usize| {
        let digits = text.get(2..2 + count)?;
        char::from_u32(u32::from_str_radix(digits, 16).ok()?)
    };
    let found = match text.as_bytes().get(1) {
        Some(b'n') => Some('\n'),
        Some(b't') => Some('\t'),
        Some(b'r') => Some('\r'),
        Some(b'b') => Some('\u{8}'),
        Some(b'f') => Some('\u{c}'),
        Some(b'e') => Some('\u{1b}'),
        Some(b'x') => hex(2),
        Some(b'u') => hex(4),
        Some(b'U') => hex(8),
        other => other.map(|it| char::from(*it)),
    };
    found.unwrap_or(char::REPLACEMENT_CHARACTER)
}
