//! Colours, and how text is quoted and wrapped.
//!
//! Everything is painted; [`super::Screen`] takes the colours out again where none are wanted.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::diff::Mark;
use crate::plan::Action;

const fn colour(it: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(it)))
}

pub const BOLD: Style = Style::new().bold();
pub const GREEN: Style = colour(AnsiColor::Green);
pub const RED: Style = colour(AnsiColor::Red);
pub const YELLOW: Style = colour(AnsiColor::Yellow);
pub const CYAN: Style = colour(AnsiColor::Cyan);
pub const DIM: Style = colour(AnsiColor::BrightBlack);

/// The text in this style.
pub fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

pub fn bold(text: impl std::fmt::Display) -> String {
    paint(BOLD, text)
}

/// The sign before a line: four columns, painted.
pub fn sign(mark: Mark) -> String {
    match mark {
        Mark::Same => "    ".to_owned(),
        Mark::Add => format!("  {} ", paint(GREEN, "+")),
        Mark::Remove => format!("  {} ", paint(RED, "-")),
        Mark::Change => format!("  {} ", paint(YELLOW, "~")),
    }
}

/// The sign of an action: three columns, painted.
pub fn symbol(action: Action) -> String {
    let (minus, plus) = (paint(RED, "-"), paint(GREEN, "+"));
    match action {
        Action::NoOp => "   ".to_owned(),
        Action::Create => format!("  {plus}"),
        Action::Read => format!(" {}", paint(CYAN, "<=")),
        Action::Update => format!("  {}", paint(YELLOW, "~")),
        Action::Replace => format!("{minus}/{plus}"),
        Action::CreateThenDelete => format!("{plus}/{minus}"),
        Action::Delete => format!("  {minus}"),
        Action::Forget => format!("  {}", paint(RED, ".")),
    }
}

/// A text in quotes, on one line, with everything that does not print escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it => push_printable(&mut out, it),
        }
    }
    out.push('"');
    out
}

/// A line as it is, but for control characters: they could do anything to the terminal.
pub fn harmless(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for it in line.chars() {
        if it == '\t' { out.push(it) } else { push_printable(&mut out, it) }
    }
    out
}

fn push_printable(out: &mut String, it: char) {
    let code = it as u32;
    let hidden = matches!(code,
        0xad | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x3000 | 0xa0 | 0xfeff
        | 0xe000..=0xf8ff | 0xfff9..=0xfffb | 0xe0000..=0x10ffff);
    match code {
        0x07 => out.push_str("\\a"),
        0x08 => out.push_str("\\b"),
        0x0b => out.push_str("\\v"),
        0x0c => out.push_str("\\f"),
        0..=0x1f | 0x7f => out.push_str(&format!("\\x{code:02x}")),
        0x80..=0x9f => out.push_str(&format!("\\u{code:04x}")),
        _ if hidden && code > 0xffff => out.push_str(&format!("\\U{code:08x}")),
        _ if hidden => out.push_str(&format!("\\u{code:04x}")),
        _ => out.push(it),
    }
}

/// An attribute's name, in quotes where it is no identifier.
pub fn name(text: &str) -> String {
    if crate::address::is_name(text) { text.to_owned() } else { quoted(text) }
}

/// The text padded with spaces to this many columns.
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// Breaks a paragraph between words so that no line is wider than `columns`.
pub fn wrapped(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let wide = word.width();
        if column > 0 && column + 1 + wide > columns {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += wide;
    }
    out
}

/// `1 element`, `2 elements`.
pub fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The text without its colours.
pub fn stripped(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_escape_what_does_not_print() {
        assert_eq!(quoted("a\"b\\\n\t\u{1b}[0m é\u{200b}"), r#""a\"b\\\n\t\x1b[0m é\u200b""#);
        assert_eq!(harmless("a\t\"\u{7}"), "a\t\"\\a");
    }

    #[test]
    fn paragraphs_break_between_words() {
        assert_eq!(wrapped("aa bb  cc\ndd", 5), "aa bb\ncc dd");
        assert_eq!(wrapped("long-word x", 4), "long-word\nx");
    }
}
