//! Replacing a group's instances when what they are launched with changes.

use aws_sdk_autoscaling::types::{self as sdk, InstanceRefreshStatus};
use serde_json::Value as Json;

use super::Group;
use super::blocks::{Refresh, Tag};
use super::until::until;
use crate::aws::blocks::asked;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// The tag of a group whose instances are still to be replaced. Without it nobody would know, if the process
/// dies between changing the group and that: a plan would find the group as it should be. It shows in plans
/// as a tag too many, and taking it away means to start.
pub const MARK: &str = "infra:refresh";

/// What always means new instances.
const ALWAYS: [&str; 3] = ["launch_configuration", "launch_template", "mixed_instances_policy"];

/// Whether this change replaces the instances.
pub fn is_due(it: &Group, was: &Group) -> bool {
    let Some(refresh) = it.instance_refresh.as_ref() else { return false };
    let (Ok(wanted), Ok(had)) = (serde_json::to_value(it), serde_json::to_value(was)) else { return false };
    let triggers = refresh.triggers.iter().flat_map(|it| it.iter()).map(String::as_str);
    let mut names = ALWAYS.into_iter().chain(triggers);
    is_marked(was) || names.any(|name| said(&wanted, name) != said(&had, name))
}

/// The attribute, where it says anything; the mark apart.
fn said(of: &Json, name: &str) -> Option<Json> {
    let it = of.get(name)?.clone();
    match it {
        Json::Null => None,
        Json::String(text) if text.is_empty() => None,
        Json::Array(mut all) => {
            all.retain(|it| it.get("key").and_then(Json::as_str) != Some(MARK));
            all.sort_by_key(ToString::to_string);
            (!all.is_empty()).then_some(Json::Array(all))
        }
        it => Some(it),
    }
}

fn is_marked(it: &Group) -> bool {
    it.tag.iter().any(|it| it.key == MARK)
}

fn mark(group: &str) -> sdk::Tag {
    let it = Tag { key: MARK.to_owned(), value: "true".to_owned(), propagate_at_launch: false };
    it.sent(group)
}

/// Notes at the group that its instances are to be replaced.
pub async fn announce(it: &Group, aws: &Aws) -> Result<()> {
    aws.autoscaling().create_or_update_tags().tags(mark(&it.key())).send().await?;
    Ok(())
}

/// Begins to replace them. A replacement that is under way is given up for this one.
pub async fn start(it: &Group, aws: &Aws) -> Result<()> {
    let Some(refresh) = it.instance_refresh.as_ref() else { return Ok(()) };
    let name = &it.key();
    if let Err(error) = begin(it, refresh, aws, name).await {
        if error.code() != Some("InstanceRefreshInProgress") {
            return Err(error);
        }
        cancel(aws, name).await?;
        begin(it, refresh, aws, name).await?;
    }
    aws.autoscaling().delete_tags().tags(mark(name)).send().await?;
    Ok(())
}

async fn begin(it: &Group, refresh: &Refresh, aws: &Aws, name: &str) -> Result<()> {
    let preferences = refresh.preferences.as_ref();
    // AWS goes back only to what it is told to come from.
    let back = preferences.and_then(|it| it.auto_rollback).unwrap_or_default();
    let goal = sdk::DesiredConfiguration::builder()
        .set_launch_template(asked(&it.launch_template))
        .set_mixed_instances_policy(asked(&it.mixed_instances_policy));
    let call = aws.autoscaling().start_instance_refresh().auto_scaling_group_name(name);
    let call = call.strategy(refresh.strategy.as_str().into()).set_preferences(preferences.and_then(asked));
    call.set_desired_configuration(back.then(|| goal.build())).send().await?;
    Ok(())
}

async fn cancel(aws: &Aws, name: &str) -> Result<()> {
    match aws
        .autoscaling()
        .cancel_instance_refresh()
        .auto_scaling_group_name(name)
        .send()
        .await
        .map_err(Error::from)
    {
        // It is over already.
        Err(it) if it.code() == Some("ActiveInstanceRefreshNotFound") => return Ok(()),
        answer => drop(answer?),
    }
    until("giving up the replacement of instances that was under way", async || {
        use InstanceRefreshStatus::{Cancelling, InProgress, Pending};
        let call = aws.autoscaling().describe_instance_refreshes().auto_scaling_group_name(name);
        let newest = call.max_records(1).send().await?.instance_refreshes.unwrap_or_default();
        Ok(!newest.iter().any(|it| matches!(it.status, Some(Cancelling | InProgress | Pending))))
    })
    .await
}
