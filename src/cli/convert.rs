use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::Outcome;
use crate::config;
use crate::convert::{self, Made};
use crate::diag::{Diagnostic, Diagnostics, SourceFile};
use crate::kind;
use crate::report::Screen;

/// Turn a folder of .tf files into stack files.
///
/// Every .tf file becomes a stack file: main.tf becomes stack.toml, others NAME.stack.toml. Comments stay
/// with what they belong to, `dynamic` blocks become expressions, terraform.tfvars becomes
/// env/default.toml. The plan of both is the same. Modules in folders below are converted with it.
#[derive(clap::Args)]
pub struct Command {
    /// The folder with .tf files.
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// A new folder for the stack and copies of all other files; without it the stack files are written
    /// beside the .tf files.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Remove the .tf files afterwards: a folder is read from stack files or from .tf files, not both.
    #[arg(long, conflicts_with = "out")]
    replace: bool,
}

/// A folder on its way: what is written there.
struct Folder {
    /// Below the folder that is converted.
    path: PathBuf,
    made: Vec<Made>,
    /// The files that it was made of, by name.
    from: Vec<String>,
    /// The sources of modules that stand outside of it all.
    outside: Vec<String>,
}

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    let mut errors = Diagnostics::default();
    let mut folders = Vec::new();
    convert_all(&command.dir, &mut folders, &mut errors);
    if errors.has_errors() {
        return Err(errors);
    }
    let to = command.out.as_deref().unwrap_or(&command.dir);
    if let Some(out) = &command.out {
        refuse_full(out)?;
        copy(&command.dir, out, &folders)?;
    }
    for folder in &folders {
        for made in &folder.made {
            let path = to.join(&folder.path).join(&made.name);
            let text = match &command.out {
                Some(out) => led_back(folder, &made.text, &command.dir, out)?,
                None => made.text.clone(),
            };
            write(&path, &text, command.out.is_none())?;
            screen.say(path.strip_prefix(".").unwrap_or(&path).display().to_string());
        }
    }
    if command.replace {
        folders.iter().try_for_each(|it| remove(&command.dir, it))?;
    } else if command.out.is_none() {
        let note = Diagnostic::warning("the .tf files are still there");
        errors.push(note.help("remove them before the next plan: a folder has stack files or .tf files"));
    }
    screen.diagnostics(&errors);
    Ok(ExitCode::SUCCESS)
}

/// The folder, and the modules below it that it calls.
fn convert_all(root: &Path, folders: &mut Vec<Folder>, errors: &mut Diagnostics) {
    let mut open = vec![PathBuf::new()];
    while let Some(path) = open.pop() {
        if folders.iter().any(|it| it.path == path) {
            continue;
        }
        let Some((folder, files, notes)) = errors.take(one(root, path)) else { continue };
        errors.extend(notes);
        open.extend(files.iter().flat_map(|it| called(&folder.path, it)));
        folders.push(folder);
    }
}

/// Where there is nothing to convert.
fn refused(dir: &Path, names: &[String]) -> Option<Diagnostic> {
    if names.iter().any(|it| it == "stack.toml") {
        let error = Diagnostic::error(format!("{} has a stack.toml already", shown(dir)));
        return Some(error.help("convert into another folder: `--out DIR`"));
    }
    if !names.iter().any(|it| it.ends_with(".tf") || it.ends_with(".tf.json")) {
        return Some(Diagnostic::error(format!("there are no .tf files in {}", shown(dir))));
    }
    let mut all = names.iter().filter(|it| {
        it.ends_with(".tf.json") || it.ends_with(".tfvars.json") && is_values(it) || is_override(it)
    });
    all.next().map(|name| {
        let error = Diagnostic::error(format!("{} cannot be converted", dir.join(name).display()));
        match is_override(name) {
            true => error.help("write what it overrides into the file that declares it, and remove it"),
            false => error.help("write it in Terraform's own syntax first"),
        }
    })
}

