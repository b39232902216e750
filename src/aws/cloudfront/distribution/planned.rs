//! What can be told of a distribution before AWS is asked.

use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};

pub(super) fn check(plan: &mut Adjust) {
    certificate(plan);
    names(plan);
    targets(plan);
    policies(plan);
}

/// The items of a block or a collection, as far as they are known.
fn items<'a>(it: &'a Value, name: &str) -> &'a [Value] {
    it.get(name).and_then(Value::as_items).unwrap_or_default()
}

fn text<'a>(it: &'a Value, name: &str) -> Option<&'a str> {
    it.get(name).and_then(Value::as_str).filter(|it| !it.is_empty())
}

/// Whether it is said at all; what is not known yet may be something.
fn said(it: &Value, name: &str) -> bool {
    it.get(name).is_some_and(|it| !is_nothing(it))
}

fn certificate(plan: &mut Adjust) {
    let Some(it) = items(&plan.will, "viewer_certificate").first().cloned() else { return };
    let own = ["acm_certificate_arn", "iam_certificate_id"].into_iter().find(|name| said(&it, name));
    let default = it.get("cloudfront_default_certificate").and_then(Value::as_bool) == Some(true);
    let mut wrong = |sentence: String| plan.error("viewer_certificate", sentence);
    if let Some(arn) = text(&it, "acm_certificate_arn")
        && let [_, partition, _, region, ..] = arn.split(':').collect::<Vec<_>>()[..]
        && partition == "aws"
        && region != "us-east-1"
    {
        wrong(format!(
            "CloudFront takes certificates of us-east-1 only, and `{arn}` is one of {region}: request one \
             there, by a provider block with `region = \"us-east-1\"` and an alias"
        ));
    }
    match own {
        Some(name) if default => {
            wrong(format!("`cloudfront_default_certificate` and `{name}` exclude each other"));
        }
        Some(name) if !said(&it, "ssl_support_method") => {
            wrong(format!("`{name}` needs `ssl_support_method` beside it: mostly `sni-only`"));
        }
        None if !said(&it, "cloudfront_default_certificate") => wrong(
            "say `acm_certificate_arn`, `iam_certificate_id`, or `cloudfront_default_certificate = true`"
                .to_owned(),
        ),
        _ => {}
    }
}

/// The default certificate is for CloudFront's own names only.
fn names(plan: &mut Adjust) {
    let names = items(&plan.will, "aliases");
    let Some(it) = items(&plan.will, "viewer_certificate").first() else { return };
    let default = it.get("cloudfront_default_certificate").and_then(Value::as_bool) == Some(true);
    if default && let Some(name) = names.iter().find_map(Value::as_str) {
        let sentence = format!(
            "CloudFront's own certificate does not cover `{name}`: names of yours need one of yours, in \
             `viewer_certificate.acm_certificate_arn`"
        );
        plan.error("aliases", sentence);
    }
}

/// Behaviours and groups name origins that are there.
fn targets(plan: &mut Adjust) {
    let ids = |name: &str| -> Option<Vec<String>> {
        let all = plan.will.get(name).filter(|it| !it.is_unknown()).and_then(Value::as_items);
        all.unwrap_or_default().iter().map(|it| Some(text(it, "origin_id")?.to_owned())).collect()
    };
    // With an id that is not known yet, nothing can be missing for sure.
    let (Some(origins), Some(groups)) = (ids("origin"), ids("origin_group")) else { return };
    let whole = |name: &str| plan.will.get(name).is_some_and(|it| !it.is_unknown());
    if !whole("origin") || !whole("origin_group") {
        return;
    }
    let mut wrong = Vec::new();
    let named = |all: &[String]| all.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let all = [origins.clone(), groups].concat();
    for block in ["default_cache_behavior", "ordered_cache_behavior"] {
        for it in items(&plan.will, block) {
            if let Some(id) = text(it, "target_origin_id").filter(|id| !all.iter().any(|it| it == id)) {
                wrong.push((block, format!("there is no origin or group `{id}`: there is {}", named(&all))));
            }
        }
    }
    for group in items(&plan.will, "origin_group") {
        for it in items(group, "member") {
            if let Some(id) = text(it, "origin_id").filter(|id| !origins.iter().any(|it| it == id)) {
                wrong.push((
                    "origin_group",
                    format!("there is no origin `{id}`: there is {}", named(&origins)),
                ));
            }
        }
    }
    let repeated = all.iter().enumerate().find(|(at, id)| all[..*at].contains(id));
    if let Some((_, id)) = repeated {
        wrong.push(("origin", format!("two origins or groups have the `origin_id` `{id}`")));
    }
    wrong.into_iter().for_each(|(name, sentence)| plan.error(name, sentence));
}

/// A behaviour goes by a policy or by values of its own.
fn policies(plan: &mut Adjust) {
    let mut wrong = Vec::new();
    for block in ["default_cache_behavior", "ordered_cache_behavior"] {
        for it in items(&plan.will, block) {
            match (said(it, "cache_policy_id"), said(it, "forwarded_values")) {
                (true, true) if text(it, "cache_policy_id").is_some() => wrong.push((
                    block,
                    "`cache_policy_id` and `forwarded_values` exclude each other: keep the policy",
                )),
                (false, false) => wrong.push((
                    block,
                    "say `cache_policy_id`, such as that of `Managed-CachingOptimized` (`data \
                     aws_cloudfront_cache_policy`); or `forwarded_values`",
                )),
                _ => {}
            }
        }
    }
    wrong.into_iter().for_each(|(name, sentence)| plan.error(name, sentence));
}
