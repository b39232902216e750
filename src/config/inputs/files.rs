//! Files of values: TOML, JSON, and Terraform's `.tfvars`.

use std::path::Path;
use std::sync::Arc;

use crate::config::{Setting, hcl, source, table::Table, toml};
use crate::diag::{Diagnostic, Diagnostics, SourceFile};

/// The values in a file; its ending says what it is.
pub(super) fn read(path: &Path) -> Result<Vec<Setting>, Diagnostics> {
    let read: fn(&Arc<SourceFile>) -> _ = match path.extension().and_then(|it| it.to_str()) {
        Some("toml") => of_toml,
        Some("json") => hcl::json_values,
        Some("tfvars" | "tfbackend") => hcl::values,
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
    errors.check(all)
}

/// Whether a file is one of Terraform's, which may hold values for other stacks as well.
pub(super) fn is_shared(path: &Path) -> bool {
    path.to_str().is_some_and(|it| it.ends_with(".tfvars") || it.ends_with(".tfvars.json"))
}
