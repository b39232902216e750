//! Changing a group in place.

use aws_sdk_autoscaling::types as sdk;

use super::blocks::{Tag, TrafficSource, WarmPool};
use super::until::until;
use super::{Group, refresh, remove};
use crate::aws::blocks::asked;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// The most load balancers or the like of one call.
const AT_ONCE: usize = 10;

pub async fn change(it: &Group, aws: &Aws, was: &Group) -> Result<()> {
    let refreshes = refresh::is_due(it, was);
    if refreshes {
        refresh::announce(it, aws).await?;
    }
    settings(it, aws, was).await?;
    tags(it, aws, was).await?;
    traffic(it, aws, was).await?;
    if refreshes {
        refresh::start(it, aws).await?;
    }
    warm_pool(it, aws, was).await?;
    metrics(it, aws, was).await?;
    processes(it, aws, was).await
}

fn new<T: PartialEq + Clone>(wanted: &T, had: &T) -> Option<T> {
    (wanted != had).then(|| wanted.clone())
}

/// A number that may be 0.
fn number(wanted: Option<i64>, had: Option<i64>) -> Option<i32> {
    let (wanted, had) = (wanted.unwrap_or_default(), had.unwrap_or_default());
    new(&wanted, &had).and_then(|it| it.try_into().ok())
}

/// A text that may be taken away.
fn words(wanted: &Option<String>, had: &Option<String>) -> Option<String> {
    new(&wanted.clone().unwrap_or_default(), &had.clone().unwrap_or_default())
}

async fn settings(it: &Group, aws: &Aws, was: &Group) -> Result<()> {
    let name = was.key();
    let health = new(&it.health_check_type.0, &was.health_check_type.0).flatten().filter(|it| !it.is_empty());
    let grace = new(&it.health_check_grace_period, &was.health_check_grace_period);
    let grace = grace.or(health.as_ref().map(|_| it.health_check_grace_period));
    let list =
        |wanted: &Set<String>, had: &Set<String>| new(wanted, had).filter(|it| !it.is_empty()).map(|it| it.0);
    let policies = new(
        &it.termination_policies.clone().unwrap_or_default(),
        &was.termination_policies.clone().unwrap_or_default(),
    );
    let policies = policies.map(|it| if it.is_empty() { vec!["Default".to_owned()] } else { it });
    let call = aws
        .autoscaling()
        .update_auto_scaling_group()
        .auto_scaling_group_name(&name)
        .set_min_size(number(Some(it.min_size), Some(was.min_size)))
        .set_max_size(number(Some(it.max_size), Some(was.max_size)))
        .set_desired_capacity(number(*it.desired_capacity, *was.desired_capacity))
        .set_desired_capacity_type(words(&it.desired_capacity_type, &was.desired_capacity_type))
        .set_launch_template(new(&it.launch_template, &was.launch_template).and_then(|it| asked(&it)))
        .set_mixed_instances_policy(
            new(&it.mixed_instances_policy, &was.mixed_instances_policy).and_then(|it| asked(&it)),
        )
        .set_launch_configuration_name(
            words(&it.launch_configuration, &was.launch_configuration).filter(|it| !it.is_empty()),
        )
        .set_vpc_zone_identifier(
            list(&it.vpc_zone_identifier, &was.vpc_zone_identifier).map(|it| it.join(",")),
        )
        .set_availability_zones(list(&it.availability_zones, &was.availability_zones))
        .set_availability_zone_distribution(
            new(&it.availability_zone_distribution, &was.availability_zone_distribution)
                .and_then(|it| asked(&it)),
        )
        .set_health_check_type(health)
        .set_health_check_grace_period(grace.and_then(|it| it.try_into().ok()))
        .set_default_instance_warmup(number(it.default_instance_warmup, was.default_instance_warmup))
        .set_default_cooldown(number(*it.default_cooldown, *was.default_cooldown))
        .set_max_instance_lifetime(number(it.max_instance_lifetime, was.max_instance_lifetime))
        .set_capacity_rebalance(new(
            &it.capacity_rebalance.unwrap_or_default(),
            &was.capacity_rebalance.unwrap_or_default(),
        ))
        .set_capacity_reservation_specification(
            new(&it.capacity_reservation_specification, &was.capacity_reservation_specification)
                .and_then(|it| asked(&it)),
        )
        .set_placement_group(words(&it.placement_group, &was.placement_group))
        .set_new_instances_protected_from_scale_in(new(&it.protect_from_scale_in, &was.protect_from_scale_in))
        .set_termination_policies(policies)
        .set_instance_maintenance_policy(maintenance(it, was))
        .set_service_linked_role_arn(words(&it.service_linked_role_arn, &was.service_linked_role_arn))
        .set_context(words(&it.context, &was.context));
    let nothing = aws.autoscaling().update_auto_scaling_group().auto_scaling_group_name(name);
    if call.as_input() == nothing.as_input() {
        return Ok(());
    }
    let protected = it.protect_from_scale_in;
    call.new_instances_protected_from_scale_in(protected).send().await?;
    Ok(())
}

/// -1 takes it away.
fn maintenance(it: &Group, was: &Group) -> Option<sdk::InstanceMaintenancePolicy> {
    let wanted = new(&it.instance_maintenance_policy, &was.instance_maintenance_policy)?;
    let none =
        sdk::InstanceMaintenancePolicy::builder().min_healthy_percentage(-1).max_healthy_percentage(-1);
    Some(asked(&wanted).unwrap_or_else(|| none.build()))
}

