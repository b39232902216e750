//! Reading HCL in which the key of an object stands twice: the last one counts, as Terraform has it.
//! The parser refuses such objects, so the later key is given another name of the same length while
//! it is parsed, and its own again afterwards.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, Object, ObjectKey};
use hcl_edit::parser::{self, Error};
use hcl_edit::structure::Body;
use hcl_edit::template::Template;
use hcl_edit::visit_mut::{VisitMut, visit_object_mut};
use hcl_edit::{Decorated, Ident, Span};

/// More than these in one text are no slip: each costs another pass.
const MOST: usize = 200;

/// Reads a body.
pub fn parse_body(text: &str) -> Result<Body, Error> {
    read(text, parser::parse_body, |body, keys| keys.visit_body_mut(body))
}

pub(super) fn parse_expr(text: &str) -> Result<Expression, Error> {
    read(text, parser::parse_expr, |expr, keys| keys.visit_expr_mut(expr))
}

pub(super) fn parse_template(text: &str) -> Result<Template, Error> {
    read(text, parser::parse_template, |it, keys| keys.visit_template_mut(it))
}

fn read<T>(
    text: &str,
    parse: fn(&str) -> Result<T, Error>,
    restore: fn(&mut T, &mut Keys),
) -> Result<T, Error> {
    let mut error = match parse(text) {
        Ok(it) => return Ok(it),
        Err(it) => it,
    };
    let mut keys = Keys::default();
    let mut changed = text.to_owned();
    for round in 0..MOST {
        if !error.message().contains("redefined object key") || !keys.rename(&mut changed, &error, round) {
            return Err(error);
        }
        match parse(&changed) {
            Ok(mut it) => {
                restore(&mut it, &mut keys);
                return Ok(it);
            }
            Err(next) => error = next,
        }
    }
    Err(error)
}

/// Where a key stands that was given another name, and its own.
#[derive(Default)]
struct Keys(BTreeMap<usize, String>);

impl Keys {
    /// Gives the key that an error is about another name.
    fn rename(&mut self, text: &mut String, error: &Error, round: usize) -> bool {
        let start = error.location().offset();
        let Some(rest) = text.get(start..) else { return false };
        let quote = usize::from(rest.starts_with('"'));
        let is_part = |it: char| {
            it.is_alphanumeric() || matches!(it, '_' | '-') || (quote == 1 && it != '"' && it != '\\')
        };
        let inner = &rest[quote..];
        let length = inner.find(|it| !is_part(it)).unwrap_or(inner.len());
        let own = inner[..length].to_owned();
        let Some(name) = other_name(length, round) else { return false };
        text.replace_range(start + quote..start + quote + length, &name);
        self.0.entry(start).or_insert(own);
        true
    }
}

/// A name of this many bytes, another one each round; `None` where there is none.
fn other_name(length: usize, round: usize) -> Option<String> {
    let mut left = round;
    let mut name = vec![b'Z'; length];
    for it in name.iter_mut().rev() {
        *it = b'Z' - u8::try_from(left % 26).unwrap_or_default();
        left /= 26;
    }
    (length > 0 && left == 0).then(|| String::from_utf8(name).unwrap_or_default())
}

impl VisitMut for Keys {
    fn visit_object_mut(&mut self, object: &mut Object) {
        visit_object_mut(self, object);
        let own = |key: &ObjectKey| key.span().and_then(|it| self.0.get(&it.start));
        if object.iter().all(|it| own(it.0).is_none()) {
            return;
        }
        let all: Vec<_> = std::mem::take(object).into_iter().collect();
        for (key, value) in all {
            let key = match (own(&key), &key) {
                (Some(name), ObjectKey::Ident(_)) => {
                    ObjectKey::Ident(Decorated::new(Ident::new(name.as_str())))
                }
                (Some(name), _) => ObjectKey::Expression(Expression::from(name.as_str())),
                (None, _) => key,
            };
            object.insert(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_counts() {
        let text = "x = { a = 1, b = { c = 1\n c = 2 }, a = 3, \"d\" : 4, \"d\" : 5, (e) = 6, a = 7 }\n";
        let body = parse_body(text).unwrap_or_else(|it| panic!("{it}"));
        let value = body.get_attribute("x").and_then(|it| it.value.as_object()).unwrap_or_else(|| panic!());
        let source = text;
        let text: Vec<_> = value.iter().map(|it| it.1.expr().to_string().trim().to_owned()).collect();
        assert_eq!(text, ["7", "{c = 2 }", "5", "6"]);
        let span = value.iter().next().and_then(|it| it.1.expr().span());
        assert_eq!(span.map(|it| it.start), source.find("7 }"));
    }

    #[test]
    fn other_errors_stay_where_they_are() {
        let Err(error) = parse_body("x = { a = 1, a = 2 }\ny = ]\n") else { panic!() };
        assert_eq!((error.location().line(), error.location().column()), (2, 5));
        assert!(parse_expr("{ (a) = 1, (a) = 2 }").is_err());
    }
}
