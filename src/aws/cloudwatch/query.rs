//! What an alarm computes of several metrics.

use aws_sdk_cloudwatch::types::{self as sdk, Dimension, MetricDataQuery};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::{seen, sent};
use crate::resource::{One, Tags};

/// A metric, or what is computed of others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// What expressions call it: letters, digits and `_`, the first of them a small letter.
    #[schemars(length(min = 1, max = 255))]
    pub id: String,
    /// Computed of others, such as `errors / requests * 100`, or a query of Metrics Insights.
    #[schemars(length(min = 1, max = 1024))]
    pub expression: Option<String>,
    /// A metric.
    #[serde(default)]
    pub metric: One<Metric>,
    /// What people call it.
    pub label: Option<String>,
    /// Over how many seconds an expression is computed.
    pub period: Option<i64>,
    /// The alarm watches this one.
    #[serde(default)]
    pub return_data: bool,
    /// The account that the metrics are of.
    #[schemars(length(min = 1, max = 255))]
    pub account_id: Option<String>,
}

/// A metric, and how it is summed up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Such as `RequestCount`.
    #[schemars(length(min = 1, max = 255))]
    pub metric_name: String,
    /// Such as `AWS/ApplicationELB`.
    #[schemars(length(min = 1, max = 255))]
    pub namespace: Option<String>,
    /// Whose metric it is.
    pub dimensions: Option<Tags>,
    /// Over how many seconds: 1, 5, 10, 20, 30 or a multiple of 60.
    pub period: i64,
    /// `Sum`, `Average`, `p90`, …
    pub stat: String,
    /// The unit that it is measured in.
    #[schemars(extend("enum" = [
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes",
        "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second",
        "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second",
        "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None"
    ]))]
    pub unit: Option<String>,
}

pub fn dimensions(all: &Option<Tags>) -> Option<Vec<Dimension>> {
    let each = all.iter().flatten().map(|(k, v)| Dimension::builder().name(k).value(v).build());
    Some(each.collect()).filter(|it: &Vec<_>| !it.is_empty())
}

pub fn seen_dimensions(all: Option<Vec<Dimension>>) -> Option<Tags> {
    let each = all.into_iter().flatten().filter_map(|it| Some((it.name?, it.value.unwrap_or_default())));
    Some(each.collect()).filter(|it: &Tags| !it.is_empty())
}

/// The text, where there is one: states written by others hold empty text for absence.
pub fn stated(text: &Option<String>) -> Option<String> {
    text.clone().filter(|it| !it.is_empty())
}

/// The number, where there is one.
pub fn counted(number: &Option<i64>) -> Option<i32> {
    sent(&number.filter(|it| *it != 0))
}

impl From<&Query> for MetricDataQuery {
    fn from(it: &Query) -> Self {
        MetricDataQuery::builder()
            .id(&it.id)
            .set_expression(stated(&it.expression))
            .set_metric_stat(it.metric.as_ref().map(sdk::MetricStat::from))
            .set_label(stated(&it.label))
            .set_period(counted(&it.period))
            .return_data(it.return_data)
            .set_account_id(stated(&it.account_id))
            .build()
    }
}

impl From<&Metric> for sdk::MetricStat {
    fn from(it: &Metric) -> Self {
        let metric = sdk::Metric::builder()
            .metric_name(&it.metric_name)
            .set_namespace(stated(&it.namespace))
            .set_dimensions(dimensions(&it.dimensions));
        sdk::MetricStat::builder()
            .metric(metric.build())
            .set_period(sent(&it.period))
            .stat(&it.stat)
            .set_unit(stated(&it.unit).map(|it| it.as_str().into()))
            .build()
    }
}

impl From<MetricDataQuery> for Query {
    fn from(it: MetricDataQuery) -> Self {
        Query {
            id: seen(it.id),
            expression: seen(it.expression),
            metric: One(it.metric_stat.map(Metric::from)),
            label: seen(it.label),
            period: seen(it.period),
            return_data: seen(it.return_data),
            account_id: seen(it.account_id),
        }
    }
}

impl From<sdk::MetricStat> for Metric {
    fn from(it: sdk::MetricStat) -> Self {
        let (name, namespace, all) =
            it.metric.map(|it| (it.metric_name, it.namespace, it.dimensions)).unwrap_or_default();
        Metric {
            metric_name: seen(name),
            namespace: seen(namespace),
            dimensions: seen_dimensions(all),
            period: seen(it.period),
            stat: seen(it.stat),
            unit: seen(it.unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_comes_back_as_it_was_sent() {
        let metric = Metric {
            metric_name: "RequestCount".to_owned(),
            namespace: Some("AWS/ApplicationELB".to_owned()),
            dimensions: Some([("LoadBalancer".to_owned(), "app/web".to_owned())].into()),
            period: 60,
            stat: "Sum".to_owned(),
            unit: None,
        };
        let query = Query { id: "m1".to_owned(), metric: Some(metric).into(), ..Query::default() };
        assert_eq!(Query::from(MetricDataQuery::from(&query)), query);
    }
}
