//! The smaller blocks of a distribution.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::behavior::stated;
use crate::aws::Result;
use crate::aws::cloudfront::quantity;
use crate::aws::shape::{built, seen, sent};
use crate::resource::{Chosen, One, Set};

/// What is answered where the origin answers with an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomError {
    /// The error's status code, such as `404`.
    pub error_code: i64,
    /// How many seconds the error is kept before the origin is asked again.
    pub error_caching_min_ttl: Option<i64>,
    /// The status code that is answered instead; needs `response_page_path`.
    pub response_code: Option<i64>,
    /// The page that is answered instead, such as `/404.html`; needs `response_code`.
    pub response_page_path: Option<String>,
}

impl CustomError {
    pub(super) fn sent(&self) -> Result<sdk::CustomErrorResponse> {
        let code = self.response_code.filter(|it| *it != 0).map(|it| it.to_string());
        let it = sdk::CustomErrorResponse::builder()
            .set_error_code(sent(&self.error_code))
            .error_caching_min_ttl(self.error_caching_min_ttl.unwrap_or_default())
            .response_code(code.unwrap_or_default())
            .response_page_path(self.response_page_path.as_deref().unwrap_or_default());
        built(it.build())
    }
}

impl From<sdk::CustomErrorResponse> for CustomError {
    fn from(it: sdk::CustomErrorResponse) -> Self {
        CustomError {
            error_code: it.error_code.into(),
            error_caching_min_ttl: it.error_caching_min_ttl,
            response_code: it.response_code.and_then(|it| it.parse().ok()),
            response_page_path: it.response_page_path,
        }
    }
}

/// Where requests are logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Logging {
    /// The bucket's domain name, such as `acme-logs.s3.amazonaws.com`; it needs access lists.
    pub bucket: String,
    /// Log cookies too.
    #[serde(default)]
    pub include_cookies: bool,
    /// What the names of the logs begin with.
    #[serde(default)]
    pub prefix: String,
}

impl Logging {
    /// `None` turns logging off.
    pub(super) fn sent(it: Option<&Logging>) -> sdk::LoggingConfig {
        let text = |of: fn(&Logging) -> &str| it.map(of).unwrap_or_default();
        sdk::LoggingConfig::builder()
            .enabled(it.is_some())
            .bucket(text(|it| &it.bucket))
            .include_cookies(it.is_some_and(|it| it.include_cookies))
            .prefix(text(|it| &it.prefix))
            .build()
    }
}

impl From<sdk::LoggingConfig> for Logging {
    fn from(it: sdk::LoggingConfig) -> Self {
        Logging { bucket: it.bucket, include_cookies: it.include_cookies, prefix: it.prefix }
    }
}

/// Who may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restrictions {
    /// By country.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub geo_restriction: One<Geo>,
}

/// From which countries it may be seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Geo {
    /// `none`, `whitelist` for these countries only, or `blacklist` for all others.
    #[schemars(extend("enum" = ["none", "whitelist", "blacklist"]))]
    pub restriction_type: String,
    /// Countries in two letters, such as `FR`.
    pub locations: Chosen<Option<Set<String>>>,
}

impl Restrictions {
    pub(super) fn sent(&self) -> Result<sdk::Restrictions> {
        let geo = self.geo_restriction.as_ref().map(|it| {
            let countries = it.locations.as_ref().map(|it| it.0.clone()).unwrap_or_default();
            let one = sdk::GeoRestriction::builder().restriction_type(it.restriction_type.as_str().into());
            built(one.quantity(quantity(&countries)).set_items(Some(countries)).build())
        });
        Ok(sdk::Restrictions::builder().set_geo_restriction(geo.transpose()?).build())
    }
}

impl From<sdk::Restrictions> for Restrictions {
    fn from(it: sdk::Restrictions) -> Self {
        let geo = it.geo_restriction.map(|it| Geo {
            restriction_type: seen(Some(it.restriction_type)),
            locations: Chosen(Some(Set(it.items.unwrap_or_default()))),
        });
        Restrictions { geo_restriction: One(geo) }
    }
}

