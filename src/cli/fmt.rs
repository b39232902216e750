use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::Outcome;
use crate::config;
use crate::diag::{Diagnostic, Diagnostics, SourceFile};
use crate::format;
use crate::report::Screen;

/// Lay out stack files (and .tf files) in the canonical way.
///
/// A folder's stack.toml, *.stack.toml, env/*.toml, *.tf and *.tfvars are laid out; a file is laid out
/// whatever it is called, as long as it ends in .toml, .tf or .tfvars. Only white space changes, and
/// quotation marks where an expression holds quotation marks; comments stay.
#[derive(clap::Args)]
pub struct Command {
    /// Files and folders; `-` reads standard input and writes standard output.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; exit with 3 where a file is not laid out.
    #[arg(long)]
    check: bool,
    /// Show what changes.
    #[arg(long)]
    diff: bool,
    /// Folders in folders too.
    #[arg(long)]
    recursive: bool,
    /// Whether to name the files that change.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    list: bool,
    /// Whether to write the files.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    write: bool,
    /// What standard input would be called as a file: its ending says what it is.
    #[arg(long, value_name = "NAME", default_value = "stack.toml")]
    stdin_name: PathBuf,
}

/// As Terraform's.
const FAILED: u8 = 2;
const NOT_LAID_OUT: u8 = 3;

/// The endings of the files that are laid out as HCL.
const HCL: &[&str] = &[".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl"];

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    let mut errors = Diagnostics::default();
    let changed = match &command.paths[..] {
        [one] if one == Path::new("-") => errors.take(standard_input(command, screen)),
        _ => Some(in_files(command, screen, &mut errors)),
    };
    if errors.has_errors() {
        screen.diagnostics(&errors);
        return Ok(ExitCode::from(FAILED));
    }
    let failed = command.check && changed.unwrap_or_default();
    Ok(if failed { ExitCode::from(NOT_LAID_OUT) } else { ExitCode::SUCCESS })
}

/// Whether it was not laid out.
fn standard_input(command: &Command, screen: &Screen) -> Result<bool, Diagnostics> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|it| Diagnostic::error(format!("cannot read standard input: {it}")))?;
    let file = config::decode(bytes, command.stdin_name.clone())?;
    let out = laid_out(&file)?;
    if command.diff {
        screen.raw_text(&difference(&file, &out));
    } else if !command.check {
        screen.raw_text(&out);
    }
    Ok(out != file.text)
}

fn in_files(command: &Command, screen: &Screen, errors: &mut Diagnostics) -> bool {
    let here = [PathBuf::from(".")];
    let given = if command.paths.is_empty() { &here[..] } else { &command.paths };
    let mut files = Vec::new();
    for path in given {
        if path.is_dir() {
            errors.take(folder(path, command.recursive, &mut files));
        } else if is_ours(path) || is_toml(path) {
            files.push(path.clone());
        } else if path.exists() {
            let error = Diagnostic::error(format!("{} is no stack file", path.display()));
            errors.push(error.help("what can be laid out ends in .toml, .tf or .tfvars"));
        } else {
            errors.push(Diagnostic::error(format!("there is no {}", path.display())));
        }
    }
    let mut changed = false;
    for path in files {
        changed |= errors.take(one(&path, command, screen)).unwrap_or_default();
    }
    changed
}

/// Lays out a file; whether it was not.
fn one(path: &Path, command: &Command, screen: &Screen) -> Result<bool, Diagnostics> {
    let file = config::read_file(path)?;
    let out = laid_out(&file)?;
    if out == file.text {
        return Ok(false);
    }
    if command.list {
        screen.raw_line(&file.path.display().to_string());
    }
    if command.write && !command.check {
        std::fs::write(path, &out)
            .map_err(|it| Diagnostic::error(format!("cannot write {}: {it}", path.display())))?;
    }
    if command.diff {
        screen.raw_text(&difference(&file, &out));
    }
    Ok(true)
}

/// The file as it should be; an error where it is not valid.
fn laid_out(file: &Arc<SourceFile>) -> Result<String, Diagnostics> {
    if is_toml(&file.path) {
        config::parse_toml(file)?;
        return Ok(format::toml::file(&file.text));
    }
    format::hcl::check(file)?;
    Ok(format::hcl::file(&file.text))
}

fn difference(file: &SourceFile, out: &str) -> String {
    let path = file.path.display();
    let diff = similar::TextDiff::from_lines(file.text.as_str(), out);
    diff.unified_diff().header(&format!("old/{path}"), &format!("new/{path}")).to_string()
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "toml")
}

/// Whether a file in a folder belongs to a stack.
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    let of_env = is_toml(path) && path.parent().is_some_and(|it| it.ends_with("env"));
    name == "stack.toml" || name.ends_with(".stack.toml") || of_env || HCL.iter().any(|it| name.ends_with(it))
}

/// The files of a stack in a folder, by name; those in folders below it where that is wanted.
fn folder(dir: &Path, recursive: bool, out: &mut Vec<PathBuf>) -> Result<(), Diagnostics> {
    let fail = |it: std::io::Error| {
        Diagnostics::from(Diagnostic::error(format!("cannot read {}: {it}", dir.display())))
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(fail)? {
        entries.push(entry.map_err(fail)?);
    }
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if is_left_out(&entry.file_name().to_string_lossy()) {
            continue;
        }
        // Links to folders are not followed: they may lead back.
        let is_folder = entry.file_type().map_err(fail)?.is_dir();
        if is_folder && (recursive || entry.file_name() == "env" && dir.join("stack.toml").exists()) {
            folder(&path, recursive, out)?;
        } else if !is_folder && is_ours(&path) {
            out.push(path);
        }
    }
    Ok(())
}

/// Hidden files, and what editors leave behind.
fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name.starts_with('#') && name.ends_with('#')
}
