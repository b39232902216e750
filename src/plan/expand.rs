//! Which instances a resource is to have: `count` and `for_each`.

use crate::address::Key;
use crate::config::Repeat;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Expr, Kind, Type, Value};

use super::scope::Instance;

/// The instances, or `None` where the repetition is not known yet and `lenient` allows that.
pub fn instances(
    repeat: &Repeat,
    env: &dyn Env,
    lenient: bool,
) -> Result<Option<Vec<Instance>>, Diagnostics> {
    match repeat {
        Repeat::Once => Ok(Some(vec![Instance { key: Key::None, value: Value::null(Type::Any) }])),
        Repeat::Count(expr) => count(expr, env, lenient),
        Repeat::ForEach(expr) => instances_of_each(expr, env, lenient),
    }
}

fn settled(
    what: &str,
    value: Value,
    from: (&Expr, &dyn Env),
    lenient: bool,
) -> Result<Option<Value>, Diagnostic> {
    let (expr, env) = from;
    let place = &expr.place;
    let wrong = |summary: String| Err(Diagnostic::error(summary).at(place));
    if value.marks.sensitive {
        return wrong(format!("`{what}` cannot be sensitive: it would show in addresses"));
    }
    if value.marks.ephemeral {
        return wrong(format!("`{what}` cannot be ephemeral: the instances have to last"));
    }
    if value.is_unknown() {
        if lenient {
            return Ok(None);
        }
        return Err(unknown(what, expr, env));
    }
    if value.is_null() {
        return wrong(format!("`{what}` is null"));
    }
    Ok(Some(value))
}

/// The error for a repetition that cannot be settled yet: it names what is not known.
fn unknown(what: &str, expr: &Expr, env: &dyn Env) -> Diagnostic {
    let names = unknowns(expr, env);
    let on = match &names[..] {
        [] => "a value that is".to_owned(),
        [one] => format!("`{one}`, which is"),
        many => {
            format!("{}, which are", many.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", "))
        }
    };
    let one = Diagnostic::error(format!("`{what}` depends on {on} known only after apply")).at(&expr.place);
    let resources: Vec<String> = names.iter().filter_map(|it| target(it)).collect();
    let first = match resources.is_empty() {
        true => "with --target".to_owned(),
        false => format!(
            "`infra apply {}`",
            resources.iter().map(|it| format!("--target {it}")).collect::<Vec<_>>().join(" ")
        ),
    };
    one.label("not known yet").help(format!(
        "apply what it depends on first ({first}), then the rest; or repeat over values that the stack file holds"
    ))
}

/// The references of an expression whose values are not known yet.
fn unknowns(expr: &Expr, env: &dyn Env) -> Vec<String> {
    let mut out = Vec::new();
    for it in expr.refs() {
        let names: Vec<&str> = it.path.iter().map(String::as_str).collect();
        let crate::lang::Found::Value(value, used) = env.resolve(&names) else { continue };
        let mut at = &value;
        let mut shown = names[..used.min(names.len())].join(".");
        for name in names.iter().skip(used) {
            let Some(inner) = at.get(name).filter(|_| !at.wholly_known()) else { break };
            at = inner;
            shown = format!("{shown}.{name}");
        }
        if !at.wholly_known() && !out.contains(&shown) {
            out.push(shown);
        }
    }
    out
}

/// The resource or module that a reference is about, as `--target` takes it.
fn target(reference: &str) -> Option<String> {
    let mut names = reference.split('.');
    let (first, second) = (names.next()?, names.next()?);
    match first {
        "var" | "local" | "each" | "count" | "self" | "path" | "data" => None,
        _ => Some(format!("{first}.{second}")),
    }
}

fn count(expr: &Expr, env: &dyn Env, lenient: bool) -> Result<Option<Vec<Instance>>, Diagnostics> {
    let Some(value) = settled("count", expr.eval(env)?, (expr, env), lenient)? else { return Ok(None) };
    let wrong = |what: &str| {
        Diagnostic::error(format!("`count` must be a whole number from 0, not {what}")).at(&expr.place)
    };
    let number = value.convert(&Type::Number).map_err(|_| wrong(&format!("a {}", value.ty())))?;
    let Kind::Number(number) = &number.kind else { return Err(wrong("this").into()) };
    let many =
        number.to_i64().and_then(|it| u64::try_from(it).ok()).ok_or_else(|| wrong(&number.to_string()))?;
    let one = |at| Instance { key: Key::Index(at), value: Value::null(Type::Any) };
    Ok(Some((0..many).map(one).collect()))
}

/// What a `for_each` asks for.
pub fn instances_of_each(
    expr: &Expr,
    env: &dyn Env,
    lenient: bool,
) -> Result<Option<Vec<Instance>>, Diagnostics> {
    let Some(value) = settled("for_each", expr.eval(env)?, (expr, env), lenient)? else { return Ok(None) };
    let wrong = |text: String| Diagnostics::from(Diagnostic::error(text).at(&expr.place));
    if let Some(fields) = value.as_fields() {
        let one = |(name, value): (&std::sync::Arc<str>, &Value)| Instance {
            key: Key::Name(name.clone()),
            value: value.clone().marked(crate::lang::Marks::default()),
        };
        return Ok(Some(fields.iter().map(one).collect()));
    }
    let Kind::Set(_, items) = &value.kind else {
        let help = match &value.kind {
            Kind::Tuple(_) | Kind::List(..) => "write toset(…) around a list of strings",
            _ => "give it a map, or a set of strings",
        };
        let one = Diagnostic::error(format!(
            "`for_each` takes a map or a set of strings, not a {}",
            describe(&value)
        ));
        return Err(one.at(&expr.place).help(help).into());
    };
    let mut out = Vec::new();
    for item in items.iter() {
        match &item.kind {
            Kind::String(name) => out.push(Instance { key: Key::Name(name.clone()), value: item.clone() }),
            Kind::Unknown(_) if lenient => return Ok(None),
            Kind::Unknown(_) => {
                settled("for_each", item.clone(), (expr, env), false)?;
            }
            _ => {
                return Err(wrong(format!(
                    "the set given to `for_each` holds a {}, and may hold strings only",
                    describe(item)
                )));
            }
        }
    }
    Ok(Some(out))
}

fn describe(value: &Value) -> String {
    match &value.kind {
        Kind::Tuple(_) => "tuple".to_owned(),
        _ => value.ty().to_string(),
    }
}