/// What it proves its names by to viewers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// CloudFront's own, for its own domain name.
    pub cloudfront_default_certificate: Option<bool>,
    /// ARN of one of Certificate Manager's, in us-east-1.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub acm_certificate_arn: Option<String>,
    /// Id of one that was uploaded to IAM.
    pub iam_certificate_id: Option<String>,
    /// The least of TLS that viewers may speak, such as `TLSv1.2_2021`.
    #[serde(default = "oldest")]
    #[schemars(extend("enum" = ["SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021"]))]
    pub minimum_protocol_version: String,
    /// `sni-only`, or `vip` and `static-ip` for addresses of its own; with a certificate of yours.
    #[schemars(extend("enum" = ["sni-only", "vip", "static-ip"]))]
    pub ssl_support_method: Option<String>,
}

fn oldest() -> String {
    "TLSv1".into()
}

impl Certificate {
    pub(super) fn sent(&self) -> sdk::ViewerCertificate {
        let method = self.ssl_support_method.as_deref().map(Into::into);
        let it = sdk::ViewerCertificate::builder();
        let it = match (stated(&self.iam_certificate_id), stated(&self.acm_certificate_arn)) {
            (Some(id), _) => it.iam_certificate_id(id).set_ssl_support_method(method),
            (None, Some(arn)) => it.acm_certificate_arn(arn).set_ssl_support_method(method),
            (None, None) => {
                it.cloud_front_default_certificate(self.cloudfront_default_certificate.unwrap_or_default())
            }
        };
        let version = Some(self.minimum_protocol_version.as_str()).filter(|it| !it.is_empty());
        it.set_minimum_protocol_version(version.map(Into::into)).build()
    }
}

impl From<sdk::ViewerCertificate> for Certificate {
    fn from(it: sdk::ViewerCertificate) -> Self {
        let own = it.iam_certificate_id.is_some() || it.acm_certificate_arn.is_some();
        Certificate {
            cloudfront_default_certificate: it.cloud_front_default_certificate,
            acm_certificate_arn: it.acm_certificate_arn,
            iam_certificate_id: it.iam_certificate_id,
            minimum_protocol_version: seen(it.minimum_protocol_version),
            ssl_support_method: seen(it.ssl_support_method.filter(|_| own)),
        }
    }
}

/// Key groups that may sign, as they are in use.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActiveKeyGroups {
    /// Whether there are any.
    pub enabled: bool,
    /// Each of them.
    pub items: Vec<ActiveKeyGroup>,
}

/// A key group that may sign.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActiveKeyGroup {
    /// Its id.
    pub key_group_id: String,
    /// Ids of its keys.
    pub key_pair_ids: Set<String>,
}

/// Accounts that may sign, as they are in use.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActiveSigners {
    /// Whether there are any.
    pub enabled: bool,
    /// Each of them.
    pub items: Vec<ActiveSigner>,
}

/// An account that may sign.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActiveSigner {
    /// The account's number.
    pub aws_account_number: String,
    /// Ids of its keys.
    pub key_pair_ids: Set<String>,
}

fn keys(it: Option<sdk::KeyPairIds>) -> Set<String> {
    Set(it.and_then(|it| it.items).unwrap_or_default())
}

impl From<sdk::ActiveTrustedKeyGroups> for ActiveKeyGroups {
    fn from(it: sdk::ActiveTrustedKeyGroups) -> Self {
        let each = it.items.unwrap_or_default().into_iter();
        let one = |it: sdk::KgKeyPairIds| ActiveKeyGroup {
            key_group_id: seen(it.key_group_id),
            key_pair_ids: keys(it.key_pair_ids),
        };
        ActiveKeyGroups { enabled: it.enabled, items: each.map(one).collect() }
    }
}

impl From<sdk::ActiveTrustedSigners> for ActiveSigners {
    fn from(it: sdk::ActiveTrustedSigners) -> Self {
        let each = it.items.unwrap_or_default().into_iter();
        let one = |it: sdk::Signer| ActiveSigner {
            aws_account_number: seen(it.aws_account_number),
            key_pair_ids: keys(it.key_pair_ids),
        };
        ActiveSigners { enabled: it.enabled, items: each.map(one).collect() }
    }
}
