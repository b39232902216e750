//! A file with an error in it, cut where its blocks begin: each is read on its own, so that one error
//! hides neither the others nor what is declared around it.

use std::ops::Range;

use super::block::labels_of;

/// Where each part of the text begins and ends. What stands before the first block is a part too.
pub(super) fn parts(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut inside = Inside::Nothing;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if matches!(inside, Inside::Nothing) && at > 0 && is_header(line) {
            starts.push(at);
        }
        at += line.len();
        inside = inside.after(line);
        if !inside.ends_in(&text[at..]) {
            inside = Inside::Nothing;
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| *start..end).collect()
}

/// What a line may begin inside of, where nothing in it is a block.
enum Inside {
    Nothing,
    Comment,
    /// Until this word stands on a line of its own.
    Heredoc(String),
}

impl Inside {
    /// What is never closed is the error itself: it is not to hide the rest of the file.
    fn ends_in(&self, rest: &str) -> bool {
        match self {
            Inside::Nothing => true,
            Inside::Comment => rest.contains("*/"),
            Inside::Heredoc(word) => rest.lines().any(|it| it.trim() == word),
        }
    }

    fn after(self, line: &str) -> Inside {
        match self {
            Inside::Heredoc(word) if line.trim() != word => Inside::Heredoc(word),
            Inside::Comment if !line.contains("*/") => Inside::Comment,
            Inside::Heredoc(_) | Inside::Comment => Inside::Nothing,
            Inside::Nothing if line.rfind("/*") > line.rfind("*/") && !line.contains('"') => Inside::Comment,
            Inside::Nothing => heredoc(line).map_or(Inside::Nothing, Inside::Heredoc),
        }
    }
}

/// The word after `<<` at the end of a line.
fn heredoc(line: &str) -> Option<String> {
    let (_, word) = line.trim_end().rsplit_once("<<")?;
    let word = word.strip_prefix('-').unwrap_or(word);
    crate::address::is_name(word).then(|| word.to_owned())
}

/// A line without indentation that begins a block: of a kind that there is, or with a name in
/// quotation marks and a brace.
pub(super) fn is_header(line: &str) -> bool {
    let word: &str = line.split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap_or_default();
    if word.is_empty() {
        return false;
    }
    let rest = line[word.len()..].trim();
    let known = labels_of(word).is_some() && !rest.starts_with(['=', ':']);
    known || (rest.starts_with(['"', '{']) && rest.contains('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_where_blocks_begin() {
        let text = "# a\nresource \"a\" \"b\" {\n  x = <<E\nvariable \"no\" {\nE\n}\n/*\ndata \"no\" {\n*/\nlocals {\n}\n\
                    variable \"x\"\n{}\n";
        let parts: Vec<_> = parts(text).into_iter().map(|it| text[it].lines().next().unwrap_or("")).collect();
        assert_eq!(parts, ["# a", "resource \"a\" \"b\" {", "locals {", "variable \"x\""]);
    }
}
