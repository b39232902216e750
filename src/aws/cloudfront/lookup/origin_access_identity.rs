use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::cloudfront::origin_access_identity;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A user that stands for CloudFront in the policy of a bucket, where it is there already.
///
/// ```toml
/// [data.aws_cloudfront_origin_access_identity.site]
/// id = "E1A2B3C4D5E6F7"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginAccessIdentity {
    /// Such as `E1A2B3C4D5E6F7`.
    pub id: String,
    /// Its ARN.
    pub arn: Computed<String>,
    /// Told its create from all others.
    pub caller_reference: Computed<String>,
    /// For a distribution's `origin_access_identity`: `origin-access-identity/cloudfront/E1A2B3C4D5E6F7`.
    pub cloudfront_access_identity_path: Computed<String>,
    /// What it is for.
    pub comment: Computed<String>,
    /// Its version.
    pub etag: Computed<String>,
    /// For a bucket's policy: the ARN of the user.
    pub iam_arn: Computed<String>,
    /// For access lists of S3.
    pub s3_canonical_user_id: Computed<String>,
}

impl DataSource for OriginAccessIdentity {
    const TYPE: &'static str = "aws_cloudfront_origin_access_identity";
    const READS: Reads = Reads::of(
        &[Cost::each("cloudfront:GetCloudFrontOriginAccessIdentity")],
        "only the answer about one has its version",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let missing =
            || Error::Invalid(format!("there is no origin access identity `{}`: look at `id`", self.id));
        let it = origin_access_identity::one(aws, &self.id).await?.ok_or_else(missing)?.attributes;
        Ok(OriginAccessIdentity {
            arn: it.arn,
            caller_reference: it.caller_reference,
            cloudfront_access_identity_path: it.cloudfront_access_identity_path,
            comment: it.comment.into(),
            etag: it.etag,
            iam_arn: it.iam_arn,
            s3_canonical_user_id: it.s3_canonical_user_id,
            ..self
        })
    }
}
