use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named::{Named, id_of, names};
use crate::aws::cloudfront::cache_policy::Names;
use crate::aws::cloudfront::{arn, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// What of a request goes to the origin, beside what tells cached answers apart: a policy that is there
/// already, one of AWS's own or of the account's.
///
/// ```toml
/// [data.aws_cloudfront_origin_request_policy.all]
/// name = "Managed-AllViewerExceptHostHeader"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginRequestPolicy {
    /// Its id; or say `name`.
    pub id: Option<String>,
    /// Its name; those of AWS's own begin with `Managed-`.
    pub name: Option<String>,
    /// The policy's ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub comment: Computed<Option<String>>,
    /// Which cookies go to the origin.
    pub cookies_config: Computed<Vec<Cookies>>,
    /// Its version.
    pub etag: Computed<String>,
    /// Which headers go to the origin.
    pub headers_config: Computed<Vec<Headers>>,
    /// Which parts of the query go to the origin.
    pub query_strings_config: Computed<Vec<QueryStrings>>,
}

/// Which cookies go to the origin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cookies {
    /// `none`, `whitelist`, `allExcept` or `all`.
    pub cookie_behavior: Option<String>,
    /// Those that are named.
    #[schemars(extend("x-attribute" = true))]
    pub cookies: Vec<Names>,
}

/// Which headers go to the origin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    /// `none`, `whitelist`, `allExcept`, `allViewer` or `allViewerAndWhitelistCloudFront`.
    pub header_behavior: Option<String>,
    /// Those that are named.
    #[schemars(extend("x-attribute" = true))]
    pub headers: Vec<Names>,
}

/// Which parts of the query go to the origin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryStrings {
    /// `none`, `whitelist`, `allExcept` or `all`.
    pub query_string_behavior: Option<String>,
    /// Those that are named.
    #[schemars(extend("x-attribute" = true))]
    pub query_strings: Vec<Names>,
}

impl DataSource for OriginRequestPolicy {
    const TYPE: &'static str = "aws_cloudfront_origin_request_policy";
    const READS: Reads = Reads::of(
        &[
            Cost::page("cloudfront:ListOriginRequestPolicies", 100),
            Cost::each("cloudfront:GetOriginRequestPolicy"),
        ],
        "the list finds its id by its name; only the answer about one has its version",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let all = aws.shared("origin request policies of CloudFront", listed(aws));
        let id = id_of("origin request policy", &self.id, &self.name, all).await?;
        let aws = &aws.exactly(true);
        let answer = aws.cloudfront().get_origin_request_policy().id(&id).send().await;
        let missing = || Error::Invalid(format!("there is no origin request policy `{id}`"));
        let answer = there(answer.map_err(Error::from))?.ok_or_else(missing)?;
        let config = answer.origin_request_policy.and_then(|it| it.origin_request_policy_config);
        let config = config.ok_or(Error::Incomplete("the policy"))?;
        Ok(OriginRequestPolicy {
            arn: arn(aws, &format!("origin-request-policy/{id}")).await?.into(),
            id: Some(id),
            name: Some(config.name),
            comment: config.comment.into(),
            cookies_config: Computed(config.cookies_config.map(cookies).into_iter().collect()),
            etag: seen(answer.e_tag),
            headers_config: Computed(config.headers_config.map(headers).into_iter().collect()),
            query_strings_config: Computed(config.query_strings_config.map(queries).into_iter().collect()),
        })
    }
}

fn cookies(it: sdk::OriginRequestPolicyCookiesConfig) -> Cookies {
    Cookies {
        cookie_behavior: seen(Some(it.cookie_behavior)),
        cookies: names(it.cookies.and_then(|it| it.items).unwrap_or_default()),
    }
}

fn headers(it: sdk::OriginRequestPolicyHeadersConfig) -> Headers {
    Headers {
        header_behavior: seen(Some(it.header_behavior)),
        headers: names(it.headers.and_then(|it| it.items).unwrap_or_default()),
    }
}

fn queries(it: sdk::OriginRequestPolicyQueryStringsConfig) -> QueryStrings {
    QueryStrings {
        query_string_behavior: seen(Some(it.query_string_behavior)),
        query_strings: names(it.query_strings.and_then(|it| it.items).unwrap_or_default()),
    }
}

/// The account's, and AWS's own.
async fn listed(aws: &Aws) -> Result<Vec<Named>> {
    let (mut out, mut next) = (Vec::new(), None);
    loop {
        let call = aws.cloudfront().list_origin_request_policies().set_marker(next);
        let Some(page) = call.send().await?.origin_request_policy_list else { return Ok(out) };
        let each = page.items.unwrap_or_default().into_iter().filter_map(|it| it.origin_request_policy);
        out.extend(each.filter_map(|it| Some((it.origin_request_policy_config?.name, it.id))));
        next = page.next_marker.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(out);
        }
    }
}
