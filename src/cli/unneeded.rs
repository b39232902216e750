//! What people type who know Terraform (or other tools) and what is not here, or is called otherwise:
//! each is answered with what to do instead.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::diag::{Diagnostic, Diagnostics};
use crate::report::Screen;

mod table;

use table::{COMMANDS, OPTIONS};

/// Why something is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It has another name: that.
    Called(&'static str),
    /// There is no need: why that is so, and what to do instead.
    Unneeded(&'static str, &'static str),
    /// It is not there yet: what there is.
    NotYet(&'static str),
}

/// What to say of a command (`state mv`; option empty) or of an option of it that we do not have.
pub fn answer(command: &str, option: &str) -> Option<Why> {
    if option.is_empty() {
        return COMMANDS.iter().find(|it| it.0 == command).map(|it| it.1);
    }
    let fits = |of: &str| of == "*" || command == of || command.starts_with(&format!("{of} "));
    let found = OPTIONS.iter().filter(|it| it.1 == option && fits(it.0));
    found.max_by_key(|it| if it.0 == "*" { 0 } else { it.0.len() }).map(|it| it.2)
}

/// Tells what is wrong with a command line; help that was asked for is no error.
pub fn refuse(error: &clap::Error, args: &[OsString]) -> anyhow::Result<ExitCode> {
    let plain = args.iter().any(|it| it == "--no-color");
    if let Some(told) = told(error, args) {
        Screen::new(plain).diagnostics(&Diagnostics::from(told));
        return Ok(ExitCode::FAILURE);
    }
    // Help goes to standard output; a wrong command line is an error like any other, and 2 means
    // that a plan has changes.
    let code = if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    let text = error.render();
    let screen = Screen::new(plain);
    match error.use_stderr() {
        true => screen.complain(text.ansi().to_string())?,
        false => screen.print(text.ansi().to_string())?,
    }
    Ok(code)
}

fn told(error: &clap::Error, args: &[OsString]) -> Option<Diagnostic> {
    let root = super::tree();
    let (path, here) = path(&root, args);
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(it)) => Some(it.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => command(&root, here, &path, word(ContextKind::InvalidSubcommand)?),
        ErrorKind::UnknownArgument => {
            let word = word(ContextKind::InvalidArg)?;
            match word.strip_prefix("--") {
                Some(name) => option(&root, &path, name),
                // What is no option is a word too many: perhaps a command in this one.
                None => command(&root, here, &path, word),
            }
        }
        _ => None,
    }
}

/// The command that a command line names, as far as there is one: its name, and itself.
fn path<'a>(root: &'a Command, args: &[OsString]) -> (String, &'a Command) {
    let mut here = root;
    let mut path = Vec::new();
    for word in args.iter().skip(1).filter_map(|it| it.to_str()) {
        if let Some(found) = here.find_subcommand(word) {
            path.push(found.get_name());
            here = found;
        }
    }
    (path.join(" "), here)
}

fn command(root: &Command, here: &Command, path: &str, word: &str) -> Option<Diagnostic> {
    let full = format!("{path} {word}").trim().to_owned();
    if let Some(why) = answer(&full, "") {
        let missing = format!("there is no command `infra {full}`");
        return Some(said(&format!("`infra {full}`"), missing, why));
    }
    if here.has_subcommands() && !path.is_empty() || path.is_empty() {
        let homes = root.get_subcommands().filter(|it| it.find_subcommand(word).is_some());
        let home = homes.filter(|it| it.get_name() != path).map(Command::get_name).next()?;
        let one = Diagnostic::error(format!("there is no command `infra {full}`"));
        return Some(one.help(format!("there is `infra {home} {word}`")));
    }
    None
}

