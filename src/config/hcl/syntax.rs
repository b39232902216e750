//! Errors of HCL's grammar, in words that help somebody who writes a `.tf` file.

use std::ops::Range;

use hcl_edit::parser::Error;

use super::split::is_header;
use crate::config::syntax::spot;
use crate::diag::{Diagnostic, Place};
use crate::lang::expr::Offsets;

/// What is wrong with a text, and where.
pub(in crate::config) fn explain(text: &str, error: &Error, offsets: &Offsets) -> Diagnostic {
    let mut at = error.location().offset().min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let found = Found { text, at, message: error.message(), offsets };
    let lists = || found.list().or_else(|| found.structure());
    let values = || found.quotes().or_else(|| found.expression());
    let open = || found.open_heredoc().or_else(|| found.open_text()).or_else(|| found.open_block());
    found.twice().or_else(open).or_else(values).or_else(lists).unwrap_or_else(|| found.other())
}

struct Found<'a> {
    text: &'a str,
    at: usize,
    message: &'a str,
    offsets: &'a Offsets,
}

impl Found<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn line(&self) -> &str {
        let start = self.text[..self.at].rfind('\n').map_or(0, |it| it + 1);
        self.text[start..].lines().next().unwrap_or_default()
    }

    fn place(&self, span: Range<usize>) -> Place {
        self.offsets.place(span)
    }

    /// An error at the first character that does not fit.
    fn here(&self, summary: impl Into<String>) -> Diagnostic {
        let length = self.rest().chars().next().filter(|it| *it != '\n').map_or(0, char::len_utf8);
        Diagnostic::error(summary).at(&self.place(self.at..self.at + length))
    }

    /// An error at the line where the block begins.
    fn at_header(&self, summary: &str) -> Option<Diagnostic> {
        let mut start = 0;
        let line = self.text.split_inclusive('\n').find(|it| {
            let found = is_header(it);
            start += if found { 0 } else { it.len() };
            found
        })?;
        let length = line.find('{').unwrap_or(line.len()).min(line.trim_end().len());
        let length = line[..length].trim_end().len();
        Some(Diagnostic::error(summary).at(&self.place(start..start + length)))
    }

    fn twice(&self) -> Option<Diagnostic> {
        if !self.message.contains("redefined") {
            return None;
        }
        let rest = self.rest();
        let name = &rest[..rest.find(|it: char| it.is_whitespace() || it == '=').unwrap_or(rest.len())];
        let is_same = |line: &str| line.split_once('=').is_some_and(|it| it.0.trim() == name);
        let before = &self.text[..self.at];
        let starts = before.match_indices('\n').map(|it| it.0 + 1);
        let first = starts.rev().find(|at| is_same(before[*at..].lines().next().unwrap_or_default()));
        let error = Diagnostic::error(format!("`{name}` stands twice in this block"));
        let error = error.at(&self.place(self.at..self.at + name.len())).label("the second one");
        Some(match first {
            Some(at) => error.detail(format!("The first one: {}", spot(&self.place(at..at)))),
            None => error,
        })
    }

    fn open_heredoc(&self) -> Option<Diagnostic> {
        if !self.message.contains("heredoc end") {
            return None;
        }
        let start = self.text[..self.at].rfind("<<")?;
        let mark = self.text[start..].lines().next().unwrap_or_default();
        let word = mark.trim_start_matches("<<").trim_start_matches('-');
        let error = Diagnostic::error("this text is not closed").at(&self.place(start..start + mark.len()));
        Some(error.help(format!("close it with a line that holds nothing but `{word}`")))
    }

    /// A text that does not end with its line.
    fn open_text(&self) -> Option<Diagnostic> {
        let at_argument = self.message.starts_with("invalid block body");
        let start = self.at + self.rest().split_once('=').filter(|_| at_argument)?.0.len() + 1;
        let value = self.text[start..].lines().next().unwrap_or_default();
        let quote = value.find('"')?;
        let marks = value.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        if marks.is_multiple_of(2) && !value.contains("%{") {
            return None;
        }
        let place = self.place(start + quote..start + value.trim_end().len());
        if value.contains("%{") {
            let error = Diagnostic::error("a `%{…}` in this text is not closed").at(&place);
            return Some(error.help("`%{ if … }` ends with `%{ endif }`, `%{ for … }` with `%{ endfor }`"));
        }
        let error = Diagnostic::error("this text is not closed").at(&place);
        Some(error.help("end it with `\"` on the same line; a text of several lines is written `<<EOT`"))
    }

    fn open_block(&self) -> Option<Diagnostic> {
        let ended = self.rest().trim().is_empty();
        if self.rest().starts_with("/*") {
            return Some(self.here("this comment is not closed").help("end it with `*/`"));
        }
        if ended && self.message.contains("`}`") {
            let error = self.at_header("this block is not closed")?;
            return Some(error.help("add the `}` that ends it"));
        }
        None
    }

    fn quotes(&self) -> Option<Diagnostic> {
        let rest = self.rest();
        if rest.starts_with('\'') {
            return Some(self.here("text stands in double quotation marks").help("write \"…\""));
        }
        if rest.starts_with(['“', '”', '„', '‘', '’']) {
            let error = self.here("this is a typographic quotation mark");
            return Some(error.help("text stands in plain double quotation marks: \"…\""));
        }
        self.message.contains("escape sequence").then(|| {
            let help = "write `\\\\` for a backslash; what `\\` may begin: \\n \\r \\t \\\" \\\\ \\uNNNN \\UNNNNNNNN";
            self.here("there is no such escape").help(help)
        })
    }

    fn expression(&self) -> Option<Diagnostic> {
        let rest = self.rest();
        if self.message.contains("nesting depth") || self.message.contains("chained binary") {
            return Some(self.here("nested too deeply").help("move a part of it into a local value"));
        }
        if !self.message.starts_with("invalid expression") {
            return None;
        }
        Some(match rest.trim_start_matches([' ', '\t']) {
            it if it.starts_with(['\n', '\r']) || it.is_empty() => {
                self.here("the value is missing").help("write it on the same line, after `=`")
            }
            it if it.starts_with("${") => {
                let help = "`${…}` is for inside of a text: write the expression as it is";
                self.here("an expression is expected here").help(help)
            }
            it if it.starts_with('}') && self.text[..self.at].trim_end().ends_with("${") => {
                self.here("there is no expression in this `${}`")
            }
            _ => self.here("an expression is expected here"),
        })
    }

    fn list(&self) -> Option<Diagnostic> {
        let rest = self.rest();
        let closes = rest.trim().is_empty() || rest.starts_with('}') || is_header(rest);
        let (what, mark) = match self.message {
            it if it.contains("expected `]`") => ("list", "]"),
            it if it.contains("expected `)`") => ("call", ")"),
            it if it.contains("invalid object item") => ("object", "}"),
            "expected `}`" => {
                let error = self.here("this `${…}` is not closed").help("end it with `}`");
                return Some(error);
            }
            _ => return None,
        };
        let argument = rest.lines().next().is_some_and(|it| it.contains(" = ")) && what != "object";
        Some(match closes || argument {
            true => self.here(format!("the {what} before this is not closed")).help(format!("add `{mark}`")),
            false => self.here(format!("a comma is missing in this {what}")).help("write `,` before this"),
        })
    }

    fn structure(&self) -> Option<Diagnostic> {
        let rest = self.rest();
        let first = rest.chars().next().unwrap_or('\n');
        let word: String =
            self.line().trim().chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
        Some(match (self.message, first) {
            ("unexpected token", '}') => self.here("this `}` closes nothing").help("remove it"),
            ("unexpected token", '[') => {
                let help = "a .tf file has blocks: `resource \"aws_vpc\" \"main\" { … }`";
                self.here("this is TOML, not Terraform's syntax").help(help)
            }
            (it, ':') if it.starts_with("invalid structure") => {
                self.here("an argument is set with `=`, not with `:`").help(format!("write `{word} = …`"))
            }
            (it, '\n' | '\r') if it.contains("`{`") && rest.trim_start().starts_with('{') => self
                .here("the `{` of a block stands on the line of its name")
                .help("move it to the end of this line"),
            (it, '\n' | '\r') if it.starts_with("invalid structure") => self
                .here(format!("`{word}` has no value"))
                .help(format!("write `{word} = …`, or `{word} {{ … }}`")),
            ("expected `{`", '"') if rest.lines().next().is_some_and(|it| it.contains("${")) => {
                self.here("a name cannot hold an expression").help("write it as plain text")
            }
            (it, ',' | ';') if it.contains("newline") => self
                .here("an argument ends with its line")
                .help(format!("write each on a line of its own, without `{first}`")),
            (it, '"') if it.starts_with("invalid block body") => {
                self.here("the name of an argument stands without quotation marks")
            }
            (it, '0'..='9') if it.starts_with("invalid block body") => {
                self.here("a name starts with a letter or `_`")
            }
            (it, '\n' | '\r') if it.starts_with("invalid block body") => {
                let help = "a block on one line holds one argument at most: write each on a line of its own";
                self.here("the `}` is missing on this line").help(help)
            }
            (it, _) if it.starts_with("expected newline") => {
                let help = match rest.split_whitespace().next() {
                    Some("and") => Some("\"and\" is written `&&`"),
                    Some("or") => Some("\"or\" is written `||`"),
                    _ => None,
                };
                self.here("the expression ends before this").maybe_help(help.map(str::to_owned))
            }
            _ => return None,
        })
    }

    fn other(&self) -> Diagnostic {
        self.here(format!("not valid: {}", self.message))
    }
}
