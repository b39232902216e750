//! The tree of a file as text.

use super::scalar;
use super::tree::{Entry, Item, Key, Nest, Pair, Value};

/// What is longer than this is broken over lines where it can be.
const WIDTH: usize = 100;

/// The whole file; lines end with `end`.
pub fn file(items: &[Item], end: &str) -> String {
    let mut it = Writer { out: String::new(), end };
    let items = arranged(items);
    for item in items {
        match item {
            Item::Blank => {}
            Item::Comment(text) => it.out.push_str(text),
            Item::Header { array, key, comment } => it.header(*array, key, *comment),
            Item::Pair(pair) => it.pair(pair, 0),
        }
        it.new_line(0);
    }
    it.out
}

/// One empty line before each table and the comments that belong to it, none after its header, and
/// nowhere two.
fn arranged<'i, 'a>(items: &'i [Item<'a>]) -> Vec<&'i Item<'a>> {
    const BLANK: &Item<'static> = &Item::Blank;
    let mut out: Vec<&Item> = Vec::new();
    for item in items {
        let before = out.last();
        match item {
            Item::Blank => match before {
                None | Some(Item::Blank | Item::Header { .. }) => continue,
                Some(_) => {}
            },
            Item::Header { .. } => {
                let comments = out.iter().rev().take_while(|it| matches!(it, Item::Comment(_))).count();
                let at = out.len() - comments;
                if at > 0 && !matches!(out[at - 1], Item::Blank) {
                    out.insert(at, BLANK);
                }
            }
            Item::Comment(_) | Item::Pair(_) => {}
        }
        out.push(item);
    }
    while matches!(out.last(), Some(Item::Blank)) {
        out.pop();
    }
    out
}

struct Writer<'e> {
    out: String,
    end: &'e str,
}

impl Writer<'_> {
    fn new_line(&mut self, indent: usize) {
        self.out.push_str(self.end);
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn comment(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.out.push(' ');
            self.out.push_str(text);
        }
    }

    fn header(&mut self, array: bool, key: &[Key], comment: Option<&str>) {
        let (open, close) = if array { ("[[", "]]") } else { ("[", "]") };
        self.out.push_str(open);
        self.out.push_str(&dotted(key));
        self.out.push_str(close);
        self.comment(comment);
    }

    fn pair(&mut self, it: &Pair, indent: usize) {
        self.keyed(it, indent, 0);
        self.comment(it.comment);
    }

    /// A value, with its key where it has one; `more` is what else must fit in its line.
    fn keyed(&mut self, it: &Pair, indent: usize, more: usize) {
        if !it.key.is_empty() {
            self.out.push_str(&dotted(&it.key));
            self.out.push_str(" = ");
        }
        self.value(&it.value, indent, more);
    }

    fn value(&mut self, it: &Value, indent: usize, more: usize) {
        match it {
            Value::Scalar(it) => self.out.push_str(&scalar::value(it)),
            Value::Array(nest) => {
                let short = flat(it).filter(|it| self.column() + width(it) + more <= WIDTH);
                match short.filter(|_| !nest.broken) {
                    Some(text) => self.out.push_str(&text),
                    None => self.nest(nest, indent, ("[", "]")),
                }
            }
            Value::Table(nest) => match flat(it).filter(|_| !nest.broken) {
                Some(text) => self.out.push_str(&text),
                None => self.nest(nest, indent, ("{", "}")),
            },
        }
    }

    fn nest(&mut self, nest: &Nest, indent: usize, (open, close): (&str, &str)) {
        self.out.push_str(open);
        for it in &nest.entries {
            match it {
                Entry::Blank => self.new_line(0),
                Entry::Comment(text) => {
                    self.new_line(indent + 2);
                    self.out.push_str(text);
                }
                Entry::Value(it) => {
                    self.new_line(indent + 2);
                    self.keyed(it, indent + 2, 1);
                    self.out.push(',');
                    self.comment(it.comment);
                }
            }
        }
        self.new_line(indent);
        self.out.push_str(close);
    }

    fn column(&self) -> usize {
        let line = self.out.rfind('\n').map_or(&*self.out, |it| &self.out[it + 1..]);
        width(line)
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn dotted(key: &[Key]) -> String {
    key.iter().map(scalar::key).collect::<Vec<_>>().join(".")
}

/// On one line, where nothing stands in the way of that.
fn flat(it: &Value) -> Option<String> {
    let (nest, open, close) = match it {
        Value::Scalar(it) => return Some(scalar::value(it)).filter(|it| !it.contains('\n')),
        Value::Array(nest) => (nest, "[", "]"),
        Value::Table(nest) if nest.entries.is_empty() => (nest, "{", "}"),
        Value::Table(nest) => (nest, "{ ", " }"),
    };
    if nest.broken {
        return None;
    }
    let entries = nest.entries.iter().filter(|it| **it != Entry::Blank).map(|it| match it {
        Entry::Value(Pair { key, value, comment: None }) => {
            let value = flat(value)?;
            Some(if key.is_empty() { value } else { format!("{} = {value}", dotted(key)) })
        }
        _ => None,
    });
    let entries: Option<Vec<String>> = entries.collect();
    Some(format!("{open}{}{close}", entries?.join(", ")))
}
