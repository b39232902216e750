//! Which environment a command works in. From strong to weak: `--env` or `INFRA_ENV`, `TF_WORKSPACE`,
//! the one that `workspace select` remembers where Terraform does, `default`.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::Global;
use crate::diag::{Diagnostic, Diagnostics};
use crate::state::backend::DEFAULT_ENV;

/// What says which environment it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Source {
    /// `--env` or `INFRA_ENV`.
    Given,
    /// `TF_WORKSPACE`.
    Variable,
    Selected,
    #[default]
    Nothing,
}

const VARIABLE: &str = "TF_WORKSPACE";

/// Finds out which environment is meant where the command line does not say.
pub fn settle(global: &mut Global) -> Result<(), Diagnostics> {
    if !global.env.is_empty() {
        global.env_source = Source::Given;
        return Ok(());
    }
    let variable = std::env::var(VARIABLE).ok().filter(|it| !it.is_empty());
    let (env, source) = match (variable, selected()?) {
        (Some(it), _) => (it, Source::Variable),
        (None, Some(it)) => (it, Source::Selected),
        (None, None) => (DEFAULT_ENV.to_owned(), Source::Nothing),
    };
    (global.env, global.env_source) = (env, source);
    Ok(())
}

/// Where the selected environment's name is kept: in the folder that Terraform uses.
fn place() -> PathBuf {
    let folder = std::env::var_os("TF_DATA_DIR").filter(|it| !it.is_empty());
    PathBuf::from(folder.unwrap_or_else(|| ".terraform".into())).join("environment")
}

/// The one that was selected, if any ever was.
pub fn selected() -> Result<Option<String>, Diagnostics> {
    let place = place();
    match std::fs::read_to_string(&place) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|it| !it.is_empty())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Diagnostic::error(format!(
            "cannot read which environment is selected, from {}: {error}",
            place.display()
        ))
        .into()),
    }
}

/// Remembers a selection.
pub fn select(env: &str) -> Result<(), Diagnostics> {
    let place = place();
    let folder = place.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = folder.and_then(|()| std::fs::write(&place, env));
    Ok(written
        .map_err(|it| Diagnostic::error(format!("cannot note the selection in {}: {it}", place.display())))?)
}

/// The error where a selection would not count.
pub fn must_count(global: &Global) -> Result<(), Diagnostics> {
    let by = match global.env_source {
        Source::Given => "--env or INFRA_ENV",
        Source::Variable => VARIABLE,
        Source::Selected | Source::Nothing => return Ok(()),
    };
    let text =
        format!("the environment is set to `{}` by {by}, which counts more than a selection", global.env);
    Err(Diagnostic::error(text).help(format!("take {by} away, then select")).into())
}

/// What to tell where the environment may not be the expected one.
pub fn surprise(global: &Global) -> Result<Option<String>, Diagnostics> {
    let env = &global.env;
    Ok(match global.env_source {
        Source::Selected if env != DEFAULT_ENV => {
            Some(format!("Environment {env}, as selected with `workspace select`."))
        }
        Source::Variable => Some(format!("Environment {env}, as {VARIABLE} says.")),
        Source::Given => match selected()? {
            Some(other) if other != *env && other != DEFAULT_ENV => {
                Some(format!("Environment {env}, as --env or INFRA_ENV says; {other} is selected."))
            }
            _ => None,
        },
        _ => None,
    })
}
