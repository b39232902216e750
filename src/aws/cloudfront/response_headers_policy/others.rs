//! The headers of a policy that are about neither other sites nor safety.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::cloudfront::quantity;
use crate::aws::shape::built;
use crate::resource::Set;

/// Headers that are added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Added {
    /// Each of them.
    #[serde(default)]
    pub items: Set<AddedHeader>,
}

/// A header that is added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddedHeader {
    /// Its name.
    pub header: String,
    /// Whether it takes the place of the origin's.
    pub r#override: bool,
    /// What it says.
    pub value: String,
}

/// Headers that are taken out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// Each of them.
    #[serde(default)]
    pub items: Set<RemovedHeader>,
}

/// A header that is taken out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovedHeader {
    /// Its name.
    pub header: String,
}

/// How long CloudFront took for what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// Whether it is told.
    pub enabled: bool,
    /// With how many of a hundred answers.
    #[schemars(range(min = 0, max = 100))]
    pub sampling_rate: f64,
}

impl Added {
    pub(super) fn sent(&self) -> Result<sdk::ResponseHeadersPolicyCustomHeadersConfig> {
        let header = |it: &AddedHeader| {
            let one = sdk::ResponseHeadersPolicyCustomHeader::builder().header(&it.header).value(&it.value);
            built(one.r#override(it.r#override).build())
        };
        let all: Vec<_> = self.items.iter().map(header).collect::<Result<_>>()?;
        let it = sdk::ResponseHeadersPolicyCustomHeadersConfig::builder().quantity(quantity(&all));
        built(it.set_items(Some(all).filter(|it| !it.is_empty())).build())
    }
}

impl Removed {
    pub(super) fn sent(&self) -> Result<sdk::ResponseHeadersPolicyRemoveHeadersConfig> {
        let header = |it: &RemovedHeader| {
            built(sdk::ResponseHeadersPolicyRemoveHeader::builder().header(&it.header).build())
        };
        let all: Vec<_> = self.items.iter().map(header).collect::<Result<_>>()?;
        let it = sdk::ResponseHeadersPolicyRemoveHeadersConfig::builder().quantity(quantity(&all));
        built(it.set_items(Some(all).filter(|it| !it.is_empty())).build())
    }
}

impl Timing {
    pub(super) fn sent(&self) -> Result<sdk::ResponseHeadersPolicyServerTimingHeadersConfig> {
        let it = sdk::ResponseHeadersPolicyServerTimingHeadersConfig::builder().enabled(self.enabled);
        built(it.sampling_rate(self.sampling_rate).build())
    }
}

impl From<sdk::ResponseHeadersPolicyCustomHeadersConfig> for Added {
    fn from(it: sdk::ResponseHeadersPolicyCustomHeadersConfig) -> Self {
        let header = |it: sdk::ResponseHeadersPolicyCustomHeader| AddedHeader {
            header: it.header,
            r#override: it.r#override,
            value: it.value,
        };
        Added { items: it.items.unwrap_or_default().into_iter().map(header).collect() }
    }
}

impl From<sdk::ResponseHeadersPolicyRemoveHeadersConfig> for Removed {
    fn from(it: sdk::ResponseHeadersPolicyRemoveHeadersConfig) -> Self {
        let header = |it: sdk::ResponseHeadersPolicyRemoveHeader| RemovedHeader { header: it.header };
        Removed { items: it.items.unwrap_or_default().into_iter().map(header).collect() }
    }
}

impl From<sdk::ResponseHeadersPolicyServerTimingHeadersConfig> for Timing {
    fn from(it: sdk::ResponseHeadersPolicyServerTimingHeadersConfig) -> Self {
        Timing { enabled: it.enabled, sampling_rate: it.sampling_rate.unwrap_or_default() }
    }
}
