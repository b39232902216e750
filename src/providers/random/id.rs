use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result, Texts, hex, replaced_by_values};
use crate::resource::{Computed, Fixed};

/// A number by chance, as an identifier that nothing else has.
///
/// ```toml
/// [random_id.suffix]
/// byte_length = 4
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Id {
    /// A change of any of these values makes a new one.
    pub keepers: Option<Texts>,
    /// The number of bytes.
    #[schemars(range(min = 0))]
    pub byte_length: Fixed<i64>,
    /// Stands before each form of the number, as it is.
    pub prefix: Fixed<Option<String>>,
    /// In base64 for URLs, without padding, after the prefix.
    pub b64_url: Computed<String>,
    /// In base64, after the prefix.
    pub b64_std: Computed<String>,
    /// In hexadecimal digits, after the prefix.
    pub hex: Computed<String>,
    /// In decimal digits, after the prefix.
    pub dec: Computed<String>,
    /// In base64 for URLs, without padding and prefix.
    pub id: Computed<String>,
}

impl Id {
    fn of(bytes: &[u8], prefix: Option<String>, keepers: Option<Texts>) -> Self {
        let before = prefix.as_deref().unwrap_or_default();
        let id = URL_SAFE_NO_PAD.encode(bytes);
        Id {
            b64_url: format!("{before}{id}").into(),
            b64_std: format!("{before}{}", STANDARD.encode(bytes)).into(),
            hex: format!("{before}{}", hex(bytes)).into(),
            dec: format!("{before}{}", dashu_int::UBig::from_be_bytes(bytes)).into(),
            id: id.into(),
            byte_length: Fixed(bytes.len() as i64),
            prefix: prefix.into(),
            keepers,
        }
    }
}

impl Made for Id {
    const TYPE: &'static str = "random_id";
    const IMPORT: &'static [&'static str] = &["p-9hUUAw", "app-,p-9hUUAw"];

    async fn create(self) -> Result<Self> {
        let bytes = source::bytes(*self.byte_length)?;
        Ok(Id::of(&bytes, self.prefix.0, self.keepers))
    }

    fn import(id: &str) -> Result<Self> {
        let (prefix, id) = match id.rsplit_once(',') {
            Some((prefix, id)) => (Some(prefix).filter(|it| !it.is_empty()), id),
            None => (None, id),
        };
        let bytes = URL_SAFE_NO_PAD.decode(id).map_err(|it| {
            Error::Invalid(format!("import with `ID` or `PREFIX,ID`, the id in base64 for URLs: {it}"))
        })?;
        Ok(Id::of(&bytes, prefix.map(str::to_owned), None))
    }

    fn adjust(plan: &mut Adjust) {
        replaced_by_values(plan, "keepers");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_say_the_same_number() {
        let it = Id::of(&[0, 255, 254], Some("p-".into()), None);
        let all = [&it.b64_url, &it.b64_std, &it.hex, &it.dec, &it.id].map(|it| it.as_str());
        assert_eq!(all, ["p-AP_-", "p-AP/+", "p-00fffe", "p-65534", "AP_-"]);
        let back = Id::import("p-,AP_-").expect("imported");
        assert_eq!((&*back.dec, *back.byte_length), (&*it.dec, 3));
        assert!(Id::import("AP_-").expect("imported").prefix.is_none());
        assert!(Id::import("not base64!").is_err());
    }
}
