use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::{Outcome, examples};
use crate::diag::Diagnostic;
use crate::report::Screen;

/// Write manual pages of all commands into a folder.
///
/// Afterwards `man -l DIR/infra-plan.1` shows one; with `man1` in a folder that `man` searches, such as
/// ~/.local/share/man/man1, `man infra-plan` does.
#[derive(clap::Args)]
pub struct Command {
    /// The folder; made where it is not there.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    let dir = &command.dir;
    let fail =
        |path: &Path, it: std::io::Error| Diagnostic::error(format!("cannot write {}: {it}", path.display()));
    std::fs::create_dir_all(dir).map_err(|it| fail(dir, it))?;
    let pages = pages();
    for (name, text) in &pages {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|it| fail(&path, it))?;
    }
    screen.say(format!(
        "{} pages are in {}: man -l {}",
        pages.len(),
        dir.display(),
        dir.join("infra.1").display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// The pages: file name and text.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut root = super::bare();
    root.build();
    let mut out = Vec::new();
    collect(&root, "", &mut out);
    out
}

fn collect(command: &clap::Command, path: &str, out: &mut Vec<(String, Vec<u8>)>) {
    if command.is_hide_set() || command.get_name() == "help" {
        return;
    }
    let name = format!("infra {path}").trim().replace(' ', "-");
    out.push((format!("{name}.1"), page(command, &name, path)));
    for it in command.get_subcommands() {
        collect(it, format!("{path} {}", it.get_name()).trim(), out);
    }
}

fn page(command: &clap::Command, name: &str, path: &str) -> Vec<u8> {
    // The global options are described once, in infra(1).
    let mut shown = command.clone().display_name(name.to_owned()).disable_help_subcommand(true);
    if !path.is_empty() {
        let global: Vec<_> =
            command.get_arguments().filter(|it| it.is_global_set()).map(|it| it.get_id().clone()).collect();
        shown = global.into_iter().fold(shown, |it, id| it.mut_arg(id, |it| it.hide(true)));
    }
    let version = concat!("infra ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(shown).title(name.to_uppercase()).section("1").source(version).manual("infra");
    let mut text = Vec::new();
    // Writing into memory cannot fail.
    let done = [
        man.render_title(&mut text),
        man.render_name_section(&mut text),
        man.render_synopsis_section(&mut text),
        man.render_description_section(&mut text),
        man.render_options_section(&mut text),
    ];
    let rest = ending(command, path);
    let done = done.into_iter().chain([text.write_all(rest.as_bytes())]);
    done.filter_map(Result::err).for_each(|error| tracing::debug!(%error, "a manual page"));
    text
}

/// Commands in the command, examples, and where to read on.
fn ending(command: &clap::Command, path: &str) -> String {
    let mut roff = Roff::new();
    let prefix = format!("infra {path}").trim().replace(' ', "-");
    let below = command.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help");
    let below: Vec<_> = below.collect();
    if !below.is_empty() {
        roff.control("SH", ["COMMANDS"]);
    }
    for it in below {
        roff.control("TP", []);
        roff.text([roman(format!("{prefix}-{}(1)", it.get_name()))]);
        roff.text([roman(it.get_about().map(ToString::to_string).unwrap_or_default())]);
    }
    let examples = examples::of(path);
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
    }
    for (line, what) in examples {
        roff.control("TP", []);
        roff.text([roman(*line)]);
        roff.text([roman(*what)]);
    }
    if !path.is_empty() {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([roman("infra(1) for the options that every command takes")]);
    }
    roff.to_roff()
}
