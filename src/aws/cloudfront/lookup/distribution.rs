use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::cloudfront::{distribution, list_tags};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A distribution that is there already.
///
/// ```toml
/// [data.aws_cloudfront_distribution.site]
/// id = "E1A2B3C4D5E6F7"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// Such as `E1A2B3C4D5E6F7`.
    pub id: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// The names of yours that it answers to.
    pub aliases: Computed<Set<String>>,
    /// The distribution's ARN.
    pub arn: Computed<String>,
    /// Such as `d111111abcdef8.cloudfront.net`.
    pub domain_name: Computed<String>,
    /// Whether it answers.
    pub enabled: Computed<bool>,
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
    /// ARN of the web ACL that guards it; its id, for the first generation of them.
    pub web_acl_id: Computed<Option<String>>,
}

impl DataSource for Distribution {
    const TYPE: &'static str = "aws_cloudfront_distribution";
    const READS: Reads = Reads::of(
        &[Cost::each("cloudfront:GetDistribution"), Cost::each("cloudfront:ListTagsForResource")],
        "a call tells of one distribution, and its tags have a call of their own",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let missing = || Error::Invalid(format!("there is no distribution `{}`: look at `id`", self.id));
        let it = distribution::one(aws, &self.id).await?.ok_or_else(missing)?.attributes;
        let tags = list_tags(aws, std::slice::from_ref(&*it.arn)).await?.pop().flatten();
        Ok(Distribution {
            tags: Chosen(tags.unwrap_or_default()),
            aliases: Computed(it.aliases.unwrap_or_default()),
            arn: it.arn,
            domain_name: it.domain_name,
            enabled: Computed(it.enabled),
            etag: it.etag,
            hosted_zone_id: it.hosted_zone_id,
            in_progress_validation_batches: it.in_progress_validation_batches,
            last_modified_time: it.last_modified_time,
            status: it.status,
            web_acl_id: Computed(it.web_acl_id),
            ..self
        })
    }
}
