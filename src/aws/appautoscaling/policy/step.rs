//! Scaling by steps.

use aws_sdk_applicationautoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::{built, seen, sent};
use crate::aws::{Error, Result};
use crate::resource::*;

/// How far a metric's distance from an alarm's threshold moves the size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// What `scaling_adjustment` is: `ChangeInCapacity`, `PercentChangeInCapacity` or `ExactCapacity`.
    pub adjustment_type: Option<String>,
    /// Seconds before the next change.
    pub cooldown: Option<i64>,
    /// How values of a period become one: `Minimum`, `Maximum` or `Average`.
    pub metric_aggregation_type: Option<String>,
    /// Change by so many at least, with `PercentChangeInCapacity`.
    pub min_adjustment_magnitude: Option<i64>,
    /// The steps.
    #[serde(default)]
    pub step_adjustment: Set<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// From so far above the threshold (below, with a minus); without end where none is given.
    pub metric_interval_lower_bound: Option<String>,
    /// Up to so far above it.
    pub metric_interval_upper_bound: Option<String>,
    /// By how much to change, or what to change to.
    pub scaling_adjustment: i64,
}

fn number(text: &Option<String>) -> Result<Option<f64>> {
    let text = text.as_deref().filter(|it| !it.is_empty());
    let number = text.map(|it| it.parse::<f64>().map_err(|_| it));
    number.transpose().map_err(|it| Error::Invalid(format!("`{it}` is no number: write a bound like \"10\"")))
}

impl Steps {
    pub fn sent(&self) -> Result<sdk::StepScalingPolicyConfiguration> {
        let steps = self.step_adjustment.iter().map(Step::sent).collect::<Result<Vec<_>>>()?;
        let text = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let one = sdk::StepScalingPolicyConfiguration::builder()
            .set_adjustment_type(text(&self.adjustment_type).map(|it| it.as_str().into()))
            .set_cooldown(sent(&self.cooldown.unwrap_or_default()))
            .set_metric_aggregation_type(text(&self.metric_aggregation_type).map(|it| it.as_str().into()))
            .set_min_adjustment_magnitude(
                self.min_adjustment_magnitude.filter(|it| *it > 0).and_then(|it| sent(&it)),
            )
            .set_step_adjustments((!steps.is_empty()).then_some(steps));
        Ok(one.build())
    }

    /// Bounds as `kept` writes them, where both are the same number.
    pub fn spelt_as(&mut self, kept: &Steps) {
        let same = |a: &Option<String>, b: &Option<String>| matches!((number(a), number(b)), (Ok(a), Ok(b)) if a == b);
        for it in &mut self.step_adjustment.0 {
            let like = kept.step_adjustment.iter().find(|kept| {
                kept.scaling_adjustment == it.scaling_adjustment
                    && same(&kept.metric_interval_lower_bound, &it.metric_interval_lower_bound)
                    && same(&kept.metric_interval_upper_bound, &it.metric_interval_upper_bound)
            });
            if let Some(like) = like {
                it.clone_from(like);
            }
        }
    }
}

impl Step {
    fn sent(&self) -> Result<sdk::StepAdjustment> {
        let one = sdk::StepAdjustment::builder().set_scaling_adjustment(sent(&self.scaling_adjustment));
        let one = one.set_metric_interval_lower_bound(number(&self.metric_interval_lower_bound)?);
        built(one.set_metric_interval_upper_bound(number(&self.metric_interval_upper_bound)?).build())
    }
}

impl From<sdk::StepScalingPolicyConfiguration> for Steps {
    fn from(it: sdk::StepScalingPolicyConfiguration) -> Self {
        Steps {
            adjustment_type: seen(it.adjustment_type),
            cooldown: seen(it.cooldown),
            metric_aggregation_type: seen(it.metric_aggregation_type),
            min_adjustment_magnitude: seen(it.min_adjustment_magnitude),
            step_adjustment: it.step_adjustments.unwrap_or_default().into_iter().map(Step::from).collect(),
        }
    }
}

impl From<sdk::StepAdjustment> for Step {
    fn from(it: sdk::StepAdjustment) -> Self {
        Step {
            metric_interval_lower_bound: it.metric_interval_lower_bound.map(|it| it.to_string()),
            metric_interval_upper_bound: it.metric_interval_upper_bound.map(|it| it.to_string()),
            scaling_adjustment: i64::from(it.scaling_adjustment),
        }
    }
}
