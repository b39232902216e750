use std::time::Duration;

use aws_sdk_cloudfront::types::{self as sdk, OriginRequestPolicyType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cache_policy::{Cookies, Names, QueryStrings, named, names};
use super::{CLOUDFRONT, arn, at_version, blockers, each, quantity, there, unread};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// What of a request goes to the origin, beside what tells cached answers apart.
///
/// ```toml
/// [aws_cloudfront_origin_request_policy.api]
/// name = "api"
/// cookies_config = { cookie_behavior = "all" }
/// headers_config = { header_behavior = "allExcept", headers = { items = ["Host"] } }
/// query_strings_config = { query_string_behavior = "all" }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginRequestPolicy {
    /// Unique in the account.
    pub name: String,
    /// What it is for.
    pub comment: Option<String>,
    /// Which cookies.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub cookies_config: One<Cookies>,
    /// Which headers.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub headers_config: One<Headers>,
    /// Which parts of the query.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub query_strings_config: One<QueryStrings>,
    /// Such as `ccca32ef-dce3-4df3-80df-1bd3000bc4d3`.
    pub id: Computed<String>,
    /// The policy's ARN.
    pub arn: Computed<String>,
    /// Its version.
    pub etag: Computed<String>,
}

/// Which headers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    /// `none`, `whitelist`, `allExcept`, `allViewer` or `allViewerAndWhitelistCloudFront`.
    #[schemars(extend("enum" = [
        "none", "whitelist", "allViewer", "allViewerAndWhitelistCloudFront", "allExcept"
    ]))]
    pub header_behavior: Option<String>,
    /// Those that are named.
    #[serde(default)]
    pub headers: One<Names>,
}

impl Resource for OriginRequestPolicy {
    const TYPE: &'static str = "aws_cloudfront_origin_request_policy";
    const SOUGHT_BY: &'static [&'static str] = &["name"];
    const IMPORT: &'static [&'static str] = &["ccca32ef-dce3-4df3-80df-1bd3000bc4d3"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::each("cloudfront:GetOriginRequestPolicy").to(1),
            Cost::page("cloudfront:ListOriginRequestPolicies", 100).from(2),
        ],
        "a page has 100 of them, without their versions: those are asked for when one is changed",
    );
    const PATIENCE: Duration = Duration::from_secs(300);
    const DELETE_PATIENCE: Duration = Duration::from_secs(900);
    const PASSING: &'static [&'static [Passing]] =
        &[CLOUDFRONT, &[Passing::in_use("OriginRequestPolicyInUse")]];
    const MAY_LAG: bool = true; // the version
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        if aws.exact() || ids.len() < 2 {
            return each(ids, |id| async move { one(aws, &id).await }).await;
        }
        let mut out = Vec::new();
        for it in listed(aws).await?.into_iter().filter(|it| ids.contains(&it.id)) {
            if let Some(attributes) = of(aws, it, None).await? {
                out.push(live(attributes, &["arn", "etag"]));
            }
        }
        Ok(out)
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let call = aws.cloudfront().create_origin_request_policy();
        let answer = call.origin_request_policy_config(self.sent()?).send().await?;
        answer.origin_request_policy.map(|it| it.id).ok_or(Error::Incomplete("the policy's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let config = self.sent()?;
        let send = async |version: String| {
            let call = aws.cloudfront().update_origin_request_policy().id(was.key()).if_match(version);
            call.origin_request_policy_config(config.clone()).send().await?;
            Ok(())
        };
        at_version(&was.etag, async || version(aws, &was.key()).await, send).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let send = async |version: String| {
            aws.cloudfront().delete_origin_request_policy().id(self.key()).if_match(version).send().await?;
            Ok(())
        };
        at_version(&self.etag, async || version(aws, &self.key()).await, send).await
    }

    // CreateOriginRequestPolicy takes no token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let ours = |it: &sdk::OriginRequestPolicy| {
            it.origin_request_policy_config.as_ref().is_some_and(|it| it.name == self.name)
                && new.may_have_made(Some(it.last_modified_time.secs()))
        };
        Ok(listed(aws).await?.into_iter().find(ours).map(|it| it.id))
    }

    fn adjust(plan: &mut Adjust) {
        let blocks = plan.config("headers_config").and_then(Value::as_items).unwrap_or_default();
        if blocks.iter().any(|it| it.get("header_behavior").is_some_and(is_nothing)) {
            let text = "say `header_behavior`: CloudFront takes none to be an error; `none` sends no headers";
            plan.error("headers_config", text);
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::of(aws, |it| blockers::request_policy(it, &self.id)).await,
            false => Blockers::default(),
        })
    }
}

