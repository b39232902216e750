//! Whether a service's tasks run, and why not.

use aws_sdk_ecs::types as sdk;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::Service;
use super::seen::{is_leaving, primary};
use crate::aws::ecs::name_of;
use crate::aws::ecs::task_definition::family_and_revision;
use crate::aws::{Aws, Result};
use crate::resource::Status;

/// How many stopped tasks and how many events are told of.
const TOLD: usize = 5;

/// What the words of a rollback begin with; what it went back to follows.
const BACK: &str = "the deployment was rolled back to ";

/// Where a deployment is.
#[derive(Debug, PartialEq)]
enum Rollout {
    Steady,
    /// How far it is.
    Going(String),
    /// Why it came to nothing.
    Failed(String),
}

/// The status of a service. Only an apply that waits gets to know why tasks have stopped: that costs calls.
pub async fn status(aws: &Aws, it: &sdk::Service) -> Result<Status> {
    if is_leaving(it) {
        return Ok(Status::Leaving("DRAINING".to_owned()));
    }
    Ok(match rollout(it) {
        Rollout::Steady => Status::Ready,
        Rollout::Going(how) => Status::Pending(how),
        Rollout::Failed(why) if aws.exact() => Status::Failed(told(aws, it, why).await),
        Rollout::Failed(why) => Status::Failed(why),
    })
}

/// Whether an apply waits for the end of that. A service that was rolled back to what is wanted now is none that
/// has failed.
pub fn awaits(service: &Service, word: &str) -> bool {
    let wanted = service.task_definition.as_deref().map(family_and_revision).unwrap_or_default();
    let back = word.strip_prefix(BACK).is_some_and(|it| it.starts_with(&format!("`{wanted}`")));
    *service.wait_for_steady_state && !back
}

fn rollout(it: &sdk::Service) -> Rollout {
    let (wanted, running) = (it.desired_count, it.running_count);
    let Some(now) = primary(it) else {
        // Another controller's: ECS tells of the tasks alone.
        return if wanted == running { Rollout::Steady } else { Rollout::Going(tasks(wanted, running)) };
    };
    let reason = now.rollout_state_reason.clone().unwrap_or_default();
    if now.rollout_state == Some(sdk::DeploymentRolloutState::Failed) {
        let reason = if reason.is_empty() { "the deployment failed".to_owned() } else { reason };
        return Rollout::Failed(reason);
    }
    if let Some(event) = rolled_back(it, now) {
        let back = now.task_definition.as_deref().map(family_and_revision).unwrap_or_default();
        return Rollout::Failed(format!("{BACK}`{back}`: {event}"));
    }
    match it.deployments().len() {
        1 if wanted == running => Rollout::Steady,
        1 => Rollout::Going(tasks(wanted, running)),
        _ => Rollout::Going(format!("{} of {} new tasks run", now.running_count, now.desired_count)),
    }
}

fn tasks(wanted: i32, running: i32) -> String {
    format!("{running} of {wanted} tasks run")
}

/// What is told of a deployment that went wrong, where the one of now is what was gone back to.
fn rolled_back(it: &sdk::Service, now: &sdk::Deployment) -> Option<String> {
    let id = now.id.as_deref().filter(|it| !it.is_empty())?;
    let says = |event: &&sdk::ServiceEvent, what: &str| event.message().unwrap_or_default().contains(what);
    let back = format!("rolling back to deployment {id}");
    // The newest event comes first.
    let at = it.events().iter().position(|it| says(&it, &back));
    let reason = now.rollout_state_reason.as_deref().is_some_and(|it| it.contains("rolling back"));
    let failed =
        it.deployments().iter().find(|it| it.rollout_state == Some(sdk::DeploymentRolloutState::Failed));
    if at.is_none() && !(reason && failed.is_some()) {
        return None;
    }
    let why = failed.and_then(|it| it.rollout_state_reason.clone());
    let told = it.events().iter().find(|it| says(it, "deployment failed")).and_then(|it| it.message.clone());
    Some(why.or(told).unwrap_or_else(|| "the new tasks did not come up".to_owned()))
}

/// Why it failed, with what is known of stopped tasks, and the service's latest events, a line each.
async fn told(aws: &Aws, it: &sdk::Service, why: String) -> String {
    let mut lines = vec![why];
    match stopped(aws, it).await {
        Ok(found) if found.is_empty() => {}
        Ok(found) => {
            lines.push("stopped tasks:".to_owned());
            lines.extend(found.iter().take(TOLD).map(task));
            lines.extend((found.len() > TOLD).then(|| format!("- and {} more", found.len() - TOLD)));
        }
        Err(error) => lines.push(format!("why tasks have stopped could not be looked up: {error}")),
    }
    if !it.events().is_empty() {
        lines.push("events of the service, the newest first:".to_owned());
        lines.extend(it.events().iter().take(TOLD).map(event));
    }
    lines.join("\n")
}

/// Those that ECS still knows, the last one first.
async fn stopped(aws: &Aws, it: &sdk::Service) -> Result<Vec<sdk::Task>> {
    let cluster = it.cluster_arn.as_deref().unwrap_or_default();
    let call = aws.ecs().list_tasks().cluster(cluster).set_service_name(it.service_name.clone());
    let arns = call.desired_status(sdk::DesiredStatus::Stopped).send().await?.task_arns.unwrap_or_default();
    if arns.is_empty() {
        return Ok(Vec::new());
    }
    let call = aws.ecs().describe_tasks().cluster(cluster).set_tasks(Some(arns));
    let mut tasks = call.send().await?.tasks.unwrap_or_default();
    tasks.sort_by_key(|it| std::cmp::Reverse(it.stopped_at.map(|it| it.as_nanos())));
    Ok(tasks)
}

fn task(it: &sdk::Task) -> String {
    let id = name_of(it.task_arn.as_deref().unwrap_or_default());
    let of = family_and_revision(it.task_definition_arn.as_deref().unwrap_or_default());
    let why = it.stopped_reason.as_deref().filter(|it| !it.is_empty()).unwrap_or("no reason given");
    let containers = it.containers().iter().filter_map(|it| {
        let name = it.name.as_deref().unwrap_or_default();
        match (it.reason.as_deref().filter(|it| !it.is_empty()), it.exit_code) {
            (Some(reason), _) => Some(format!("`{name}`: {reason}")),
            (None, Some(code)) if code != 0 => Some(format!("`{name}` ended with code {code}")),
            _ => None,
        }
    });
    let containers = containers.collect::<Vec<_>>().join("; ");
    let more = if containers.is_empty() { String::new() } else { format!(" ({containers})") };
    format!("- {}{id} of {of}: {why}{more}", clock(it.stopped_at))
}

fn event(it: &sdk::ServiceEvent) -> String {
    format!("- {}{}", clock(it.created_at), it.message.as_deref().unwrap_or_default())
}

/// `12:30:05 ` of a moment, for the start of a line.
fn clock(at: Option<DateTime>) -> String {
    let text =
        at.and_then(|it| DateTime::from_secs(it.secs()).fmt(Format::DateTime).ok()).unwrap_or_default();
    let time = text.split_once('T').map(|it| it.1.trim_end_matches('Z').to_owned());
    time.map(|it| it + " ").unwrap_or_default()
}

#[cfg(test)]
mod tests;
