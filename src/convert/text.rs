//! HCL's strings and heredocs as the text of a template, which is what a string of a stack file is.

use super::read::Source;
use crate::format::hcl::token::{Kind, Token};

/// The text of `"…"`: escapes decoded, `${…}` as it is.
pub fn quoted(tokens: &[Token], source: Source) -> Option<String> {
    let [_, inside @ .., _] = tokens else { return None };
    parts(inside, source, |token| unescaped(token.text))
}

/// The text of a heredoc; `None` where only HCL itself can say what it is.
pub fn heredoc(tokens: &[Token], source: Source) -> Option<String> {
    let [open, inside @ .., _] = tokens else { return None };
    if !open.text.starts_with("<<-") {
        return parts(inside, source, |it| Some(it.text.to_owned()));
    }
    // What `~` takes away does not count for the indentation: left to the evaluator.
    if inside.iter().any(|it| it.text.starts_with("${~") || it.text.starts_with("%{~") || it.text == "~}") {
        return None;
    }
    let least = indentation(inside);
    let mut out = String::new();
    let mut new_line = true;
    let mut at = 0;
    while let Some(token) = inside.get(at) {
        if token.kind != Kind::Literal {
            let length = template_length(&inside[at..])?;
            out.push_str(source.text(&inside[at..at + length]));
            at += length;
            new_line = false;
            continue;
        }
        match new_line && !is_blank(token.text) {
            true => out.extend(token.text.chars().skip(least)),
            false => out.push_str(token.text),
        }
        new_line = token.text.ends_with('\n');
        at += 1;
    }
    Some(out)
}

fn is_blank(line: &str) -> bool {
    line.ends_with('\n') && line.trim().is_empty()
}

/// The least indentation of the lines, as Terraform counts it: empty lines do not count.
fn indentation(inside: &[Token]) -> usize {
    let mut least = usize::MAX;
    let mut new_line = true;
    let mut depth = 0;
    for token in inside {
        let outside = depth == 0;
        depth += token.depth();
        if !outside {
            continue;
        }
        let literal = token.kind == Kind::Literal;
        if new_line && !(literal && is_blank(token.text)) {
            let spaces = token.text.chars().take_while(|it| it.is_whitespace()).count();
            least = least.min(if literal { spaces } else { 0 });
        }
        new_line = literal && token.text.ends_with('\n');
    }
    least
}

/// Literal text, each part of it as `literal` reads it, and `${…}` as it stands there.
fn parts(inside: &[Token], source: Source, literal: fn(&Token) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut at = 0;
    while let Some(token) = inside.get(at) {
        if matches!(token.kind, Kind::Quoted | Kind::Literal) {
            out.push_str(&literal(token)?);
            at += 1;
        } else {
            let length = template_length(&inside[at..])?;
            out.push_str(source.text(&inside[at..at + length]));
            at += length;
        }
    }
    Some(out)
}

/// From a `${` to its `}`.
fn template_length(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0;
    let end = tokens.iter().position(|it| {
        depth += it.depth();
        depth == 0
    });
    end.map(|it| it + 1)
}

/// Literal text between quotation marks; `$${` stays, for it means the same in a stack file.
pub fn unescaped(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        if it != '\\' {
            out.push(it);
            continue;
        }
        out.push(match rest.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => code(&mut rest, 4)?,
            'U' => code(&mut rest, 8)?,
            it @ ('"' | '\\') => it,
            _ => return None,
        });
    }
    Some(out)
}

fn code(rest: &mut std::str::Chars, count: usize) -> Option<char> {
    let digits: String = rest.by_ref().take(count).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}
