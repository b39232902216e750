//! Regular expressions.

use regex::{Captures, Match, Regex};

use super::{Answer, Call, Fail, Function, Returns, Ty, string};
use crate::lang::limits;
use crate::lang::types::Type;
use crate::lang::value::Value;

mod syntax;

pub(super) const ALL: &[Function] = &[
    Function::new(
        "regex",
        &[string("pattern"), string("string")],
        Returns::Checked(match_type),
        "What a pattern matches: the text, a list of its groups, or a map of its named groups.",
        &[
            (r#"regex("[a-z]+", "53453453.345345aaabbbccc23454")"#, r#""aaabbbccc""#),
            (r#"regex("(\\d+)-(\\d+)", "2019-02") == ["2019", "02"]"#, "true"),
            (r#"regex("(?P<year>\\d+)", "in 2019").year"#, r#""2019""#),
        ],
        |it| {
            let pattern = capturing(it)?;
            match pattern.regex.captures(it.text(1)?) {
                Some(found) => Ok(pattern.captured(&found)),
                None => Err(Fail::Arg(1, "the pattern matches nothing in it".to_owned())),
            }
        },
    ),
    Function::new(
        "regexall",
        &[string("pattern"), string("string")],
        Returns::Checked(|args| Ok(Type::list(match_type(args)?))),
        "A list of all that a pattern matches.",
        &[(r#"length(regexall("[a-z]", "1a2b3c"))"#, "3"), (r#"regexall("x", "a")"#, "tolist([])")],
        |it| {
            let pattern = capturing(it)?;
            let all = pattern.regex.captures_iter(it.text(1)?).map(|found| pattern.captured(&found));
            Ok(Value::list(pattern.ty(), all.collect()))
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

/// A pattern, and the names of its groups from the first on.
struct Pattern {
    regex: Regex,
    names: Vec<Option<String>>,
}

fn compiled(pattern: &str) -> Result<Pattern, String> {
    let wrong = |why: String| format!("it is no pattern: {why}");
    let it = syntax::translate(pattern).map_err(wrong)?;
    match Regex::new(&it.pattern) {
        Ok(regex) => Ok(Pattern { regex, names: it.names }),
        Err(regex::Error::CompiledTooBig(_)) => Err(wrong("it grows too large".to_owned())),
        // The crate shows the pattern too, as it is after the translation: only its last line helps.
        Err(why) => {
            let text = why.to_string();
            let last = text.lines().last().unwrap_or_default();
            Err(wrong(last.trim_start_matches("error: ").to_owned()))
        }
    }
}

/// A pattern whose groups all have names, or none.
fn of_groups(pattern: &str) -> Result<Pattern, String> {
    let out = compiled(pattern)?;
    if out.names.iter().any(Option::is_some) && out.names.iter().any(Option::is_none) {
        return Err("either all of its groups have names or none".to_owned());
    }
    Ok(out)
}

fn capturing(it: &Call) -> Result<Pattern, Fail> {
    of_groups(it.text(0)?).map_err(|why| Fail::Arg(0, why))
}

/// The type of one match: it depends on the groups of the pattern.
fn match_type(args: &[Value]) -> Result<Type, Fail> {
    match args.first().and_then(Value::as_str) {
        Some(it) => of_groups(it).map(|it| it.ty()).map_err(|why| Fail::Arg(0, why)),
        None => Ok(Type::Any),
    }
}

impl Pattern {
    fn ty(&self) -> Type {
        match self.names.first() {
            None => Type::String,
            Some(Some(_)) => Type::object(self.names.iter().flatten().map(|it| (it.as_str(), Type::String))),
            Some(None) => Type::Tuple(std::sync::Arc::new(vec![Type::String; self.names.len()])),
        }
    }

    fn captured(&self, found: &Captures) -> Value {
        let group = |it: Option<Match>| match it {
            Some(it) => Value::from(it.as_str()),
            None => Value::null(Type::String),
        };
        let groups = found.iter().skip(1).map(group);
        match self.names.first() {
            None => group(found.get(0)),
            Some(Some(_)) => Value::object(self.names.iter().flatten().map(String::as_str).zip(groups)),
            Some(None) => Value::tuple(groups.collect()),
        }
    }

    /// `$1`, `$name`, `${name}` and `$$` in what replaces a match.
    fn expand(&self, template: &str, found: &Captures, out: &mut String) {
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
            } else if let Some((name, after)) = reference(rest) {
                out.push_str(self.group(name, found).map_or("", |it| it.as_str()));
                rest = after;
            } else {
                out.push('$');
            }
        }
        out.push_str(rest);
    }

    fn group<'a>(&self, name: &str, found: &Captures<'a>) -> Option<Match<'a>> {
        let plain = name.len() == 1 || !name.starts_with('0');
        if plain && name.bytes().all(|it| it.is_ascii_digit()) {
            return name.parse().ok().and_then(|it| found.get(it));
        }
        let all = self.names.iter().enumerate().filter(|it| it.1.as_deref() == Some(name));
        all.filter_map(|it| found.get(it.0 + 1)).next()
    }
}

/// The name after a dollar sign, and what follows it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('{');
    let from = inside.unwrap_or(text);
    let end = from.find(|it: char| it != '_' && !it.is_alphanumeric()).unwrap_or(from.len());
    let (name, after) = from.split_at(end);
    let after = if inside.is_some() { after.strip_prefix('}')? } else { after };
    (!name.is_empty()).then_some((name, after))
}

fn replace(it: &Call) -> Answer {
    let (text, what, with) = (it.text(0)?, it.text(1)?, it.text(2)?);
    let pattern = what.strip_prefix('/').and_then(|it| it.strip_suffix('/'));
    let Some(pattern) = pattern.filter(|_| what.len() > 1) else {
        let grown = text.matches(what).count().saturating_mul(with.len());
        limits::text(text.len().saturating_add(grown))?;
        return Ok(text.replace(what, with).into());
    };
    let pattern = compiled(pattern).map_err(|why| Fail::Arg(1, why))?;
    let (mut out, mut rest) = (String::new(), 0);
    for found in pattern.regex.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        out.push_str(&text[rest..whole.start()]);
        pattern.expand(with, &found, &mut out);
        rest = whole.end();
        limits::text(out.len())?;
    }
    out.push_str(&text[rest..]);
    Ok(out.into())
}
