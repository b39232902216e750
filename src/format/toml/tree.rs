//! A TOML file as what is written in it, comments and all, in its order.

use toml_parser::Source;
use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind, RecursionGuard, parse_document};

/// As deep as the reader of stack files goes.
const DEEPEST: u32 = 80;

/// What stands in a file.
#[derive(Debug, PartialEq)]
pub enum Item<'a> {
    /// Any number of empty lines.
    Blank,
    Comment(&'a str),
    /// `[a.b]` or `[[a.b]]`
    Header {
        array: bool,
        key: Vec<Key<'a>>,
        comment: Option<&'a str>,
    },
    Pair(Pair<'a>),
}

#[derive(Debug, PartialEq)]
pub struct Pair<'a> {
    pub key: Vec<Key<'a>>,
    pub value: Value<'a>,
    pub comment: Option<&'a str>,
}

/// One part of a dotted key, as it is written.
#[derive(Debug, PartialEq, Clone, Copy)]
pub struct Key<'a> {
    pub raw: &'a str,
    pub encoding: Option<Encoding>,
}

#[derive(Debug, PartialEq)]
pub enum Value<'a> {
    Scalar(Key<'a>),
    Array(Nest<'a>),
    Table(Nest<'a>),
}

/// What stands between brackets.
#[derive(Debug, PartialEq, Default)]
pub struct Nest<'a> {
    pub entries: Vec<Entry<'a>>,
    /// Whether a line ends right after the opening bracket.
    pub broken: bool,
}

#[derive(Debug, PartialEq)]
pub enum Entry<'a> {
    Blank,
    Comment(&'a str),
    /// A value, with a key in an inline table.
    Value(Pair<'a>),
}

/// Reads a file; `None` where it is no TOML.
pub fn parse(text: &str) -> Option<Vec<Item<'_>>> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut events: Vec<Event> = Vec::new();
    let mut errors = Vec::new();
    parse_document(&tokens, &mut RecursionGuard::new(&mut events, DEEPEST), &mut errors);
    if !errors.is_empty() {
        return None;
    }
    Reader { text, events: &events, at: 0 }.document()
}

struct Reader<'a, 'e> {
    text: &'a str,
    events: &'e [Event],
    at: usize,
}

impl<'a> Reader<'a, '_> {
    fn peek(&self) -> Option<EventKind> {
        self.events.get(self.at).map(Event::kind)
    }

    fn next(&mut self) -> Option<&Event> {
        let event = self.events.get(self.at);
        self.at += 1;
        event
    }

    fn text(&self, event: &Event) -> Option<&'a str> {
        self.text.get(event.span().start()..event.span().end())
    }

    fn written(&self, event: &Event) -> Option<Key<'a>> {
        Some(Key { raw: self.text(event)?, encoding: event.encoding() })
    }

    fn skip_space(&mut self) {
        while self.peek() == Some(EventKind::Whitespace) {
            self.at += 1;
        }
    }

    /// The comment on the rest of the line, without white space behind it.
    fn comment(&mut self) -> Option<&'a str> {
        self.skip_space();
        if self.peek() != Some(EventKind::Comment) {
            return None;
        }
        let event = self.events.get(self.at)?;
        self.at += 1;
        self.text(event).map(str::trim_end)
    }

    fn document(mut self) -> Option<Vec<Item<'a>>> {
        let mut out = Vec::new();
        while self.at < self.events.len() {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(EventKind::Newline) => {
                    self.at += 1;
                    if out.last() != Some(&Item::Blank) {
                        out.push(Item::Blank);
                    }
                }
                Some(EventKind::Comment) => {
                    out.push(Item::Comment(self.comment()?));
                    self.end_of_line();
                }
                Some(EventKind::StdTableOpen | EventKind::ArrayTableOpen) => {
                    out.push(self.header()?);
                    self.end_of_line();
                }
                Some(_) => {
                    let key = self.key()?;
                    let value = self.value()?;
                    let comment = self.comment();
                    out.push(Item::Pair(Pair { key, value, comment }));
                    self.end_of_line();
                }
            }
        }
        Some(out)
    }

    fn end_of_line(&mut self) {
        self.skip_space();
        if self.peek() == Some(EventKind::Newline) {
            self.at += 1;
        }
    }

    fn header(&mut self) -> Option<Item<'a>> {
        let array = self.next()?.kind() == EventKind::ArrayTableOpen;
        let mut key = Vec::new();
        loop {
            let event = self.events.get(self.at)?;
            self.at += 1;
            match event.kind() {
                EventKind::SimpleKey => key.push(self.written(event)?),
                EventKind::Whitespace | EventKind::KeySep => {}
                _ => break,
            }
        }
        Some(Item::Header { array, key, comment: self.comment() })
    }

    /// Up to and with the `=`.
    fn key(&mut self) -> Option<Vec<Key<'a>>> {
        let mut out = Vec::new();
        loop {
            let event = self.events.get(self.at)?;
            self.at += 1;
            match event.kind() {
                EventKind::SimpleKey => out.push(self.written(event)?),
                EventKind::Whitespace | EventKind::KeySep => {}
                EventKind::KeyValSep => return Some(out),
                _ => return None,
            }
        }
    }

    fn value(&mut self) -> Option<Value<'a>> {
        self.skip_space();
        let event = self.events.get(self.at)?;
        self.at += 1;
        match event.kind() {
            EventKind::Scalar => self.written(event).map(Value::Scalar),
            EventKind::ArrayOpen => self.nest(false).map(Value::Array),
            EventKind::InlineTableOpen => self.nest(true).map(Value::Table),
            _ => None,
        }
    }

    fn nest(&mut self, table: bool) -> Option<Nest<'a>> {
        self.skip_space();
        let broken = matches!(self.peek(), Some(EventKind::Newline | EventKind::Comment));
        let mut entries: Vec<Entry> = Vec::new();
        // How many line ends have come since the last entry.
        let mut lines = 0;
        loop {
            self.skip_space();
            match self.peek()? {
                EventKind::ArrayClose | EventKind::InlineTableClose => {
                    self.at += 1;
                    trim(&mut entries);
                    return Some(Nest { broken: broken && !entries.is_empty(), entries });
                }
                EventKind::ValueSep => self.at += 1,
                EventKind::Newline => {
                    self.at += 1;
                    lines += 1;
                    if lines == 2 {
                        entries.push(Entry::Blank);
                    }
                }
                EventKind::Comment => {
                    let text = self.comment()?;
                    match entries.last_mut() {
                        Some(Entry::Value(it)) if lines == 0 && it.comment.is_none() => {
                            it.comment = Some(text)
                        }
                        _ => entries.push(Entry::Comment(text)),
                    }
                    lines = 0;
                }
                _ => {
                    let key = if table { self.key()? } else { Vec::new() };
                    let value = self.value()?;
                    entries.push(Entry::Value(Pair { key, value, comment: None }));
                    lines = 0;
                }
            }
        }
    }
}

/// No empty lines at the ends.
fn trim(entries: &mut Vec<Entry>) {
    while entries.last() == Some(&Entry::Blank) {
        entries.pop();
    }
    while entries.first() == Some(&Entry::Blank) {
        entries.remove(0);
    }
}
