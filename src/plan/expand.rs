//! Which instances a resource is to have: `count` and `for_each`.

use crate::address::Key;
use crate::config::Repeat;
use crate::diag::{Diagnostic, Diagnostics, Place};
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
        Repeat::ForEach(expr) => for_each(expr, env, lenient),
    }
}

fn settled(what: &str, value: Value, place: &Place, lenient: bool) -> Result<Option<Value>, Diagnostic> {
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
        let one = Diagnostic::error(format!("`{what}` depends on a value that is known only after apply"))
            .at(place);
        return Err(one
            .label("not known yet")
            .help("apply what it depends on first, with --target, then the rest; or repeat over values that the stack file holds"));
    }
    if value.is_null() {
        return wrong(format!("`{what}` is null"));
    }
    Ok(Some(value))
}

fn count(expr: &Expr, env: &dyn Env, lenient: bool) -> Result<Option<Vec<Instance>>, Diagnostics> {
    let Some(value) = settled("count", expr.eval(env)?, &expr.place, lenient)? else { return Ok(None) };
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

fn for_each(expr: &Expr, env: &dyn Env, lenient: bool) -> Result<Option<Vec<Instance>>, Diagnostics> {
    let Some(value) = settled("for_each", expr.eval(env)?, &expr.place, lenient)? else { return Ok(None) };
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
                settled("for_each", item.clone(), &expr.place, false)?;
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
