use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_applicationautoscaling::operation::put_scheduled_action::builders as calls;
use aws_sdk_applicationautoscaling::types as sdk;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::policy::Key;
use super::{APPAUTOSCALING, Scaled};
use crate::aws::blocks::{Count, Sole, asked, both, shown};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// When the bounds of a target's size change: once, or again and again.
///
/// ```toml
/// [aws_appautoscaling_scheduled_action.night]
/// name = "night"
/// service_namespace = "${aws_appautoscaling_target.web.service_namespace}"
/// resource_id = "${aws_appautoscaling_target.web.resource_id}"
/// scalable_dimension = "${aws_appautoscaling_target.web.scalable_dimension}"
/// schedule = "cron(0 22 * * ? *)"
/// timezone = "Europe/Berlin"
/// scalable_target_action = { min_capacity = "0", max_capacity = "1" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduledAction {
    /// Unique for its target.
    pub name: Fixed<String>,
    /// The service that the target belongs to, such as `ecs`.
    pub service_namespace: Fixed<String>,
    /// What the target is, such as `service/CLUSTER/SERVICE`.
    pub resource_id: Fixed<String>,
    /// What of it is scaled, such as `ecs:service:DesiredCount`.
    pub scalable_dimension: Fixed<String>,
    /// When: `at(2030-12-31T08:00:00)`, `rate(1 day)` or `cron(0 8 * * ? *)`.
    pub schedule: String,
    /// Whose clock `schedule` goes by, such as `Europe/Berlin`.
    #[serde(default = "utc")]
    pub timezone: String,
    /// The bounds from then on.
    #[serde(default)]
    pub scalable_target_action: Sole<Bounds>,
    /// Not before that, such as `2030-12-31T08:00:00Z`.
    pub start_time: Option<String>,
    /// Not after that.
    pub end_time: Option<String>,
    /// The action's name with the service and what the target is.
    pub id: Computed<String>,
    /// The action's ARN.
    pub arn: Computed<String>,
}

/// Bounds of a size; one that is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// It does not get smaller than that.
    pub min_capacity: Option<Count>,
    /// It does not get larger than that.
    pub max_capacity: Option<Count>,
}
both!(Bounds = sdk::ScalableTargetAction { min_capacity, max_capacity });

fn utc() -> String {
    "UTC".into()
}

/// The most names of one call, and the most actions of one answer.
const NAMES: usize = 50;

impl Resource for ScheduledAction {
    const TYPE: &'static str = "aws_appautoscaling_scheduled_action";
    // The provider cannot import it either.
    const IMPORT: &'static [&'static str] = &[];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("application-autoscaling:DescribeScheduledActions", NAMES)],
        "an answer holds 50 actions of one service",
    );
    const BATCH: usize = 1000; // pages of 50
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[APPAUTOSCALING];
    type Key = Key;

    fn key(&self) -> Key {
        Key {
            name: self.name.0.clone(),
            target: Scaled {
                namespace: self.service_namespace.0.clone(),
                resource: self.resource_id.0.clone(),
                dimension: self.scalable_dimension.0.clone(),
            },
        }
    }

    fn import(_id: &str) -> Result<Key> {
        Err(Error::Invalid("it cannot be imported: apply it instead, which sets what is there".to_owned()))
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut by_service: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for it in keys {
            by_service.entry(&it.target.namespace).or_default().push(it.name.clone());
        }
        let mut asked = Vec::new();
        for (namespace, mut names) in by_service {
            names.sort();
            names.dedup();
            asked.extend(names.chunks(NAMES).map(|it| (namespace, it.to_vec())));
        }
        let each = asked.into_iter().map(async |(namespace, names)| {
            let call = aws.appautoscaling().describe_scheduled_actions().service_namespace(namespace.into());
            let pages = call.set_scheduled_action_names(Some(names)).into_paginator();
            pages.items().send().try_collect().await.map_err(Error::from)
        });
        let found = futures::future::try_join_all(each).await?.into_iter().flatten().map(live);
        Ok(found.filter(|it| keys.contains(&it.key)).collect())
    }

    // Put twice is put once.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        let call = self.put(aws).schedule(&self.schedule).timezone(&self.timezone);
        call.set_scalable_target_action(asked(&self.scalable_target_action)).send().await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let bounds = &self.scalable_target_action;
        let bounds = if *bounds == was.scalable_target_action { None } else { asked(bounds) };
        self.put(aws)
            .set_schedule((self.schedule != was.schedule).then(|| self.schedule.clone()))
            .set_timezone((self.timezone != was.timezone).then(|| self.timezone.clone()))
            .set_scalable_target_action(bounds)
            .send()
            .await?;
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.appautoscaling().delete_scheduled_action().scheduled_action_name(&**self.name);
        let call =
            call.service_namespace(self.service_namespace.as_str().into()).resource_id(&**self.resource_id);
        call.scalable_dimension(self.scalable_dimension.as_str().into()).send().await?;
        Ok(())
    }

    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Key>> {
        Ok(None)
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        spell(&mut self.start_time, &kept.start_time);
        spell(&mut self.end_time, &kept.end_time);
        self
    }

    fn adjust(plan: &mut Adjust) {
        for name in ["start_time", "end_time"] {
            let text = plan.config(name).and_then(Value::as_str);
            if text.is_some_and(|it| moment(it).is_none()) {
                plan.error(name, format!("`{name}` is a moment, such as `2030-12-31T08:00:00Z`"));
            }
            // Another clock's word for the same moment.
            let was = plan.change(name).filter(|(was, will)| is_same(was.as_str(), will.as_str()));
            if let Some(was) = was.map(|(was, will)| was.clone().marked(will.marks)) {
                plan.set(name, was);
            }
        }
        let bounds = plan.config("scalable_target_action").and_then(Value::as_items).and_then(<[_]>::first);
        let says = |it: &Value, name: &str| it.get(name).is_some_and(|it| !it.is_null());
        let silent = |it: &Value| !["min_capacity", "max_capacity"].iter().any(|name| says(it, name));
        if bounds.is_some_and(|it| !it.is_unknown() && silent(it)) {
            let text = "say `min_capacity`, `max_capacity` or both: what the action sets";
            plan.error("scalable_target_action", text);
        }
    }
}

