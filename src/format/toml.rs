//! Layout of stack files and other TOML: tables set apart by an empty line, one space around `=`,
//! nothing indented but what stands in an array of several lines. Comments, and the order of
//! everything, stay as they are.

pub mod quote;
mod scalar;
mod tree;
mod write;

/// A whole file. What is no valid TOML comes back as it is.
pub fn file(text: &str) -> String {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let end = if bare.contains("\r\n") { "\r\n" } else { "\n" };
    match tree::parse(bare) {
        Some(items) => write::file(&items, end),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
