//! Templates: `${…}`, `%{if}`, `%{for}`.

use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Interpolation, Strip, Template};

use super::{Outcome, Scope};
use crate::diag::Diagnostics;
use crate::lang::types::Type;
use crate::lang::value::{Kind, Marks, Value};

/// The text so far, and whether something in it is unknown.
#[derive(Default)]
struct Text {
    text: String,
    unknown: bool,
    marks: Marks,
}

impl Text {
    fn value(self) -> Value {
        let value = if self.unknown { Value::unknown_not_null(Type::String) } else { self.text.into() };
        value.marked(self.marks)
    }
    fn add(&mut self, other: Text) {
        self.text.push_str(&other.text);
        self.unknown |= other.unknown;
        self.marks = self.marks | other.marks;
    }
}

/// The markers just before and just after a template: `~` there strips its white space.
#[derive(Clone, Copy)]
struct Edges {
    before: bool,
    after: bool,
}

impl Scope<'_> {
    pub(super) fn template(&self, it: &Template) -> Outcome {
        Ok(self.text(it, Edges { before: false, after: false })?.value())
    }

    fn text(&self, template: &Template, edges: Edges) -> Result<Text, Diagnostics> {
        let mut out = Text::default();
        let mut errors = Diagnostics::default();
        let all: Vec<&Element> = template.iter().collect();
        for (at, element) in all.iter().enumerate() {
            let before = at.checked_sub(1).map_or(edges.before, |it| strips_after(all[it]));
            let after = all.get(at + 1).map_or(edges.after, |it| strips_before(it));
            let part = match element {
                Element::Literal(text) => {
                    out.text.push_str(stripped(text, before, after));
                    continue;
                }
                Element::Interpolation(it) => self.interpolation(it),
                Element::Directive(it) => match &**it {
                    Directive::If(it) => self.if_directive(it),
                    Directive::For(it) => self.for_directive(it),
                },
            };
            if let Some(part) = errors.take(part) {
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
        let unknown = text.is_unknown();
        Ok(Text { text: text.as_str().unwrap_or_default().to_owned(), unknown, marks })
    }

    /// Where the condition is unknown, so is the text; what is wrong with a branch counts only where
    /// it is chosen.
    fn if_directive(&self, it: &IfDirective) -> Result<Text, Diagnostics> {
        let cond = &it.if_expr.cond_expr;
        let value = self.expr(cond)?;
        let end = it.endif_expr.strip.strip_start();
        let otherwise = it.else_expr.as_ref();
        let yes = Edges {
            before: it.if_expr.strip.strip_end(),
            after: otherwise.map_or(end, |it| it.strip.strip_start()),
        };
        let mut out = match (self.condition(&value, cond, "condition of this `%{if}`")?, otherwise) {
            (Some(true), _) => self.text(&it.if_expr.template, yes)?,
            (Some(false), Some(no)) => {
                self.text(&no.template, Edges { before: no.strip.strip_end(), after: end })?
            }
            (Some(false), None) => Text::default(),
            (None, _) => Text { unknown: true, ..Text::default() },
        };
        out.marks = out.marks | value.marks;
        Ok(out)
    }

    fn for_directive(&self, it: &ForDirective) -> Result<Text, Diagnostics> {
        let head = &it.for_expr;
        let collection = self.expr(&head.collection_expr)?;
        let mut out = Text { marks: collection.marks, ..Text::default() };
        let Some(pairs) = self.pairs(&collection, &head.collection_expr)? else {
            out.unknown = true;
            return Ok(out);
        };
        let edges = Edges { before: head.strip.strip_end(), after: it.endfor_expr.strip.strip_start() };
        let key = head.key_var.as_ref().map(|it| it.as_str());
        let mut errors = Diagnostics::default();
        for (key_value, value) in pairs {
            let names = [key, Some(head.value_var.as_str())];
            let part = self.bind(names, [key_value, value], |scope| scope.text(&head.template, edges));
            if let Some(part) = errors.take(part) {
                out.add(part);
            }
        }
        errors.check(())?;
        Ok(out)
    }
}

fn strips_after(it: &Element) -> bool {
    outer(it).1.strip_end()
}
fn strips_before(it: &Element) -> bool {
    outer(it).0.strip_start()
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

fn stripped(text: &str, before: bool, after: bool) -> &str {
    let text = if before { text.trim_start() } else { text };
    if after { text.trim_end() } else { text }
}
