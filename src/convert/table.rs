//! What is written: tables with their settings and the tables in them, and comments everywhere.

use super::read::Above;
use crate::format::toml::quote;

/// A table on its way to text.
#[derive(Debug, Default)]
pub struct Table {
    pub above: Vec<Above>,
    /// Below the table that it stands in.
    pub path: Vec<String>,
    pub array: bool,
    pub beside: Option<String>,
    pub lines: Vec<Line>,
    pub tables: Vec<Table>,
    pub tail: Vec<Above>,
}

#[derive(Debug)]
pub enum Line {
    Above(Above),
    Pair(Pair),
}

#[derive(Debug)]
pub struct Pair {
    pub key: String,
    /// As TOML.
    pub value: String,
    pub beside: Option<String>,
}

/// What fits into one line: a table with more than this many settings does not.
const MOST: usize = 3;
const WIDTH: usize = 80;

impl Table {
    pub fn new(path: &[&str], array: bool) -> Table {
        Table { path: path.iter().map(|it| (*it).to_owned()).collect(), array, ..Table::default() }
    }

    pub fn add(&mut self, above: Vec<Above>, pair: Pair) {
        self.lines.extend(above.into_iter().map(Line::Above));
        self.lines.push(Line::Pair(pair));
    }

    /// `{ a = 1 }`, where it is short and has no comments.
    pub fn inline(&self) -> Option<String> {
        let commented = self.beside.is_some()
            || self.tail.iter().chain(&self.above).any(|it| matches!(it, Above::Comment(_)));
        if commented || !self.tables.is_empty() {
            return None;
        }
        let mut pairs = Vec::new();
        for line in &self.lines {
            match line {
                Line::Above(Above::Blank) => {}
                Line::Above(Above::Comment(_)) => return None,
                Line::Pair(it) if it.beside.is_some() || it.value.contains('\n') => return None,
                Line::Pair(it) => pairs.push(format!("{} = {}", quote::key(&it.key), it.value)),
            }
        }
        Some(if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) })
    }

    /// The same, for a block.
    pub fn short(&self) -> Option<String> {
        let pairs = self.lines.iter().filter(|it| matches!(it, Line::Pair(_))).count();
        let nested = self.lines.iter().any(|it| matches!(it, Line::Pair(it) if it.value.starts_with('{')));
        let text = self.inline().filter(|_| pairs <= MOST && !nested)?;
        let name = self.path.last().map_or(0, |it| it.chars().count());
        (name + text.chars().count() <= WIDTH).then_some(text)
    }

    /// As text, below the tables around it.
    pub fn write(&self, around: &[String], out: &mut String) {
        let path: Vec<String> = around.iter().chain(&self.path).cloned().collect();
        write_above(&self.above, out);
        // A table that only holds others needs no header of its own, unless it is a thing of its own.
        let needed = around.is_empty()
            || self.array
            || self.tables.is_empty()
            || !self.lines.is_empty()
            || self.beside.is_some();
        if needed && !path.is_empty() {
            let name = path.iter().map(|it| quote::key(it)).collect::<Vec<_>>().join(".");
            let (open, close) = if self.array { ("[[", "]]") } else { ("[", "]") };
            let beside = self.beside.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
            out.push_str(&format!("{open}{name}{close}{beside}\n"));
        }
        for line in &self.lines {
            match line {
                Line::Above(it) => write_above(std::slice::from_ref(it), out),
                Line::Pair(it) => {
                    let beside = it.beside.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
                    out.push_str(&format!("{} = {}{beside}\n", quote::key(&it.key), it.value));
                }
            }
        }
        for it in &self.tables {
            out.push('\n');
            it.write(&path, out);
        }
        if self.tail.iter().any(|it| matches!(it, Above::Comment(_))) {
            write_above(&self.tail, out);
            // Not to be taken for a comment of the next table.
            out.push('\n');
        }
    }
}

fn write_above(above: &[Above], out: &mut String) {
    for it in above {
        if let Above::Comment(text) = it {
            out.push_str(text);
        }
        out.push('\n');
    }
}
