//! Where a stored state stands in the order of writes, whether it is encrypted or not.

use serde::Deserialize;

#[derive(Deserialize)]
struct Position {
    #[serde(default)]
    serial: u64,
    #[serde(default)]
    lineage: String,
    version: Option<serde::de::IgnoredAny>,
    encrypted_data: Option<serde::de::IgnoredAny>,
}

/// Lineage and serial of a whole state; `None` where the bytes are none, or not all of one.
pub fn position(bytes: &[u8]) -> Option<(String, u64)> {
    let found: Position = serde_json::from_slice(bytes).ok()?;
    let is_state = found.version.is_some() || found.encrypted_data.is_some();
    is_state.then_some((found.lineage, found.serial))
}
