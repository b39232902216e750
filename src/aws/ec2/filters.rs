//! What EC2's data sources search by: filters that the stack writes, tags, and attributes that it gives.

use aws_sdk_ec2::types::Filter as SdkFilter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{among, text};
use crate::aws::{Error, Result};
use crate::resource::*;

/// What a thing must have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Name of the field, as the service's describe call lists them.
    pub name: String,
    /// One of these.
    pub values: Set<String>,
}

/// A search under construction.
#[derive(Default)]
pub struct Search(Vec<SdkFilter>);

impl Search {
    pub fn new(filters: &[Filter], tags: &Tags) -> Self {
        let written = filters.iter().map(|it| among(&it.name, &it.values));
        let tagged = tags.iter().map(|(k, v)| among(&format!("tag:{k}"), std::slice::from_ref(v)));
        Search(written.chain(tagged).collect())
    }

    /// Only those whose `name` is this, where the stack says it.
    pub fn with(mut self, name: &str, value: &Option<String>) -> Self {
        self.0.extend(text(value).map(|it| among(name, &[it.to_owned()])));
        self
    }

    /// Only those that are so. `false` is as good as nothing: the Terraform provider cannot tell them apart.
    pub fn only(mut self, name: &str, wanted: &Option<bool>) -> Self {
        self.0.extend((*wanted == Some(true)).then(|| among(name, &["true".to_owned()])));
        self
    }

    /// EC2 refuses an empty list.
    pub fn filters(self) -> Option<Vec<SdkFilter>> {
        Some(self.0).filter(|it| !it.is_empty())
    }
}

/// The only one found.
pub fn only<T>(what: &str, mut found: Vec<T>) -> Result<T> {
    match (found.pop(), found.len()) {
        (None, _) => {
            Err(Error::Invalid(format!("no {what} fits; look at the arguments of this data source")))
        }
        (Some(it), 0) => Ok(it),
        (Some(_), more) => {
            let count = more + 1;
            Err(Error::Invalid(format!(
                "{count} {what}s fit and one is wanted; say more about it, such as its `id` or a tag"
            )))
        }
    }
}
