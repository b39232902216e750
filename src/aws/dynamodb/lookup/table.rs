use aws_sdk_dynamodb::types::{
    GlobalSecondaryIndexDescription, OnDemandThroughput, ReplicaDescription, SseDescription, SseStatus,
    TableDescription, TimeToLiveDescription, TimeToLiveStatus,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::dynamodb::indexes::{LocalIndex, OnDemand, keys_seen};
use crate::aws::dynamodb::table::{Attribute, Recovery, Ttl};
use crate::aws::dynamodb::{seen as answers, tags_of};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A table that is there already.
///
/// ```toml
/// [data.aws_dynamodb_table.orders]
/// name = "orders"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Encryption with a key in KMS; nothing where DynamoDB's own key does it.
    pub server_side_encryption: Chosen<One<Encryption>>,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// The table's name.
    pub id: Computed<String>,
    /// The table's ARN.
    pub arn: Computed<String>,
    /// Types of the attributes that keys and indexes use.
    pub attribute: Computed<Set<Attribute>>,
    /// `PROVISIONED` or `PAY_PER_REQUEST`.
    pub billing_mode: Computed<String>,
    /// Whether a delete of the table is refused.
    pub deletion_protection_enabled: Computed<Option<bool>>,
    /// Other keys to find items by.
    pub global_secondary_index: Computed<Set<GlobalIndex>>,
    /// The attribute whose hash says where an item is kept.
    pub hash_key: Computed<Option<String>>,
    /// Other orders of items of one hash key.
    pub local_secondary_index: Computed<Set<LocalIndex>>,
    /// The most that is served, where paid per request.
    pub on_demand_throughput: Computed<Vec<OnDemand>>,
    /// Continuous backups.
    pub point_in_time_recovery: Computed<Vec<Recovery>>,
    /// The attribute that sorts items of one hash key.
    pub range_key: Computed<Option<String>>,
    /// Reads a second, where provisioned.
    pub read_capacity: Computed<Option<i64>>,
    /// The same table in other regions.
    pub replica: Computed<Set<Replica>>,
    /// The ARN of the latest stream.
    pub stream_arn: Computed<Option<String>>,
    /// Whether changes of items are reported.
    pub stream_enabled: Computed<bool>,
    /// The time the latest stream began.
    pub stream_label: Computed<Option<String>>,
    /// What a reported change holds.
    pub stream_view_type: Computed<Option<String>>,
    /// `STANDARD` or `STANDARD_INFREQUENT_ACCESS`.
    pub table_class: Computed<String>,
    /// When items expire.
    pub ttl: Computed<Set<Ttl>>,
    /// Writes a second, where provisioned.
    pub write_capacity: Computed<Option<i64>>,
}

/// Encryption with a key in KMS.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// Whether KMS is used.
    pub enabled: Computed<bool>,
    /// The key's ARN.
    pub kms_key_arn: Computed<String>,
}

/// Another key to find items by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlobalIndex {
    /// The index's name.
    pub name: Option<String>,
    /// The attribute that items are found by.
    pub hash_key: Option<String>,
    /// The attribute that sorts them.
    pub range_key: Option<String>,
    /// What the index holds: `ALL`, `KEYS_ONLY`, or `INCLUDE` for `non_key_attributes` too.
    pub projection_type: Option<String>,
    /// What it holds besides keys.
    pub non_key_attributes: Vec<String>,
    /// Reads a second, where provisioned.
    pub read_capacity: Option<i64>,
    /// Writes a second, where provisioned.
    pub write_capacity: Option<i64>,
    /// The most that is served, where paid per request.
    #[schemars(extend("x-attribute" = true))]
    pub on_demand_throughput: Vec<OnDemand>,
}

/// The same table in another region.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replica {
    /// The region.
    pub region_name: Option<String>,
    /// The key that encrypts the copy; nothing where that is DynamoDB's own.
    pub kms_key_arn: Option<String>,
}

