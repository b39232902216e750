//! When two policy documents grant the same, as the Terraform provider decides: lists of names have
//! no order, a list of one equals its item, an account's id equals the ARN of its root user.

use serde_json::{Map, Value as Json};

/// Whether both are policies, and the same one.
pub(super) fn equivalent(a: &Json, b: &Json) -> bool {
    match (Policy::of(a), Policy::of(b)) {
        (Some(a), Some(b)) => a.head == b.head && same_members(&a.statements, &b.statements, same_statement),
        _ => false,
    }
}

struct Policy<'a> {
    /// `Version` and `Id`.
    head: [&'a str; 2],
    statements: Vec<&'a Map<String, Json>>,
}

impl<'a> Policy<'a> {
    fn of(json: &'a Json) -> Option<Self> {
        // AWS itself shows some documents as a list of one.
        let fields = match json {
            Json::Object(fields) => fields,
            Json::Array(all) if all.len() == 1 => all[0].as_object()?,
            _ => return None,
        };
        let text = |name: &str| match field(fields, name) {
            None => Some(""),
            Some(it) => it.as_str(),
        };
        let statements = match field(fields, "Statement")? {
            Json::Array(all) => all.iter().map(Json::as_object).collect::<Option<Vec<_>>>()?,
            Json::Object(one) => vec![one],
            _ => return None,
        };
        statements.iter().all(|it| well_formed(it)).then_some(())?;
        Some(Policy { head: [text("Version")?, text("Id")?], statements })
    }
}

/// By its name, or one that differs in case only; null is absent.
fn field<'a>(of: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    let spelt = || of.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1);
    of.get(name).or_else(spelt).filter(|it| !it.is_null())
}

fn well_formed(statement: &Map<String, Json>) -> bool {
    let texts = ["Sid", "Effect"].iter().all(|it| field(statement, it).is_none_or(Json::is_string));
    let tests = |it: &Json| it.as_object().is_some_and(|it| it.values().all(Json::is_object));
    texts && field(statement, "Condition").is_none_or(tests)
}

fn same_members<T: Copy>(a: &[T], b: &[T], same: impl Fn(T, T) -> bool) -> bool {
    a.len() == b.len()
        && a.iter().all(|a| b.iter().any(|b| same(*a, *b)))
        && b.iter().all(|b| a.iter().any(|a| same(*a, *b)))
}

fn same_statement(a: &Map<String, Json>, b: &Map<String, Json>) -> bool {
    let text = |it, name| field(it, name).and_then(Json::as_str).unwrap_or_default();
    let names = |name| same_names(field(a, name), field(b, name));
    let principals = |name| same_principals(field(a, name), field(b, name));
    text(a, "Sid") == text(b, "Sid")
        && text(a, "Effect").eq_ignore_ascii_case(text(b, "Effect"))
        && ["Action", "NotAction", "Resource", "NotResource"].into_iter().all(names)
        && ["Principal", "NotPrincipal"].into_iter().all(principals)
        && same_conditions(field(a, "Condition"), field(b, "Condition"))
}

/// One or many names, or values of a condition; `None` where there is something else among them.
fn texts(json: Option<&Json>) -> Option<Vec<String>> {
    let text = |it: &Json| match it {
        Json::String(it) => Some(it.clone()),
        Json::Bool(it) => Some(it.to_string()),
        Json::Number(it) => Some(it.as_f64().map_or_else(|| it.to_string(), |it| it.to_string())),
        _ => None,
    };
    match json {
        None => Some(Vec::new()),
        Some(Json::Array(all)) => all.iter().map(text).collect(),
        Some(one) => Some(vec![text(one)?]),
    }
}

fn same_names(a: Option<&Json>, b: Option<&Json>) -> bool {
    match (texts(a), texts(b)) {
        (Some(mut a), Some(mut b)) => {
            a.sort();
            b.sort();
            a == b
        }
        _ => a == b,
    }
}

fn same_conditions(a: Option<&Json>, b: Option<&Json>) -> bool {
    fn map(it: &Json) -> Option<&Map<String, Json>> {
        it.as_object()
    }
    let (Some(a), Some(b)) = (a, b) else { return a.is_none() && b.is_none() };
    same_keys(map(a), map(b), |a, b| same_keys(map(a), map(b), same_values))
}

fn same_keys(
    a: Option<&Map<String, Json>>,
    b: Option<&Map<String, Json>>,
    same: impl Fn(&Json, &Json) -> bool,
) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
}

fn same_values(a: &Json, b: &Json) -> bool {
    let (Some(a), Some(b)) = (texts(Some(a)), texts(Some(b))) else { return a == b };
    let (a, b) = (a.iter().collect::<Vec<_>>(), b.iter().collect::<Vec<_>>());
    same_members(&a, &b, |a, b| a == b)
}

/// Everyone (`"*"`), or names by kind; a kind without names counts for nothing.
fn same_principals(a: Option<&Json>, b: Option<&Json>) -> bool {
    if let (Some(Json::String(a)), Some(Json::String(b))) = (a, b) {
        return same_principal(a, b);
    }
    if [a, b].iter().any(|it| it.is_some_and(Json::is_string)) {
        return false;
    }
    let (Some(a), Some(b)) = (by_kind(a), by_kind(b)) else { return a == b };
    a.len() == b.len()
        && a.iter().all(|(kind, a)| {
            let b = b.iter().find(|it| it.0 == *kind).map(|it| it.1.iter().collect::<Vec<_>>());
            let a = a.iter().collect::<Vec<_>>();
            b.is_some_and(|b| same_members(&a, &b, |a, b| same_principal(a, b)))
        })
}

fn by_kind(principals: Option<&Json>) -> Option<Vec<(&str, Vec<String>)>> {
    let Some(principals) = principals else { return Some(Vec::new()) };
    let all = principals.as_object()?.iter().map(|(kind, it)| Some((kind.as_str(), texts(Some(it))?)));
    let all = all.collect::<Option<Vec<_>>>()?;
    Some(all.into_iter().filter(|it| !it.1.is_empty()).collect())
}

/// AWS turns an account's id into the ARN of its root user.
fn same_principal(a: &str, b: &str) -> bool {
    a == b || root_of(a).is_some_and(|it| it == b) || root_of(b).is_some_and(|it| it == a)
}

/// The account of a root user's ARN: `arn:aws:iam::123456789012:root`.
fn root_of(arn: &str) -> Option<&str> {
    let parts = arn.splitn(6, ':').collect::<Vec<_>>();
    match parts[..] {
        ["arn", _, "iam", _, account, "root"] => {
            let id = account.len() == 12 && account.bytes().all(|it| it.is_ascii_digit());
            id.then_some(account)
        }
        _ => None,
    }
}
