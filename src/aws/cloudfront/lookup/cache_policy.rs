use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named::{Named, id_of};
use crate::aws::cloudfront::cache_policy::{self, Parameters};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A cache policy that is there already: one of AWS's own, or of the account's.
///
/// ```toml
/// [data.aws_cloudfront_cache_policy.optimized]
/// name = "Managed-CachingOptimized"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CachePolicy {
    /// Its id; or say `name`.
    pub id: Option<String>,
    /// Its name; those of AWS's own begin with `Managed-`.
    pub name: Option<String>,
    /// The policy's ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub comment: Computed<Option<String>>,
    /// How many seconds an answer is kept that does not say it itself.
    pub default_ttl: Computed<i64>,
    /// Its version.
    pub etag: Computed<String>,
    /// The most seconds that an answer is kept.
    pub max_ttl: Computed<i64>,
    /// The least seconds that an answer is kept.
    pub min_ttl: Computed<i64>,
    /// What goes to the origin, and tells cached answers apart.
    pub parameters_in_cache_key_and_forwarded_to_origin: Computed<Vec<Parameters>>,
}

impl DataSource for CachePolicy {
    const TYPE: &'static str = "aws_cloudfront_cache_policy";
    const READS: Reads = Reads::of(
        &[Cost::page("cloudfront:ListCachePolicies", 100), Cost::each("cloudfront:GetCachePolicy")],
        "the list finds its id by its name; only the answer about one has its version",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let all = aws.shared("cache policies of CloudFront", listed(aws));
        let id = id_of("cache policy", &self.id, &self.name, all).await?;
        let aws = &aws.exactly(true);
        let found = cache_policy::asked(aws, &id).await?;
        let it = found.ok_or_else(|| Error::Invalid(format!("there is no cache policy `{id}`")))?;
        Ok(CachePolicy {
            id: Some(id),
            name: Some(it.name),
            arn: it.arn,
            comment: Computed(it.comment),
            default_ttl: Computed(it.default_ttl),
            etag: it.etag,
            max_ttl: Computed(it.max_ttl),
            min_ttl: Computed(it.min_ttl.unwrap_or_default()),
            parameters_in_cache_key_and_forwarded_to_origin: Computed(
                it.parameters_in_cache_key_and_forwarded_to_origin.0.into_iter().collect(),
            ),
        })
    }
}

/// The account's, and AWS's own.
async fn listed(aws: &Aws) -> Result<Vec<Named>> {
    let all = cache_policy::listed(aws, None).await?.into_iter();
    Ok(all.filter_map(|it| Some((it.cache_policy_config?.name, it.id))).collect())
}
