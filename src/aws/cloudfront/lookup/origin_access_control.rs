use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::cloudfront::origin_access_control;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// How CloudFront signs what it asks of an origin, where that is there already.
///
/// ```toml
/// [data.aws_cloudfront_origin_access_control.site]
/// id = "E1A2B3C4D5E6F7"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginAccessControl {
    /// Such as `E1A2B3C4D5E6F7`.
    pub id: String,
    /// Its ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub description: Computed<String>,
    /// Its version.
    pub etag: Computed<String>,
    /// Its name.
    pub name: Computed<String>,
    /// What the origin is: `s3`, `lambda`, `mediastore` or `mediapackagev2`.
    pub origin_access_control_origin_type: Computed<String>,
    /// Which requests are signed: `always`, `never`, or `no-override` for those that viewers have not signed.
    pub signing_behavior: Computed<String>,
    /// `sigv4`.
    pub signing_protocol: Computed<String>,
}

impl DataSource for OriginAccessControl {
    const TYPE: &'static str = "aws_cloudfront_origin_access_control";
    const READS: Reads = Reads::of(
        &[Cost::each("cloudfront:GetOriginAccessControl")],
        "only the answer about one has its version",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let missing =
            || Error::Invalid(format!("there is no origin access control `{}`: look at `id`", self.id));
        let it = origin_access_control::one(aws, &self.id).await?.ok_or_else(missing)?.attributes;
        Ok(OriginAccessControl {
            arn: it.arn,
            description: it.description.into(),
            etag: it.etag,
            name: it.name.into(),
            origin_access_control_origin_type: it.origin_access_control_origin_type.into(),
            signing_behavior: it.signing_behavior.into(),
            signing_protocol: it.signing_protocol.into(),
            ..self
        })
    }
}
