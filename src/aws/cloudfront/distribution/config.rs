//! A distribution as CloudFront takes it, and as it tells of it.

use aws_sdk_cloudfront::types::{self as sdk, DistributionConfig};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::{Behavior, CustomError, DefaultBehavior, Distribution, Logging, Origin, OriginGroup};
use super::{Certificate, Restrictions, UNDER_WAY};
use crate::aws::cloudfront::quantity;
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Result};
use crate::resource::*;

/// Route 53's zone of all distributions, and of those in China.
const ZONE: &str = "Z2FDTNDATAQYW2";
const ZONE_IN_CHINA: &str = "Z3RFFRIM2A3IF5";

impl Distribution {
    /// All of it: CloudFront takes no parts.
    pub(super) fn sent(&self, reference: &str) -> Result<DistributionConfig> {
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let groups = (!self.origin_group.is_empty()).then(|| self.groups()).transpose()?;
        let default = self.default_cache_behavior.as_ref().map(DefaultBehavior::sent).transpose()?;
        let it = DistributionConfig::builder()
            .caller_reference(reference)
            .aliases(self.names()?)
            .cache_behaviors(self.behaviors()?)
            .comment(text(&self.comment))
            .continuous_deployment_policy_id(text(&self.continuous_deployment_policy_id))
            .custom_error_responses(self.errors()?)
            .set_default_cache_behavior(default)
            .default_root_object(text(&self.default_root_object))
            .enabled(self.enabled)
            .http_version(self.http_version.as_str().into())
            .is_ipv6_enabled(self.is_ipv6_enabled)
            .logging(Logging::sent(self.logging_config.as_ref()))
            .origins(self.origins()?)
            .set_origin_groups(groups)
            .price_class(self.price_class.as_str().into())
            .set_restrictions(self.restrictions.as_ref().map(Restrictions::sent).transpose()?)
            .staging(*self.staging)
            .set_viewer_certificate(self.viewer_certificate.as_ref().map(Certificate::sent))
            .web_acl_id(text(&self.web_acl_id));
        built(it.build())
    }

    fn names(&self) -> Result<sdk::Aliases> {
        let names = self.aliases.as_ref().map(|it| it.0.clone()).unwrap_or_default();
        let it = sdk::Aliases::builder().quantity(quantity(&names));
        built(it.set_items((!names.is_empty()).then_some(names)).build())
    }

    fn behaviors(&self) -> Result<sdk::CacheBehaviors> {
        let each = self.ordered_cache_behavior.iter().map(Behavior::sent).collect::<Result<Vec<_>>>()?;
        let it = sdk::CacheBehaviors::builder().quantity(quantity(&each));
        built(it.set_items((!each.is_empty()).then_some(each)).build())
    }

    fn errors(&self) -> Result<sdk::CustomErrorResponses> {
        let each = self.custom_error_response.iter().map(CustomError::sent).collect::<Result<Vec<_>>>()?;
        built(sdk::CustomErrorResponses::builder().quantity(quantity(&each)).set_items(Some(each)).build())
    }

    fn origins(&self) -> Result<sdk::Origins> {
        let each = self.origin.iter().map(Origin::sent).collect::<Result<Vec<_>>>()?;
        built(sdk::Origins::builder().quantity(quantity(&each)).set_items(Some(each)).build())
    }

    fn groups(&self) -> Result<sdk::OriginGroups> {
        let each = self.origin_group.iter().map(OriginGroup::sent).collect::<Result<Vec<_>>>()?;
        built(sdk::OriginGroups::builder().quantity(quantity(&each)).set_items(Some(each)).build())
    }
}

