//! Sets.

use std::sync::Arc;

use super::{Answer, Call, Fail, Function, Param, Returns, Ty, any};
use crate::lang::types::{Type, unify};
use crate::lang::value::{Marks, Value};

const SET: Param = Param::new("sets", Ty::Set(&Ty::Any)).wholly();

/// One whose elements need not be known.
const OPEN: Param = Param::new("sets", Ty::Set(&Ty::Any));

pub(super) const ALL: &[Function] = &[
    Function::new(
        "setintersection",
        &[SET],
        Returns::Checked(common),
        "The elements that all the sets have.",
        &[(r#"setintersection(["a", "b"], ["b", "c"]) == toset(["b"])"#, "true")],
        |it| combine(it, |all, next| all.retain(|it| next.contains(it))),
    )
    .rest(SET),
    Function::new(
        "setproduct",
        &[any("sets").marked()],
        Returns::Checked(product_type),
        "Every combination of one element of each set or list.",
        &[(r#"length(setproduct(["a", "b"], ["c", "d", "e"]))"#, "6")],
        product,
    )
    .rest(any("sets").marked()),
    Function::new(
        "setsubtract",
        &[Param { name: "a", ..SET }, Param { name: "b", ..SET }],
        Returns::Checked(common),
        "The elements of the first set that the second lacks.",
        &[(r#"setsubtract(["a", "b"], ["b", "c"]) == toset(["a"])"#, "true")],
        |it| combine(it, |all, next| all.retain(|it| !next.contains(it))),
    ),
    Function::new(
        "setunion",
        &[OPEN],
        Returns::Checked(common),
        "The elements that any of the sets has.",
        &[(r#"setunion(["a", "b"], ["b", "c"]) == toset(["a", "b", "c"])"#, "true")],
        |it| combine(it, |all, next| all.extend(next.iter().cloned())),
    )
    .rest(OPEN),
];

/// The sets' common type; empty ones of no type are of any.
fn common(args: &[Value]) -> Result<Type, Fail> {
    let types: Vec<Type> = args.iter().map(Value::ty).filter(|it| !it.has_any()).collect();
    if types.is_empty() {
        return Ok(Type::set(Type::Any));
    }
    unify(&types).ok_or_else(|| "all of its sets must have elements of one type".into())
}

fn combine(it: &Call, step: fn(&mut Vec<Value>, &[Value])) -> Answer {
    let ty = common(&it.args)?;
    let each = |(at, it): (usize, &Value)| it.convert(&ty).map_err(|why| Fail::Arg(at, why.to_string()));
    let sets = it.args.iter().enumerate().map(each).collect::<Result<Vec<_>, _>>()?;
    let mut all: Vec<Value> = Vec::new();
    for (at, set) in sets.iter().enumerate() {
        let items = set.as_items().unwrap_or_default();
        if at == 0 {
            all = items.to_vec();
        } else {
            step(&mut all, items);
        }
    }
    Ok(Value::set(ty.element().cloned().unwrap_or(Type::Any), all))
}

/// Lists give a list in their order; with a set among them it is a set.
fn product(it: &Call) -> Answer {
    let ty = product_type(&it.args)?;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    let mut marks = Marks::default();
    for at in 0..it.args.len() {
        let value = it.value(at)?;
        marks = marks | value.marks;
        let list = value.convert(&Type::list(Type::Any)).map_err(|why| Fail::Arg(at, why.to_string()))?;
        let items = list.as_items().unwrap_or_default();
        if rows.len().saturating_mul(items.len()) > 1_000_000 {
            return Err("the product has more than a million elements".into());
        }
        let longer = |row: &Vec<Value>, it: &Value| [row.as_slice(), std::slice::from_ref(it)].concat();
        rows = rows.iter().flat_map(|row| items.iter().map(move |it| longer(row, it))).collect();
    }
    let all = rows.into_iter().map(Value::tuple).collect();
    let out = match ty {
        Type::Set(of) => Value::set((*of).clone(), all),
        other => Value::list(other.element().cloned().unwrap_or(Type::Any), all),
    };
    Ok(out.marked(marks))
}

fn product_type(args: &[Value]) -> Result<Type, Fail> {
    if args.len() < 2 {
        return Err("it takes at least two sets or lists".into());
    }
    let mut row = Vec::new();
    for (at, it) in args.iter().enumerate() {
        let wrong = |why: String| Fail::Arg(at, why);
        row.push(match it.ty() {
            Type::List(of) | Type::Set(of) => (*of).clone(),
            Type::Tuple(all) if all.is_empty() => Type::Any,
            Type::Tuple(all) => {
                unify(&all).ok_or_else(|| wrong("its elements must be of one type".to_owned()))?
            }
            Type::Any => return Ok(Type::Any),
            other => return Err(wrong(format!("it must be a set or list, not {}", other.a()))),
        });
    }
    let row = Type::Tuple(Arc::new(row));
    let sets = args.iter().any(|it| matches!(it.ty(), Type::Set(_)));
    Ok(if sets { Type::set(row) } else { Type::list(row) })
}
