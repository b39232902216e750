//! What Terraform's parser takes and `hcl-edit`'s does not, written otherwise in as many bytes: so
//! positions stay what they are.
//!
//! - A comment after an expression.
//! - Line ends inside a `for`, a `%{…}` and between their parts.
//! - Numbers beyond a double, as zeros: their digits are taken from the file when they are evaluated.
//! - An object's keys that occur twice: the last one counts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::parser::{self, Error};
use hcl_edit::structure::Body;
use hcl_edit::template::Template;
use hcl_edit::visit_mut::{self, VisitMut};

use super::scan::{self, Start};

/// As [`parser::parse_expr`].
pub fn parse_expr(text: &str) -> Result<Expression, Error> {
    // A comment after it has become blanks.
    let mut repaired = Repaired::new(text, Start::Code, |it| parser::parse_expr(it.trim_end()))?;
    repaired.keys.visit_expr_mut(&mut repaired.tree);
    Ok(repaired.tree)
}

/// As [`parser::parse_template`].
pub fn parse_template(text: &str) -> Result<Template, Error> {
    let mut repaired = Repaired::new(text, Start::Template, parser::parse_template)?;
    repaired.keys.visit_template_mut(&mut repaired.tree);
    Ok(repaired.tree)
}

/// As [`parser::parse_body`], for a whole `.tf` file.
pub fn parse_body(text: &str) -> Result<Body, Error> {
    let mut repaired = Repaired::new(text, Start::Body, parser::parse_body)?;
    repaired.keys.visit_body_mut(&mut repaired.tree);
    Ok(repaired.tree)
}

/// More keys that occur twice than this are a mistake.
const MOST_KEYS: usize = 100;

struct Repaired<T> {
    tree: T,
    keys: Keys,
}

impl<T> Repaired<T> {
    fn new(text: &str, start: Start, parse: fn(&str) -> Result<T, Error>) -> Result<Self, Error> {
        let mut keys = Keys::default();
        let mut text = scan::rewritten(text, start);
        let mut error = match parse(&text) {
            Ok(tree) => return Ok(Repaired { tree, keys }),
            Err(error) => error,
        };
        for count in 0..MOST_KEYS {
            if !error.message().contains("redefined object key") {
                break;
            }
            match keys.replaced(&text, error.location().offset(), count) {
                Some(next) => text = Cow::Owned(next),
                None => break,
            }
            error = match parse(&text) {
                Ok(tree) => return Ok(Repaired { tree, keys }),
                Err(error) => error,
            };
        }
        Err(error)
    }
}

/// Keys that occur twice, by the name that stands in for each.
#[derive(Default)]
struct Keys(HashMap<String, ObjectKey>);

impl Keys {
    /// The text with another key at this place.
    fn replaced(&mut self, text: &str, at: usize, count: usize) -> Option<String> {
        let span = at..scan::key_end(text, at)?;
        let original = key(text, span.clone())?;
        let name = stand_in(text, span.len(), count)?;
        self.0.insert(name.clone(), original);
        Some(format!("{}{name}{}", &text[..span.start], &text[span.end..]))
    }
}

/// The key at this place, its positions those in the text.
fn key(text: &str, span: Range<usize>) -> Option<ObjectKey> {
    // A bracket before it, and as many blanks as there is text before that.
    let blanks = " ".repeat(span.start.checked_sub(1)?);
    match parser::parse_expr(&format!("({blanks}{})", &text[span])).ok()? {
        Expression::Parenthesis(it) => Some(match it.into_inner() {
            Expression::Variable(name) => ObjectKey::Ident(name),
            other => ObjectKey::Expression(other),
        }),
        _ => None,
    }
}

/// A name that is as long and does not occur in the text.
fn stand_in(text: &str, length: usize, count: usize) -> Option<String> {
    const LETTERS: &[u8] = b"_zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA";
    let name = |number: usize| {
        let mut rest = number;
        let mut digit = || {
            let letter = LETTERS[rest % LETTERS.len()];
            rest /= LETTERS.len();
            char::from(letter)
        };
        (0..length).map(|_| digit()).collect::<String>()
    };
    let most = if length < 3 { LETTERS.len() } else { MOST_KEYS * 4 };
    (count..most).map(name).find(|it| !text.contains(it.as_str()))
}

impl VisitMut for Keys {
    fn visit_object_mut(&mut self, node: &mut Object) {
        if !self.0.is_empty() {
            let found = node.iter().filter_map(|(key, _)| match key {
                ObjectKey::Ident(name) if self.0.contains_key(name.as_str()) => Some(key.clone()),
                _ => None,
            });
            for stand_in in found.collect::<Vec<_>>() {
                let ObjectKey::Ident(name) = &stand_in else { continue };
                if let (Some(key), Some(value)) = (self.0.get(name.as_str()), node.remove(&stand_in)) {
                    node.insert(key.clone(), value);
                }
            }
        }
        visit_mut::visit_object_mut(self, node);
    }
}

/// Where a number stands whose digits the parser has not seen.
pub(in crate::lang) fn unread_number(it: &hcl_edit::Formatted<hcl_edit::Number>) -> Option<Range<usize>> {
    let (_, digits) = sign(it.as_repr()?);
    let zeros = digits.len() > 1 && digits.bytes().all(|it| it == b'0');
    it.span().filter(|_| zeros)
}

/// Whether a number has a sign, and its digits: blanks and comments may stand between them.
pub(in crate::lang) fn sign(number: &str) -> (bool, &str) {
    let Some(mut rest) = number.strip_prefix('-') else { return (false, number) };
    loop {
        rest = rest.trim_start();
        match rest.strip_prefix("/*").and_then(|it| it.split_once("*/")) {
            Some((_, after)) => rest = after,
            None => return (true, rest),
        }
    }
}
