use std::time::Duration;

use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::indexes::{GlobalIndex, LocalIndex, OnDemand};
use super::replicas::Replica;
use super::{DYNAMODB, create, indexes, replicas, seen, steps};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::{Type, Value};
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// A table of items found by a key.
///
/// A plan asks DynamoDB one question a table and leaves time to live and point-in-time recovery
/// as the state has them; `apply` and drift checks that ask each service itself do look at them.
///
/// ```toml
/// [aws_dynamodb_table.orders]
/// name = "orders"
/// billing_mode = "PAY_PER_REQUEST"
/// hash_key = "customer"
/// range_key = "placed"
/// attribute = [{ name = "customer", type = "S" }, { name = "placed", type = "N" }]
/// ttl = { attribute_name = "expires", enabled = true }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Unique in the account and region.
    pub name: Fixed<String>,
    /// The attribute whose hash says where an item is kept.
    pub hash_key: Chosen<Fixed<Option<String>>>,
    /// The attribute that sorts items of one hash key.
    pub range_key: Fixed<Option<String>>,
    /// Types of the attributes that keys and indexes use.
    pub attribute: Chosen<Set<Attribute>>,
    /// `PROVISIONED` or `PAY_PER_REQUEST`.
    #[serde(default = "provisioned")]
    #[schemars(extend("enum" = ["PROVISIONED", "PAY_PER_REQUEST"]))]
    pub billing_mode: String,
    /// Reads a second, where provisioned.
    pub read_capacity: Chosen<Option<i64>>,
    /// Writes a second, where provisioned.
    pub write_capacity: Chosen<Option<i64>>,
    /// The most that is served, where paid per request.
    pub on_demand_throughput: Usual<One<OnDemand>>,
    /// `STANDARD`, or `STANDARD_INFREQUENT_ACCESS` where storage costs more than requests.
    #[serde(default = "standard")]
    #[schemars(extend("enum" = ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]))]
    pub table_class: Option<String>,
    /// Other keys to find items by. DynamoDB builds and drops one at a time.
    #[serde(default)]
    pub global_secondary_index: Set<GlobalIndex>,
    /// Other orders of items of one hash key.
    #[serde(default)]
    pub local_secondary_index: Fixed<Set<LocalIndex>>,
    /// Report changes of items.
    pub stream_enabled: Option<bool>,
    /// What a reported change holds; required where `stream_enabled`.
    #[schemars(extend("enum" = ["", "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]))]
    pub stream_view_type: Chosen<Option<String>>,
    /// Remove items after the time that one of their attributes holds.
    pub ttl: Chosen<One<Ttl>>,
    /// Continuous backups.
    pub point_in_time_recovery: Chosen<One<Recovery>>,
    /// Encrypt with a key in KMS instead of one that DynamoDB owns.
    pub server_side_encryption: Chosen<One<Encryption>>,
    /// Refuse to delete the table.
    pub deletion_protection_enabled: Option<bool>,
    /// The same table in other regions (global tables, version 2019.11.21).
    #[serde(default)]
    pub replica: Set<Replica>,
    /// Fill the new table from files in S3.
    #[serde(default)]
    pub import_table: Fixed<Local<One<Import>>>,
    /// Make the table from the backups of this one, in the same account and region.
    pub restore_source_name: Local<Fixed<Option<String>>>,
    /// Make the table from the backups of the one with this ARN.
    pub restore_source_table_arn: Local<Fixed<Option<String>>>,
    /// Restore as of this time, such as `2026-01-31T12:00:00Z`.
    #[schemars(regex(pattern = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"))]
    pub restore_date_time: Local<Fixed<Option<String>>>,
    /// Restore as of the latest time possible.
    pub restore_to_latest_time: Local<Fixed<Option<bool>>>,
    pub timeouts: Option<Timeouts>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The table's name.
    pub id: Computed<String>,
    /// The table's ARN.
    pub arn: Computed<String>,
    /// The ARN of the latest stream.
    pub stream_arn: Computed<Option<String>>,
    /// The time the latest stream began.
    pub stream_label: Computed<Option<String>>,
}

