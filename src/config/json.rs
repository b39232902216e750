//! JSON in which everything knows where it stands.

use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};

/// Deeper than anybody writes; each level takes room on the stack.
const DEEPEST: usize = 100;

#[derive(Debug, Clone)]
pub(super) struct Json {
    pub kind: Kind,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    /// In the order of the file; a name may stand twice.
    Object(Vec<(Arc<str>, Place, Json)>),
}

/// Reads a whole file.
pub(super) fn parse(file: &Arc<SourceFile>) -> Result<Json, Diagnostics> {
    let start = if file.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { file, at: start, depth: 0 };
    let value = reader.value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.fail("there is more here after the end of the value").into()),
    }
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.file.text.get(self.at..).unwrap_or_default()
    }

    /// The next character that is no white space.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.at += blank;
        self.rest().chars().next()
    }

    fn takes(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(mark);
        self.at += if found { mark.len_utf8() } else { 0 };
        found
    }

    fn place(&self, start: usize) -> Place {
        Place::new(self.file, start..self.at.max(start))
    }

    fn fail(&mut self, summary: &str) -> Diagnostic {
        let found = self.peek();
        let place = Place::new(self.file, self.at..self.at + found.map_or(0, char::len_utf8));
        let error = Diagnostic::error(format!("not valid JSON: {summary}")).at(&place);
        match found {
            Some('\'' | '“' | '”') => {
                error.help("texts and names stand in plain double quotation marks: \"…\"")
            }
            Some('/' | '#') => error.help("JSON has no comments: write a property named \"//\""),
            _ => error,
        }
    }

    fn value(&mut self) -> Result<Json, Diagnostics> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fail(&format!("nested too deeply: {DEEPEST} levels are the most")).into());
        }
        let first = self.peek();
        let start = self.at;
        let kind = match first {
            Some('{') => self.object()?,
            Some('[') => self.array()?,
            Some('"') => Kind::String(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            Some(_) => self.word()?,
            None => return Err(self.fail("the file ends where a value is expected").into()),
        };
        self.depth -= 1;
        Ok(Json { kind, place: self.place(start) })
    }

    fn object(&mut self) -> Result<Kind, Diagnostics> {
        self.at += 1;
        let mut out = Vec::new();
        if self.takes('}') {
            return Ok(Kind::Object(out));
        }
        loop {
            if self.peek() != Some('"') {
                let why = if out.is_empty() {
                    "a name in quotation marks is expected here"
                } else {
                    "a name is expected after a comma"
                };
                return Err(self.fail(why).into());
            }
            let start = self.at;
            let name: Arc<str> = self.string()?.into();
            let place = self.place(start);
            if !self.takes(':') {
                return Err(self.fail("`:` is expected after a name").into());
            }
            out.push((name, place, self.value()?));
            if self.takes('}') {
                return Ok(Kind::Object(out));
            }
            if !self.takes(',') {
                return Err(self.fail("`,` or `}` is expected here").into());
            }
        }
    }

    fn array(&mut self) -> Result<Kind, Diagnostics> {
        self.at += 1;
        let mut out = Vec::new();
        if self.takes(']') {
            return Ok(Kind::Array(out));
        }
        loop {
            if !out.is_empty() && self.peek() == Some(']') {
                return Err(self.fail("a value is expected after a comma").into());
            }
            out.push(self.value()?);
            if self.takes(']') {
                return Ok(Kind::Array(out));
            }
            if !self.takes(',') {
                return Err(self.fail("`,` or `]` is expected here").into());
            }
        }
    }

    fn word(&mut self) -> Result<Kind, Diagnostics> {
        for (word, kind) in [("null", Kind::Null), ("true", Kind::Bool(true)), ("false", Kind::Bool(false))] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.fail("a value is expected here").into())
    }

    fn number(&mut self) -> Result<Kind, Diagnostics> {
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
        let text: String = self.rest().chars().take_while(|it| is_part(*it)).collect();
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let whole = digits.split(['.', 'e', 'E']).next().unwrap_or_default();
        let leading = whole.len() > 1 && whole.starts_with('0');
        let fine = digits.starts_with(|it: char| it.is_ascii_digit()) && !leading;
        if !fine || text.parse::<crate::lang::Number>().is_err() {
            return Err(self.fail("this is no number").into());
        }
        self.at += text.len();
        Ok(Kind::Number(text))
    }

    /// A string, from its quotation mark on.
    fn string(&mut self) -> Result<String, Diagnostics> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            match self.rest().chars().next() {
                None | Some('\n' | '\r') => {
                    let place = self.place(start);
                    return Err(Diagnostic::error("not valid JSON: this text is not closed")
                        .at(&place)
                        .into());
                }
                Some('"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some('\\') => out.push(self.escape()?),
                Some(it) if it < ' ' => {
                    let error =
                        Diagnostic::error("not valid JSON: a control character in a text must be escaped");
                    return Err(error.at(&Place::new(self.file, self.at..self.at + 1)).into());
                }
                Some(it) => {
                    out.push(it);
                    self.at += it.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Diagnostics> {
        let start = self.at;
        let plain = match self.rest().chars().nth(1) {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(it @ ('"' | '\\' | '/')) => it,
            Some('u') => return self.code(),
            _ => {
                let place = Place::new(self.file, start..(start + 2).min(self.file.text.len()));
                let error = Diagnostic::error("not valid JSON: there is no such escape").at(&place);
                return Err(error.help("write `\\\\` for a backslash").into());
            }
        };
        self.at += 2;
        Ok(plain)
    }

    /// `\u00e9`, or two of them for what is beyond the first 65,536 characters.
    fn code(&mut self) -> Result<char, Diagnostics> {
        let start = self.at;
        let unit = |at: usize| {
            let digits = self.file.text.get(at..at + 6)?.strip_prefix("\\u")?;
            digits.bytes().all(|it| it.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
        };
        let units: Vec<u16> = [unit(start), unit(start + 6)].into_iter().map_while(|it| it).collect();
        let found = char::decode_utf16(units).next();
        match found {
            Some(Ok(it)) => {
                self.at += 6 * it.len_utf16();
                Ok(it)
            }
            _ => {
                let error = Diagnostic::error(
                    "not valid JSON: `\\u` takes four hexadecimal digits that make a character",
                );
                Err(error.at(&Place::new(self.file, start..start + 2)).into())
            }
        }
    }
}
