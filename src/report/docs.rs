//! The manual: one page for each resource type, data source and function, made of what the code says
//! of itself. [`text`] lays it out for a terminal, [`markdown`] for the web.

mod function;
mod index;
mod markdown;
mod text;

use std::time::Duration;

use crate::lang::Type;
use crate::schema::{Attribute, Block, Check, NestedBlock, Nesting, Schema};

use super::progress::whole;

pub use function::{of_form, of_function};
pub use index::{Line, index, matches};
pub use markdown::{list_markdown, page_markdown};
pub use text::{list_text, page_text};

/// A page of the manual.
#[derive(Debug, Default)]
pub struct Page {
    pub title: String,
    /// What it is about: `resource type`.
    pub about: &'static str,
    pub body: Vec<Piece>,
    pub sections: Vec<Section>,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Paragraph(String),
    Item(String),
    /// A language and lines.
    Code(String, String),
}

#[derive(Debug, Default, Clone)]
pub struct Section {
    pub title: &'static str,
    pub body: Vec<Piece>,
    pub entries: Vec<Entry>,
}

/// An argument, an attribute, a block with what is in it.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    pub name: String,
    pub ty: String,
    pub notes: Vec<String>,
    pub doc: String,
    pub inner: Vec<Entry>,
}

/// What a page tells of a type besides its schema.
#[derive(Debug, Default)]
pub struct Facts {
    pub name: String,
    pub data: bool,
    /// Examples of the ids it is imported by.
    pub imports: Vec<String>,
    /// How long an operation may take where the stack does not say: its name in `timeouts`.
    pub patience: Vec<(&'static str, Duration)>,
    /// Whether the other mode has a type of that name too.
    pub twin: bool,
}

/// The page of a type.
pub fn of_type(facts: &Facts, schema: &Schema) -> Page {
    let block = &schema.block;
    let (about, title) = match facts.data {
        true => ("data source", format!("data.{}", facts.name)),
        false => ("resource type", facts.name.clone()),
    };
    let mut body = pieces(&block.doc);
    if facts.twin {
        let other = if facts.data { facts.name.clone() } else { format!("data.{}", facts.name) };
        let what = if facts.data { "resource type" } else { "data source" };
        body.push(Piece::Paragraph(format!("There is a {what} of this name too: `infra docs {other}`.")));
    }
    let given = |it: &Attribute| it.required || it.optional;
    let of = |wanted: fn(&Attribute) -> bool| -> Vec<Entry> {
        block.attributes.iter().filter(|it| wanted(it.1)).map(|(name, it)| attribute(name, it)).collect()
    };
    let blocks = block.blocks.iter().filter(|it| it.0 != "timeouts");
    let mut sections = vec![
        section("Required arguments", of(|it| it.required)),
        section("Optional arguments", of(|it| it.optional)),
        section("Blocks", blocks.map(|(name, it)| nested(name, it)).collect()),
        section("Attributes", of(|it| !(it.required || it.optional))),
    ];
    sections.extend(timeouts(facts, block));
    if block.attributes.get("tags").is_some_and(given) && block.attributes.contains_key("tags_all") {
        sections.push(prose("Tags", "`tags` lie over the `default_tags` of the provider configuration; `tags_all` is what comes of it."));
    }
    sections.push(prose("Besides", if facts.data { DATA } else { RESOURCE }));
    sections.extend(import(facts));
    sections.retain(|it| !it.entries.is_empty() || !it.body.is_empty());
    Page { title, about, body, sections }
}

const RESOURCE: &str = "Every resource takes `count` or `for_each`, `depends_on`, `provider`, `lifecycle` and \
                        `provisioner`.";
const DATA: &str = "Every data source takes `count` or `for_each`, `depends_on`, `provider` and, in `lifecycle`, conditions.";

impl Page {
    /// The page with nothing but what a path names: `ingress.from_port`; `None` where there is no such thing.
    pub fn about(&self, path: &[&str]) -> Option<Page> {
        let (first, rest) = path.split_first()?;
        if let ("timeouts", []) = (*first, rest) {
            let it = self.sections.iter().find(|it| it.title == TIMEOUTS)?.clone();
            let title = format!("{}.timeouts", self.title);
            return Some(Page { title, about: "block", body: Vec::new(), sections: vec![it] });
        }
        let mut found = self.entries().find(|it| it.name == *first)?;
        for name in rest {
            found = found.inner.iter().find(|it| it.name == *name)?;
        }
        let title = format!("{}.{}", self.title, path.join("."));
        let sections = vec![Section { title: "", body: Vec::new(), entries: vec![found.clone()] }];
        Some(Page { title, about: "argument or attribute", body: Vec::new(), sections })
    }
    /// Arguments, blocks and attributes.
    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sections.iter().filter(|it| it.title != TIMEOUTS).flat_map(|it| &it.entries)
    }
    /// All names that may follow the title.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries().map(|it| it.name.as_str())
    }
}

