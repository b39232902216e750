//! Handing requests to target groups.

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::Needed;
use crate::aws::shape::{seen, sent};
use crate::resource::{One, Set, Usual};

/// Hand requests to several target groups.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forward {
    /// The target groups.
    #[serde(default)]
    #[schemars(length(min = 1, max = 5))]
    pub target_group: Set<Weighted>,
    /// Whether requests of one client go to one target group.
    pub stickiness: Usual<One<Sticky>>,
}

/// One of the target groups.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// The target group.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub arn: String,
    /// Its share, beside the weights of the others; 0 to 999.
    #[schemars(range(min = 0, max = 999), extend("default" = 1))]
    pub weight: Option<i64>,
}

/// Whether requests of one client go to one target group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sticky {
    /// For so many seconds.
    #[schemars(range(min = 1, max = 604800))]
    pub duration: Needed<i64>,
    /// Whether it is done.
    #[schemars(extend("default" = false))]
    pub enabled: Option<bool>,
}

impl Forward {
    pub fn sent(&self) -> sdk::ForwardActionConfig {
        let group = |it: &Weighted| {
            let arn = (!it.arn.is_empty()).then(|| it.arn.clone());
            sdk::TargetGroupTuple::builder().set_target_group_arn(arn).set_weight(sent(&it.weight)).build()
        };
        let sticky = |it: &Sticky| {
            let seconds = i32::try_from(it.duration.0).ok().filter(|it| *it > 0);
            let config = sdk::TargetGroupStickinessConfig::builder().enabled(it.enabled == Some(true));
            config.set_duration_seconds(seconds).build()
        };
        sdk::ForwardActionConfig::builder()
            .set_target_groups(Some(self.target_group.iter().map(group).collect()))
            .set_target_group_stickiness_config(self.stickiness.as_ref().map(sticky))
            .build()
    }

    pub fn seen(it: sdk::ForwardActionConfig) -> Self {
        let group =
            |it: sdk::TargetGroupTuple| Weighted { arn: seen(it.target_group_arn), weight: seen(it.weight) };
        let sticky = |it: sdk::TargetGroupStickinessConfig| Sticky {
            duration: Needed(seen(it.duration_seconds)),
            enabled: it.enabled,
        };
        Forward {
            target_group: it.target_groups.unwrap_or_default().into_iter().map(group).collect(),
            stickiness: Usual(One(it.target_group_stickiness_config.map(sticky))),
        }
    }

    /// The only target group, where nothing is said but that.
    pub fn only(&self) -> Option<&str> {
        let quiet = self.stickiness.as_ref().is_none_or(|it| it.enabled != Some(true));
        match &self.target_group[..] {
            [one] if quiet => stated_text(&one.arn),
            _ => None,
        }
    }
}

fn stated_text(it: &str) -> Option<&str> {
    (!it.is_empty()).then_some(it)
}
