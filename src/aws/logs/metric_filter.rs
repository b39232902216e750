use std::collections::HashSet;

use aws_sdk_cloudwatchlogs::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IN_GROUP, Place, tags};
use crate::aws::blocks::{Amount, Asked, Shown};
use crate::aws::pages::there;
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Counts what is written to a log group, as a metric.
///
/// ```toml
/// [aws_cloudwatch_log_metric_filter.failures]
/// name = "failures"
/// log_group_name = "${aws_cloudwatch_log_group.web.name}"
/// pattern = "{ $.status >= 500 }"
/// metric_transformation = { namespace = "shop", name = "failures", value = "1", default_value = "0" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricFilter {
    /// Unique in the group; holds no `:` and no `*`.
    #[schemars(length(min = 1, max = 512), regex(pattern = r"^[^:*]+$"))]
    pub name: Fixed<String>,
    /// The group whose events it looks at.
    #[schemars(length(min = 1, max = 512), regex(pattern = r"^[0-9A-Za-z_./#-]+$"))]
    pub log_group_name: Fixed<String>,
    /// Which events count, in the notation of CloudWatch Logs; all of them where it is empty.
    #[schemars(length(max = 1024))]
    pub pattern: String,
    /// What is made of an event that counts.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub metric_transformation: One<Transformation>,
    /// The filter's name.
    pub id: Computed<String>,
}

/// What is made of an event that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transformation {
    /// The metric's name.
    #[schemars(length(max = 255), regex(pattern = r"^[^:*$]*$"))]
    pub name: String,
    /// What the metric belongs to, such as `shop`.
    #[schemars(length(max = 255), regex(pattern = r"^[^:*$]*$"))]
    pub namespace: String,
    /// What an event adds: a number such as `1`, or a field of the event such as `$.bytes`.
    #[schemars(length(max = 100))]
    pub value: String,
    /// What is added in a minute with events none of which counts.
    pub default_value: Option<Amount>,
    /// Fields of the event that tell metrics apart, by name; three at most. Not beside `default_value`.
    pub dimensions: Option<Tags>,
    /// What is counted.
    #[serde(default = "none")]
    #[schemars(extend("enum" = [
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes",
        "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second",
        "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second",
        "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None"
    ]))]
    pub unit: String,
}

fn none() -> String {
    "None".into()
}

impl Resource for MetricFilter {
    const TYPE: &'static str = "aws_cloudwatch_log_metric_filter";
    const IMPORT: &'static [&'static str] = &["/shop/web:failures"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::each("logs:DescribeMetricFilters").to(1),
            Cost::page("logs:DescribeMetricFilters", 50).from(2),
        ],
        "one is found by its group and the start of its name; a list of all filters has 50 a page",
    );
    const BATCH: usize = 10_000; // they are picked from the pages of all
    const PASSING: &'static [&'static [Passing]] = &[IN_GROUP];
    type Key = Place;

    fn key(&self) -> Place {
        Place { group: self.log_group_name.0.clone(), name: self.name.0.clone() }
    }

    fn import(id: &str) -> Result<Place> {
        Place::import(id, "filter")
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        let found = match places {
            [only] => one(aws, only).await?,
            all => among(aws, all).await?,
        };
        Ok(found.into_iter().map(Live::from).collect())
    }

    // Putting a filter again changes nothing.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.logs().delete_metric_filter().log_group_name(&**self.log_group_name);
        call.filter_name(&**self.name).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }

    /// `0.0` is `0` to AWS.
    fn as_kept(mut self, kept: &Self) -> Self {
        if let (Some(ours), Some(theirs)) = (&mut self.metric_transformation.0, &kept.metric_transformation.0)
            && let (Some(ours), Some(theirs)) = (&mut ours.default_value, &theirs.default_value)
            && ours.0.parse::<f64>().ok() == theirs.0.parse::<f64>().ok()
        {
            *ours = theirs.clone();
        }
        self
    }

    // The state holds the pattern without blanks around it, as the provider does.
    fn adjust(plan: &mut Adjust) {
        plan.at_most_one_in("metric_transformation", &["default_value", "dimensions"]);
        let pattern = plan.will("pattern").filter(|it| !it.is_unknown());
        let Some((text, marks)) = pattern.and_then(|it| Some((it.as_str()?.to_owned(), it.marks))) else {
            return;
        };
        if text.trim() != text {
            plan.set("pattern", Value::from(text.trim()).marked(marks));
        }
    }
}

impl MetricFilter {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let transformations = self.metric_transformation.iter().map(Transformation::sent);
        let call = aws.logs().put_metric_filter().log_group_name(&**self.log_group_name);
        let call = call.filter_name(&**self.name).filter_pattern(self.pattern.trim());
        call.set_metric_transformations(Some(transformations.collect::<Result<_>>()?)).send().await?;
        Ok(())
    }
}

