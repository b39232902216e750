use std::time::Duration;

use aws_sdk_cloudfront::types::{OriginAccessControlConfig, OriginAccessControlSummary};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CLOUDFRONT, arn, at_version, blockers, each, there, unread};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// How CloudFront signs what it asks of an origin, so that the origin may answer to it alone.
///
/// ```toml
/// [aws_cloudfront_origin_access_control.site]
/// name = "site"
/// origin_access_control_origin_type = "s3"
/// signing_behavior = "always"
/// signing_protocol = "sigv4"
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginAccessControl {
    /// Unique in the account.
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
    /// What it is for.
    #[serde(default = "nobodys")]
    #[schemars(length(max = 256))]
    pub description: String,
    /// What the origin is: `s3`, `lambda`, `mediastore` or `mediapackagev2`.
    #[schemars(extend("enum" = ["s3", "mediastore", "mediapackagev2", "lambda"]))]
    pub origin_access_control_origin_type: String,
    /// Which requests are signed: `always`, `never`, or `no-override` for those that viewers have not signed.
    #[schemars(extend("enum" = ["never", "always", "no-override"]))]
    pub signing_behavior: String,
    /// `sigv4`.
    #[schemars(extend("enum" = ["sigv4"]))]
    pub signing_protocol: String,
    /// Such as `E1A2B3C4D5E6F7`.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Its version.
    pub etag: Computed<String>,
}

fn nobodys() -> String {
    "Managed by Terraform".into()
}

impl Resource for OriginAccessControl {
    const TYPE: &'static str = "aws_cloudfront_origin_access_control";
    const SOUGHT_BY: &'static [&'static str] =
        &["name", "description", "origin_access_control_origin_type", "signing_behavior", "signing_protocol"];
    const IMPORT: &'static [&'static str] = &["E327GJI25M56DG"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::each("cloudfront:GetOriginAccessControl").to(1),
            Cost::page("cloudfront:ListOriginAccessControls", 100).from(2),
        ],
        "a page has 100 of them, without their versions: those are asked for when one is changed",
    );
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] =
        &[CLOUDFRONT, &[Passing::in_use("OriginAccessControlInUse")]];
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
            let arn = arn(aws, &format!("origin-access-control/{}", it.id)).await?;
            out.push(live(Self::of_summary(it, arn), &["arn", "etag"]));
        }
        Ok(out)
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let call = aws.cloudfront().create_origin_access_control();
        let answer = call.origin_access_control_config(self.sent()?).send().await?;
        answer.origin_access_control.map(|it| it.id).ok_or(Error::Incomplete("the id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let config = self.sent()?;
        let send = async |version: String| {
            let call = aws.cloudfront().update_origin_access_control().id(was.key()).if_match(version);
            call.origin_access_control_config(config.clone()).send().await?;
            Ok(())
        };
        at_version(&was.etag, async || version(aws, &was.key()).await, send).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let send = async |version: String| {
            let call = aws.cloudfront().delete_origin_access_control();
            call.id(self.key()).if_match(version).send().await?;
            Ok(())
        };
        at_version(&self.etag, async || version(aws, &self.key()).await, send).await
    }

    // The API takes no token and tells no time. A name stands once: what goes by it and says all that
    // ours would say is what the create has made, or would be refused for.
    async fn find(&self, aws: &Aws, _new: &New) -> Result<Option<String>> {
        let same = |it: &OriginAccessControlSummary| {
            let other = Self::of_summary(it.clone(), String::new());
            let plain = |it: &Self| Self {
                id: Computed::default(),
                arn: Computed::default(),
                etag: Computed::default(),
                ..it.clone()
            };
            plain(&other) == plain(self)
        };
        Ok(listed(aws).await?.into_iter().find(same).map(|it| it.id))
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        if !is_in_use::<Self>(op, error) {
            return Ok(Blockers::default());
        }
        let id = self.key();
        let uses = |it: &_| blockers::origin(it, |it| it.origin_access_control_id() == Some(id.as_str()));
        Ok(blockers::of(aws, uses).await)
    }
}

impl OriginAccessControl {
    fn sent(&self) -> Result<OriginAccessControlConfig> {
        let config = OriginAccessControlConfig::builder()
            .name(&self.name)
            .description(&self.description)
            .origin_access_control_origin_type(self.origin_access_control_origin_type.as_str().into())
            .signing_behavior(self.signing_behavior.as_str().into())
            .signing_protocol(self.signing_protocol.as_str().into());
        built(config.build())
    }

    fn of_summary(it: OriginAccessControlSummary, arn: String) -> Self {
        OriginAccessControl {
            name: it.name,
            description: it.description,
            origin_access_control_origin_type: seen(Some(it.origin_access_control_origin_type)),
            signing_behavior: seen(Some(it.signing_behavior)),
            signing_protocol: seen(Some(it.signing_protocol)),
            id: Computed(it.id),
            arn: Computed(arn),
            etag: Computed(String::new()),
        }
    }
}

fn live(attributes: OriginAccessControl, unread: &'static [&'static str]) -> Live<OriginAccessControl> {
    Live { key: attributes.key(), attributes, tags: None, status: Status::Ready, unread }
}

async fn listed(aws: &Aws) -> Result<Vec<OriginAccessControlSummary>> {
    let pages = aws.cloudfront().list_origin_access_controls().into_paginator().items().send();
    Ok(pages.try_collect().await?)
}

pub(super) async fn one(aws: &Aws, id: &str) -> Result<Option<Live<OriginAccessControl>>> {
    let answer = aws.cloudfront().get_origin_access_control().id(id).send().await;
    let Some(answer) = there(answer.map_err(Error::from))? else { return Ok(None) };
    let found = answer.origin_access_control.and_then(|it| it.origin_access_control_config);
    let Some(it) = found else { return Ok(None) };
    let attributes = OriginAccessControl {
        name: it.name,
        description: it.description.unwrap_or_default(),
        origin_access_control_origin_type: seen(Some(it.origin_access_control_origin_type)),
        signing_behavior: seen(Some(it.signing_behavior)),
        signing_protocol: seen(Some(it.signing_protocol)),
        id: Computed(id.to_owned()),
        arn: Computed(arn(aws, &format!("origin-access-control/{id}")).await?),
        etag: seen(answer.e_tag),
    };
    Ok(Some(live(attributes, unread(aws))))
}

async fn version(aws: &Aws, id: &str) -> Result<Option<String>> {
    Ok(aws.cloudfront().get_origin_access_control().id(id).send().await?.e_tag)
}
