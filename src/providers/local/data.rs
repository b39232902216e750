use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::content::{self, Hashes};
use crate::providers::{Looked, Result};
use crate::resource::{Computed, Secret};

/// A file of this machine.
///
/// ```toml
/// [data.local_file.note]
/// filename = "note.txt"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The path.
    pub filename: String,
    /// The content as text; what is no UTF-8 in it becomes `\u{fffd}`.
    pub content: Computed<String>,
    /// The content in base64.
    pub content_base64: Computed<String>,
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

impl Looked for File {
    const TYPE: &'static str = "local_file";

    async fn read(self) -> Result<Self> {
        let content = content::read(&self.filename)?;
        let hashes = Hashes::of(&content);
        Ok(File {
            filename: self.filename,
            content: String::from_utf8_lossy(&content).into_owned().into(),
            content_base64: STANDARD.encode(&content).into(),
            content_md5: hashes.md5.into(),
            content_sha1: hashes.sha1.clone().into(),
            content_sha256: hashes.sha256.into(),
            content_base64sha256: hashes.sha256_base64.into(),
            content_sha512: hashes.sha512.into(),
            content_base64sha512: hashes.sha512_base64.into(),
            id: hashes.sha1.into(),
        })
    }
}

/// A file of this machine whose content is never shown.
///
/// ```toml
/// [data.local_sensitive_file.key]
/// filename = "key.txt"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveFile {
    /// The path.
    pub filename: String,
    /// The content as text; what is no UTF-8 in it becomes `\u{fffd}`.
    pub content: Secret<Computed<String>>,
    /// The content in base64.
    pub content_base64: Secret<Computed<String>>,
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

impl Looked for SensitiveFile {
    const TYPE: &'static str = "local_sensitive_file";

    async fn read(self) -> Result<Self> {
        let content = content::read(&self.filename)?;
        let hashes = Hashes::of(&content);
        Ok(SensitiveFile {
            filename: self.filename,
            content: Secret(String::from_utf8_lossy(&content).into_owned().into()),
            content_base64: Secret(STANDARD.encode(&content).into()),
            content_md5: hashes.md5.into(),
            content_sha1: hashes.sha1.clone().into(),
            content_sha256: hashes.sha256.into(),
            content_base64sha256: hashes.sha256_base64.into(),
            content_sha512: hashes.sha512.into(),
            content_base64sha512: hashes.sha512_base64.into(),
            id: hashes.sha1.into(),
        })
    }
}
