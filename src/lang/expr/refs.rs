//! The static references of an expression.

use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{Expression as E, ForExpr, ObjectKey, Traversal, TraversalOperator as T};
use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Template};

use super::{Expr, Node, Offsets, Part, Ref, Step};

/// Every reference in it, in the order of the text.
pub(super) fn of(expr: &Expr) -> Vec<Ref> {
    let mut out = Vec::new();
    collect(expr, &mut out);
    out
}

/// Every reference in it with all its steps that are written out, and whether it calls a function.
pub(super) fn traversals(expr: &Expr) -> (Vec<Vec<Step>>, bool) {
    let (mut out, mut calls) = (Vec::new(), false);
    let mut add = |found: Walk<'_>| {
        calls |= found.calls;
        out.extend(found.out.into_iter().map(|it| it.steps));
    };
    leaves(expr, &mut add);
    (out, calls)
}

fn leaves<'a>(expr: &'a Expr, add: &mut dyn FnMut(Walk<'a>)) {
    let mut walk = Walk::default();
    match &expr.node {
        Node::Constant(_) => {}
        Node::Template(it, _) => {
            walk.template(it);
            add(walk);
        }
        Node::Hcl(it, _) => {
            walk.expr(it);
            add(walk);
        }
        Node::Array(all) => all.iter().for_each(|it| leaves(it, add)),
        Node::Object(all) => all.iter().for_each(|it| leaves(&it.2, add)),
        Node::Blocks(all) => all.iter().for_each(|it| match it {
            Part::Static(it) => leaves(it, add),
            Part::Dynamic(it) => {
                leaves(&it.for_each, add);
                let iterator = Step::Name(it.iterator.to_string());
                leaves(&it.content, &mut |mut found| {
                    found.out.retain(|it| it.steps.first() != Some(&iterator));
                    add(found);
                });
            }
        }),
    }
}

fn collect(expr: &Expr, out: &mut Vec<Ref>) {
    match &expr.node {
        Node::Constant(_) => {}
        Node::Template(it, offsets) => out.extend(found(offsets, |walk| walk.template(it))),
        Node::Hcl(it, offsets) => out.extend(found(offsets, |walk| walk.expr(it))),
        Node::Array(all) => all.iter().for_each(|it| collect(it, out)),
        Node::Object(all) => all.iter().for_each(|it| collect(&it.2, out)),
        Node::Blocks(all) => all.iter().for_each(|it| out.extend(it.refs())),
    }
}

fn found<'a>(offsets: &Offsets, visit: impl FnOnce(&mut Walk<'a>)) -> Vec<Ref> {
    let mut walk = Walk::default();
    visit(&mut walk);
    let reference = |it: Found| Ref {
        path: it.path.into_iter().map(str::to_owned).collect(),
        place: offsets.place(it.span),
    };
    walk.out.into_iter().map(reference).collect()
}

/// A path from a name that is not bound around it.
struct Found<'a> {
    path: Vec<&'a str>,
    steps: Vec<Step>,
    span: Range<usize>,
}

#[derive(Default)]
struct Walk<'a> {
    /// The names that a `for` around here binds.
    bound: Vec<&'a str>,
    out: Vec<Found<'a>>,
    /// Whether a function is called.
    calls: bool,
}

impl<'a> Walk<'a> {
    fn expr(&mut self, expr: &'a E) {
        match expr {
            E::Null(_) | E::Bool(_) | E::Number(_) | E::String(_) => {}
            E::Array(all) => all.iter().for_each(|it| self.expr(it)),
            E::Object(all) => {
                for (key, value) in all.iter() {
                    if let ObjectKey::Expression(key) = key {
                        self.expr(key);
                    }
                    self.expr(value.expr());
                }
            }
            E::StringTemplate(it) => self.template(it),
            E::HeredocTemplate(it) => self.template(&it.template),
            E::Parenthesis(it) => self.expr(it.inner()),
            E::Variable(it) => {
                self.reference(vec![it.as_str()], &[], it.span().unwrap_or_default());
            }
            E::Conditional(it) => {
                [&it.cond_expr, &it.true_expr, &it.false_expr].into_iter().for_each(|it| self.expr(it));
            }
            E::FuncCall(it) => {
                self.calls = true;
                it.args.iter().for_each(|it| self.expr(it));
            }
            E::Traversal(it) => self.traversal(it),
            E::UnaryOp(it) => self.expr(&it.expr),
            E::BinaryOp(it) => {
                self.expr(&it.lhs_expr);
                self.expr(&it.rhs_expr);
            }
            E::ForExpr(it) => self.for_expr(it),
        }
    }

