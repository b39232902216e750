use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::{Aws, Result};
use crate::resource::*;

/// The labels that the provider configuration gives to every resource, for what takes labels by another
/// name. No call is made.
///
/// ```toml
/// [data.aws_default_tags.here]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefaultTags {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub id: Computed<String>,
    /// The labels of `default_tags`, without those that `ignore_tags` names.
    pub tags: Computed<Tags>,
}

impl DataSource for DefaultTags {
    const TYPE: &'static str = "aws_default_tags";
    const READS: Reads = Reads::NOTHING;

    async fn read(self, aws: &Aws) -> Result<Self> {
        Ok(DefaultTags { id: aws.partition().to_owned().into(), tags: aws.default_tags().clone().into() })
    }
}
