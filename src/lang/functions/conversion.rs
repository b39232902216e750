//! Conversion between types, and marks.

use super::{Answer, Call, Fail, Function, Param, Returns, Ty, any};
use crate::lang::types::{Convertible, Type, settle};
use crate::lang::value::{Marks, Value};

/// Takes anything as it is, and says what becomes of it.
const V: Param = any("v").nullable().perhaps().marked();

pub(super) const ALL: &[Function] = &[
    Function::new(
        "issensitive",
        &[V],
        Returns::Is(Ty::Bool),
        "Whether a value is marked as sensitive.",
        &[("issensitive(sensitive(1))", "true"), ("issensitive(1)", "false")],
        |it| Ok(it.value(0)?.marks.sensitive.into()),
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
        Returns::By(|args| target(args, Type::list(Type::Any))),
        "A set or tuple as a list, its elements of one type.",
        &[("tolist([\"a\", 3]) == tolist([\"a\", \"3\"])", "true")],
        |it| to(it, &Type::list(Type::Any)),
    ),
    Function::new(
        "tomap",
        &[V],
        Returns::By(|args| target(args, Type::map(Type::Any))),
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
        Returns::By(|args| target(args, Type::set(Type::Any))),
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

fn target(args: &[Value], to: Type) -> Type {
    settle(&first(args), &to, Convertible::Perhaps).unwrap_or(to)
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
    value.convert(ty).map_err(|why| {
        refused(match (value.as_str(), ty) {
            (Some(_), Type::Bool) => "; only the strings \"true\" or \"false\" are allowed".to_owned(),
            (Some(_), Type::Number) => "; it must be a decimal number".to_owned(),
            _ if why.path.is_empty() && !why.message.starts_with("all") => String::new(),
            _ => format!(": {why}"),
        })
    })
}
