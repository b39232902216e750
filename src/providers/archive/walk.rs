//! Which files of a folder go into an archive.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::providers::{Error, Result};

/// Deeper than this, links lead in circles.
const DEEPEST: usize = 100;

/// A file and its name in the archive.
pub struct Found {
    pub name: String,
    pub path: PathBuf,
}

/// All files below a folder, in the order of their names.
pub fn files(folder: &str, excludes: &[String], no_linked_folders: bool) -> Result<Vec<Found>> {
    let mut walk = Walk { excludes: patterns(excludes)?, no_linked_folders, found: Vec::new() };
    let folder = Path::new(folder);
    if !folder.is_dir() {
        return Err(Error::Invalid(format!("{} is no folder", folder.display())));
    }
    walk.folder(folder, "", 0)?;
    if walk.found.is_empty() {
        return Err(Error::Invalid(format!("{} holds no file to pack", folder.display())));
    }
    Ok(walk.found)
}

fn patterns(excludes: &[String]) -> Result<GlobSet> {
    let mut out = GlobSetBuilder::new();
    let wrong = |text: &str, error| Error::Invalid(format!("`{text}` is no pattern of file names: {error}"));
    for text in excludes.iter().filter(|it| !it.is_empty()) {
        let glob = GlobBuilder::new(text).literal_separator(true).build();
        out.add(glob.map_err(|it| wrong(text, it))?);
    }
    out.build().map_err(|it| wrong("excludes", it))
}

struct Walk {
    excludes: GlobSet,
    no_linked_folders: bool,
    found: Vec<Found>,
}

impl Walk {
    fn folder(&mut self, path: &Path, name: &str, depth: usize) -> Result<()> {
        if depth > DEEPEST {
            return Err(Error::Invalid(format!(
                "{} lies too deep: do links lead in a circle?",
                path.display()
            )));
        }
        let failed = |it: std::io::Error| Error::Invalid(format!("{} cannot be read: {it}", path.display()));
        let entries = std::fs::read_dir(path).map_err(failed)?;
        let mut entries = entries.collect::<std::io::Result<Vec<_>>>().map_err(failed)?;
        entries.sort_by_key(|it| it.file_name());
        for entry in entries {
            let own = entry.file_name().to_string_lossy().into_owned();
            let name = if name.is_empty() { own } else { format!("{name}/{own}") };
            if self.excludes.is_match(&name) {
                continue;
            }
            let linked = entry.file_type().map_err(failed)?.is_symlink();
            let is_folder = std::fs::metadata(entry.path()).map_err(failed)?.is_dir();
            match is_folder {
                true if linked && self.no_linked_folders => {}
                true => self.folder(&entry.path(), &name, depth + 1)?,
                false => self.found.push(Found { name, path: entry.path() }),
            }
        }
        Ok(())
    }
}
