use std::time::Duration;

use aws_sdk_cloudfront::types::{self as sdk, ResponseHeadersPolicyType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CLOUDFRONT, arn, at_version, blockers, each, there, unread};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::{Adjust, is_nothing, text};
use crate::resource::*;

mod cors;
mod others;
mod security;

pub use cors::*;
pub use others::*;
pub use security::*;

/// Which headers CloudFront adds to answers, and which it takes out of them.
///
/// ```toml
/// [aws_cloudfront_response_headers_policy.site]
/// name = "site"
/// custom_headers_config = { items = [{ header = "X-Team", value = "shop", override = true }] }
///
/// [aws_cloudfront_response_headers_policy.site.security_headers_config]
/// content_type_options = { override = true }
/// frame_options = { frame_option = "DENY", override = true }
/// strict_transport_security = { access_control_max_age_sec = 31536000, preload = true, override = true }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseHeadersPolicy {
    /// Unique in the account.
    pub name: String,
    /// What it is for.
    pub comment: Option<String>,
    /// What pages of other sites may do with the answers.
    #[serde(default)]
    pub cors_config: One<Cors>,
    /// Other headers that are added.
    #[serde(default)]
    pub custom_headers_config: One<Added>,
    /// Headers that are taken out.
    #[serde(default)]
    pub remove_headers_config: One<Removed>,
    /// Headers that tell browsers to be careful.
    #[serde(default)]
    pub security_headers_config: One<Security>,
    /// Tells browsers how long CloudFront took for what.
    #[serde(default)]
    pub server_timing_headers_config: One<Timing>,
    /// Such as `60669652-455b-4ae9-85a4-c4c02393f86c`.
    pub id: Computed<String>,
    /// The policy's ARN.
    pub arn: Computed<String>,
    /// Its version, which is CloudFront's to set.
    pub etag: Chosen<Option<String>>,
}

/// What a policy is about: one of these at least.
const PARTS: [&str; 5] = [
    "cors_config",
    "custom_headers_config",
    "remove_headers_config",
    "security_headers_config",
    "server_timing_headers_config",
];

impl Resource for ResponseHeadersPolicy {
    const TYPE: &'static str = "aws_cloudfront_response_headers_policy";
    const SOUGHT_BY: &'static [&'static str] = &["name"];
    const IMPORT: &'static [&'static str] = &["60669652-455b-4ae9-85a4-c4c02393f86c"];
    const UNWRITTEN: &'static [&'static str] = &["etag"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::each("cloudfront:GetResponseHeadersPolicy").to(1),
            Cost::page("cloudfront:ListResponseHeadersPolicies", 100).from(2),
        ],
        "a page has 100 of them, without their versions: those are asked for when one is changed",
    );
    const PATIENCE: Duration = Duration::from_secs(300);
    const DELETE_PATIENCE: Duration = Duration::from_secs(900);
    const PASSING: &'static [&'static [Passing]] =
        &[CLOUDFRONT, &[Passing::in_use("ResponseHeadersPolicyInUse")]];
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
        let call = aws.cloudfront().create_response_headers_policy();
        let answer = call.response_headers_policy_config(self.sent()?).send().await?;
        answer.response_headers_policy.map(|it| it.id).ok_or(Error::Incomplete("the policy's id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let config = self.sent()?;
        let send = async |version: String| {
            let call = aws.cloudfront().update_response_headers_policy().id(was.key()).if_match(version);
            call.response_headers_policy_config(config.clone()).send().await?;
            Ok(())
        };
        at_version(was.version(), async || version(aws, &was.key()).await, send).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let send = async |version: String| {
            aws.cloudfront().delete_response_headers_policy().id(self.key()).if_match(version).send().await?;
            Ok(())
        };
        at_version(self.version(), async || version(aws, &self.key()).await, send).await
    }

    // CreateResponseHeadersPolicy takes no token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let ours = |it: &sdk::ResponseHeadersPolicy| {
            it.response_headers_policy_config.as_ref().is_some_and(|it| it.name == self.name)
                && new.may_have_made(Some(it.last_modified_time.secs()))
        };
        Ok(listed(aws).await?.into_iter().find(ours).map(|it| it.id))
    }

    fn adjust(plan: &mut Adjust) {
        let says = |name: &str| {
            let part = plan.config(name);
            part.is_some_and(|it| it.is_unknown() || it.as_items().is_some_and(|it| !it.is_empty()))
        };
        if !PARTS.iter().any(|it| says(it)) {
            let all = PARTS.map(|it| format!("`{it}`")).join(", ");
            plan.error(PARTS[0], format!("say one of {all}"));
        }
        let kept = text(plan.was.as_ref().and_then(|it| it.get("etag"))).to_owned();
        match plan.config("etag").map(|it| it.as_str() == Some(kept.as_str())) {
            Some(true) => {}
            Some(false) => plan.error("etag", "the version is CloudFront's to set: leave `etag` out"),
            // Whatever changes, it is another version.
            None if changes(plan) => plan.set_unknown("etag"),
            None => {}
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::of(aws, |it| blockers::headers_policy(it, &self.id)).await,
            false => Blockers::default(),
        })
    }
}

