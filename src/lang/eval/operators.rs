//! Operators.

use hcl_edit::expr::{BinaryOp, BinaryOperator as B, Expression as E, UnaryOp, UnaryOperator};

use super::{Outcome, Scope, ranges};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::number::Number;
use crate::lang::types::Type;
use crate::lang::value::Value;

impl Scope<'_> {
    pub(super) fn unary(&self, it: &UnaryOp) -> Outcome {
        let given = self.expr(&it.expr)?;
        let (sign, ty) = match it.operator.value() {
            UnaryOperator::Not => ("!", Type::Bool),
            UnaryOperator::Neg => ("-", Type::Number),
        };
        let value = self.operand(&given, &it.expr, sign, &ty)?;
        let out = match (value.as_bool(), value.as_number()) {
            (Some(it), _) => Value::from(!it),
            (_, Some(it)) => it.negated().into(),
            _ => Value::unknown_not_null(ty),
        };
        Ok(out.marked(given.marks))
    }

    /// An operand as its operator needs it.
    fn operand(&self, it: &Value, expr: &E, sign: &str, ty: &Type) -> Outcome {
        if it.is_null() {
            let error = self.at(expr).error(format!("`{sign}` cannot work with null"));
            return Err(error.help("use coalesce(…) to say what null means").into());
        }
        it.convert(ty).map_err(|_| {
            let summary = format!("`{sign}` needs {}, not {}", ty.a(), shown(it));
            let error = self.at(expr).error(summary);
            let text = sign == "+" && it.ty() == Type::String;
            Diagnostics::from(if text {
                error.help("to join texts, write them in one string: \"${a}${b}\"")
            } else {
                error
            })
        })
    }

    pub(super) fn binary(&self, it: &BinaryOp) -> Outcome {
        let mut errors = Diagnostics::default();
        let left = errors.take(self.expr(&it.lhs_expr));
        let right = errors.take(self.expr(&it.rhs_expr));
        let (Some(left), Some(right)) = (left, right) else { return Err(errors) };
        let op = *it.operator.value();
        match op {
            B::Eq | B::NotEq => {
                let marks = left.deep_marks() | right.deep_marks();
                let equal = left.equals(&right).map(|it| Value::from(it == (op == B::Eq)));
                Ok(equal.unwrap_or_else(|| Value::unknown_not_null(Type::Bool)).marked(marks))
            }
            B::And | B::Or => self.logical(it, op, &left, &right),
            _ => self.numeric(it, op, &left, &right),
        }
    }

    fn operands(
        &self,
        it: &BinaryOp,
        left: &Value,
        right: &Value,
        ty: &Type,
    ) -> Result<[Value; 2], Diagnostics> {
        let sign = it.operator.value().as_str();
        let mut errors = Diagnostics::default();
        let left = errors.take(self.operand(left, &it.lhs_expr, sign, ty));
        let right = errors.take(self.operand(right, &it.rhs_expr, sign, ty));
        left.zip(right).map(|it| it.into()).ok_or(errors)
    }

    /// As Terraform 1.11 has it: both sides count, and with one unknown so is the answer.
    fn logical(&self, it: &BinaryOp, op: B, left: &Value, right: &Value) -> Outcome {
        let sides = self.operands(it, left, right, &Type::Bool)?;
        let out = match sides.each_ref().map(Value::as_bool) {
            [Some(a), Some(b)] => Value::from(if op == B::Or { a || b } else { a && b }),
            _ => Value::unknown_not_null(Type::Bool),
        };
        Ok(out.marked(left.marks | right.marks))
    }

    fn numeric(&self, it: &BinaryOp, op: B, left: &Value, right: &Value) -> Outcome {
        let sides = self.operands(it, left, right, &Type::Number)?;
        let out = match sides.each_ref().map(Value::as_number) {
            [Some(a), Some(b)] => {
                calculate(op, a, b).map_err(|why| Diagnostics::from(self.failed(it, &why)))?
            }
            _ => ranges::calculate(op, &sides),
        };
        Ok(out.marked(left.marks | right.marks))
    }

    fn failed(&self, it: &BinaryOp, why: &str) -> Diagnostic {
        let spans = super::span(&it.lhs_expr).start..super::span(&it.rhs_expr).end;
        super::At(self.offsets, spans).error(why)
    }
}

fn calculate(op: B, a: &Number, b: &Number) -> Result<Value, String> {
    if matches!(op, B::Div | B::Mod) && b.is_zero() {
        return Err("division by zero".to_owned());
    }
    let number = match op {
        B::Less => return Ok((a < b).into()),
        B::LessEq => return Ok((a <= b).into()),
        B::Greater => return Ok((a > b).into()),
        B::GreaterEq => return Ok((a >= b).into()),
        B::Plus => a.add(b),
        B::Minus => a.sub(b),
        B::Mul => a.mul(b),
        B::Div => a.div(b),
        _ => a.rem(b),
    };
    number.map(Value::from).ok_or_else(|| "the result of this is out of range".to_owned())
}

/// A value in an error: short texts are quoted, unless they are secret.
pub(super) fn shown(it: &Value) -> String {
    match it.as_str() {
        Some(text) if !it.marks.sensitive && text.chars().count() <= 40 => format!("the string {text:?}"),
        _ => it.ty().a(),
    }
}
