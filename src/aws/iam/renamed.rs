//! Users and groups: AWS finds them by a name, and the name may change.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::details::declined;
use crate::aws::Result;
use crate::resource::{Live, Resource};

/// What finds one: its name, and what tells it once it has got another name. An apply may have died right
/// after it changed the name, which the state does not know then.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Named {
    /// The name.
    pub id: String,
    /// Such as `AIDA…`; nothing on import.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unique_id: String,
}

impl Named {
    pub fn imported(id: &str) -> Self {
        Named { id: id.to_owned(), unique_id: String::new() }
    }

    /// The same under its next name.
    pub fn called(self, id: &str) -> Self {
        Named { id: id.to_owned(), ..self }
    }

    /// Whether both are of one thing.
    pub fn is(&self, other: &Self) -> bool {
        match self.unique_id.is_empty() || other.unique_id.is_empty() {
            true => self.id == other.id,
            false => self.unique_id == other.unique_id,
        }
    }
}

/// Those that were not found by their names, but are there under others: with these. `all` tells the unique
/// id and the name of everything there is, and is asked only where something is missing.
pub(super) async fn elsewhere<R: Resource<Key = Named>>(
    keys: &[Named],
    found: &[Live<R>],
    all: impl AsyncFnOnce() -> Result<Vec<(String, String)>>,
) -> Result<Vec<(Named, String)>> {
    let found: BTreeSet<&str> = found.iter().map(|it| it.key.id.as_str()).collect();
    let lost = |it: &&Named| !it.unique_id.is_empty() && !found.contains(it.id.as_str());
    let missing: Vec<&Named> = keys.iter().filter(lost).collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let names: HashMap<String, String> = match all().await {
        Ok(all) => all.into_iter().collect(),
        Err(error) if declined(&error) => HashMap::new(),
        Err(error) => return Err(error),
    };
    let now = |it: &&Named| Some(((*it).clone(), names.get(&it.unique_id)?.clone()));
    Ok(missing.iter().filter_map(now).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_stays_the_same_under_another_name() {
        let named = |id: &str, unique_id: &str| Named { id: id.into(), unique_id: unique_id.into() };
        assert!(named("ann", "AIDA1").is(&named("anna", "AIDA1")));
        assert!(!named("ann", "AIDA1").is(&named("ann", "AIDA2")));
        assert!(named("ann", "AIDA1").is(&Named::imported("ann")));
        assert_eq!(named("ann", "AIDA1").called("anna"), named("anna", "AIDA1"));
    }
}
