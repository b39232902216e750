//! Questions to collections, and choices from them.

use super::text::clusters;
use super::{Answer, Call, Fail, Function, Param, Returns, Ty, any, counted, number, string};
use crate::lang::number::Number;
use crate::lang::types::{Type, unify};
use crate::lang::value::{Bound, Kind, Value};

pub(super) const ALL: &[Function] = &[
    Function::new(
        "alltrue",
        &[Param::new("list", Ty::List(&Ty::Bool))],
        Returns::Is(Ty::Bool),
        "Whether all elements are true; so it is for an empty list.",
        &[(r#"alltrue(["true", true])"#, "true"), ("alltrue([])", "true")],
        |it| verdict(it, false),
    ),
    Function::new(
        "anytrue",
        &[Param::new("list", Ty::List(&Ty::Bool))],
        Returns::Is(Ty::Bool),
        "Whether any element is true.",
        &[(r#"anytrue([false, "true"])"#, "true"), ("anytrue([])", "false")],
        |it| verdict(it, true),
    ),
    Function::new(
        "coalesce",
        &[],
        Returns::By(|args| unified(args).unwrap_or(Type::Any)),
        "The first of its arguments that is neither null nor an empty text.",
        &[(r#"coalesce("", null, "b")"#, r#""b""#), (r#"coalesce(null, 1)"#, "1")],
        coalesce,
    )
    .rest(any("vals").nullable().perhaps()),
    Function::new(
        "coalescelist",
        &[],
        Returns::By(|_| Type::Any),
        "The first of its lists that is not empty.",
        &[(r#"length(coalescelist([], ["c", "d"]))"#, "2")],
        coalesce_list,
    )
    .rest(any("vals").perhaps()),
    Function::new(
        "contains",
        &[any("list").perhaps(), any("value").perhaps()],
        Returns::Is(Ty::Bool),
        "Whether a list, tuple or set holds a value.",
        &[(r#"contains(["a", "b"], "a")"#, "true"), (r#"contains([1], "1")"#, "false")],
        contains,
    ),
    Function::new(
        "element",
        &[any("list").marked(), number("index")],
        Returns::Checked(element_type),
        "The element at an index; past the end it starts again at the first.",
        &[(r#"element(["a", "b", "c"], 3)"#, r#""a""#)],
        element,
    ),
    Function::new(
        "index",
        &[any("list").perhaps(), any("value").perhaps()],
        Returns::Is(Ty::Number),
        "The position of a value in a list.",
        &[(r#"index(["a", "b", "c"], "b")"#, "1")],
        index,
    ),
    Function::new(
        "length",
        &[any("value").perhaps().marked()],
        Returns::Is(Ty::Number),
        "How many elements a collection has, or characters a text.",
        &[(r#"length(["a", "b"])"#, "2"), (r#"length("hello")"#, "5"), (r#"length({ a = 1 })"#, "1")],
        length,
    ),
    Function::new(
        "lookup",
        &[any("map").marked(), string("key")],
        Returns::Checked(looked_up_type),
        "The value of a key in a map, or else a default.",
        &[
            (r#"lookup({ a = "ay", b = "bee" }, "a", "what?")"#, r#""ay""#),
            (r#"lookup({ a = "ay" }, "c", "what?")"#, r#""what?""#),
        ],
        lookup,
    )
    .rest(any("default").nullable().perhaps().marked()),
    Function::new(
        "one",
        &[any("list").marked()],
        Returns::Checked(only_type),
        "The only element of a list, tuple or set; null where it is empty.",
        &[(r#"one(["hello"])"#, r#""hello""#), ("one([])", "null")],
        one,
    ),
];

/// The element with the truth value `deciding` settles the answer. What is unknown before it leaves
/// the answer of `alltrue` open, though not that of `anytrue`: so Terraform has it.
fn verdict(it: &Call, deciding: bool) -> Answer {
    let mut unknown = false;
    for it in it.items(0)? {
        // A null is not true.
        match it.as_bool().or(it.is_null().then_some(false)) {
            Some(it) if it == deciding => return Ok(deciding.into()),
            Some(_) => {}
            None if !deciding => return Ok(Value::unknown_not_null(Type::Bool)),
            None => unknown = true,
        }
    }
    Ok(if unknown { Value::unknown_not_null(Type::Bool) } else { (!deciding).into() })
}

fn unified(args: &[Value]) -> Option<Type> {
    let types: Vec<Type> = args.iter().map(Value::ty).collect();
    unify(&types)
}

fn coalesce(it: &Call) -> Answer {
    let ty = unified(&it.args).ok_or_else(|| Fail::from("all arguments must have the same type"))?;
    for (at, value) in it.args.iter().enumerate() {
        if value.is_unknown() {
            return Ok(Value::unknown_not_null(ty));
        }
        let value = value.convert(&ty).map_err(|why| Fail::Arg(at, why.to_string()))?;
        if !value.is_null() && value.as_str() != Some("") {
            return Ok(value);
        }
    }
    Err("all of its arguments are null or empty; give a last one that never is".into())
}

fn coalesce_list(it: &Call) -> Answer {
    let wrong = |it: &Value| !matches!(it.ty(), Type::Any | Type::List(_) | Type::Tuple(_));
    if let Some(at) = it.args.iter().position(wrong) {
        return Err(Fail::Arg(at, format!("it must be a list or tuple, not {}", it.args[at].ty().a())));
    }
    for (at, value) in it.args.iter().enumerate() {
        match &value.kind {
            Kind::Unknown(_) => return Ok(Value::unknown(Type::Any)),
            _ if it.items(at)?.is_empty() => {}
            _ => return Ok(value.clone()),
        }
    }
    Err("all of its arguments are empty; give a last one that never is".into())
}

/// The elements of the first argument, which must have an order.
fn list_items<'a>(it: &'a Call) -> Result<&'a [Value], Fail> {
    match &it.value(0)?.kind {
        Kind::List(_, all) | Kind::Tuple(all) => Ok(all),
        _ => Err(Fail::Arg(0, format!("it must be a list or tuple, not {}", it.args[0].ty().a()))),
    }
}

fn index(it: &Call) -> Answer {
    if it.value(0)?.is_unknown() {
        return Ok(Value::unknown_not_null(Type::Number));
    }
    for (at, one) in list_items(it)?.iter().enumerate() {
        match one.equals(it.value(1)?) {
            Some(true) => return Ok(counted(at)),
            Some(false) => {}
            None => return Ok(Value::unknown_not_null(Type::Number)),
        }
    }
    Err(Fail::Arg(1, "the list does not hold it".to_owned()))
}

fn contains(it: &Call) -> Answer {
    if it.value(0)?.is_unknown() {
        return Ok(Value::unknown_not_null(Type::Bool));
    }
    let wanted = it.value(1)?;
    let mut unknown = false;
    for one in it.items(0)? {
        match one.equals(wanted) {
            Some(true) => return Ok(true.into()),
            Some(false) => {}
            None => unknown = true,
        }
    }
    Ok(if unknown { Value::unknown_not_null(Type::Bool) } else { false.into() })
}

fn element(it: &Call) -> Answer {
    let all = list_items(it)?;
    let at = it.number(1)?;
    if at.signum() < 0 {
        return Err(Fail::Arg(1, "it must not be negative".to_owned()));
    }
    if all.is_empty() {
        return Err(Fail::Arg(0, "it is empty: there is nothing to choose".to_owned()));
    }
    Ok(all[it.count(1)? % all.len()].clone().marked(it.args[0].marks))
}

/// That of the elements; of a tuple that of the one at the index.
fn element_type(args: &[Value]) -> Result<Type, Fail> {
    let [list, index] = args else { return Ok(Type::Any) };
    match list.ty() {
        Type::List(of) => Ok((*of).clone()),
        Type::Tuple(all) => {
            let at = index.as_number().and_then(Number::to_usize);
            Ok(at.and_then(|it| all.get(it.checked_rem(all.len())?)).cloned().unwrap_or(Type::Any))
        }
        Type::Any => Ok(Type::Any),
        other => Err(Fail::Arg(0, format!("it must be a list or tuple, not {}", other.a()))),
    }
}

fn length(it: &Call) -> Answer {
    let value = it.value(0)?;
    let out = match (&value.kind, value.ty()) {
        (Kind::String(text), _) => counted(clusters(text).len()),
        (Kind::Unknown(_), Type::String) => between(clusters(value.known_prefix()).len(), usize::MAX),
        (Kind::Unknown(_), Type::Number | Type::Bool) | (Kind::Number(_) | Kind::Bool(_), _) => {
            return Err(Fail::Arg(0, format!("it must be a text or a collection, not {}", value.ty().a())));
        }
        (Kind::Unknown(_), Type::Any) => Value::unknown_not_null(Type::Number),
        _ => {
            let (least, most) = value.length_bounds();
            between(least, most)
        }
    };
    Ok(out.marked(value.marks))
}

/// A length between these.
fn between(least: usize, most: usize) -> Value {
    let bound = |it: usize| i64::try_from(it).ok().map(|it| Bound::inclusive(it.into()));
    Value::unknown_number(bound(least), bound(most))
}

fn lookup(it: &Call) -> Answer {
    it.only(3)?;
    let (map, key, default) = (it.value(0)?, it.text(1)?, it.args.get(2));
    let fields = it.fields(0)?;
    let missing = || Fail::Arg(1, format!("there is no key {key:?}, and the call gives no default"));
    let out = match (fields.get(key), map.ty().element()) {
        (Some(found), _) => found.clone(),
        (None, Some(of)) => {
            let ty = "the default must be of the same type as the map's elements";
            default.ok_or_else(missing)?.convert(of).map_err(|why| Fail::Arg(2, format!("{ty}: {why}")))?
        }
        (None, None) => default.ok_or_else(missing)?.clone(),
    };
    Ok(out.marked(map.marks))
}

fn looked_up_type(args: &[Value]) -> Result<Type, Fail> {
    let Some(map) = args.first() else { return Ok(Type::Any) };
    match map.ty() {
        Type::Map(of) => Ok((*of).clone()),
        Type::Object(_) | Type::Any => Ok(Type::Any),
        other => Err(Fail::Arg(0, format!("it must be a map or object, not {}", other.a()))),
    }
}

fn one(it: &Call) -> Answer {
    let value = it.value(0)?;
    let out = match value.as_items() {
        Some([]) => Value::null(value.ty().element().cloned().unwrap_or(Type::Any)),
        Some([one]) => one.clone(),
        // What is unknown in a set may turn out to be the same.
        Some(_) if matches!(value.kind, Kind::Set(..)) && !value.wholly_known() => {
            Value::unknown(value.ty().element().cloned().unwrap_or(Type::Any))
        }
        Some(all) => return Err(too_many(all.len())),
        None => return Err(Fail::Arg(0, format!("it must be a list, tuple or set, not {}", value.ty().a()))),
    };
    Ok(out.marked(value.marks))
}

fn too_many(count: usize) -> Fail {
    Fail::Arg(0, format!("it must have at most one element, not {count}"))
}

fn only_type(args: &[Value]) -> Result<Type, Fail> {
    match args.first().map_or(Type::Any, Value::ty) {
        Type::List(of) | Type::Set(of) => Ok((*of).clone()),
        Type::Tuple(all) if all.len() > 1 => Err(too_many(all.len())),
        Type::Tuple(all) => Ok(all.first().cloned().unwrap_or(Type::Any)),
        Type::Any => Ok(Type::Any),
        other => Err(Fail::Arg(0, format!("it must be a list, tuple or set, not {}", other.a()))),
    }
}
