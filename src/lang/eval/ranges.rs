//! What is sure about a result while what it is made of is not known yet.

use hcl_edit::expr::BinaryOperator as B;

use super::{Outcome, surely_not_null};
use crate::lang::number::Number;
use crate::lang::types::Type;
use crate::lang::value::{Bound, Value};

/// The result of an operator on numbers of which one is unknown, marks aside.
pub(super) fn calculate(op: B, sides: &[Value; 2]) -> Value {
    let [a, b] = sides.each_ref().map(Interval::of);
    match op {
        B::Less | B::GreaterEq => compared(a.below(&b), op == B::GreaterEq),
        B::Greater | B::LessEq => compared(b.below(&a), op == B::LessEq),
        B::Plus => a.combined(&b, End::plus),
        B::Minus => a.combined(&b.negated(), End::plus),
        B::Mul if sides.iter().any(|it| it.as_number().is_some_and(Number::is_zero)) => 0.into(),
        B::Mul => a.combined(&b, End::times),
        _ => Value::unknown_not_null(Type::Number),
    }
}

fn compared(less: Option<bool>, negated: bool) -> Value {
    match less {
        Some(it) => (it != negated).into(),
        None => Value::unknown_not_null(Type::Bool),
    }
}

/// One of both values, nobody knows which.
pub(super) fn either(ty: &Type, yes: Outcome, no: Outcome) -> Value {
    let (Ok(yes), Ok(no)) = (yes, no) else { return Value::unknown(ty.clone()) };
    if yes.is_null() && no.is_null() {
        return Value::null(ty.clone());
    }
    let same = yes.ty() == *ty && no.ty() == *ty;
    let value = match ty {
        Type::Number if same => {
            let (a, b) = (Interval::of(&yes), Interval::of(&no));
            let least = a.least.min(b.least);
            let most = a.most.max(b.most);
            Value::unknown_number(least.bound(), most.bound())
        }
        Type::List(_) | Type::Set(_) | Type::Map(_) if same => {
            let (a, b) = (yes.length_bounds(), no.length_bounds());
            Value::unknown_collection(ty.clone(), a.0.min(b.0), a.1.max(b.1))
        }
        _ => Value::unknown_not_null(ty.clone()),
    };
    // What was learned holds for what is not null only.
    if surely_not_null(&yes) && surely_not_null(&no) { value } else { Value::unknown(ty.clone()) }
}

/// The numbers that a value may be, ends counted in.
struct Interval {
    least: End,
    most: End,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Lowest,
    At(Number),
    Highest,
}

impl End {
    fn bound(self) -> Option<Bound> {
        match self {
            End::At(it) => Some(Bound::inclusive(it)),
            _ => None,
        }
    }
    /// -1, 0 or 1.
    fn sign(&self) -> i64 {
        match self {
            End::Lowest => -1,
            End::At(it) => it.signum(),
            End::Highest => 1,
        }
    }
    fn negated(&self) -> End {
        match self {
            End::Lowest => End::Highest,
            End::At(it) => End::At(it.negated()),
            End::Highest => End::Lowest,
        }
    }
    /// `None` where infinities cancel out, or the result is out of range.
    fn plus(&self, other: &End) -> Option<End> {
        match (self, other) {
            (End::At(a), End::At(b)) => a.add(b).map(End::At),
            (End::At(_), end) | (end, End::At(_)) => Some(end.clone()),
            (a, b) => (a == b).then(|| a.clone()),
        }
    }
    fn times(&self, other: &End) -> Option<End> {
        match (self, other) {
            (End::At(a), End::At(b)) => a.mul(b).map(End::At),
            (a, b) => match a.sign() * b.sign() {
                -1 => Some(End::Lowest),
                1 => Some(End::Highest),
                _ => None,
            },
        }
    }
}

impl Interval {
    fn of(it: &Value) -> Interval {
        let (least, most) = it.number_bounds();
        Interval {
            least: least.map_or(End::Lowest, |it| End::At(it.at)),
            most: most.map_or(End::Highest, |it| End::At(it.at)),
        }
    }

    /// Whether all of it is less than all of the other; `None` where that depends.
    fn below(&self, other: &Interval) -> Option<bool> {
        if self.most < other.least {
            return Some(true);
        }
        (self.least > other.most).then_some(false)
    }

    fn negated(&self) -> Interval {
        Interval { least: self.most.negated(), most: self.least.negated() }
    }

    /// The range of a sum or a product: its ends come of the ends of both.
    fn combined(&self, other: &Interval, of: fn(&End, &End) -> Option<End>) -> Value {
        let ends = [(&self.least, &other.least), (&self.least, &other.most)];
        let ends = ends.into_iter().chain([(&self.most, &other.least), (&self.most, &other.most)]);
        let found: Option<Vec<End>> = ends.map(|(a, b)| of(a, b)).collect();
        let Some(found) = found else { return Value::unknown_not_null(Type::Number) };
        let least = found.iter().min().cloned().unwrap_or(End::Lowest);
        let most = found.into_iter().max().unwrap_or(End::Highest);
        Value::unknown_number(least.bound(), most.bound())
    }
}