/// An attribute that a key or index uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// The attribute's name.
    pub name: String,
    /// `S` for text, `N` for numbers, `B` for bytes.
    #[schemars(extend("enum" = ["S", "N", "B"]))]
    pub r#type: String,
}

/// When items expire.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ttl {
    /// The attribute that holds the time, in seconds since 1970.
    pub attribute_name: Option<String>,
    /// Whether items expire.
    #[serde(default)]
    pub enabled: bool,
}

/// Continuous backups.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Whether to keep backups.
    pub enabled: bool,
    /// For how long they are kept.
    #[schemars(range(min = 1, max = 35))]
    pub recovery_period_in_days: Chosen<Option<i64>>,
}

/// Encryption with a key in KMS.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// Whether to use KMS.
    pub enabled: bool,
    /// Which key; `alias/aws/dynamodb` where none is given.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub kms_key_arn: Chosen<Option<String>>,
}

/// Where a new table's items come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// `CSV`, `DYNAMODB_JSON` or `ION`.
    #[schemars(extend("enum" = ["CSV", "DYNAMODB_JSON", "ION"]))]
    pub input_format: String,
    /// `GZIP`, `ZSTD` or `NONE`.
    #[schemars(extend("enum" = ["GZIP", "ZSTD", "NONE"]))]
    pub input_compression_type: Option<String>,
    /// Details of the format.
    #[serde(default)]
    pub input_format_options: One<ImportOptions>,
    /// The files.
    #[schemars(length(min = 1, max = 1))]
    #[serde(default)]
    pub s3_bucket_source: One<ImportSource>,
}

/// Details of a format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportOptions {
    /// For `CSV`.
    #[serde(default)]
    pub csv: One<Csv>,
}

/// How the lines of a CSV file read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Csv {
    /// What separates fields; a comma where none is given.
    pub delimiter: Option<String>,
    /// The columns, where the first line does not name them.
    #[serde(default)]
    pub header_list: Set<String>,
}

/// Files in a bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSource {
    /// The bucket's name.
    pub bucket: String,
    /// The account that owns the bucket.
    pub bucket_owner: Option<String>,
    /// What the names of the files begin with.
    pub key_prefix: Option<String>,
}

fn provisioned() -> String {
    "PROVISIONED".into()
}

impl Table {
    /// Whether changes are reported.
    pub(super) fn streams(&self) -> bool {
        self.stream_enabled.unwrap_or_default()
    }
    /// The class of storage, said or not.
    pub(super) fn class(&self) -> &str {
        self.table_class.as_deref().unwrap_or("STANDARD")
    }
    /// Whether a delete is refused.
    pub(super) fn guarded(&self) -> bool {
        self.deletion_protection_enabled.unwrap_or_default()
    }
}

fn standard() -> Option<String> {
    Some("STANDARD".into())
}

