//! Where the files of a module are.

use std::path::{Component, Path, PathBuf};

/// The folder of a module that is called with this `source` from a folder; the error says why there is none.
pub(super) fn locate(from: &Path, source: &str) -> Result<PathBuf, String> {
    if !source.starts_with("./") && !source.starts_with("../") && source != "." && source != ".." {
        return Err(format!("modules from elsewhere than a folder are not supported yet: `{source}`"));
    }
    let dir = clean(&from.join(source));
    if dir.is_dir() { Ok(dir) } else { Err(format!("there is no folder {}", dir.display())) }
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
