//! Bodies of blocks as tables.

use super::dynamic;
use super::read::{Block, Body, Item, Node, Source};
use super::reference;
use super::table::{Pair, Table};
use super::value::{self, Value};
use crate::diag::Diagnostics;
use crate::format::hcl::token::Token;

/// What a body belongs to: some names in it mean something of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Resource,
    Data,
    Lifecycle,
    Provisioner,
    Variable,
    Output,
    Module,
    Addresses,
    Import,
    Check,
    /// Nothing means anything of its own.
    Other,
}

pub struct Converter<'a> {
    pub source: Source<'a>,
    pub errors: Diagnostics,
    pub stays: Stays<'a>,
    /// The type of the resource that is converted.
    pub kind: Option<&'a str>,
}

/// Whether blocks of this name in a resource of this type stay what they are where the stack writes none.
pub type Stays<'a> = &'a dyn Fn(&str, &str) -> bool;

impl<'a> Converter<'a> {
    /// Takes up a body into a table.
    pub fn fill(&mut self, table: &mut Table, body: Body<'_, 'a>, of: Of) {
        let mut groups: Vec<(String, Vec<Item<'_, 'a>>)> = Vec::new();
        for item in body.items {
            let Item { above, beside, node } = item;
            match node {
                Node::Argument { name, value } => {
                    let value = self.argument(name, value, of);
                    value::put(table, name.text.to_owned(), value, above, beside);
                }
                Node::Block(block) => {
                    let name = self.group_of(&block);
                    let item = Item { above, beside, node: Node::Block(block) };
                    match groups.iter_mut().find(|it| it.0 == name) {
                        Some((_, all)) => all.push(item),
                        None => groups.push((name, vec![item])),
                    }
                }
            }
        }
        for (name, all) in groups {
            self.blocks(table, &name, all, of);
        }
        table.tail.extend(body.tail);
    }

    /// The type of the blocks that this one adds to.
    fn group_of(&self, block: &Block) -> String {
        match (block.kind.text, &block.labels[..]) {
            ("dynamic", [label]) => label.text.to_owned(),
            (kind, labels) => {
                let names = std::iter::once(kind).chain(labels.iter().map(|it| it.text));
                names.collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn argument(&mut self, name: &Token<'a>, tokens: &[Token<'a>], of: Of) -> Value {
        let source = self.source;
        let plain = match (of, name.text) {
            (Of::Resource | Of::Data | Of::Module | Of::Output, "depends_on")
            | (Of::Lifecycle, "replace_triggered_by") => reference::list(tokens, source),
            (Of::Lifecycle, "ignore_changes") => {
                Some(reference::list(tokens, source).unwrap_or_else(|| reference::one(tokens, source)))
            }
            (Of::Resource | Of::Data | Of::Import, "provider")
            | (Of::Addresses, "from" | "to")
            | (Of::Import, "to")
            | (Of::Provisioner, "when" | "on_failure") => Some(reference::one(tokens, source)),
            (Of::Module, "providers") => reference::providers(tokens, source),
            (Of::Variable, "type") => Some(reference::variable_type(tokens, source)),
            _ => return value::of(tokens, source),
        };
        let plain = plain.unwrap_or_else(|| {
            let error = self.source.error(name, format!("this `{}` cannot be converted", name.text));
            self.errors.push(error.help("write it as a plain list of addresses, and convert again"));
            String::new()
        });
        Value::Inline(plain)
    }

    /// Blocks of one type: a table, an array of tables, or an expression where some are computed.
    fn blocks(&mut self, table: &mut Table, name: &str, all: Vec<Item<'_, 'a>>, of: Of) {
        if all.iter().any(|it| dynamic::is(it)) {
            return self.computed(table, name, all, of);
        }
        let array = all.len() > 1;
        for item in all {
            let Item { above, beside, node: Node::Block(block) } = item else { continue };
            let inner = match (of, block.kind.text) {
                (Of::Resource | Of::Data, "lifecycle") => Of::Lifecycle,
                (Of::Resource | Of::Addresses, "provisioner") => Of::Provisioner,
                (Of::Check, "data") => Of::Data,
                _ => Of::Other,
            };
            if let Some(what) = refused(of, &block) {
                let error = self.source.error(block.kind, format!("{what} cannot be converted"));
                self.errors.push(error.help("nothing is run on other machines: take it out first"));
                continue;
            }
            let path: Vec<&str> = name.split(' ').collect();
            let mut one = Table { above, beside, ..Table::new(&path, array) };
            self.fill(&mut one, block.body, inner);
            // An import or a check reads better with its tables written out.
            let short = one.short().filter(|_| !array && path.len() == 1 && of != Of::Check);
            match short {
                Some(value) => table.add(Vec::new(), Pair { key: name.to_owned(), value, beside: None }),
                None => table.tables.push(one),
            }
        }
    }

    fn computed(&mut self, table: &mut Table, name: &str, all: Vec<Item<'_, 'a>>, of: Of) {
        let mut above = Vec::new();
        let mut blocks = Vec::new();
        for (at, item) in all.into_iter().enumerate() {
            let Item { above: comments, node: Node::Block(block), .. } = item else { continue };
            if at == 0 {
                above = comments;
                blocks.push((Vec::new(), block));
            } else {
                blocks.push((comments, block));
            }
        }
        let kind = self.kind.filter(|_| of == Of::Resource);
        let stays = kind.is_some_and(|kind| (self.stays)(kind, name));
        let text = dynamic::expression(&blocks, stays, self);
        let value = value::expression(&text);
        table.add(above, Pair { key: name.to_owned(), value, beside: None });
    }
}

/// What runs on other machines.
fn refused(of: Of, block: &Block) -> Option<String> {
    let label = block.labels.first().map_or("", |it| it.text);
    match (of, block.kind.text) {
        (Of::Resource | Of::Provisioner, "connection") => Some("`connection`".to_owned()),
        (Of::Resource | Of::Addresses, "provisioner") if label != "local-exec" => {
            Some(format!("the provisioner `{label}`"))
        }
        _ => None,
    }
}