/// Whether anything changes that CloudFront is told.
fn changes(plan: &Adjust) -> bool {
    let told = |name: &str| {
        let change = plan.change(name);
        change.is_some_and(|(was, will)| !(is_nothing(was) && is_nothing(will)))
    };
    told("name") || told("comment") || PARTS.iter().any(|it| told(it))
}

impl ResponseHeadersPolicy {
    fn version(&self) -> &str {
        self.etag.as_deref().unwrap_or_default()
    }

    fn sent(&self) -> Result<sdk::ResponseHeadersPolicyConfig> {
        let config = sdk::ResponseHeadersPolicyConfig::builder()
            .name(&self.name)
            .set_comment(self.comment.clone().filter(|it| !it.is_empty()))
            .set_cors_config(self.cors_config.as_ref().map(Cors::sent).transpose()?)
            .set_custom_headers_config(self.custom_headers_config.as_ref().map(Added::sent).transpose()?)
            .set_remove_headers_config(self.remove_headers_config.as_ref().map(Removed::sent).transpose()?)
            .set_security_headers_config(
                self.security_headers_config.as_ref().map(Security::sent).transpose()?,
            )
            .set_server_timing_headers_config(
                self.server_timing_headers_config.as_ref().map(Timing::sent).transpose()?,
            );
        built(config.build())
    }
}

fn live(attributes: ResponseHeadersPolicy, unread: &'static [&'static str]) -> Live<ResponseHeadersPolicy> {
    Live { key: attributes.key(), attributes, tags: None, status: Status::Ready, unread }
}

/// A policy as CloudFront tells of it, with its version where the answer has it.
async fn of(
    aws: &Aws,
    it: sdk::ResponseHeadersPolicy,
    etag: Option<String>,
) -> Result<Option<ResponseHeadersPolicy>> {
    let Some(config) = it.response_headers_policy_config else { return Ok(None) };
    Ok(Some(ResponseHeadersPolicy {
        name: config.name,
        comment: config.comment,
        cors_config: part(config.cors_config),
        custom_headers_config: part(config.custom_headers_config),
        remove_headers_config: part(config.remove_headers_config),
        security_headers_config: part(config.security_headers_config),
        server_timing_headers_config: part(config.server_timing_headers_config),
        arn: Computed(arn(aws, &format!("response-headers-policy/{}", it.id)).await?),
        id: Computed(it.id),
        etag: seen(etag),
    }))
}

fn part<A, T: From<A>>(answer: Option<A>) -> One<T> {
    One(answer.map(T::from))
}

async fn one(aws: &Aws, id: &str) -> Result<Option<Live<ResponseHeadersPolicy>>> {
    let answer = aws.cloudfront().get_response_headers_policy().id(id).send().await;
    let Some(answer) = there(answer.map_err(Error::from))? else { return Ok(None) };
    let Some(it) = answer.response_headers_policy else { return Ok(None) };
    Ok(of(aws, it, answer.e_tag).await?.map(|it| live(it, unread(aws))))
}

async fn version(aws: &Aws, id: &str) -> Result<Option<String>> {
    Ok(aws.cloudfront().get_response_headers_policy().id(id).send().await?.e_tag)
}

/// The account's policies.
async fn listed(aws: &Aws) -> Result<Vec<sdk::ResponseHeadersPolicy>> {
    let (mut out, mut next) = (Vec::new(), None);
    loop {
        let call = aws.cloudfront().list_response_headers_policies();
        let call = call.r#type(ResponseHeadersPolicyType::Custom).set_marker(next);
        let Some(page) = call.send().await?.response_headers_policy_list else { return Ok(out) };
        out.extend(page.items.unwrap_or_default().into_iter().filter_map(|it| it.response_headers_policy));
        next = page.next_marker.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(out);
        }
    }
}
