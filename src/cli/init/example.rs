//! `infra init --example`: a small stack to start from.

use std::path::Path;
use std::process::ExitCode;

use super::super::Outcome;
use crate::diag::Diagnostic;
use crate::report::Screen;

const FILES: &[(&str, &str)] = &[
    ("stack.toml", include_str!("example/stack.toml")),
    ("env/dev.toml", include_str!("example/env/dev.toml")),
    ("env/prod.toml", include_str!("example/env/prod.toml")),
    (".gitignore", include_str!("example/gitignore")),
];

/// Writes it into an empty folder: this one, or a new one of that name.
pub fn write(folder: &Path, screen: &Screen) -> Outcome {
    refuse_full(folder)?;
    let name = name(folder)?;
    for (file, text) in FILES {
        put(&folder.join(file), &text.replace("NAME", &name))?;
    }
    let here = folder == Path::new(".");
    let chdir = if here { String::new() } else { format!(" -C {}", folder.display()) };
    let place = if here { "this folder".to_owned() } else { format!("the folder {}", folder.display()) };
    screen.say(format!(
        "The stack `{name}` is in {place}: a queue, its dead-letter queue and a bucket, for the environments \
         `dev` and `prod`.\nRead stack.toml, then:\n\n  \
         infra{chdir} plan --env dev --sandbox     on this machine, without an account\n  \
         infra{chdir} apply --env dev --sandbox\n  \
         infra{chdir} plan --env dev               at AWS, with your credentials"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Hidden files, such as those of version control, are in nobody's way, but for our own.
fn refuse_full(folder: &Path) -> Result<(), Diagnostic> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return match folder.symlink_metadata() {
            Ok(_) => Err(Diagnostic::error(format!("{} is no folder that can be read", folder.display()))),
            Err(_) => Ok(()),
        };
    };
    let names = entries.flatten().map(|it| it.file_name().to_string_lossy().into_owned());
    let mut found: Vec<String> = names.filter(|it| !it.starts_with('.') || it == ".gitignore").collect();
    found.sort();
    let Some(first) = found.first() else { return Ok(()) };
    let place =
        if folder == Path::new(".") { "this folder".to_owned() } else { folder.display().to_string() };
    let one = Diagnostic::error(format!("{place} is not empty: there is {first}"));
    Err(one.help("an example never goes over files: `infra init --example NAME` makes a new folder"))
}

/// The stack is called as its folder, as far as names of things at AWS allow.
fn name(folder: &Path) -> Result<String, Diagnostic> {
    let whole = match folder.file_name() {
        Some(_) => folder.to_owned(),
        None => std::env::current_dir()
            .map_err(|it| Diagnostic::error(format!("cannot tell the current folder: {it}")))?,
    };
    let last = whole.file_name().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    let fine = |it: char| if it.is_ascii_lowercase() || it.is_ascii_digit() { it } else { '-' };
    let name: String = last.chars().map(fine).take(20).collect();
    let name = name.trim_matches('-');
    let begins = name.starts_with(|it: char| it.is_ascii_lowercase());
    Ok(if begins { name.to_owned() } else { format!("stack-{name}").trim_end_matches('-').to_owned() })
}

fn put(path: &Path, text: &str) -> Result<(), Diagnostic> {
    let fail = |it: std::io::Error| Diagnostic::error(format!("cannot write {}: {it}", path.display()));
    path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(fail)?;
    let mut file = std::fs::File::create_new(path).map_err(fail)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(fail)
}
