//! Values as expressions, laid out as `terraform fmt` would.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use crate::lang::value::{Kind, Map, Value};

pub(super) fn expression(value: &Value) -> String {
    let mut it = Writer::default();
    it.value(value);
    it.done()
}

/// A line `name = value` for each.
pub(super) fn variables(all: &Map) -> String {
    let mut it = Writer::default();
    for (name, value) in all {
        it.field(name, value);
        it.next_line();
    }
    it.done()
}

pub(super) fn is_name(text: &str) -> bool {
    hcl_edit::Ident::try_new(text).is_ok()
}

/// A line: the name before its equals sign, if any, the rest, and how many brackets it leaves open.
#[derive(Default)]
struct Line {
    name: Option<String>,
    text: String,
    open: isize,
}

impl Line {
    /// Equals signs of such lines, one after the other, stand below each other.
    fn aligned(&self) -> Option<usize> {
        let name = self.name.as_ref().filter(|_| self.open == 0)?;
        Some(name.graphemes(true).count())
    }
}

#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    line: Line,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.line.text.push_str(text);
    }
    fn open(&mut self, text: &str) {
        self.push(text);
        self.line.open += 1;
    }
    fn close(&mut self, text: &str) {
        self.push(text);
        self.line.open -= 1;
    }
    fn next_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
    }

    fn value(&mut self, value: &Value) {
        match &value.kind {
            Kind::Unknown(_) | Kind::Null(_) => self.push("null"),
            Kind::Bool(it) => self.push(if *it { "true" } else { "false" }),
            Kind::Number(it) => self.push(&it.to_string()),
            Kind::String(it) => self.push(&quoted(it)),
            Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => {
                self.open("[");
                for (at, it) in all.iter().enumerate() {
                    self.push(if at == 0 { "" } else { ", " });
                    self.value(it);
                }
                self.close("]");
            }
            Kind::Map(_, all) | Kind::Object(all) => self.object(all),
        }
    }

    fn object(&mut self, all: &Map) {
        self.open("{");
        if !all.is_empty() {
            self.next_line();
        }
        for (name, it) in all {
            self.field(name, it);
            self.next_line();
        }
        self.close("}");
    }

    fn field(&mut self, name: &str, value: &Value) {
        self.line.name = Some(if is_name(name) { name.to_owned() } else { quoted(name) });
        self.value(value);
    }

    fn done(mut self) -> String {
        if !self.line.text.is_empty() || self.lines.is_empty() {
            self.next_line();
            return layout(&self.lines);
        }
        layout(&self.lines) + "\n"
    }
}

fn layout(lines: &[Line]) -> String {
    let mut indents: Vec<isize> = Vec::new();
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        close(&mut indents, -line.open);
        let pad = "  ".repeat(indents.len());
        let name = line.name.as_ref().map_or_else(String::new, |it| {
            let width = line.aligned().map_or(0, |own| widest(lines, at) - own);
            format!("{it}{} = ", " ".repeat(width))
        });
        out.push(format!("{pad}{name}{}", line.text));
        if line.open > 0 {
            indents.push(line.open);
        }
    }
    out.join("\n")
}

/// The longest name of the aligned lines around one.
fn widest(lines: &[Line], at: usize) -> usize {
    let before = lines[..at].iter().rev().map_while(Line::aligned);
    let after = lines[at..].iter().map_while(Line::aligned);
    before.chain(after).max().unwrap_or(0)
}

/// A line that opens several brackets indents once; that goes when all of them are closed.
fn close(indents: &mut Vec<isize>, mut count: isize) {
    while count > 0 {
        match indents.last_mut() {
            Some(last) if *last > count => {
                *last -= count;
                return;
            }
            Some(last) => {
                count -= *last;
                indents.pop();
            }
            None => return,
        }
    }
}

/// In quotation marks, with what would start a template or does not print escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(it) = rest.next() {
        match it {
            '"' | '\\' => out.extend(['\\', it]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => out.extend([it, it]),
            ' ' => out.push(it),
            _ if !prints(it) => out.push_str(&match u32::from(it) {
                code @ ..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
            _ => out.push(it),
        }
    }
    out.push('"');
    out
}

static HIDDEN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{C}\p{Z}]").ok());

fn prints(it: char) -> bool {
    let hidden = || HIDDEN.as_ref().is_some_and(|hidden| hidden.is_match(it.encode_utf8(&mut [0; 4])));
    it.is_ascii_graphic() || !hidden()
}
