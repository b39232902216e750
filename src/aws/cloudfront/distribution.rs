use std::time::Duration;

use aws_sdk_cloudfront::types::{DistributionConfig, DistributionConfigWithTags};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tagging::sent_tags;
use super::{CLOUDFRONT, at_version, each, there};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod behavior;
mod config;
mod forwarded;
mod origin;
mod parts;
mod planned;

pub use behavior::{Behavior, DefaultBehavior};
pub use origin::{Origin, OriginGroup};
pub use parts::*;

/// A site on CloudFront's servers all over the world, which keep what its origins answer.
///
/// A change takes some minutes until all servers have it; so does removing one, which is turned off
/// everywhere before it goes.
///
/// ```toml
/// [aws_cloudfront_distribution.site]
/// enabled = true
/// default_root_object = "index.html"
/// origin = [{ origin_id = "files", domain_name = "acme-site.s3.eu-west-1.amazonaws.com" }]
/// restrictions = { geo_restriction = { restriction_type = "none" } }
/// viewer_certificate = { cloudfront_default_certificate = true }
///
/// [aws_cloudfront_distribution.site.default_cache_behavior]
/// target_origin_id = "files"
/// viewer_protocol_policy = "redirect-to-https"
/// allowed_methods = ["GET", "HEAD"]
/// cached_methods = ["GET", "HEAD"]
/// cache_policy_id = "658327ea-f89d-4fab-a63d-7e88639e58f6"
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// Whether it answers.
    pub enabled: bool,
    /// Names of yours that it answers to; they need a certificate of yours.
    pub aliases: Option<Set<String>>,
    /// What it is for.
    #[schemars(length(max = 128))]
    pub comment: Option<String>,
    /// What is answered where no path is asked for, such as `index.html`.
    pub default_root_object: Option<String>,
    /// `http1.1`, `http2`, `http3`, or `http2and3`.
    #[serde(default = "second")]
    #[schemars(extend("enum" = ["http1.1", "http2", "http3", "http2and3"]))]
    pub http_version: String,
    /// Answer over IPv6 too.
    #[serde(default)]
    pub is_ipv6_enabled: bool,
    /// Where its servers are: `PriceClass_100`, `PriceClass_200` or `PriceClass_All`.
    #[serde(default = "everywhere")]
    #[schemars(extend("enum" = ["None", "PriceClass_100", "PriceClass_200", "PriceClass_All"]))]
    pub price_class: String,
    /// ARN of the web ACL that guards it; its id, for the first generation of them.
    pub web_acl_id: Option<String>,
    /// Id of the policy by which some requests go to another distribution, for trial.
    pub continuous_deployment_policy_id: Chosen<Option<String>>,
    /// It is the other one, for trial.
    #[serde(default)]
    pub staging: Fixed<bool>,
    /// Where answers come from.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub origin: Set<Origin>,
    /// Pairs of origins, the second of which is asked where the first one fails.
    #[serde(default)]
    pub origin_group: Set<OriginGroup>,
    /// How it answers requests for which no other behaviour is meant.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub default_cache_behavior: One<DefaultBehavior>,
    /// How it answers requests for certain paths. The first that fits is followed.
    #[serde(default)]
    pub ordered_cache_behavior: Vec<Behavior>,
    /// What is answered where an origin answers with an error.
    #[serde(default)]
    pub custom_error_response: Set<CustomError>,
    /// Where requests are logged.
    #[serde(default)]
    pub logging_config: One<Logging>,
    /// Who may see it.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub restrictions: One<Restrictions>,
    /// What it proves its names by to viewers.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub viewer_certificate: One<Certificate>,
    /// On removal, turn it off and leave it at AWS.
    #[serde(default)]
    pub retain_on_delete: Local<bool>,
    /// Wait until all servers have a change.
    #[serde(default = "yes")]
    pub wait_for_deployment: Local<bool>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `E1A2B3C4D5E6F7`.
    pub id: Computed<String>,
    /// The distribution's ARN.
    pub arn: Computed<String>,
    /// Told its create from all others.
    pub caller_reference: Computed<String>,
    /// Such as `d111111abcdef8.cloudfront.net`.
    pub domain_name: Computed<String>,
    /// Its version.
    pub etag: Computed<String>,
    /// Route 53's zone for aliases that point to it.
    pub hosted_zone_id: Computed<String>,
    /// How many invalidations are under way.
    pub in_progress_validation_batches: Computed<i64>,
    /// When it was changed.
    pub last_modified_time: Computed<String>,
    /// `InProgress`, or `Deployed` where all servers have it.
    pub status: Computed<String>,
    /// Key groups whose signatures are needed, as they are in use.
    pub trusted_key_groups: Computed<Vec<ActiveKeyGroups>>,
    /// Accounts whose signatures are needed, as they are in use.
    pub trusted_signers: Computed<Vec<ActiveSigners>>,
}

fn yes() -> Local<bool> {
    Local(true)
}
fn second() -> String {
    "http2".into()
}
fn everywhere() -> String {
    "PriceClass_All".into()
}

/// AWS's word for one that not all servers have yet.
const UNDER_WAY: &str = "InProgress";

