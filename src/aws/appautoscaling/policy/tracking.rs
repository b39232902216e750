//! Scaling that keeps a metric at a value.

use aws_sdk_applicationautoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::metric::Customized;
use crate::aws::Result;
use crate::aws::shape::{built, seen, sent};
use crate::resource::*;

/// A metric that is kept at a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// The value.
    pub target_value: f64,
    /// Only get larger.
    #[serde(default)]
    pub disable_scale_in: bool,
    /// Seconds after getting smaller before it does again.
    pub scale_in_cooldown: Option<i64>,
    /// Seconds after getting larger before it does again.
    pub scale_out_cooldown: Option<i64>,
    /// A metric that AWS knows by itself.
    #[serde(default)]
    pub predefined_metric_specification: One<Predefined>,
    /// Any metric of CloudWatch.
    #[serde(default)]
    pub customized_metric_specification: One<Customized>,
}

/// A metric that AWS knows by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Predefined {
    /// Such as `ECSServiceAverageCPUUtilization` or `ALBRequestCountPerTarget`.
    pub predefined_metric_type: String,
    /// Of which load balancer and target group, for `ALBRequestCountPerTarget`: the `arn_suffix` of both, with a
    /// `/` between them.
    #[schemars(length(max = 1023))]
    pub resource_label: Option<String>,
}

impl Tracking {
    pub fn sent(&self) -> Result<sdk::TargetTrackingScalingPolicyConfiguration> {
        let predefined = self.predefined_metric_specification.as_ref().map(Predefined::sent).transpose()?;
        let customized = self.customized_metric_specification.as_ref().map(Customized::sent).transpose()?;
        let one = sdk::TargetTrackingScalingPolicyConfiguration::builder()
            .target_value(self.target_value)
            .disable_scale_in(self.disable_scale_in)
            // The provider sends zeros where nothing is said, and so the service's own times never hold.
            .set_scale_in_cooldown(sent(&self.scale_in_cooldown.unwrap_or_default()))
            .set_scale_out_cooldown(sent(&self.scale_out_cooldown.unwrap_or_default()))
            .set_predefined_metric_specification(predefined)
            .set_customized_metric_specification(customized);
        built(one.build())
    }
}

impl Predefined {
    fn sent(&self) -> Result<sdk::PredefinedMetricSpecification> {
        let label = self.resource_label.clone().filter(|it| !it.is_empty());
        let one = sdk::PredefinedMetricSpecification::builder()
            .predefined_metric_type(self.predefined_metric_type.as_str().into());
        built(one.set_resource_label(label).build())
    }
}

impl From<sdk::TargetTrackingScalingPolicyConfiguration> for Tracking {
    fn from(it: sdk::TargetTrackingScalingPolicyConfiguration) -> Self {
        let predefined = it.predefined_metric_specification.map(|it| Predefined {
            predefined_metric_type: it.predefined_metric_type.as_str().to_owned(),
            resource_label: it.resource_label,
        });
        Tracking {
            target_value: it.target_value,
            disable_scale_in: it.disable_scale_in.unwrap_or_default(),
            scale_in_cooldown: seen(it.scale_in_cooldown),
            scale_out_cooldown: seen(it.scale_out_cooldown),
            predefined_metric_specification: One(predefined),
            customized_metric_specification: One(it.customized_metric_specification.map(Customized::from)),
        }
    }
}
