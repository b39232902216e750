//! The provider `random`: values by chance that stay as they are, because the state keeps them.
//!
//! A `seed` gives the same value each time, but not the one that Terraform's provider gives for it.

pub mod bytes;
pub mod id;
pub mod integer;
pub mod password;
pub mod pet;
pub mod shuffle;
mod source;
pub mod string;
mod text;
pub mod uuid;
mod words;

use super::Result;

/// A number of 63 bits, as text.
pub(super) fn number() -> Result<String> {
    Ok(source::Source::System.below(1 << 63)?.to_string())
}
