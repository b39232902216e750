//! From a value to a YAML document, to the byte as Terraform writes it.

use crate::lang::value::{Kind, Map, Value};

/// From this column on a long text goes on in a new line.
const WIDEST: usize = 80;
/// A longer key needs a question mark before it.
const LONGEST_KEY: usize = 128;

pub(super) fn document(value: &Value) -> String {
    let mut it = Emitter { out: String::new(), column: 0, spaced: true, indented: true, open: false };
    it.node(value, -1, Role::Item);
    it.new_line(0);
    if it.open {
        it.out.push_str("...\n");
    }
    it.out
}

/// What a node is for its parent.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Item,
    /// A key on the line of its value.
    Key,
    /// A value in a mapping, or a key behind a question mark.
    Field,
}

struct Emitter {
    out: String,
    column: usize,
    /// The last character was white space, or there is none yet.
    spaced: bool,
    /// Nothing but indentation and indicators stands in this line.
    indented: bool,
    /// The document is a plain scalar, so that its end has to be marked.
    open: bool,
}

impl Emitter {
    fn put(&mut self, it: char) {
        self.out.push(it);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    /// Goes to a column, in a new line where this one has been written to.
    fn new_line(&mut self, column: usize) {
        if !self.indented || self.column > column || (self.column == column && !self.spaced) {
            self.line_break();
        }
        while self.column < column {
            self.put(' ');
        }
        self.spaced = true;
        self.indented = true;
    }

    /// An indicator such as `-`, with a space before it where it needs one.
    fn indicator(&mut self, text: &str, apart: bool, indents: bool) {
        if apart && !self.spaced {
            self.put(' ');
        }
        text.chars().for_each(|it| self.put(it));
        self.spaced = false;
        self.indented &= indents;
        self.open = false;
    }

    fn node(&mut self, value: &Value, indent: isize, role: Role) {
        match &value.kind {
            Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => self.sequence(all, indent, role),
            Kind::Map(_, all) | Kind::Object(all) => self.mapping(all, indent),
            Kind::String(text) => self.text(text, indent, role),
            Kind::Number(it) => self.plain(&it.to_string(), indent),
            Kind::Bool(it) => self.plain(if *it { "true" } else { "false" }, indent),
            Kind::Null(_) | Kind::Unknown(_) => self.plain("null", indent),
        }
    }

    /// Empty ones are written as in JSON. Those in a mapping are not indented.
    fn sequence(&mut self, all: &[Value], indent: isize, role: Role) {
        if all.is_empty() {
            return self.indicator("[]", true, false);
        }
        let indent =
            if indent < 0 || (role == Role::Field && !self.indented) { indent.max(0) } else { indent + 2 };
        for it in all {
            self.new_line(indent.unsigned_abs());
            self.indicator("-", true, true);
            self.node(it, indent, Role::Item);
        }
    }

    fn mapping(&mut self, all: &Map, indent: isize) {
        if all.is_empty() {
            return self.indicator("{}", true, false);
        }
        let indent = if indent < 0 { 0 } else { indent + 2 };
        for (key, it) in all {
            self.new_line(indent.unsigned_abs());
            if !key.contains(is_break) && key.len() <= LONGEST_KEY {
                self.text(key, indent, Role::Key);
                self.indicator(":", false, false);
            } else {
                self.indicator("?", true, true);
                self.text(key, indent, Role::Field);
                self.new_line(indent.unsigned_abs());
                self.indicator(":", true, true);
            }
            self.node(it, indent, Role::Field);
        }
    }

    fn plain(&mut self, text: &str, indent: isize) {
        self.indicator(text, true, false);
        self.open = indent < 0;
    }

    fn text(&mut self, text: &str, indent: isize, role: Role) {
        let indent = (indent + 2).max(2).unsigned_abs();
        if text.contains('\n') && role != Role::Key && may_be_block(text) {
            self.block(text, indent);
        } else {
            self.quoted(text, indent, role != Role::Key);
        }
    }

    /// `|` and its lines.
    fn block(&mut self, text: &str, indent: usize) {
        let hint = if text.starts_with(' ') || text.starts_with(is_break) { "2" } else { "" };
        let mut ends = text.chars().rev();
        let keep = match (ends.next().is_some_and(is_break), ends.next().is_none_or(is_break)) {
            (false, _) => "-",
            (true, true) => "+",
            (true, false) => "",
        };
        self.indicator(&format!("|{hint}{keep}"), true, false);
        self.line_break();
        self.indented = true;
        self.spaced = true;
        let mut fresh = true;
        for it in text.chars() {
            if is_break(it) {
                self.out.push(it);
                self.column = 0;
                self.indented = true;
                fresh = true;
                continue;
            }
            if fresh {
                self.new_line(indent);
            }
            self.put(it);
            self.indented = false;
            fresh = false;
        }
    }

    fn quoted(&mut self, text: &str, indent: usize, may_break: bool) {
        self.indicator("\"", true, false);
        // With this first, Terraform escapes everything.
        let all = text.starts_with('\u{feff}');
        let mut rest = text.char_indices().peekable();
        let mut after_space = false;
        while let Some((at, it)) = rest.next() {
            let next = rest.peek().map(|it| it.1);
            if all || !is_printable(it) || is_break(it) || matches!(it, '"' | '\\') {
                escape(it).chars().for_each(|it| self.put(it));
                after_space = false;
            } else if it == ' ' {
                if may_break && !after_space && self.column > WIDEST && at > 0 && next.is_some() {
                    self.new_line(indent);
                    if next == Some(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(it);
                }
                after_space = true;
            } else {
                self.put(it);
                after_space = false;
            }
        }
        self.indicator("\"", false, false);
    }
}

/// A block holds no special characters, no space at its end nor before the end of a line.
fn may_be_block(text: &str) -> bool {
    let pairs = text.chars().zip(text.chars().skip(1));
    text.chars().all(is_printable)
        && !text.ends_with(' ')
        && !pairs.into_iter().any(|it| it.0 == ' ' && is_break(it.1))
}

fn is_break(it: char) -> bool {
    matches!(it, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What lies beyond the basic plane counts as not printable.
fn is_printable(it: char) -> bool {
    matches!(it, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && it != '\u{feff}'
}

fn escape(it: char) -> String {
    let short = match it {
        '\0' => '0',
        '\x07' => 'a',
        '\x08' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\x0b' => 'v',
        '\x0c' => 'f',
        '\r' => 'r',
        '\x1b' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            return match u32::from(it) {
                code @ ..=0xff => format!("\\x{code:02X}"),
                code @ ..=0xffff => format!("\\u{code:04X}"),
                code => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}
