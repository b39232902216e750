//! A table as DynamoDB describes it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, IndexStatus, PointInTimeRecoveryStatus, ReplicaStatus, SseDescription, SseStatus,
    TableDescription, TableStatus, TimeToLiveDescription, TimeToLiveStatus,
};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::indexes::{self, OnDemand};
use super::replicas::Replica;
use super::table::{Attribute, Encryption, Recovery, Table, Ttl};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// `None` where there is no such table.
pub async fn describe(client: &Client, name: &str) -> Result<Option<TableDescription>> {
    match client.describe_table().table_name(name).send().await.map_err(Error::from) {
        Ok(it) => Ok(it.table),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// Continuous backups; `None` where the region has none.
pub async fn recovery(client: &Client, name: &str) -> Result<Option<Recovery>> {
    let answer = match client.describe_continuous_backups().table_name(name).send().await.map_err(Error::from)
    {
        Ok(it) => it.continuous_backups_description,
        Err(it) if it.is_missing() || it.code() == Some("UnknownOperationException") => return Ok(None),
        Err(it) => return Err(it),
    };
    let ours = answer.and_then(|it| it.point_in_time_recovery_description).map(|it| Recovery {
        enabled: it.point_in_time_recovery_status == Some(PointInTimeRecoveryStatus::Enabled),
        recovery_period_in_days: seen(it.recovery_period_in_days.filter(|it| *it > 0)),
    });
    Ok(Some(ours.unwrap_or_default()))
}

pub(super) async fn ttl(client: &Client, name: &str) -> Result<Option<TimeToLiveDescription>> {
    match client.describe_time_to_live().table_name(name).send().await.map_err(Error::from) {
        Ok(it) => Ok(it.time_to_live_description),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// The table of that name. A refresh asks no more than its description; exact reads ask for the rest.
pub async fn table(aws: &Aws, name: &str) -> Result<Option<Live<Table>>> {
    let client = aws.dynamodb();
    let Some(mut it) = describe(client, name).await? else { return Ok(None) };
    let copies = replicas(aws, &mut it).await?;
    let mut status = status(&it);
    let (mut ttl_seen, mut recovery_seen) = (None, None);
    if aws.exact() && it.table_status != Some(TableStatus::Deleting) {
        let (expiry, backups) = futures::try_join!(ttl(client, name), recovery(client, name))?;
        let turning = expiry.as_ref().and_then(|it| it.time_to_live_status.clone());
        if let (Status::Ready, Some(TimeToLiveStatus::Enabling | TimeToLiveStatus::Disabling)) =
            (&status, turning)
        {
            status = Status::Pending("changing its time to live".into());
        }
        ttl_seen = Some(ttl_of(expiry));
        recovery_seen = backups;
    }
    let mut live = Live {
        key: name.to_owned(),
        status,
        tags: None,
        unread: if aws.exact() { &[] } else { &["ttl", "point_in_time_recovery"] },
        attributes: ours(it),
    };
    live.attributes.replica = Set(copies);
    live.attributes.ttl = Chosen(One(ttl_seen));
    live.attributes.point_in_time_recovery = Chosen(One(recovery_seen));
    Ok(Some(live))
}

async fn replicas(aws: &Aws, table: &mut TableDescription) -> Result<Vec<Replica>> {
    let all = table.replicas.take().unwrap_or_default();
    // DynamoDB may count the table itself among its replicas.
    let others = all.into_iter().filter(|it| it.region_name.as_deref() != Some(aws.region()));
    let (name, arn) = (table.table_name.as_deref().unwrap_or_default(), table.table_arn.as_deref());
    let each = stream::iter(others).map(|it| Replica::seen(aws, name, arn.unwrap_or_default(), it));
    each.buffered(4).try_collect().await
}

fn ttl_of(it: Option<TimeToLiveDescription>) -> Ttl {
    let on = |it: &TimeToLiveStatus| matches!(it, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling);
    let (status, attribute_name) =
        it.map(|it| (it.time_to_live_status, it.attribute_name)).unwrap_or_default();
    Ttl { attribute_name, enabled: status.as_ref().is_some_and(on) }
}

/// Whether the table and all that belongs to it can be used.
pub fn status(it: &TableDescription) -> Status {
    use TableStatus::*;
    match it.table_status.as_ref() {
        None | Some(Active) => {}
        Some(status @ (Creating | Updating | Deleting)) => {
            return Status::Pending(status.as_str().to_owned());
        }
        Some(status) => return Status::Failed(status.as_str().to_owned()),
    }
    for index in it.global_secondary_indexes.iter().flatten() {
        match index.index_status.as_ref() {
            None | Some(IndexStatus::Active) => {}
            Some(status) => {
                let name = index.index_name.as_deref().unwrap_or_default();
                return Status::Pending(format!("{} (index {name})", status.as_str()));
            }
        }
    }
    for replica in it.replicas.iter().flatten() {
        let region = replica.region_name.as_deref().unwrap_or_default();
        match replica.replica_status.as_ref() {
            None | Some(ReplicaStatus::Active) => {}
            Some(status @ ReplicaStatus::CreationFailed) => {
                return Status::Failed(format!("{} (replica in {region})", status.as_str()));
            }
            Some(status) => return Status::Pending(format!("{} (replica in {region})", status.as_str())),
        }
    }
    match it.sse_description.as_ref().and_then(|it| it.status.as_ref()) {
        Some(status @ (SseStatus::Enabling | SseStatus::Disabling | SseStatus::Updating)) => {
            Status::Pending(format!("{} (encryption)", status.as_str()))
        }
        _ => Status::Ready,
    }
}

fn encryption(it: SseDescription) -> Encryption {
    let enabled = matches!(it.status, Some(SseStatus::Enabled | SseStatus::Enabling | SseStatus::Updating));
    Encryption { enabled, kms_key_arn: Chosen(it.kms_master_key_arn) }
}

impl From<AttributeDefinition> for Attribute {
    fn from(it: AttributeDefinition) -> Self {
        Attribute { name: it.attribute_name, r#type: it.attribute_type.as_str().to_owned() }
    }
}

fn ours(it: TableDescription) -> Table {
    let (hash, range) = indexes::keys_seen(it.key_schema);
    let units = it.provisioned_throughput;
    let stream = it.stream_specification;
    let name: String = it.table_name.unwrap_or_default();
    let mode = it.billing_mode_summary.and_then(|it| it.billing_mode);
    let class = it.table_class_summary.and_then(|it| it.table_class);
    Table {
        hash_key: Chosen(Fixed(hash)),
        range_key: Fixed(range),
        attribute: Chosen(Set(it
            .attribute_definitions
            .unwrap_or_default()
            .into_iter()
            .map(Attribute::from)
            .collect())),
        billing_mode: mode.map_or_else(|| "PROVISIONED".into(), |it| it.as_str().to_owned()),
        read_capacity: seen(units.as_ref().and_then(|it| it.read_capacity_units)),
        write_capacity: seen(units.as_ref().and_then(|it| it.write_capacity_units)),
        on_demand_throughput: OnDemand::seen(it.on_demand_throughput),
        table_class: Some(class.map_or_else(|| "STANDARD".into(), |it| it.as_str().to_owned())),
        global_secondary_index: it
            .global_secondary_indexes
            .unwrap_or_default()
            .into_iter()
            .map(Into::into)
            .collect(),
        local_secondary_index: Fixed(
            it.local_secondary_indexes.unwrap_or_default().into_iter().map(Into::into).collect(),
        ),
        stream_enabled: Some(stream.as_ref().is_some_and(|it| it.stream_enabled)),
        stream_view_type: seen(stream.and_then(|it| it.stream_view_type)),
        ttl: Chosen::default(),
        point_in_time_recovery: Chosen::default(),
        server_side_encryption: Chosen(One(it.sse_description.map(encryption))),
        deletion_protection_enabled: Some(it.deletion_protection_enabled.unwrap_or_default()),
        replica: Set::default(),
        import_table: Fixed(Local(One(None))),
        restore_source_name: Local(Fixed(None)),
        restore_source_table_arn: Local(Fixed(None)),
        restore_date_time: Local(Fixed(None)),
        restore_to_latest_time: Local(Fixed(None)),
        timeouts: None,
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(name.clone()),
        name: Fixed(name),
        arn: seen(it.table_arn),
        stream_arn: Computed(it.latest_stream_arn.filter(|it| !it.is_empty())),
        stream_label: Computed(it.latest_stream_label.filter(|it| !it.is_empty())),
    }
}
