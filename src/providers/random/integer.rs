use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::source::Source;
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result, Texts, replaced_by_values};
use crate::resource::{Computed, Fixed};

/// A whole number of a range by chance.
///
/// ```toml
/// [random_integer.port]
/// min = 20000
/// max = 29999
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Integer {
    /// A change of any of these values makes a new one.
    pub keepers: Option<Texts>,
    /// The least it can be.
    pub min: Fixed<i64>,
    /// The most it can be.
    pub max: Fixed<i64>,
    /// The same text gives the same number.
    pub seed: Fixed<Option<String>>,
    /// The number.
    pub result: Computed<i64>,
    /// The number as text.
    pub id: Computed<String>,
}

impl Made for Integer {
    const TYPE: &'static str = "random_integer";
    const IMPORT: &'static [&'static str] = &["15390,1,50000", "15390,1,50000,seed"];

    async fn create(self) -> Result<Self> {
        let (min, max) = (i128::from(*self.min), i128::from(*self.max));
        let count = u128::try_from(max - min + 1).ok().filter(|it| *it > 0);
        let count = count.ok_or_else(|| Error::Invalid(turned(*self.min, *self.max)))?;
        let seed = self.seed.0.filter(|it| !it.is_empty());
        let above = Source::of(seed.as_deref()).below(count)?;
        let number = i64::try_from(min + above as i128).unwrap_or(*self.max);
        Ok(Integer { result: number.into(), id: number.to_string().into(), seed: seed.into(), ..self })
    }

    fn import(id: &str) -> Result<Self> {
        let wrong = || Error::Invalid("import with `RESULT,MIN,MAX` or `RESULT,MIN,MAX,SEED`".to_owned());
        let parts: Vec<&str> = id.split(',').collect();
        let number = |at: usize| parts.get(at).and_then(|it| it.parse::<i64>().ok()).ok_or_else(wrong);
        if !(3..=4).contains(&parts.len()) {
            return Err(wrong());
        }
        Ok(Integer {
            keepers: None,
            min: number(1)?.into(),
            max: number(2)?.into(),
            seed: parts.get(3).map(|it| (*it).to_owned()).into(),
            result: number(0)?.into(),
            id: parts[0].to_owned().into(),
        })
    }

    fn adjust(plan: &mut Adjust) {
        replaced_by_values(plan, "keepers");
        let number = |name: &str| plan.will(name).and_then(Value::as_number).map(|it| it.to_f64());
        if let (Some(min), Some(max)) = (number("min"), number("max"))
            && min > max
        {
            plan.error("min", turned(min as i64, max as i64));
        }
    }
}

fn turned(min: i64, max: i64) -> String {
    format!("no number is at least {min} and at most {max}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_all() {
        let it = Integer::import("15,10,20,x").expect("imported");
        assert_eq!((*it.result, *it.min, *it.max, it.seed.as_deref()), (15, 10, 20, Some("x")));
        for wrong in ["15", "15,10", "a,10,20", "1,2,3,4,5"] {
            assert!(Integer::import(wrong).is_err(), "{wrong}");
        }
    }
}
