//! Text around DER.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::providers::{Error, Result};

pub fn encode(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines = text.as_bytes().chunks(64).map(|it| String::from_utf8_lossy(it).into_owned() + "\n");
    format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", lines.collect::<String>())
}

/// The first block: its label and what it holds.
pub fn decode(text: &str) -> Result<(String, Vec<u8>)> {
    let wrong = |what: &str| Error::Invalid(format!("it is no PEM: {what}"));
    let (_, rest) = text.split_once("-----BEGIN ").ok_or_else(|| wrong("`-----BEGIN …-----` is missing"))?;
    let (label, rest) = rest.split_once("-----").ok_or_else(|| wrong("the first line does not end"))?;
    let end = format!("-----END {label}-----");
    let (body, _) = rest.split_once(&end).ok_or_else(|| wrong(&format!("`{end}` is missing")))?;
    if body.contains("ENCRYPTED") {
        return Err(wrong("it is encrypted"));
    }
    let body: String = body.chars().filter(|it| !it.is_whitespace()).collect();
    let der = STANDARD.decode(body).map_err(|_| wrong("what stands between the lines is no base64"))?;
    Ok((label.to_owned(), der))
}

/// The block, which has to have this label.
pub fn decode_as(label: &str, text: &str) -> Result<Vec<u8>> {
    match decode(text)? {
        (found, der) if found == label => Ok(der),
        (found, _) => Err(Error::Invalid(format!("a `{label}` is needed, and this is a `{found}`"))),
    }
}
