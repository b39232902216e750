//! `dynamic` blocks as `for` expressions.

use super::block::Converter;
use super::read::{Above, Block, Body, Item, Node, Source};
use super::value::text_of;
use crate::format::hcl::token::{Kind, Token};

/// A `dynamic` block around what is written: the name of its iterator, and what `.key` and `.value`
/// of it are called instead.
#[derive(Clone)]
struct Iterator {
    name: String,
    key: String,
}

/// A block and the comments above it.
type Commented<'b, 't, 'a> = (Vec<Above>, &'b Block<'t, 'a>);

/// Whether a block is a `dynamic` one, or holds one.
pub fn is(item: &Item) -> bool {
    matches!(&item.node, Node::Block(it) if it.kind.text == "dynamic")
}

/// All the blocks of one type as an expression that gives a list of objects. Where none is as if none was written,
/// and that is something else than an empty list (`stays`), it gives null then.
pub fn expression(blocks: &[(Vec<Above>, Block<'_, '_>)], stays: bool, converter: &mut Converter) -> String {
    let source = converter.source;
    let sources: Option<Vec<&str>> = blocks
        .iter()
        .map(|(_, it)| argument(&it.body, "for_each").filter(|_| it.kind.text == "dynamic"))
        .map(|it| Some(source.text(it?)))
        .collect();
    let blocks: Vec<Commented> = blocks.iter().map(|it| (it.0.clone(), &it.1)).collect();
    let list = all(&blocks, &[], converter);
    match sources {
        Some(all) if stays => {
            let lengths: Vec<String> = all.iter().map(|it| format!("length({it})")).collect();
            format!("{} > 0 ? {list} : null", lengths.join(" + "))
        }
        _ => list,
    }
}

/// Static blocks that follow one another are one list; several lists are put together.
fn all(blocks: &[Commented], around: &[Iterator], converter: &mut Converter) -> String {
    let mut lists: Vec<String> = Vec::new();
    let mut objects: Vec<String> = Vec::new();
    let listed = |objects: &mut Vec<String>| {
        let list = format!("[{}]", objects.join(", "));
        (!std::mem::take(objects).is_empty()).then_some(list)
    };
    for (above, block) in blocks {
        let above = comments(above);
        if block.kind.text == "dynamic" {
            lists.extend(listed(&mut objects));
            lists.push(format!("{above}{}", computed(block, around, converter)));
        } else {
            // A comment would end the line that the bracket opens.
            let line = if above.is_empty() { "" } else { "\n" };
            objects.push(format!("{line}{above}{}", object(&block.body, around, converter)));
        }
    }
    lists.extend(listed(&mut objects));
    match &lists[..] {
        [one] => one.clone(),
        _ => format!("concat(\n{}\n)", lists.join(",\n")),
    }
}

fn comments(above: &[Above]) -> String {
    let lines = above.iter().filter_map(|it| match it {
        Above::Comment(text) => Some(format!("{text}\n")),
        Above::Blank => None,
    });
    lines.collect()
}

fn argument<'t, 'a>(body: &Body<'t, 'a>, wanted: &str) -> Option<&'t [Token<'a>]> {
    body.items.iter().find_map(|it| match it.node {
        Node::Argument { name, value } if name.text == wanted => Some(value),
        _ => None,
    })
}

/// `[for x in … : { … }]`
fn computed(block: &Block<'_, '_>, around: &[Iterator], converter: &mut Converter) -> String {
    let source = converter.source;
    let label = block.labels.first().map_or("", |it| it.text);
    let name = argument(&block.body, "iterator").map_or_else(
        || label.to_owned(),
        |it| text_of(it, source).unwrap_or_else(|| source.text(it).to_owned()),
    );
    let content = block.body.items.iter().find_map(|it| match &it.node {
        Node::Block(it) if it.kind.text == "content" => Some(it),
        _ => None,
    });
    let (Some(collection), Some(content)) = (argument(&block.body, "for_each"), content) else {
        let error = source.error(block.kind, format!("`dynamic \"{label}\"` cannot be converted"));
        converter.errors.push(error.help("it needs `for_each` and one `content { … }`"));
        return String::new();
    };
    let it = Iterator { key: format!("{name}_key"), name };
    let inner: Vec<Iterator> = around.iter().cloned().chain([it.clone()]).collect();
    let made = object(&content.body, &inner, converter);
    let keyed = mentions(&made, &it.key);
    let names = if keyed { format!("{}, {}", it.key, it.name) } else { it.name.clone() };
    let collection = rewritten(collection, around, source);
    // An `=` before the object that is made would be aligned with those in it.
    let line = if collection.contains('=') { '\n' } else { ' ' };
    format!("[\nfor {names} in {collection} :{line}{made}\n]")
}

