//! References that are written as plain text: `depends_on`, `ignore_changes`, `provider`.

use std::ops::Range;

use hcl_edit::expr::{Expression, TraversalOperator};

use crate::address::is_name;
use crate::config::table::{constant, items};
use crate::config::{Reference, Setting, offsets};
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::lang::expr::Offsets;
use crate::lang::{Expr, Kind, Node};

/// The addresses in `depends_on`.
pub(super) fn depends_on(it: Option<Setting>, of: &str, errors: &mut Diagnostics) -> Vec<Reference> {
    let Some(it) = it else { return Vec::new() };
    let mut out = Vec::new();
    for it in items(it, of, errors) {
        match address(&it) {
            Ok(it) => out.push(it),
            Err(found) => errors.0.extend(found),
        }
    }
    out
}

/// `aws_vpc.main`, with or without `${}`; `[0]` after it is allowed and means nothing.
fn address(it: &Expr) -> Result<Reference, Diagnostics> {
    let path = match constant(it) {
        Some(Kind::String(text)) => {
            let offsets = offsets::of_string(&it.place.file, it.place.span.clone(), text);
            let steps = steps(text, &offsets)?;
            let names = steps.into_iter().take_while(|it| it.index.is_none());
            names.map(|it| it.name).collect()
        }
        Some(_) => return Err(not_address(it)),
        None => match &it.refs()[..] {
            [one] => one.path.clone(),
            _ => return Err(not_address(it)),
        },
    };
    let wanted = match path.first().map(String::as_str) {
        Some("data") => 3,
        Some("each" | "count" | "self" | "path" | "terraform" | "infra" | "stack") | None => {
            return Err(not_address(it));
        }
        Some(_) => 2,
    };
    match path.len() {
        found if found == wanted => Ok(Reference { path, place: it.place.clone() }),
        found if found > wanted => {
            let error = Diagnostic::error("`depends_on` names a whole resource, not an attribute of it");
            let whole = path[..wanted].join(".");
            let whole = if it.is_native() { whole } else { format!("\"{whole}\"") };
            Err(error.at(&it.place).help(format!("write {whole}")).into())
        }
        _ => Err(not_address(it)),
    }
}

fn not_address(it: &Expr) -> Diagnostics {
    let error = Diagnostic::error("this is not the address of anything")
        .at(&it.place)
        .help("write an address, such as \"aws_vpc.main\", \"data.aws_ami.it\" or \"module.net\"");
    error.into()
}

/// A path to an attribute, for `ignore_changes`: `tags["Owner"]`, `ingress[0].from_port`.
pub(super) fn attribute(it: &Expr) -> Result<(Vec<String>, Place), Diagnostics> {
    if let Node::Hcl(expr, _) = &it.node
        && let Some(path) = path_of(expr)
    {
        return Ok((path, it.place.clone()));
    }
    let Some(Kind::String(text)) = constant(it) else {
        let error = Diagnostic::error("this is not the name of an attribute").at(&it.place);
        let help = match it.is_native() {
            true => "write the attribute as it is: tags, or tags[\"Owner\"]",
            false => "write the attribute as plain text: \"tags\" or 'tags[\"Owner\"]'",
        };
        return Err(error.help(help).into());
    };
    let offsets = offsets::of_string(&it.place.file, it.place.span.clone(), text);
    let steps = steps(text, &offsets)?;
    Ok((steps.into_iter().map(|it| it.index.unwrap_or(it.name)).collect(), it.place.clone()))
}

/// `tags["Owner"]` as an expression.
fn path_of(expr: &Expression) -> Option<Vec<String>> {
    let (root, operators) = match expr {
        Expression::Variable(it) => (it.as_str(), &[][..]),
        Expression::Traversal(it) => (it.expr.as_variable()?.as_str(), &it.operators[..]),
        _ => return None,
    };
    let step = |it: &hcl_edit::Decorated<TraversalOperator>| match it.value() {
        TraversalOperator::GetAttr(name) => Some(name.as_str().to_owned()),
        TraversalOperator::LegacyIndex(at) => Some(at.value().to_string()),
        TraversalOperator::Index(Expression::String(key)) => Some(key.as_str().to_owned()),
        TraversalOperator::Index(Expression::Number(at)) => Some(at.value().to_string()),
        _ => None,
    };
    std::iter::once(Some(root.to_owned())).chain(operators.iter().map(step)).collect()
}

/// One step of a path: a name, or what stands in brackets.
struct Step {
    name: String,
    index: Option<String>,
}

fn steps(text: &str, offsets: &Offsets) -> Result<Vec<Step>, Diagnostics> {
    let fail = |range: Range<usize>, why: &str| {
        let error = Diagnostic::error(format!("`{text}` is not an address: {why}"));
        Err(Diagnostics::from(error.at(&offsets.place(range))))
    };
    let mut out: Vec<Step> = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        if let Some(inside) = rest.strip_prefix('[').filter(|_| !out.is_empty()) {
            let Some((index, length)) = bracketed(inside) else {
                return fail(at..text.len(), "a number or a quoted text stands in `[…]`");
            };
            out.push(Step { name: String::new(), index: Some(index) });
            at += 1 + length;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let name = &rest[..end];
            let number = !out.is_empty() && !name.is_empty() && name.bytes().all(|it| it.is_ascii_digit());
            if !is_name(name) && !number {
                return fail(at..at + end.max(1), "a name is expected here");
            }
            let index = number.then(|| name.to_owned());
            out.push(Step { name: name.to_owned(), index });
            at += end;
        }
        match text.as_bytes().get(at) {
            None => return Ok(out),
            Some(b'.') => at += 1,
            Some(b'[') => {}
            Some(_) => return fail(at..text.len(), "`.` or `[` is expected here"),
        }
    }
}

/// What stands before `]`, and how many bytes it takes with it.
fn bracketed(text: &str) -> Option<(String, usize)> {
    let Some(inside) = text.strip_prefix('"') else {
        let (digits, _) = text.split_once(']')?;
        let valid = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
        return valid.then(|| (digits.to_owned(), digits.len() + 1));
    };
    let mut out = String::new();
    let mut escaped = false;
    for (at, it) in inside.char_indices() {
        match it {
            it if escaped => {
                out.push(it);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return inside[at + 1..].starts_with(']').then_some((out, at + 3)),
            it => out.push(it),
        }
    }
    None
}