    fn traversal(&mut self, it: &'a Traversal) {
        match &it.expr {
            E::Variable(name) => {
                let names = static_names(&it.operators);
                let end = it.operators.get(..names.len()).and_then(<[_]>::last).and_then(Span::span);
                let root = name.span().unwrap_or_default();
                let span = root.start..end.map_or(root.end, |it| it.end);
                self.reference([name.as_str()].into_iter().chain(names).collect(), &it.operators, span);
            }
            other => self.expr(other),
        }
        for op in &it.operators {
            if let T::Index(index) = op.value() {
                self.expr(index);
            }
        }
    }

    fn reference(&mut self, path: Vec<&'a str>, after: &[hcl_edit::Decorated<T>], span: Range<usize>) {
        if path.first().is_some_and(|it| self.bound.contains(it)) {
            return;
        }
        let first = path.first().map(|it| Step::Name((*it).to_owned()));
        let steps = first.into_iter().chain(after.iter().map_while(step_of)).collect();
        self.out.push(Found { path, steps, span });
    }

    fn bind(&mut self, names: [Option<&'a str>; 2], inside: impl FnOnce(&mut Self)) {
        let before = self.bound.len();
        self.bound.extend(names.into_iter().flatten());
        inside(self);
        self.bound.truncate(before);
    }

    fn for_expr(&mut self, it: &'a ForExpr) {
        self.expr(&it.intro.collection_expr);
        let key = it.intro.key_var.as_ref().map(|it| it.as_str());
        self.bind([key, Some(it.intro.value_var.as_str())], |walk| {
            let parts = it.key_expr.iter().chain([&it.value_expr]);
            parts.chain(it.cond.as_ref().map(|it| &it.expr)).for_each(|it| walk.expr(it));
        });
    }

    fn template(&mut self, template: &'a Template) {
        for element in template.iter() {
            match element {
                Element::Literal(_) => {}
                Element::Interpolation(it) => self.expr(&it.expr),
                Element::Directive(it) => match &**it {
                    Directive::If(it) => self.if_directive(it),
                    Directive::For(it) => self.for_directive(it),
                },
            }
        }
    }

    fn if_directive(&mut self, it: &'a IfDirective) {
        self.expr(&it.if_expr.cond_expr);
        self.template(&it.if_expr.template);
        if let Some(it) = &it.else_expr {
            self.template(&it.template);
        }
    }

    fn for_directive(&mut self, it: &'a ForDirective) {
        self.expr(&it.for_expr.collection_expr);
        let key = it.for_expr.key_var.as_ref().map(|it| it.as_str());
        let names = [key, Some(it.for_expr.value_var.as_str())];
        self.bind(names, |walk| walk.template(&it.for_expr.template));
    }
}

/// The names at the start of a traversal: its attributes and constant string indexes.
pub(in crate::lang) fn static_names(operators: &[hcl_edit::Decorated<T>]) -> Vec<&str> {
    operators.iter().map_while(name_of).collect()
}

fn step_of(op: &hcl_edit::Decorated<T>) -> Option<Step> {
    match op.value() {
        T::GetAttr(name) => Some(Step::Name(name.as_str().to_owned())),
        T::Index(E::String(name)) => Some(Step::Key(name.as_str().to_owned())),
        T::Index(E::Number(it)) => it.value().as_u64().map(Step::Index),
        T::LegacyIndex(it) => Some(Step::Index(*it.value())),
        _ => None,
    }
}

fn name_of(op: &hcl_edit::Decorated<T>) -> Option<&str> {
    match op.value() {
        T::GetAttr(name) => Some(name.as_str()),
        T::Index(E::String(name)) => Some(name.as_str()),
        _ => None,
    }
}
