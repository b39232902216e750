//! Terraform's spelling of options (`-auto-approve`, `-out=x`) beside ours.

use std::ffi::OsString;

/// Rewrites `-name` and `-name=value` to `--name…` where `known` has that long option. What follows
/// `--` stays as it is.
pub fn doubled(args: Vec<OsString>, known: &[String]) -> Vec<OsString> {
    let mut past = false;
    let each = args.into_iter().enumerate().map(|(at, arg)| {
        let text = arg.to_str().unwrap_or_default();
        past |= text == "--";
        let name = text
            .strip_prefix('-')
            .filter(|it| !it.starts_with('-'))
            .map(|it| it.split('=').next().unwrap_or(it));
        match name {
            Some(name) if at > 0 && !past && name.len() > 1 && known.iter().any(|it| it == name) => {
                format!("-{text}").into()
            }
            _ => arg,
        }
    });
    each.collect()
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let known = ["auto-approve".to_owned(), "out".to_owned(), "var".to_owned()];
        let args = ["infra", "apply", "-auto-approve", "-out=x", "-var", "a=-out", "-C", "dir", "--", "-out"];
        let out = doubled(args.iter().map(OsString::from).collect(), &known);
        assert_eq!(
            out,
            ["infra", "apply", "--auto-approve", "--out=x", "--var", "a=-out", "-C", "dir", "--", "-out"]
        );
    }
}
