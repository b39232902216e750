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
}
