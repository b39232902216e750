//! From the text of a `.tf` file to its blocks.

use std::ops::Range;
use std::sync::Arc;

use hcl_edit::structure::Body;

use super::block::Block;
use super::{broken, native, split, syntax};
use crate::config::Setting;
use crate::config::load::Loader;
use crate::diag::{Diagnostics, SourceFile};
use crate::lang::expr::{Offsets, parse_body};

/// What editors put before a text, and what means nothing.
const BOM: &str = "\u{feff}";

/// The blocks of a file; those that hold an error are left out, and the rest is read all the same.
pub(super) fn file(file: &Arc<SourceFile>, loader: &mut Loader) -> Vec<Block> {
    let span = content(file);
    match body(file, span.clone()) {
        Ok((body, offsets)) => native::blocks(body, &offsets, &mut loader.errors),
        Err(first) => {
            let before = loader.errors.0.len();
            let parts = split::parts(&file.text[span.clone()]).into_iter();
            let parts = parts.map(|it| span.start + it.start..span.start + it.end);
            let out = parts.flat_map(|it| part(file, it, loader)).collect();
            if loader.errors.0.len() == before {
                loader.errors.extend(first);
            }
            out
        }
    }
}

/// The blocks of a part of a file; where something follows a block that is whole, that one block.
fn part(file: &Arc<SourceFile>, span: Range<usize>, loader: &mut Loader) -> Vec<Block> {
    let errors = match body(file, span.clone()) {
        Ok((body, offsets)) => return native::blocks(body, &offsets, &mut loader.errors),
        Err(errors) => errors,
    };
    let end = errors.0.first().and_then(|it| it.place.as_ref()).map_or(span.start, |it| it.span.start);
    loader.errors.extend(errors);
    if let Ok((body, offsets)) = body(file, span.start..end.clamp(span.start, span.end))
        && body.blocks().next().is_some()
    {
        return native::blocks(body, &offsets, &mut loader.errors);
    }
    broken::note(file, span, loader);
    Vec::new()
}

/// The arguments of a `.tfvars` file.
pub(in crate::config) fn values(file: &Arc<SourceFile>) -> Result<Vec<Setting>, Diagnostics> {
    let (body, offsets) = body(file, content(file))?;
    let mut errors = Diagnostics::default();
    let all = native::arguments(body, &offsets, &mut errors);
    errors.check(all)
}

/// The arguments and blocks of a text that is the inside of a block.
pub(in crate::config) fn settings(file: &Arc<SourceFile>) -> Result<Vec<Setting>, Diagnostics> {
    let (body, offsets) = body(file, content(file))?;
    let mut errors = Diagnostics::default();
    let all = native::settings(body, &offsets, &mut errors);
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