impl Resource for Table {
    const TYPE: &'static str = "aws_dynamodb_table";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["orders"];
    const TAGS: TagApi = TagApi::Dynamodb;
    const READS: Reads = Reads::of(&[Cost::each("dynamodb:DescribeTable")], "a call describes one table");
    const PATIENCE: Duration = Duration::from_secs(3600);
    const DELETE_PATIENCE: Duration = Duration::from_secs(600);
    const PASSING: &'static [&'static [Passing]] = &[DYNAMODB];
    const CREATE_SECONDS: u32 = 10;
    const MAY_LAG: bool = true; // the tags
    type Key = String;

    fn key(&self) -> String {
        self.name.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let each = stream::iter(names).map(|name| seen::table(aws, name));
        each.buffer_unordered(50).try_filter_map(async |it| Ok(it)).try_collect().await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        create::create(self, aws, new).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        steps::update(self, aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        replicas::remove(aws, &self.name, self.replica.iter().map(|it| it.region_name.as_str())).await?;
        aws.dynamodb().delete_table().table_name(self.key()).send().await?;
        Ok(())
    }

    // No client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let found = seen::describe(aws.dynamodb(), &self.name).await?;
        let ours = found.filter(|it| new.may_have_made(it.creation_date_time.map(|it| it.secs())));
        Ok(ours.and_then(|it| it.table_name))
    }

    // Off and absent are the same, and AWS forgets the details of what is off.
    fn as_kept(mut self, kept: &Self) -> Self {
        let off = |it: &One<Ttl>| it.as_ref().is_none_or(|it| !it.enabled);
        if off(&self.ttl) && off(&kept.ttl) && kept.ttl.is_some() {
            self.ttl = kept.ttl.clone();
        }
        let off = |it: &One<Recovery>| it.as_ref().is_none_or(|it| !it.enabled);
        if off(&self.point_in_time_recovery) && off(&kept.point_in_time_recovery) {
            let kept = kept.point_in_time_recovery.clone();
            self.point_in_time_recovery = if kept.is_some() { kept } else { self.point_in_time_recovery };
        }
        let off = |it: &One<Encryption>| it.as_ref().is_none_or(|it| !it.enabled);
        if off(&self.server_side_encryption) && off(&kept.server_side_encryption) {
            self.server_side_encryption = kept.server_side_encryption.clone();
        }
        for it in &mut self.replica.0 {
            let kept = kept.replica.iter().find(|kept| kept.region_name == it.region_name);
            it.propagate_tags = kept.is_some_and(|it| *it.propagate_tags).into();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        indexes::adjust(plan);
        // What every new table is goes without saying.
        if plan.was.is_none() && plan.will("table_class").and_then(|it| it.as_str()) == Some("STANDARD") {
            plan.set("table_class", Value::null(Type::String));
        }
        let enabled = plan.config("stream_enabled").and_then(|it| it.as_bool()) == Some(true);
        if enabled && plan.config("stream_view_type").is_none() {
            plan.error("stream_enabled", "a stream needs `stream_view_type`");
        }
        let ttl = plan.config("ttl").and_then(|it| it.as_items()).and_then(|it| it.first());
        let nameless = ttl.filter(|it| it.get("enabled").and_then(|it| it.as_bool()) == Some(true));
        if nameless.and_then(|it| it.get("attribute_name")).is_some_and(is_nothing) {
            plan.error("ttl", "items expire by an attribute: say `attribute_name`");
        }
        let restored = ["restore_source_name", "restore_source_table_arn"];
        plan.at_most_one(&restored);
        if plan.config("import_table").and_then(|it| it.as_items()).is_some_and(|it| !it.is_empty())
            && restored.iter().any(|it| plan.config(it).is_some())
        {
            plan.error("import_table", "a table is either imported or restored");
        }
        for name in ["server_side_encryption", "point_in_time_recovery"] {
            let stays = plan.change(name).filter(|it| is_off(it.0) && is_off(it.1)).map(|it| it.0.clone());
            if let Some(it) = stays {
                plan.set(name, it);
            }
        }
        if plan.change("stream_enabled").is_some() || plan.change("stream_view_type").is_some() {
            plan.set_unknown("stream_arn");
            plan.set_unknown("stream_label");
        }
    }

    async fn blockers(&self, _aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        let said = error.message().to_lowercase().replace(' ', "");
        let guarded = op == Op::Delete && said.contains("deletionprotection");
        let help = "set `deletion_protection_enabled = false` and apply that before it is removed";
        Ok(if guarded { Blockers::default().help(help) } else { Blockers::default() })
    }
}

/// A block that turns something off is as good as none.
fn is_off(blocks: &Value) -> bool {
    let first = blocks.as_items().and_then(|it| it.first());
    let enabled = first.and_then(|it| it.get("enabled"));
    !blocks.is_unknown() && enabled.is_none_or(|it| it.as_bool() == Some(false))
}