impl Resource for Distribution {
    const TYPE: &'static str = "aws_cloudfront_distribution";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["E74FTE3EXAMPLE"];
    const TAGS: TagApi = TagApi::Cloudfront;
    const READS: Reads = Reads::of(
        &[Cost::each("cloudfront:GetDistribution")],
        "a call tells of one distribution; the list of all leaves out what it logs, its root and its version",
    );
    const PATIENCE: Duration = Duration::from_secs(5400);
    const CREATE_SECONDS: u32 = 300;
    const PASSING: &'static [&'static [Passing]] = &[
        CLOUDFRONT,
        &[
            // Until all servers have turned it off.
            Passing::in_use("DistributionNotDisabled"),
            Passing::unseen("InvalidOriginAccessControl"),
            Passing::unseen("InvalidOriginAccessIdentity"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        each(ids, |id| async move { one(aws, &id).await }).await
    }

    // The token goes as the reference: AWS refuses it a second time.
    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let with_tags = DistributionConfigWithTags::builder()
            .distribution_config(self.sent(&new.token)?)
            .tags(sent_tags(&new.tags)?)
            .build();
        let call = aws.cloudfront().create_distribution_with_tags();
        let answer = call.distribution_config_with_tags(with_tags).send().await?;
        answer.distribution.map(|it| it.id).ok_or(Error::Incomplete("the distribution's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let config = self.sent(&was.caller_reference)?;
        let send = async |version: String| {
            let call = aws.cloudfront().update_distribution().id(was.key()).if_match(version);
            call.distribution_config(config.clone()).send().await?;
            Ok(())
        };
        let newest = async || Ok(aws.cloudfront().get_distribution().id(was.key()).send().await?.e_tag);
        at_version(&was.etag, newest, send).await
    }

    // It is turned off first. Until all servers have that, AWS refuses to remove it, and this is asked again.
    async fn delete(&self, aws: &Aws) -> Result<()> {
        let id = &self.key();
        let found = aws.cloudfront().get_distribution().id(id).send().await?;
        let (it, mut version) = (found.distribution, found.e_tag.unwrap_or_default());
        if let Some(config) = it.and_then(|it| it.distribution_config).filter(|it| it.enabled) {
            if let Some(policy) = config.continuous_deployment_policy_id().filter(|it| !it.is_empty()) {
                end_trial(aws, policy).await?;
            }
            version = turn_off(aws, id, version, config).await?;
        }
        if *self.retain_on_delete {
            return Ok(());
        }
        aws.cloudfront().delete_distribution().id(id).if_match(version).send().await?;
        Ok(())
    }

    // The list leaves references out: what is not older than the create is looked at.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let all = aws.cloudfront().list_distributions().into_paginator().items().send().try_collect().await?;
        let young = all.into_iter().filter(|it| new.may_have_made(Some(it.last_modified_time.secs())));
        for it in young {
            let found = there(
                aws.cloudfront().get_distribution_config().id(&it.id).send().await.map_err(Error::from),
            )?;
            let config = found.and_then(|it| it.distribution_config);
            if config.is_some_and(|it| it.caller_reference == new.token) {
                return Ok(Some(it.id));
            }
        }
        Ok(None)
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        for it in &mut self.origin.0 {
            if let Some(kept) = kept.origin.iter().find(|kept| kept.origin_id == it.origin_id) {
                it.as_kept(kept);
            }
        }
        self
    }

    fn awaits(&self, word: &str) -> bool {
        *self.wait_for_deployment || word != UNDER_WAY
    }

    fn stays(&self) -> bool {
        *self.retain_on_delete
    }

    fn adjust(plan: &mut Adjust) {
        planned::check(plan);
    }
}

pub(super) async fn one(aws: &Aws, id: &str) -> Result<Option<Live<Distribution>>> {
    let answer = aws.cloudfront().get_distribution().id(id).send().await;
    let found = there(answer.map_err(Error::from))?;
    Ok(found.and_then(|it| config::live(aws, it.distribution?, it.e_tag)))
}

/// Turns it off as it is: nothing else about it is changed. Gives its new version.
async fn turn_off(aws: &Aws, id: &str, version: String, mut config: DistributionConfig) -> Result<String> {
    config.enabled = false;
    let call = aws.cloudfront().update_distribution().id(id).if_match(version);
    Ok(call.distribution_config(config).send().await?.e_tag.unwrap_or_default())
}

/// A distribution whose requests go to another one for trial cannot be removed before that ends.
async fn end_trial(aws: &Aws, policy: &str) -> Result<()> {
    let answer = aws.cloudfront().get_continuous_deployment_policy().id(policy).send().await;
    let Some(found) = there(answer.map_err(Error::from))? else { return Ok(()) };
    let config = found.continuous_deployment_policy.and_then(|it| it.continuous_deployment_policy_config);
    let Some(mut config) = config.filter(|it| it.enabled) else { return Ok(()) };
    config.enabled = false;
    let call = aws.cloudfront().update_continuous_deployment_policy().id(policy);
    let call = call.set_if_match(found.e_tag).continuous_deployment_policy_config(config);
    call.send().await?;
    Ok(())
}
