//! The outer shape of an expression: strings, heredocs, comments, brackets. No more than it takes to
//! know in which of them a byte stands.

use std::borrow::Cow;

/// What a text starts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// One expression.
    Code,
    /// A bare template.
    Template,
    /// Attributes and blocks.
    Body,
}

/// What surrounds a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// An expression, up to this closing bracket; in a `for` or a `%{…}` line ends mean nothing.
    Code {
        close: Option<u8>,
        free: bool,
    },
    Quoted,
    /// A heredoc, its delimiter at these positions; a bare template has none.
    Text {
        from: usize,
        to: usize,
    },
}

/// The text with everything that the parser does not take put otherwise, in as many bytes.
pub(super) fn rewritten(text: &str, start: Start) -> Cow<'_, str> {
    let mut scan = Scan { text: text.as_bytes(), at: 0, inside: Vec::new(), changes: Vec::new(), start };
    scan.inside.push(match start {
        Start::Template => Inside::Text { from: 0, to: 0 },
        _ => Inside::Code { close: None, free: false },
    });
    while scan.at < scan.text.len() {
        scan.step();
    }
    if scan.changes.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = text.as_bytes().to_vec();
    for (from, to, with) in scan.changes {
        out[from..to].fill(with);
    }
    // Whole characters were replaced by as many bytes of ASCII.
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Where the object key that starts here ends, without blanks after it.
pub(super) fn key_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut scan = Scan { text: bytes, at, inside: Vec::new(), changes: Vec::new(), start: Start::Code };
    scan.inside.push(Inside::Code { close: None, free: false });
    while scan.at < bytes.len() {
        if scan.inside.len() == 1 && matches!(bytes[scan.at], b'=' | b':' | b'\n' | b'}' | b',') {
            let key = text.get(at..scan.at)?.trim_end();
            return (!key.is_empty()).then_some(at + key.len());
        }
        scan.step();
    }
    None
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    inside: Vec<Inside>,
    /// Stretches to fill with a byte.
    changes: Vec<(usize, usize, u8)>,
    start: Start,
}

