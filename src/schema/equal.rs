//! Which texts mean the same, by the form of their attribute. Pure.

use serde_json::Value as Json;

use super::{Form, digest};

mod policy;

/// Whether both texts say the same: then a difference between them is no change.
pub fn same(form: Form, a: &str, b: &str) -> bool {
    match form {
        _ if a == b => true,
        Form::Plain | Form::Exact => false,
        Form::Caseless | Form::Lower => a.to_lowercase() == b.to_lowercase(),
        Form::Digest => digest::of(a) == b || digest::of(b) == a,
        Form::Json => same_json(a, b),
    }
}

fn same_json(a: &str, b: &str) -> bool {
    if says_nothing(a) && says_nothing(b) {
        return true;
    }
    let parse = |text: &str| serde_json::from_str::<Json>(text).ok();
    let (Some(a), Some(b)) = (parse(a), parse(b)) else { return false };
    equal(&a, &b) || policy::equivalent(&a, &b)
}

fn says_nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "{}")
}

/// The same document, whatever the order of keys and the way numbers are written.
fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (Json::Number(a), Json::Number(b)) => match (a.as_i128(), b.as_i128()) {
            (Some(a), Some(b)) => a == b,
            _ => a == b || a.as_f64().is_some_and(|it| Some(it) == b.as_f64()),
        },
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests;
