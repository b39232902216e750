//! Whether a group has the instances that it is to have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, SystemTime};

use aws_sdk_autoscaling::types::{self as sdk, LifecycleState, ScalingActivityStatusCode};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum;
use futures::future::try_join_all;

use super::Group;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// How many instances do their work, and how many are to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Capacity {
    serving: i64,
    wanted: i64,
    /// Of the serving ones, those that all target groups find healthy; where there are any.
    healthy: Option<i64>,
}

/// What a status says of it, and what says it again.
impl fmt::Display for Capacity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} of {} in service", self.serving, self.wanted)?;
        match self.healthy {
            Some(it) => write!(out, ", {it} healthy in target groups"),
            None => Ok(()),
        }
    }
}

impl Capacity {
    /// Of a status.
    fn parse(word: &str) -> Option<Capacity> {
        let (numbers, rest) = word.split_once(" in service")?;
        let (serving, wanted) = numbers.rsplit_once("; ").map_or(numbers, |it| it.1).split_once(" of ")?;
        let healthy = rest.strip_prefix(", ").and_then(|it| it.split(' ').next()?.parse().ok());
        Some(Capacity { serving: serving.parse().ok()?, wanted: wanted.parse().ok()?, healthy })
    }

    /// What is missing for a new group: at least so many.
    fn suffices(&self, balanced: i64) -> bool {
        self.serving >= self.wanted && self.healthy.unwrap_or(self.serving) >= balanced
    }

    /// What is missing after a change: exactly so many.
    fn fits(&self, balanced: i64) -> bool {
        let healthy = self.healthy.unwrap_or(self.serving);
        self.serving == self.wanted && (balanced == 0 || healthy == balanced)
    }
}

/// How long a failure to launch is news.
const NEWS: Duration = Duration::from_secs(60);

/// Looked at only while somebody waits for it.
pub async fn status(aws: &Aws, it: &sdk::AutoScalingGroup) -> Result<Status> {
    if let Some(word) = it.status.as_ref().filter(|it| !it.is_empty()) {
        return Ok(Status::Pending(word.clone()));
    }
    if !aws.exact() {
        return Ok(Status::Ready);
    }
    let serving: BTreeMap<&str, i64> =
        it.instances().iter().filter(|it| serves(it)).filter_map(weighed).collect();
    let wanted = it.desired_capacity.or(it.min_size).unwrap_or_default().into();
    let mut capacity = Capacity { serving: serving.values().sum(), wanted, healthy: None };
    if capacity.serving < wanted {
        let failure = failure(aws, it.auto_scaling_group_name().unwrap_or_default()).await?;
        return Ok(match failure {
            Some(why) => Status::Failed(format!("{why}; {capacity}")),
            None => Status::Pending(capacity.to_string()),
        });
    }
    if !it.target_group_arns().is_empty() {
        let ill = ill(aws, it.target_group_arns()).await?;
        let healthy = serving.iter().filter(|it| !ill.contains(*it.0));
        capacity.healthy = Some(healthy.map(|it| it.1).sum());
    }
    let whole = capacity.serving == wanted && capacity.healthy.is_none_or(|it| it == capacity.serving);
    Ok(if whole { Status::Ready } else { Status::Pending(capacity.to_string()) })
}

fn serves(it: &sdk::Instance) -> bool {
    it.health_status() == Some("Healthy") && it.lifecycle_state() == Some(&LifecycleState::InService)
}

fn weighed(it: &sdk::Instance) -> Option<(&str, i64)> {
    let weight = it.weighted_capacity().and_then(|it| it.parse().ok()).unwrap_or(1);
    Some((it.instance_id()?, weight))
}

