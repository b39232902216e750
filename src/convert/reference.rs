//! What a `.tf` file writes bare and a stack file as plain text: addresses, attributes, types.

use super::read::Source;
use super::value::text_of;
use crate::format::hcl;
use crate::format::hcl::token::{Kind, Token};
use crate::format::toml::quote;

/// An address, or the name of a provider configuration; quotation marks, as old files have them, are
/// taken off.
pub fn one(tokens: &[Token], source: Source) -> String {
    quote::text(&bare(tokens, source))
}

fn bare(tokens: &[Token], source: Source) -> String {
    match tokens {
        [open, start, inside @ .., end, close]
            if open.kind == Kind::OpenQuote
                && start.kind == Kind::Interpolation
                && end.kind == Kind::CloseTemplate
                && close.kind == Kind::CloseQuote =>
        {
            hcl::expression(source.text(inside))
        }
        _ => text_of(tokens, source).unwrap_or_else(|| hcl::expression(source.text(tokens))),
    }
}

/// `[a.b, c.d]`; `None` where it is no list.
pub fn list(tokens: &[Token], source: Source) -> Option<String> {
    let [first, inside @ .., last] = tokens else { return None };
    if first.kind != Kind::OpenBracket || last.kind != Kind::CloseBracket {
        return None;
    }
    let mut out = String::from("[");
    if inside.first().is_some_and(Token::ends_line) {
        out.push('\n');
    }
    for part in split(inside) {
        let comments = part.iter().filter(|it| it.kind == Kind::Comment);
        for it in comments {
            out.push('\n');
            out.push_str(&super::read::comment(it.text).join("\n"));
            out.push('\n');
        }
        let plain: Vec<Token> =
            part.iter().filter(|it| !matches!(it.kind, Kind::Comment | Kind::Newline)).cloned().collect();
        if !plain.is_empty() {
            out.push_str(&one(&plain, source));
            out.push_str(", ");
        }
    }
    out.push(']');
    Some(out)
}

fn split<'t, 'a>(inside: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0;
    inside
        .split(|it| {
            depth += it.depth();
            depth == 0 && it.kind == Kind::Comma
        })
        .collect()
}

/// `{ aws = aws.west, aws.src = aws }`
pub fn providers(tokens: &[Token], source: Source) -> Option<String> {
    let [first, inside @ .., last] = tokens else { return None };
    if first.kind != Kind::OpenBrace || last.kind != Kind::CloseBrace {
        return None;
    }
    let parts = inside.split(|it| it.kind == Kind::Comma || it.ends_line());
    let mut out = Vec::new();
    for part in parts.filter(|it| !it.is_empty()) {
        let at = part.iter().position(|it| matches!(it.kind, Kind::Equal | Kind::Colon))?;
        let key = quote::key(&bare(&part[..at], source));
        out.push(format!("{key} = {}", one(&part[at + 1..], source)));
    }
    Some(format!("{{ {} }}", out.join(", ")))
}

/// `list(string)`; what old Terraform wrote as `"list"` or `list` is written out.
pub fn variable_type(tokens: &[Token], source: Source) -> String {
    quote::text(&hcl::variable_type(source.text(tokens)))
}
