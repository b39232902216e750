//! Expressions as values of a stack file: constants, arrays and objects as TOML has them, everything
//! else as a string that holds `${…}`.

use super::read::{Above, Source, comment};
use super::table::{Line, Pair, Table};
use super::text;
use crate::format::hcl::token::{Kind, Token};
use crate::format::toml::quote;

/// What a value is in a stack file.
pub enum Value {
    Inline(String),
    /// An object of several lines, as a table of its own.
    Table(Table),
    /// A list of such objects.
    Tables(Vec<Table>),
}

/// The value of an argument.
pub fn of(tokens: &[Token], source: Source) -> Value {
    let broken = tokens.iter().any(|it| it.ends_line());
    if let Some(table) = object(tokens, source).filter(|it| !it.lines.is_empty() || !it.tables.is_empty()) {
        let short = table.inline().filter(|it| !broken && it.chars().count() <= 100);
        return short.map_or(Value::Table(table), Value::Inline);
    }
    if let Some(tables) = broken.then(|| objects(tokens, source)).flatten() {
        return Value::Tables(tables);
    }
    Value::Inline(inline(tokens, source))
}

/// The value on a line, as far as it can be.
pub fn inline(tokens: &[Token], source: Source) -> String {
    scalar(tokens, source)
        .or_else(|| array(tokens, source))
        .or_else(|| object(tokens, source).and_then(|it| it.inline()))
        .unwrap_or_else(|| expression(source.text(tokens)))
}

/// A string that is nothing but this expression.
pub fn expression(text: &str) -> String {
    quote::text(&format!("${{{}}}", text.trim()))
}

fn scalar(tokens: &[Token], source: Source) -> Option<String> {
    match tokens {
        [it] if it.kind == Kind::Ident && matches!(it.text, "true" | "false") => Some(it.text.to_owned()),
        [it] if it.kind == Kind::Number => number(it.text),
        [minus, it] if minus.kind == Kind::Minus && it.kind == Kind::Number => {
            number(it.text).map(|it| format!("-{it}"))
        }
        [first, .., _]
            if first.kind == Kind::OpenQuote && is_one(tokens, Kind::OpenQuote, Kind::CloseQuote) =>
        {
            let text = text::quoted(tokens, source)?;
            // A text that was on one line stays on one.
            Some(if text.contains('\n') { quote::escaped(&text) } else { quote::text(&text) })
        }
        [first, .., last] if first.kind == Kind::OpenHeredoc && last.kind == Kind::CloseHeredoc => {
            let one = is_one(tokens, Kind::OpenHeredoc, Kind::CloseHeredoc);
            let text = one.then(|| text::heredoc(tokens, source)).flatten();
            // The delimiter stands on a line of its own.
            Some(text.map_or_else(
                || quote::text(&format!("${{{}\n}}", source.text(tokens))),
                |it| quote::text(&it),
            ))
        }
        _ => None,
    }
}

/// A number that TOML writes in the same way.
fn number(text: &str) -> Option<String> {
    let digits = text.split(['.', 'e', 'E']).next()?;
    let zeros = digits.len() > 1 && digits.starts_with('0');
    let long = digits.len() > 18 || text.len() > 30;
    (!zeros && !long).then(|| text.to_owned())
}

/// Whether the first token is closed by the last one.
fn is_one(tokens: &[Token], open: Kind, close: Kind) -> bool {
    let mut depth = 0;
    let end = tokens.iter().position(|it| {
        depth += i32::from(it.kind == open) - i32::from(it.kind == close);
        depth == 0
    });
    end.is_some_and(|it| it + 1 == tokens.len())
}

/// What stands between brackets that hold a plain list or object.
fn inside<'t, 'a>(tokens: &'t [Token<'a>], open: Kind, close: Kind) -> Option<&'t [Token<'a>]> {
    let [first, inside @ .., last] = tokens else { return None };
    if first.kind != open || last.kind != close || !is_one(tokens, open, close) {
        return None;
    }
    let start = inside.iter().find(|it| !matches!(it.kind, Kind::Newline | Kind::Comment));
    let computed = start.is_some_and(|it| it.text == "for");
    (!computed).then_some(inside)
}

/// An element of a list, or an entry of an object, or a comment.
enum Element<'t, 'a> {
    Value(&'t [Token<'a>]),
    Comment(&'t Token<'a>),
    Newline,
}

/// Cut at commas, and for an object at line ends.
fn elements<'t, 'a>(inside: &'t [Token<'a>], object: bool) -> Vec<Element<'t, 'a>> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut depth = 0;
    for (at, token) in inside.iter().enumerate() {
        depth += token.depth();
        // The closing delimiter of a heredoc ends nothing else.
        let cuts = match token.kind {
            Kind::Comma | Kind::Comment => true,
            Kind::Newline => object || at == start,
            _ => false,
        };
        if depth != 0 || !cuts {
            continue;
        }
        push(&inside[start..at], &mut out);
        match token.kind {
            Kind::Comment => out.push(Element::Comment(token)),
            Kind::Newline => out.push(Element::Newline),
            _ => {}
        }
        if token.ends_line() && token.kind == Kind::Comment {
            out.push(Element::Newline);
        }
        start = at + 1;
    }
    push(&inside[start..], &mut out);
    out
}

