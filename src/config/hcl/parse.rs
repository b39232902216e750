//! From the text of a `.tf` file to its blocks.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::structure::Body;

use super::block::Block;
use super::{native, split, syntax};
use crate::config::Setting;
use crate::diag::{Diagnostics, SourceFile};
use crate::lang::expr::{Offsets, parse_body};

/// What editors put before a text, and what means nothing.
const BOM: &str = "\u{feff}";

/// The blocks of a file; those that hold an error are left out, and the rest is read all the same.
pub(super) fn file(file: &Arc<SourceFile>, errors: &mut Diagnostics) -> Vec<Block> {
    let span = content(file);
    match body(file, span.clone()) {
        Ok((body, offsets)) => native::blocks(body, &offsets, errors),
        Err(first) => {
            let before = errors.0.len();
            let mut out = Vec::new();
            for part in split::parts(&file.text[span.clone()]) {
                let part = span.start + part.start..span.start + part.end;
                if let Some((body, offsets)) = errors.take(body(file, part)) {
                    out.extend(native::blocks(body, &offsets, errors));
                }
            }
            if errors.0.len() == before {
                errors.extend(first);
            }
            out
        }
    }
}

/// The arguments of a `.tfvars` file.
pub(in crate::config) fn values(file: &Arc<SourceFile>) -> Result<Vec<Setting>, Diagnostics> {
    let (body, offsets) = body(file, content(file))?;
    let mut errors = Diagnostics::default();
    let all = native::arguments(body, &offsets, &mut errors);
    errors.check(all)
}

fn body(file: &Arc<SourceFile>, span: Range<usize>) -> Result<(Body, Offsets), Diagnostics> {
    let text = &file.text[span.clone()];
    let offsets = Offsets::verbatim(file, span);
    match parse_body(text) {
        Ok(body) => Ok((body, offsets)),
        Err(error) => Err(syntax::explain(text, &error, &offsets).into()),
    }
}

/// The text without a byte order mark.
fn content(file: &SourceFile) -> Range<usize> {
    let start = if file.text.starts_with(BOM) { BOM.len() } else { 0 };
    start..file.text.len()
}
