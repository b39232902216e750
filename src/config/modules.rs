//! Where the files of a module are: a folder beside the caller's, or what `infra init` has fetched.

use std::path::{Component, Path, PathBuf};

pub mod lock;
pub mod source;

use lock::Lock;
use source::Source;

/// The folder, below the stack's, that holds what was fetched.
pub const FOLDER: &str = ".infra/modules";

/// A module that was not fetched yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub source: String,
    pub version: Option<String>,
}

/// Why a module cannot be read.
pub(super) enum Missing {
    /// It has to be fetched first.
    Wanted(Wanted),
    Wrong(String),
}

/// The folder of a module that is called with this source from a folder. `root` is the stack's folder.
pub(super) fn locate(
    root: &Path,
    from: &Path,
    source: &str,
    version: Option<&str>,
) -> Result<PathBuf, Missing> {
    match Source::parse(source).map_err(Missing::Wrong)? {
        Source::Local(path) => {
            if version.is_some() {
                let why = "a module in a folder beside has no `version`: take it out";
                return Err(Missing::Wrong(why.to_owned()));
            }
            let dir = clean(&from.join(path));
            if dir.is_dir() {
                Ok(dir)
            } else {
                Err(Missing::Wrong(format!("there is no folder {}", dir.display())))
            }
        }
        Source::Remote(remote) => {
            let wanted = Wanted { source: source.to_owned(), version: version.map(str::to_owned) };
            let lock = Lock::read(root).map_err(Missing::Wrong)?;
            let Some(entry) = lock.find(&wanted) else { return Err(Missing::Wanted(wanted)) };
            let checkout = root.join(FOLDER).join(entry.folder());
            if !checkout.is_dir() {
                return Err(Missing::Wanted(wanted));
            }
            let dir = clean(&checkout.join(&remote.folder));
            if dir.is_dir() {
                return Ok(dir);
            }
            Err(Missing::Wrong(format!("{} has no folder `{}`", remote.url, remote.folder)))
        }
    }
}

/// Without steps that lead nowhere: `./a/../b` is `b`.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for step in path.components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short() {
        for (path, short) in
            [("./a/../b", "b"), (".", "."), ("a/..", "."), ("../../a", "../../a"), ("/a/./b", "/a/b")]
        {
            assert_eq!(clean(Path::new(path)), Path::new(short), "{path}");
        }
    }
}
