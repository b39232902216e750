//! The structure of a `.tf` file with its comments: every token of it belongs somewhere.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Diagnostic, Place, SourceFile};
use crate::format::hcl::token::{Kind, Token};

/// A file, for the text of tokens and the places of errors.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub file: &'a Arc<SourceFile>,
}

impl<'a> Source<'a> {
    /// Where a token stands.
    fn span(&self, token: &Token) -> Range<usize> {
        let start = token.text.as_ptr() as usize - self.file.text.as_ptr() as usize;
        start..start + token.text.len()
    }

    pub fn place(&self, token: &Token) -> Place {
        Place::new(self.file, self.span(token))
    }

    pub fn error(&self, token: &Token, text: impl Into<String>) -> Diagnostic {
        Diagnostic::error(text).at(&self.place(token))
    }

    /// The text from the first token to the last, as it stands there.
    pub fn text(&self, tokens: &[Token]) -> &'a str {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return "" };
        &self.file.text[self.span(first).start..self.span(last).end]
    }

    /// What stands between two tokens.
    pub fn between(&self, before: &Token, after: &Token) -> &'a str {
        &self.file.text[self.span(before).end..self.span(after).start]
    }
}

/// What stands above a thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Above {
    Blank,
    /// One line, with its `#`.
    Comment(String),
}

/// Arguments and blocks.
#[derive(Debug, Default)]
pub struct Body<'t, 'a> {
    pub items: Vec<Item<'t, 'a>>,
    /// Comments after the last of them.
    pub tail: Vec<Above>,
}

#[derive(Debug)]
pub struct Item<'t, 'a> {
    pub above: Vec<Above>,
    /// The comment in its line: behind a value, or behind the brace of a block.
    pub beside: Option<String>,
    pub node: Node<'t, 'a>,
}

#[derive(Debug)]
pub enum Node<'t, 'a> {
    Argument { name: &'t Token<'a>, value: &'t [Token<'a>] },
    Block(Block<'t, 'a>),
}

#[derive(Debug)]
pub struct Block<'t, 'a> {
    pub kind: &'t Token<'a>,
    pub labels: Vec<&'t Token<'a>>,
    pub body: Body<'t, 'a>,
}

/// Reads the tokens of a file, which is valid HCL.
pub fn body<'t, 'a>(tokens: &'t [Token<'a>]) -> Body<'t, 'a> {
    Reader { tokens, at: 0 }.body()
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Reader<'t, 'a> {
    fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    fn body(&mut self) -> Body<'t, 'a> {
        let mut body = Body::default();
        let mut above = Vec::new();
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Newline => {
                    self.at += 1;
                    blank(&mut above);
                }
                Kind::Comment => {
                    self.at += 1;
                    above.extend(comment(token.text).into_iter().map(Above::Comment));
                    if !token.ends_line() {
                        self.line_end();
                    }
                }
                Kind::Ident => {
                    if let Some(item) = self.item(std::mem::take(&mut above)) {
                        body.items.push(item);
                    }
                }
                Kind::CloseBrace => break,
                _ => self.at += 1,
            }
        }
        body.tail = above;
        body
    }

    fn line_end(&mut self) {
        if self.peek().is_some_and(|it| it.kind == Kind::Newline) {
            self.at += 1;
        }
    }

    /// The comment on the rest of the line.
    fn beside(&mut self) -> Option<String> {
        let token = self.peek().filter(|it| it.kind == Kind::Comment)?;
        self.at += 1;
        if !token.ends_line() {
            self.line_end();
        }
        Some(comment(token.text).join(" "))
    }

    fn item(&mut self, above: Vec<Above>) -> Option<Item<'t, 'a>> {
        let name = self.peek()?;
        self.at += 1;
        if self.peek()?.kind == Kind::Equal {
            self.at += 1;
            let length = value_length(&self.tokens[self.at..]);
            let value = &self.tokens[self.at..self.at + length];
            self.at += length;
            let beside = self.beside();
            if beside.is_none() {
                self.line_end();
            }
            return Some(Item { above, beside, node: Node::Argument { name, value } });
        }
        let mut labels = Vec::new();
        while let Some(token) = self.peek().filter(|it| it.kind != Kind::OpenBrace) {
            self.at += 1;
            if matches!(token.kind, Kind::Ident | Kind::Quoted) {
                labels.push(token);
            }
        }
        self.at += 1;
        let beside = self.beside();
        if beside.is_none() {
            self.line_end();
        }
        let mut body = self.body();
        self.at += 1;
        // Behind the closing brace: it belongs to what the block is about, too.
        if let Some(it) = self.beside() {
            body.tail.push(Above::Comment(it));
        } else {
            self.line_end();
        }
        Some(Item { above, beside, node: Node::Block(Block { kind: name, labels, body }) })
    }
}

fn blank(above: &mut Vec<Above>) {
    if above.last() != Some(&Above::Blank) {
        above.push(Above::Blank);
    }
}

/// How many tokens a value has: up to the end of the line, or of the block in it.
pub fn value_length(tokens: &[Token]) -> usize {
    let mut depth = 0;
    let end = tokens.iter().position(|it| {
        depth += it.depth();
        depth < 0 || depth == 0 && (it.ends_line() || it.kind == Kind::Comment)
    });
    end.unwrap_or(tokens.len())
}

/// A comment of any kind as lines of TOML comments.
pub fn comment(text: &str) -> Vec<String> {
    let text = text.trim_end();
    if let Some(inner) = text.strip_prefix("/*") {
        let inner = inner.strip_suffix("*/").unwrap_or(inner);
        let lines = inner.lines().map(|it| it.trim().trim_start_matches('*').trim());
        let lines: Vec<&str> = lines.collect();
        let first = lines.iter().position(|it| !it.is_empty()).unwrap_or(0);
        let last = lines.iter().rposition(|it| !it.is_empty()).map_or(0, |it| it + 1);
        return lines[first.min(last)..last]
            .iter()
            .map(|it| format!("# {it}").trim_end().to_owned())
            .collect();
    }
    let inner = text.strip_prefix("//").or_else(|| text.strip_prefix('#')).unwrap_or(text);
    vec![format!("#{inner}")]
}
