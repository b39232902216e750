//! Reading files: every way a file can be unreadable becomes an error that says what to do.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};

/// The longest file read: nobody writes more by hand, and a device or a dump has no end.
const LONGEST: u64 = 256 << 20;

/// Reads a text file. The path is kept as the user would type it.
pub fn read(path: &Path) -> Result<Arc<SourceFile>, Diagnostics> {
    let shown = path.strip_prefix(".").unwrap_or(path).to_owned();
    let fail = |why: String| Diagnostic::error(format!("cannot read {}: {why}", shown.display()));
    let about = std::fs::metadata(path).map_err(|it| fail(reason(&it)))?;
    if about.is_dir() {
        return Err(fail("it is a folder, not a file".into()).help("rename or remove the folder").into());
    }
    if !about.is_file() {
        return Err(fail("it is not a regular file".into()).into());
    }
    if about.len() > LONGEST {
        return Err(fail(format!("it has {} bytes, more than {LONGEST}", about.len())).into());
    }
    let bytes = std::fs::read(path).map_err(|it| fail(reason(&it)))?;
    decode(bytes, shown)
}

/// A file from its bytes, which must be UTF-8.
pub fn decode(bytes: Vec<u8>, path: std::path::PathBuf) -> Result<Arc<SourceFile>, Diagnostics> {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::new(SourceFile { path, text })),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes().get(at).copied().unwrap_or_default();
            // Up to `at` the text is the file's own, byte for byte.
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let file = Arc::new(SourceFile { path, text });
            let place = Place::new(&file, at..at + char::REPLACEMENT_CHARACTER.len_utf8());
            let help =
                if utf16 { "it looks like UTF-16: save it as UTF-8" } else { "save the file as UTF-8" };
            Err(Diagnostic::error("the file is not valid UTF-8")
                .at(&place)
                .label(format!("byte {byte:#04x} here"))
                .help(help)
                .into())
        }
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