impl Scan<'_> {
    fn step(&mut self) {
        match self.inside.last() {
            Some(Inside::Code { free, .. }) => self.code(*free),
            Some(Inside::Quoted) => self.quoted(),
            Some(Inside::Text { from, to }) => self.line(*from, *to),
            None => self.at = self.text.len(),
        }
    }

    fn starts_with(&self, with: &str) -> bool {
        self.text[self.at..].starts_with(with.as_bytes())
    }

    fn code(&mut self, free: bool) {
        let here = self.text[self.at];
        match here {
            b'"' => self.enter(Inside::Quoted, 1),
            b'#' => self.comment(free),
            b'/' if self.starts_with("//") => self.comment(free),
            b'/' if self.starts_with("/*") => self.long_comment(),
            b'<' if self.starts_with("<<") => self.heredoc(),
            b'(' => self.enter(Inside::Code { close: Some(b')'), free: false }, 1),
            b'[' | b'{' => {
                let close = if here == b'[' { b']' } else { b'}' };
                let free = self.for_follows();
                self.enter(Inside::Code { close: Some(close), free }, 1);
            }
            b')' | b']' | b'}' => self.close(here),
            b'\n' | b'\r' if free => self.blank(1),
            it if it.is_ascii_digit() => self.number(),
            it if it.is_ascii_alphabetic() || it == b'_' || it >= 0x80 => self.word(),
            _ => self.at += 1,
        }
    }

    fn enter(&mut self, inside: Inside, length: usize) {
        self.inside.push(inside);
        self.at += length;
    }

    fn close(&mut self, bracket: u8) {
        self.at += 1;
        let closes =
            matches!(self.inside.last(), Some(Inside::Code { close: Some(it), .. }) if *it == bracket);
        if closes && self.inside.len() > 1 {
            self.inside.pop();
        }
    }

    fn blank(&mut self, length: usize) {
        self.changes.push((self.at, self.at + length, b' '));
        self.at += length;
    }

    /// A comment up to the end of its line. Where line ends mean nothing, nor does a comment; and
    /// after an expression there is no place for one.
    fn comment(&mut self, free: bool) {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|it| *it == b'\n').unwrap_or(rest.len());
        let last = self.start == Start::Code && self.inside.len() == 1;
        if free || last { self.blank(length) } else { self.at += length }
    }

    fn long_comment(&mut self) {
        let rest = &self.text[self.at + 2..];
        let end = rest.windows(2).position(|it| it == b"*/").map_or(rest.len(), |it| it + 2);
        self.at += 2 + end;
    }

    /// `for` comes next, after blanks and comments.
    fn for_follows(&self) -> bool {
        let mut rest = &self.text[self.at + 1..];
        loop {
            rest = rest.trim_ascii_start();
            if !rest.starts_with(b"#") && !rest.starts_with(b"//") {
                break;
            }
            let end = rest.iter().position(|it| *it == b'\n').unwrap_or(rest.len());
            rest = &rest[end..];
        }
        rest.strip_prefix(b"for").and_then(<[u8]>::first).is_some_and(u8::is_ascii_whitespace)
    }

    fn word(&mut self) {
        let name = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-') || *it >= 0x80;
        self.at += self.text[self.at..].iter().take_while(|it| name(it)).count();
    }

    /// Digits with a point and an exponent: as zeros where they are no double.
    fn number(&mut self) {
        let rest = &self.text[self.at..];
        let digits = |from: usize| rest[from..].iter().take_while(|it| it.is_ascii_digit()).count();
        let mut length = digits(0);
        if rest.get(length) == Some(&b'.') && digits(length + 1) > 0 {
            length += 1 + digits(length + 1);
        }
        if matches!(rest.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(length + 1), Some(b'+' | b'-')));
            if let count @ 1.. = digits(length + 1 + sign) {
                length += 1 + sign + count;
            }
        }
        let double = std::str::from_utf8(&rest[..length]).ok().and_then(|it| it.parse::<f64>().ok());
        if double.is_none_or(f64::is_infinite) {
            self.changes.push((self.at, self.at + length, b'0'));
        }
        self.at += length;
    }

    fn quoted(&mut self) {
        if self.marker() {
            return;
        }
        match self.text[self.at] {
            b'\\' => self.at += 2,
            b'"' => {
                self.at += 1;
                self.inside.pop();
            }
            _ => self.at += 1,
        }
    }

    /// `${` and `%{`, which open an expression, and `$${` and `%%{`, which do not.
    fn marker(&mut self) -> bool {
        if self.starts_with("$${") || self.starts_with("%%{") {
            self.at += 3;
        } else if self.starts_with("${") {
            self.enter(Inside::Code { close: Some(b'}'), free: false }, 2);
        } else if self.starts_with("%{") {
            self.enter(Inside::Code { close: Some(b'}'), free: true }, 2);
        } else {
            return false;
        }
        true
    }

    /// `<<EOT` or `<<-EOT`, up to its line end.
    fn heredoc(&mut self) {
        let dash = usize::from(self.text.get(self.at + 2) == Some(&b'-'));
        let from = self.at + 2 + dash;
        self.at = from;
        self.word();
        let to = self.at;
        if from == to || !matches!(self.text.get(to), Some(b'\n' | b'\r')) {
            return;
        }
        let line_end = self.text[to..].iter().position(|it| *it == b'\n').map_or(0, |it| it + 1);
        self.at += line_end;
        if !self.ends(from, to) {
            self.inside.push(Inside::Text { from, to });
        }
    }

    /// Whether this line is the delimiter of a heredoc; then goes past it.
    fn ends(&mut self, from: usize, to: usize) -> bool {
        if from == to {
            return false;
        }
        let blanks = self.text[self.at..].iter().take_while(|it| matches!(it, b' ' | b'\t')).count();
        let end = self.at + blanks + (to - from);
        let found = self.text.get(self.at + blanks..end) == Some(&self.text[from..to]);
        let name = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-') || *it >= 0x80;
        let found = found && !self.text.get(end).is_some_and(name);
        if found {
            self.at = end;
        }
        found
    }

    /// Bare text.
    fn line(&mut self, from: usize, to: usize) {
        if self.marker() {
            return;
        }
        let new_line = self.text[self.at] == b'\n';
        self.at += 1;
        if new_line && self.ends(from, to) {
            self.inside.pop();
        }
    }
}
