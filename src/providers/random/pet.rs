use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source::Source;
use super::words::{ADJECTIVES, ADVERBS, ANIMALS};
use crate::plan::adjust::Adjust;
use crate::providers::{Made, Result, Texts, replaced_by_values};
use crate::resource::{Computed, Fixed};

/// A name of words by chance, such as `quick-otter`.
///
/// ```toml
/// [random_pet.server]
/// prefix = "web"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pet {
    /// A change of any of these values makes a new one.
    pub keepers: Option<Texts>,
    /// The number of words.
    #[serde(default = "two")]
    #[schemars(range(max = 1000))]
    pub length: Fixed<i64>,
    /// Stands before the name.
    pub prefix: Fixed<Option<String>>,
    /// Stands between the words.
    #[serde(default = "dash")]
    pub separator: Fixed<String>,
    /// The name.
    pub id: Computed<String>,
}

fn two() -> Fixed<i64> {
    Fixed(2)
}

fn dash() -> Fixed<String> {
    Fixed("-".to_owned())
}

impl Made for Pet {
    const TYPE: &'static str = "random_pet";

    async fn create(self) -> Result<Self> {
        let prefix = self.prefix.0.filter(|it| !it.is_empty());
        let mut words: Vec<&str> = prefix.as_deref().into_iter().collect();
        let mut source = Source::System;
        for _ in 2..*self.length {
            words.push(source.choose(ADVERBS)?);
        }
        if *self.length != 1 {
            words.push(source.choose(ADJECTIVES)?);
        }
        words.push(source.choose(ANIMALS)?);
        let id = words.join(&self.separator);
        Ok(Pet { id: id.into(), prefix: prefix.into(), ..self })
    }

    fn adjust(plan: &mut Adjust) {
        replaced_by_values(plan, "keepers");
    }
}
