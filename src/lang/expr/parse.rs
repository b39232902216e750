//! From text to an expression.

use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::parser::Error;
use hcl_edit::template::{Element, Template};

use super::repair::{parse_expr, parse_template};
use super::{Expr, Node, Offsets};
use crate::diag::{Diagnostic, Diagnostics, Place};

impl Expr {
    /// Reads a string's decoded text: a constant where nothing in it is to be computed.
    pub fn template(text: &str, offsets: Offsets, place: Place) -> Result<Expr, Diagnostics> {
        if !text.contains("${") && !text.contains("%{") {
            return Ok(Expr { node: Node::Constant(text.into()), place });
        }
        let template = parse_template_text(text, &offsets)?;
        let node = match plain(&template) {
            Some(text) => Node::Constant(text.into()),
            None => Node::Template(Arc::new(template), offsets),
        };
        Ok(Expr { node, place })
    }

    /// Reads a bare expression such as `aws_vpc.main.id`.
    pub fn hcl(text: &str, offsets: Offsets, place: Place) -> Result<Expr, Diagnostics> {
        let (expr, offsets) = parse_expression(text, &offsets)?;
        Ok(Expr { node: Node::Hcl(Arc::new(expr), offsets), place })
    }
}

/// The text of a template without anything to compute.
fn plain(template: &Template) -> Option<String> {
    template.iter().map(|it| it.as_literal().map(|it| it.as_str())).collect()
}

pub(in crate::lang) fn parse_template_text(text: &str, offsets: &Offsets) -> Result<Template, Diagnostics> {
    parse_template(text).map_err(|error| syntax_error(text, &error, offsets))
}

/// The expression, and where its bytes stand: blanks before it are no part of it.
pub(in crate::lang) fn parse_expression(
    text: &str,
    offsets: &Offsets,
) -> Result<(Expression, Offsets), Diagnostics> {
    let blank = text.len() - text.trim_start().len();
    let (bare, offsets) = match blank {
        0 => (text, offsets.clone()),
        _ => (&text[blank..], offsets.without(blank)),
    };
    match parse_expr(bare.trim_end()) {
        Ok(expr) => Ok((expr, offsets)),
        Err(error) => Err(syntax_error(bare, &error, &offsets)),
    }
}

fn syntax_error(text: &str, error: &Error, offsets: &Offsets) -> Diagnostics {
    // The parser may point into the middle of a character.
    let mut at = error.location().offset().min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let end = text[at..].chars().next().map_or(at, |it| at + it.len_utf8());
    let message = error.message();
    let out = Diagnostic::error("this expression is not valid").at(&offsets.place(at..end)).label(message);
    let out = match message {
        _ if message.contains("nesting depth") || message.contains("chained binary") => {
            out.help("move a part of it into a local value")
        }
        _ if text[at..].starts_with("${") || text[at..].starts_with("%{") => {
            out.help("to write it as plain text, double the first sign: `$${` or `%%{`")
        }
        _ => out,
    };
    out.into()
}

/// Whether a template is nothing but one `${…}`: then it has the value of that expression.
pub fn lone(template: &Template) -> Option<&Expression> {
    template.as_single_element().and_then(Element::as_interpolation).map(|it| &it.expr)
}
