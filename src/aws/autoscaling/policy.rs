use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AUTOSCALING;
use crate::aws::blocks::{Amount, asked, shown, shows};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;
use predictive::Predictive;
use tracking::Tracking;

pub mod metrics;
pub mod predictive;
pub mod tracking;

/// When an Auto Scaling group gets more or fewer instances.
///
/// ```toml
/// [aws_autoscaling_policy.busy]
/// name = "busy"
/// autoscaling_group_name = "web"
/// policy_type = "TargetTrackingScaling"
/// target_tracking_configuration = { target_value = 60, predefined_metric_specification = { predefined_metric_type = "ASGAverageCPUUtilization" } }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Unique in the group.
    pub name: Fixed<String>,
    /// The group's name.
    pub autoscaling_group_name: Fixed<String>,
    /// `SimpleScaling`, `StepScaling`, `TargetTrackingScaling` or `PredictiveScaling`.
    #[serde(default = "simple")]
    #[schemars(extend("enum" = ["SimpleScaling", "StepScaling", "TargetTrackingScaling", "PredictiveScaling"]))]
    pub policy_type: String,
    /// Whether it does anything.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What the numbers mean: `ChangeInCapacity`, `ExactCapacity` or `PercentChangeInCapacity`. For simple
    /// and step policies.
    pub adjustment_type: Option<String>,
    /// By how much, at least, where it is a percentage.
    #[schemars(range(min = 1))]
    pub min_adjustment_magnitude: Option<i64>,
    /// By how much. For simple policies.
    pub scaling_adjustment: Option<i64>,
    /// The pause after it, in seconds. For simple policies.
    pub cooldown: Option<i64>,
    /// By how much, depending on how far the alarm's metric is off. For step policies.
    #[serde(default)]
    pub step_adjustment: Set<Step>,
    /// `Minimum`, `Maximum` or `Average` of the metric. For step policies.
    pub metric_aggregation_type: Chosen<Option<String>>,
    /// Until a new instance counts, in seconds. For step and target tracking policies.
    pub estimated_instance_warmup: Option<i64>,
    /// Keep a metric near a value.
    #[serde(default)]
    pub target_tracking_configuration: One<Tracking>,
    /// Launch ahead of what is expected.
    #[serde(default)]
    pub predictive_scaling_configuration: One<Predictive>,
    /// The policy's name.
    pub id: Computed<String>,
    /// The policy's ARN, for alarms.
    pub arn: Computed<String>,
}

/// By how much, in one range of the metric.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Where the range begins, as a difference to the alarm's threshold; without end where absent.
    pub metric_interval_lower_bound: Option<Amount>,
    /// Where it ends.
    pub metric_interval_upper_bound: Option<Amount>,
    /// By how much.
    pub scaling_adjustment: i64,
}

impl crate::aws::blocks::Asked<sdk::StepAdjustment> for Step {
    fn asked(&self) -> Option<sdk::StepAdjustment> {
        let it = sdk::StepAdjustment::builder()
            .set_metric_interval_lower_bound(asked(&self.metric_interval_lower_bound))
            .set_metric_interval_upper_bound(asked(&self.metric_interval_upper_bound));
        Some(it.set_scaling_adjustment(i32::try_from(self.scaling_adjustment).ok()).build())
    }
}
shows!(Step => sdk::StepAdjustment {
    metric_interval_lower_bound, metric_interval_upper_bound, scaling_adjustment,
});

fn simple() -> String {
    "SimpleScaling".into()
}
fn yes() -> bool {
    true
}

/// Which policy of which group.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    group: String,
    name: String,
}

