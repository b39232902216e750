//! Terraform's spelling of options (`-auto-approve`, `-out=x`) beside ours.

use std::ffi::OsString;

use clap::Command;

/// Rewrites `-name` and `-name=value` to `--name…`, unless it is a short option with its value. What
/// follows `--` stays as it is.
pub fn doubled(args: Vec<OsString>, root: &Command) -> Vec<OsString> {
    let mut known = Known { long: vec!["help".to_owned(), "version".to_owned()], short: vec!['h', 'V'] };
    known.learn(root);
    let mut past = false;
    let each = args.into_iter().enumerate().map(|(at, arg)| {
        let text = arg.to_str().unwrap_or_default();
        past |= text == "--";
        match at > 0 && !past && known.is_meant(text) {
            true => format!("-{text}").into(),
            false => arg,
        }
    });
    each.collect()
}

/// The options of all commands.
struct Known {
    long: Vec<String>,
    short: Vec<char>,
}

impl Known {
    fn learn(&mut self, command: &Command) {
        for it in command.get_arguments() {
            self.long.extend(it.get_long_and_visible_aliases().into_iter().flatten().map(str::to_owned));
            self.short.extend(it.get_short());
        }
        command.get_subcommands().for_each(|it| self.learn(it));
    }

    /// Whether a word with one dash is a long option: one that we have, or one that cannot be short
    /// ones (and then the error names it whole).
    fn is_meant(&self, word: &str) -> bool {
        let Some(name) = word.strip_prefix('-').filter(|it| !it.starts_with('-')) else { return false };
        let name = name.split('=').next().unwrap_or(name);
        let mut letters = name.chars();
        let Some(first) = letters.next().filter(|it| it.is_ascii_alphabetic()) else { return false };
        letters.next().is_some() && (self.long.iter().any(|it| it == name) || !self.short.contains(&first))
    }
}

/// Takes `=true` off options that are given or not (`flags`), and such an option with `=false` away:
/// Terraform's options are all of that kind.
pub fn switched(args: Vec<OsString>, flags: &[String]) -> Vec<OsString> {
    let mut past = false;
    let each = args.into_iter().filter_map(|arg| {
        let text = arg.to_str().unwrap_or_default();
        past |= text == "--";
        let given = text.strip_prefix("--").and_then(|it| it.split_once('='));
        match given.filter(|it| !past && flags.iter().any(|name| name == it.0)) {
            Some((name, "true" | "TRUE" | "True" | "t" | "T" | "1")) => Some(format!("--{name}").into()),
            Some((_, "false" | "FALSE" | "False" | "f" | "F" | "0")) => None,
            _ => Some(arg),
        }
    });
    each.collect()
}

/// The options that are given or not, and take no value in any command.
pub fn switches(root: &Command) -> Vec<String> {
    fn walk(command: &Command, on: &mut Vec<String>, valued: &mut Vec<String>) {
        for it in command.get_arguments() {
            let Some(name) = it.get_long() else { continue };
            let to = if it.get_action().takes_values() { &mut *valued } else { &mut *on };
            to.push(name.to_owned());
        }
        command.get_subcommands().for_each(|it| walk(it, on, valued));
    }
    let (mut on, mut valued) = (Vec::new(), Vec::new());
    walk(root, &mut on, &mut valued);
    on.retain(|it| !valued.contains(it));
    on
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, Command};

    fn checked(args: &[&str]) -> Vec<String> {
        let long = ["auto-approve", "out", "var", "help", "chdir"].map(|it| Arg::new(it).long(it));
        let root = Command::new("infra").args(long).arg(Arg::new("C").short('C'));
        let args = args.iter().map(OsString::from).collect();
        doubled(args, &root).into_iter().map(|it| it.into_string().unwrap()).collect()
    }

    #[test]
    fn switches_take_true_and_false() {
        let flags = ["auto-approve".to_owned(), "destroy".to_owned()];
        let args =
            ["--auto-approve=true", "--destroy=false", "--lock=false", "--destroy=x", "--", "--destroy=1"];
        let out = switched(args.iter().map(OsString::from).collect(), &flags);
        assert_eq!(out, ["--auto-approve", "--lock=false", "--destroy=x", "--", "--destroy=1"]);
    }

    #[test]
    fn single_dashes_become_double() {
        let args = ["infra", "apply", "-auto-approve", "-out=x", "-var", "a=-out", "-C", "dir", "--", "-out"];
        let double =
            ["infra", "apply", "--auto-approve", "--out=x", "--var", "a=-out", "-C", "dir", "--", "-out"];
        assert_eq!(checked(&args), double);
    }

    #[test]
    fn short_options_keep_their_value_and_unknown_words_stay_whole() {
        let args = ["infra", "-Cdir", "-help", "-chdir=x", "-plugin-dir=x", "-1", "-"];
        let double = ["infra", "-Cdir", "--help", "--chdir=x", "--plugin-dir=x", "-1", "-"];
        assert_eq!(checked(&args), double);
    }
}
