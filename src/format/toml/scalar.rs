//! Strings and keys as they are best written.

use toml_parser::decoder::Encoding;
use toml_parser::decoder::ScalarKind;
use toml_parser::{Raw, Span};

use super::super::hcl;
use super::quote;
use super::tree::Key;

/// The text that a string stands for; `None` where it is no string.
fn decoded(it: &Key) -> Option<String> {
    it.encoding?;
    let mut out = String::new();
    let mut error = None;
    let span = Span::new_unchecked(0, it.raw.len());
    let kind = Raw::new_unchecked(it.raw, it.encoding, span).decode_scalar(&mut out, &mut error);
    (error.is_none() && kind == ScalarKind::String).then_some(out)
}

/// A value that is neither array nor table. Where a string holds expressions, they are laid out, and
/// quotation marks are chosen that spare them escapes; what else stands in it stays as it is.
pub fn value(it: &Key) -> String {
    let as_written = || it.raw.to_owned();
    let Some(text) = decoded(it).filter(|it| it.contains("${") || it.contains("%{")) else {
        return as_written();
    };
    let out = hcl::template(&text);
    let escapes = it.encoding == Some(Encoding::BasicString) && it.raw.contains("\\\"");
    let spared = escapes && !text.contains(|it: char| it == '\'' || it.is_control());
    if out == text && !spared {
        return as_written();
    }
    if out.contains('\r') || it.encoding == Some(Encoding::BasicString) && out.contains('\n') {
        return quote::escaped(&out);
    }
    quote::text(&out)
}

/// A key without quotation marks that it does not need.
pub fn key(it: &Key) -> String {
    match decoded(it) {
        Some(text) => quote::key(&text),
        None => it.raw.to_owned(),
    }
}
