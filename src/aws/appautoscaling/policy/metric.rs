//! Any metric of CloudWatch, or what is computed of some.

use aws_sdk_applicationautoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::shape::{built, seen};
use crate::resource::*;

/// A metric of CloudWatch, or several and what is computed of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Customized {
    /// The metric's name.
    pub metric_name: Option<String>,
    /// The metric's namespace.
    pub namespace: Option<String>,
    /// How values of a period become one.
    #[schemars(extend("enum" = ["Average", "Minimum", "Maximum", "SampleCount", "Sum"]))]
    pub statistic: Option<String>,
    /// The metric's unit.
    pub unit: Option<String>,
    /// What tells it from metrics of the same name.
    #[serde(default)]
    pub dimensions: Set<Dimension>,
    /// Several metrics, and what is computed of them, instead.
    #[serde(default)]
    pub metrics: Set<Query>,
}

/// What tells a metric from others of its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Such as `ClusterName`.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A metric, or what is computed of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// By which expressions name it.
    #[schemars(length(min = 1, max = 255))]
    pub id: String,
    /// What is computed, such as `m1 / m2`.
    #[schemars(length(max = 2047))]
    pub expression: Option<String>,
    /// What it is called where it is shown.
    #[schemars(length(max = 2047))]
    pub label: Option<String>,
    /// Whether this is the one that is kept at the value.
    #[serde(default = "yes")]
    pub return_data: Option<bool>,
    /// The metric.
    #[serde(default)]
    pub metric_stat: One<Stat>,
}

/// A metric, and how its values become one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stat {
    /// Such as `Average` or `p90`.
    #[schemars(length(min = 1, max = 100))]
    pub stat: String,
    /// The metric's unit.
    pub unit: Option<String>,
    /// The metric.
    #[schemars(length(min = 1, max = 1))]
    pub metric: One<Metric>,
}

/// A metric of CloudWatch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// The metric's name.
    #[schemars(length(min = 1, max = 255))]
    pub metric_name: String,
    /// The metric's namespace.
    #[schemars(length(min = 1, max = 255))]
    pub namespace: String,
    /// What tells it from metrics of the same name.
    #[serde(default)]
    pub dimensions: Set<Dimension>,
}

fn yes() -> Option<bool> {
    Some(true)
}

fn text(it: &Option<String>) -> Option<String> {
    it.clone().filter(|it| !it.is_empty())
}

fn some<T>(all: Vec<T>) -> Option<Vec<T>> {
    (!all.is_empty()).then_some(all)
}

impl Customized {
    pub fn sent(&self) -> Result<sdk::CustomizedMetricSpecification> {
        let dimensions = self
            .dimensions
            .iter()
            .map(|it| built(sdk::MetricDimension::builder().name(&it.name).value(&it.value).build()));
        let queries = self.metrics.iter().map(Query::sent).collect::<Result<Vec<_>>>()?;
        let one = sdk::CustomizedMetricSpecification::builder()
            .set_metric_name(text(&self.metric_name))
            .set_namespace(text(&self.namespace))
            .set_statistic(text(&self.statistic).map(|it| it.as_str().into()))
            .set_unit(text(&self.unit))
            .set_dimensions(some(dimensions.collect::<Result<_>>()?))
            .set_metrics(some(queries));
        Ok(one.build())
    }
}

impl Query {
    fn sent(&self) -> Result<sdk::TargetTrackingMetricDataQuery> {
        let one = sdk::TargetTrackingMetricDataQuery::builder()
            .id(&self.id)
            .set_expression(text(&self.expression))
            .set_label(text(&self.label))
            .set_metric_stat(self.metric_stat.as_ref().map(Stat::sent).transpose()?)
            .set_return_data(self.return_data);
        built(one.build())
    }
}

impl Stat {
    fn sent(&self) -> Result<sdk::TargetTrackingMetricStat> {
        let metric = self.metric.as_ref().map(Metric::sent).transpose()?;
        let one = sdk::TargetTrackingMetricStat::builder().stat(&self.stat).set_unit(text(&self.unit));
        built(one.set_metric(metric).build())
    }
}

impl Metric {
    fn sent(&self) -> Result<sdk::TargetTrackingMetric> {
        let dimensions = self.dimensions.iter().map(|it| {
            built(sdk::TargetTrackingMetricDimension::builder().name(&it.name).value(&it.value).build())
        });
        let one = sdk::TargetTrackingMetric::builder().metric_name(&self.metric_name);
        Ok(one.namespace(&self.namespace).set_dimensions(some(dimensions.collect::<Result<_>>()?)).build())
    }
}

impl From<sdk::CustomizedMetricSpecification> for Customized {
    fn from(it: sdk::CustomizedMetricSpecification) -> Self {
        let dimensions = it.dimensions.unwrap_or_default().into_iter();
        Customized {
            metric_name: it.metric_name,
            namespace: it.namespace,
            statistic: seen(it.statistic),
            unit: it.unit,
            dimensions: dimensions.map(|it| Dimension { name: it.name, value: it.value }).collect(),
            metrics: it.metrics.unwrap_or_default().into_iter().map(Query::from).collect(),
        }
    }
}

impl From<sdk::TargetTrackingMetricDataQuery> for Query {
    fn from(it: sdk::TargetTrackingMetricDataQuery) -> Self {
        let stat = it.metric_stat.map(|it| Stat {
            stat: it.stat,
            unit: it.unit,
            metric: One(it.metric.map(Metric::from)),
        });
        Query {
            id: it.id,
            expression: it.expression,
            label: it.label,
            return_data: it.return_data,
            metric_stat: One(stat),
        }
    }
}

impl From<sdk::TargetTrackingMetric> for Metric {
    fn from(it: sdk::TargetTrackingMetric) -> Self {
        let dimensions = it.dimensions.unwrap_or_default().into_iter();
        Metric {
            metric_name: seen(it.metric_name),
            namespace: seen(it.namespace),
            dimensions: dimensions.map(|it| Dimension { name: it.name, value: it.value }).collect(),
        }
    }
}