impl Transformation {
    fn sent(&self) -> Result<sdk::MetricTransformation> {
        let it = sdk::MetricTransformation::builder()
            .metric_name(&self.name)
            .metric_namespace(&self.namespace)
            .metric_value(&self.value)
            .set_default_value(self.default_value.asked())
            .set_dimensions(self.dimensions.as_ref().and_then(tags))
            .unit(self.unit.as_str().into());
        built(it.build())
    }
}

/// The name itself comes first among those that start with it.
async fn one(aws: &Aws, it: &Place) -> Result<Vec<sdk::MetricFilter>> {
    let call = aws.logs().describe_metric_filters().log_group_name(&it.group);
    let mut all = call.filter_name_prefix(&it.name).into_paginator().items().send();
    while let Some(found) = there(all.try_next().await.map_err(Error::from))?.flatten() {
        if found.filter_name.as_ref() == Some(&it.name) {
            return Ok(vec![found]);
        }
    }
    Ok(Vec::new())
}

/// Those of these filters that there are: of one group, or from the list of all groups' filters.
async fn among(aws: &Aws, places: &[Place]) -> Result<Vec<sdk::MetricFilter>> {
    let mut open: HashSet<Place> = places.iter().cloned().collect();
    let group = places.first().map(|it| it.group.clone());
    let group = group.filter(|it| places.iter().all(|place| place.group == *it));
    let call = aws.logs().describe_metric_filters().set_log_group_name(group);
    let mut all = call.into_paginator().items().send();
    let mut out = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let Some(it) = there(all.try_next().await.map_err(Error::from))?.flatten() else { break };
        if open.remove(&Place::of(&it)) {
            out.push(it);
        }
    }
    Ok(out)
}

impl Place {
    fn of(it: &sdk::MetricFilter) -> Place {
        Place { group: seen(it.log_group_name.clone()), name: seen(it.filter_name.clone()) }
    }
}

impl From<sdk::MetricFilter> for Live<MetricFilter> {
    fn from(it: sdk::MetricFilter) -> Self {
        let key = Place::of(&it);
        let transformation = it.metric_transformations.unwrap_or_default().into_iter().next();
        let attributes = MetricFilter {
            name: Fixed(key.name.clone()),
            log_group_name: Fixed(key.group.clone()),
            pattern: seen(it.filter_pattern),
            metric_transformation: One(transformation.map(Transformation::from)),
            id: Computed(key.name.clone()),
        };
        Live { key, attributes, tags: None, status: Status::Ready, unread: &[] }
    }
}

impl From<sdk::MetricTransformation> for Transformation {
    fn from(it: sdk::MetricTransformation) -> Self {
        let dimensions = it.dimensions.filter(|it| !it.is_empty());
        Transformation {
            name: it.metric_name,
            namespace: it.metric_namespace,
            value: it.metric_value,
            default_value: it.default_value.map(|it| Amount::shown(Some(it))),
            dimensions: dimensions.map(|it| it.into_iter().collect()),
            unit: it.unit.map_or_else(none, |it| it.as_str().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(value: Option<f64>) -> MetricFilter {
        let it = sdk::MetricTransformation::builder().metric_name("a").metric_namespace("b");
        let it = it.metric_value("1").set_default_value(value).build().expect("whole");
        let filter = sdk::MetricFilter::builder().filter_name("a").log_group_name("/g");
        Live::from(filter.metric_transformations(it).build()).attributes
    }

    fn value(it: &MetricFilter) -> Option<&str> {
        it.metric_transformation.as_ref()?.default_value.as_ref().map(|it| it.0.as_str())
    }

    #[test]
    fn a_value_is_kept_as_it_was_written() {
        let mut kept = filter(Some(0.0));
        assert_eq!((value(&kept), value(&filter(None))), (Some("0"), None));
        let written = kept.metric_transformation.0.as_mut().and_then(|it| it.default_value.as_mut());
        *written.expect("a value") = Amount("0.0".into());
        assert_eq!(value(&filter(Some(0.0)).as_kept(&kept)), Some("0.0"));
        assert_eq!(value(&filter(Some(2.5)).as_kept(&kept)), Some("2.5"));
    }

    #[test]
    fn an_import_id_is_the_group_and_the_name() {
        let key = MetricFilter::import("/shop/web:failures").expect("a key");
        assert_eq!((key.group.as_str(), key.name.as_str()), ("/shop/web", "failures"));
        for wrong in ["failures", ":failures", "/shop/web:", "a:b:c"] {
            assert!(MetricFilter::import(wrong).is_err(), "{wrong}");
        }
    }
}