/// Instances that one of the target groups does not find healthy.
async fn ill(aws: &Aws, groups: &[String]) -> Result<BTreeSet<String>> {
    let ask = groups.iter().map(|it| aws.elbv2().describe_target_health().target_group_arn(it).send());
    let all =
        try_join_all(ask).await?.into_iter().flat_map(|it| it.target_health_descriptions.unwrap_or_default());
    let ill = all.filter(|it| {
        let state = it.target_health.as_ref().and_then(|it| it.state.as_ref());
        state.is_some_and(|it| *it != TargetHealthStateEnum::Healthy)
    });
    Ok(ill.filter_map(|it| it.target?.id).collect())
}

/// Why launching has failed of late, if it has.
async fn failure(aws: &Aws, name: &str) -> Result<Option<String>> {
    let call = aws.autoscaling().describe_scaling_activities().auto_scaling_group_name(name).max_records(20);
    let activities = match call.send().await.map_err(Error::from) {
        // It went away meanwhile.
        Err(it) if it.message().contains("not found") => return Ok(None),
        answer => answer?.activities.unwrap_or_default(),
    };
    let failed = activities.iter().filter(|it| {
        let ended = it.end_time.or(it.start_time).and_then(|it| SystemTime::try_from(it).ok());
        let age = ended.map(|it| SystemTime::now().duration_since(it).unwrap_or_default());
        it.status_code == Some(ScalingActivityStatusCode::Failed)
            && it.progress == Some(100)
            && age.is_some_and(|it| it < NEWS)
            // It is tried again.
            && !it.status_message().unwrap_or_default().contains("Invalid IAM Instance Profile")
    });
    Ok(failed.filter_map(|it| it.status_message.clone()).next())
}

/// What a group's status means for an apply.
pub fn judged(it: &Group, was: Option<&Group>, status: Status) -> Status {
    let (Status::Pending(word) | Status::Failed(word)) = &status else { return status };
    let Some(capacity) = Capacity::parse(word) else { return status };
    if !is_awaited(it, was) {
        return Status::Ready;
    }
    let exactly = it.wait_for_elb_capacity.unwrap_or_default();
    let done = match was {
        None => {
            capacity.suffices(if exactly > 0 { exactly } else { it.min_elb_capacity.unwrap_or_default() })
        }
        Some(_) => capacity.fits(exactly),
    };
    match status {
        _ if done => Status::Ready,
        Status::Failed(word) if *it.ignore_failed_scaling_activities => Status::Pending(word),
        status => status,
    }
}

/// Only a change of the number of instances is waited for.
fn is_awaited(it: &Group, was: Option<&Group>) -> bool {
    let size = |it: &Group| {
        (*it.desired_capacity, it.min_size, it.desired_capacity_type.clone().unwrap_or_default())
    };
    timeout(it).is_none_or(|it| !it.is_zero()) && was.is_none_or(|was| size(was) != size(it))
}

fn timeout(it: &Group) -> Option<Duration> {
    crate::lang::duration(it.wait_for_capacity_timeout.as_deref()?)
}

/// An apply is as patient as the stack says. Where it does not wait for instances, other things may take as
/// long as ever.
pub fn patience(it: &Group, op: Op) -> Option<Duration> {
    timeout(it).filter(|it| op == Op::Create && !it.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_as_it_is_written() {
        for healthy in [None, Some(1)] {
            let it = Capacity { serving: 2, wanted: 3, healthy };
            assert_eq!(Capacity::parse(&it.to_string()), Some(it));
            assert_eq!(Capacity::parse(&format!("no room; at all; {it}")), Some(it));
        }
        assert_eq!(Capacity::parse("Delete in progress"), None);
    }

    #[test]
    fn a_new_group_may_have_more_and_a_changed_one_not() {
        let it = Capacity { serving: 4, wanted: 3, healthy: Some(2) };
        assert!(it.suffices(0) && it.suffices(2) && !it.suffices(3));
        assert!(!it.fits(0));
        let it = Capacity { serving: 3, wanted: 3, healthy: Some(2) };
        assert!(it.fits(0) && it.fits(2) && !it.fits(3));
    }
}
