//! Folders of test data.

use std::path::{Path, PathBuf};

/// The project's folder.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A temporary folder, gone at the end; or one inside of it.
pub struct Folder(tempfile::TempDir, PathBuf);

impl Folder {
    pub fn new() -> Folder {
        Folder::inside("")
    }

    /// The folder of that name inside of a temporary one.
    fn inside(name: &str) -> Folder {
        let outer = tempfile::Builder::new().prefix("infra-test-").tempdir().unwrap();
        let path = outer.path().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Folder(outer, path)
    }

    /// A copy of a folder, and beside it copies of others, each under its own name.
    pub fn copy_beside(other: &Path, others: &[PathBuf]) -> Folder {
        let name = |it: &Path| it.file_name().unwrap().to_string_lossy().into_owned();
        let folder = Folder::inside(&name(other));
        folder.overlay(other);
        for from in others {
            copy(from, &folder.0.path().join(name(from)));
        }
        folder
    }

    /// With a copy of another's content.
    pub fn copy_of(other: &Path) -> Folder {
        let folder = Folder::new();
        folder.overlay(other);
        folder
    }

    /// With one file, `stack.toml`.
    pub fn with_stack(text: &str) -> Folder {
        let folder = Folder::new();
        folder.write("stack.toml", text);
        folder
    }

    pub fn path(&self) -> &Path {
        &self.1
    }

    /// Copies another folder's files over this one's.
    pub fn overlay(&self, other: &Path) {
        copy(other, self.path());
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        let path = self.path().join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
    }
}

fn copy(from: &Path, to: &Path) {
    for (name, path) in files(from) {
        let to = to.join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(&path, to).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    }
}

/// All files below a folder, with their paths inside it, sorted.
pub fn files(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        let entries = std::fs::read_dir(&at).unwrap_or_else(|it| panic!("{}: {it}", at.display()));
        for path in entries.map(|it| it.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                out.push((path.strip_prefix(folder).unwrap().to_owned(), path));
            }
        }
    }
    out.sort();
    out
}

/// The names of the folders directly inside one, sorted.
pub fn folders(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|it| panic!("{}: {it}", folder.display()));
    let folders = entries.map(|it| it.unwrap()).filter(|it| it.path().is_dir());
    let mut names: Vec<_> = folders.map(|it| it.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