fn section(title: &'static str, entries: Vec<Entry>) -> Section {
    Section { title, body: Vec::new(), entries }
}

fn prose(title: &'static str, text: &str) -> Section {
    Section { title, body: vec![Piece::Paragraph(text.to_owned())], entries: Vec::new() }
}

const TIMEOUTS: &str = "Timeouts";

fn timeouts(facts: &Facts, block: &Block) -> Option<Section> {
    let it = block.blocks.get("timeouts")?;
    let entries = it.block.attributes.iter().map(|(name, it)| {
        let mut entry = attribute(name, it);
        let usual = facts.patience.iter().find(|it| it.0 == name);
        entry.notes = usual.iter().map(|it| format!("default {}", whole(it.1))).collect();
        entry.ty.clear();
        entry
    });
    let body = vec![Piece::Paragraph("`timeouts` says how long to wait, such as \"30m\".".to_owned())];
    Some(Section { title: TIMEOUTS, body, entries: entries.collect() })
}

fn import(facts: &Facts) -> Option<Section> {
    let first = facts.imports.first()?;
    let command = format!("infra import {}.NAME '{first}'", facts.name);
    let block = format!("[[import]]\nto = \"{}.NAME\"\nid = \"{first}\"", facts.name);
    let mut body = vec![Piece::Code("sh".to_owned(), command), Piece::Code("toml".to_owned(), block)];
    if facts.imports.len() > 1 {
        let all: Vec<String> = facts.imports.iter().map(|it| format!("`{it}`")).collect();
        body.push(Piece::Paragraph(format!("Forms of the id: {}.", all.join(", "))));
    }
    Some(Section { title: "Import", body, entries: Vec::new() })
}

fn attribute(name: &str, it: &Attribute) -> Entry {
    let inner = it.of.as_ref().map(|it| entries(it)).unwrap_or_default();
    let ty = if it.of.is_some() { objects(&it.ty) } else { it.ty.to_string().replace("dynamic", "any") };
    Entry { name: name.to_owned(), ty, notes: notes(it), doc: it.doc.trim().to_owned(), inner }
}

fn objects(ty: &Type) -> String {
    match ty {
        Type::List(_) => "list of objects",
        Type::Set(_) => "set of objects",
        Type::Map(_) => "map of objects",
        _ => "object",
    }
    .to_owned()
}

/// Everything in a block: what is required first.
fn entries(block: &Block) -> Vec<Entry> {
    let mut all: Vec<(bool, Entry)> =
        block.attributes.iter().map(|(name, it)| (!it.required, attribute(name, it))).collect();
    all.extend(block.blocks.iter().map(|(name, it)| (it.min == 0, nested(name, it))));
    all.sort_by(|a, b| (a.0, &a.1.name).cmp(&(b.0, &b.1.name)));
    all.into_iter().map(|it| it.1).collect()
}

