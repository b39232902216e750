//! The tree of commands as its help shows it: commands in groups, examples, global options once.

use clap::builder::StyledStr;
use clap::{Arg, Command};

use super::examples;

/// The commands as `infra --help` groups them. One that stands in none of these ends the list.
const GROUPS: &[(&str, &[&str])] = &[
    ("Main commands", &["init", "validate", "plan", "apply", "destroy"]),
    (
        "State",
        &["show", "output", "state", "import", "refresh", "taint", "untaint", "workspace", "force-unlock"],
    ),
    (
        "Stack files",
        &["console", "fmt", "convert", "docs", "schema", "graph", "get", "modules", "providers", "metadata"],
    ),
    ("This machine", &["sandbox", "completions", "manual", "version"]),
];

/// Help is laid out for at most this many columns.
pub const COLUMNS: usize = 100;

/// What every command's help ends with instead of the global options.
const GLOBAL: &str = "Global options, such as --env NAME, -C DIR and --sandbox: infra --help";

/// The tree to read command lines with, and to print help of.
pub fn dressed(root: Command) -> Command {
    let global: Vec<Arg> = root.get_arguments().filter(|it| it.is_global_set()).cloned().collect();
    let template = overview(&root);
    let mut root =
        tidied(root).help_template(template).override_usage("infra [GLOBAL OPTIONS] COMMAND [OPTIONS]");
    let names: Vec<String> = root.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    for name in names {
        root = root.mut_subcommand(&name, |it| below(it, &name, &global));
    }
    root
}

/// A command: with its examples, and without the global options.
fn below(command: Command, path: &str, global: &[Arg]) -> Command {
    let hidden = global.iter().cloned().map(|it| it.hide(true));
    let mut command = command.args(hidden);
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    for name in &names {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(name, |it| below(it, &path, global));
    }
    let short = match names.is_empty() {
        true => format!("More, with examples: infra {path} --help"),
        false => format!("Examples: infra {path} --help"),
    };
    let long = match examples::of(path) {
        [] => GLOBAL.to_owned(),
        some => format!("{}\n{}\n\n{GLOBAL}", heading("Examples:"), examples::text(some)),
    };
    command.after_help(short).after_long_help(StyledStr::from(long))
}

/// Options under headings, wherever they stand in the code. What stands in none of these is a
/// command's own, and comes first.
const HEADINGS: &[(&str, &[&str])] = &[
    ("What it is about", &["target", "target_file", "exclude", "exclude_file", "replace"]),
    ("Variables", &["var", "var_file", "input"]),
    ("The lock of the state", &["lock", "lock_timeout"]),
    ("The state", &["state", "state_out", "backup", "backup_out"]),
];

/// The tree with its options in order.
pub fn tidied(command: Command) -> Command {
    command.mut_args(placed).mut_subcommands(tidied)
}

/// An option under its heading; `true` and `false` need no list of what they may be.
fn placed(arg: Arg) -> Arg {
    let is_bool = arg.get_value_names().is_some_and(|it| it.iter().any(|it| it == "BOOL"));
    let arg = if is_bool { arg.hide_possible_values(true) } else { arg };
    let heading = HEADINGS.iter().find(|it| it.1.contains(&arg.get_id().as_str())).map(|it| it.0);
    match heading.filter(|_| arg.get_long().is_some()) {
        Some(heading) => arg.help_heading(heading),
        None => arg,
    }
}

/// The template of the root's help: what the program is, all commands, the global options.
fn overview(root: &Command) -> StyledStr {
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    let visible = || root.get_subcommands().filter(|it| !it.is_hide_set());
    let width = visible().map(|it| it.get_name().len()).max().unwrap_or_default();
    let mut group = |title: &str, commands: &mut dyn Iterator<Item = &Command>| {
        let lines: String = commands.map(|it| line(it, width)).collect();
        if !lines.is_empty() {
            text += &format!("\n{}\n{lines}", heading(&format!("{title}:")));
        }
    };
    for (title, names) in GROUPS {
        group(title, &mut names.iter().filter_map(|name| visible().find(|it| it.get_name() == *name)));
    }
    let grouped = |it: &&Command| GROUPS.iter().any(|group| group.1.contains(&it.get_name()));
    group("More", &mut visible().filter(|it| !grouped(it)));
    text += &format!("\n{}\n{{options}}{{after-help}}", heading("Global options:"));
    StyledStr::from(text)
}

/// A command's name and the first sentence about it.
fn line(command: &Command, width: usize) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let first = about.split(". ").next().unwrap_or_default().trim_end_matches('.');
    let name = command.get_name();
    format!("  {}{:gap$}  {first}\n", bold(name), "", gap = width - name.len())
}

fn heading(text: &str) -> String {
    let style = anstyle::Style::new().bold().underline();
    format!("{style}{text}{style:#}")
}

fn bold(text: &str) -> String {
    let style = anstyle::Style::new().bold();
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_command_stands_in_a_group() {
        let root = Cli::command();
        let lost = root.get_subcommands().filter(|it| !it.is_hide_set());
        let lost = lost.filter(|it| !GROUPS.iter().any(|group| group.1.contains(&it.get_name())));
        let lost: Vec<_> = lost.map(Command::get_name).collect();
        assert!(lost.is_empty(), "in no group of `infra --help`: {lost:?}");
    }

    fn help(words: &[&str]) -> String {
        let args: Vec<OsString> = ["infra"].iter().chain(words).map(OsString::from).collect();
        super::super::tree().term_width(80).try_get_matches_from(args).unwrap_err().to_string()
    }

    #[test]
    fn the_overview_fits_eighty_columns() {
        for text in [help(&["-h"]), help(&["--help"])] {
            let wide: Vec<&str> = text.lines().filter(|it| it.chars().count() > 80).collect();
            assert!(wide.is_empty(), "{}", wide.join("\n"));
            for part in ["Main commands:", "State:", "Global options:", "--sandbox", "  plan  "] {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
    }

    #[test]
    fn global_options_are_told_once() {
        let (short, long) = (help(&["plan", "-h"]), help(&["plan", "--help"]));
        assert!(!short.contains("--no-color") && !long.contains("--no-color"));
        assert!(
            long.contains("Global options") && long.contains("infra plan --out")
                || long.contains("prod.plan")
        );
        assert!(short.len() < long.len() && short.contains("--target"));
        // They are understood there all the same.
        let args = ["infra", "state", "list", "--env", "prod", "-C", "x"].map(OsString::from);
        super::super::tree().try_get_matches_from(args).unwrap();
    }
}
