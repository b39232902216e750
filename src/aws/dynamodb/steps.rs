//! Changing a table: DynamoDB takes one kind of change a call, and the next one only when the
//! table is active again.

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    PointInTimeRecoverySpecification, SseSpecification, StreamSpecification, TimeToLiveSpecification,
};
use tokio::time::Instant;

use super::indexes::{self, OnDemand};
use super::table::{Recovery, Table, Ttl};
use super::{replicas, seen};
use crate::aws::shape::{built, sent};
use crate::aws::{Aws, Error, Result};
use crate::resource::{One, Op, Resource, Status, Until, passes};

/// How long one step may take: as long as a whole update.
const PATIENCE: Duration = Table::PATIENCE;

/// Does one step as soon as DynamoDB takes it.
pub async fn step(what: impl AsyncFn() -> Result<()>) -> Result<()> {
    let (end, mut pause) = (Instant::now() + PATIENCE, Duration::from_secs(1));
    loop {
        match what().await {
            Err(it) if passes::<Table>(Op::Update, &it) == Some(Until::Free) && Instant::now() < end => {}
            other => return other,
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(15));
    }
}

/// Waits until the table, its indexes and its replicas are active.
pub async fn settle(aws: &Aws, name: &str) -> Result<()> {
    let (end, mut pause) = (Instant::now() + PATIENCE, Duration::from_secs(1));
    loop {
        let Some(table) = seen::describe(aws.dynamodb(), name).await? else {
            let (code, message) = ("ResourceNotFoundException".into(), format!("table {name} is gone"));
            return Err(Error::Missing { code, message });
        };
        match seen::status(&table) {
            Status::Ready => return Ok(()),
            Status::Failed(why) => return Err(Error::Invalid(format!("table {name}: {why}"))),
            Status::Pending(what) if Instant::now() > end => {
                return Err(Error::Invalid(format!("table {name} is still {what} after an hour")));
            }
            Status::Pending(_) | Status::Leaving(_) => {}
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f32(1.5).min(Duration::from_secs(15));
    }
}

/// One `UpdateTable`, from being taken to being done.
pub async fn update_table(
    aws: &Aws,
    name: &str,
    with: impl Fn(UpdateTableFluentBuilder) -> UpdateTableFluentBuilder,
) -> Result<()> {
    step(async || {
        with(aws.dynamodb().update_table().table_name(name)).send().await?;
        Ok(())
    })
    .await?;
    settle(aws, name).await
}

pub async fn update(wanted: &Table, aws: &Aws, was: &Table) -> Result<()> {
    let name = wanted.name.as_str();
    let changes = indexes::changes(wanted, was)?;
    // Dropped first: a provisioned table needs rates of all its indexes.
    for it in changes.drop {
        update_table(aws, name, |call| call.global_secondary_index_updates(it.clone())).await?;
    }
    if wanted.class() != was.class() {
        update_table(aws, name, |call| call.table_class(wanted.class().into())).await?;
    }
    if wanted.streams() && was.streams() && wanted.stream_view_type != was.stream_view_type {
        // What a stream holds is settled when it begins.
        let off = built(StreamSpecification::builder().stream_enabled(false).build())?;
        update_table(aws, name, |call| call.stream_specification(off.clone())).await?;
    }
    change_rates(wanted, aws, was, changes.change).await?;
    let attributes = indexes::attributes(&wanted.attribute)?;
    for it in changes.build {
        let with = |call: UpdateTableFluentBuilder| call.set_attribute_definitions(Some(attributes.clone()));
        update_table(aws, name, |call| with(call).global_secondary_index_updates(it.clone())).await?;
    }
    change_encryption(wanted, aws, was).await?;
    if !same_ttl(&wanted.ttl, &was.ttl) {
        change_ttl(wanted, aws, was).await?;
    }
    if !same_recovery(&wanted.point_in_time_recovery, &was.point_in_time_recovery) {
        step(async || set_recovery(aws.dynamodb(), name, &wanted.point_in_time_recovery).await).await?;
    }
    replicas::update(wanted, aws, was).await
}

/// All that one call takes together.
async fn change_rates(
    wanted: &Table,
    aws: &Aws,
    was: &Table,
    indexes: Vec<aws_sdk_dynamodb::types::GlobalSecondaryIndexUpdate>,
) -> Result<()> {
    let rates = |it: &Table| (it.billing_mode.clone(), *it.read_capacity, *it.write_capacity);
    let rated = wanted.billing_mode != was.billing_mode
        || (wanted.billing_mode == "PROVISIONED" && rates(wanted) != rates(was));
    let on_demand = wanted.on_demand_throughput != was.on_demand_throughput;
    let guarded = wanted.guarded() != was.guarded();
    let streamed = wanted.streams() != was.streams()
        || (wanted.streams() && wanted.stream_view_type != was.stream_view_type);
    if !(rated || on_demand || guarded || streamed || !indexes.is_empty()) {
        return Ok(());
    }
    let provisioned = if rated { wanted.rates()? } else { None };
    let stream = if streamed { Some(wanted.stream()?) } else { None };
    let most = on_demand.then(|| wanted.on_demand_throughput.as_ref().map(OnDemand::sent)).flatten();
    update_table(aws, &wanted.name, |call| {
        call.set_billing_mode(rated.then(|| wanted.billing_mode.as_str().into()))
            .set_provisioned_throughput(provisioned.clone())
            .set_on_demand_throughput(most.clone())
            .set_stream_specification(stream.clone())
            .set_deletion_protection_enabled(guarded.then_some(wanted.guarded()))
            .set_global_secondary_index_updates((!indexes.is_empty()).then(|| indexes.clone()))
    })
    .await
}

async fn change_encryption(wanted: &Table, aws: &Aws, was: &Table) -> Result<()> {
    let enabled = |it: &Table| it.server_side_encryption.as_ref().is_some_and(|it| it.enabled);
    let same = wanted.server_side_encryption == was.server_side_encryption;
    if same || !(enabled(wanted) || enabled(was)) {
        return Ok(());
    }
    let spec = wanted.encryption().unwrap_or_else(|| SseSpecification::builder().enabled(false).build());
    // Replicas change their keys together with the table.
    let keys = replicas::keys(wanted)?;
    let keys = (spec.kms_master_key_id.is_some() && !keys.is_empty()).then_some(keys);
    let with = |call: UpdateTableFluentBuilder| call.set_replica_updates(keys.clone());
    update_table(aws, &wanted.name, |call| with(call).sse_specification(spec.clone())).await
}

fn same_ttl(wanted: &One<Ttl>, was: &One<Ttl>) -> bool {
    let on = |it: &One<Ttl>| it.0.clone().filter(|it| it.enabled).map(|it| it.attribute_name);
    on(wanted) == on(was)
}

async fn change_ttl(wanted: &Table, aws: &Aws, was: &Table) -> Result<()> {
    let enabled = wanted.ttl.as_ref().is_some_and(|it| it.enabled);
    let name =
        |it: &Table| it.ttl.as_ref().and_then(|it| it.attribute_name.clone()).filter(|it| !it.is_empty());
    // What is turned off is what was on.
    let attribute = if enabled { name(wanted) } else { name(was).or(name(wanted)) };
    let spec = TimeToLiveSpecification::builder().enabled(enabled).set_attribute_name(attribute);
    let spec = built(spec.build())?;
    step(async || {
        let call = aws.dynamodb().update_time_to_live().table_name(&**wanted.name);
        call.time_to_live_specification(spec.clone()).send().await?;
        Ok(())
    })
    .await
}

fn same_recovery(wanted: &One<Recovery>, was: &One<Recovery>) -> bool {
    let on = |it: &One<Recovery>| it.0.clone().filter(|it| it.enabled);
    match (on(wanted), on(was)) {
        (Some(wanted), Some(was)) => {
            let days = period(&wanted);
            days.is_none() || days == period(&was)
        }
        (wanted, was) => wanted.is_some() == was.is_some(),
    }
}

/// The days that are asked for: a table without backups was read with none, which is not to be sent.
fn period(it: &Recovery) -> Option<i64> {
    it.recovery_period_in_days.filter(|it| *it > 0)
}

pub async fn set_recovery(
    client: &aws_sdk_dynamodb::Client,
    name: &str,
    wanted: &One<Recovery>,
) -> Result<()> {
    let on = wanted.as_ref().filter(|it| it.enabled);
    let spec = PointInTimeRecoverySpecification::builder()
        .point_in_time_recovery_enabled(on.is_some())
        .set_recovery_period_in_days(on.and_then(|it| sent(&period(it))));
    let call = client.update_continuous_backups().table_name(name);
    call.point_in_time_recovery_specification(built(spec.build())?).send().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Chosen;

    #[test]
    fn a_period_of_no_days_is_none() {
        let of = |days| period(&Recovery { enabled: true, recovery_period_in_days: Chosen(days) });
        assert_eq!([of(None), of(Some(0)), of(Some(7))], [None, None, Some(7)]);
    }
}
