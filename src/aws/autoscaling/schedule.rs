use aws_sdk_autoscaling::types as sdk;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AUTOSCALING;
use crate::aws::blocks::{asked, shown};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// When the sizes of an Auto Scaling group change: once, or again and again.
///
/// ```toml
/// [aws_autoscaling_schedule.night]
/// scheduled_action_name = "night"
/// autoscaling_group_name = "${aws_autoscaling_group.web.name}"
/// recurrence = "0 22 * * *"
/// time_zone = "Europe/Berlin"
/// min_size = 0
/// max_size = 1
/// desired_capacity = -1
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Unique in the group.
    pub scheduled_action_name: Fixed<String>,
    /// The group's name.
    pub autoscaling_group_name: Fixed<String>,
    /// The fewest instances from then on: 0 where absent, -1 to leave that as it is.
    pub min_size: Chosen<Option<i64>>,
    /// The most instances from then on: 0 where absent, -1 to leave that as it is.
    pub max_size: Chosen<Option<i64>>,
    /// How many instances there are to be then: 0 where absent, -1 to leave that as it is.
    pub desired_capacity: Chosen<Option<i64>>,
    /// When, again and again, as cron says it: minute, hour, day of the month, month, day of the week.
    pub recurrence: Chosen<Option<String>>,
    /// From when on, or when at all, such as `2030-12-31T08:00:00Z`. Of one that recurs, AWS tells the next
    /// time.
    pub start_time: Chosen<Option<String>>,
    /// Until when, such as `2030-12-31T08:00:00Z`.
    pub end_time: Chosen<Option<String>>,
    /// Whose clock `recurrence` goes by, such as `Europe/Berlin`; else UTC.
    pub time_zone: Chosen<Option<String>>,
    /// The same as `scheduled_action_name`.
    pub id: Computed<String>,
    /// The action's ARN.
    pub arn: Computed<String>,
}

/// Which action of which group.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    group: String,
    name: String,
}

impl Resource for Schedule {
    const TYPE: &'static str = "aws_autoscaling_schedule";
    const IMPORT: &'static [&'static str] = &["web/night"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("autoscaling:DescribeScheduledActions", 50)],
        "a call takes 50 names, of all groups",
    );
    const BATCH: usize = 50;
    const PASSING: &'static [&'static [Passing]] = &[AUTOSCALING];
    type Key = Key;

    fn key(&self) -> Key {
        Key { group: self.autoscaling_group_name.0.clone(), name: self.scheduled_action_name.0.clone() }
    }

    fn import(id: &str) -> Result<Key> {
        match id.split_once('/') {
            Some((group, name)) if !group.is_empty() && !name.is_empty() && !name.contains('/') => {
                Ok(Key { group: group.to_owned(), name: name.to_owned() })
            }
            _ => Err(Error::Invalid("say the group's name and the action's: `group/action`".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut names: Vec<String> = keys.iter().map(|it| it.name.clone()).collect();
        names.sort();
        names.dedup();
        let call = aws.autoscaling().describe_scheduled_actions().set_scheduled_action_names(Some(names));
        let pages = call.max_records(100).into_paginator().items();
        let found: Vec<sdk::ScheduledUpdateGroupAction> = pages.send().try_collect().await?;
        Ok(found.into_iter().map(live).filter(|it| keys.contains(&it.key)).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.autoscaling().delete_scheduled_action();
        let call = call.auto_scaling_group_name(&**self.autoscaling_group_name);
        match call.scheduled_action_name(&**self.scheduled_action_name).send().await.map_err(Error::from) {
            // The group took it along, or its time is over.
            Err(it) if it.message().contains("not found") => Ok(()),
            answer => answer.map(drop),
        }
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Key>> {
        Ok(None)
    }

    // A time that AWS does not tell stays as it was said.
    fn as_kept(mut self, kept: &Self) -> Self {
        if self.start_time.is_none() {
            self.start_time = kept.start_time.clone();
        }
        if self.end_time.is_none() {
            self.end_time = kept.end_time.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        for name in ["start_time", "end_time"] {
            let text = plan.config(name).and_then(Value::as_str);
            if text.is_some_and(|it| moment(it).is_none()) {
                plan.error(name, format!("`{name}` is a moment of UTC, such as `2030-12-31T08:00:00Z`"));
            }
        }
    }
}

impl Schedule {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let time = |it: &Option<String>| it.as_deref().and_then(moment);
        let call = aws
            .autoscaling()
            .put_scheduled_update_group_action()
            .auto_scaling_group_name(&**self.autoscaling_group_name)
            .scheduled_action_name(&**self.scheduled_action_name)
            .set_start_time(time(&self.start_time))
            .set_end_time(time(&self.end_time))
            .set_recurrence(asked(&self.recurrence))
            .set_time_zone(asked(&self.time_zone))
            .set_min_size(size(*self.min_size))
            .set_max_size(size(*self.max_size))
            .set_desired_capacity(size(*self.desired_capacity));
        call.send().await?;
        Ok(())
    }
}

/// What is not said is none at all; to leave it as it is, there is -1.
fn size(it: Option<i64>) -> Option<i32> {
    i32::try_from(it.unwrap_or_default()).ok().filter(|it| *it != -1)
}

fn moment(text: &str) -> Option<DateTime> {
    DateTime::from_str(text, Format::DateTime).ok()
}

fn live(it: sdk::ScheduledUpdateGroupAction) -> Live<Schedule> {
    let said = |it: Option<i32>| Chosen(Some(it.map_or(-1, i64::from)));
    let time = |it: Option<DateTime>| {
        Chosen(it.and_then(|it| DateTime::from_secs(it.secs()).fmt(Format::DateTime).ok()))
    };
    let name = it.scheduled_action_name.unwrap_or_default();
    let attributes = Schedule {
        id: name.clone().into(),
        scheduled_action_name: Fixed(name),
        autoscaling_group_name: Fixed(it.auto_scaling_group_name.unwrap_or_default()),
        min_size: said(it.min_size),
        max_size: said(it.max_size),
        desired_capacity: said(it.desired_capacity),
        recurrence: shown(it.recurrence),
        start_time: time(it.start_time),
        end_time: time(it.end_time),
        time_zone: shown(it.time_zone),
        arn: shown(it.scheduled_action_arn),
    };
    Live { key: attributes.key(), status: Status::Ready, tags: None, unread: &[], attributes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_none_or_stays() {
        assert_eq!(size(None), Some(0));
        assert_eq!(size(Some(3)), Some(3));
        assert_eq!(size(Some(-1)), None);
    }

    #[test]
    fn a_moment_is_of_utc() {
        assert!(moment("2030-12-31T08:00:00Z").is_some());
        for wrong in ["", "2030-12-31", "2030-13-31T08:00:00Z", "2030-12-31T08:00:00+01:00"] {
            assert!(moment(wrong).is_none(), "{wrong}");
        }
    }
}
