//! From a body in Terraform's own syntax to blocks and settings.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::structure::{Block as HclBlock, BlockLabel, Body, Structure};

use super::block::Block;
use super::dynamic;
use super::expr;
use crate::config::Setting;
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::lang::expr::{Offsets, Part};
use crate::lang::{Expr, Node};

/// The blocks of a parsed body of the top level.
pub(super) fn blocks(body: Body, offsets: &Offsets, errors: &mut Diagnostics) -> Vec<Block> {
    let mut reader = Reader { offsets, errors };
    let mut out = Vec::new();
    for it in body {
        match it {
            Structure::Block(it) => out.push(reader.top(it)),
            Structure::Attribute(it) => {
                let name = it.key.as_str();
                let error = Diagnostic::error(format!("`{name}` stands outside of any block"));
                let help = format!(
                    "a local value stands in `locals {{ … }}`; the value of a variable in terraform.tfvars, or as \
                     the `default` in `variable \"{name}\" {{ … }}`"
                );
                reader.errors.push(error.at(&offsets.place(range(&it.key))).help(help));
            }
        }
    }
    out
}

/// The arguments of a body that takes no blocks, such as a file of values.
pub(in crate::config) fn arguments(body: Body, offsets: &Offsets, errors: &mut Diagnostics) -> Vec<Setting> {
    let mut out = Vec::new();
    for it in body {
        match it {
            Structure::Attribute(it) => out.push(argument(it, offsets)),
            Structure::Block(it) => {
                let error = Diagnostic::error("only `name = value` stands in a file of values");
                errors.push(error.at(&offsets.place(header(&it))));
            }
        }
    }
    out
}

/// The arguments and nested blocks of a body.
pub(super) fn settings(body: Body, offsets: &Offsets, errors: &mut Diagnostics) -> Vec<Setting> {
    Reader { offsets, errors }.body(body)
}

fn argument(it: hcl_edit::structure::Attribute, offsets: &Offsets) -> Setting {
    let place = offsets.place(range(&it.key));
    Setting { name: it.key.as_str().into(), place, value: expr::of(it.value, offsets) }
}

struct Reader<'a> {
    offsets: &'a Offsets,
    errors: &'a mut Diagnostics,
}

/// Blocks of one type, gathered.
struct Group {
    name: Arc<str>,
    place: Place,
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn top(&mut self, mut it: HclBlock) -> Block {
        if it.ident.as_str() == "module" {
            expr::bare_keys(&mut it.body);
        }
        Block {
            kind: it.ident.as_str().into(),
            kind_place: self.offsets.place(range(&it.ident)),
            place: self.offsets.place(header(&it)),
            labels: self.labels(&it),
            body: self.body(it.body),
        }
    }

    fn labels(&self, it: &HclBlock) -> Vec<(Arc<str>, Place)> {
        let one = |it: &BlockLabel| {
            let span = match it {
                BlockLabel::Ident(it) => range(it),
                BlockLabel::String(it) => range(it),
            };
            (Arc::from(it.as_str()), self.offsets.place(span))
        };
        it.labels.iter().map(one).collect()
    }

    /// Arguments and nested blocks; blocks of a type stand where the first of them does.
    fn body(&mut self, body: Body) -> Vec<Setting> {
        let mut out: Vec<Result<Setting, Group>> = Vec::new();
        for it in body {
            match it {
                Structure::Attribute(it) => out.push(Ok(argument(it, self.offsets))),
                Structure::Block(it) => self.nested(it, &mut out),
            }
        }
        self.told_apart(&out);
        out.into_iter().map(|it| it.unwrap_or_else(Group::setting)).collect()
    }

    fn nested(&mut self, it: HclBlock, out: &mut Vec<Result<Setting, Group>>) {
        let (name, place, part) = match it.ident.as_str() {
            "dynamic" => {
                let place = self.offsets.place(header(&it));
                let labels = self.labels(&it);
                let body = self.body(it.body);
                let Some((name, name_place, part)) = dynamic::read(labels, body, place, self.errors) else {
                    return;
                };
                (name, name_place, part)
            }
            name => (name.into(), self.offsets.place(range(&it.ident)), Part::Static(self.object(it))),
        };
        let group = out.iter_mut().filter_map(|it| it.as_mut().err()).find(|it| it.name == name);
        match group {
            Some(it) => it.parts.push(part),
            None => out.push(Err(Group { name, place, parts: vec![part] })),
        }
    }

    /// A nested block; its names are objects around it.
    fn object(&mut self, it: HclBlock) -> Expr {
        let place = self.offsets.place(header(&it));
        let labels = self.labels(&it);
        let fields = self.body(it.body).into_iter().map(|it| (it.name, it.place, it.value)).collect();
        let body = Expr { node: Node::Object(fields), place: place.clone() };
        labels.into_iter().rev().fold(body, |value, (label, at)| Expr {
            node: Node::Object(vec![(label, at, value)]),
            place: place.clone(),
        })
    }

    /// A name is an argument or a block, not both.
    fn told_apart(&mut self, all: &[Result<Setting, Group>]) {
        for group in all.iter().filter_map(|it| it.as_ref().err()) {
            let twice = all.iter().filter_map(|it| it.as_ref().ok()).find(|it| it.name == group.name);
            if let Some(it) = twice {
                let error =
                    Diagnostic::error(format!("`{}` stands here as an argument and as a block", it.name));
                self.errors.push(error.at(&it.place).help("keep one of them"));
            }
        }
    }
}

impl Group {
    /// One block is an object, several are an array of them, as in a stack file.
    fn setting(self) -> Setting {
        let place = self.parts.first().map_or_else(|| self.place.clone(), |it| it.place().clone());
        let dynamic = self.parts.iter().any(|it| matches!(it, Part::Dynamic(_)));
        let value = if dynamic {
            Expr { node: Node::Blocks(self.parts), place }
        } else {
            let mut all: Vec<Expr> = self.parts.into_iter().filter_map(Part::into_static).collect();
            match all.len() {
                1 => all.remove(0),
                _ => Expr { node: Node::Array(all), place },
            }
        };
        Setting { name: self.name, place: self.place, value }
    }
}

/// From the name of a block to the last of its labels.
fn header(it: &HclBlock) -> Range<usize> {
    let start = range(&it.ident);
    let last = it.labels.last().map(|it| match it {
        BlockLabel::Ident(it) => range(it),
        BlockLabel::String(it) => range(it),
    });
    start.start..last.unwrap_or(start).end
}

fn range(it: &impl Span) -> Range<usize> {
    it.span().unwrap_or_default()
}
