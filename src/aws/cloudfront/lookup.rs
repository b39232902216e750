use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cache_policy::{self, Parameters};
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

    async fn read(self, aws: &Aws) -> Result<Self> {
        let said = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let id = match (said(&self.id), said(&self.name)) {
            (Some(id), None) => id,
            (None, Some(name)) => named(aws, &name).await?,
            (Some(_), Some(_)) => {
                return Err(Error::Invalid("say `id` or `name`, not both of them".to_owned()));
            }
            (None, None) => return Err(Error::Invalid("say `id` or `name`".to_owned())),
        };
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

/// The id of the policy of that name, among the account's and AWS's own.
async fn named(aws: &Aws, name: &str) -> Result<String> {
    let all = cache_policy::listed(aws, None).await?;
    let called =
        |it: &sdk::CachePolicy| it.cache_policy_config.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    if let Some(it) = all.iter().find(|it| called(it) == name) {
        return Ok(it.id.clone());
    }
    let names: Vec<String> = all.iter().map(|it| format!("`{}`", called(it))).take(30).collect();
    let there = match names.is_empty() {
        true => "none at all".to_owned(),
        false => names.join(", "),
    };
    Err(Error::Invalid(format!("there is no cache policy of the name `{name}`; there is {there}")))
}
