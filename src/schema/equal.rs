//! Which texts mean the same.
use super::Form;

pub fn same(form: Form, a: &str, b: &str) -> bool {
    match form {
        Form::Plain => a == b,
        Form::Caseless => a.eq_ignore_ascii_case(b),
        Form::Json => {
            let parse = |it: &str| serde_json::from_str::<serde_json::Value>(it).ok();
            a == b || parse(a).is_some() && parse(a) == parse(b)
        }
    }
}
