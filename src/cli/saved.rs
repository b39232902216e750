//! Plan files: what is needed to open one, and to write one.

use std::path::Path;

use super::session::Session;
use super::{Global, Inputs};
use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::file::{self, Saved};
use crate::state::backend::Backend;
use crate::state::encryption::plan::{self as sealed, Header};

/// A plan file of this stack, and the stack with the values that the plan was made with.
pub async fn open(path: &Path, global: &Global, inputs: &Inputs) -> Result<(Session, Saved), Diagnostics> {
    let saved = read(path, global, inputs).await?;
    let global = Global { env: saved.plan.env.clone(), ..global.clone() };
    let session = Session::for_plan(&global, &saved, inputs).await?;
    Ok((session, saved))
}

/// A plan file of this stack, to look at.
pub async fn read(path: &Path, global: &Global, inputs: &Inputs) -> Result<Saved, Diagnostics> {
    let origin = path.display().to_string();
    let fail = |text: String| Diagnostic::error(format!("cannot read the plan {origin}: {text}"));
    let bytes = std::fs::read(path).map_err(|it| fail(it.to_string()))?;
    let header = sealed::header(&bytes).map_err(fail)?;
    if header.plan_format != file::FORMAT {
        let (theirs, ours) = (header.plan_format, file::FORMAT);
        let help = "make a new one with `infra plan --out FILE`";
        return Err(fail(format!("it is of format {theirs}, and this infra reads format {ours}"))
            .help(help)
            .into());
    }
    let global = Global { env: header.env.clone(), ..global.clone() };
    let session = Session::early(&global, inputs)?;
    if session.config.stack.name.clone().unwrap_or_default() != header.stack {
        let summary = format!("the plan {origin} is of another stack, `{}`", header.stack);
        return Err(Diagnostic::error(summary).help("apply it in the folder of that stack: -C DIR").into());
    }
    let plain = session.backend().await?.open_plan(&bytes, &format!("the plan {origin}")).await?;
    let text = String::from_utf8(plain).map_err(|_| fail("not a plan file".to_owned()))?;
    let saved = file::read(&text).map_err(fail)?;
    if header != self::header(&saved) {
        return Err(fail("its first lines have been changed since it was made".to_owned()).into());
    }
    Ok(saved)
}

/// What a plan file shows.
fn header(saved: &Saved) -> Header {
    Header {
        plan_format: file::FORMAT,
        stack: saved.plan.stack.clone(),
        env: saved.plan.env.clone(),
        lineage: saved.lineage.clone(),
        serial: saved.serial,
    }
}

/// Writes a plan file, encrypted for those who may read the state.
pub async fn write(saved: &Saved, path: &Path, backend: &Backend) -> Result<(), Diagnostics> {
    let fail =
        |text: String| Diagnostic::error(format!("cannot write the plan to {}: {text}", path.display()));
    let text = file::write(saved).map_err(fail)?;
    let bytes = backend.seal_plan(&header(saved), text.into_bytes()).await?;
    Ok(write_private(path, &bytes).map_err(|it| fail(it.to_string()))?)
}

/// What is encrypted today may be broken one day.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}
