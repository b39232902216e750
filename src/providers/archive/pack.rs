//! Archives in memory: times and order are fixed, so that the same files give the same archive.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

use crate::providers::{Error, Result};

/// One file of an archive.
pub struct Entry {
    pub name: String,
    pub content: Vec<u8>,
    /// Its mode, where it has one of its own.
    pub mode: Option<u32>,
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Invalid(format!("the archive cannot be made: {error}"))
}

pub fn zip(entries: &[Entry]) -> Result<Vec<u8>> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for it in entries {
        let mut options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        if let Some(mode) = it.mode {
            options = options.unix_permissions(mode);
        }
        out.start_file(&it.name, options).map_err(failed)?;
        out.write_all(&it.content).map_err(failed)?;
    }
    Ok(out.finish().map_err(failed)?.into_inner())
}

pub fn tar_gz(entries: &[Entry]) -> Result<Vec<u8>> {
    let mut out = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for it in entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(it.content.len() as u64);
        header.set_mode(it.mode.unwrap_or_default());
        header.set_mtime(0);
        out.append_data(&mut header, &it.name, it.content.as_slice()).map_err(failed)?;
    }
    out.into_inner().and_then(GzEncoder::finish).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn entries() -> Vec<Entry> {
        let one = |name: &str, mode| Entry { name: name.to_owned(), content: name.into(), mode };
        vec![one("a.txt", Some(0o600)), one("b/c.txt", None)]
    }

    #[test]
    fn a_zip_holds_its_files_and_is_always_the_same() {
        let bytes = zip(&entries()).expect("packed");
        assert_eq!(bytes, zip(&entries()).expect("packed"));
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        let mut file = archive.by_name("b/c.txt").expect("the file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        assert_eq!(text, "b/c.txt");
        drop(file);
        assert_eq!(archive.by_name("a.txt").expect("the file").unix_mode().map(|it| it & 0o777), Some(0o600));
    }

    #[test]
    fn a_tar_holds_its_files() {
        let bytes = tar_gz(&entries()).expect("packed");
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let names = archive
            .entries()
            .expect("entries")
            .map(|it| it.expect("an entry").path().expect("a path").to_string_lossy().into_owned());
        assert_eq!(names.collect::<Vec<_>>(), ["a.txt", "b/c.txt"]);
    }
}
