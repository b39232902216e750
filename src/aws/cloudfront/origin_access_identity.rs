use std::time::Duration;

use aws_sdk_cloudfront::types::{
    CloudFrontOriginAccessIdentityConfig, CloudFrontOriginAccessIdentitySummary,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CLOUDFRONT, arn, at_version, blockers, each, there, unread};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A user that stands for CloudFront in the policy of a bucket. For new sites better use
/// `aws_cloudfront_origin_access_control`.
///
/// ```toml
/// [aws_cloudfront_origin_access_identity.site]
/// comment = "the site's"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginAccessIdentity {
    /// What it is for.
    #[serde(default)]
    pub comment: String,
    /// Such as `E1A2B3C4D5E6F7`.
    pub id: Computed<String>,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Told its create from all others.
    pub caller_reference: Computed<String>,
    /// For a distribution's `origin_access_identity`: `origin-access-identity/cloudfront/E1A2B3C4D5E6F7`.
    pub cloudfront_access_identity_path: Computed<String>,
    /// Its version.
    pub etag: Computed<String>,
    /// For a bucket's policy: the ARN of the user.
    pub iam_arn: Computed<String>,
    /// For access lists of S3.
    pub s3_canonical_user_id: Computed<String>,
}

impl Resource for OriginAccessIdentity {
    const TYPE: &'static str = "aws_cloudfront_origin_access_identity";
    const SOUGHT_BY: &'static [&'static str] = &["comment"];
    const IMPORT: &'static [&'static str] = &["E74FTE3AEXAMPLE"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::each("cloudfront:GetCloudFrontOriginAccessIdentity").to(1),
            Cost::page("cloudfront:ListCloudFrontOriginAccessIdentities", 100).from(2),
        ],
        "a page has 100 of them, without their versions: those are asked for when one is changed",
    );
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] =
        &[CLOUDFRONT, &[Passing::in_use("CloudFrontOriginAccessIdentityInUse")]];
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
            let attributes = Self {
                comment: it.comment,
                s3_canonical_user_id: Computed(it.s3_canonical_user_id),
                ..named(aws, &it.id).await?
            };
            out.push(live(attributes, &["arn", "caller_reference", "etag"]));
        }
        Ok(out)
    }

    // The same reference twice is the same identity.
    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let config = config(&new.token, &self.comment)?;
        let call = aws.cloudfront().create_cloud_front_origin_access_identity();
        let answer = call.cloud_front_origin_access_identity_config(config).send().await?;
        answer.cloud_front_origin_access_identity.map(|it| it.id).ok_or(Error::Incomplete("the id"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let send = async |version: String| {
            let call = aws.cloudfront().update_cloud_front_origin_access_identity();
            let config = config(&was.caller_reference, &self.comment)?;
            let call = call.cloud_front_origin_access_identity_config(config);
            call.id(was.key()).if_match(version).send().await?;
            Ok(())
        };
        at_version(&was.etag, async || version(aws, &was.key()).await, send).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let send = async |version: String| {
            let call = aws.cloudfront().delete_cloud_front_origin_access_identity();
            call.id(self.key()).if_match(version).send().await?;
            Ok(())
        };
        at_version(&self.etag, async || version(aws, &self.key()).await, send).await
    }

    // The list leaves the references out: those that say what ours would say are looked at.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        for it in listed(aws).await?.into_iter().filter(|it| it.comment == self.comment) {
            let found = one(aws, &it.id).await?;
            if found.is_some_and(|it| *it.attributes.caller_reference == new.token) {
                return Ok(Some(it.id));
            }
        }
        Ok(None)
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        if !is_in_use::<Self>(op, error) {
            return Ok(Blockers::default());
        }
        let path = &*self.cloudfront_access_identity_path;
        let uses = |it: &_| {
            blockers::origin(it, |it| {
                it.s3_origin_config().is_some_and(|it| it.origin_access_identity == *path)
            })
        };
        Ok(blockers::of(aws, uses).await)
    }
}

fn config(reference: &str, comment: &str) -> Result<CloudFrontOriginAccessIdentityConfig> {
    let config = CloudFrontOriginAccessIdentityConfig::builder();
    built(config.caller_reference(reference).comment(comment).build())
}

fn live(attributes: OriginAccessIdentity, unread: &'static [&'static str]) -> Live<OriginAccessIdentity> {
    Live { key: attributes.key(), attributes, tags: None, status: Status::Ready, unread }
}

async fn listed(aws: &Aws) -> Result<Vec<CloudFrontOriginAccessIdentitySummary>> {
    let pages = aws.cloudfront().list_cloud_front_origin_access_identities().into_paginator().items();
    Ok(pages.send().try_collect().await?)
}

/// What follows from its id.
async fn named(aws: &Aws, id: &str) -> Result<OriginAccessIdentity> {
    let user = format!("user/CloudFront Origin Access Identity {id}");
    Ok(OriginAccessIdentity {
        comment: String::new(),
        id: Computed(id.to_owned()),
        arn: Computed(arn(aws, &format!("origin-access-identity/{id}")).await?),
        caller_reference: Computed::default(),
        cloudfront_access_identity_path: Computed(format!("origin-access-identity/cloudfront/{id}")),
        etag: Computed::default(),
        iam_arn: Computed(format!("arn:{}:iam::cloudfront:{user}", aws.partition())),
        s3_canonical_user_id: Computed::default(),
    })
}

pub(super) async fn one(aws: &Aws, id: &str) -> Result<Option<Live<OriginAccessIdentity>>> {
    let answer = aws.cloudfront().get_cloud_front_origin_access_identity().id(id).send().await;
    let Some(answer) = there(answer.map_err(Error::from))? else { return Ok(None) };
    let Some(it) = answer.cloud_front_origin_access_identity else { return Ok(None) };
    let config = it.cloud_front_origin_access_identity_config;
    let attributes = OriginAccessIdentity {
        comment: config.as_ref().map(|it| it.comment.clone()).unwrap_or_default(),
        caller_reference: seen(config.map(|it| it.caller_reference)),
        etag: seen(answer.e_tag),
        s3_canonical_user_id: Computed(it.s3_canonical_user_id),
        ..named(aws, id).await?
    };
    Ok(Some(live(attributes, unread(aws))))
}

async fn version(aws: &Aws, id: &str) -> Result<Option<String>> {
    Ok(aws.cloudfront().get_cloud_front_origin_access_identity().id(id).send().await?.e_tag)
}