/// `None` where the answer holds no configuration.
pub(super) fn live(aws: &Aws, it: sdk::Distribution, etag: Option<String>) -> Option<Live<Distribution>> {
    let zone = if aws.partition() == "aws-cn" { ZONE_IN_CHINA } else { ZONE };
    let attributes = Distribution {
        id: Computed(it.id.clone()),
        arn: Computed(it.arn),
        domain_name: Computed(it.domain_name),
        etag: seen(etag),
        hosted_zone_id: Computed(zone.to_owned()),
        in_progress_validation_batches: Computed(it.in_progress_invalidation_batches.into()),
        last_modified_time: Computed(spelt(&it.last_modified_time)),
        status: Computed(it.status.clone()),
        trusted_key_groups: Computed(it.active_trusted_key_groups.map(Into::into).into_iter().collect()),
        trusted_signers: Computed(it.active_trusted_signers.map(Into::into).into_iter().collect()),
        ..configured(it.distribution_config?)
    };
    let under_way = it.status == UNDER_WAY;
    let status = if under_way { Status::Pending(it.status) } else { Status::Ready };
    Some(Live { key: it.id, status, tags: None, unread: &[], attributes })
}

/// The attributes that its configuration holds.
fn configured(it: DistributionConfig) -> Distribution {
    let behaviors = it.cache_behaviors.and_then(|it| it.items).unwrap_or_default();
    let errors = it.custom_error_responses.and_then(|it| it.items).unwrap_or_default();
    let groups = it.origin_groups.and_then(|it| it.items).unwrap_or_default();
    let names = it.aliases.and_then(|it| it.items).filter(|it| !it.is_empty());
    Distribution {
        enabled: it.enabled,
        aliases: names.map(Set),
        comment: Some(it.comment).filter(|it| !it.is_empty()),
        default_root_object: it.default_root_object,
        http_version: seen(it.http_version),
        is_ipv6_enabled: it.is_ipv6_enabled.unwrap_or_default(),
        price_class: seen(it.price_class),
        web_acl_id: it.web_acl_id,
        continuous_deployment_policy_id: Chosen(it.continuous_deployment_policy_id),
        staging: Fixed(it.staging.unwrap_or_default()),
        origin: it.origins.map(|it| it.items).unwrap_or_default().into_iter().map(Origin::from).collect(),
        origin_group: groups.into_iter().map(OriginGroup::from).collect(),
        default_cache_behavior: One(it.default_cache_behavior.map(DefaultBehavior::from)),
        ordered_cache_behavior: behaviors.into_iter().map(Behavior::from).collect(),
        custom_error_response: errors.into_iter().map(CustomError::from).collect(),
        logging_config: One(it.logging.filter(|it| it.enabled).map(Logging::from)),
        restrictions: One(it.restrictions.map(Restrictions::from)),
        viewer_certificate: One(it.viewer_certificate.map(Certificate::from)),
        caller_reference: Computed(it.caller_reference),
        retain_on_delete: Local(false),
        wait_for_deployment: Local(true),
        tags: None,
        tags_all: Chosen::default(),
        id: Computed::default(),
        arn: Computed::default(),
        domain_name: Computed::default(),
        etag: Computed::default(),
        hosted_zone_id: Computed::default(),
        in_progress_validation_batches: Computed::default(),
        last_modified_time: Computed::default(),
        status: Computed::default(),
        trusted_key_groups: Computed::default(),
        trusted_signers: Computed::default(),
    }
}

/// The way the provider writes times: `2026-01-31 12:30:00.5 +0000 UTC`.
fn spelt(time: &DateTime) -> String {
    let text = time.fmt(Format::DateTime).unwrap_or_default();
    format!("{} +0000 UTC", text.trim_end_matches('Z').replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_the_provider_writes_them() {
        let time = |text: &str| DateTime::from_str(text, Format::DateTime).expect("a time");
        assert_eq!(spelt(&time("2021-11-27T10:34:26.802Z")), "2021-11-27 10:34:26.802 +0000 UTC");
        assert_eq!(spelt(&time("2021-11-27T10:34:26Z")), "2021-11-27 10:34:26 +0000 UTC");
    }
}
