//! Whether a file is HCL at all: what is not, is better left alone.

use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};

/// What is wrong with the syntax of a file.
pub fn check(file: &Arc<SourceFile>) -> Result<(), Diagnostics> {
    crate::lang::expr::parse_body(&file.text).map(drop).map_err(|error| {
        let text = &file.text;
        let mut at = error.location().offset().min(text.len());
        // The parser may point into the middle of a character.
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let end = text[at..].chars().next().map_or(at, |it| at + it.len_utf8());
        let place = Place::new(file, at..end);
        Diagnostic::error("this is not valid HCL").at(&place).label(error.message()).into()
    })
}
