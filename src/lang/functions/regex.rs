//! Regular expressions.

use regex_lite::{Captures, Regex};

use super::{Answer, Call, Fail, Function, Returns, Ty, string};
use crate::lang::types::Type;
use crate::lang::value::Value;

pub(super) const ALL: &[Function] = &[
    Function::new(
        "regex",
        &[string("pattern"), string("string")],
        Returns::By(|args| args.first().and_then(Value::as_str).map_or(Type::Any, match_type)),
        "What a pattern matches: the text, a list of its groups, or a map of its named groups.",
        &[
            (r#"regex("[a-z]+", "53453453.345345aaabbbccc23454")"#, r#""aaabbbccc""#),
            (r#"regex("(\\d+)-(\\d+)", "2019-02") == ["2019", "02"]"#, "true"),
            (r#"regex("(?P<year>\\d+)", "in 2019").year"#, r#""2019""#),
        ],
        |it| {
            let pattern = capturing(it.text(0)?)?;
            match pattern.captures(it.text(1)?) {
                Some(found) => Ok(captured(&pattern, &found)),
                None => Err(Fail::Arg(1, "the pattern matches nothing in it".to_owned())),
            }
        },
    ),
    Function::new(
        "regexall",
        &[string("pattern"), string("string")],
        Returns::By(|args| Type::list(args.first().and_then(Value::as_str).map_or(Type::Any, match_type))),
        "A list of all that a pattern matches.",
        &[(r#"length(regexall("[a-z]", "1a2b3c"))"#, "3"), (r#"regexall("x", "a")"#, "tolist([])")],
        |it| {
            let pattern = capturing(it.text(0)?)?;
            let all = pattern.captures_iter(it.text(1)?).map(|found| captured(&pattern, &found));
            Ok(Value::list(match_type(it.text(0)?), all.collect()))
        },
    ),
    Function::new(
        "replace",
        &[string("str"), string("substr"), string("replace")],
        Returns::Is(Ty::String),
        "A text with each occurrence of another replaced; between slashes that is a pattern.",
        &[
            (r#"replace("1 + 2 + 3", "+", "-")"#, r#""1 - 2 - 3""#),
            (r#"replace("hello world", "/w.*d/", "everybody")"#, r#""hello everybody""#),
            (r#"replace("a-b", "/(\\w)-(\\w)/", "$2-$1")"#, r#""b-a""#),
        ],
        replace,
    ),
];

fn compiled(pattern: &str) -> Result<Regex, Fail> {
    Regex::new(pattern).map_err(|why| Fail::Arg(0, format!("it is no pattern: {why}")))
}

/// A pattern whose groups all have names, or none.
fn capturing(pattern: &str) -> Result<Regex, Fail> {
    let out = compiled(pattern)?;
    let named = out.capture_names().flatten().count();
    if named > 0 && named + 1 < out.captures_len() {
        return Err(Fail::Arg(0, "either all of its groups have names or none".to_owned()));
    }
    Ok(out)
}

fn replace(it: &Call) -> Answer {
    let (text, what, with) = (it.text(0)?, it.text(1)?, it.text(2)?);
    let pattern = what.strip_prefix('/').and_then(|it| it.strip_suffix('/'));
    let Some(pattern) = pattern.filter(|_| what.len() > 1) else {
        return Ok(text.replace(what, with).into());
    };
    let pattern = compiled(pattern).map_err(|it| match it {
        Fail::Arg(_, why) => Fail::Arg(1, why),
        other => other,
    })?;
    Ok(pattern.replace_all(text, with).into_owned().into())
}

/// The type of one match: it depends on the groups of the pattern.
fn match_type(pattern: &str) -> Type {
    let Ok(pattern) = Regex::new(pattern) else { return Type::Any };
    let names: Vec<&str> = pattern.capture_names().flatten().collect();
    match pattern.captures_len() {
        1 => Type::String,
        _ if !names.is_empty() => Type::object(names.into_iter().map(|it| (it, Type::String))),
        count => Type::Tuple(std::sync::Arc::new(vec![Type::String; count - 1])),
    }
}

fn captured(pattern: &Regex, found: &Captures) -> Value {
    let group = |it: Option<regex_lite::Match>| match it {
        Some(it) => Value::from(it.as_str()),
        None => Value::null(Type::String),
    };
    let names: Vec<&str> = pattern.capture_names().flatten().collect();
    match pattern.captures_len() {
        1 => group(found.get(0)),
        _ if !names.is_empty() => Value::object(names.into_iter().map(|it| (it, group(found.name(it))))),
        count => Value::tuple((1..count).map(|it| group(found.get(it))).collect()),
    }
}
