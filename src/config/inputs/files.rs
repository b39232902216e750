//! Files of values: TOML, JSON, and Terraform's `.tfvars`.

use std::path::Path;
use std::sync::Arc;

use hcl_edit::Span;
use serde_json::Value as Json;

use crate::config::{source, table::Table, toml};
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};
use crate::lang::expr::Offsets;
use crate::lang::{Expr, Node, Value};

/// A name, where it stands, and its value.
type Setting = (Arc<str>, Place, Expr);

/// The values in a file; its ending says what it is.
pub(super) fn read(path: &Path) -> Result<Vec<Setting>, Diagnostics> {
    let read: fn(&Arc<SourceFile>) -> _ = match path.extension().and_then(|it| it.to_str()) {
        Some("toml") => of_toml,
        Some("json") => of_json,
        Some("tfvars") => of_tfvars,
        _ => {
            let error = Diagnostic::error(format!("{} is no file of values", path.display()));
            return Err(error.help("its name must end in .toml, .json or .tfvars").into());
        }
    };
    source::read(path).and_then(|it| read(&it))
}

fn of_toml(file: &Arc<SourceFile>) -> Result<Vec<Setting>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let table = Table::of(toml::parse(file)?, file.path.display().to_string(), &mut errors);
    let all = table.map(|it| it.body().0).unwrap_or_default();
    errors.check(all.into_iter().map(|it| (it.name, it.place, it.value)).collect())
}

fn of_json(file: &Arc<SourceFile>) -> Result<Vec<Setting>, Diagnostics> {
    let whole = Place::new(file, 0..0);
    let json: Json = serde_json::from_str(&file.text).map_err(|it| {
        let at = position(&file.text, it.line(), it.column());
        Diagnostic::error(format!("not valid JSON: {it}")).at(&Place::new(file, at..at))
    })?;
    let Json::Object(all) = json else {
        return Err(Diagnostic::error("the values must stand in an object: { … }").at(&whole).into());
    };
    let one = |(name, it): (String, Json)| {
        let value = Value::from_json_implied(&it).map_err(|error| {
            Diagnostic::error(format!("the value of `{name}` cannot be used: {}", error.message)).at(&whole)
        })?;
        Ok((name.into(), whole.clone(), Expr::constant(value, &whole)))
    };
    all.into_iter().map(one).collect()
}

/// The byte at a line and column, as serde_json counts them: both from 1, columns in bytes.
fn position(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn of_tfvars(file: &Arc<SourceFile>) -> Result<Vec<Setting>, Diagnostics> {
    let body = hcl_edit::parser::parse_body(&file.text).map_err(|it| {
        let at = it.location().offset();
        Diagnostic::error(format!("not valid: {}", it.message())).at(&Place::new(file, at..at))
    })?;
    let offsets = Offsets::verbatim(file, 0..file.text.len());
    let mut errors = Diagnostics::default();
    let mut out: Vec<Setting> = Vec::new();
    for it in body {
        match it.into_attribute() {
            Ok(it) => {
                let name: Arc<str> = it.key.as_str().into();
                let place = offsets.place(it.key.span().unwrap_or(0..0));
                let value_place = offsets.place(it.value.span().unwrap_or(0..0));
                let node = Node::Hcl(Arc::new(it.value), offsets.clone());
                out.push((name, place, Expr { node, place: value_place }));
            }
            Err(other) => {
                let place = offsets.place(other.span().unwrap_or(0..0));
                errors.push(Diagnostic::error("only `name = value` stands in a .tfvars file").at(&place));
            }
        }
    }
    errors.check(out)
}
