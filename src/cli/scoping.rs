//! What a plan is to be about: `--target`, `--exclude`, `--replace`, and files of addresses.

use std::path::{Path, PathBuf};

use crate::address::{self, Addr, Mode};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::planner::Request;
use crate::plan::globs::Pattern;
use crate::plan::{Plan, PlanMode};

/// What a plan is about. An address or a pattern is quoted for the shell as a whole, because of the
/// quotation marks, brackets and stars in it: '…'.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Scoping {
    /// Only this and what it depends on: an address (aws_vpc.main, module.net, 'aws_subnet.a["eu"]') or a
    /// pattern ('aws_sqs_queue.*', 'module.*.aws_subnet.*', 'module.**.aws_vpc.*', 'aws_subnet.a["eu-*"]').
    /// Put it in '…', or the shell takes the quotation marks away. May be given several times.
    #[arg(long, value_name = "ADDRESS")]
    target: Vec<String>,
    /// A file of such addresses, one a line; # starts a comment.
    #[arg(long, value_name = "FILE")]
    target_file: Vec<PathBuf>,
    /// Everything but this and what depends on it: an address or a pattern, as for --target. May be
    /// given several times, but not together with --target.
    #[arg(long, value_name = "ADDRESS")]
    exclude: Vec<String>,
    /// A file of such addresses, one a line; # starts a comment.
    #[arg(long, value_name = "FILE")]
    exclude_file: Vec<PathBuf>,
    /// Replace this instance although nothing calls for it; may be given several times.
    #[arg(long, value_name = "ADDRESS")]
    replace: Vec<String>,
}

impl Scoping {
    /// Says to the planner what was asked for. Everything that is wrong is in the error.
    pub fn set(&self, request: &mut Request<'_>) -> Result<(), Diagnostics> {
        let mut errors = Diagnostics::default();
        request.targets = patterns("--target", &self.target, &self.target_file, &mut errors);
        request.excludes = patterns("--exclude", &self.exclude, &self.exclude_file, &mut errors);
        request.replace = self.replaced(&mut errors);
        if self.targets() && self.excludes() {
            let one = Diagnostic::error("--target and --exclude cannot go together");
            let help =
                "name what the plan is to be about with --target, or what it is to leave out with --exclude";
            errors.push(one.help(help));
        }
        if !self.replace.is_empty() && request.mode != PlanMode::Normal {
            let mode = match request.mode {
                PlanMode::RefreshOnly => "--refresh-only",
                _ => "a plan to destroy",
            };
            let one = Diagnostic::error(format!("--replace cannot go with {mode}"));
            errors.push(one.help("replacing is for a plan that makes and changes things, too"));
        }
        errors.check(())
    }

    /// What a saved plan was restricted to.
    pub fn of_plan(plan: &Plan, request: &mut Request<'_>) {
        let read = |all: &[String]| all.iter().filter_map(|it| Pattern::parse(it).ok()).collect();
        (request.targets, request.excludes) = (read(&plan.targets), read(&plan.excludes));
    }

    fn targets(&self) -> bool {
        !self.target.is_empty() || !self.target_file.is_empty()
    }

    fn excludes(&self) -> bool {
        !self.exclude.is_empty() || !self.exclude_file.is_empty()
    }

    /// The first option that was given, for what takes none of them.
    pub fn given(&self) -> Option<&'static str> {
        let all = [
            (self.target.is_empty(), "--target"),
            (self.target_file.is_empty(), "--target-file"),
            (self.exclude.is_empty(), "--exclude"),
            (self.exclude_file.is_empty(), "--exclude-file"),
            (self.replace.is_empty(), "--replace"),
        ];
        all.into_iter().find(|it| !it.0).map(|it| it.1)
    }

    fn replaced(&self, errors: &mut Diagnostics) -> Vec<Addr> {
        let each = self.replace.iter().filter_map(|it| match instance(it) {
            Ok(it) => Some(it),
            Err(error) => {
                errors.push(error);
                None
            }
        });
        each.collect()
    }
}

fn instance(text: &str) -> Result<Addr, Diagnostic> {
    let addr = address::parse_instance(text).map_err(|why| {
        let one = Diagnostic::error(format!("--replace: {why}"));
        match text.contains(['*', '?', '{']) {
            true => one.help("--replace takes no patterns: name each instance"),
            false => one.help("write it like 'aws_subnet.a[\"eu\"]', in '…' because of the shell"),
        }
    })?;
    match addr.resource.mode {
        Mode::Managed => Ok(addr),
        Mode::Data => Err(Diagnostic::error(format!("--replace: `{text}` is a data source, not a resource"))),
    }
}

fn patterns(option: &str, given: &[String], files: &[PathBuf], errors: &mut Diagnostics) -> Vec<Pattern> {
    let mut out = Vec::new();
    let mut take = |text: &str, of: &str, errors: &mut Diagnostics| match Pattern::parse(text) {
        Ok(it) => out.push(it),
        Err(why) => {
            let help = "write it like aws_vpc.main, module.net or 'aws_subnet.a[\"eu-*\"]'";
            errors.push(Diagnostic::error(format!("{of}: {why}")).help(help));
        }
    };
    given.iter().for_each(|it| take(it, option, errors));
    for path in files {
        let Some(text) = errors.take(read(option, path)) else { continue };
        for (at, line) in lines(&text) {
            take(line, &format!("{option}-file {}, line {at}", path.display()), errors);
        }
    }
    // An empty file is no wish for everything.
    if out.is_empty() && !files.is_empty() && !errors.has_errors() {
        let names: Vec<String> = files.iter().map(|it| it.display().to_string()).collect();
        let one = Diagnostic::error(format!("{option}-file {}: there is no address in it", names.join(", ")));
        errors.push(one.help("write one address a line, or leave the option out"));
    }
    out
}

fn read(option: &str, path: &Path) -> Result<String, Diagnostics> {
    std::fs::read_to_string(path).map_err(|error| {
        let text = format!("{option}-file {} cannot be read: {error}", path.display());
        Diagnostic::error(text).into()
    })
}

/// The lines that hold something, by their numbers, without comments. A `#` in quotation marks is part
/// of a key.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let all = text.lines().enumerate().map(|(at, line)| {
        let mut quoted = false;
        let end = line.char_indices().find(|(_, it)| {
            quoted ^= *it == '"';
            *it == '#' && !quoted
        });
        (at + 1, line[..end.map_or(line.len(), |it| it.0)].trim())
    });
    all.filter(|it| !it.1.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_left_out() {
        let text = "# all\naws_vpc.a\n\n  aws_vpc.b # two\naws_vpc.c[\"#1\"]#three\n";
        let all: Vec<_> = lines(text).collect();
        assert_eq!(all, [(2, "aws_vpc.a"), (4, "aws_vpc.b"), (5, "aws_vpc.c[\"#1\"]")]);
    }
}