/// Whether an expression names this.
fn mentions(text: &str, name: &str) -> bool {
    crate::format::hcl::lexer::code(text).iter().any(|it| it.kind == Kind::Ident && it.text == name)
}

/// A body as an object; blocks in it are lists, as the provider's schema has them.
fn object(body: &Body<'_, '_>, around: &[Iterator], converter: &mut Converter) -> String {
    let mut out = String::from("{\n");
    let mut groups: Vec<(&str, Vec<Commented>)> = Vec::new();
    for item in &body.items {
        match &item.node {
            Node::Argument { name, value } => {
                out.push_str(&comments(&item.above));
                let value = rewritten(value, around, converter.source);
                out.push_str(&format!("{} = {value}", name.text));
                out.push_str(&item.beside.as_ref().map(|it| format!(" {it}")).unwrap_or_default());
                out.push('\n');
            }
            Node::Block(block) => {
                let name = match (block.kind.text, &block.labels[..]) {
                    ("dynamic", [label]) => label.text,
                    (kind, _) => kind,
                };
                let one = (item.above.clone(), block);
                match groups.iter_mut().find(|it| it.0 == name) {
                    Some((_, all)) => all.push(one),
                    None => groups.push((name, vec![one])),
                }
            }
        }
    }
    for (name, mut blocks) in groups {
        // No line ends between a name and its value.
        if let Some(first) = blocks.first_mut() {
            out.push_str(&comments(&std::mem::take(&mut first.0)));
        }
        let text = all(&blocks, around, converter);
        out.push_str(&format!("{name} = {text}\n"));
    }
    out.push_str(&comments(&body.tail));
    out.push('}');
    out
}

/// An expression with `it.value` as `it`, and `it.key` as its key's name.
fn rewritten(tokens: &[Token], around: &[Iterator], source: Source) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if at > 0 {
            out.push_str(source.between(&tokens[at - 1], token));
        }
        let (text, used) = replaced(&tokens[at..], tokens[..at].last(), around)
            .unwrap_or_else(|| (token.text.to_owned(), 1));
        out.push_str(&text);
        at += used;
    }
    out
}

/// What stands for the tokens at the start, and how many they are.
fn replaced(tokens: &[Token], before: Option<&Token>, around: &[Iterator]) -> Option<(String, usize)> {
    let first = tokens.first().filter(|it| it.kind == Kind::Ident)?;
    if before.is_some_and(|it| it.kind == Kind::Dot) {
        return None;
    }
    // The innermost of a name hides the others.
    let it = around.iter().rev().find(|it| it.name == first.text)?;
    let part = |name: &str| match name {
        "key" => Some(it.key.clone()),
        "value" => Some(it.name.clone()),
        _ => None,
    };
    match &tokens[1..] {
        [dot, name, ..] if dot.kind == Kind::Dot => Some((part(name.text)?, 3)),
        [open, quote, name, close, end, ..]
            if open.kind == Kind::OpenBracket
                && quote.kind == Kind::OpenQuote
                && close.kind == Kind::CloseQuote
                && end.kind == Kind::CloseBracket =>
        {
            Some((part(name.text)?, 5))
        }
        // A key of an object, or a function of that name.
        [next, ..] if matches!(next.kind, Kind::Equal | Kind::OpenParen | Kind::Arrow) => None,
        [next, ..] if next.kind == Kind::Colon && before.is_none_or(|it| it.kind != Kind::Question) => None,
        _ => Some((format!("{{ key = {}, value = {} }}", it.key, it.name), 1)),
    }
}
