use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::content::{self, Hashes};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result};
use crate::resource::{Computed, Fixed, Secret};

/// A file with a content. It is made anew where it is gone or holds something else.
///
/// ```toml
/// [local_file.note]
/// filename = "out/note.txt"
/// content = "hello"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The path. Folders that lack are made; a file that is there is overwritten.
    pub filename: Fixed<String>,
    /// What the file holds, as text.
    pub content: Fixed<Option<String>>,
    /// What the file holds, in base64.
    pub content_base64: Fixed<Option<String>>,
    /// A file to copy.
    pub source: Fixed<Option<String>>,
    /// What the file holds, never shown. `local_sensitive_file` is newer.
    pub sensitive_content: Fixed<Secret<Option<String>>>,
    /// The file's mode, such as `0644`, from which the umask takes away.
    #[serde(default = "open")]
    pub file_permission: Fixed<String>,
    /// The mode of folders that are made, such as `0755`, from which the umask takes away.
    #[serde(default = "open")]
    pub directory_permission: Fixed<String>,
    /// The MD5 hash of the content, in hexadecimal digits.
    pub content_md5: Computed<String>,
    /// The SHA-1 hash of the content, in hexadecimal digits.
    pub content_sha1: Computed<String>,
    /// The SHA-256 hash of the content, in hexadecimal digits.
    pub content_sha256: Computed<String>,
    /// The SHA-256 hash of the content, in base64.
    pub content_base64sha256: Computed<String>,
    /// The SHA-512 hash of the content, in hexadecimal digits.
    pub content_sha512: Computed<String>,
    /// The SHA-512 hash of the content, in base64.
    pub content_base64sha512: Computed<String>,
    /// The SHA-1 hash of the content, in hexadecimal digits.
    pub id: Computed<String>,
}

fn open() -> Fixed<String> {
    Fixed("0777".to_owned())
}

impl Made for File {
    const TYPE: &'static str = "local_file";
    const REMEMBERED: bool = false;

    async fn create(self) -> Result<Self> {
        let text = self.content.as_deref().or(self.sensitive_content.as_deref());
        let content = chosen(text, self.content_base64.as_deref(), self.source.as_deref())?;
        content::write(&self.filename, &content, &self.file_permission, &self.directory_permission)?;
        let hashes = Hashes::of(&content);
        Ok(File {
            content_md5: hashes.md5.into(),
            content_sha1: hashes.sha1.clone().into(),
            content_sha256: hashes.sha256.into(),
            content_base64sha256: hashes.sha256_base64.into(),
            content_sha512: hashes.sha512.into(),
            content_base64sha512: hashes.sha512_base64.into(),
            id: hashes.sha1.into(),
            ..self
        })
    }

    async fn read(self) -> Result<Option<Self>> {
        Ok(is_ours(&self.filename, &self.id)?.then_some(self))
    }

    async fn delete(self) -> Result<()> {
        remove(&self.filename)
    }

    fn adjust(plan: &mut Adjust) {
        check(plan, &["content", "sensitive_content", "content_base64", "source"]);
    }
}

/// A file with a content that is never shown.
///
/// ```toml
/// [local_sensitive_file.key]
/// filename = "out/key.txt"
/// content = "hello"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveFile {
    /// The path. Folders that lack are made; a file that is there is overwritten.
    pub filename: Fixed<String>,
    /// What the file holds, as text.
    pub content: Fixed<Secret<Option<String>>>,
    /// What the file holds, in base64.
    pub content_base64: Fixed<Secret<Option<String>>>,
    /// A file to copy.
    pub source: Fixed<Option<String>>,
    /// The file's mode, such as `0644`, from which the umask takes away.
    #[serde(default = "private")]
    pub file_permission: Fixed<String>,
    /// The mode of folders that are made, such as `0755`, from which the umask takes away.
    #[serde(default = "private")]
    pub directory_permission: Fixed<String>,
    /// The MD5 hash of the content, in hexadecimal digits.
    pub content_md5: Computed<String>,
    /// The SHA-1 hash of the content, in hexadecimal digits.
    pub content_sha1: Computed<String>,
    /// The SHA-256 hash of the content, in hexadecimal digits.
    pub content_sha256: Computed<String>,
    /// The SHA-256 hash of the content, in base64.
    pub content_base64sha256: Computed<String>,
    /// The SHA-512 hash of the content, in hexadecimal digits.
    pub content_sha512: Computed<String>,
    /// The SHA-512 hash of the content, in base64.
    pub content_base64sha512: Computed<String>,
    /// The SHA-1 hash of the content, in hexadecimal digits.
    pub id: Computed<String>,
}

fn private() -> Fixed<String> {
    Fixed("0700".to_owned())
}

impl Made for SensitiveFile {
    const TYPE: &'static str = "local_sensitive_file";
    const REMEMBERED: bool = false;

    async fn create(self) -> Result<Self> {
        let text = self.content.as_deref();
        let content = chosen(text, self.content_base64.as_deref(), self.source.as_deref())?;
        content::write(&self.filename, &content, &self.file_permission, &self.directory_permission)?;
        let hashes = Hashes::of(&content);
        Ok(SensitiveFile {
            content_md5: hashes.md5.into(),
            content_sha1: hashes.sha1.clone().into(),
            content_sha256: hashes.sha256.into(),
            content_base64sha256: hashes.sha256_base64.into(),
            content_sha512: hashes.sha512.into(),
            content_base64sha512: hashes.sha512_base64.into(),
            id: hashes.sha1.into(),
            ..self
        })
    }

    async fn read(self) -> Result<Option<Self>> {
        Ok(is_ours(&self.filename, &self.id)?.then_some(self))
    }

    async fn delete(self) -> Result<()> {
        remove(&self.filename)
    }

    fn adjust(plan: &mut Adjust) {
        check(plan, &["content", "content_base64", "source"]);
    }
}

/// What the file is to hold: one of three.
fn chosen(text: Option<&str>, base64: Option<&str>, source: Option<&str>) -> Result<Vec<u8>> {
    match (text, base64, source) {
        (Some(it), ..) => Ok(it.as_bytes().to_vec()),
        (_, Some(it), _) => {
            STANDARD.decode(it).map_err(|_| Error::Invalid("`content_base64` is no base64".to_owned()))
        }
        (_, _, Some(it)) => content::read(it),
        _ => Ok(Vec::new()),
    }
}

/// Whether the file is there and holds what was written.
fn is_ours(path: &str, id: &str) -> Result<bool> {
    match std::fs::read(path) {
        Ok(content) => Ok(Hashes::of(&content).sha1 == id),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::Invalid(format!("the file {path} cannot be read: {error}"))),
    }
}

fn remove(path: &str) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Invalid(format!("the file {path} cannot be removed: {error}")))
        }
        _ => Ok(()),
    }
}

fn check(plan: &mut Adjust, contents: &[&str]) {
    plan.exactly_one(contents);
    for name in ["file_permission", "directory_permission"] {
        if let Some(Err(error)) = plan.will(name).and_then(Value::as_str).map(content::mode) {
            plan.error(name, error.to_string());
        }
    }
}
