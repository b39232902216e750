use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result, Texts, replaced_by_values};
use crate::resource::Computed;

/// A UUID by chance.
///
/// ```toml
/// [random_uuid.job]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uuid {
    /// A change of any of these values makes a new one.
    pub keepers: Option<Texts>,
    /// The UUID.
    pub result: Computed<String>,
    /// The UUID.
    pub id: Computed<String>,
}

impl Uuid {
    fn of(bytes: [u8; 16], keepers: Option<Texts>) -> Self {
        let text = uuid::Uuid::from_bytes(bytes).to_string();
        Uuid { keepers, result: text.clone().into(), id: text.into() }
    }
}

impl Made for Uuid {
    const TYPE: &'static str = "random_uuid";
    const IMPORT: &'static [&'static str] = &["aabbccdd-eeff-0011-2233-445566778899"];

    // All bits are by chance, as in the provider: no version is set.
    async fn create(self) -> Result<Self> {
        let mut bytes = [0; 16];
        source::fill(&mut bytes)?;
        Ok(Uuid::of(bytes, self.keepers))
    }

    fn import(id: &str) -> Result<Self> {
        let bytes = uuid::Uuid::try_parse(id).ok().filter(|_| id.len() == 36);
        let error = || Error::Invalid("import with the UUID, such as 3b1f2c5e-…-0d9c5a1e7f42".to_owned());
        Ok(Uuid::of(bytes.ok_or_else(error)?.into_bytes(), None))
    }

    fn adjust(plan: &mut Adjust) {
        replaced_by_values(plan, "keepers");
    }
}
