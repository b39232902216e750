//! Evaluation: from an expression and what it can see to its value, or to everything wrong with it.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::{Conditional, Expression as E};
use hcl_edit::template::Template;

use super::expr::{Env, Expr, Found, Node, Offsets, lone, repair};
use super::limits;
use super::number::Number;
use super::types::{Type, unify};
use super::value::{Kind, Value};
use crate::diag::{Diagnostic, Diagnostics, Place};

mod call;
mod construct;
mod dynamic;
mod heredoc;
mod operators;
mod ranges;
mod repeat;
mod template;
mod traverse;

use template::Style;

pub(super) type Outcome = Result<Value, Diagnostics>;

/// The value of a configuration's expression.
pub(super) fn expr(expr: &Expr, env: &dyn Env) -> Outcome {
    match &expr.node {
        Node::Constant(value) => Ok(value.clone()),
        Node::Template(it, offsets) => whole_template(it, offsets, env),
        Node::Hcl(it, offsets) => expression(it, offsets, env),
        Node::Array(all) => {
            let mut errors = Diagnostics::default();
            let items = all.iter().filter_map(|it| errors.take(it.eval(env))).collect();
            errors.check(Value::tuple(items))
        }
        Node::Object(all) => {
            let mut errors = Diagnostics::default();
            let one = |it: &(Arc<str>, Place, Expr)| Some((it.0.clone(), errors.take(it.2.eval(env))?));
            let fields: Vec<_> = all.iter().filter_map(one).collect();
            errors.check(Value::object(fields))
        }
        Node::Blocks(all) => dynamic::blocks(all, env),
    }
}

pub(super) fn expression(it: &E, offsets: &Offsets, env: &dyn Env) -> Outcome {
    limits::counted(|| Scope { env, offsets, locals: None }.expr(it))
}

/// A template that is nothing but one `${…}` has the value of what is inside.
pub(super) fn whole_template(it: &Template, offsets: &Offsets, env: &dyn Env) -> Outcome {
    let scope = Scope { env, offsets, locals: None };
    limits::counted(|| match lone(it) {
        Some(inner) => scope.expr(inner),
        None => scope.template(it, &Style::Lines),
    })
}

/// A name that a `for` binds, and those bound around it.
struct Local<'a> {
    name: &'a str,
    value: Value,
    outer: Option<&'a Local<'a>>,
}

/// What an expression is evaluated in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub env: &'a dyn Env,
    pub offsets: &'a Offsets,
    locals: Option<&'a Local<'a>>,
}

/// An error at a span of the text.
pub(super) struct At<'a>(pub &'a Offsets, pub Range<usize>);

impl At<'_> {
    pub fn error(&self, summary: impl Into<String>) -> Diagnostic {
        Diagnostic::error(summary).at(&self.0.place(self.1.clone()))
    }
}

pub(super) fn span(it: &impl Span) -> Range<usize> {
    it.span().unwrap_or_default()
}

