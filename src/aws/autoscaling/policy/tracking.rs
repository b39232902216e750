//! Policies that keep a metric near a value.

use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::metrics::{Dimension, PeriodicQuery};
use crate::aws::blocks::{Asked, asked, both, shows};
use crate::resource::*;

/// Keep a metric near a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// The value.
    pub target_value: f64,
    /// Never take instances away.
    #[serde(default)]
    pub disable_scale_in: bool,
    /// A metric of the group itself; or say `customized_metric_specification`.
    #[serde(default)]
    pub predefined_metric_specification: One<Predefined>,
    /// Any metric.
    #[serde(default)]
    pub customized_metric_specification: One<Customized>,
}
shows!(Tracking => sdk::TargetTrackingConfiguration {
    target_value, disable_scale_in, predefined_metric_specification, customized_metric_specification,
});
// 0 is a value too.
impl Asked<sdk::TargetTrackingConfiguration> for Tracking {
    fn asked(&self) -> Option<sdk::TargetTrackingConfiguration> {
        let it = sdk::TargetTrackingConfiguration::builder()
            .target_value(self.target_value)
            .disable_scale_in(self.disable_scale_in)
            .set_predefined_metric_specification(asked(&self.predefined_metric_specification))
            .set_customized_metric_specification(asked(&self.customized_metric_specification));
        Some(it.build())
    }
}

/// A metric of the group itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Predefined {
    /// `ASGAverageCPUUtilization`, `ASGAverageNetworkIn`, `ASGAverageNetworkOut` or `ALBRequestCountPerTarget`.
    pub predefined_metric_type: String,
    /// Of which target group: the ends of the load balancer's and its ARN, such as
    /// `app/web/0a1b2c3d4e5f6789/targetgroup/web/0a1b2c3d4e5f6789`.
    pub resource_label: Option<String>,
}
both!(Predefined = sdk::PredefinedMetricSpecification { predefined_metric_type, resource_label });

/// Any metric: one, or an expression over several.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Customized {
    /// The metric's name.
    pub metric_name: Option<String>,
    /// Such as `AWS/SQS`.
    pub namespace: Option<String>,
    /// What it is of.
    #[serde(default)]
    pub metric_dimension: Vec<Dimension>,
    /// `Average`, `Minimum`, `Maximum`, `SampleCount` or `Sum`.
    pub statistic: Option<String>,
    /// Only what was measured in this unit.
    pub unit: Option<String>,
    /// Over how many seconds: 10, 30 or 60.
    #[schemars(extend("enum" = [0, 10, 30, 60]))]
    pub period: Option<i64>,
    /// Several metrics, instead.
    #[serde(default)]
    pub metrics: Set<PeriodicQuery>,
}
both!(Customized = sdk::CustomizedMetricSpecification {
    metric_name, namespace, metric_dimension = dimensions, statistic, unit, period, metrics,
});
