//! CSV, by the strict rules of RFC 4180: a quotation mark belongs at both ends of a field or is
//! doubled. Readers of CSV that are lenient here would take what Terraform refuses.

use std::collections::BTreeSet;

use super::{Call, Fail, Function, Returns, string};
use crate::lang::types::Type;
use crate::lang::value::Value;

pub(super) const ALL: &[Function] = &[Function::new(
    "csvdecode",
    &[string("str")],
    Returns::By(|_| Type::Any),
    "A list of objects, one for each line of a CSV text but the first, which names their attributes.",
    &[
        (r#"csvdecode("a,b\n1,2\n3,4")[1].b"#, r#""4""#),
        (r#"csvdecode("name\n\"x, y\"")[0].name"#, r#""x, y""#),
    ],
    |it| decode(it).map_err(|why| Fail::Arg(0, why)),
)];

fn decode(it: &Call) -> Result<Value, String> {
    let text = match it.text(0) {
        Ok(it) => it,
        Err(_) => return Err("a string is required".to_owned()),
    };
    let mut rows = rows(text)?.into_iter();
    let (_, names) = rows.next().ok_or("its first line must name the columns")?;
    let mut seen = BTreeSet::new();
    if let Some(twice) = names.iter().find(|it| !seen.insert(it.as_str())) {
        return Err(format!("two of its columns have the name {twice:?}"));
    }
    let object = |(line, fields): (usize, Vec<String>)| {
        if fields.len() != names.len() {
            let counts = format!("{} fields, the first line {}", fields.len(), names.len());
            return Err(format!("line {line} has {counts}"));
        }
        let pairs = names.iter().map(String::as_str).zip(fields.into_iter().map(Value::from));
        Ok(Value::object(pairs))
    };
    let all = rows.map(object).collect::<Result<_, _>>()?;
    let of = Type::object(names.iter().map(|it| (it.as_str(), Type::String)));
    Ok(Value::list(of, all))
}

/// The fields of each line that is not empty, with the number of the line.
fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, String> {
    let mut lines = text.split_inclusive('\n').map(without_return).enumerate();
    let mut out = Vec::new();
    while let Some((index, line)) = lines.next() {
        if line == "\n" || line.is_empty() {
            continue;
        }
        let more = || lines.next().map(|it| it.1);
        out.push((index + 1, fields(line, more).map_err(|why| format!("line {}: {why}", index + 1))?));
    }
    Ok(out)
}

/// A line that ends in `\r\n` ends in `\n`; at the end of the text a lone `\r` counts as that too.
fn without_return(line: &str) -> String {
    match (line.strip_suffix("\r\n"), line.strip_suffix('\r')) {
        (Some(line), _) => format!("{line}\n"),
        (None, Some(line)) => line.to_owned(),
        (None, None) => line.to_owned(),
    }
}

/// The fields of a line; one in quotation marks may go on in the next lines.
fn fields(line: String, mut more: impl FnMut() -> Option<String>) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut rest = line;
    loop {
        let after = match rest.strip_prefix('"') {
            None => {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                if rest[..end].contains('"') {
                    return Err("a quotation mark in a field without quotation marks".to_owned());
                }
                out.push(rest[..end].to_owned());
                rest.split_off(end)
            }
            Some(quoted) => {
                let (field, after) = quoted_field(quoted.to_owned(), &mut more)?;
                out.push(field);
                after
            }
        };
        match after.strip_prefix(',') {
            Some(next) => rest = next.to_owned(),
            None => return Ok(out),
        }
    }
}

/// A field after its first quotation mark, and what follows it.
fn quoted_field(
    mut rest: String,
    more: &mut impl FnMut() -> Option<String>,
) -> Result<(String, String), String> {
    let mut field = String::new();
    loop {
        let Some(at) = rest.find('"') else {
            field.push_str(&rest);
            rest = more().ok_or("a quotation mark is never closed")?;
            continue;
        };
        field.push_str(&rest[..at]);
        let after = rest.split_off(at + 1);
        if let Some(next) = after.strip_prefix('"') {
            field.push('"');
            rest = next.to_owned();
        } else if after.is_empty() || after.starts_with([',', '\n']) {
            return Ok((field, after));
        } else {
            return Err("a single quotation mark in a field with quotation marks: double it".to_owned());
        }
    }
}
