//! The headers of a policy that are about neither other sites nor safety.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::resource::Set;

/// Headers that are added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Added {
    /// Each of them.
    #[schemars(extend("x-attribute" = true))]
    pub items: Set<AddedHeader>,
}

/// A header that is added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddedHeader {
    /// Its name.
    pub header: Option<String>,
    /// Whether it takes the place of the origin's.
    pub r#override: Option<bool>,
    /// What it says.
    pub value: Option<String>,
}

/// Headers that are taken out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// Each of them.
    #[schemars(extend("x-attribute" = true))]
    pub items: Set<RemovedHeader>,
}

/// A header that is taken out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovedHeader {
    /// Its name.
    pub header: Option<String>,
}

/// How long CloudFront took for what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// Whether it is told.
    pub enabled: Option<bool>,
    /// With how many of a hundred answers.
    pub sampling_rate: Option<f64>,
}

impl From<sdk::ResponseHeadersPolicyCustomHeadersConfig> for Added {
    fn from(it: sdk::ResponseHeadersPolicyCustomHeadersConfig) -> Self {
        let each = it.items.unwrap_or_default().into_iter().map(|it| AddedHeader {
            header: Some(it.header),
            r#override: Some(it.r#override),
            value: Some(it.value),
        });
        Added { items: each.collect() }
    }
}

impl From<sdk::ResponseHeadersPolicyRemoveHeadersConfig> for Removed {
    fn from(it: sdk::ResponseHeadersPolicyRemoveHeadersConfig) -> Self {
        let each = it.items.unwrap_or_default().into_iter();
        Removed { items: each.map(|it| RemovedHeader { header: Some(it.header) }).collect() }
    }
}

impl From<sdk::ResponseHeadersPolicyServerTimingHeadersConfig> for Timing {
    fn from(it: sdk::ResponseHeadersPolicyServerTimingHeadersConfig) -> Self {
        Timing { enabled: Some(it.enabled), sampling_rate: it.sampling_rate }
    }
}
