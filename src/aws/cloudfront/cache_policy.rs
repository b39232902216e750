use std::time::Duration;

use aws_sdk_cloudfront::types::{self as sdk, CachePolicyConfig, CachePolicyType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CLOUDFRONT, arn, at_version, blockers, each, there, unread};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

mod parameters;

pub use parameters::*;

/// What of a request makes a cached answer another one, and how long answers are kept.
///
/// ```toml
/// [aws_cloudfront_cache_policy.pages]
/// name = "pages"
/// default_ttl = 300
/// max_ttl = 3600
///
/// [aws_cloudfront_cache_policy.pages.parameters_in_cache_key_and_forwarded_to_origin]
/// enable_accept_encoding_gzip = true
/// cookies_config = { cookie_behavior = "none" }
/// headers_config = { header_behavior = "none" }
/// query_strings_config = { query_string_behavior = "whitelist", query_strings = { items = ["page"] } }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CachePolicy {
    /// Unique in the account.
    pub name: String,
    /// What it is for.
    #[schemars(length(max = 128))]
    pub comment: Option<String>,
    /// How many seconds an answer is kept that does not say it itself.
    #[serde(default = "a_day")]
    pub default_ttl: i64,
    /// The most seconds that an answer is kept.
    #[serde(default = "a_year")]
    pub max_ttl: i64,
    /// The least seconds that an answer is kept.
    pub min_ttl: Option<i64>,
    /// What goes to the origin, and tells cached answers apart.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub parameters_in_cache_key_and_forwarded_to_origin: One<Parameters>,
    /// Such as `658327ea-f89d-4fab-a63d-7e88639e58f6`.
    pub id: Computed<String>,
    /// The policy's ARN.
    pub arn: Computed<String>,
    /// Its version.
    pub etag: Computed<String>,
}

fn a_day() -> i64 {
    86_400
}
fn a_year() -> i64 {
    31_536_000
}

impl Resource for CachePolicy {
    const TYPE: &'static str = "aws_cloudfront_cache_policy";
    const SOUGHT_BY: &'static [&'static str] = &["name"];
    const IMPORT: &'static [&'static str] = &["658327ea-f89d-4fab-a63d-7e88639e58f6"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::each("cloudfront:GetCachePolicy").to(1),
            Cost::page("cloudfront:ListCachePolicies", 100).from(2),
        ],
        "a page has 100 of them, without their versions: those are asked for when one is changed",
    );
    const PATIENCE: Duration = Duration::from_secs(300);
    const DELETE_PATIENCE: Duration = Duration::from_secs(900);
    const PASSING: &'static [&'static [Passing]] = &[CLOUDFRONT, &[Passing::in_use("CachePolicyInUse")]];
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
        for it in
            listed(aws, Some(CachePolicyType::Custom)).await?.into_iter().filter(|it| ids.contains(&it.id))
        {
            if let Some(attributes) = of(aws, it, None).await? {
                out.push(live(attributes, &["arn", "etag"]));
            }
        }
        Ok(out)
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let answer = aws.cloudfront().create_cache_policy().cache_policy_config(self.sent()?).send().await?;
        answer.cache_policy.map(|it| it.id).ok_or(Error::Incomplete("the policy's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let config = self.sent()?;
        let send = async |version: String| {
            let call = aws.cloudfront().update_cache_policy().id(was.key()).if_match(version);
            call.cache_policy_config(config.clone()).send().await?;
            Ok(())
        };
        at_version(&was.etag, async || version(aws, &was.key()).await, send).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let send = async |version: String| {
            aws.cloudfront().delete_cache_policy().id(self.key()).if_match(version).send().await?;
            Ok(())
        };
        at_version(&self.etag, async || version(aws, &self.key()).await, send).await
    }

    // CreateCachePolicy takes no token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let named = |it: &sdk::CachePolicy| {
            it.cache_policy_config.as_ref().is_some_and(|it| it.name == self.name)
                && new.may_have_made(Some(it.last_modified_time.secs()))
        };
        Ok(listed(aws, Some(CachePolicyType::Custom)).await?.into_iter().find(named).map(|it| it.id))
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::of(aws, |it| blockers::policy(it, &self.id)).await,
            false => Blockers::default(),
        })
    }
}

impl CachePolicy {
    fn sent(&self) -> Result<CachePolicyConfig> {
        let parameters = self.parameters_in_cache_key_and_forwarded_to_origin.as_ref();
        let config = CachePolicyConfig::builder()
            .name(&self.name)
            .set_comment(self.comment.clone().filter(|it| !it.is_empty()))
            .default_ttl(self.default_ttl)
            .max_ttl(self.max_ttl)
            .min_ttl(self.min_ttl.unwrap_or_default())
            .set_parameters_in_cache_key_and_forwarded_to_origin(
                parameters.map(Parameters::sent).transpose()?,
            );
        built(config.build())
    }
}

fn live(attributes: CachePolicy, unread: &'static [&'static str]) -> Live<CachePolicy> {
    Live { key: attributes.key(), attributes, tags: None, status: Status::Ready, unread }
}

/// A policy as CloudFront tells of it; its version is for the caller to add, where the answer has it.
pub(super) async fn of(aws: &Aws, it: sdk::CachePolicy, etag: Option<String>) -> Result<Option<CachePolicy>> {
    let Some(config) = it.cache_policy_config else { return Ok(None) };
    let parameters = config.parameters_in_cache_key_and_forwarded_to_origin;
    Ok(Some(CachePolicy {
        name: config.name,
        comment: config.comment,
        default_ttl: seen(config.default_ttl),
        max_ttl: seen(config.max_ttl),
        min_ttl: Some(config.min_ttl),
        parameters_in_cache_key_and_forwarded_to_origin: One(parameters.map(Parameters::from)),
        arn: Computed(arn(aws, &format!("cache-policy/{}", it.id)).await?),
        id: Computed(it.id),
        etag: seen(etag),
    }))
}

/// `None` where there is none.
pub(super) async fn asked(aws: &Aws, id: &str) -> Result<Option<CachePolicy>> {
    let answer = aws.cloudfront().get_cache_policy().id(id).send().await;
    let Some(answer) = there(answer.map_err(Error::from))? else { return Ok(None) };
    match answer.cache_policy {
        Some(it) => of(aws, it, answer.e_tag).await,
        None => Ok(None),
    }
}

async fn one(aws: &Aws, id: &str) -> Result<Option<Live<CachePolicy>>> {
    Ok(asked(aws, id).await?.map(|it| live(it, unread(aws))))
}

async fn version(aws: &Aws, id: &str) -> Result<Option<String>> {
    Ok(aws.cloudfront().get_cache_policy().id(id).send().await?.e_tag)
}

/// All policies: the account's, AWS's own, or those of both.
pub(super) async fn listed(aws: &Aws, of: Option<CachePolicyType>) -> Result<Vec<sdk::CachePolicy>> {
    let (mut out, mut next) = (Vec::new(), None);
    loop {
        let call = aws.cloudfront().list_cache_policies().set_type(of.clone());
        let page = call.set_marker(next).send().await?.cache_policy_list;
        let Some(page) = page else { return Ok(out) };
        out.extend(page.items.unwrap_or_default().into_iter().filter_map(|it| it.cache_policy));
        next = page.next_marker.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(out);
        }
    }
}
