//! The blocks of a file's top level.

use super::block::{Converter, Of};
use super::read::{Above, Block, Item, Node};
use super::table::{Line, Table};
use super::value;
use crate::diag::Diagnostic;

/// The tables of a file, in its order.
#[derive(Default)]
pub struct File {
    pub tables: Vec<Table>,
    pub tail: Vec<Above>,
}

impl File {
    pub fn text(&self) -> String {
        let mut out = String::new();
        for it in &self.tables {
            out.push('\n');
            it.write(&[], &mut out);
        }
        out.push('\n');
        let tail = Table { tail: self.tail.clone(), ..Table::default() };
        tail.write(&[], &mut out);
        out
    }
}

impl<'a> Converter<'a> {
    /// Takes up what stands at the top of a file.
    pub fn top(&mut self, item: Item<'_, 'a>, several: &dyn Fn(&str) -> bool, out: &mut File) {
        let Item { above, beside, node } = item;
        let block = match node {
            Node::Block(it) => it,
            Node::Argument { name, .. } => {
                let error = self.source.error(name, format!("`{}` stands outside of any block", name.text));
                return self.errors.push(error);
            }
        };
        let kind = block.kind.text;
        if kind == "terraform" {
            return self.terraform(block, above, out);
        }
        let Some((path, array, of)) = self.header(&block, several) else { return };
        let mut table = Table { above, beside, ..Table::new(&path, array) };
        if kind == "locals"
            && let Some(first) = out.tables.iter_mut().find(|it| it.path == ["locals"])
        {
            self.fill(&mut table, block.body, of);
            return merge(first, table);
        }
        self.kind = block.labels.first().map(|it| it.text).filter(|_| kind == "resource");
        self.fill(&mut table, block.body, of);
        self.kind = None;
        out.tables.push(table);
    }

    /// The table that a block becomes.
    fn header<'t>(
        &mut self,
        block: &Block<'t, 'a>,
        several: &dyn Fn(&str) -> bool,
    ) -> Option<(Vec<&'a str>, bool, Of)> {
        let kind = block.kind.text;
        let labels: Vec<&str> = block.labels.iter().map(|it| it.text).collect();
        let (wanted, of) = match kind {
            "resource" => (2, Of::Resource),
            "data" => (2, Of::Data),
            "variable" => (1, Of::Variable),
            "output" => (1, Of::Output),
            "module" => (1, Of::Module),
            "check" => (1, Of::Check),
            "provider" => (1, Of::Other),
            "moved" | "removed" => (0, Of::Addresses),
            "import" => (0, Of::Import),
            "locals" => (0, Of::Other),
            _ => {
                let error = self.source.error(block.kind, format!("`{kind}` cannot be converted"));
                self.errors.push(error.help("a stack file has nothing that means the same"));
                return None;
            }
        };
        if labels.len() != wanted {
            let error = format!("this `{kind}` has {} names where it should have {wanted}", labels.len());
            self.errors.push(self.source.error(block.kind, error));
            return None;
        }
        let array = wanted == 0 && kind != "locals" || kind == "provider" && several(labels[0]);
        let path = if kind == "resource" { labels } else { std::iter::once(kind).chain(labels).collect() };
        Some((path, array, of))
    }

    /// Backend and encryption are kept; what is asked of Terraform itself means nothing here.
    fn terraform(&mut self, block: Block<'_, 'a>, mut above: Vec<Above>, out: &mut File) {
        for item in block.body.items {
            match item.node {
                Node::Argument { name, .. } => self.left_out(name),
                Node::Block(inner) => match (inner.kind.text, &inner.labels[..]) {
                    ("backend", [_]) | ("encryption", []) if is_kept(&inner) => {
                        let mut comments = std::mem::take(&mut above);
                        comments.extend(item.above);
                        let path = match &inner.labels[..] {
                            [kind] => ["backend", kind.text],
                            _ => ["stack", "encryption"],
                        };
                        let beside = item.beside;
                        let mut table = Table { above: comments, beside, ..Table::new(&path, false) };
                        self.fill(&mut table, inner.body, Of::Other);
                        out.tables.push(table);
                    }
                    ("required_providers", _) => {
                        self.left_out(inner.kind);
                        self.provider_names(&inner);
                    }
                    ("provider_meta", _) => self.left_out(inner.kind),
                    (kind, _) => {
                        let error =
                            self.source.error(inner.kind, format!("this `{kind}` cannot be converted"));
                        let help =
                            "the state is kept in S3 (`backend \"s3\"`) or in a file (`backend \"local\"`)";
                        self.errors.push(error.help(help));
                    }
                },
            }
        }
        // Comments of a block that is gone stay in the file.
        let comments = above.iter().any(|it| matches!(it, Above::Comment(_)));
        if comments {
            above.push(Above::Blank);
            let next = Table { tail: above, ..Table::default() };
            out.tables.push(next);
        }
    }

    /// A stack file calls a provider by its own name.
    fn provider_names(&mut self, block: &Block<'_, 'a>) {
        for item in &block.body.items {
            let Node::Argument { name, value } = item.node else { continue };
            let lines = value::object(value, self.source).map(|it| it.lines).unwrap_or_default();
            let source = lines.iter().find_map(|it| match it {
                Line::Pair(it) if it.key == "source" => Some(it.value.trim_matches('"')),
                _ => None,
            });
            let own = source.and_then(|it| it.rsplit('/').next()).unwrap_or(name.text);
            if own != name.text {
                let error = format!("the provider `{own}` is called `{}` here", name.text);
                let error = self.source.error(name, error);
                self.errors.push(error.help(format!("a stack file calls it `{own}`: rename it first")));
            }
        }
    }

    fn left_out(&mut self, name: &crate::format::hcl::token::Token<'a>) {
        let note = Diagnostic::warning(format!("`{}` is left out", name.text));
        let note = note.at(&self.source.place(name));
        self.errors.push(note.detail("It asks something of Terraform, and means nothing in a stack file."));
    }
}

/// Whether a stack file has the same: there are two backends.
fn is_kept(block: &Block<'_, '_>) -> bool {
    block.labels.first().is_none_or(|it| matches!(it.text, "s3" | "local"))
}

/// TOML has a table once: local values of several blocks stand together.
fn merge(first: &mut Table, second: Table) {
    first.lines.push(Line::Above(Above::Blank));
    let header = second.above.into_iter().chain(second.beside.map(Above::Comment));
    first.lines.extend(header.map(Line::Above));
    first.lines.extend(second.lines);
    first.tables.extend(second.tables);
    first.tail.extend(second.tail);
}
