//! `plan --generate-config-out`, and the same for `import --generate`: resource blocks on their way to
//! a file.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::plan::Options;
use super::session::Session;
use super::{Global, Inputs};
use crate::config::{self, Syntax};
use crate::diag::{Diagnostic, Diagnostics, SourceFile};
use crate::engine::planner::unwritten;
use crate::engine::providers::Providers;
use crate::generate::{self, Written};
use crate::plan::PlanMode;
use crate::report::Screen;

/// The stack with the resources that were written for its imports.
pub async fn open(
    path: &Path,
    mode: PlanMode,
    options: &Options,
    global: &Global,
    screen: &Screen,
) -> Result<Session, Diagnostics> {
    if mode != PlanMode::Normal {
        let text = "--generate-config-out goes with neither --destroy nor --refresh-only";
        return Err(Diagnostic::error(text).help("such a plan imports nothing").into());
    }
    let inputs = options.inputs();
    let (mut config, errors) = config::read(Path::new("."));
    let (syntax, imports) = (config.syntax, unwritten::split(&mut config));
    check(path, syntax)?;
    let session = Session::from_read((config, errors), global, &inputs, true).await?;
    if imports.is_empty() {
        if !options.json {
            screen.say("Nothing is imported that the stack does not have: no file is written.");
        }
        return Ok(session);
    }
    let request = session.request(PlanMode::Normal);
    let providers = Providers::new(&session.config);
    let stored = session.stored().await?;
    let written = unwritten::unwritten(&request, &providers, &stored, &imports).await?;
    let head = "# Written for imports: review it, and move it to where it belongs.\n\n";
    store(path, &format!("{head}{}", text(path, &written)), false)?;
    if !options.json {
        screen.written_for_imports(path, written.len(), secrets(&written));
    }
    reopen(path, &written, global, &inputs).await
}

/// Reads the stack again, with what was written for it.
pub async fn reopen(
    path: &Path,
    written: &[Written],
    global: &Global,
    inputs: &Inputs,
) -> Result<Session, Diagnostics> {
    let mut read = match is_of_the_stack(path) {
        true => config::read(Path::new(".")),
        false => {
            let text = std::fs::read_to_string(path).map_err(|it| unreadable(path, &it))?;
            let file = SourceFile { path: path.to_owned(), text };
            config::read_and(Path::new("."), Arc::new(file))
        }
    };
    // The resource says now which provider configuration it uses.
    for it in &mut read.0.imports {
        let to = config::targets::resource_of(&it.to);
        if to.is_ok_and(|to| written.iter().any(|it| it.addr == to)) {
            it.provider = None;
        }
    }
    Session::from_read(read, global, inputs, true).await
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot read {}: {error}", path.display()))
}

/// Whether a file lies where the stack's own files are read.
fn is_of_the_stack(path: &Path) -> bool {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let same = folder.canonicalize().ok().zip(Path::new(".").canonicalize().ok());
    let hidden = path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
    same.is_some_and(|(a, b)| a == b) && !hidden
}

/// A new file in the language of the stack, as the plan reads it.
fn check(path: &Path, syntax: Syntax) -> Result<(), Diagnostics> {
    let shown = path.display();
    let end = ending(syntax);
    if !ends(path, end) {
        let one = Diagnostic::error(format!("{shown} would be no file of this stack"));
        return Err(one.help(format!("its files end in `{end}`, such as generated{end}")).into());
    }
    if path.exists() {
        let one = Diagnostic::error(format!("{shown} exists already, and is not overwritten"));
        return Err(one.help("name another file, or move what is in it elsewhere and delete it").into());
    }
    Ok(())
}

/// How many values were not written because they are secrets.
pub fn secrets(all: &[Written]) -> usize {
    all.iter().map(|it| it.body.secrets()).sum()
}

/// How the names of a stack's files end.
pub fn ending(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Toml => ".stack.toml",
        Syntax::Hcl => ".tf",
    }
}

fn ends(path: &Path, with: &str) -> bool {
    path.file_name().is_some_and(|it| it.to_string_lossy().ends_with(with))
}

/// The blocks in the language that the file's name says.
pub fn text(path: &Path, all: &[Written]) -> String {
    if ends(path, ".tf") { generate::hcl(all) } else { generate::toml(all) }
}

/// Stores a new file, or adds to one.
pub fn store(path: &Path, text: &str, add: bool) -> Result<(), Diagnostics> {
    let fail = |it: std::io::Error| Diagnostic::error(format!("cannot write {}: {it}", path.display()));
    let mut options = std::fs::OpenOptions::new();
    match add {
        true => options.append(true).create(true),
        false => options.write(true).create_new(true),
    };
    let mut file = options.open(path).map_err(fail)?;
    Ok(file.write_all(text.as_bytes()).map_err(fail)?)
}
