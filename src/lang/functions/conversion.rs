//! Conversion between types, and marks.

use super::{Answer, Call, Fail, Function, Param, Returns, Ty, any};
use crate::lang::types::{Convertible, Type, settle};
use crate::lang::value::{Kind, Map, Marks, Value};

/// Takes anything as it is, and says what becomes of it.
const V: Param = any("v").nullable().perhaps().marked();

pub(super) const ALL: &[Function] = &[
    Function::new(
        "ephemeralasnull",
        &[V],
        Returns::By(first),
        "The value with null for all in it that is ephemeral, so that the rest can be kept.",
        &[("ephemeralasnull(var.ephemeral)", "tostring(null)"), ("ephemeralasnull(1)", "1")],
        |it| Ok(lasting(it.value(0)?)),
    ),
    Function::new(
        "issensitive",
        &[V],
        Returns::Is(Ty::Bool),
        "Whether a value is marked as sensitive.",
        &[("issensitive(sensitive(1))", "true"), ("issensitive(1)", "false")],
        |it| {
            let value = it.value(0)?;
            // Once it is known, it may be marked too.
            let open = value.is_unknown() && !value.marks.sensitive;
            Ok(if open { Value::unknown_not_null(Type::Bool) } else { value.marks.sensitive.into() })
        },
    ),
    Function::new(
        "nonsensitive",
        &[V],
        Returns::By(first),
        "The value without its mark as sensitive.",
        &[("nonsensitive(sensitive(\"a\"))", "\"a\"")],
        |it| {
            let mut value = it.value(0)?.clone();
            value.marks.sensitive = false;
            Ok(value)
        },
    ),
    Function::new(
        "sensitive",
        &[V],
        Returns::By(first),
        "The value marked as sensitive: it is never printed.",
        &[("sensitive(\"a\")", "(sensitive value)")],
        |it| Ok(it.value(0)?.clone().sensitive()),
    ),
    Function::new(
        "tobool",
        &[V],
        Returns::Is(Ty::Bool),
        "The value as a bool.",
        &[("tobool(\"true\")", "true"), ("tobool(null)", "tobool(null)")],
        |it| to(it, &Type::Bool),
    ),
    Function::new(
        "tolist",
        &[V],
        Returns::By(|_| Type::list(Type::Any)),
        "A set or tuple as a list, its elements of one type.",
        &[("tolist([\"a\", 3]) == tolist([\"a\", \"3\"])", "true")],
        |it| to(it, &Type::list(Type::Any)),
    ),
    Function::new(
        "tomap",
        &[V],
        Returns::By(|_| Type::map(Type::Any)),
        "An object as a map, its values of one type.",
        &[("tomap({ a = 1 })[\"a\"]", "1")],
        |it| to(it, &Type::map(Type::Any)),
    ),
    Function::new(
        "tonumber",
        &[V],
        Returns::Is(Ty::Number),
        "The value as a number.",
        &[("tonumber(\"1.50\")", "1.5")],
        |it| to(it, &Type::Number),
    ),
    Function::new(
        "toset",
        &[V],
        Returns::By(|_| Type::set(Type::Any)),
        "A list or tuple as a set: without duplicates and without an order of its own.",
        &[("length(toset([\"a\", \"b\", \"a\"]))", "2")],
        |it| to(it, &Type::set(Type::Any)),
    ),
    Function::new(
        "tostring",
        &[V],
        Returns::Is(Ty::String),
        "The value as a text.",
        &[("tostring(1.50)", "\"1.5\""), ("tostring(true)", "\"true\"")],
        |it| to(it, &Type::String),
    ),
    Function::new(
        "type",
        &[V],
        Returns::Is(Ty::String),
        "The type of a value, as text.",
        &[("type(\"a\")", "\"string\""), ("type(tolist([1]))", "\"list(number)\"")],
        |it| Ok(crate::lang::render::type_text(&it.value(0)?.ty()).into()),
    ),
];

fn first(args: &[Value]) -> Type {
    args.first().map_or(Type::Any, Value::ty)
}

/// Ephemeral values become null, wherever they are.
fn lasting(value: &Value) -> Value {
    if value.marks.ephemeral {
        let marks = Marks { ephemeral: false, ..value.marks };
        return Value::null(value.ty()).marked(marks);
    }
    if !value.deep_marks().ephemeral {
        return value.clone();
    }
    let each = |all: &[Value]| all.iter().map(lasting).collect::<Vec<_>>();
    let every = |all: &Map| all.iter().map(|(key, it)| (key.clone(), lasting(it))).collect::<Vec<_>>();
    let out = match &value.kind {
        Kind::List(of, all) => Value::list(of.clone(), each(all)),
        Kind::Tuple(all) => Value::tuple(each(all)),
        Kind::Map(of, all) => Value::map(of.clone(), every(all)),
        Kind::Object(all) => Value::object(every(all)),
        _ => return value.clone(),
    };
    out.marked(value.marks)
}

fn to(it: &Call, ty: &Type) -> Answer {
    let value = it.value(0)?;
    let refused = |why: String| {
        let shown = match value.as_str() {
            Some(text) if value.marks == Marks::default() => format!("{text:?}"),
            _ => value.ty().words(),
        };
        Fail::Arg(0, format!("cannot convert {shown} to {}{why}", ty.words()))
    };
    if let (Kind::Unknown(unknown), true) = (&value.kind, ty.has_any()) {
        settle(&value.ty(), ty, Convertible::Perhaps).map_err(|why| refused(format!(": {why}")))?;
        // Which type its elements have is open until they are known.
        let sure = unknown.not_null;
        let out = if sure { Value::unknown_not_null(ty.clone()) } else { Value::unknown(ty.clone()) };
        return Ok(out.marked(value.marks));
    }
    value.convert(ty).map_err(|why| {
        refused(match (value.as_str(), ty) {
            (Some(_), Type::Bool) => "; only the strings \"true\" or \"false\" are allowed".to_owned(),
            (Some(_), Type::Number) => "; it must be a decimal number".to_owned(),
            _ if why.path.is_empty() && !why.message.starts_with("all") => String::new(),
            _ => format!(": {why}"),
        })
    })
}
