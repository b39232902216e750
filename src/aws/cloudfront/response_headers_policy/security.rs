//! Headers that tell browsers to be careful.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::part;
use crate::aws::Result;
use crate::aws::shape::{built, seen};
use crate::resource::One;

/// Headers that tell browsers to be careful.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Where a page may load its parts from: `Content-Security-Policy`.
    #[serde(default)]
    pub content_security_policy: One<Content>,
    /// Browsers are not to guess what an answer is: `X-Content-Type-Options`.
    #[serde(default)]
    pub content_type_options: One<ContentType>,
    /// Who may show a page within theirs: `X-Frame-Options`.
    #[serde(default)]
    pub frame_options: One<Frame>,
    /// What other sites learn of where somebody comes from: `Referrer-Policy`.
    #[serde(default)]
    pub referrer_policy: One<Referrer>,
    /// Browsers are to come over HTTPS only: `Strict-Transport-Security`.
    #[serde(default)]
    pub strict_transport_security: One<Transport>,
    /// Old browsers' own guard against scripts of others: `X-XSS-Protection`.
    #[serde(default)]
    pub xss_protection: One<Scripts>,
}

/// Where a page may load its parts from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What the header says.
    pub content_security_policy: String,
    /// Whether it takes the place of the origin's.
    pub r#override: bool,
}

/// Browsers are not to guess what an answer is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContentType {
    /// Whether it takes the place of the origin's.
    pub r#override: bool,
}

/// Who may show a page within theirs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// `DENY` or `SAMEORIGIN`.
    #[schemars(extend("enum" = ["DENY", "SAMEORIGIN"]))]
    pub frame_option: String,
    /// Whether it takes the place of the origin's.
    pub r#override: bool,
}

/// What other sites learn of where somebody comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Referrer {
    /// Whether it takes the place of the origin's.
    pub r#override: bool,
    /// Such as `strict-origin-when-cross-origin`.
    #[schemars(extend("enum" = [
        "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin",
        "strict-origin", "strict-origin-when-cross-origin", "unsafe-url"
    ]))]
    pub referrer_policy: String,
}

/// Browsers are to come over HTTPS only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transport {
    /// For how many seconds.
    pub access_control_max_age_sec: i64,
    /// Whether it holds for names beneath this one too.
    pub include_subdomains: Option<bool>,
    /// Whether it takes the place of the origin's.
    pub r#override: bool,
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
    pub r#override: bool,
    /// Whether it is on.
    pub protection: bool,
    /// Where browsers report what they found.
    pub report_uri: Option<String>,
}

impl Security {
    pub(super) fn sent(&self) -> Result<sdk::ResponseHeadersPolicySecurityHeadersConfig> {
        Ok(sdk::ResponseHeadersPolicySecurityHeadersConfig::builder()
            .set_content_security_policy(
                self.content_security_policy.as_ref().map(Content::sent).transpose()?,
            )
            .set_content_type_options(self.content_type_options.as_ref().map(ContentType::sent).transpose()?)
            .set_frame_options(self.frame_options.as_ref().map(Frame::sent).transpose()?)
            .set_referrer_policy(self.referrer_policy.as_ref().map(Referrer::sent).transpose()?)
            .set_strict_transport_security(
                self.strict_transport_security.as_ref().map(Transport::sent).transpose()?,
            )
            .set_xss_protection(self.xss_protection.as_ref().map(Scripts::sent).transpose()?)
            .build())
    }
}

impl Content {
    fn sent(&self) -> Result<sdk::ResponseHeadersPolicyContentSecurityPolicy> {
        let it = sdk::ResponseHeadersPolicyContentSecurityPolicy::builder().r#override(self.r#override);
        built(it.content_security_policy(&self.content_security_policy).build())
    }
}

