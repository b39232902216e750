//! Lists from lists.

use std::sync::Arc;

use super::{Answer, Call, Fail, Function, Param, Returns, Ty, any, number, string_list, strings};
use crate::lang::Number;
use crate::lang::types::{Type, unify};
use crate::lang::value::{Kind, Marks, Value};

pub(super) const ALL: &[Function] = &[
    Function::new(
        "chunklist",
        &[Param::new("list", Ty::List(&Ty::Any)).marked(), number("size")],
        Returns::By(|args| Type::list(args.first().map_or(Type::Any, Value::ty))),
        "A list cut into lists of a size.",
        &[(r#"length(chunklist(["a", "b", "c"], 2))"#, "2")],
        chunk_list,
    ),
    Function::new(
        "compact",
        &[strings("list")],
        Returns::Is(Ty::List(&Ty::String)),
        "A list of texts without those that are empty or null.",
        &[(r#"join(",", compact(["a", "", "b", null]))"#, r#""a,b""#)],
        |it| {
            let full = it.items(0)?.iter().filter_map(Value::as_str).filter(|it| !it.is_empty());
            Ok(string_list(full))
        },
    ),
    Function::new(
        "concat",
        &[],
        Returns::Checked(joined_type),
        "The elements of some lists, one after the other.",
        &[(r#"length(concat(["a", ""], ["b", "c"]))"#, "4")],
        concat,
    )
    .rest(any("seqs").marked()),
    Function::new(
        "distinct",
        &[Param::new("list", Ty::List(&Ty::Any)).wholly()],
        Returns::By(|args| args.first().map_or(Type::Any, Value::ty)),
        "A list without repetitions: the first of each stays.",
        &[(r#"join(",", distinct(["a", "b", "a"]))"#, r#""a,b""#)],
        |it| {
            let mut seen: Vec<Value> = Vec::new();
            for one in it.items(0)? {
                if !seen.contains(one) {
                    seen.push(one.clone());
                }
            }
            Ok(Value::list(it.args[0].ty().element().cloned().unwrap_or(Type::Any), seen))
        },
    ),
    Function::new(
        "flatten",
        &[any("list").marked()],
        Returns::By(|_| Type::Any),
        "A list with the elements of the lists in it, however deep, in their place.",
        &[(r#"join(",", flatten([["a", "b"], [], ["c"]]))"#, r#""a,b,c""#)],
        flatten,
    ),
    Function::new(
        "range",
        &[],
        Returns::Is(Ty::List(&Ty::Number)),
        "Numbers from a start (0) to before a limit, by a step (1): range(limit), range(start, limit, step).",
        &[("length(range(3))", "3"), ("range(1, 8, 2) == tolist([1, 3, 5, 7])", "true")],
        range,
    )
    .rest(number("params")),
    Function::new(
        "reverse",
        &[any("list").marked()],
        Returns::By(|args| match args.first().map(Value::ty) {
            Some(Type::List(of) | Type::Set(of)) => Type::List(of),
            Some(Type::Tuple(all)) => Type::Tuple(Arc::new(all.iter().rev().cloned().collect())),
            _ => Type::Any,
        }),
        "A list backwards.",
        &[("reverse([1, 2, 3]) == [3, 2, 1]", "true")],
        reverse,
    ),
    Function::new(
        "slice",
        &[any("list").marked(), number("start_index"), number("end_index")],
        Returns::Checked(sliced_type),
        "The elements of a list from one index to before another.",
        &[(r#"slice(["a", "b", "c"], 1, 3) == ["b", "c"]"#, "true")],
        slice,
    ),
    Function::new(
        "sort",
        &[Param::new("list", Ty::List(&Ty::String)).perhaps()],
        Returns::Is(Ty::List(&Ty::String)),
        "A list of texts in order.",
        &[(r#"join(",", sort(["b", "a"]))"#, r#""a,b""#)],
        |it| {
            // The order of what is unknown is not known, its length is.
            let list = it.value(0)?;
            if !list.wholly_known() {
                let (least, most) = list.length_bounds();
                return Ok(Value::unknown_collection(Type::list(Type::String), least, most));
            }
            let mut all = it.texts(0)?;
            all.sort_unstable();
            Ok(string_list(all))
        },
    ),
];

/// Lists stay lists, tuples tuples.
fn like(model: &Value, all: Vec<Value>) -> Value {
    let out = match &model.kind {
        Kind::List(of, _) | Kind::Set(of, _) => Value::list(of.clone(), all),
        _ => Value::tuple(all),
    };
    out.marked(model.marks)
}

fn chunk_list(it: &Call) -> Answer {
    let (list, size) = (it.value(0)?, it.count(1)?);
    let all = it.items(0)?;
    let ty = list.ty();
    let of = ty.element().cloned().unwrap_or(Type::Any);
    let size = if size == 0 { all.len().max(1) } else { size };
    let chunks = all.chunks(size).map(|it| Value::list(of.clone(), it.to_vec())).collect();
    Ok(Value::list(ty, chunks).marked(list.marks))
}

fn concat(it: &Call) -> Answer {
    if it.args.is_empty() {
        return Err("it takes at least one list".into());
    }
    let mut all = Vec::new();
    let mut marks = Marks::default();
    let mut types = Vec::new();
    for (at, value) in it.args.iter().enumerate() {
        if !matches!(value.kind, Kind::List(..) | Kind::Tuple(_)) {
            return Err(Fail::Arg(at, format!("it must be a list or tuple, not {}", value.ty().a())));
        }
        all.extend(it.items(at)?.iter().cloned());
        marks = marks | value.marks;
        types.extend(value.ty().element().cloned());
    }
    // Only lists of one type make a list.
    let of = unify(&types).filter(|_| types.len() == it.args.len());
    let out = match of {
        Some(of) => {
            let one = |it: &Value| it.convert(&of).map_err(|why| Fail::Whole(why.to_string()));
            Value::list(of.clone(), all.iter().map(one).collect::<Result<_, _>>()?)
        }
        None => Value::tuple(all),
    };
    Ok(out.marked(marks))
}

/// Lists give a list; with a tuple among them it is one, if all lengths are known.
fn joined_type(args: &[Value]) -> Result<Type, Fail> {
    let types: Vec<Type> = args.iter().map(Value::ty).collect();
    if types.iter().all(|it| matches!(it, Type::List(_))) {
        return Ok(unify(&types).unwrap_or(Type::Any));
    }
    let mut all = Vec::new();
    for (at, (value, ty)) in args.iter().zip(&types).enumerate() {
        match (ty, value.as_items()) {
            (Type::Tuple(types), _) => all.extend(types.iter().cloned()),
            (Type::List(of), Some(items)) => all.extend(items.iter().map(|_| (**of).clone())),
            (Type::List(_) | Type::Any, _) => return Ok(Type::Any),
            _ => return Err(Fail::Arg(at, format!("it must be a list or tuple, not {}", ty.a()))),
        }
    }
    Ok(Type::Tuple(Arc::new(all)))
}

fn sliced_type(args: &[Value]) -> Result<Type, Fail> {
    let at = |index: usize| args.get(index).and_then(Value::as_number).and_then(Number::to_usize);
    match args.first().map_or(Type::Any, Value::ty) {
        ty @ (Type::List(_) | Type::Any) => Ok(ty),
        Type::Tuple(all) => {
            let part = at(1).zip(at(2)).and_then(|(start, end)| all.get(start..end));
            Ok(part.map_or(Type::Any, |it| Type::Tuple(Arc::new(it.to_vec()))))
        }
        other => Err(Fail::Arg(0, format!("it must be a list or tuple, not {}", other.a()))),
    }
}

fn flatten(it: &Call) -> Answer {
    let list = it.value(0)?;
    if list.as_items().is_none() {
        return Err(Fail::Arg(0, format!("it must be a list, tuple or set, not {}", list.ty().a())));
    }
    let mut out = Vec::new();
    let mut marks = Marks::default();
    if !gather(list, &mut out, &mut marks) {
        return Ok(Value::unknown_not_null(Type::Any).marked(marks));
    }
    Ok(Value::tuple(out).marked(marks))
}

/// `false` where something unknown may be a list itself.
fn gather(list: &Value, out: &mut Vec<Value>, marks: &mut Marks) -> bool {
    *marks = *marks | list.marks;
    // What is unknown in a set may turn out to be one of its other elements.
    let mut known = !matches!(list.kind, Kind::Set(..)) || list.wholly_known();
    for it in list.as_items().unwrap_or_default() {
        match &it.kind {
            Kind::Unknown(unknown) => match unknown.ty {
                Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_) => known = false,
                _ => out.push(it.clone()),
            },
            _ if it.as_items().is_some() => known &= gather(it, out, marks),
            _ => out.push(it.clone()),
        }
    }
    known
}

fn range(it: &Call) -> Answer {
    it.only(3)?;
    let zero = Number::from(0);
    let (start, end) = match it.args.len() {
        0 => return Err("it takes at least one number".into()),
        1 => (&zero, it.number(0)?),
        _ => (it.number(0)?, it.number(1)?),
    };
    let down = end < start;
    let step = match it.args.get(2) {
        Some(_) => it.number(2)?.clone(),
        None => Number::from(if down { -1 } else { 1 }),
    };
    if step.is_zero() {
        return Err(Fail::Arg(2, "it must not be 0".to_owned()));
    }
    if it.args.len() == 3 && start != end && (step.signum() < 0) != down {
        let way = if down { "below" } else { "above" };
        return Err(Fail::Arg(2, format!("with this step the end must not be {way} the start")));
    }
    let mut all = Vec::new();
    let mut next = start.clone();
    while if down { next > *end } else { next < *end } {
        if all.len() >= 1024 {
            return Err("it gives no more than 1024 numbers: take a larger step".into());
        }
        let after = next.add(&step).ok_or_else(|| Fail::from("the numbers are out of range"))?;
        all.push(std::mem::replace(&mut next, after).into());
    }
    Ok(Value::list(Type::Number, all))
}

fn reverse(it: &Call) -> Answer {
    let list = it.value(0)?;
    if list.as_items().is_none() {
        return Err(Fail::Arg(0, format!("it must be a list, tuple or set, not {}", list.ty().a())));
    }
    Ok(like(list, it.items(0)?.iter().rev().cloned().collect()))
}

fn slice(it: &Call) -> Answer {
    let list = it.value(0)?;
    if !matches!(list.kind, Kind::List(..) | Kind::Tuple(_)) {
        return Err(Fail::Arg(0, format!("it must be a list or tuple, not {}", list.ty().a())));
    }
    let all = it.items(0)?;
    let (start, end) = (it.count(1)?, it.count(2)?);
    if end > all.len() {
        return Err(Fail::Arg(2, format!("it must not be greater than the length, which is {}", all.len())));
    }
    if start > end {
        return Err(Fail::Arg(1, "it must not be greater than the end index".to_owned()));
    }
    Ok(like(list, all[start..end].to_vec()))
}
