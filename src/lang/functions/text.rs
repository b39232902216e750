//! Texts.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use super::{Answer, Call, Function, Returns, Ty, number, string, string_list, strings};
use crate::lang::limits;
use crate::lang::types::Type;
use crate::lang::value::Value;

const STRING: Returns = Returns::Is(Ty::String);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "chomp",
        &[string("str")],
        STRING,
        "A text without the line ends at its end.",
        &[(r#"chomp("hello\n")"#, r#""hello""#)],
        |it| Ok(it.text(0)?.trim_end_matches(['\n', '\r']).into()),
    ),
    Function::new(
        "endswith",
        &[string("str"), string("suffix")],
        Returns::Is(Ty::Bool),
        "Whether a text ends with another.",
        &[(r#"endswith("hello world", "world")"#, "true")],
        |it| Ok(it.text(0)?.ends_with(it.text(1)?).into()),
    ),
    Function::new(
        "indent",
        &[number("spaces"), string("str")],
        STRING,
        "A text with spaces before each of its lines but the first.",
        &[(r#"indent(2, "a\nb") == "a\n  b""#, "true")],
        |it| {
            let pad = format!("\n{}", " ".repeat(it.count(0)?.min(10_000)));
            let text = it.text(1)?;
            limits::text(text.len() + text.matches('\n').count().saturating_mul(pad.len()))?;
            Ok(text.replace('\n', &pad).into())
        },
    ),
    Function::new(
        "join",
        &[string("separator")],
        STRING,
        "The texts of one or more lists, with a separator between them.",
        &[(r#"join("-", ["foo", "bar"])"#, r#""foo-bar""#), (r#"join(",", ["a"], ["b"])"#, r#""a,b""#)],
        join,
    )
    .rest(strings("lists")),
    Function::new(
        "lower",
        &[string("str")],
        STRING,
        "A text in small letters.",
        &[(r#"lower("HELLO")"#, r#""hello""#)],
        |it| Ok(it.text(0)?.chars().flat_map(simple_lower).collect::<String>().into()),
    ),
    Function::new(
        "split",
        &[string("separator"), string("str")],
        Returns::Is(Ty::List(&Ty::String)),
        "The parts of a text between separators.",
        &[
            (r#"split(",", "a,b") == tolist(["a", "b"])"#, "true"),
            (r#"split("", "ab") == tolist(["a", "b"])"#, "true"),
        ],
        split,
    ),
    Function::new(
        "startswith",
        &[string("str").perhaps(), string("prefix")],
        Returns::Is(Ty::Bool),
        "Whether a text starts with another.",
        &[(r#"startswith("hello world", "hello")"#, "true")],
        starts_with,
    ),
    Function::new(
        "strcontains",
        &[string("str"), string("substr")],
        Returns::Is(Ty::Bool),
        "Whether a text holds another.",
        &[(r#"strcontains("hello world", "wor")"#, "true")],
        |it| Ok(it.text(0)?.contains(it.text(1)?).into()),
    ),
    Function::new(
        "strrev",
        &[string("str")],
        STRING,
        "A text backwards.",
        &[(r#"strrev("hello")"#, r#""olleh""#)],
        |it| Ok(clusters(it.text(0)?).into_iter().rev().collect::<String>().into()),
    ),
    Function::new(
        "substr",
        &[string("str"), number("offset"), number("length")],
        STRING,
        "Part of a text: from a position, counted from the end where negative, so many characters; -1 for all.",
        &[
            (r#"substr("hello world", 1, 4)"#, r#""ello""#),
            (r#"substr("hello world", -5, -1)"#, r#""world""#),
        ],
        substr,
    ),
    Function::new(
        "title",
        &[string("str")],
        STRING,
        "A text with a capital at the start of each word.",
        &[(r#"title("hello world")"#, r#""Hello World""#)],
        |it| Ok(title(it.text(0)?).into()),
    ),
    Function::new(
        "trim",
        &[string("str"), string("cutset")],
        STRING,
        "A text without certain characters at its start and end.",
        &[(r#"trim("?!hello?!", "!?")"#, r#""hello""#)],
        |it| {
            let set = it.text(1)?;
            Ok(it.text(0)?.trim_matches(|it| set.contains(it)).into())
        },
    ),
    Function::new(
        "trimprefix",
        &[string("str"), string("prefix")],
        STRING,
        "A text without what it starts with.",
        &[(r#"trimprefix("helloworld", "hello")"#, r#""world""#)],
        |it| {
            let text = it.text(0)?;
            Ok(text.strip_prefix(it.text(1)?).unwrap_or(text).into())
        },
    ),
    Function::new(
        "trimspace",
        &[string("str")],
        STRING,
        "A text without white space at its start and end.",
        &[(r#"trimspace("  hello\n\n")"#, r#""hello""#)],
        |it| Ok(it.text(0)?.trim().into()),
    ),
    Function::new(
        "trimsuffix",
        &[string("str"), string("suffix")],
        STRING,
        "A text without what it ends with.",
        &[(r#"trimsuffix("helloworld", "world")"#, r#""hello""#)],
        |it| {
            let text = it.text(0)?;
            Ok(text.strip_suffix(it.text(1)?).unwrap_or(text).into())
        },
    ),
    Function::new(
        "upper",
        &[string("str")],
        STRING,
        "A text in capitals.",
        &[(r#"upper("hello")"#, r#""HELLO""#)],
        |it| Ok(it.text(0)?.chars().flat_map(simple_upper).collect::<String>().into()),
    ),
];

/// One character for one, as Go maps case: what needs more stays as it is.
fn simple_upper(it: char) -> Option<char> {
    let mut all = it.to_uppercase();
    Some(if all.len() == 1 { all.next().unwrap_or(it) } else { it })
}
fn simple_lower(it: char) -> Option<char> {
    it.to_lowercase().next()
}

fn join(it: &Call) -> Answer {
    if it.args.len() < 2 {
        return Err("it needs at least one list".into());
    }
    let mut parts = Vec::new();
    for at in 1..it.args.len() {
        parts.extend(it.texts(at)?);
    }
    let separator = it.text(0)?;
    let length = parts.iter().map(|it| it.len() + separator.len()).sum();
    limits::text(length)?;
    Ok(parts.join(separator).into())
}

fn split(it: &Call) -> Answer {
    let (separator, text) = (it.text(0)?, it.text(1)?);
    Ok(if separator.is_empty() {
        string_list(text.chars().map(String::from))
    } else {
        string_list(text.split(separator))
    })
}

/// Characters are those a reader sees: a letter and its accents are one.
fn substr(it: &Call) -> Answer {
    let all = clusters(it.text(0)?);
    let (offset, length) = (it.integer(1)?, it.integer(2)?);
    let size = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (size + offset).max(0) } else { offset.min(size) };
    let end = if length < 0 { size } else { start.saturating_add(length).min(size) };
    let part = all.get(start as usize..end as usize).unwrap_or_default();
    Ok(part.concat().into())
}

/// The characters that a reader sees, as Unicode 15.0 has them: later versions keep the consonants of
/// an Indic conjunct together, Terraform does not.
pub(super) fn clusters(text: &str) -> Vec<&str> {
    text.graphemes(true).flat_map(without_conjuncts).collect()
}

fn without_conjuncts(cluster: &str) -> Vec<&str> {
    const VIRAMA: u8 = 9;
    let mut out = Vec::new();
    let (mut start, mut joined) = (0, false);
    for (at, it) in cluster.char_indices() {
        if joined && it.is_alphabetic() && !is_combining_mark(it) {
            out.push(&cluster[start..at]);
            (start, joined) = (at, false);
        }
        joined |= canonical_combining_class(it) == VIRAMA;
    }
    out.push(&cluster[start..]);
    out
}

/// Some letters are two in one, and have a form with only the first as a capital.
fn title_case(it: char) -> char {
    match it {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        _ => simple_upper(it).unwrap_or(it),
    }
}

fn title(text: &str) -> String {
    let mut within = false;
    let one = |it: char| {
        let out = if within { it } else { title_case(it) };
        within = if it.is_ascii() { it.is_alphanumeric() || it == '_' } else { !it.is_whitespace() };
        out
    };
    text.chars().map(one).collect()
}

/// Of a text that is not known yet the start may be.
fn starts_with(it: &Call) -> Answer {
    let (text, prefix) = (it.value(0)?, it.text(1)?);
    let known = text.known_prefix();
    if known.starts_with(prefix) {
        return Ok(true.into());
    }
    let open = text.is_unknown() && prefix.starts_with(known);
    Ok(if open { Value::unknown_not_null(Type::Bool) } else { false.into() })
}

#[cfg(test)]
mod tests {
    #[test]
    fn titles() {
        assert_eq!(super::title("hello big-world it's"), "Hello Big-World It'S");
    }
}
