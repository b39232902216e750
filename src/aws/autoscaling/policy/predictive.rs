//! Policies that launch ahead of what is expected.

use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::metrics::Query;
use crate::aws::blocks::{Asked, Count, Shown, Sole, asked, both, shown, shows};
use crate::resource::*;

/// Launch ahead of what is expected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Predictive {
    /// What is looked at.
    #[serde(default)]
    pub metric_specification: Sole<Specification>,
    /// `ForecastOnly`, or `ForecastAndScale` to act on it.
    #[serde(default = "forecast_only")]
    #[schemars(extend("enum" = ["ForecastAndScale", "ForecastOnly"]))]
    pub mode: String,
    /// How much ahead, in seconds.
    pub scheduling_buffer_time: Option<Count>,
    /// Where more is expected than the group's `max_size`: `HonorMaxCapacity` or `IncreaseMaxCapacity`.
    #[serde(default = "honor")]
    #[schemars(extend("enum" = ["HonorMaxCapacity", "IncreaseMaxCapacity"]))]
    pub max_capacity_breach_behavior: String,
    /// Then, how much above what is expected, in percent.
    pub max_capacity_buffer: Option<Count>,
}

fn forecast_only() -> String {
    "ForecastOnly".into()
}
fn honor() -> String {
    "HonorMaxCapacity".into()
}

// AWS takes one of the metrics, in a list.
impl Asked<sdk::PredictiveScalingConfiguration> for Predictive {
    fn asked(&self) -> Option<sdk::PredictiveScalingConfiguration> {
        let one: Option<sdk::PredictiveScalingMetricSpecification> = asked(&self.metric_specification);
        let it = sdk::PredictiveScalingConfiguration::builder()
            .set_metric_specifications(one.map(|it| vec![it]))
            .mode(self.mode.as_str().into())
            .set_scheduling_buffer_time(asked(&self.scheduling_buffer_time))
            .max_capacity_breach_behavior(self.max_capacity_breach_behavior.as_str().into())
            .set_max_capacity_buffer(asked(&self.max_capacity_buffer));
        Some(it.build())
    }
}
impl Shown<sdk::PredictiveScalingConfiguration> for Predictive {
    fn shown(answer: Option<sdk::PredictiveScalingConfiguration>) -> Self {
        let it = answer.unwrap_or_else(|| sdk::PredictiveScalingConfiguration::builder().build());
        let first = it.metric_specifications.unwrap_or_default().into_iter().next();
        Predictive {
            metric_specification: shown(first),
            mode: it.mode.map_or_else(forecast_only, |it| it.as_str().to_owned()),
            scheduling_buffer_time: shown(it.scheduling_buffer_time),
            max_capacity_breach_behavior: it
                .max_capacity_breach_behavior
                .map_or_else(honor, |it| it.as_str().to_owned()),
            max_capacity_buffer: shown(it.max_capacity_buffer),
        }
    }
}

/// What is looked at: what the instances have to do, and what they can.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Specification {
    /// The value that the metric is to have.
    pub target_value: f64,
    /// Load and scaling metric together.
    #[serde(default)]
    pub predefined_metric_pair_specification: One<Pair>,
    /// How much there is to do.
    #[serde(default)]
    pub predefined_load_metric_specification: One<Load>,
    /// How busy an instance is.
    #[serde(default)]
    pub predefined_scaling_metric_specification: One<Scaling>,
    /// How much there is to do, by any metrics.
    #[serde(default)]
    pub customized_load_metric_specification: One<Custom>,
    /// How busy an instance is, by any metrics.
    #[serde(default)]
    pub customized_scaling_metric_specification: One<Custom>,
    /// How many instances there are, by any metrics.
    #[serde(default)]
    pub customized_capacity_metric_specification: One<Custom>,
}
shows!(Specification => sdk::PredictiveScalingMetricSpecification {
    target_value,
    predefined_metric_pair_specification,
    predefined_load_metric_specification,
    predefined_scaling_metric_specification,
    customized_load_metric_specification,
    customized_scaling_metric_specification,
    customized_capacity_metric_specification,
});
// 0 is a value too.
impl Asked<sdk::PredictiveScalingMetricSpecification> for Specification {
    fn asked(&self) -> Option<sdk::PredictiveScalingMetricSpecification> {
        let it = sdk::PredictiveScalingMetricSpecification::builder()
            .target_value(self.target_value)
            .set_predefined_metric_pair_specification(asked(&self.predefined_metric_pair_specification))
            .set_predefined_load_metric_specification(asked(&self.predefined_load_metric_specification))
            .set_predefined_scaling_metric_specification(asked(&self.predefined_scaling_metric_specification))
            .set_customized_load_metric_specification(asked(&self.customized_load_metric_specification))
            .set_customized_scaling_metric_specification(asked(&self.customized_scaling_metric_specification))
            .set_customized_capacity_metric_specification(asked(
                &self.customized_capacity_metric_specification,
            ));
        Some(it.build())
    }
}

macro_rules! predefined {
    ($($(#[$doc:meta])* $name:ident = $sdk:ty, $all:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Which.
            #[schemars(extend("enum" = $all))]
            pub predefined_metric_type: String,
            /// Of which target group: the ends of the load balancer's and its ARN.
            pub resource_label: Option<String>,
        }
        both!($name = $sdk { predefined_metric_type, resource_label });
    )*};
}
predefined! {
    /// Load and scaling metric together.
    Pair = sdk::PredictiveScalingPredefinedMetricPair,
        ["ASGCPUUtilization", "ASGNetworkIn", "ASGNetworkOut", "ALBRequestCount"];
    /// How much there is to do.
    Load = sdk::PredictiveScalingPredefinedLoadMetric,
        ["ASGTotalCPUUtilization", "ASGTotalNetworkIn", "ASGTotalNetworkOut", "ALBTargetGroupRequestCount"];
    /// How busy an instance is.
    Scaling = sdk::PredictiveScalingPredefinedScalingMetric,
        ["ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut", "ALBRequestCountPerTarget"];
}

/// Any metrics.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Custom {
    /// Metrics and expressions over them.
    #[schemars(length(min = 1, max = 10))]
    #[serde(default)]
    pub metric_data_queries: Vec<Query>,
}
both!(Custom = sdk::PredictiveScalingCustomizedLoadMetric { metric_data_queries });
both!(Custom = sdk::PredictiveScalingCustomizedScalingMetric { metric_data_queries });
both!(Custom = sdk::PredictiveScalingCustomizedCapacityMetric { metric_data_queries });
