use std::time::Duration;

use aws_sdk_cloudwatch::types::{AlarmType, MetricAlarm, MetricDataQuery};
use regex_lite::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::query::{Query, counted, dimensions, seen_dimensions, stated};
use super::{CLOUDWATCH, tags};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Watches a metric, or what is computed of several, and tells when it crosses a line.
///
/// ```toml
/// [aws_cloudwatch_metric_alarm.queue]
/// alarm_name = "shop-queue"
/// alarm_description = "orders wait for more than ten minutes"
/// namespace = "AWS/SQS"
/// metric_name = "ApproximateAgeOfOldestMessage"
/// dimensions = { QueueName = "orders" }
/// statistic = "Maximum"
/// period = 60
/// evaluation_periods = 5
/// comparison_operator = "GreaterThanThreshold"
/// threshold = 600
/// alarm_actions = ["arn:aws:sns:eu-west-1:123456789012:on-call"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Unique in the account and region.
    #[schemars(length(min = 1, max = 255))]
    pub alarm_name: Fixed<String>,
    /// What it means and what to do.
    #[schemars(length(max = 1024))]
    pub alarm_description: Option<String>,
    /// When it goes off.
    #[schemars(extend("enum" = [
        "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold",
        "LessThanOrEqualToThreshold", "LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold",
        "GreaterThanUpperThreshold"
    ]))]
    pub comparison_operator: String,
    /// The line.
    pub threshold: Option<f64>,
    /// The line is what this query of `metric_query` finds usual.
    #[schemars(length(min = 1, max = 255))]
    pub threshold_metric_id: Option<String>,
    /// How many periods are looked at.
    #[schemars(range(min = 1))]
    pub evaluation_periods: i64,
    /// How many of them have to be beyond the line; all where nothing is said.
    #[schemars(range(min = 1))]
    pub datapoints_to_alarm: Option<i64>,
    /// Such as `AWS/SQS`.
    #[schemars(length(min = 1, max = 255))]
    pub namespace: Option<String>,
    /// The one metric; or say `metric_query`.
    #[schemars(length(min = 1, max = 255))]
    pub metric_name: Option<String>,
    /// Whose metric it is.
    pub dimensions: Option<Tags>,
    /// Over how many seconds it is summed up: 10, 20, 30 or a multiple of 60.
    pub period: Option<i64>,
    /// How it is summed up.
    #[schemars(extend("enum" = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]))]
    pub statistic: Option<String>,
    /// The same by percentiles and trimmed means: `p99`, `tm90`, `IQM`, `PR(:300)`.
    #[schemars(regex(
        pattern = r"^((p|tm|wm|tc|ts)(\d{1,2}(\.\d{1,2})?|100)|IQM|(TM|WM|PR|TC|TS)\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\))$"
    ))]
    pub extended_statistic: Option<String>,
    /// The unit that it is measured in.
    #[schemars(extend("enum" = [
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes",
        "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second",
        "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second",
        "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None"
    ]))]
    pub unit: Option<String>,
    /// Several metrics, and what is computed of them.
    #[serde(default)]
    pub metric_query: Set<Query>,
    /// What missing data counts as: `missing`, `ignore`, `breaching` or `notBreaching`.
    #[serde(default = "missing")]
    #[schemars(extend("enum" = ["breaching", "notBreaching", "ignore", "missing"]))]
    pub treat_missing_data: String,
    /// What percentiles of few samples count as: `evaluate` or `ignore`.
    #[schemars(extend("enum" = ["evaluate", "ignore"]))]
    pub evaluate_low_sample_count_percentiles: Chosen<Option<String>>,
    /// Whether the actions below are taken.
    #[serde(default = "yes")]
    pub actions_enabled: bool,
    /// ARNs of what to tell, or to do, when it goes off. Five at most.
    #[schemars(inner(regex(pattern = "^arn:.+$")))]
    pub alarm_actions: Option<Set<String>>,
    /// The same for when all is well again.
    #[schemars(inner(regex(pattern = "^arn:.+$")))]
    pub ok_actions: Option<Set<String>>,
    /// The same for when there is too little data to tell.
    #[schemars(inner(regex(pattern = "^arn:.+$")))]
    pub insufficient_data_actions: Option<Set<String>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The alarm's name.
    pub id: Computed<String>,
    /// The alarm's ARN.
    pub arn: Computed<String>,
}