impl Resource for Policy {
    const TYPE: &'static str = "aws_autoscaling_policy";
    const IMPORT: &'static [&'static str] = &["web/busy"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::page("autoscaling:DescribePolicies", 50)], "a call takes 50 names, of all groups");
    const BATCH: usize = 50;
    const PASSING: &'static [&'static [Passing]] = &[AUTOSCALING];
    type Key = Key;

    fn key(&self) -> Key {
        Key { group: self.autoscaling_group_name.0.clone(), name: self.name.0.clone() }
    }

    fn import(id: &str) -> Result<Key> {
        match id.split_once('/') {
            Some((group, name)) if !group.is_empty() && !name.is_empty() => {
                Ok(Key { group: group.to_owned(), name: name.to_owned() })
            }
            _ => Err(Error::Invalid("say the group's name and the policy's: `group/policy`".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut names: Vec<String> = keys.iter().map(|it| it.name.clone()).collect();
        names.sort();
        names.dedup();
        let call = aws.autoscaling().describe_policies().set_policy_names(Some(names)).max_records(100);
        let found: Vec<sdk::ScalingPolicy> = call.into_paginator().items().send().try_collect().await?;
        Ok(found.into_iter().map(live).filter(|it| keys.contains(&it.key)).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.autoscaling().delete_policy().auto_scaling_group_name(&**self.autoscaling_group_name);
        match call.policy_name(&**self.name).send().await.map_err(Error::from) {
            // The group took it along.
            Err(it) if it.message().contains("not found") => Ok(()),
            answer => answer.map(drop),
        }
    }

    // PutScalingPolicy sets what is there already, too.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Key>> {
        Ok(None)
    }

    fn adjust(plan: &mut Adjust) {
        adjust(plan);
    }
}

impl Policy {
    fn is(&self, types: &[&str]) -> bool {
        types.iter().any(|it| self.policy_type.starts_with(it))
    }

    async fn put(&self, aws: &Aws) -> Result<()> {
        let by_hand = self.is(&["Simple", "Step"]);
        let number = |it: Option<i64>| it.and_then(|it| i32::try_from(it).ok());
        let call = aws
            .autoscaling()
            .put_scaling_policy()
            .auto_scaling_group_name(&**self.autoscaling_group_name)
            .policy_name(&**self.name)
            .policy_type(&self.policy_type)
            .enabled(self.enabled)
            .set_adjustment_type(asked(&self.adjustment_type).filter(|_| by_hand))
            .set_cooldown(number(self.cooldown).filter(|_| self.is(&["Simple"])))
            .set_estimated_instance_warmup(
                number(self.estimated_instance_warmup).filter(|_| self.is(&["Step", "Target"])),
            )
            .set_metric_aggregation_type(asked(&self.metric_aggregation_type).filter(|_| self.is(&["Step"])))
            .set_min_adjustment_magnitude(asked(&self.min_adjustment_magnitude).filter(|_| by_hand))
            .set_scaling_adjustment(number(self.scaling_adjustment).filter(|_| self.is(&["Simple"])))
            .set_step_adjustments(asked(&self.step_adjustment))
            .set_target_tracking_configuration(asked(&self.target_tracking_configuration))
            .set_predictive_scaling_configuration(asked(&self.predictive_scaling_configuration));
        call.send().await?;
        Ok(())
    }
}

fn live(it: sdk::ScalingPolicy) -> Live<Policy> {
    let attributes = Policy {
        name: Fixed(it.policy_name.clone().unwrap_or_default()),
        autoscaling_group_name: Fixed(it.auto_scaling_group_name.unwrap_or_default()),
        policy_type: it.policy_type.unwrap_or_else(simple),
        enabled: it.enabled.unwrap_or(true),
        adjustment_type: shown(it.adjustment_type),
        min_adjustment_magnitude: shown(it.min_adjustment_magnitude),
        scaling_adjustment: shown(it.scaling_adjustment),
        cooldown: shown(it.cooldown),
        step_adjustment: shown(it.step_adjustments),
        metric_aggregation_type: shown(it.metric_aggregation_type),
        estimated_instance_warmup: shown(it.estimated_instance_warmup),
        target_tracking_configuration: shown(it.target_tracking_configuration),
        predictive_scaling_configuration: shown(it.predictive_scaling_configuration),
        id: it.policy_name.unwrap_or_default().into(),
        arn: shown(it.policy_arn),
    };
    Live { key: attributes.key(), status: Status::Ready, tags: None, unread: &[], attributes }
}

/// What each sort of policy takes, and what it needs.
fn adjust(plan: &mut Adjust) {
    let said =
        |plan: &Adjust, name: &str| plan.config(name).is_some_and(|it| it.is_unknown() || !is_nothing(it));
    if said(plan, "scaling_adjustment") && said(plan, "step_adjustment") {
        plan.error(
            "step_adjustment",
            "`step_adjustment` cannot stand beside `scaling_adjustment`: leave one of them out",
        );
    }
    let metrics = ["predefined_metric_specification", "customized_metric_specification"];
    plan.at_most_one_in("target_tracking_configuration", &metrics);
    let Some(kind) = plan.will("policy_type").and_then(Value::as_str).map(str::to_owned) else { return };
    for (name, kinds) in [
        ("cooldown", &["SimpleScaling"][..]),
        ("scaling_adjustment", &["SimpleScaling"]),
        ("step_adjustment", &["StepScaling"]),
        ("estimated_instance_warmup", &["StepScaling", "TargetTrackingScaling"]),
        ("target_tracking_configuration", &["TargetTrackingScaling"]),
        ("predictive_scaling_configuration", &["PredictiveScaling"]),
    ] {
        if said(plan, name) && !kinds.contains(&kind.as_str()) {
            let kinds = kinds.join("` or `");
            plan.error(
                name,
                format!("`{name}` is for a `policy_type` of `{kinds}`, and this one is `{kind}`"),
            );
        }
    }
    let needed = match kind.as_str() {
        "SimpleScaling" => "scaling_adjustment",
        "StepScaling" => "step_adjustment",
        "TargetTrackingScaling" => "target_tracking_configuration",
        _ => "predictive_scaling_configuration",
    };
    // 0 is a number of instances too.
    let lacks = plan.config(needed).is_none_or(|it| it.as_items().is_some_and(<[Value]>::is_empty));
    if lacks {
        plan.error("policy_type", format!("a policy of type `{kind}` needs `{needed}`"));
    }
}