impl<'a> Scope<'a> {
    pub(super) fn at(&self, it: &impl Span) -> At<'a> {
        At(self.offsets, span(it))
    }

    pub(super) fn expr(&self, it: &E) -> Outcome {
        match it {
            E::Null(_) => Ok(Value::null(Type::Any)),
            E::Bool(it) => Ok((**it).into()),
            E::Number(it) => self.number(it),
            E::String(it) => Ok(it.as_str().into()),
            E::StringTemplate(it) => match lone(it) {
                Some(inner) => self.expr(inner),
                None => self.template(it, &Style::Quoted),
            },
            E::HeredocTemplate(it) => self.heredoc(it),
            E::Parenthesis(it) => self.expr(it.inner()),
            E::Array(it) => self.bounded(it, self.array(it)?),
            E::Object(it) => self.bounded(it, self.object(it)?),
            E::Variable(it) => self.variable(it),
            E::Traversal(it) => self.traversal(it),
            E::FuncCall(it) => self.bounded(&**it, self.call(it)?),
            E::Conditional(it) => self.conditional(it),
            E::UnaryOp(it) => self.unary(it),
            E::BinaryOp(it) => self.binary(it),
            E::ForExpr(it) => self.bounded(&**it, self.for_expr(it)?),
        }
    }

    /// A value that was put together, where it is not out of all proportion.
    fn bounded(&self, it: &impl Span, value: Value) -> Outcome {
        limits::value(&value).map_err(|why| self.too_much(it, why))?;
        Ok(value)
    }

    fn too_much(&self, it: &impl Span, why: String) -> Diagnostics {
        self.at(it).error(why).help("no stack needs that much: look for what repeats without end").into()
    }

    fn number(&self, it: &hcl_edit::Formatted<hcl_edit::Number>) -> Outcome {
        // The parser's own number is a double; the digits of the text are exact.
        let text = match (repair::unread_number(it), it.as_repr()) {
            (Some(span), _) => heredoc::original(self.offsets, span),
            (_, Some(repr)) => repr.to_string(),
            _ => it.value().to_string(),
        };
        let (negative, digits) = repair::sign(&text);
        let number = digits.parse::<Number>().map(|it| if negative { it.negated() } else { it });
        match number {
            Ok(number) => Ok(number.into()),
            Err(_) => Err(self.at(it).error("this number is out of range").into()),
        }
    }

    /// With a name bound to a value.
    fn bind<T>(&self, names: [Option<&str>; 2], values: [Value; 2], inside: impl FnOnce(&Scope) -> T) -> T {
        let [key, value] = names;
        let [key_value, item] = values;
        let key = key.map(|name| Local { name, value: key_value, outer: self.locals });
        let Some(value) = value else { return inside(self) };
        let outer = key.as_ref().or(self.locals);
        let value = Local { name: value, value: item, outer };
        inside(&Scope { env: self.env, offsets: self.offsets, locals: Some(&value) })
    }

    /// The value at the start of a path and how many names it used up.
    pub(super) fn lookup(&self, path: &[&str], at: &At) -> Result<(Value, usize), Diagnostics> {
        let mut local = self.locals;
        while let Some(it) = local {
            if it.name == path[0] {
                return Ok((it.value.clone(), 1));
            }
            local = it.outer;
        }
        match self.env.resolve(path) {
            Found::Value(value, used) => Ok((value, used.clamp(1, path.len()))),
            Found::Missing(mut missing) => {
                missing.place.get_or_insert_with(|| at.0.place(at.1.clone()));
                missing.label.get_or_insert_with(|| "not found".to_owned());
                Err((*missing).into())
            }
        }
    }

    fn variable(&self, it: &hcl_edit::Decorated<hcl_edit::Ident>) -> Outcome {
        Ok(self.lookup(&[it.as_str()], &self.at(it))?.0)
    }

    /// Both arms are evaluated, because both say what the type is; only what is wrong with the
    /// chosen one counts.
    fn conditional(&self, it: &Conditional) -> Outcome {
        let (yes, no) = (self.expr(&it.true_expr), self.expr(&it.false_expr));
        let condition = self.expr(&it.cond_expr)?;
        let ty = self.common_type(it, &yes, &no)?;
        let known = self.condition(&condition, &it.cond_expr, "condition")?;
        // Both say something of the condition, so the marks of both count.
        let marks = [&yes, &no].into_iter().flatten().fold(condition.marks, |marks, it| marks | it.marks);
        let Some(chosen) = known else { return Ok(ranges::either(&ty, yes, no).marked(marks)) };
        let (arm, value) = if chosen { (&it.true_expr, yes) } else { (&it.false_expr, no) };
        let converted = value?.convert(&ty).map_err(|why| {
            let summary = format!("this result of the condition is not {}: {why}", ty.a());
            Diagnostics::from(self.at(arm).error(summary))
        })?;
        Ok(converted.marked(marks))
    }

    fn common_type(&self, it: &Conditional, yes: &Outcome, no: &Outcome) -> Result<Type, Diagnostics> {
        let (Ok(yes), Ok(no)) = (yes, no) else { return Ok(Type::Any) };
        let untyped = |it: &Value| it.is_null() && it.ty() == Type::Any;
        if untyped(yes) {
            return Ok(no.ty());
        }
        if untyped(no) {
            return Ok(yes.ty());
        }
        let (left, right) = (yes.ty(), no.ty());
        if left == Type::Any || right == Type::Any {
            return Ok(Type::Any);
        }
        unify(&[left.clone(), right.clone()]).ok_or_else(|| {
            let error = self.at(it).error("the two results of this condition have no type in common");
            let detail = format!("the first is {}, the second {}", left.a(), right.a());
            let same = matches!((&left, &right), (Type::Object(_), Type::Object(_)));
            let help = if same {
                "give both objects the same attributes, with null where there is nothing"
            } else {
                "make both of one type"
            };
            error.label(detail).help(help).into()
        })
    }

    /// A bool; `None` while it is unknown.
    pub(super) fn condition(&self, it: &Value, expr: &E, what: &str) -> Result<Option<bool>, Diagnostics> {
        if it.is_null() {
            let error = self.at(expr).error(format!("the {what} is null: it must be true or false"));
            return Err(error.help("use coalesce(…, false) to say what null means").into());
        }
        match it.convert(&Type::Bool) {
            Ok(it) => Ok(it.as_bool()),
            Err(_) => {
                let summary = format!("the {what} must be true or false, not {}", it.ty().a());
                Err(self.at(expr).error(summary).into())
            }
        }
    }
}

/// Not null now, nor once it is known.
pub(super) fn surely_not_null(it: &Value) -> bool {
    match &it.kind {
        Kind::Null(_) => false,
        Kind::Unknown(it) => it.not_null,
        _ => true,
    }
}