impl ScheduledAction {
    /// Times always go along: AWS forgets those that a call does not name.
    fn put(&self, aws: &Aws) -> calls::PutScheduledActionFluentBuilder {
        let time = |it: &Option<String>| it.as_deref().and_then(moment);
        aws.appautoscaling()
            .put_scheduled_action()
            .scheduled_action_name(&**self.name)
            .service_namespace(self.service_namespace.as_str().into())
            .resource_id(&**self.resource_id)
            .scalable_dimension(self.scalable_dimension.as_str().into())
            .set_start_time(time(&self.start_time))
            .set_end_time(time(&self.end_time))
    }
}

fn moment(text: &str) -> Option<DateTime> {
    DateTime::from_str(text, Format::DateTimeWithOffset).ok()
}

/// Whether both are the same moment.
fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    one.and_then(moment).zip(other.and_then(moment)).is_some_and(|(one, other)| one == other)
}

/// Writes a moment as it was written.
fn spell(seen: &mut Option<String>, kept: &Option<String>) {
    if is_same(seen.as_deref(), kept.as_deref()) {
        seen.clone_from(kept);
    }
}

fn live(it: sdk::ScheduledAction) -> Live<ScheduledAction> {
    let time =
        |it: Option<DateTime>| it.and_then(|it| DateTime::from_secs(it.secs()).fmt(Format::DateTime).ok());
    let (name, namespace) = (it.scheduled_action_name, it.service_namespace.as_str().to_owned());
    let dimension = it.scalable_dimension.map(|it| it.as_str().to_owned());
    let attributes = ScheduledAction {
        id: Computed(format!("{name}-{namespace}-{}", it.resource_id)),
        name: Fixed(name),
        service_namespace: Fixed(namespace),
        resource_id: Fixed(it.resource_id),
        scalable_dimension: Fixed(dimension.unwrap_or_default()),
        schedule: it.schedule,
        timezone: it.timezone.unwrap_or_default(),
        scalable_target_action: shown(it.scalable_target_action),
        start_time: time(it.start_time),
        end_time: time(it.end_time),
        arn: Computed(it.scheduled_action_arn),
    };
    Live { key: attributes.key(), attributes, tags: None, status: Status::Ready, unread: &[] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_keeps_its_spelling() {
        let text = |it: &str| Some(it.to_owned());
        let spelt = |seen: &str, kept: Option<String>| {
            let mut seen = text(seen);
            spell(&mut seen, &kept);
            seen
        };
        let utc = "2030-12-31T07:00:00Z";
        assert_eq!(spelt(utc, text("2030-12-31T08:00:00+01:00")), text("2030-12-31T08:00:00+01:00"));
        assert_eq!(spelt(utc, text("2030-12-31T08:00:00Z")), text(utc));
        assert_eq!(spelt(utc, None), text(utc));
        assert!(moment("2030-12-31").is_none());
    }
}
