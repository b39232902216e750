use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pack::{self, Entry};
use super::walk;
use crate::plan::adjust::Adjust;
use crate::providers::local::content::{self, Hashes};
use crate::providers::{Error, Looked, Made, Result};
use crate::resource::{Computed, Fixed, Set};

/// An archive of a folder, a file or texts.
///
/// ```toml
/// [data.archive_file.code]
/// type = "zip"
/// source_dir = "code"
/// output_path = "code.zip"
///
/// [archive_file.note]
/// type = "tar.gz"
/// source_content = "hello"
/// source_content_filename = "note.txt"
/// output_path = "note.tar.gz"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Which form it has.
    #[schemars(extend("enum" = ["zip", "tar.gz"]))]
    pub r#type: Fixed<String>,
    /// Where it is written.
    pub output_path: Fixed<String>,
    /// The folder to pack.
    pub source_dir: Fixed<Option<String>>,
    /// The file to pack.
    pub source_file: Fixed<Option<String>>,
    /// The text to pack, under the name `source_content_filename`.
    pub source_content: Fixed<Option<String>>,
    /// The name of the text.
    pub source_content_filename: Fixed<Option<String>>,
    /// Files of the folder to leave out: names, and patterns such as `**/*.pyc`.
    #[serde(default)]
    pub excludes: Fixed<Option<Set<String>>>,
    /// Whether folders behind symbolic links are left out.
    pub exclude_symlink_directories: Option<bool>,
    /// The mode of every file in it, such as `0644`; that of the file where absent.
    pub output_file_mode: Fixed<Option<String>>,
    /// Texts to pack.
    #[serde(default)]
    pub source: Fixed<Set<Source>>,
    /// The size of the archive in bytes.
    pub output_size: Computed<i64>,
    /// The MD5 hash of the archive, in hexadecimal digits.
    pub output_md5: Computed<String>,
    /// The SHA-1 hash of the archive, in hexadecimal digits.
    pub output_sha: Computed<String>,
    /// The SHA-256 hash of the archive, in hexadecimal digits.
    pub output_sha256: Computed<String>,
    /// The SHA-256 hash of the archive, in base64.
    pub output_base64sha256: Computed<String>,
    /// The SHA-512 hash of the archive, in hexadecimal digits.
    pub output_sha512: Computed<String>,
    /// The SHA-512 hash of the archive, in base64.
    pub output_base64sha512: Computed<String>,
    /// The SHA-1 hash of the archive, in hexadecimal digits.
    pub id: Computed<String>,
}

/// A text to pack.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The text.
    pub content: Fixed<String>,
    /// Its name in the archive.
    pub filename: Fixed<String>,
}

/// One of these says what to pack.
const SOURCES: [&str; 4] = ["source", "source_content_filename", "source_file", "source_dir"];

impl File {
    /// Writes the archive, and gives it with what follows from that.
    fn packed(self) -> Result<Self> {
        let entries = self.entries()?;
        let bytes = match self.r#type.as_str() {
            "tar.gz" => pack::tar_gz(&entries)?,
            _ => pack::zip(&entries)?,
        };
        content::write(&self.output_path, &bytes, "0666", "0755")?;
        let hashes = Hashes::of(&bytes);
        Ok(File {
            output_size: (bytes.len() as i64).into(),
            output_md5: hashes.md5.into(),
            output_sha: hashes.sha1.clone().into(),
            output_sha256: hashes.sha256.into(),
            output_base64sha256: hashes.sha256_base64.into(),
            output_sha512: hashes.sha512.into(),
            output_base64sha512: hashes.sha512_base64.into(),
            id: hashes.sha1.into(),
            ..self
        })
    }

    fn entries(&self) -> Result<Vec<Entry>> {
        let mode = self.output_file_mode.as_deref().filter(|it| !it.is_empty()).map(numeric).transpose()?;
        let text = |name: &str, text: &str| Entry { name: name.to_owned(), content: text.into(), mode: None };
        let from_file = |name: String, path: &Path| {
            let content = content::read(&path.to_string_lossy())?;
            Ok(Entry { name, content, mode: mode.or_else(|| own_mode(path)) })
        };
        if let Some(folder) = self.source_dir.as_deref() {
            let excludes = self.excludes.as_ref().map(|it| it.0.as_slice()).unwrap_or_default();
            let found = walk::files(folder, excludes, self.exclude_symlink_directories.unwrap_or_default())?;
            return found.into_iter().map(|it| from_file(it.name, &it.path)).collect();
        }
        if let Some(path) = self.source_file.as_deref() {
            let path = Path::new(path);
            let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            return Ok(vec![from_file(name, path)?]);
        }
        if let Some(name) = self.source_content_filename.as_deref() {
            return Ok(vec![text(name, self.source_content.as_deref().unwrap_or_default())]);
        }
        if self.source.is_empty() {
            return Err(Error::Invalid(
                "say one of `source`, `source_content_filename`, `source_file`, `source_dir`".into(),
            ));
        }
        let mut all: Vec<Entry> = self.source.iter().map(|it| text(&it.filename, &it.content)).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all.dedup_by(|a, b| a.name == b.name);
        Ok(all)
    }
}

/// A mode as Go writes numbers: `0644`, `0o644`, `420`.
fn numeric(text: &str) -> Result<u32> {
    let octal = text.strip_prefix("0o").or_else(|| text.strip_prefix('0')).filter(|it| !it.is_empty());
    let number = match octal {
        Some(octal) => u32::from_str_radix(octal, 8),
        None => text.parse(),
    };
    number.map_err(|_| Error::Invalid(format!("`{text}` is no file mode such as 0644")))
}

#[cfg(unix)]
fn own_mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn own_mode(_: &Path) -> Option<u32> {
    Some(0o644)
}

impl Made for File {
    const TYPE: &'static str = "archive_file";
    const REMEMBERED: bool = false;

    async fn create(self) -> Result<Self> {
        self.packed()
    }

    // As the provider: each look packs again.
    async fn read(self) -> Result<Option<Self>> {
        self.packed().map(Some)
    }

    fn adjust(plan: &mut Adjust) {
        let given: Vec<&str> = SOURCES
            .into_iter()
            .filter(|it| plan.config(it).is_some_and(|it| it.is_unknown() || it.as_items() != Some(&[])))
            .collect();
        match given[..] {
            [] => plan.error(
                "source",
                "say one of `source`, `source_content_filename`, `source_file`, `source_dir`",
            ),
            [first, second, ..] => {
                plan.error(
                    second,
                    format!("`{second}` cannot stand beside `{first}`: leave one of them out"),
                );
            }
            [_] => {}
        }
    }
}

impl Looked for File {
    const TYPE: &'static str = "archive_file";

    async fn read(self) -> Result<Self> {
        self.packed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_read_as_go_reads_numbers() {
        for (text, mode) in [("0644", 0o644), ("0o755", 0o755), ("420", 420), ("0", 0)] {
            assert_eq!(numeric(text).ok(), Some(mode), "{text}");
        }
        assert!(numeric("rw-").is_err());
    }
}
