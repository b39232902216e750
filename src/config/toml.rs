//! From the text of a TOML file to a tree of expressions, each with its place.

use std::ops::Range;
use std::sync::Arc;

use ::toml::Spanned;
use ::toml::de::{DeArray, DeInteger, DeTable, DeValue};

use super::{offsets, syntax};
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};
use crate::lang::{Expr, Node, Number, Value};

/// Reads a whole file. The tree is a table; in the order of the file.
pub fn parse(file: &Arc<SourceFile>) -> Result<Expr, Diagnostics> {
    let (root, errors) = DeTable::parse_recoverable(&file.text);
    if !errors.is_empty() {
        return Err(syntax::explain(file, &errors));
    }
    let mut reader = Reader { file, errors: Diagnostics::default() };
    let place = Place::new(file, 0..file.text.len());
    let expr = reader.table(root.get_ref(), place);
    reader.errors.check(expr)
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    errors: Diagnostics,
}

impl Reader<'_> {
    fn place(&self, span: Range<usize>) -> Place {
        Place::new(self.file, span)
    }

    fn expr(&mut self, value: &Spanned<DeValue>) -> Expr {
        let place = self.place(value.span());
        match value.get_ref() {
            DeValue::String(text) => self.string(text, place),
            DeValue::Integer(it) => self.number(integer(it), place),
            DeValue::Float(it) => self.number(it.as_str().parse().ok(), place),
            DeValue::Boolean(it) => Expr::constant(*it, &place),
            // As it is written: TOML's dates have no counterpart in the language.
            DeValue::Datetime(it) => {
                let written = self.file.text.get(value.span());
                Expr::constant(written.map_or_else(|| it.to_string(), str::to_owned), &place)
            }
            DeValue::Array(all) => self.array(all, place),
            DeValue::Table(all) => {
                let header = self.header(place);
                self.table(all, header)
            }
        }
    }

    fn string(&mut self, text: &str, place: Place) -> Expr {
        if !text.contains("${") && !text.contains("%{") {
            return Expr::constant(text, &place);
        }
        let offsets = offsets::of_string(self.file, place.span.clone(), text);
        Expr::template(text, offsets, place.clone()).unwrap_or_else(|errors| {
            self.errors.0.extend(errors);
            Expr::constant(text, &place)
        })
    }

    fn number(&mut self, number: Option<Number>, place: Place) -> Expr {
        let value = number.map(Value::from).unwrap_or_else(|| {
            let error = Diagnostic::error("this is no number that a stack can hold");
            self.errors.0.push(error.at(&place).help("infinity and `nan` do not exist here"));
            0.into()
        });
        Expr::constant(value, &place)
    }

    fn array(&mut self, all: &DeArray, place: Place) -> Expr {
        // An array of tables has the place of its first header.
        let place = match all.first() {
            Some(first) if first.span() == place.span => self.header(place),
            _ => place,
        };
        let items = all.iter().map(|it| self.expr(it)).collect();
        Expr { node: Node::Array(items), place }
    }

    fn table(&mut self, all: &DeTable, place: Place) -> Expr {
        let mut fields: Vec<_> = all.iter().collect();
        fields.sort_by_key(|it| it.0.span().start);
        let fields = fields.into_iter().map(|(key, value)| {
            let name: Arc<str> = key.get_ref().as_ref().into();
            (name, self.place(key.span()), self.expr(value))
        });
        Expr { node: Node::Object(fields.collect()), place }
    }

    /// `[a.b]` and `[[a.b]]` are underlined without the brackets.
    fn header(&self, place: Place) -> Place {
        let Some(text) = self.file.text.get(place.span.clone()) else { return place };
        let inner = match text.strip_prefix("[[") {
            Some(inner) => inner.strip_suffix("]]"),
            None => text.strip_prefix('[').and_then(|it| it.strip_suffix(']')),
        };
        let Some(inner) = inner.map(str::trim) else { return place };
        let start = place.span.start + (inner.as_ptr() as usize - text.as_ptr() as usize);
        self.place(start..start + inner.len())
    }
}

fn integer(it: &DeInteger) -> Option<Number> {
    let text = it.as_str();
    match it.radix() {
        10 => text.parse().ok(),
        radix => Number::parse_radix(text, radix),
    }
}
