//! Reading a pattern.

use super::{Keyed, Named, Pattern, Step, Word, glob};
use crate::address::{self, Key, Mode};

/// What stands for others in a name.
const IN_NAMES: [char; 3] = ['*', '?', '{'];
/// The same in a key, where brackets are free.
const IN_KEYS: [char; 4] = ['*', '?', '{', '['];

/// A name, and what stands in brackets behind it.
type Raw<'t> = (&'t str, Keyed);

impl Pattern {
    /// Reads an address or a pattern. The error says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let text = text.trim();
        let fail = |why: String| format!("`{text}` is not an address: {why}");
        let steps = steps(text).map_err(fail)?;
        let (way, of) = assemble(&steps).map_err(fail)?;
        Ok(Pattern { text: text.to_owned(), way, of })
    }
}

fn steps(text: &str) -> Result<Vec<Raw<'_>>, String> {
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        let end = name_end(rest);
        let (name, tail) = rest.split_at(end);
        let (key, tail) = match tail.strip_prefix('[') {
            Some(inside) => key(inside)?,
            None => (Keyed::Any, tail),
        };
        out.push((name, key));
        match tail.strip_prefix('.') {
            Some(next) => rest = next,
            None if tail.is_empty() => return Ok(out),
            None => return Err(format!("`{tail}` is left over after a key")),
        }
    }
}

/// Where a name ends; a dot between braces is part of it.
fn name_end(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, it) in text.char_indices() {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '.' | '[' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// What stands in brackets, and what follows them.
fn key(inside: &str) -> Result<(Keyed, &str), String> {
    if inside.starts_with('"') {
        let (key, rest) = address::unquote(inside)?;
        let rest = rest.strip_prefix(']').ok_or("expected `]` after the key")?;
        // What is no pattern after all is the key itself.
        let keyed = match glob(&key, &IN_KEYS) {
            Some(Ok(it)) => Keyed::Like(key, it),
            _ => Keyed::Is(Key::Name(key.into())),
        };
        return Ok((keyed, rest));
    }
    let (word, rest) = inside.split_once(']').ok_or("expected `]` after the index")?;
    if word == "*" {
        return Ok((Keyed::Any, rest));
    }
    let index = word.parse().map_err(|_| {
        format!("the key `{word}` is neither a number nor in quotation marks (which shells take away: write the whole address in '…')")
    })?;
    Ok((Keyed::Is(Key::Index(index)), rest))
}

fn assemble(steps: &[Raw<'_>]) -> Result<(Vec<Step>, Option<Named>), String> {
    let mut rest = steps;
    let mut way = Vec::new();
    while let [("module", Keyed::Any), tail @ ..] = rest {
        let Some(((name, key), tail)) = tail.split_first() else {
            return Err("the name of a module is missing".into());
        };
        way.push(match (*name, key) {
            ("**", Keyed::Any) => Step::Deep,
            _ => Step::Module(Box::new((word(name)?, key.clone()))),
        });
        rest = tail;
    }
    if rest.is_empty() {
        return Ok((way, None));
    }
    let mode = match rest {
        [("data", Keyed::Any), tail @ ..] => {
            rest = tail;
            Mode::Data
        }
        _ => Mode::Managed,
    };
    match rest {
        [(kind, Keyed::Any), (name, key)] => {
            Ok((way, Some(Named { mode, kind: word(kind)?, name: word(name)?, key: key.clone() })))
        }
        [(kind, _), _] => Err(format!("a key follows the name, not the type `{kind}`")),
        [] | [_] => Err("expected TYPE.NAME, such as aws_vpc.main or aws_subnet.*".into()),
        _ => Err("something is left over after the name".into()),
    }
}

fn word(text: &str) -> Result<Word, String> {
    match glob(text, &IN_NAMES) {
        Some(found) => found.map(Word::Like).map_err(|why| format!("`{text}` is not a pattern: {why}")),
        None if address::is_name(text) => Ok(Word::Is(text.to_owned())),
        None => Err(format!("`{text}` is not a name")),
    }
}