fn push<'t, 'a>(tokens: &'t [Token<'a>], out: &mut Vec<Element<'t, 'a>>) {
    let first = tokens.iter().position(|it| it.kind != Kind::Newline);
    let last = tokens.iter().rposition(|it| it.kind != Kind::Newline);
    if let (Some(first), Some(last)) = (first, last) {
        out.extend((first > 0).then_some(Element::Newline));
        out.push(Element::Value(&tokens[first..=last]));
        out.extend((last + 1 < tokens.len()).then_some(Element::Newline));
    }
}

/// A list as TOML has it; as many lines as it has.
fn array(tokens: &[Token], source: Source) -> Option<String> {
    let inside = inside(tokens, Kind::OpenBracket, Kind::CloseBracket)?;
    let mut out = String::from("[");
    if inside.first().is_some_and(|it| it.ends_line()) {
        out.push('\n');
    }
    let mut lines_since = 1;
    for it in elements(inside, false) {
        match it {
            Element::Newline => lines_since += 1,
            Element::Comment(it) => {
                match lines_since > 0 {
                    true if out.ends_with('\n') => {}
                    true => out.push('\n'),
                    false => out.push(' '),
                }
                out.push_str(&comment(it.text).join("\n"));
                out.push('\n');
            }
            Element::Value(it) => {
                let value = inline(it, source);
                if value.contains('\n') && !value.starts_with('[') {
                    return None;
                }
                out.push_str(&value);
                out.push_str(", ");
                lines_since = 0;
            }
        }
    }
    out.push(']');
    Some(out)
}

/// A list of objects, each a table.
fn objects(tokens: &[Token], source: Source) -> Option<Vec<Table>> {
    let inside = inside(tokens, Kind::OpenBracket, Kind::CloseBracket)?;
    let mut out: Vec<Table> = Vec::new();
    let mut above = Vec::new();
    for it in elements(inside, false) {
        match it {
            Element::Newline => {}
            Element::Comment(it) => above.extend(comment(it.text).into_iter().map(Above::Comment)),
            Element::Value(it) => {
                let mut table = object(it, source)?;
                table.above = std::mem::take(&mut above);
                table.array = true;
                out.push(table);
            }
        }
    }
    if let Some(last) = out.last_mut() {
        last.tail.append(&mut above);
    }
    (!out.is_empty()).then_some(out)
}

/// An object all of whose keys are plain; its path is for the caller to set.
pub fn object(tokens: &[Token], source: Source) -> Option<Table> {
    let inside = inside(tokens, Kind::OpenBrace, Kind::CloseBrace)?;
    let mut table = Table::default();
    let mut above: Vec<Above> = Vec::new();
    let mut keys = std::collections::BTreeSet::new();
    let mut line_ended = true;
    for it in elements(inside, true) {
        match it {
            Element::Newline => line_ended = true,
            Element::Comment(it) => {
                let lines = comment(it.text);
                match table.lines.last_mut() {
                    Some(Line::Pair(last)) if !line_ended && last.beside.is_none() => {
                        last.beside = Some(lines.join(" "));
                    }
                    _ => above.extend(lines.into_iter().map(Above::Comment)),
                }
            }
            Element::Value(it) => {
                let (key, value) = entry(it, source)?;
                if !keys.insert(key.clone()) {
                    return None;
                }
                put(&mut table, key, of(value, source), std::mem::take(&mut above), None);
                line_ended = false;
            }
        }
    }
    table.tail = above;
    Some(table)
}

/// Adds a value under its name.
pub fn put(table: &mut Table, key: String, value: Value, above: Vec<Above>, beside: Option<String>) {
    let place = |mut it: Table, above: Vec<Above>, beside: Option<String>| {
        it.path = vec![key.clone()];
        it.above.splice(0..0, above);
        it.beside = beside;
        it
    };
    match value {
        Value::Inline(value) => table.add(above, Pair { key, value, beside }),
        Value::Table(it) => table.tables.push(place(it, above, beside)),
        Value::Tables(all) => {
            let mut above = Some((above, beside));
            for it in all {
                let (above, beside) = above.take().unwrap_or_default();
                table.tables.push(place(it, above, beside));
            }
        }
    }
}

/// `key = value` or `key: value` with a plain key.
fn entry<'t, 'a>(tokens: &'t [Token<'a>], source: Source) -> Option<(String, &'t [Token<'a>])> {
    let at = tokens.iter().position(|it| matches!(it.kind, Kind::Equal | Kind::Colon))?;
    let key = match &tokens[..at] {
        [it] if it.kind == Kind::Ident => it.text.to_owned(),
        all => text_of(all, source)?,
    };
    Some((key, &tokens[at + 1..])).filter(|it| !it.1.is_empty())
}

/// The text of a string without anything to compute.
pub fn text_of(tokens: &[Token], source: Source) -> Option<String> {
    let first = tokens.first().filter(|it| it.kind == Kind::OpenQuote)?;
    let whole = is_one(tokens, first.kind, Kind::CloseQuote);
    let plain = !tokens.iter().any(|it| matches!(it.kind, Kind::Interpolation | Kind::Directive));
    let text = (whole && plain).then(|| text::quoted(tokens, source)).flatten()?;
    Some(text.replace("$${", "${").replace("%%{", "%{"))
}
