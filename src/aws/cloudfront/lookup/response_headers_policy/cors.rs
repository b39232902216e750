//! What pages of other sites may do with answers.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::cloudfront::cache_policy::Names;
use crate::aws::cloudfront::lookup::named::names;
use crate::aws::shape::seen;

/// What pages of other sites may do with the answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cors {
    /// Whether requests may come with cookies and the like.
    pub access_control_allow_credentials: Option<bool>,
    /// Headers that requests may have.
    #[schemars(extend("x-attribute" = true))]
    pub access_control_allow_headers: Vec<Names>,
    /// Methods that requests may have, such as `GET`, or `ALL`.
    #[schemars(extend("x-attribute" = true))]
    pub access_control_allow_methods: Vec<Names>,
    /// The sites, such as `https://example.com`, or `*`.
    #[schemars(extend("x-attribute" = true))]
    pub access_control_allow_origins: Vec<Names>,
    /// Headers of answers that pages may look at.
    #[schemars(extend("x-attribute" = true))]
    pub access_control_expose_headers: Vec<Names>,
    /// For how many seconds browsers may keep all this.
    pub access_control_max_age_sec: Option<i64>,
    /// Whether it takes the place of what the origin says.
    pub origin_override: Option<bool>,
}

impl From<sdk::ResponseHeadersPolicyCorsConfig> for Cors {
    fn from(it: sdk::ResponseHeadersPolicyCorsConfig) -> Self {
        let methods = it.access_control_allow_methods.map(|it| it.items).unwrap_or_default();
        let exposed = it.access_control_expose_headers.and_then(|it| it.items).unwrap_or_default();
        Cors {
            access_control_allow_credentials: Some(it.access_control_allow_credentials),
            access_control_allow_headers: names(
                it.access_control_allow_headers.map(|it| it.items).unwrap_or_default(),
            ),
            access_control_allow_methods: names(
                methods.into_iter().map(|it| it.as_str().to_owned()).collect(),
            ),
            access_control_allow_origins: names(
                it.access_control_allow_origins.map(|it| it.items).unwrap_or_default(),
            ),
            access_control_expose_headers: names(exposed),
            access_control_max_age_sec: seen(it.access_control_max_age_sec),
            origin_override: Some(it.origin_override),
        }
    }
}
