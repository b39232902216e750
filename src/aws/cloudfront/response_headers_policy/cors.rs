//! What pages of other sites may do with answers.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::cloudfront::cache_policy::{Names, named, names};
use crate::aws::cloudfront::quantity;
use crate::aws::shape::{built, given, seen};
use crate::resource::One;

/// What pages of other sites may do with the answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cors {
    /// Whether requests may come with cookies and the like.
    pub access_control_allow_credentials: bool,
    /// Headers that requests may have.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub access_control_allow_headers: One<Names>,
    /// Methods that requests may have, such as `GET`, or `ALL`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub access_control_allow_methods: One<Names>,
    /// The sites, such as `https://example.com`, or `*`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub access_control_allow_origins: One<Names>,
    /// Headers of answers that pages may look at.
    #[serde(default)]
    pub access_control_expose_headers: One<Names>,
    /// For how many seconds browsers may keep all this.
    pub access_control_max_age_sec: Option<i64>,
    /// Whether it takes the place of what the origin says.
    pub origin_override: bool,
}

impl Cors {
    pub(super) fn sent(&self) -> Result<sdk::ResponseHeadersPolicyCorsConfig> {
        let it = sdk::ResponseHeadersPolicyCorsConfig::builder()
            .access_control_allow_credentials(self.access_control_allow_credentials)
            .set_access_control_allow_headers(
                self.access_control_allow_headers.as_ref().map(|_| self.headers()).transpose()?,
            )
            .set_access_control_allow_methods(
                self.access_control_allow_methods.as_ref().map(|_| self.methods()).transpose()?,
            )
            .set_access_control_allow_origins(
                self.access_control_allow_origins.as_ref().map(|_| self.origins()).transpose()?,
            )
            .set_access_control_expose_headers(
                self.access_control_expose_headers.as_ref().map(|_| self.exposed()).transpose()?,
            )
            .set_access_control_max_age_sec(given(&self.access_control_max_age_sec))
            .origin_override(self.origin_override);
        built(it.build())
    }

    fn headers(&self) -> Result<sdk::ResponseHeadersPolicyAccessControlAllowHeaders> {
        let all = named(&self.access_control_allow_headers).unwrap_or_default();
        let it = sdk::ResponseHeadersPolicyAccessControlAllowHeaders::builder().quantity(quantity(&all));
        built(it.set_items(Some(all)).build())
    }

    fn methods(&self) -> Result<sdk::ResponseHeadersPolicyAccessControlAllowMethods> {
        let all = named(&self.access_control_allow_methods).unwrap_or_default();
        let it = sdk::ResponseHeadersPolicyAccessControlAllowMethods::builder().quantity(quantity(&all));
        built(it.set_items(Some(all.iter().map(|it| it.as_str().into()).collect())).build())
    }

    fn origins(&self) -> Result<sdk::ResponseHeadersPolicyAccessControlAllowOrigins> {
        let all = named(&self.access_control_allow_origins).unwrap_or_default();
        let it = sdk::ResponseHeadersPolicyAccessControlAllowOrigins::builder().quantity(quantity(&all));
        built(it.set_items(Some(all)).build())
    }

    fn exposed(&self) -> Result<sdk::ResponseHeadersPolicyAccessControlExposeHeaders> {
        let all = named(&self.access_control_expose_headers).unwrap_or_default();
        let it = sdk::ResponseHeadersPolicyAccessControlExposeHeaders::builder().quantity(quantity(&all));
        built(it.set_items(Some(all).filter(|it| !it.is_empty())).build())
    }
}

impl From<sdk::ResponseHeadersPolicyCorsConfig> for Cors {
    fn from(it: sdk::ResponseHeadersPolicyCorsConfig) -> Self {
        let methods = it.access_control_allow_methods.map(|it| it.items);
        let methods = methods.map(|all| all.iter().map(|it| it.as_str().to_owned()).collect());
        Cors {
            access_control_allow_credentials: it.access_control_allow_credentials,
            access_control_allow_headers: names(it.access_control_allow_headers.map(|it| it.items)),
            access_control_allow_methods: names(methods),
            access_control_allow_origins: names(it.access_control_allow_origins.map(|it| it.items)),
            access_control_expose_headers: names(it.access_control_expose_headers.and_then(|it| it.items)),
            access_control_max_age_sec: seen(it.access_control_max_age_sec),
            origin_override: it.origin_override,
        }
    }
}