fn nested(name: &str, it: &NestedBlock) -> Entry {
    let ty = match (it.nesting, it.max) {
        (Nesting::Single, _) | (_, Some(1)) => "block".to_owned(),
        (Nesting::List, None) => "blocks, in order".to_owned(),
        (Nesting::Set, None) => "blocks".to_owned(),
        (_, Some(most)) => format!("blocks, at most {most}"),
    };
    let mut notes = Vec::new();
    notes.extend((it.min > 0).then(|| "required".to_owned()));
    notes.extend(it.fixed.then(|| REPLACES.to_owned()));
    let doc = if it.doc.trim().is_empty() { &it.block.doc } else { &it.doc };
    Entry { name: name.to_owned(), ty, notes, doc: doc.trim().to_owned(), inner: entries(&it.block) }
}

const REPLACES: &str = "a change replaces";

fn notes(it: &Attribute) -> Vec<String> {
    let mut out = Vec::new();
    if it.required {
        out.push("required".to_owned());
    }
    let default = it.default.as_ref().filter(|it| !it.is_null() && it.as_str() != Some(""));
    if let Some(default) = default {
        out.push(format!("default {}", default.to_json()));
    } else if it.optional && it.computed {
        out.push("AWS decides where it is not set".to_owned());
    }
    out.extend(it.fixed.then(|| REPLACES.to_owned()));
    if it.write_only {
        out.push("sent, and kept nowhere".to_owned());
    } else if it.sensitive {
        out.push("never printed".to_owned());
    }
    out.extend(limits(&it.checks));
    out
}

/// What a value must satisfy, in words.
fn limits(checks: &[Check]) -> Vec<String> {
    let mut out = Vec::new();
    let (mut least, mut most) = (None, None);
    for it in checks {
        match it {
            Check::OneOf(all) => {
                let all: Vec<String> = all.iter().map(serde_json::Value::to_string).collect();
                out.push(format!("one of {}", all.join(", ")));
            }
            Check::AtLeast(it) => least = Some(*it),
            Check::AtMost(it) => most = Some(*it),
            Check::Longer(it) => out.push(format!("at least {it} characters")),
            Check::Shorter(it) => out.push(format!("at most {it} characters")),
            Check::Cidr | Check::Cidr4 => out.push("a range such as 10.0.0.0/16".to_owned()),
            Check::Cidr6 => out.push("a range such as 2001:db8::/56".to_owned()),
            Check::Json => out.push("JSON".to_owned()),
            Check::Pattern(_) | Check::Object => {}
        }
    }
    out.extend(match (least, most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) => Some(format!("{least} or more")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    });
    out
}

/// Doc comments as pieces: paragraphs, items of lists, code.
pub fn pieces(doc: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut lines = doc.trim().lines();
    let mut open = false;
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|it| !it.starts_with("```")).collect();
            out.push(Piece::Code(language.trim().to_owned(), code.join("\n")));
            open = false;
        } else if line.trim().is_empty() {
            open = false;
        } else if let Some(item) = line.strip_prefix("- ") {
            out.push(Piece::Item(item.to_owned()));
            open = true;
        } else if let (true, Some(Piece::Paragraph(text) | Piece::Item(text))) = (open, out.last_mut()) {
            text.push(' ');
            text.push_str(line.trim());
        } else {
            out.push(Piece::Paragraph(line.trim().to_owned()));
            open = true;
        }
    }
    out
}

/// What a manual says first.
pub fn first_sentence(doc: &str) -> String {
    let first = pieces(doc).into_iter().find_map(|it| match it {
        Piece::Paragraph(text) => Some(text),
        _ => None,
    });
    let first = first.unwrap_or_default();
    match first.find(". ") {
        Some(end) => first[..=end].to_owned(),
        None => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_paragraphs_items_and_code() {
        let doc = "One thing.\nMore of it.\n\n- a\n  b\n- c\n\n```toml\n[x]\n\ny = 1\n```\nEnd.";
        let paragraph = |it: &str| Piece::Paragraph(it.to_owned());
        let item = |it: &str| Piece::Item(it.to_owned());
        assert_eq!(
            pieces(doc),
            [
                paragraph("One thing. More of it."),
                item("a b"),
                item("c"),
                Piece::Code("toml".to_owned(), "[x]\n\ny = 1".to_owned()),
                paragraph("End."),
            ]
        );
        assert_eq!(first_sentence(doc), "One thing.");
    }
}
