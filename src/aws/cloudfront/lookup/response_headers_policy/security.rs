//! Headers that tell browsers to be careful.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::of;
use crate::aws::shape::seen;

/// Headers that tell browsers to be careful.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Where a page may load its parts from: `Content-Security-Policy`.
    #[schemars(extend("x-attribute" = true))]
    pub content_security_policy: Vec<Content>,
    /// Browsers are not to guess what an answer is: `X-Content-Type-Options`.
    #[schemars(extend("x-attribute" = true))]
    pub content_type_options: Vec<ContentType>,
    /// Who may show a page within theirs: `X-Frame-Options`.
    #[schemars(extend("x-attribute" = true))]
    pub frame_options: Vec<Frame>,
    /// What other sites learn of where somebody comes from: `Referrer-Policy`.
    #[schemars(extend("x-attribute" = true))]
    pub referrer_policy: Vec<Referrer>,
    /// Browsers are to come over HTTPS only: `Strict-Transport-Security`.
    #[schemars(extend("x-attribute" = true))]
    pub strict_transport_security: Vec<Transport>,
    /// Old browsers' own guard against scripts of others: `X-XSS-Protection`.
    #[schemars(extend("x-attribute" = true))]
    pub xss_protection: Vec<Scripts>,
}

/// Where a page may load its parts from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What the header says.
    pub content_security_policy: Option<String>,
    /// Whether it takes the place of the origin's.
    pub r#override: Option<bool>,
}

/// Browsers are not to guess what an answer is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentType {
    /// Whether it takes the place of the origin's.
    pub r#override: Option<bool>,
}

/// Who may show a page within theirs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// `DENY` or `SAMEORIGIN`.
    pub frame_option: Option<String>,
    /// Whether it takes the place of the origin's.
    pub r#override: Option<bool>,
}

/// What other sites learn of where somebody comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Referrer {
    /// Whether it takes the place of the origin's.
    pub r#override: Option<bool>,
    /// Such as `strict-origin-when-cross-origin`.
    pub referrer_policy: Option<String>,
}

/// Browsers are to come over HTTPS only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transport {
    /// For how many seconds.
    pub access_control_max_age_sec: Option<i64>,
    /// Whether it holds for names beneath this one too.
    pub include_subdomains: Option<bool>,
    /// Whether it takes the place of the origin's.
    pub r#override: Option<bool>,
    /// Whether browsers may have it built in.
    pub preload: Option<bool>,
}

/// Old browsers' own guard against scripts of others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scripts {
    /// Whether nothing of the page is shown then.
    pub mode_block: Option<bool>,
    /// Whether it takes the place of the origin's.
    pub r#override: Option<bool>,
    /// Whether it is on.
    pub protection: Option<bool>,
    /// Where browsers report what they found.
    pub report_uri: Option<String>,
}

impl From<sdk::ResponseHeadersPolicySecurityHeadersConfig> for Security {
    fn from(it: sdk::ResponseHeadersPolicySecurityHeadersConfig) -> Self {
        Security {
            content_security_policy: of(it.content_security_policy),
            content_type_options: of(it.content_type_options),
            frame_options: of(it.frame_options),
            referrer_policy: of(it.referrer_policy),
            strict_transport_security: of(it.strict_transport_security),
            xss_protection: of(it.xss_protection),
        }
    }
}

impl From<sdk::ResponseHeadersPolicyContentSecurityPolicy> for Content {
    fn from(it: sdk::ResponseHeadersPolicyContentSecurityPolicy) -> Self {
        let policy = Some(it.content_security_policy);
        Content { content_security_policy: policy, r#override: Some(it.r#override) }
    }
}

impl From<sdk::ResponseHeadersPolicyContentTypeOptions> for ContentType {
    fn from(it: sdk::ResponseHeadersPolicyContentTypeOptions) -> Self {
        ContentType { r#override: Some(it.r#override) }
    }
}

impl From<sdk::ResponseHeadersPolicyFrameOptions> for Frame {
    fn from(it: sdk::ResponseHeadersPolicyFrameOptions) -> Self {
        Frame { frame_option: seen(Some(it.frame_option)), r#override: Some(it.r#override) }
    }
}

impl From<sdk::ResponseHeadersPolicyReferrerPolicy> for Referrer {
    fn from(it: sdk::ResponseHeadersPolicyReferrerPolicy) -> Self {
        Referrer { r#override: Some(it.r#override), referrer_policy: seen(Some(it.referrer_policy)) }
    }
}

impl From<sdk::ResponseHeadersPolicyStrictTransportSecurity> for Transport {
    fn from(it: sdk::ResponseHeadersPolicyStrictTransportSecurity) -> Self {
        Transport {
            access_control_max_age_sec: Some(it.access_control_max_age_sec.into()),
            include_subdomains: it.include_subdomains,
            r#override: Some(it.r#override),
            preload: it.preload,
        }
    }
}

impl From<sdk::ResponseHeadersPolicyXssProtection> for Scripts {
    fn from(it: sdk::ResponseHeadersPolicyXssProtection) -> Self {
        Scripts {
            mode_block: it.mode_block,
            r#override: Some(it.r#override),
            protection: Some(it.protection),
            report_uri: it.report_uri,
        }
    }
}
