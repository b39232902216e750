//! `.infra.lock.toml`: which commit each fetched module is, and what its files add up to.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Wanted;

/// Its name, in the stack's folder. It belongs into version control.
pub const FILE: &str = ".infra.lock.toml";

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    #[serde(default, rename = "module")]
    pub modules: Vec<Entry>,
}

/// One source, as it was fetched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub source: String,
    /// The constraint that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The tag, branch or commit that was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The commit, whole.
    pub commit: String,
    /// `sha256:…` of all files.
    pub checksum: String,
}

impl Entry {
    /// The name of its folder below [`super::FOLDER`]: the same on every machine, as `path.module` shows it.
    pub fn folder(&self) -> String {
        let path = self.source.split('?').next().unwrap_or_default();
        let start = path.find("://").map_or(0, |it| it + 3);
        let repository = path[start..].split("//").next().unwrap_or_default();
        let repository = repository.trim_end_matches(".git");
        let tail = repository.rsplit(['/', ':']).take(2).collect::<Vec<_>>();
        let name: String = tail.into_iter().rev().collect::<Vec<_>>().join("-");
        let name: String =
            name.chars().map(|it| if it.is_ascii_alphanumeric() || it == '-' { it } else { '_' }).collect();
        format!("{name}-{}", self.commit.get(..12).unwrap_or(&self.commit))
    }
}

impl Lock {
    /// The lock of a stack's folder; empty where there is none.
    pub fn read(dir: &Path) -> Result<Lock, String> {
        let path = dir.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|it| format!("{} is damaged: {}", path.display(), it.message()))
            }
            Err(it) if it.kind() == std::io::ErrorKind::NotFound => Ok(Lock::default()),
            Err(it) => Err(format!("cannot read {}: {it}", path.display())),
        }
    }

    pub fn write(&self, dir: &Path) -> Result<(), String> {
        let path = dir.join(FILE);
        let body = toml::to_string(self).map_err(|it| it.to_string())?;
        let text = format!(
            "# Which commit each module's source stands for. Written by `infra init`; keep it in version control.\n\n{body}"
        );
        std::fs::write(&path, text).map_err(|it| format!("cannot write {}: {it}", path.display()))
    }

    pub fn find(&self, wanted: &Wanted) -> Option<&Entry> {
        self.modules.iter().find(|it| it.source == wanted.source && it.version == wanted.version)
    }

    /// Adds an entry, or puts it where its like stood.
    pub fn put(&mut self, entry: Entry) {
        self.modules.retain(|it| it.source != entry.source || it.version != entry.version);
        self.modules.push(entry);
        self.modules.sort_by(|a, b| (&a.source, &a.version).cmp(&(&b.source, &b.version)));
    }
}