fn is_override(name: &str) -> bool {
    let stem = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tf.json"));
    stem.is_some_and(|it| it == "override" || it.ends_with("_override"))
}

/// Whether a file of values is read without being asked for.
fn is_values(name: &str) -> bool {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    stem == "terraform.tfvars" || stem.ends_with(".auto.tfvars")
}

fn shown(dir: &Path) -> String {
    if dir == Path::new(".") { "this folder".to_owned() } else { dir.display().to_string() }
}

/// Whether blocks of a resource are AWS's own where the stack writes none.
fn stays(kind: &str, block: &str) -> bool {
    let Some(kind) = kind::resource(kind) else { return false };
    let schema = &kind.schema().block;
    schema.blocks.get(block).is_some_and(|it| it.computed)
        || schema.attributes.get(block).is_some_and(|it| it.computed)
}

/// A folder, the files it is made of, and what was left out.
fn one(root: &Path, path: PathBuf) -> Result<(Folder, Vec<Arc<SourceFile>>, Diagnostics), Diagnostics> {
    let dir = if path.as_os_str().is_empty() { root.to_owned() } else { root.join(&path) };
    let names = names(&dir)?;
    if let Some(error) = refused(&dir, &names) {
        return Err(error.into());
    }
    let mut errors = Diagnostics::default();
    let mut read = |wanted: &dyn Fn(&str) -> bool| -> Vec<Arc<SourceFile>> {
        let all = names.iter().filter(|it| wanted(it));
        all.filter_map(|it| errors.take(config::read_file(&dir.join(it)))).collect()
    };
    let files = read(&|it| it.ends_with(".tf"));
    let mut values = if path.as_os_str().is_empty() { read(&is_values) } else { Vec::new() };
    values.sort_by_key(|it| !it.path.ends_with("terraform.tfvars"));
    let (made, found) = convert::folder(&files, &values, &stays);
    errors.extend(found);
    if !errors.has_errors() {
        made.iter().for_each(|it| check(&dir, it, &mut errors));
    }
    let used = names.into_iter().filter(|it| it.ends_with(".tf") || is_values(it));
    let from = used.collect();
    errors.check(())?;
    let sources = files.iter().flat_map(|it| convert::sources(&it.text));
    let local = sources.filter(|it| it.starts_with("./") || it.starts_with("../"));
    let outside = local.filter(|it| joined(&path, it).is_none()).collect();
    Ok((Folder { path, made, from, outside }, files, errors))
}

/// What was made must be readable; that it is not, would be a fault of this program.
fn check(dir: &Path, made: &Made, errors: &mut Diagnostics) {
    let file = SourceFile { path: dir.join(&made.name), text: made.text.clone() };
    if let Err(found) = config::parse_toml(&Arc::new(file)) {
        errors.extend(found);
    }
}

fn names(dir: &Path) -> Result<Vec<String>, Diagnostics> {
    let fail = |it: std::io::Error| {
        Diagnostics::from(Diagnostic::error(format!("cannot read {}: {it}", shown(dir))))
    };
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(fail)? {
        let name = entry.map_err(fail)?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !name.ends_with('~') {
            out.push(name);
        }
    }
    out.sort();
    Ok(out)
}

/// The folders of modules that a file calls, where they are below the one that is converted.
fn called(from: &Path, file: &SourceFile) -> Vec<PathBuf> {
    convert::sources(&file.text).iter().filter_map(|it| joined(from, it)).collect()
}

/// `./x` and `../x` from a folder, without `..`; `None` where that leads out.
fn joined(from: &Path, source: &str) -> Option<PathBuf> {
    if !source.starts_with("./") && !source.starts_with("../") {
        return None;
    }
    let mut out = from.to_owned();
    for part in Path::new(source).components() {
        match part {
            Component::ParentDir if !out.pop() => return None,
            Component::Normal(name) => out.push(name),
            _ => {}
        }
    }
    Some(out)
}

