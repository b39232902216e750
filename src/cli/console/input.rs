//! Looking at what was typed before it is evaluated.

use crate::format::hcl::lexer;
use crate::format::hcl::token::{Kind, Token};

/// Whether brackets or a heredoc are still open: the expression goes on in the next line.
pub fn is_open(text: &str) -> bool {
    let tokens = lexer::code(text);
    let depth: i32 = tokens.iter().map(Token::depth).sum();
    let count = |kind: Kind| tokens.iter().filter(|it| it.kind == kind).count();
    // A string cannot go on: one that is not closed is an error, which had better come now.
    let strings = count(Kind::OpenQuote) == count(Kind::CloseQuote);
    strings && (depth > 0 || count(Kind::OpenHeredoc) > count(Kind::CloseHeredoc))
}

/// What stands in `type(…)`, where that is all of the expression: where it begins and ends.
pub fn type_of(text: &str) -> Option<std::ops::Range<usize>> {
    let tokens = lexer::code(text);
    let tokens: Vec<&Token> =
        tokens.iter().filter(|it| !matches!(it.kind, Kind::Newline | Kind::Comment)).collect();
    let [name, open, .., close] = &tokens[..] else { return None };
    if name.text != "type" || open.kind != Kind::OpenParen || close.kind != Kind::CloseParen {
        return None;
    }
    let mut depth = 0;
    let end = tokens.iter().position(|it| {
        depth += it.depth();
        depth == 0 && it.kind == Kind::CloseParen
    });
    let at = |it: &Token| it.text.as_ptr() as usize - text.as_ptr() as usize;
    (end? + 1 == tokens.len()).then(|| at(open) + 1..at(close))
}

/// Where `type(…)` stands inside of another expression.
pub fn misplaced_type(text: &str) -> Option<std::ops::Range<usize>> {
    let tokens = lexer::code(text);
    let mut before = None;
    for pair in tokens.windows(2) {
        let [name, open] = pair else { continue };
        let call = name.kind == Kind::Ident && name.text == "type" && open.kind == Kind::OpenParen;
        if call && before != Some(Kind::Dot) {
            let at = name.text.as_ptr() as usize - text.as_ptr() as usize;
            return Some(at..at + name.text.len());
        }
        before = Some(name.kind);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_goes_on_while_brackets_are_open() {
        for open in ["[1,\n", "f(\n", "{ a = [\n]\n", "<<EOT\nx\n", "\"${f(\n"] {
            assert_eq!(is_open(open), !open.starts_with('"'), "{open}");
        }
        for whole in ["[1]\n", "1\n", "\"(\"\n", "1 # (\n", "<<EOT\n(\nEOT\n", ")\n", "\"(\n"] {
            assert!(!is_open(whole), "{whole}");
        }
    }

    #[test]
    fn type_is_told_apart() {
        let inner = |text: &'static str| type_of(text).map(|it| &text[it]);
        assert_eq!(inner("type([1, 2])"), Some("[1, 2]"));
        assert_eq!(inner(" type ( (1) ) "), Some(" (1) "));
        assert_eq!(inner("type(1) == type(2)"), None);
        assert_eq!(inner("types(1)"), None);
        assert_eq!(misplaced_type("[type(1)]"), Some(1..5));
        assert_eq!(misplaced_type("x.type (1)"), None);
    }
}