impl DataSource for Table {
    const TYPE: &'static str = "aws_dynamodb_table";
    const READS: Reads = Reads::of(
        &[
            Cost::each("dynamodb:DescribeTable"),
            Cost::each("dynamodb:DescribeContinuousBackups"),
            Cost::each("dynamodb:DescribeTimeToLive"),
            Cost::each("dynamodb:ListTagsOfResource"),
        ],
        "its backups, the expiry of its items and its labels have a call each",
    );
    const UNSET: &'static [&'static str] = &["range_key"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let (client, name) = (aws.dynamodb(), self.name.as_str());
        let missing = || Error::Invalid(format!("there is no table `{name}` in this region"));
        let it = answers::describe(client, name).await?.ok_or_else(missing)?;
        let arn = it.table_arn.clone().unwrap_or_default();
        let (backups, expiry, tags) = futures::try_join!(
            answers::recovery(client, name),
            answers::ttl(client, name),
            tags_of(aws, &arn)
        )?;
        Ok(Table {
            tags: Chosen(tags.unwrap_or_default()),
            arn: arn.into(),
            point_in_time_recovery: vec![kept(backups)].into(),
            ttl: Computed(Set(vec![expiring(expiry)])),
            ..self.told(it)
        })
    }
}

impl Table {
    fn told(self, it: TableDescription) -> Self {
        let (hash, range) = keys_seen(it.key_schema);
        let units = it.provisioned_throughput;
        let stream = it.stream_specification;
        let mode = it.billing_mode_summary.and_then(|it| it.billing_mode);
        let class = it.table_class_summary.and_then(|it| it.table_class);
        Table {
            server_side_encryption: Chosen(One(it.sse_description.map(Encryption::from))),
            id: seen(it.table_name),
            attribute: each(it.attribute_definitions),
            billing_mode: mode.map_or_else(|| "PROVISIONED".to_owned(), |it| it.as_str().to_owned()).into(),
            deletion_protection_enabled: it.deletion_protection_enabled.into(),
            global_secondary_index: each(it.global_secondary_indexes),
            hash_key: hash.into(),
            local_secondary_index: each(it.local_secondary_indexes),
            on_demand_throughput: Computed(limits(it.on_demand_throughput)),
            range_key: range.into(),
            read_capacity: units.as_ref().and_then(|it| it.read_capacity_units).into(),
            replica: each(it.replicas),
            stream_arn: it.latest_stream_arn.into(),
            stream_enabled: stream.as_ref().is_some_and(|it| it.stream_enabled).into(),
            stream_label: it.latest_stream_label.into(),
            stream_view_type: seen(stream.and_then(|it| it.stream_view_type)),
            table_class: class.map_or_else(|| "STANDARD".to_owned(), |it| it.as_str().to_owned()).into(),
            write_capacity: units.and_then(|it| it.write_capacity_units).into(),
            ..self
        }
    }
}

fn each<A, B: From<A>>(all: Option<Vec<A>>) -> Computed<Set<B>> {
    Computed(all.unwrap_or_default().into_iter().map(B::from).collect())
}

fn limits(it: Option<OnDemandThroughput>) -> Vec<OnDemand> {
    OnDemand::seen(it).0.0.into_iter().collect()
}

impl From<SseDescription> for Encryption {
    fn from(it: SseDescription) -> Self {
        Encryption {
            enabled: Computed(it.status == Some(SseStatus::Enabled)),
            kms_key_arn: seen(it.kms_master_key_arn),
        }
    }
}

impl From<GlobalSecondaryIndexDescription> for GlobalIndex {
    fn from(it: GlobalSecondaryIndexDescription) -> Self {
        let (hash_key, range_key) = keys_seen(it.key_schema);
        let (kind, attributes) = it.projection.map(|it| (it.projection_type, it.non_key_attributes)).unzip();
        let units = it.provisioned_throughput;
        GlobalIndex {
            name: it.index_name,
            hash_key,
            range_key,
            projection_type: seen(kind.flatten()),
            non_key_attributes: attributes.flatten().unwrap_or_default(),
            read_capacity: units.as_ref().and_then(|it| it.read_capacity_units),
            write_capacity: units.and_then(|it| it.write_capacity_units),
            on_demand_throughput: limits(it.on_demand_throughput),
        }
    }
}

impl From<ReplicaDescription> for Replica {
    fn from(it: ReplicaDescription) -> Self {
        Replica { region_name: it.region_name, kms_key_arn: it.kms_master_key_id }
    }
}

/// For how long backups are kept is told where there are any.
fn kept(it: Option<Recovery>) -> Recovery {
    it.filter(|it| it.enabled).unwrap_or_default()
}

fn expiring(it: Option<TimeToLiveDescription>) -> Ttl {
    let (status, attribute_name) =
        it.map(|it| (it.time_to_live_status, it.attribute_name)).unwrap_or_default();
    Ttl { attribute_name, enabled: status == Some(TimeToLiveStatus::Enabled) }
}