/// The text of a stack file in another place, with the way to modules that stay where they are.
fn led_back(folder: &Folder, text: &str, from: &Path, to: &Path) -> Result<String, Diagnostics> {
    let whole = |path: &Path| path.canonicalize().map_err(|it| failed("find", path, &it));
    let mut out = text.to_owned();
    for source in &folder.outside {
        let there = from.join(&folder.path).join(source);
        // One that is not there is told when the module is read.
        let Ok(there) = there.canonicalize() else { continue };
        let way = way(&whole(to)?.join(&folder.path), &there);
        out = out.replace(&format!("source = \"{source}\"\n"), &format!("source = \"{way}\"\n"));
    }
    Ok(out)
}

/// From a folder to another, both from the root on.
fn way(from: &Path, to: &Path) -> String {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| "..".to_owned());
    let down = to.components().skip(common).map(|it| it.as_os_str().to_string_lossy().into_owned());
    let steps: Vec<String> = up.chain(down).collect();
    let way = steps.join("/");
    if way.starts_with("..") { way } else { format!("./{way}") }
}

fn failed(what: &str, path: &Path, error: &std::io::Error) -> Diagnostics {
    Diagnostic::error(format!("cannot {what} {}: {error}", path.display())).into()
}

fn write(path: &Path, text: &str, careful: bool) -> Result<(), Diagnostics> {
    if careful && path.exists() {
        let error = Diagnostic::error(format!("{} is there already", path.display()));
        return Err(error.help("convert into another folder: `--out DIR`").into());
    }
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(|it| failed("make", dir, &it))?;
    }
    std::fs::write(path, text).map_err(|it| failed("write", path, &it))
}

fn refuse_full(out: &Path) -> Result<(), Diagnostics> {
    let full = std::fs::read_dir(out).is_ok_and(|mut it| it.next().is_some());
    if full {
        let error = Diagnostic::error(format!("{} is not empty", out.display()));
        return Err(error.help("name a folder that does not exist yet").into());
    }
    Ok(())
}

/// All other files, so that the new folder stands for itself; no state, no plugins.
fn copy(from: &Path, to: &Path, folders: &[Folder]) -> Result<(), Diagnostics> {
    let mut open = vec![PathBuf::new()];
    std::fs::create_dir_all(to).map_err(|it| failed("make", to, &it))?;
    let target = to.canonicalize().ok();
    while let Some(path) = open.pop() {
        let dir = from.join(&path);
        let used = folders.iter().find(|it| it.path == path);
        for name in names(&dir)? {
            let source = dir.join(&name);
            if used.is_some_and(|it| it.from.contains(&name)) || name.contains(".tfstate") {
                continue;
            }
            // The new folder may be inside of the old one.
            if target.is_some() && source.canonicalize().ok() == target {
                continue;
            }
            let place = to.join(&path).join(&name);
            if source.is_dir() {
                open.push(path.join(&name));
            } else {
                std::fs::create_dir_all(to.join(&path)).map_err(|it| failed("make", &to.join(&path), &it))?;
                std::fs::copy(&source, &place).map_err(|it| failed("copy", &source, &it))?;
            }
        }
    }
    Ok(())
}

fn remove(root: &Path, folder: &Folder) -> Result<(), Diagnostics> {
    let dir = root.join(&folder.path);
    for name in &folder.from {
        let path = dir.join(name);
        std::fs::remove_file(&path).map_err(|it| failed("remove", &path, &it))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_below_are_found() {
        let from = |from: &str, source: &str| joined(Path::new(from), source);
        assert_eq!(from("", "./a/b"), Some("a/b".into()));
        assert_eq!(from("a", "../b"), Some("b".into()));
        assert_eq!(from("a", "../../b"), None);
        assert_eq!(from("", "hashicorp/x/aws"), None);
    }

    #[test]
    fn the_way_to_another_folder() {
        assert_eq!(way(Path::new("/a/b/c"), Path::new("/a/d")), "../../d");
        assert_eq!(way(Path::new("/a"), Path::new("/a/d/e")), "./d/e");
    }
}
