//! From positions in a decoded TOML string to positions in the file, so that the part of an
//! expression that is wrong can be underlined.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::SourceFile;
use crate::lang::expr::Offsets;

/// The offsets of a string that stands at `span` of the file and reads `decoded`.
pub(super) fn of_string(file: &Arc<SourceFile>, span: Range<usize>, decoded: &str) -> Offsets {
    let at = file.text.get(span.clone()).and_then(|raw| map(raw, span.start));
    let fits = |it: &Vec<usize>| it.len() == decoded.len() + 1;
    let at = at.filter(fits).or_else(|| marked(file.text.get(span.clone())?, span.start).filter(fits));
    // Whatever the escapes: an error must always have a place.
    let at = at.unwrap_or_else(|| vec![span.start; decoded.len() + 1]);
    Offsets::new(file, &at)
}

fn map(raw: &str, start: usize) -> Option<Vec<usize>> {
    let (quote, escapes) = quotes(raw)?;
    let end = raw.len().checked_sub(quote)?;
    let bytes = raw.as_bytes();
    let mut at = quote;
    if quote == 3 {
        at += newline(&bytes[at..]);
    }
    let mut out = Vec::with_capacity(end);
    while at < end {
        if !escapes || bytes[at] != b'\\' {
            out.push(start + at);
            at += 1;
            continue;
        }
        let (length, decoded) = escape(raw, at)?;
        out.extend(std::iter::repeat_n(start + at, decoded));
        at += length;
    }
    out.push(start + end);
    Some(out)
}

/// The same for a constant of HCL's, where `$${` is `${`.
fn marked(raw: &str, start: usize) -> Option<Vec<usize>> {
    let mut out = map(raw, start)?;
    let doubled = raw.match_indices("$${").chain(raw.match_indices("%%{"));
    let doubled: Vec<usize> = doubled.map(|it| start + it.0).collect();
    out.retain(|it| !doubled.contains(it));
    Some(out)
}

/// The length of the delimiter, and whether `\` means something.
fn quotes(raw: &str) -> Option<(usize, bool)> {
    let triple = |mark: &str| raw.len() >= 6 && raw.starts_with(mark);
    match raw.as_bytes().first()? {
        b'"' if triple("\"\"\"") => Some((3, true)),
        b'"' => Some((1, true)),
        b'\'' if triple("'''") => Some((3, false)),
        b'\'' => Some((1, false)),
        _ => None,
    }
}

fn newline(bytes: &[u8]) -> usize {
    match bytes {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

/// The bytes that an escape takes in the file, and in the decoded text.
fn escape(raw: &str, at: usize) -> Option<(usize, usize)> {
    let digits = match raw.as_bytes().get(at + 1)? {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        b' ' | b'\t' | b'\r' | b'\n' => {
            let rest = &raw.as_bytes()[at + 1..];
            let blank = rest.iter().take_while(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n')).count();
            return Some((1 + blank, 0));
        }
        _ => return Some((2, 1)),
    };
    let code = u32::from_str_radix(raw.get(at + 2..at + 2 + digits)?, 16).ok()?;
    if (0xd800..0xdc00).contains(&code) {
        // JSON's two halves of one character.
        return Some((12, 4));
    }
    Some((2 + digits, char::from_u32(code)?.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, decoded: &str, positions: &[usize]) {
        assert_eq!(map(raw, 10).as_deref(), Some(positions), "{raw}");
        assert_eq!(positions.len(), decoded.len() + 1, "{raw}");
        let text = format!("a = {raw}\n");
        let table = ::toml::from_str::<::toml::Table>(&text);
        assert_eq!(
            table.ok().and_then(|it| Some(it.get("a")?.as_str()?.to_owned())).as_deref(),
            Some(decoded)
        );
    }

    #[test]
    fn every_byte_of_a_string_has_its_place() {
        check(r#""ab""#, "ab", &[11, 12, 13]);
        check(r"'a\b'", r"a\b", &[11, 12, 13, 14]);
        check(r#""\t\"é""#, "\t\"é", &[11, 13, 15, 16, 17]);
        check(r#""\u00e9x""#, "éx", &[11, 11, 17, 18]);
        check(r#""\xe9\e""#, "é\u{1b}", &[11, 11, 15, 17]);
        check(r#""\U0001F600!""#, "😀!", &[11, 11, 11, 11, 21, 22]);
        check("\"\"\"\na\\\n   b\"\"\"", "ab", &[14, 20, 21]);
        check("'''\r\na\nb'''", "a\nb", &[15, 16, 17, 18]);
        check("\"\"\"a\"b\"\"\"", "a\"b", &[13, 14, 15, 16]);
        check("\"\"", "", &[11]);
        assert_eq!(map(r#""\ud83d\ude00!""#, 0).as_deref(), Some([1, 1, 1, 1, 13, 14].as_slice()));
        assert_eq!(marked(r#""a$${b}""#, 0).as_deref(), Some([1, 3, 4, 5, 6, 7].as_slice()));
    }
}