impl OriginRequestPolicy {
    fn sent(&self) -> Result<sdk::OriginRequestPolicyConfig> {
        let config = sdk::OriginRequestPolicyConfig::builder()
            .name(&self.name)
            .set_comment(self.comment.clone().filter(|it| !it.is_empty()))
            .set_cookies_config(self.cookies_config.as_ref().map(cookies).transpose()?)
            .set_headers_config(self.headers_config.as_ref().map(headers).transpose()?)
            .set_query_strings_config(self.query_strings_config.as_ref().map(queries).transpose()?);
        built(config.build())
    }
}

fn cookies(it: &Cookies) -> Result<sdk::OriginRequestPolicyCookiesConfig> {
    let names = named(&it.cookies)
        .map(|it| built(sdk::CookieNames::builder().quantity(quantity(&it)).set_items(Some(it)).build()));
    let config = sdk::OriginRequestPolicyCookiesConfig::builder().set_cookies(names.transpose()?);
    built(config.cookie_behavior(it.cookie_behavior.as_str().into()).build())
}

fn headers(it: &Headers) -> Result<sdk::OriginRequestPolicyHeadersConfig> {
    let names = named(&it.headers)
        .map(|it| built(sdk::Headers::builder().quantity(quantity(&it)).set_items(Some(it)).build()));
    let config = sdk::OriginRequestPolicyHeadersConfig::builder().set_headers(names.transpose()?);
    let behavior = it.header_behavior.as_deref().filter(|it| !it.is_empty());
    built(config.set_header_behavior(behavior.map(Into::into)).build())
}

fn queries(it: &QueryStrings) -> Result<sdk::OriginRequestPolicyQueryStringsConfig> {
    let names = named(&it.query_strings).map(|it| {
        built(sdk::QueryStringNames::builder().quantity(quantity(&it)).set_items(Some(it)).build())
    });
    let config = sdk::OriginRequestPolicyQueryStringsConfig::builder().set_query_strings(names.transpose()?);
    built(config.query_string_behavior(it.query_string_behavior.as_str().into()).build())
}

fn live(attributes: OriginRequestPolicy, unread: &'static [&'static str]) -> Live<OriginRequestPolicy> {
    Live { key: attributes.key(), attributes, tags: None, status: Status::Ready, unread }
}

/// A policy as CloudFront tells of it, with its version where the answer has it.
async fn of(
    aws: &Aws,
    it: sdk::OriginRequestPolicy,
    etag: Option<String>,
) -> Result<Option<OriginRequestPolicy>> {
    let Some(config) = it.origin_request_policy_config else { return Ok(None) };
    let cookies = |it: sdk::OriginRequestPolicyCookiesConfig| Cookies {
        cookie_behavior: seen(Some(it.cookie_behavior)),
        cookies: names(it.cookies.and_then(|it| it.items)),
    };
    let headers = |it: sdk::OriginRequestPolicyHeadersConfig| Headers {
        header_behavior: seen(Some(it.header_behavior)),
        headers: names(it.headers.and_then(|it| it.items)),
    };
    let queries = |it: sdk::OriginRequestPolicyQueryStringsConfig| QueryStrings {
        query_string_behavior: seen(Some(it.query_string_behavior)),
        query_strings: names(it.query_strings.and_then(|it| it.items)),
    };
    Ok(Some(OriginRequestPolicy {
        name: config.name,
        comment: config.comment,
        cookies_config: One(config.cookies_config.map(cookies)),
        headers_config: One(config.headers_config.map(headers)),
        query_strings_config: One(config.query_strings_config.map(queries)),
        arn: Computed(arn(aws, &format!("origin-request-policy/{}", it.id)).await?),
        id: Computed(it.id),
        etag: seen(etag),
    }))
}

async fn one(aws: &Aws, id: &str) -> Result<Option<Live<OriginRequestPolicy>>> {
    let answer = aws.cloudfront().get_origin_request_policy().id(id).send().await;
    let Some(answer) = there(answer.map_err(Error::from))? else { return Ok(None) };
    let Some(it) = answer.origin_request_policy else { return Ok(None) };
    Ok(of(aws, it, answer.e_tag).await?.map(|it| live(it, unread(aws))))
}

async fn version(aws: &Aws, id: &str) -> Result<Option<String>> {
    Ok(aws.cloudfront().get_origin_request_policy().id(id).send().await?.e_tag)
}

/// The account's policies.
async fn listed(aws: &Aws) -> Result<Vec<sdk::OriginRequestPolicy>> {
    let (mut out, mut next) = (Vec::new(), None);
    loop {
        let call = aws.cloudfront().list_origin_request_policies().r#type(OriginRequestPolicyType::Custom);
        let page = call.set_marker(next).send().await?.origin_request_policy_list;
        let Some(page) = page else { return Ok(out) };
        out.extend(page.items.unwrap_or_default().into_iter().filter_map(|it| it.origin_request_policy));
        next = page.next_marker.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(out);
        }
    }
}
