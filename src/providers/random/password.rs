use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::{Class, LONGEST, Wanted, adjust};
use crate::plan::adjust::Adjust;
use crate::providers::{Error, Made, Result, Texts};
use crate::resource::{Chosen, Computed, Fixed, Secret};

/// A text of characters by chance that is never shown.
///
/// ```toml
/// [random_password.database]
/// length = 16
/// override_special = "!#%+-_"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// A change of any of these values makes a new one.
    pub keepers: Option<Texts>,
    /// The number of characters.
    #[schemars(range(min = 1, max = 1048576))]
    pub length: Fixed<i64>,
    /// Whether special characters are used: those of `!@#$%&*()-_=+[]{}<>:?`, or of `override_special`.
    #[serde(default = "yes")]
    pub special: Fixed<bool>,
    /// Whether upper-case letters are used.
    #[serde(default = "yes")]
    pub upper: Fixed<bool>,
    /// Whether lower-case letters are used.
    #[serde(default = "yes")]
    pub lower: Fixed<bool>,
    /// The older name of `numeric`.
    pub number: Fixed<Chosen<Option<bool>>>,
    /// Whether digits are used; they are where nothing is said.
    pub numeric: Fixed<Chosen<Option<bool>>>,
    /// The least number of digits.
    #[serde(default)]
    pub min_numeric: Fixed<i64>,
    /// The least number of upper-case letters.
    #[serde(default)]
    pub min_upper: Fixed<i64>,
    /// The least number of lower-case letters.
    #[serde(default)]
    pub min_lower: Fixed<i64>,
    /// The least number of special characters.
    #[serde(default)]
    pub min_special: Fixed<i64>,
    /// The special characters to use instead of the usual ones.
    pub override_special: Option<String>,
    /// The text.
    pub result: Secret<Computed<String>>,
    /// A bcrypt hash of the text, or of its first 72 bytes.
    pub bcrypt_hash: Secret<Computed<Option<String>>>,
    /// Always `none`.
    pub id: Computed<String>,
}

fn yes() -> Fixed<bool> {
    Fixed(true)
}

impl Password {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            length: *self.length,
            upper: Class { used: *self.upper, least: *self.min_upper },
            lower: Class { used: *self.lower, least: *self.min_lower },
            numeric: Class { used: self.numeric.unwrap_or(true), least: *self.min_numeric },
            special: Class { used: *self.special, least: *self.min_special },
            override_special: self.override_special.as_deref(),
        }
    }
}

impl Made for Password {
    const TYPE: &'static str = "random_password";
    const SCHEMA_VERSION: u64 = 3;
    const IMPORT: &'static [&'static str] = &["securepassword"];

    async fn create(self) -> Result<Self> {
        let result = self.wanted().make()?;
        let bcrypt_hash = hashed(&result)?;
        Ok(Password { bcrypt_hash, result: Secret(result.into()), id: "none".to_owned().into(), ..self })
    }

    // States of older versions lack some of it.
    async fn read(self) -> Result<Option<Self>> {
        let digits = self.numeric.or(*self.number.0).unwrap_or(true);
        let number = Fixed(Chosen(Some(digits)));
        let bcrypt_hash = match self.bcrypt_hash.0.0.is_none() {
            true => hashed(&self.result)?,
            false => self.bcrypt_hash,
        };
        Ok(Some(Password { numeric: number.clone(), number, bcrypt_hash, ..self }))
    }

    fn import(id: &str) -> Result<Self> {
        if id.len() as i64 > LONGEST {
            return Err(crate::providers::Error::Invalid(format!("a text has at most {LONGEST} characters")));
        }
        Ok(Password {
            keepers: None,
            length: Fixed(id.len() as i64),
            special: Fixed(true),
            upper: Fixed(true),
            lower: Fixed(true),
            number: Fixed(Chosen(Some(true))),
            numeric: Fixed(Chosen(Some(true))),
            min_numeric: Fixed(0),
            min_upper: Fixed(0),
            min_lower: Fixed(0),
            min_special: Fixed(0),
            override_special: None,
            result: Secret(id.to_owned().into()),
            bcrypt_hash: hashed(id)?,
            id: "none".to_owned().into(),
        })
    }

    fn adjust(plan: &mut Adjust) {
        adjust(plan);
    }
}

/// How much work a hash is: the library default of the provider.
const COST: u32 = 10;

fn hashed(text: &str) -> Result<Secret<Computed<Option<String>>>> {
    let hash = bcrypt::hash_with_result(text, COST);
    let hash = hash.map_err(|it| Error::Invalid(format!("no hash can be made: {it}")))?;
    Ok(Secret(Computed(Some(hash.format_for_version(bcrypt::Version::TwoA)))))
}
