//! Metrics that policies look at.

use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::{Sole, both};
use crate::resource::*;

/// A dimension of a metric.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}
both!(Dimension = sdk::MetricDimension { name, value });

/// A metric of CloudWatch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Its name.
    pub metric_name: String,
    /// Such as `AWS/SQS`.
    pub namespace: String,
    /// What it is of.
    #[serde(default)]
    pub dimensions: Set<Dimension>,
}
both!(Metric = sdk::Metric { metric_name, namespace, dimensions });

/// A statistic of a metric.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statistic {
    /// The metric.
    #[serde(default)]
    pub metric: Sole<Metric>,
    /// Such as `Average` or `p90`.
    #[schemars(length(min = 1, max = 100))]
    pub stat: String,
    /// Only what was measured in this unit.
    pub unit: Option<String>,
}
both!(Statistic = sdk::MetricStat { metric, stat, unit });

/// A metric or an expression over others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// What others call it.
    #[schemars(length(min = 1, max = 255))]
    pub id: String,
    /// Over others.
    #[schemars(length(max = 1023))]
    pub expression: Option<String>,
    /// For people.
    #[schemars(length(max = 2047))]
    pub label: Option<String>,
    /// Whether this is the one that counts.
    #[serde(default = "yes")]
    pub return_data: bool,
    /// The metric.
    #[serde(default)]
    pub metric_stat: One<Statistic>,
}
both!(Query = sdk::MetricDataQuery { id, expression, label, return_data, metric_stat });

/// The same with a period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodicStatistic {
    /// The metric.
    #[serde(default)]
    pub metric: Sole<Metric>,
    /// Over how many seconds: 10, 30 or 60.
    #[schemars(extend("enum" = [0, 10, 30, 60]))]
    pub period: Option<i64>,
    /// Such as `Average` or `p90`.
    #[schemars(length(min = 1, max = 100))]
    pub stat: String,
    /// Only what was measured in this unit.
    pub unit: Option<String>,
}
both!(PeriodicStatistic = sdk::TargetTrackingMetricStat { metric, period, stat, unit });

/// A metric or an expression over others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodicQuery {
    /// What others call it.
    #[schemars(length(min = 1, max = 255))]
    pub id: String,
    /// Over others.
    #[schemars(length(max = 2047))]
    pub expression: Option<String>,
    /// For people.
    #[schemars(length(max = 2047))]
    pub label: Option<String>,
    /// Whether this is the one that counts.
    #[serde(default = "yes")]
    pub return_data: bool,
    /// The metric.
    #[serde(default)]
    pub metric_stat: One<PeriodicStatistic>,
}
both!(PeriodicQuery = sdk::TargetTrackingMetricDataQuery { id, expression, label, return_data, metric_stat });

fn yes() -> bool {
    true
}
