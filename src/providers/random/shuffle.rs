use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source::Source;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result, Texts, replaced_by_values};
use crate::resource::{Computed, Fixed};

/// Texts in an order by chance.
///
/// ```toml
/// [random_shuffle.zones]
/// input = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
/// result_count = 2
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shuffle {
    /// A change of any of these values makes a new order.
    pub keepers: Option<Texts>,
    /// The same text gives the same order.
    pub seed: Fixed<Option<String>>,
    /// The texts.
    pub input: Fixed<Vec<String>>,
    /// How many to give; all where absent. Beyond all, they come again.
    #[schemars(range(min = 0, max = 1000000))]
    pub result_count: Fixed<Option<i64>>,
    /// The texts in their new order.
    pub result: Computed<Vec<String>>,
    /// Always `-`.
    pub id: Computed<String>,
}

impl Made for Shuffle {
    const TYPE: &'static str = "random_shuffle";

    async fn create(self) -> Result<Self> {
        let wanted = self.result_count.unwrap_or(self.input.len() as i64);
        let wanted = usize::try_from(wanted);
        let wanted = wanted.map_err(|_| Error::Invalid("`result_count` is below zero".to_owned()))?;
        let mut source = Source::of(self.seed.as_deref());
        let mut result = Vec::new();
        while !self.input.is_empty() && result.len() < wanted {
            let mut round = self.input.0.clone();
            source.shuffle(&mut round)?;
            result.extend(round);
        }
        result.truncate(wanted);
        Ok(Shuffle { result: result.into(), id: "-".to_owned().into(), ..self })
    }

    fn adjust(plan: &mut Adjust) {
        replaced_by_values(plan, "keepers");
    }
}