async fn tags(it: &Group, aws: &Aws, was: &Group) -> Result<()> {
    let name = was.key();
    let gone = was.tag.iter().filter(|had| it.tag.iter().all(|it| it.key != had.key));
    // The refresh's own is taken away when that has begun.
    let gone = gone.filter(|it| it.key != refresh::MARK);
    let gone: Vec<_> = gone.map(|it| it.sent(&name)).collect();
    if !gone.is_empty() {
        aws.autoscaling().delete_tags().set_tags(Some(gone)).send().await?;
    }
    let set: Vec<_> = it.tag.beyond(&was.tag).iter().map(|it: &Tag| it.sent(&name)).collect();
    if !set.is_empty() {
        aws.autoscaling().create_or_update_tags().set_tags(Some(set)).send().await?;
    }
    Ok(())
}

async fn traffic(it: &Group, aws: &Aws, was: &Group) -> Result<()> {
    let name = &was.key();
    let scaling = aws.autoscaling();
    for some in was.traffic_source.beyond(&it.traffic_source).chunks(AT_ONCE) {
        let call = scaling.detach_traffic_sources().auto_scaling_group_name(name);
        call.set_traffic_sources(sources(some)).send().await?;
        settled(aws, name).await?;
    }
    for some in it.traffic_source.beyond(&was.traffic_source).chunks(AT_ONCE) {
        let call = scaling.attach_traffic_sources().auto_scaling_group_name(name);
        call.set_traffic_sources(sources(some)).send().await?;
        settled(aws, name).await?;
    }
    for some in was.load_balancers.beyond(&it.load_balancers).chunks(AT_ONCE) {
        let call = scaling.detach_load_balancers().auto_scaling_group_name(name);
        call.set_load_balancer_names(Some(some.to_vec())).send().await?;
        settled(aws, name).await?;
    }
    for some in it.load_balancers.beyond(&was.load_balancers).chunks(AT_ONCE) {
        let call = scaling.attach_load_balancers().auto_scaling_group_name(name);
        call.set_load_balancer_names(Some(some.to_vec())).send().await?;
        settled(aws, name).await?;
    }
    for some in was.target_group_arns.beyond(&it.target_group_arns).chunks(AT_ONCE) {
        let call = scaling.detach_load_balancer_target_groups().auto_scaling_group_name(name);
        call.set_target_group_arns(Some(some.to_vec())).send().await?;
        settled(aws, name).await?;
    }
    for some in it.target_group_arns.beyond(&was.target_group_arns).chunks(AT_ONCE) {
        let call = scaling.attach_load_balancer_target_groups().auto_scaling_group_name(name);
        call.set_target_group_arns(Some(some.to_vec())).send().await?;
        settled(aws, name).await?;
    }
    Ok(())
}

fn sources(some: &[TrafficSource]) -> Option<Vec<sdk::TrafficSourceIdentifier>> {
    asked(&some.to_vec())
}

/// Waits until none is being attached or detached any more: instances go on being drained.
async fn settled(aws: &Aws, name: &str) -> Result<()> {
    until("attaching and detaching what sends traffic to the group", async || {
        let call = aws.autoscaling().describe_traffic_sources().auto_scaling_group_name(name);
        let pages: Vec<_> = call.into_paginator().send().try_collect().await?;
        let mut all = pages.iter().flat_map(|it| it.traffic_sources());
        Ok(!all.any(|it| matches!(it.state(), Some("Adding" | "Removing"))))
    })
    .await
}

async fn warm_pool(it: &Group, aws: &Aws, was: &Group) -> Result<()> {
    match (it.warm_pool.as_ref(), was.warm_pool.as_ref()) {
        (wanted, had) if wanted == had => Ok(()),
        (Some(wanted), _) => put_warm_pool(aws, &was.key(), wanted).await,
        (None, _) => remove::warm_pool(aws, &was.key(), *it.force_delete || *it.force_delete_warm_pool).await,
    }
}

async fn put_warm_pool(aws: &Aws, name: &str, it: &WarmPool) -> Result<()> {
    let call = aws.autoscaling().put_warm_pool().auto_scaling_group_name(name);
    call.set_max_group_prepared_capacity(i32::try_from(it.max_group_prepared_capacity).ok())
        .set_min_size(i32::try_from(it.min_size).ok())
        .pool_state(it.pool_state.as_str().into())
        .set_instance_reuse_policy(asked(&it.instance_reuse_policy))
        .send()
        .await?;
    Ok(())
}

async fn metrics(it: &Group, aws: &Aws, was: &Group) -> Result<()> {
    let (wanted, had) =
        (it.enabled_metrics.clone().unwrap_or_default(), was.enabled_metrics.clone().unwrap_or_default());
    let (fewer, more) = (had.beyond(&wanted), wanted.beyond(&had));
    if !fewer.is_empty() {
        let call = aws.autoscaling().disable_metrics_collection().auto_scaling_group_name(was.key());
        call.set_metrics(Some(fewer)).send().await?;
    }
    if !more.is_empty() {
        let call = aws.autoscaling().enable_metrics_collection().auto_scaling_group_name(was.key());
        call.granularity(&it.metrics_granularity).set_metrics(Some(more)).send().await?;
    }
    Ok(())
}

async fn processes(it: &Group, aws: &Aws, was: &Group) -> Result<()> {
    let (wanted, had) = (
        it.suspended_processes.clone().unwrap_or_default(),
        was.suspended_processes.clone().unwrap_or_default(),
    );
    let (fewer, more) = (had.beyond(&wanted), wanted.beyond(&had));
    if !fewer.is_empty() {
        let call = aws.autoscaling().resume_processes().auto_scaling_group_name(was.key());
        call.set_scaling_processes(Some(fewer)).send().await?;
    }
    if !more.is_empty() {
        let call = aws.autoscaling().suspend_processes().auto_scaling_group_name(was.key());
        call.set_scaling_processes(Some(more)).send().await?;
    }
    Ok(())
}
