//! From an expression of a `.tf` file to a tree whose leaves are constants or parsed HCL: the shape
//! that stack files have.

use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::{Expression as E, Object, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::Body;
use hcl_edit::template::Element;

use crate::config::scope::Scope;
use crate::diag::Place;
use crate::lang::expr::Offsets;
use crate::lang::{Expr, Node};

/// The expression as a tree.
pub(in crate::config) fn of(expr: E, offsets: &Offsets) -> Expr {
    let place = offsets.place(expr.span().unwrap_or_default());
    let node = match expr {
        E::Array(all) => Node::Array(all.into_iter().map(|it| of(it, offsets)).collect()),
        E::Object(all) if all.iter().all(|it| name(it.0).is_some()) => {
            Node::Object(fields(all, offsets, &place))
        }
        E::Parenthesis(inner) => return of(inner.into_inner(), offsets),
        other => leaf(other, offsets, &place),
    };
    Expr { node, place }
}

fn leaf(expr: E, offsets: &Offsets, place: &Place) -> Node {
    let constant = is_constant(&expr);
    let node = Node::Hcl(Arc::new(alone(expr)), offsets.clone());
    if !constant {
        return node;
    }
    let expr = Expr { node, place: place.clone() };
    match expr.eval(&Scope::nothing("a constant")) {
        Ok(value) => Node::Constant(value),
        // Such as a number out of range: told when it is evaluated.
        Err(_) => expr.node,
    }
}

/// What stands in `"${…}"`: old Terraform wanted every expression to be written like that.
fn alone(expr: E) -> E {
    match expr {
        E::StringTemplate(it) if matches!(it.as_single_element(), Some(Element::Interpolation(_))) => {
            match it.into_iter().next() {
                Some(Element::Interpolation(it)) => alone(it.expr),
                // Not reached: there is one, and it is one.
                _ => E::null(),
            }
        }
        other => other,
    }
}

fn is_constant(expr: &E) -> bool {
    match expr {
        E::Null(_) | E::Bool(_) | E::Number(_) | E::String(_) => true,
        E::UnaryOp(it) => *it.operator.value() == UnaryOperator::Neg && matches!(it.expr, E::Number(_)),
        E::HeredocTemplate(it) => it.template.iter().all(Element::is_literal),
        _ => false,
    }
}

/// A key that is plain text.
fn name(key: &ObjectKey) -> Option<&str> {
    match key {
        ObjectKey::Ident(it) => Some(it.as_str()),
        ObjectKey::Expression(E::String(it)) => Some(it.as_str()),
        ObjectKey::Expression(_) => None,
    }
}

/// Where a key stands twice, the last one counts.
fn fields(all: Object, offsets: &Offsets, around: &Place) -> Vec<(Arc<str>, Place, Expr)> {
    let mut out: Vec<(Arc<str>, Place, Expr)> = Vec::with_capacity(all.len());
    let mut seen = std::collections::HashMap::new();
    for (key, value) in all {
        let Some(text) = name(&key) else { continue };
        let text: Arc<str> = text.into();
        let place = key.span().map_or_else(|| around.clone(), |it| offsets.place(it));
        let one = (text.clone(), place, of(value.into_expr(), offsets));
        match seen.get(&text) {
            Some(at) => out[*at] = one,
            None => {
                seen.insert(text, out.len());
                out.push(one);
            }
        }
    }
    out
}

/// In `providers = { aws.west = aws.east }` the keys are names of configurations, which need no
/// quotation marks.
pub(super) fn bare_keys(body: &mut Body) {
    let Some(mut it) = body.get_attribute_mut("providers") else { return };
    let E::Object(all) = it.value_mut() else { return };
    let named = |key: ObjectKey| match &key {
        ObjectKey::Expression(E::Traversal(it)) => match (it.expr.as_variable(), &it.operators[..]) {
            (Some(kind), [only]) => match only.value() {
                TraversalOperator::GetAttr(alias) => {
                    ObjectKey::Expression(E::from(format!("{}.{}", kind.as_str(), alias.as_str())))
                }
                _ => key,
            },
            _ => key,
        },
        _ => key,
    };
    *all = std::mem::take(all).into_iter().map(|(key, value)| (named(key), value)).collect();
}