impl ContentType {
    fn sent(&self) -> Result<sdk::ResponseHeadersPolicyContentTypeOptions> {
        built(sdk::ResponseHeadersPolicyContentTypeOptions::builder().r#override(self.r#override).build())
    }
}

impl Frame {
    fn sent(&self) -> Result<sdk::ResponseHeadersPolicyFrameOptions> {
        let it = sdk::ResponseHeadersPolicyFrameOptions::builder().r#override(self.r#override);
        built(it.frame_option(self.frame_option.as_str().into()).build())
    }
}

impl Referrer {
    fn sent(&self) -> Result<sdk::ResponseHeadersPolicyReferrerPolicy> {
        let it = sdk::ResponseHeadersPolicyReferrerPolicy::builder().r#override(self.r#override);
        built(it.referrer_policy(self.referrer_policy.as_str().into()).build())
    }
}

impl Transport {
    fn sent(&self) -> Result<sdk::ResponseHeadersPolicyStrictTransportSecurity> {
        let age = i32::try_from(self.access_control_max_age_sec).unwrap_or(i32::MAX);
        let it = sdk::ResponseHeadersPolicyStrictTransportSecurity::builder()
            .access_control_max_age_sec(age)
            .include_subdomains(self.include_subdomains.unwrap_or_default())
            .r#override(self.r#override)
            .preload(self.preload.unwrap_or_default());
        built(it.build())
    }
}

impl Scripts {
    fn sent(&self) -> Result<sdk::ResponseHeadersPolicyXssProtection> {
        let it = sdk::ResponseHeadersPolicyXssProtection::builder()
            .mode_block(self.mode_block.unwrap_or_default())
            .r#override(self.r#override)
            .protection(self.protection)
            .set_report_uri(self.report_uri.clone().filter(|it| !it.is_empty()));
        built(it.build())
    }
}

impl From<sdk::ResponseHeadersPolicySecurityHeadersConfig> for Security {
    fn from(it: sdk::ResponseHeadersPolicySecurityHeadersConfig) -> Self {
        Security {
            content_security_policy: part(it.content_security_policy),
            content_type_options: part(it.content_type_options),
            frame_options: part(it.frame_options),
            referrer_policy: part(it.referrer_policy),
            strict_transport_security: part(it.strict_transport_security),
            xss_protection: part(it.xss_protection),
        }
    }
}

impl From<sdk::ResponseHeadersPolicyContentSecurityPolicy> for Content {
    fn from(it: sdk::ResponseHeadersPolicyContentSecurityPolicy) -> Self {
        Content { content_security_policy: it.content_security_policy, r#override: it.r#override }
    }
}

impl From<sdk::ResponseHeadersPolicyContentTypeOptions> for ContentType {
    fn from(it: sdk::ResponseHeadersPolicyContentTypeOptions) -> Self {
        ContentType { r#override: it.r#override }
    }
}

impl From<sdk::ResponseHeadersPolicyFrameOptions> for Frame {
    fn from(it: sdk::ResponseHeadersPolicyFrameOptions) -> Self {
        Frame { frame_option: seen(Some(it.frame_option)), r#override: it.r#override }
    }
}

impl From<sdk::ResponseHeadersPolicyReferrerPolicy> for Referrer {
    fn from(it: sdk::ResponseHeadersPolicyReferrerPolicy) -> Self {
        Referrer { r#override: it.r#override, referrer_policy: seen(Some(it.referrer_policy)) }
    }
}

impl From<sdk::ResponseHeadersPolicyStrictTransportSecurity> for Transport {
    fn from(it: sdk::ResponseHeadersPolicyStrictTransportSecurity) -> Self {
        Transport {
            access_control_max_age_sec: it.access_control_max_age_sec.into(),
            include_subdomains: it.include_subdomains,
            r#override: it.r#override,
            preload: it.preload,
        }
    }
}

impl From<sdk::ResponseHeadersPolicyXssProtection> for Scripts {
    fn from(it: sdk::ResponseHeadersPolicyXssProtection) -> Self {
        Scripts {
            mode_block: it.mode_block,
            r#override: it.r#override,
            protection: it.protection,
            report_uri: it.report_uri,
        }
    }
}