const MISSING: &str = "missing";

fn missing() -> String {
    MISSING.to_owned()
}
fn yes() -> bool {
    true
}

/// What is said of a single metric.
const SINGLE: [&str; 6] =
    ["metric_name", "namespace", "dimensions", "period", "statistic", "extended_statistic"];
/// The most actions of each sort.
const ACTIONS: usize = 5;

impl Resource for Alarm {
    const TYPE: &'static str = "aws_cloudwatch_metric_alarm";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["shop-queue"];
    const TAGS: TagApi = TagApi::Cloudwatch;
    const READS: Reads = Reads::of(&[Cost::page("monitoring:DescribeAlarms", 100)], "a call takes 100 names");
    const BATCH: usize = 100;
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[CLOUDWATCH];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let call = aws.cloudwatch().describe_alarms().set_alarm_names(Some(names.to_vec()));
        let call = call.alarm_types(AlarmType::MetricAlarm).max_records(100);
        let pages: Vec<_> = call.into_paginator().send().try_collect().await?;
        Ok(pages.into_iter().flat_map(|it| it.metric_alarms.unwrap_or_default()).map(live).collect())
    }

    // Putting an alarm again changes nothing.
    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        self.put(aws, &new.tags).await?;
        Ok(self.alarm_name.0.clone())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws, &Tags::new()).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.cloudwatch().delete_alarms().alarm_names(self.key()).send().await?;
        Ok(())
    }

    // A name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let call = aws.cloudwatch().describe_alarms().alarm_names(&*self.alarm_name);
        let found = call.alarm_types(AlarmType::MetricAlarm).send().await?.metric_alarms.unwrap_or_default();
        let put = |it: &MetricAlarm| it.alarm_configuration_updated_timestamp.map(|it| it.secs());
        Ok(found.iter().any(|it| new.may_have_made(put(it))).then(|| self.alarm_name.0.clone()))
    }

    fn adjust(plan: &mut Adjust) {
        let queries = plan.config("metric_query").and_then(Value::as_items).unwrap_or_default().to_vec();
        let unknown = plan.config("metric_query").is_some_and(Value::is_unknown);
        let said = |it: &&str| plan.config(it).is_some();
        match (plan.config("metric_name").is_some(), queries.is_empty() && !unknown) {
            (false, true) => {
                plan.error("alarm_name", "an alarm watches something: say `metric_name` or `metric_query`");
            }
            (_, false) => {
                if let Some(single) = SINGLE.into_iter().find(|it| said(it)) {
                    plan.error(
                        single,
                        format!("`{single}` cannot stand beside `metric_query`: each query says its own"),
                    );
                }
            }
            (true, true) => plan.exactly_one(&["statistic", "extended_statistic"]),
        }
        plan.at_most_one(&["threshold", "threshold_metric_id"]);
        check_period(plan, "period", plan.config("period").cloned().as_ref(), &[10, 20, 30]);
        queries.iter().for_each(|it| check_query(plan, it));
        for name in ["alarm_actions", "ok_actions", "insufficient_data_actions"] {
            let count = plan.config(name).and_then(Value::as_items).map_or(0, <[Value]>::len);
            if count > ACTIONS {
                plan.error(name, format!("an alarm takes {ACTIONS} of these at most, not {count}"));
            }
        }
    }
}

fn check_period(plan: &mut Adjust, at: &str, period: Option<&Value>, short: &[i64]) {
    let Some(seconds) = period.and_then(|it| it.to_json().as_i64()) else { return };
    if !short.contains(&seconds) && (seconds <= 0 || seconds % 60 != 0) {
        let short = short.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        plan.error(at, format!("a period has {short} seconds, or a multiple of 60, not {seconds}"));
    }
}

const PERIODS: &[i64] = &[1, 5, 10, 20, 30];
const STATISTICS: &str = r"^(SampleCount|Average|Sum|Minimum|Maximum|(p|tm|wm|tc|ts)(\d{1,2}(\.\d{1,2})?|100)|IQM|(TM|WM|PR|TC|TS)\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\))$";

