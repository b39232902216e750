//! What files hold, and the hashes of it.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest;

use crate::providers::{Error, Result, hex};

/// The hashes of a content, in all the forms that the provider gives.
pub struct Hashes {
    pub md5: String,
    pub sha1: String,
    pub sha256: String,
    pub sha256_base64: String,
    pub sha512: String,
    pub sha512_base64: String,
}

impl Hashes {
    pub fn of(content: &[u8]) -> Self {
        let (sha256, sha512) = (sha2::Sha256::digest(content), sha2::Sha512::digest(content));
        Hashes {
            md5: hex(&md5::Md5::digest(content)),
            sha1: hex(&sha1::Sha1::digest(content)),
            sha256: hex(&sha256),
            sha256_base64: STANDARD.encode(sha256),
            sha512: hex(&sha512),
            sha512_base64: STANDARD.encode(sha512),
        }
    }
}

/// A file's content; the error names the file.
pub fn read(path: &str) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|it| Error::Invalid(format!("the file {path} cannot be read: {it}")))
}

/// A mode such as `0644`.
pub fn mode(text: &str) -> Result<u32> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|it| *it <= 0o777 && (3..=4).contains(&text.len()));
    mode.ok_or_else(|| Error::Invalid(format!("`{text}` is no file mode such as 0644")))
}

/// Writes a file, and the folders that lack on the way to it.
pub fn write(path: &str, content: &[u8], file: &str, folder: &str) -> Result<()> {
    let path = Path::new(path);
    let failed = |what: &str, error: std::io::Error| {
        Error::Invalid(format!("{what} of {} cannot be written: {error}", path.display()))
    };
    let (file, folder) = (mode(file)?, mode(folder)?);
    if let Some(parent) = path.parent().filter(|it| !it.as_os_str().is_empty() && !it.exists()) {
        make_folder(parent, folder).map_err(|it| failed("the folder", it))?;
    }
    put(path, content, file).map_err(|it| failed("the content", it))
}

#[cfg(unix)]
fn make_folder(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(mode).create(path)
}

#[cfg(not(unix))]
fn make_folder(path: &Path, _: u32) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Whole or not at all: a process that dies in the middle leaves what was there. What is no plain file
/// (a link, a pipe) is written into, and so is one in a folder where nothing can be made.
#[cfg(unix)]
fn put(path: &Path, content: &[u8], mode: u32) -> std::io::Result<()> {
    let there = std::fs::symlink_metadata(path).ok();
    if there.as_ref().is_some_and(|it| !it.is_file()) {
        return put_into(path, content, mode);
    }
    let Some(name) = path.file_name() else { return put_into(path, content, mode) };
    let mut part = std::ffi::OsString::from(".");
    part.push(name);
    part.push(".part");
    let part = path.with_file_name(part);
    let written = put_into(&part, content, mode).and_then(|()| match there {
        Some(it) => std::fs::set_permissions(&part, it.permissions()),
        None => Ok(()),
    });
    match written.and_then(|()| std::fs::rename(&part, path)) {
        Err(error) => {
            // Where it could not even be made, there is nothing to remove.
            let _ = std::fs::remove_file(&part);
            match error.kind() {
                std::io::ErrorKind::PermissionDenied => put_into(path, content, mode),
                _ => Err(error),
            }
        }
        done => done,
    }
}

#[cfg(unix)]
fn put_into(path: &Path, content: &[u8], mode: u32) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let open = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path);
    open?.write_all(content)
}

#[cfg(not(unix))]
fn put(path: &Path, content: &[u8], _: u32) -> std::io::Result<()> {
    std::fs::write(path, content)
}
