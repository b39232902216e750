//! Templates: `${…}`, `%{if}`, `%{for}`.

use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Interpolation, Strip, Template};

use super::heredoc::Literals;
use super::{Outcome, Scope, span};
use crate::diag::Diagnostics;
use crate::lang::limits;
use crate::lang::types::Type;
use crate::lang::value::{Kind, Marks, Value};

/// The text so far: up to the first part that is unknown.
#[derive(Default)]
struct Text {
    text: String,
    unknown: bool,
    marks: Marks,
}

impl Text {
    fn value(self) -> Value {
        let value = if self.unknown { Value::unknown_text(&self.text) } else { self.text.into() };
        value.marked(self.marks)
    }
    fn push(&mut self, text: &str) {
        if !self.unknown {
            self.text.push_str(text);
        }
    }
    fn add(&mut self, other: Text) {
        self.push(&other.text);
        self.unknown |= other.unknown;
        self.marks = self.marks | other.marks;
    }
}

/// The markers just before and just after a template: `~` there strips its white space.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Edges {
    pub before: bool,
    pub after: bool,
}

/// What the literal parts of a template are.
pub(super) enum Style {
    /// In quotation marks: `~` strips all the white space there is.
    Quoted,
    /// Bare text: `~` strips what is on the same line, and one line end.
    Lines,
    /// Bare text whose lines were moved to the left, white space already stripped.
    Moved(Literals),
}

impl Scope<'_> {
    pub(super) fn template(&self, it: &Template, style: &Style) -> Outcome {
        Ok(self.text(it, Edges::default(), style)?.value())
    }

    fn text(&self, template: &Template, edges: Edges, style: &Style) -> Result<Text, Diagnostics> {
        let mut out = Text::default();
        let mut errors = Diagnostics::default();
        let all: Vec<&Element> = template.iter().collect();
        for (at, element) in all.iter().enumerate() {
            let part = match element {
                Element::Literal(it) => {
                    let (before, after) = around(&all, at, edges);
                    out.push(match style {
                        Style::Quoted => stripped(it, before, after, true),
                        Style::Lines => stripped(it, before, after, false),
                        Style::Moved(all) => all.get(&span(it).start).map_or("", String::as_str),
                    });
                    continue;
                }
                Element::Interpolation(it) => self.interpolation(it),
                Element::Directive(it) => match &**it {
                    Directive::If(it) => self.if_directive(it, style),
                    Directive::For(it) => self.for_directive(it, style),
                },
            };
            if let Some(part) = errors.take(part) {
                limits::text(out.text.len() + part.text.len()).map_err(|why| self.too_much(*element, why))?;
                out.add(part);
            }
        }
        errors.check(())?;
        Ok(out)
    }

    fn interpolation(&self, it: &Interpolation) -> Result<Text, Diagnostics> {
        let value = self.expr(&it.expr)?;
        let marks = value.marks;
        if value.is_null() {
            let error = self.at(&it.expr).error("null cannot be part of a text");
            return Err(error.help("use coalesce(…, \"\") to say what null means").into());
        }
        let text = value.convert(&Type::String).map_err(|_| {
            let error = self.at(&it.expr).error(format!("{} cannot be part of a text", value.ty().a()));
            let help = match value.kind {
                Kind::Object(_) | Kind::Map(..) => "use jsonencode(…), or choose one of its attributes",
                _ => "use join(\", \", …) or jsonencode(…)",
            };
            Diagnostics::from(error.help(help))
        })?;
        Ok(Text { text: text.as_str().unwrap_or_default().to_owned(), unknown: text.is_unknown(), marks })
    }

    /// Where the condition is unknown, so is the text; what is wrong with a branch counts only where
    /// it is chosen.
    fn if_directive(&self, it: &IfDirective, style: &Style) -> Result<Text, Diagnostics> {
        let cond = &it.if_expr.cond_expr;
        let value = self.expr(cond)?;
        let (yes, no) = if_edges(it);
        let mut out = match (self.condition(&value, cond, "condition of this `%{if}`")?, &it.else_expr) {
            (Some(true), _) => self.text(&it.if_expr.template, yes, style)?,
            (Some(false), Some(otherwise)) => self.text(&otherwise.template, no, style)?,
            (Some(false), None) => Text::default(),
            (None, _) => Text { unknown: true, ..Text::default() },
        };
        out.marks = out.marks | value.marks;
        Ok(out)
    }

    fn for_directive(&self, it: &ForDirective, style: &Style) -> Result<Text, Diagnostics> {
        let head = &it.for_expr;
        let collection = self.expr(&head.collection_expr)?;
        let mut out = Text { marks: collection.marks, ..Text::default() };
        let Some(pairs) = self.pairs(&collection, &head.collection_expr)? else {
            out.unknown = true;
            return Ok(out);
        };
        let edges = for_edges(it);
        let key = head.key_var.as_ref().map(|it| it.as_str());
        let mut errors = Diagnostics::default();
        for (key_value, value) in pairs {
            limits::round().map_err(|why| self.too_much(&head.collection_expr, why))?;
            let names = [key, Some(head.value_var.as_str())];
            let part = self.bind(names, [key_value, value], |scope| scope.text(&head.template, edges, style));
            if let Some(part) = errors.take(part) {
                let length = out.text.len() + part.text.len();
                limits::text(length).map_err(|why| self.too_much(&head.collection_expr, why))?;
                out.add(part);
            }
        }
        errors.check(())?;
        Ok(out)
    }
}

pub(super) fn if_edges(it: &IfDirective) -> (Edges, Edges) {
    let end = it.endif_expr.strip.strip_start();
    let otherwise = it.else_expr.as_ref().map(|it| it.strip);
    let after = otherwise.map_or(end, Strip::strip_start);
    let yes = Edges { before: it.if_expr.strip.strip_end(), after };
    (yes, Edges { before: otherwise.is_some_and(Strip::strip_end), after: end })
}

pub(super) fn for_edges(it: &ForDirective) -> Edges {
    Edges { before: it.for_expr.strip.strip_end(), after: it.endfor_expr.strip.strip_start() }
}

/// Whether a `~` just before or just after an element strips it.
pub(super) fn around(all: &[&Element], at: usize, edges: Edges) -> (bool, bool) {
    let before = at.checked_sub(1).map_or(edges.before, |it| outer(all[it]).1.strip_end());
    let after = all.get(at + 1).map_or(edges.after, |it| outer(it).0.strip_start());
    (before, after)
}

/// The strip markers of the first and the last `{…}` of an element.
fn outer(it: &Element) -> (Strip, Strip) {
    match it {
        Element::Literal(_) => (Strip::None, Strip::None),
        Element::Interpolation(it) => (it.strip, it.strip),
        Element::Directive(it) => match &**it {
            Directive::If(it) => (it.if_expr.strip, it.endif_expr.strip),
            Directive::For(it) => (it.for_expr.strip, it.endfor_expr.strip),
        },
    }
}

/// Without the white space at its start or end: all of it, or that of the first and last line.
pub(super) fn stripped(text: &str, before: bool, after: bool, whole: bool) -> &str {
    let mut text = text;
    if before {
        let end = text.find('\n').map_or(text.len(), |it| it + 1);
        let end = if whole { text.len() } else { end };
        text = &text[end - text[..end].trim_start().len()..];
    }
    if after {
        let inside = text.strip_suffix('\n').unwrap_or(text);
        let start = inside.rfind('\n').map_or(0, |it| it + 1);
        let start = if whole { 0 } else { start };
        text = &text[..start + text[start..].trim_end().len()];
    }
    text
}
