//! What is written another way than it needs to be: labels without quotation marks, `"${x}"`, types
//! in quotation marks.

use super::token::{Kind, Token};

/// The tokens of a file with legacy spellings replaced.
pub fn tidy<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut it = Tidy { tokens, at: 0, out: Vec::with_capacity(tokens.len()) };
    let mut open: Vec<&str> = Vec::new();
    while let Some(token) = it.tokens.get(it.at) {
        match token.kind {
            Kind::CloseBrace => {
                open.pop();
                it.copy(1);
            }
            Kind::Ident => {
                if let Some(block) = it.item(&open) {
                    open.push(block);
                }
            }
            _ => it.copy(1),
        }
    }
    it.out
}

struct Tidy<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
    out: Vec<Token<'a>>,
}

impl<'a> Tidy<'_, 'a> {
    fn copy(&mut self, count: usize) {
        let end = (self.at + count).min(self.tokens.len());
        self.out.extend_from_slice(&self.tokens[self.at..end]);
        self.at = end;
    }

    /// An attribute, or a block's header: the block's type.
    fn item(&mut self, open: &[&str]) -> Option<&'a str> {
        let name = self.tokens[self.at].text;
        let rest = &self.tokens[self.at + 1..];
        if rest.first().is_some_and(|it| it.kind == Kind::Equal) {
            self.copy(2);
            let length = value_length(&self.tokens[self.at..]);
            let value = &self.tokens[self.at..self.at + length];
            let is_type = matches!(open, ["variable"]) && name == "type";
            self.out.extend(if is_type { of_type(value) } else { unwrapped(value) });
            self.at += length;
            return None;
        }
        self.copy(1);
        while let Some(token) = self.tokens.get(self.at) {
            match token.kind {
                Kind::Ident => {
                    self.out.push(Token::new(Kind::OpenQuote, "\""));
                    self.out.push(Token::new(Kind::Quoted, token.text));
                    self.out.push(Token::new(Kind::CloseQuote, "\""));
                    self.at += 1;
                }
                Kind::OpenQuote | Kind::Quoted | Kind::CloseQuote => self.copy(1),
                Kind::Comment if !token.ends_line() => self.at += 1,
                Kind::OpenBrace => {
                    self.copy(1);
                    return Some(name);
                }
                _ => return None,
            }
        }
        None
    }
}

/// Up to the end of the line, or of the block in it.
fn value_length(tokens: &[Token]) -> usize {
    let mut depth = 0;
    let end = tokens.iter().position(|it| {
        depth += it.depth();
        depth < 0 || depth == 0 && it.ends_line()
    });
    end.unwrap_or(tokens.len())
}

/// `"${x}"` is `x`.
fn unwrapped<'a>(value: &[Token<'a>]) -> Vec<Token<'a>> {
    let [open, start, inside @ .., end, close] = value else { return value.to_vec() };
    let kinds = (open.kind, start.kind, end.kind, close.kind);
    if kinds != (Kind::OpenQuote, Kind::Interpolation, Kind::CloseTemplate, Kind::CloseQuote)
        || inside.is_empty()
        || !is_whole(inside)
    {
        return value.to_vec();
    }
    let first = inside.iter().position(|it| it.kind != Kind::Newline).unwrap_or(inside.len());
    let last = inside.iter().rposition(|it| it.kind != Kind::Newline).map_or(first, |it| it + 1);
    let inside = &inside[first..last];
    let in_parens = matches!(inside, [first, .., last]
        if first.kind == Kind::OpenParen && last.kind == Kind::CloseParen);
    if in_parens || !inside.iter().any(|it| it.kind == Kind::Newline) {
        return inside.to_vec();
    }
    let mut out = vec![Token::new(Kind::OpenParen, "(")];
    out.extend_from_slice(inside);
    out.push(Token::new(Kind::CloseParen, ")"));
    out
}

/// Whether this is all of one `${…}`, and not the end of one and the start of another.
fn is_whole(inside: &[Token]) -> bool {
    let mut quotes = 0;
    inside.iter().all(|it| {
        match it.kind {
            Kind::OpenQuote => quotes += 1,
            Kind::CloseQuote => quotes -= 1,
            Kind::Interpolation | Kind::CloseTemplate | Kind::Quoted => return quotes > 0,
            _ => {}
        }
        true
    })
}

/// A variable's type: `list` is `list(any)`, and `"list"`, which is older, `list(string)`.
pub fn of_type<'a>(value: &[Token<'a>]) -> Vec<Token<'a>> {
    let of = |kind: &'a str, of: &'static str| {
        let kinds = [Kind::Ident, Kind::OpenParen, Kind::Ident, Kind::CloseParen];
        let texts = [kind, "(", of, ")"];
        kinds.into_iter().zip(texts).map(|(kind, text)| Token::new(kind, text)).collect()
    };
    match value {
        [it] if it.kind == Kind::Ident && matches!(it.text, "list" | "map" | "set") => of(it.text, "any"),
        [open, it, close] if open.kind == Kind::OpenQuote && close.kind == Kind::CloseQuote => {
            match it.text {
                "string" => vec![Token::new(Kind::Ident, it.text)],
                "list" | "map" => of(it.text, "string"),
                _ => value.to_vec(),
            }
        }
        _ => value.to_vec(),
    }
}
