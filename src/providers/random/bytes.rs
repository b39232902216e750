use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source;
use crate::providers::{Error, Made, Result, Texts, hex};
use crate::resource::{Computed, Fixed, Secret};

/// Bytes by chance, for a key or another secret.
///
/// ```toml
/// [random_bytes.key]
/// length = 32
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bytes {
    /// A change of any of these values makes new ones.
    pub keepers: Fixed<Option<Texts>>,
    /// The number of bytes.
    #[schemars(range(min = 1))]
    pub length: Fixed<i64>,
    /// The bytes in base64.
    pub base64: Secret<Computed<String>>,
    /// The bytes in hexadecimal digits.
    pub hex: Secret<Computed<String>>,
}

impl Bytes {
    fn of(bytes: &[u8], keepers: Option<Texts>) -> Self {
        Bytes {
            keepers: keepers.into(),
            length: Fixed(bytes.len() as i64),
            base64: Secret(STANDARD.encode(bytes).into()),
            hex: Secret(hex(bytes).into()),
        }
    }
}

impl Made for Bytes {
    const TYPE: &'static str = "random_bytes";
    const IMPORT: &'static [&'static str] = &["8/fu3q+2TcgSJ19i0jZ12Q=="];

    async fn create(self) -> Result<Self> {
        Ok(Bytes::of(&source::bytes(*self.length)?, self.keepers.0))
    }

    fn import(id: &str) -> Result<Self> {
        let bytes = STANDARD.decode(id);
        let bytes = bytes.map_err(|_| Error::Invalid("import with the bytes in base64".to_owned()))?;
        Ok(Bytes::of(&bytes, None))
    }
}
