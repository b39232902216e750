//! Maps and objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Answer, Call, Fail, Function, Param, Returns, Ty, any, string_list};
use crate::lang::types::{Type, unify};
use crate::lang::value::{Kind, Map, Marks, Value};

const LIST: Ty = Ty::List(&Ty::Any);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "keys",
        &[any("map").marked().perhaps()],
        Returns::By(|_| Type::Any),
        "The keys of a map, in order.",
        &[(r#"join(",", keys({ b = 1, a = 2 }))"#, r#""a,b""#)],
        keys,
    ),
    Function::new(
        "matchkeys",
        &[Param::new("values", LIST).wholly(), Param::new("keys", LIST), Param::new("searchset", LIST)],
        Returns::Checked(|args| {
            keys_type(args)?;
            Ok(args.first().map_or(Type::Any, Value::ty))
        }),
        "The values whose key, at the same position of a second list, is in a third.",
        &[(r#"join(",", matchkeys(["a", "b", "c"], [1, 2, 1], [1]))"#, r#""a,c""#)],
        match_keys,
    ),
    Function::new(
        "merge",
        &[],
        Returns::Checked(merged_type),
        "The keys of some maps or objects in one; a later one wins.",
        &[(r#"merge({ a = 1, b = 2 }, { a = 3 }).a"#, "3")],
        merge,
    )
    .rest(any("maps").nullable().marked()),
    Function::new(
        "transpose",
        &[Param::new("values", Ty::Map(&Ty::List(&Ty::String))).wholly()],
        Returns::Is(Ty::Map(&Ty::List(&Ty::String))),
        "A map of lists turned around: each element with the keys that had it.",
        &[(r#"transpose({ a = ["1", "2"], b = ["2"] })["2"] == tolist(["a", "b"])"#, "true")],
        transpose,
    ),
    Function::new(
        "values",
        &[any("map").marked()],
        Returns::Checked(values_type),
        "The values of a map, in the order of its keys.",
        &[("values({ b = 1, a = 2 }) == [2, 1]", "true")],
        values,
    ),
    Function::new(
        "zipmap",
        &[Param::new("keys", Ty::List(&Ty::String)).wholly(), any("values").marked()],
        Returns::By(|args| match args.get(1).map(Value::ty) {
            Some(Type::List(of)) => Type::Map(of),
            _ => Type::Any,
        }),
        "A map from a list of keys and a list of values.",
        &[(r#"zipmap(["a", "b"], [1, 2]).b"#, "2")],
        zip_map,
    ),
];

fn mapping<'a>(it: &'a Call) -> Result<(&'a Value, &'a Map), Fail> {
    let value = it.value(0)?;
    let refuse = || Fail::Arg(0, format!("it must be a map or object, not {}", value.ty().a()));
    Ok((value, value.as_fields().ok_or_else(refuse)?))
}

fn keys(it: &Call) -> Answer {
    let value = it.value(0)?;
    let all = |names: &mut dyn Iterator<Item = &Arc<str>>| {
        Value::tuple(names.map(|it| Value::from(&**it)).collect())
    };
    let out = match (&value.kind, value.ty()) {
        // An object's type says which attributes it has.
        (Kind::Unknown(_), Type::Object(fields)) => all(&mut fields.keys()),
        (Kind::Unknown(_), Type::Map(_)) => Value::unknown_not_null(Type::list(Type::String)),
        (Kind::Unknown(_), Type::Any) => Value::unknown(Type::Any),
        (Kind::Map(_, fields), _) => string_list(fields.keys().map(|it| it.to_string())),
        _ => all(&mut mapping(it)?.1.keys()),
    };
    Ok(out.marked(value.marks))
}

fn values_type(args: &[Value]) -> Result<Type, Fail> {
    match args.first().map_or(Type::Any, Value::ty) {
        Type::Map(of) => Ok(Type::List(of)),
        Type::Object(all) => Ok(Type::Tuple(Arc::new(all.values().map(|it| it.ty.clone()).collect()))),
        Type::Any => Ok(Type::Any),
        other => Err(Fail::Arg(0, format!("it must be a map or object, not {}", other.a()))),
    }
}

fn values(it: &Call) -> Answer {
    let (value, fields) = mapping(it)?;
    let all = fields.values().cloned().collect();
    let out = match &value.kind {
        Kind::Map(of, _) => Value::list(of.clone(), all),
        _ => Value::tuple(all),
    };
    Ok(out.marked(value.marks))
}

fn match_keys(it: &Call) -> Answer {
    let (values, keys) = (it.items(0)?, it.items(1)?);
    if values.len() != keys.len() {
        let lengths = (values.len(), keys.len());
        return Err(Fail::Arg(
            1,
            format!("it must be as long as the values: {} are not {}", lengths.1, lengths.0),
        ));
    }
    let ty = keys_type(&it.args)?;
    let of = it.args[0].ty();
    if !it.value(1)?.wholly_known() && !it.items(2)?.is_empty() {
        return Ok(Value::unknown_not_null(of));
    }
    let alike = |at: usize| it.value(at)?.convert(&ty).map_err(|why| Fail::Arg(at, why.to_string()));
    let (keys, wanted) = (alike(1)?, alike(2)?);
    let wanted = wanted.as_items().unwrap_or_default();
    let chosen = |key: &Value| wanted.iter().any(|it| it.equals(key) == Some(true));
    let keys = keys.as_items().unwrap_or_default();
    let found = values.iter().zip(keys).filter(|it| chosen(it.1)).map(|it| it.0.clone());
    Ok(Value::list(of.element().cloned().unwrap_or(Type::Any), found.collect()))
}

/// Keys and what is looked for may differ in type, as 1 and "1" do.
fn keys_type(args: &[Value]) -> Result<Type, Fail> {
    let types: Vec<Type> = args.iter().skip(1).map(Value::ty).collect();
    unify(&types).ok_or_else(|| Fail::Arg(2, "it must be of the type of the keys".to_owned()))
}

/// The type of what `merge` gives: that of the maps if it is the same for all, else an object.
fn merged_type(args: &[Value]) -> Result<Type, Fail> {
    let first = args.first().map(Value::ty);
    if let Some(ty @ Type::Map(_)) = first
        && args.iter().all(|it| it.ty() == ty)
    {
        return Ok(ty);
    }
    let mut fields = BTreeMap::new();
    for (at, it) in args.iter().enumerate() {
        match (it.ty(), it.as_fields()) {
            (Type::Any | Type::Map(_) | Type::Object(_), _) if it.is_null() => {}
            (Type::Object(all), _) => fields.extend(all.iter().map(|(key, it)| (key.clone(), it.ty.clone()))),
            (Type::Map(of), Some(all)) => fields.extend(all.keys().map(|key| (key.clone(), (*of).clone()))),
            (Type::Map(_) | Type::Any, _) => return Ok(Type::Any),
            (other, _) => {
                return Err(Fail::Arg(at, format!("it must be a map or object, not {}", other.a())));
            }
        }
    }
    Ok(Type::object(fields))
}

/// Maps of one type stay a map; what else there is becomes an object.
fn merge(it: &Call) -> Answer {
    let mut all = Map::new();
    let mut marks = Marks::default();
    let mut types = Vec::new();
    for (at, value) in it.args.iter().enumerate() {
        marks = marks | value.marks;
        types.push(value.ty());
        match (&value.kind, value.as_fields()) {
            (Kind::Null(Type::Any | Type::Map(_) | Type::Object(_)), _) => {}
            (_, Some(fields)) => all.extend(fields.iter().map(|(key, it)| (key.clone(), it.clone()))),
            _ => return Err(Fail::Arg(at, format!("it must be a map or object, not {}", value.ty().a()))),
        }
    }
    let of = match types.first() {
        Some(Type::Map(of)) if types.iter().all(|it| *it == types[0]) => Some((**of).clone()),
        _ => None,
    };
    let out = of.map_or_else(|| Value::object(all.clone()), |of| Value::map(of, all.clone()));
    Ok(out.marked(marks))
}

fn transpose(it: &Call) -> Answer {
    let mut out: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (key, list) in it.fields(0)? {
        if list.is_null() {
            return Err(Fail::Arg(0, format!("the list of {key:?} is null")));
        }
        for one in list.as_items().unwrap_or_default() {
            let Some(text) = one.as_str() else {
                return Err(Fail::Arg(0, format!("the list of {key:?} holds a null")));
            };
            out.entry(text).or_default().push(Value::from(&**key));
        }
    }
    let lists = out.into_iter().map(|(key, all)| (key, Value::list(Type::String, all)));
    Ok(Value::map(Type::list(Type::String), lists))
}

fn zip_map(it: &Call) -> Answer {
    let keys = it.texts(0)?;
    let values = it.value(1)?;
    let (Kind::List(_, all) | Kind::Tuple(all)) = &values.kind else {
        return Err(Fail::Arg(1, format!("it must be a list or tuple, not {}", values.ty().a())));
    };
    if keys.len() != all.len() {
        let why = format!("it must be as long as the keys: {} are not {}", all.len(), keys.len());
        return Err(Fail::Arg(1, why));
    }
    let pairs = keys.into_iter().zip(all.iter().cloned());
    let out = match &values.kind {
        Kind::List(of, _) => Value::map(of.clone(), pairs),
        _ => Value::object(pairs),
    };
    Ok(out.marked(values.marks))
}
