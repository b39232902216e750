//! Sets.

use super::{Answer, Call, Fail, Function, Param, Returns, Ty, any};
use crate::lang::types::{Type, unify};
use crate::lang::value::{Kind, Value};

const SET: Param = Param::new("sets", Ty::Set(&Ty::Any)).wholly();

pub(super) const ALL: &[Function] = &[
    Function::new(
        "setintersection",
        &[SET],
        Returns::By(common),
        "The elements that all the sets have.",
        &[(r#"setintersection(["a", "b"], ["b", "c"]) == toset(["b"])"#, "true")],
        |it| combine(it, |all, next| all.retain(|it| next.contains(it))),
    )
    .rest(SET),
    Function::new(
        "setproduct",
        &[any("sets").wholly()],
        Returns::By(|_| Type::Any),
        "Every combination of one element of each set or list.",
        &[(r#"length(setproduct(["a", "b"], ["c", "d", "e"]))"#, "6")],
        product,
    )
    .rest(any("sets").wholly()),
    Function::new(
        "setsubtract",
        &[Param { name: "a", ..SET }, Param { name: "b", ..SET }],
        Returns::By(common),
        "The elements of the first set that the second lacks.",
        &[(r#"setsubtract(["a", "b"], ["b", "c"]) == toset(["a"])"#, "true")],
        |it| combine(it, |all, next| all.retain(|it| !next.contains(it))),
    ),
    Function::new(
        "setunion",
        &[SET],
        Returns::By(common),
        "The elements that any of the sets has.",
        &[(r#"setunion(["a", "b"], ["b", "c"]) == toset(["a", "b", "c"])"#, "true")],
        |it| combine(it, |all, next| all.extend(next.iter().cloned())),
    )
    .rest(SET),
];

/// The sets' common type.
fn common(args: &[Value]) -> Type {
    let types: Vec<Type> = args.iter().map(Value::ty).filter(|it| !it.has_any()).collect();
    unify(&types).unwrap_or(Type::set(Type::Any))
}

fn combine(it: &Call, step: fn(&mut Vec<Value>, &[Value])) -> Answer {
    let ty = common(&it.args);
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
    if it.args.len() < 2 {
        return Err("it takes at least two sets or lists".into());
    }
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    let mut sets = false;
    for at in 0..it.args.len() {
        let value = it.value(at)?;
        sets |= matches!(value.kind, Kind::Set(..));
        let items = it.items(at)?;
        if rows.len().saturating_mul(items.len()) > 1_000_000 {
            return Err("the product has more than a million elements".into());
        }
        let longer = |row: &Vec<Value>, it: &Value| [row.as_slice(), std::slice::from_ref(it)].concat();
        let unified = one_type(value).map_err(|why| Fail::Arg(at, why))?;
        rows = rows.iter().flat_map(|row| unified.iter().map(move |it| longer(row, it))).collect();
    }
    let of = row_type(&it.args);
    let all = rows.into_iter().map(Value::tuple).collect();
    Ok(if sets { Value::set(of, all) } else { Value::list(of, all) })
}

fn one_type(value: &Value) -> Result<Vec<Value>, String> {
    let list = value.convert(&Type::list(Type::Any)).map_err(|it| it.to_string())?;
    Ok(list.as_items().unwrap_or_default().to_vec())
}

fn row_type(args: &[Value]) -> Type {
    let of = |it: &Value| {
        it.convert(&Type::list(Type::Any)).ok().and_then(|it| it.ty().element().cloned()).unwrap_or(Type::Any)
    };
    Type::Tuple(std::sync::Arc::new(args.iter().map(of).collect()))
}