fn option(root: &Command, path: &str, name: &str) -> Option<Diagnostic> {
    let what = match path {
        "" => format!("`--{name}`"),
        path => format!("`--{name}` of `infra {path}`"),
    };
    let missing = match path {
        "" => format!("there is no option `--{name}`"),
        path => format!("`infra {path}` has no option `--{name}`"),
    };
    if let Some(why) = answer(path, name) {
        return Some(said(&what, missing, why));
    }
    // An option that other commands have.
    let mut owners = Vec::new();
    owning(root, name, "", &mut owners);
    let one = Diagnostic::error(missing);
    match &owners[..] {
        [] => None,
        // It stands before the command that it belongs to.
        some if path.is_empty() || some.iter().any(|it| it == path) => {
            let of = if path.is_empty() { &owners[0] } else { path };
            let one = Diagnostic::error(format!("`--{name}` is an option of a command"));
            Some(one.help(format!("write it behind the command: `infra {of} --{name}`")))
        }
        some => {
            let names: Vec<String> = some.iter().take(4).map(|it| format!("`infra {it}`")).collect();
            Some(one.help(format!(
                "it is an option of {}; `infra {path} --help` shows those of this command",
                names.join(", ")
            )))
        }
    }
}

/// The commands that have an option.
fn owning(command: &Command, name: &str, path: &str, out: &mut Vec<String>) {
    for it in command.get_subcommands().filter(|it| !it.is_hide_set()) {
        let path = format!("{path} {}", it.get_name()).trim().to_owned();
        if it.get_arguments().any(|it| it.get_long() == Some(name)) {
            out.push(path.clone());
        }
        owning(it, name, &path, out);
    }
}

fn said(what: &str, missing: String, why: Why) -> Diagnostic {
    match why {
        Why::Called(name) => Diagnostic::error(missing).help(format!("it is called `{name}` here")),
        Why::Unneeded(why, instead) => {
            Diagnostic::error(format!("{what} is not needed: {why}")).help(instead)
        }
        Why::NotYet(instead) => Diagnostic::error(format!("{what} is not there yet")).help(instead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said to `infra WORDS…`.
    fn answered(words: &[&str]) -> String {
        let args = ["infra"].iter().chain(words).map(OsString::from).collect();
        let args = crate::cli::spelled(args);
        let error = crate::cli::tree().try_get_matches_from(&args).unwrap_err();
        let told = told(&error, &args).unwrap_or_else(|| panic!("nothing to say of {words:?}: {error}"));
        format!("{}: {}", told.summary, told.help.unwrap_or_default())
    }

    #[test]
    fn terraforms_words_are_answered() {
        for (words, part) in [
            (&["login"][..], "not needed"),
            (&["test"], "not there yet"),
            (&["init", "-plugin-dir=x"], "part of infra"),
            (&["init", "-plugin-dir", "x"], "part of infra"),
            (&["-install-autocomplete"], "infra completions"),
            (&["plan", "--workspace", "prod"], "`--env NAME`"),
            (&["--workspace", "prod", "plan"], "`--env NAME`"),
            (&["destroy", "-force"], "`--auto-approve`"),
            (&["list"], "`infra state list`"),
            (&["up"], "`infra apply`"),
            (&["validate", "--auto-approve"], "an option of `infra init`"),
            (&["--auto-approve", "apply"], "behind the command"),
        ] {
            let text = answered(words);
            assert!(text.contains(part), "{words:?}: {text}");
        }
    }

    /// What is there needs no excuse.
    #[test]
    fn nothing_that_is_there_is_called_missing() {
        let root = crate::cli::tree();
        for (path, why) in COMMANDS {
            let words: Vec<_> =
                ["infra"].iter().copied().chain(path.split(' ')).map(OsString::from).collect();
            assert_ne!(super::path(&root, &words).0, *path, "`infra {path}` is there, and answered: {why:?}");
        }
        for (of, name, _) in OPTIONS {
            let words: Vec<_> = ["infra"].iter().copied().chain(of.split(' ')).map(OsString::from).collect();
            let (path, here) = super::path(&root, &words);
            let of = if *of == "*" { "" } else { *of };
            if path == of {
                let has = here.get_arguments().any(|it| it.get_long() == Some(name));
                assert!(!has, "`infra {of} --{name}` is there, and answered");
            }
        }
    }
}