fn check_query(plan: &mut Adjust, query: &Value) {
    let metric = query.get("metric").and_then(Value::as_items).unwrap_or_default();
    let computed = query.get("expression").and_then(Value::as_str).is_some_and(|it| !it.is_empty());
    if computed && !metric.is_empty() {
        plan.error("metric_query", "a query has a `metric` or an `expression`, not both");
    }
    check_period(plan, "metric_query", query.get("period"), PERIODS);
    for it in metric {
        check_period(plan, "metric_query", it.get("period"), PERIODS);
        let stat = it.get("stat").and_then(Value::as_str);
        if let Some(stat) = stat.filter(|it| Regex::new(STATISTICS).is_ok_and(|all| !all.is_match(it))) {
            let text = format!("`{stat}` is no statistic such as `Sum`, `Average` or `p90`");
            plan.error("metric_query", text);
        }
    }
}

impl Alarm {
    async fn put(&self, aws: &Aws, labels: &Tags) -> Result<()> {
        let some = |it: &Option<Set<String>>| it.as_ref().map(|it| it.0.clone()).filter(|it| !it.is_empty());
        let queries = self.metric_query.iter().map(MetricDataQuery::from).collect::<Vec<_>>();
        let usual = stated(&self.threshold_metric_id);
        let line = usual.is_none().then(|| self.threshold.unwrap_or_default());
        aws.cloudwatch()
            .put_metric_alarm()
            .alarm_name(&*self.alarm_name)
            .set_alarm_description(stated(&self.alarm_description))
            .comparison_operator(self.comparison_operator.as_str().into())
            .set_threshold(line)
            .set_threshold_metric_id(usual)
            .set_evaluation_periods(sent(&self.evaluation_periods))
            .set_datapoints_to_alarm(counted(&self.datapoints_to_alarm))
            .set_namespace(stated(&self.namespace))
            .set_metric_name(stated(&self.metric_name))
            .set_dimensions(dimensions(&self.dimensions))
            .set_period(counted(&self.period))
            .set_statistic(stated(&self.statistic).map(|it| it.as_str().into()))
            .set_extended_statistic(stated(&self.extended_statistic))
            .set_unit(stated(&self.unit).map(|it| it.as_str().into()))
            .set_metrics(Some(queries).filter(|it| !it.is_empty()))
            .treat_missing_data(&self.treat_missing_data)
            .set_evaluate_low_sample_count_percentile(stated(&self.evaluate_low_sample_count_percentiles))
            .actions_enabled(self.actions_enabled)
            .set_alarm_actions(some(&self.alarm_actions))
            .set_ok_actions(some(&self.ok_actions))
            .set_insufficient_data_actions(some(&self.insufficient_data_actions))
            .set_tags(tags(labels))
            .send()
            .await?;
        Ok(())
    }
}

fn live(it: MetricAlarm) -> Live<Alarm> {
    let some = |it: Option<Vec<String>>| it.map(Set).filter(|it| !it.is_empty());
    let name: String = seen(it.alarm_name);
    let attributes = Alarm {
        alarm_name: Fixed(name.clone()),
        alarm_description: seen(it.alarm_description),
        comparison_operator: seen(it.comparison_operator),
        threshold: seen(it.threshold),
        threshold_metric_id: seen(it.threshold_metric_id),
        evaluation_periods: seen(it.evaluation_periods),
        datapoints_to_alarm: seen(it.datapoints_to_alarm),
        namespace: seen(it.namespace),
        metric_name: seen(it.metric_name),
        dimensions: seen_dimensions(it.dimensions),
        period: seen(it.period),
        statistic: seen(it.statistic),
        extended_statistic: seen(it.extended_statistic),
        unit: seen(it.unit),
        metric_query: it.metrics.into_iter().flatten().map(Query::from).collect(),
        treat_missing_data: it.treat_missing_data.unwrap_or_else(missing),
        evaluate_low_sample_count_percentiles: seen(it.evaluate_low_sample_count_percentile),
        actions_enabled: it.actions_enabled.unwrap_or(true),
        alarm_actions: some(it.alarm_actions),
        ok_actions: some(it.ok_actions),
        insufficient_data_actions: some(it.insufficient_data_actions),
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(name.clone()),
        arn: seen(it.alarm_arn),
    };
    Live { key: name, attributes, tags: None, status: Status::Ready, unread: &[] }
}
