//! Fetches the modules that a stack calls from Git, with the system's `git`, and notes in the lock file
//! which commit each one is.

use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::config::modules::lock::{Entry, Lock};
use crate::config::modules::source::{Remote, Source};
use crate::config::modules::{FOLDER, Wanted};
use crate::config::version::{Constraint, Version};

/// Fetches one module; gives what was taken, such as `v1.2.3`. With `upgrade`, what the lock says is
/// looked up anew.
pub fn install(root: &Path, wanted: &Wanted, upgrade: bool) -> Result<String, String> {
    let Source::Remote(remote) = Source::parse(&wanted.source)? else {
        return Err(format!("`{}` is a folder", wanted.source));
    };
    let mut lock = Lock::read(root)?;
    let locked = lock.find(wanted).filter(|_| !upgrade).cloned();
    if let Some(it) = locked.iter().find(|it| !is_commit(&it.commit)) {
        return Err(format!("the lock file names `{}`, which is no commit", it.commit));
    }
    let (commit, reference) = match &locked {
        Some(it) => (it.commit.clone(), it.reference.clone()),
        None => resolve(&remote, wanted.version.as_deref())?,
    };
    let mut entry = Entry {
        source: wanted.source.clone(),
        version: wanted.version.clone(),
        reference,
        commit,
        checksum: String::new(),
    };
    let folder = root.join(FOLDER).join(entry.folder());
    if !folder.is_dir() {
        fetch(&remote.url, &entry, &folder)?;
    }
    entry.checksum = checksum(&folder)?;
    if let Some(locked) = &locked
        && locked.checksum != entry.checksum
    {
        return Err(format!(
            "{} does not hold what the lock file says it should ({}, not {}): remove the folder, or look into who changed it",
            folder.display(),
            entry.checksum,
            locked.checksum
        ));
    }
    let told = entry.reference.clone().unwrap_or_else(|| entry.commit.clone());
    if locked.as_ref() != Some(&entry) {
        lock.put(entry);
        lock.write(root)?;
    }
    Ok(told)
}

/// The commit that a source stands for now, and its name.
fn resolve(remote: &Remote, version: Option<&str>) -> Result<(String, Option<String>), String> {
    let listed = git(None, &["ls-remote", "--", &remote.url])?;
    let all: Vec<(&str, &str)> = listed.lines().filter_map(|it| it.split_once('\t')).collect();
    if let Some(constraint) = version {
        if remote.reference.is_some() {
            return Err("it has a `version` and a `ref`: keep one of them".to_owned());
        }
        return newest(&all, constraint, remote);
    }
    let Some(reference) = &remote.reference else {
        if remote.registry {
            return newest(&all, ">= 0.0.0", remote);
        }
        let head = all.iter().find(|it| it.1 == "HEAD");
        let commit = head.ok_or_else(|| format!("{} has no commit", remote.url))?.0;
        return Ok((commit.to_owned(), None));
    };
    // An annotated tag's own object is not the commit: that one is listed with `^{}`.
    let names = [
        format!("refs/tags/{reference}^{{}}"),
        format!("refs/tags/{reference}"),
        format!("refs/heads/{reference}"),
    ];
    let found = names.iter().find_map(|name| all.iter().find(|it| it.1 == name));
    match found {
        Some((commit, _)) => Ok(((*commit).to_owned(), Some(reference.clone()))),
        None if is_commit(reference) => Ok((reference.clone(), Some(reference.clone()))),
        None => Err(format!("{} has no branch, tag or commit `{reference}`", remote.url)),
    }
}

fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// The newest version among the tags that a constraint allows.
fn newest(
    all: &[(&str, &str)],
    constraint: &str,
    remote: &Remote,
) -> Result<(String, Option<String>), String> {
    let constraint =
        Constraint::parse(constraint).map_err(|it| format!("`{it}` is not a version constraint"))?;
    let tags = all.iter().filter_map(|(commit, name)| {
        let tag = name.strip_prefix("refs/tags/")?;
        let (tag, peeled) = tag.strip_suffix("^{}").map_or((tag, false), |it| (it, true));
        Some((Version::parse(tag)?, (peeled, tag, *commit)))
    });
    let tags: Vec<_> = tags.collect();
    let best = constraint.newest(tags.iter().map(|it| (&it.0, it.1.1)));
    let Some((_, tag)) = best else {
        return Err(format!("{} has no version that fits (it has {} in all)", remote.url, tags.len()));
    };
    let commit = tags.iter().filter(|it| it.1.1 == tag).max_by_key(|it| it.1.0).map(|it| it.1.2);
    Ok((commit.unwrap_or_default().to_owned(), Some(tag.to_owned())))
}

/// Puts the files of a commit into a folder: all of them or none.
fn fetch(url: &str, entry: &Entry, folder: &Path) -> Result<(), String> {
    let parent = folder.parent().unwrap_or(folder);
    let fail = |it: std::io::Error| format!("cannot write {}: {it}", parent.display());
    std::fs::create_dir_all(parent).map_err(fail)?;
    let building = parent.join(format!(".{}.{}", entry.folder(), std::process::id()));
    let done = checkout(url, entry, &building)
        .and_then(|()| std::fs::remove_dir_all(building.join(".git")).map_err(fail))
        .and_then(|()| std::fs::rename(&building, folder).map_err(fail));
    if done.is_err()
        && let Err(error) = std::fs::remove_dir_all(&building)
    {
        tracing::debug!(%error, folder = %building.display(), "nothing to clean up");
    }
    done
}

fn checkout(url: &str, entry: &Entry, into: &Path) -> Result<(), String> {
    let path = into.to_string_lossy();
    // One commit is enough where the server gives it by name; else everything is.
    let shallow = || {
        git(None, &["init", "--quiet", &path])?;
        git(Some(into), &["fetch", "--quiet", "--depth", "1", "--", url, &entry.commit])
    };
    if let Err(why) = shallow() {
        tracing::debug!(%why, "the commit alone cannot be had");
        if into.exists() {
            std::fs::remove_dir_all(into).map_err(|it| it.to_string())?;
        }
        git(None, &["clone", "--quiet", "--no-checkout", "--", url, &path])?;
    }
    git(Some(into), &["-c", "advice.detachedHead=false", "checkout", "--quiet", &entry.commit]).map(drop)
}

/// Runs `git`; what it says where it fails is the error.
fn git(dir: Option<&Path>, args: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    command.args(args).env("GIT_TERMINAL_PROMPT", "0").stdin(std::process::Stdio::null());
    if let Some(dir) = dir {
        command.current_dir(dir);
    }
    let output = command.output().map_err(|it| match it.kind() {
        std::io::ErrorKind::NotFound => "`git` is needed to fetch modules, and is not installed".to_owned(),
        _ => format!("git cannot be run: {it}"),
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let told: Vec<&str> = text.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    Err(format!("git: {}", told.join("; ")))
}

/// Of the names and contents of all files, in order.
fn checksum(folder: &Path) -> Result<String, String> {
    let mut files = Vec::new();
    collect(folder, Path::new(""), &mut files)
        .map_err(|it| format!("cannot read {}: {it}", folder.display()))?;
    files.sort();
    let mut all = Sha256::new();
    for name in files {
        let path = folder.join(&name);
        let content = std::fs::read(&path).map_err(|it| format!("cannot read {}: {it}", path.display()))?;
        all.update(format!("{} {}\n", hex(&Sha256::digest(&content)), name.display()));
    }
    Ok(format!("sha256:{}", hex(&all.finalize())))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn collect(root: &Path, below: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(root, &name, out)?;
        } else if kind.is_file() {
            out.push(name);
        }
    }
    Ok(())
}
