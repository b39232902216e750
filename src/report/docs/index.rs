//! Everything the manual has, and what of it speaks of something.

use super::first_sentence;
use crate::lang::functions;
use crate::schema::{Block, Schema};

/// A line of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The group it stands in.
    pub group: &'static str,
    /// What to ask the manual for.
    pub name: String,
    pub doc: String,
}

type Named<'a> = (&'a str, &'a Schema);

/// All pages.
pub fn index(resources: &[Named], data_sources: &[Named]) -> Vec<Line> {
    let line = |group, name: String, doc: &str| Line { group, name, doc: first_sentence(doc) };
    let resources = resources.iter().map(|it| line("Resource types", it.0.to_owned(), &it.1.block.doc));
    let data = data_sources.iter().map(|it| line("Data sources", format!("data.{}", it.0), &it.1.block.doc));
    let mut all: Vec<Line> = resources.chain(data).collect();
    let mut rest: Vec<Line> =
        functions::all().map(|it| line("Functions", it.name.to_owned(), it.doc)).collect();
    rest.extend(functions::FORMS.iter().map(|it| line("Functions", form_name(it.usage).to_owned(), it.doc)));
    rest.sort_by(|a, b| a.name.cmp(&b.name));
    all.extend(rest);
    all
}

/// `try` of `try(expressions…)`.
pub fn form_name(usage: &str) -> &str {
    usage.split('(').next().unwrap_or(usage)
}

/// The pages, arguments and attributes that speak of all these words; those named after them first.
pub fn matches(resources: &[Named], data_sources: &[Named], words: &str) -> Vec<Line> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let speaks = |text: &str| words.iter().all(|it| text.contains(it.as_str()));
    let mut out: Vec<(u8, Line)> = Vec::new();
    for it in index(resources, data_sources) {
        let whole = format!("{} {}", it.name, whole_doc(resources, data_sources, &it)).to_lowercase();
        if speaks(&whole) {
            out.push((if speaks(&it.name.to_lowercase()) { 0 } else { 1 }, it));
        }
    }
    let mut inside = |prefix: &str, schema: &Schema| {
        for (name, doc) in of_block(&schema.block, "") {
            let text = format!("{name} {doc}").to_lowercase();
            if speaks(&text) {
                let line = Line {
                    group: "Arguments and attributes",
                    name: format!("{prefix}.{name}"),
                    doc: first_sentence(&doc),
                };
                out.push((2, line));
            }
        }
    };
    resources.iter().for_each(|it| inside(it.0, it.1));
    data_sources.iter().for_each(|it| inside(&format!("data.{}", it.0), it.1));
    // Groups stay together, in the order of the index.
    const GROUPS: [&str; 4] = ["Resource types", "Data sources", "Functions", "Arguments and attributes"];
    out.sort_by_key(|it| (GROUPS.iter().position(|group| *group == it.1.group), it.0));
    out.into_iter().map(|it| it.1).collect()
}

fn whole_doc<'a>(resources: &[Named<'a>], data_sources: &[Named<'a>], it: &Line) -> String {
    let of =
        |all: &[Named<'a>], name: &str| all.iter().find(|it| it.0 == name).map(|it| it.1.block.doc.clone());
    let found = match it.name.strip_prefix("data.") {
        Some(name) => of(data_sources, name),
        None => of(resources, &it.name),
    };
    // Examples speak of everything.
    let doc = found.map(|it| it.split("```").step_by(2).collect::<String>());
    doc.unwrap_or_else(|| it.doc.clone())
}

/// Every attribute and block, those in blocks too, with its documentation.
fn of_block(block: &Block, prefix: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> =
        block.attributes.iter().map(|(name, it)| (format!("{prefix}{name}"), it.doc.clone())).collect();
    for (name, it) in &block.blocks {
        out.push((format!("{prefix}{name}"), it.doc.clone()));
        out.extend(of_block(&it.block, &format!("{prefix}{name}.")));
    }
    out
}
