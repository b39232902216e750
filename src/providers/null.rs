//! The provider `null`: nothing, with triggers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Looked, Made, Result, Texts, random, replaced_by_values};
use crate::plan::adjust::Adjust;
use crate::resource::{Chosen, Computed};

/// Nothing, replaced when its triggers change: something to hang provisioners on. `terraform_data` is newer.
///
/// ```toml
/// [null_resource.deployed]
/// triggers = { version = "1.4.2" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// A change of any of these values makes a new one.
    pub triggers: Option<Texts>,
    /// A number by chance.
    pub id: Computed<String>,
}

impl Made for Resource {
    const TYPE: &'static str = "null_resource";

    async fn create(self) -> Result<Self> {
        Ok(Resource { id: random::number()?.into(), ..self })
    }

    fn adjust(plan: &mut Adjust) {
        replaced_by_values(plan, "triggers");
    }
}

/// Gives back what it is given. Local values do the same.
///
/// ```toml
/// [data.null_data_source.values]
/// inputs = { zone = "a" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataSource {
    /// Texts by name.
    pub inputs: Option<Texts>,
    /// What `inputs` says.
    pub outputs: Computed<Option<Texts>>,
    /// A number by chance, a new one at each read.
    pub random: Computed<String>,
    /// `default` where nothing is said.
    pub has_computed_default: Chosen<Option<String>>,
    /// Always `static`.
    pub id: Computed<String>,
}

impl Looked for DataSource {
    const TYPE: &'static str = "null_data_source";

    async fn read(self) -> Result<Self> {
        let said = self.has_computed_default.0.unwrap_or_else(|| "default".to_owned());
        Ok(DataSource {
            outputs: self.inputs.clone().into(),
            random: random::number()?.into(),
            has_computed_default: Some(said).into(),
            id: "static".to_owned().into(),
            inputs: self.inputs,
        })
    }
}
