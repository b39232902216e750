//! From text to tokens. Nothing is refused here: what is no HCL becomes tokens of no kind, and the
//! caller has parsed the text before.

use super::token::{Kind, Token};

/// The tokens of a file, or of an expression.
pub fn code(text: &str) -> Vec<Token<'_>> {
    Lexer::new(text, Mode::Code { braces: 0, template: false }).all()
}

/// The tokens of a bare template, such as the text of a string in a stack file.
pub fn template(text: &str) -> Vec<Token<'_>> {
    Lexer::new(text, Mode::Bare).all()
}

/// What the lexer is inside of.
enum Mode<'a> {
    Code {
        /// How many braces are open in it.
        braces: usize,
        /// Whether it ends with the `}` of a template.
        template: bool,
    },
    Quote,
    Heredoc {
        delimiter: &'a str,
    },
    Bare,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    modes: Vec<Mode<'a>>,
    out: Vec<Token<'a>>,
    spaces: usize,
    /// Whether the next byte of a heredoc starts a line.
    new_line: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, mode: Mode<'a>) -> Self {
        Lexer { text, at: 0, modes: vec![mode], out: Vec::new(), spaces: 0, new_line: false }
    }

    fn all(mut self) -> Vec<Token<'a>> {
        while self.at < self.text.len() {
            match self.modes.last() {
                Some(Mode::Quote) => self.quoted(),
                Some(Mode::Heredoc { delimiter }) => self.heredoc(delimiter),
                Some(Mode::Bare) => self.bare(),
                Some(Mode::Code { .. }) | None => self.in_code(),
            }
        }
        self.out
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Takes this many bytes as one token.
    fn take(&mut self, kind: Kind, length: usize) {
        let text = &self.rest()[..length];
        let before = std::mem::take(&mut self.spaces);
        self.out.push(Token { kind, text, before });
        self.at += length;
    }

    fn in_code(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        match first {
            ' ' | '\t' => {
                self.spaces += 1;
                self.at += 1;
            }
            '\n' => self.take(Kind::Newline, 1),
            '\r' if rest.starts_with("\r\n") => self.take(Kind::Newline, 2),
            '#' => self.line_comment(),
            '/' if rest.starts_with("//") => self.line_comment(),
            '/' if rest.starts_with("/*") => {
                let end = rest.find("*/").map_or(rest.len(), |it| it + 2);
                self.take(Kind::Comment, end);
            }
            '"' => {
                self.take(Kind::OpenQuote, 1);
                self.modes.push(Mode::Quote);
            }
            '<' if heredoc_start(rest).is_some() => self.open_heredoc(),
            it if it.is_ascii_digit() => self.take(Kind::Number, number(rest)),
            it if is_start(it) => {
                let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
                self.take(Kind::Ident, end);
            }
            _ => self.symbol(),
        }
    }

    fn line_comment(&mut self) {
        let rest = self.rest();
        let end = rest.find('\n').map_or(rest.len(), |it| it + 1);
        self.take(Kind::Comment, end);
    }

    fn open_heredoc(&mut self) {
        let Some((length, delimiter)) = heredoc_start(self.rest()) else { return };
        self.take(Kind::OpenHeredoc, length);
        self.modes.push(Mode::Heredoc { delimiter });
        self.new_line = true;
    }

    fn symbol(&mut self) {
        let rest = self.rest();
        let (kind, length) = symbol(rest);
        let closes = match self.modes.last_mut() {
            Some(Mode::Code { braces, template }) => match kind {
                Kind::OpenBrace => {
                    *braces += 1;
                    false
                }
                Kind::CloseBrace if *braces == 0 => *template,
                Kind::CloseBrace => {
                    *braces -= 1;
                    false
                }
                _ => *template && *braces == 0 && rest.starts_with("~}"),
            },
            _ => false,
        };
        if !closes {
            return self.take(kind, length);
        }
        let length = if rest.starts_with('~') { 2 } else { 1 };
        self.take(Kind::CloseTemplate, length);
        self.modes.pop();
    }

    /// `${` and `%{`, where the text goes on with one.
    fn opening(&mut self) -> bool {
        let rest = self.rest();
        let kind = match rest.as_bytes() {
            [b'$', b'{', ..] => Kind::Interpolation,
            [b'%', b'{', ..] => Kind::Directive,
            _ => return false,
        };
        let length = if rest[2..].starts_with('~') { 3 } else { 2 };
        self.take(kind, length);
        self.modes.push(Mode::Code { braces: 0, template: true });
        true
    }

    fn quoted(&mut self) {
        if self.rest().starts_with('"') {
            self.take(Kind::CloseQuote, 1);
            self.modes.pop();
        } else if !self.opening() {
            let length = literal(self.rest(), |rest| rest.starts_with('"'), true);
            self.take(Kind::Quoted, length);
        }
    }

    fn heredoc(&mut self, delimiter: &str) {
        let rest = self.rest();
        let line = rest.split('\n').next().unwrap_or(rest);
        if std::mem::take(&mut self.new_line) && line.trim() == delimiter {
            self.take(Kind::CloseHeredoc, line.strip_suffix('\r').unwrap_or(line).len());
            self.modes.pop();
        } else if !self.opening() {
            let length = literal(rest, |_| false, false);
            let to_line_end = rest[..length].find('\n').map_or(length, |it| it + 1);
            self.take(Kind::Literal, to_line_end);
            self.new_line = rest[..to_line_end].ends_with('\n');
        }
    }

    fn bare(&mut self) {
        if !self.opening() {
            let length = literal(self.rest(), |_| false, false);
            self.take(Kind::Literal, length);
        }
    }
}

