//! Which distributions use a thing of CloudFront's that is to be removed: looked up after a refusal, for
//! people.

use aws_sdk_cloudfront::types::{CacheBehavior, DefaultCacheBehavior, DistributionSummary};

use crate::aws::{Aws, Result};
use crate::resource::{Blocker, Blockers};

/// The distributions for which `uses` holds, with the place in them.
pub async fn of(aws: &Aws, uses: impl Fn(&DistributionSummary) -> Option<String>) -> Blockers {
    let mut out = Blockers::default();
    out.ask("the distributions that use it", using(aws, uses).await);
    out
}

async fn using(aws: &Aws, uses: impl Fn(&DistributionSummary) -> Option<String>) -> Result<Vec<Blocker>> {
    let all = aws.cloudfront().list_distributions().into_paginator().items().send().try_collect().await?;
    let named = |it: &DistributionSummary| {
        let place = uses(it)?;
        let alias = it.aliases.as_ref().and_then(|it| it.items().first()).unwrap_or(&it.domain_name);
        Some(Blocker::new("distribution", &it.id).named(Some(alias.as_str())).of(place).known_by(&it.arn))
    };
    Ok(all.iter().filter_map(named).collect())
}

/// The origin of a distribution that has this about it.
pub fn origin(
    it: &DistributionSummary,
    has: impl Fn(&aws_sdk_cloudfront::types::Origin) -> bool,
) -> Option<String> {
    let origins = it.origins.as_ref()?.items.iter();
    origins.into_iter().find(|it| has(it)).map(|it| format!("its origin `{}`", it.id))
}

/// The behaviour of a distribution that uses this cache policy.
pub fn policy(it: &DistributionSummary, id: &str) -> Option<String> {
    behavior(it, id, |it| it.cache_policy_id.as_deref(), |it| it.cache_policy_id.as_deref())
}

/// The behaviour of a distribution that uses this origin request policy.
pub fn request_policy(it: &DistributionSummary, id: &str) -> Option<String> {
    behavior(it, id, |it| it.origin_request_policy_id.as_deref(), |it| it.origin_request_policy_id.as_deref())
}

/// The behaviour of a distribution that uses this response headers policy.
pub fn headers_policy(it: &DistributionSummary, id: &str) -> Option<String> {
    behavior(
        it,
        id,
        |it| it.response_headers_policy_id.as_deref(),
        |it| it.response_headers_policy_id.as_deref(),
    )
}

/// The behaviour of a distribution that names this id.
fn behavior(
    it: &DistributionSummary,
    id: &str,
    default: impl Fn(&DefaultCacheBehavior) -> Option<&str>,
    other: impl Fn(&CacheBehavior) -> Option<&str>,
) -> Option<String> {
    if it.default_cache_behavior.as_ref().and_then(default) == Some(id) {
        return Some("its default behaviour".to_owned());
    }
    let mut others = it.cache_behaviors.as_ref()?.items().iter();
    let found = others.find(|it| other(it) == Some(id));
    found.map(|it| format!("its behaviour for `{}`", it.path_pattern))
}

/// The behaviour of a distribution that runs this function.
pub fn function(it: &DistributionSummary, arn: &str) -> Option<String> {
    let runs = |it: &Option<aws_sdk_cloudfront::types::FunctionAssociations>| {
        it.as_ref().is_some_and(|it| it.items().iter().any(|it| it.function_arn == arn))
    };
    if it.default_cache_behavior.as_ref().is_some_and(|it| runs(&it.function_associations)) {
        return Some("its default behaviour".to_owned());
    }
    let mut others = it.cache_behaviors.as_ref()?.items().iter();
    let found = others.find(|it| runs(&it.function_associations));
    found.map(|it| format!("its behaviour for `{}`", it.path_pattern))
}
