//! Files of the configuration.

use std::path::{Component, Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest;

use super::hash::hex;
use super::{Answer, Call, Fail, Function, Param, Returns, Ty, string};
use crate::lang::types::Type;
use crate::lang::value::Value;

const STRING: Returns = Returns::Is(Ty::String);
const PATH: Param = string("path");

pub(super) const ALL: &[Function] = &[
    Function::new(
        "abspath",
        &[PATH],
        STRING,
        "A path from the root of the file system.",
        &[(r#"abspath("/srv/./app/../web")"#, r#""/srv/web""#)],
        |it| {
            let path = std::path::absolute(resolved(it, 0)?).map_err(|why| Fail::Arg(0, why.to_string()))?;
            Ok(shown(&clean(&path)).into())
        },
    ),
    Function::new(
        "basename",
        &[PATH],
        STRING,
        "The last part of a path.",
        &[(r#"basename("foo/bar/baz.txt")"#, r#""baz.txt""#), (r#"basename("")"#, r#"".""#)],
        |it| Ok(base_name(it.text(0)?).into()),
    ),
    Function::new(
        "dirname",
        &[PATH],
        STRING,
        "A path without its last part.",
        &[(r#"dirname("foo/bar/baz.txt")"#, r#""foo/bar""#), (r#"dirname("baz")"#, r#"".""#)],
        |it| Ok(dir_name(it.text(0)?).into()),
    ),
    Function::new(
        "file",
        &[PATH],
        STRING,
        "The text of a file.",
        &[(r#"chomp(file("files/plain.txt"))"#, r#""plain text""#)],
        |it| Ok(text(it)?.into()),
    ),
    Function::new(
        "filebase64",
        &[PATH],
        STRING,
        "The content of a file, in base64.",
        &[(r#"filebase64("files/plain.txt")"#, r#""cGxhaW4gdGV4dAo=""#)],
        |it| Ok(STANDARD.encode(bytes(it)?).into()),
    ),
    Function::new(
        "filebase64sha256",
        &[PATH],
        STRING,
        "The SHA-256 digest of a file, in base64.",
        &[(r#"filebase64sha256("files/plain.txt")"#, r#""wwqS+e+InAfHgafPmfW3FBXU0SiehEc9G55vAf7/xi0=""#)],
        |it| Ok(STANDARD.encode(sha2::Sha256::digest(bytes(it)?)).into()),
    ),
    Function::new(
        "filebase64sha512",
        &[PATH],
        STRING,
        "The SHA-512 digest of a file, in base64.",
        &[(r#"substr(filebase64sha512("files/plain.txt"), 0, 12)"#, r#""/IKXv6y5cdUh""#)],
        |it| Ok(STANDARD.encode(sha2::Sha512::digest(bytes(it)?)).into()),
    ),
    Function::new(
        "filesha1",
        &[PATH],
        STRING,
        "The SHA-1 digest of a file, in hexadecimal.",
        &[(r#"filesha1("files/plain.txt")"#, r#""05fce045f52915714cdc306395b20dd0297fe119""#)],
        |it| Ok(hex(&sha1::Sha1::digest(bytes(it)?)).into()),
    ),
    Function::new(
        "filesha512",
        &[PATH],
        STRING,
        "The SHA-512 digest of a file, in hexadecimal.",
        &[(r#"substr(filesha512("files/plain.txt"), 0, 16)"#, r#""fc8297bfacb971d5""#)],
        |it| Ok(hex(&sha2::Sha512::digest(bytes(it)?)).into()),
    ),
    Function::new(
        "fileexists",
        &[PATH],
        Returns::Is(Ty::Bool),
        "Whether there is a file of that name.",
        &[(r#"fileexists("no such file")"#, "false")],
        |it| {
            let path = resolved(it, 0)?;
            match std::fs::metadata(&path) {
                Ok(found) if found.is_file() => Ok(true.into()),
                Ok(_) => Err(Fail::Arg(0, format!("`{}` is no file", path.display()))),
                Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(false.into()),
                Err(why) => Err(Fail::Arg(0, format!("`{}` cannot be looked at: {why}", path.display()))),
            }
        },
    ),
    Function::new(
        "filemd5",
        &[PATH],
        STRING,
        "The MD5 digest of a file, in hexadecimal.",
        &[(r#"filemd5("files/plain.txt")"#, r#""cae78661f93d71cb9c8063d20eb49614""#)],
        |it| Ok(hex(&md5::Md5::digest(bytes(it)?)).into()),
    ),
    Function::new(
        "filesha256",
        &[PATH],
        STRING,
        "The SHA-256 digest of a file, in hexadecimal.",
        &[(
            r#"filesha256("files/plain.txt")"#,
            r#""c30a92f9ef889c07c781a7cf99f5b71415d4d1289e84473d1b9e6f01feffc62d""#,
        )],
        |it| Ok(hex(&sha2::Sha256::digest(bytes(it)?)).into()),
    ),
    Function::new(
        "fileset",
        &[PATH, string("pattern")],
        Returns::Is(Ty::Set(&Ty::String)),
        "The files below a folder whose path matches a pattern: `*`, `**`, `?`, `{a,b}`.",
        &[(r#"length(fileset("files", "**/*.txt"))"#, "3")],
        file_set,
    ),
    Function::new(
        "pathexpand",
        &[PATH],
        STRING,
        "A path with the home folder for a `~` at its start.",
        &[(r#"pathexpand("a/b")"#, r#""a/b""#)],
        |it| match it.text(0)? {
            other if other.starts_with('~') && !other[1..].is_empty() && !other.starts_with("~/") => {
                Err(Fail::Arg(0, "only the home folder of the user himself can be named: ~/…".to_owned()))
            }
            path => Ok(shown(&expanded(path)).into()),
        },
    ),
];

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Without `.`, `..` and doubled slashes, by the text alone.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => drop(out.pop()),
                Some(Component::RootDir) => {}
                _ => out.push(".."),
            },
            part => out.push(part),
        }
    }
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

fn base_name(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" if path.is_empty() => ".".to_owned(),
        "" => "/".to_owned(),
        path => path.rsplit('/').next().unwrap_or(path).to_owned(),
    }
}

fn dir_name(path: &str) -> String {
    match path.rfind('/') {
        Some(at) => shown(&clean(Path::new(&path[..=at]))),
        None => ".".to_owned(),
    }
}

fn expanded(path: &str) -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home,
        (Some(rest), Some(home)) if rest.starts_with('/') => {
            let below = rest.trim_start_matches('/');
            if below.is_empty() { home } else { home.join(below) }
        }
        _ => PathBuf::from(path),
    }
}

/// Where a path of the configuration is.
pub(super) fn resolved(it: &Call, at: usize) -> Result<PathBuf, Fail> {
    Ok(it.env.base_dir().join(expanded(it.text(at)?)))
}

fn bytes(it: &Call) -> Result<Vec<u8>, Fail> {
    let path = resolved(it, 0)?;
    std::fs::read(&path).map_err(|why| {
        let missing = why.kind() == std::io::ErrorKind::NotFound;
        let why = if missing { "there is no such file".to_owned() } else { why.to_string() };
        Fail::Arg(0, format!("`{}` cannot be read: {why}", path.display()))
    })
}

pub(super) fn text(it: &Call) -> Result<String, Fail> {
    let refuse = |_| Fail::Arg(0, "the file is no UTF-8 text: use filebase64(…)".to_owned());
    String::from_utf8(bytes(it)?).map_err(refuse)
}

fn file_set(it: &Call) -> Answer {
    let (dir, pattern) = (resolved(it, 0)?, Pattern::new(it.text(1)?)?);
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(dir.join(&pattern.above).join(&folder)) else { continue };
        for entry in entries.flatten() {
            let path = folder.join(entry.file_name());
            match std::fs::metadata(entry.path()) {
                Ok(it) if it.is_dir() && !entry.path().is_symlink() && pattern.goes_into(&path) => {
                    folders.push(path);
                }
                Ok(it) if it.is_file() && pattern.glob.is_match(&path) => {
                    found.push(Value::from(shown(&pattern.above.join(path))));
                }
                _ => {}
            }
        }
    }
    Ok(Value::set(Type::String, found))
}

/// A pattern of file names.
struct Pattern {
    /// The `..` at its start.
    above: PathBuf,
    glob: globset::GlobMatcher,
    /// How deep a file can lie; anywhere with `**`.
    depth: Option<usize>,
}

impl Pattern {
    fn new(text: &str) -> Result<Pattern, Fail> {
        let clean = if text.is_empty() { String::new() } else { shown(&clean(Path::new(text))) };
        let below = clean.trim_start_matches("../");
        let above = PathBuf::from(&clean[..clean.len() - below.len()]);
        let glob = globset::GlobBuilder::new(&plain_marks(below)).literal_separator(true).build();
        let glob = glob.map_err(|why| Fail::Arg(1, format!("it is no pattern: {}", why.kind())))?;
        let depth = (!below.contains("**")).then(|| below.split('/').count());
        Ok(Pattern { above, glob: glob.compile_matcher(), depth })
    }

    fn goes_into(&self, folder: &Path) -> bool {
        self.depth.is_none_or(|it| folder.components().count() < it)
    }
}

/// `[!a]` means an exclamation mark or an a: only `^` negates. So the mark moves to the end.
fn plain_marks(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, class)) = rest.split_once("[!") {
        let Some((inside, after)) = class.split_once(']') else { break };
        out.push_str(&format!("{before}[{inside}!]"));
        rest = after;
    }
    out + rest
}