/// How much literal text there is, up to a `${`, a `%{` or what else ends it: at least a character.
fn literal(text: &str, ends: fn(&str) -> bool, escapes: bool) -> usize {
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            at += 3;
        } else if rest.starts_with("${") || rest.starts_with("%{") || ends(rest) {
            break;
        } else if escapes && first == '\\' {
            at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
        } else {
            at += first.len_utf8();
        }
    }
    at.max(text.chars().next().map_or(0, char::len_utf8))
}

/// `<<EOT` or `<<-EOT` with its line end: how long it is, and the delimiter.
fn heredoc_start(text: &str) -> Option<(usize, &str)> {
    let after = text.strip_prefix("<<")?;
    let after = after.strip_prefix('-').unwrap_or(after);
    let end = after.find(|it| !is_part(it))?;
    let delimiter = &after[..end];
    let rest = &after[end..];
    let line_end = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    let valid = line_end > 0 && delimiter.starts_with(is_start);
    valid.then_some((text.len() - rest.len() + line_end, delimiter))
}

/// Digits, a fraction, an exponent; it ends with a digit.
fn number(text: &str) -> usize {
    let digits = |it: &str| it.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    if let Some(fraction) = text[end..].strip_prefix('.') {
        let length = digits(fraction);
        end += if length > 0 { 1 + length } else { 0 };
    }
    if let Some(exponent) = text[end..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let length = digits(&exponent[sign..]);
        end += if length > 0 { 1 + sign + length } else { 0 };
    }
    end
}

fn is_start(it: char) -> bool {
    it == '_' || it.is_alphabetic()
}

fn is_part(it: char) -> bool {
    it == '_' || it == '-' || it.is_alphanumeric()
}

const SYMBOLS: &[(&str, Kind)] = &[
    ("...", Kind::Ellipsis),
    ("::", Kind::DoubleColon),
    ("=>", Kind::Arrow),
    ("==", Kind::Comparison),
    ("!=", Kind::Comparison),
    ("<=", Kind::Comparison),
    (">=", Kind::Comparison),
    ("&&", Kind::Logic),
    ("||", Kind::Logic),
    ("<", Kind::Comparison),
    (">", Kind::Comparison),
    ("{", Kind::OpenBrace),
    ("}", Kind::CloseBrace),
    ("[", Kind::OpenBracket),
    ("]", Kind::CloseBracket),
    ("(", Kind::OpenParen),
    (")", Kind::CloseParen),
    (".", Kind::Dot),
    (",", Kind::Comma),
    (":", Kind::Colon),
    ("?", Kind::Question),
    ("=", Kind::Equal),
    ("!", Kind::Bang),
    ("-", Kind::Minus),
    ("+", Kind::Arithmetic),
    ("*", Kind::Arithmetic),
    ("/", Kind::Arithmetic),
    ("%", Kind::Arithmetic),
];

fn symbol(text: &str) -> (Kind, usize) {
    let found = SYMBOLS.iter().find(|it| text.starts_with(it.0));
    let other = || (Kind::Other, text.chars().next().map_or(0, char::len_utf8));
    found.map_or_else(other, |it| (it.1, it.0.len()))
}
