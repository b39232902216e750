//! Keys and indexes of a table.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction,
    GlobalSecondaryIndex, GlobalSecondaryIndexDescription, GlobalSecondaryIndexUpdate, KeySchemaElement,
    KeyType, LocalSecondaryIndex, LocalSecondaryIndexDescription, OnDemandThroughput, Projection,
    ProvisionedThroughput, UpdateGlobalSecondaryIndexAction,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::table::{Attribute, Table};
use crate::aws::Result;
use crate::aws::shape::{built, seen};
use crate::lang::{Kind, Type, Value};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Another key to find items by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlobalIndex {
    /// The index's name.
    pub name: String,
    /// The attribute that items are found by.
    pub hash_key: String,
    /// The attribute that sorts them.
    pub range_key: Option<String>,
    /// What the index holds: `ALL`, `KEYS_ONLY`, or `INCLUDE` for `non_key_attributes` too.
    #[schemars(extend("enum" = ["ALL", "INCLUDE", "KEYS_ONLY"]))]
    pub projection_type: String,
    /// What it holds besides keys.
    #[serde(default)]
    pub non_key_attributes: Set<String>,
    /// Reads a second, where provisioned.
    pub read_capacity: Chosen<Option<i64>>,
    /// Writes a second, where provisioned.
    pub write_capacity: Chosen<Option<i64>>,
    /// The most that is served, where paid per request.
    pub on_demand_throughput: Usual<One<OnDemand>>,
}

/// Another order of items of one hash key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalIndex {
    /// The index's name.
    pub name: String,
    /// The attribute that sorts.
    pub range_key: String,
    /// What the index holds: `ALL`, `KEYS_ONLY`, or `INCLUDE` for `non_key_attributes` too.
    #[schemars(extend("enum" = ["ALL", "INCLUDE", "KEYS_ONLY"]))]
    pub projection_type: String,
    /// What it holds besides keys.
    #[serde(default)]
    pub non_key_attributes: Vec<String>,
}

/// The most that is served, where paid per request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnDemand {
    /// Reads a second; -1 for no limit.
    pub max_read_request_units: Chosen<Option<i64>>,
    /// Writes a second; -1 for no limit.
    pub max_write_request_units: Chosen<Option<i64>>,
}

impl OnDemand {
    pub fn sent(&self) -> OnDemandThroughput {
        OnDemandThroughput::builder()
            .set_max_read_request_units(*self.max_read_request_units)
            .set_max_write_request_units(*self.max_write_request_units)
            .build()
    }

    pub fn seen(it: Option<OnDemandThroughput>) -> Usual<One<OnDemand>> {
        let ours = |it: OnDemandThroughput| OnDemand {
            max_read_request_units: Chosen(it.max_read_request_units),
            max_write_request_units: Chosen(it.max_write_request_units),
        };
        Usual(One(it.map(ours)))
    }
}

pub fn keys(hash: &str, range: Option<&str>) -> Result<Vec<KeySchemaElement>> {
    let key =
        |name: &str, kind| built(KeySchemaElement::builder().attribute_name(name).key_type(kind).build());
    let range = range.filter(|it| !it.is_empty()).map(|it| key(it, KeyType::Range));
    std::iter::once(key(hash, KeyType::Hash)).chain(range).collect()
}

/// Hash key and range key.
pub fn keys_seen(answer: Option<Vec<KeySchemaElement>>) -> (Option<String>, Option<String>) {
    let all = answer.unwrap_or_default();
    let of = |kind| all.iter().find(|it| it.key_type == kind).map(|it| it.attribute_name.clone());
    (of(KeyType::Hash), of(KeyType::Range))
}

pub fn attributes(all: &[Attribute]) -> Result<Vec<AttributeDefinition>> {
    let one = |it: &Attribute| {
        let kind = it.r#type.as_str().into();
        built(AttributeDefinition::builder().attribute_name(&it.name).attribute_type(kind).build())
    };
    all.iter().map(one).collect()
}

/// Nothing where paid per request.
pub fn throughput(
    mode: &str,
    read: Option<i64>,
    write: Option<i64>,
) -> Result<Option<ProvisionedThroughput>> {
    if mode == "PAY_PER_REQUEST" {
        return Ok(None);
    }
    let units = ProvisionedThroughput::builder()
        .read_capacity_units(read.unwrap_or_default())
        .write_capacity_units(write.unwrap_or_default());
    built(units.build()).map(Some)
}

fn projection(kind: &str, attributes: &[String]) -> Projection {
    let attributes = (!attributes.is_empty()).then(|| attributes.to_vec());
    Projection::builder().projection_type(kind.into()).set_non_key_attributes(attributes).build()
}

impl LocalIndex {
    pub fn sent(&self, hash: &str) -> Result<LocalSecondaryIndex> {
        let index = LocalSecondaryIndex::builder()
            .index_name(&self.name)
            .set_key_schema(Some(keys(hash, Some(&self.range_key))?))
            .projection(projection(&self.projection_type, &self.non_key_attributes));
        built(index.build())
    }
}

impl From<LocalSecondaryIndexDescription> for LocalIndex {
    fn from(it: LocalSecondaryIndexDescription) -> Self {
        let (kind, attributes) = it.projection.map(|it| (it.projection_type, it.non_key_attributes)).unzip();
        LocalIndex {
            name: seen(it.index_name),
            range_key: keys_seen(it.key_schema).1.unwrap_or_default(),
            projection_type: seen(kind.flatten()),
            non_key_attributes: attributes.flatten().unwrap_or_default(),
        }
    }
}

impl GlobalIndex {
    pub fn sent(&self, mode: &str) -> Result<GlobalSecondaryIndex> {
        let index = GlobalSecondaryIndex::builder()
            .index_name(&self.name)
            .set_key_schema(Some(keys(&self.hash_key, self.range_key.as_deref())?))
            .projection(projection(&self.projection_type, &self.non_key_attributes))
            .set_provisioned_throughput(throughput(mode, *self.read_capacity, *self.write_capacity)?)
            .set_on_demand_throughput(self.on_demand_throughput.as_ref().map(OnDemand::sent));
        built(index.build())
    }

    fn creation(&self, mode: &str) -> Result<GlobalSecondaryIndexUpdate> {
        let it = self.sent(mode)?;
        let create = CreateGlobalSecondaryIndexAction::builder()
            .index_name(it.index_name)
            .set_key_schema(Some(it.key_schema))
            .set_projection(it.projection)
            .set_provisioned_throughput(it.provisioned_throughput)
            .set_on_demand_throughput(it.on_demand_throughput);
        Ok(GlobalSecondaryIndexUpdate::builder().create(built(create.build())?).build())
    }

    fn change(&self, mode: &str) -> Result<GlobalSecondaryIndexUpdate> {
        let it = self.sent(mode)?;
        let update = UpdateGlobalSecondaryIndexAction::builder()
            .index_name(it.index_name)
            .set_provisioned_throughput(it.provisioned_throughput)
            .set_on_demand_throughput(it.on_demand_throughput);
        Ok(GlobalSecondaryIndexUpdate::builder().update(built(update.build())?).build())
    }

    /// The rest of an index never changes.
    fn same_build(&self, other: &GlobalIndex) -> bool {
        let range = |it: &GlobalIndex| it.range_key.clone().filter(|it| !it.is_empty());
        self.hash_key == other.hash_key
            && range(self) == range(other)
            && self.projection_type == other.projection_type
            && self.non_key_attributes == other.non_key_attributes
    }

    fn same_rate(&self, other: &GlobalIndex, mode: &str) -> bool {
        if mode == "PAY_PER_REQUEST" {
            return self.on_demand_throughput == other.on_demand_throughput;
        }
        (*self.read_capacity, *self.write_capacity) == (*other.read_capacity, *other.write_capacity)
    }
}

impl From<GlobalSecondaryIndexDescription> for GlobalIndex {
    fn from(it: GlobalSecondaryIndexDescription) -> Self {
        let (hash, range) = keys_seen(it.key_schema);
        let (kind, attributes) = it.projection.map(|it| (it.projection_type, it.non_key_attributes)).unzip();
        let units = it.provisioned_throughput;
        GlobalIndex {
            name: seen(it.index_name),
            hash_key: hash.unwrap_or_default(),
            range_key: range,
            projection_type: seen(kind.flatten()),
            non_key_attributes: Set(attributes.flatten().unwrap_or_default()),
            read_capacity: seen(units.as_ref().and_then(|it| it.read_capacity_units)),
            write_capacity: seen(units.as_ref().and_then(|it| it.write_capacity_units)),
            on_demand_throughput: OnDemand::seen(it.on_demand_throughput),
        }
    }
}

/// What to do to global indexes, each list in turn.
#[derive(Default)]
pub struct Changes {
    /// One call each.
    pub drop: Vec<GlobalSecondaryIndexUpdate>,
    /// Together with the table's own rates.
    pub change: Vec<GlobalSecondaryIndexUpdate>,
    /// One call each.
    pub build: Vec<GlobalSecondaryIndexUpdate>,
}

pub fn changes(wanted: &Table, was: &Table) -> Result<Changes> {
    let mode = wanted.billing_mode.as_str();
    let mut out = Changes::default();
    for it in was.global_secondary_index.iter() {
        let same = wanted.global_secondary_index.iter().find(|new| new.name == it.name);
        if same.is_none_or(|new| !new.same_build(it)) {
            let drop = built(DeleteGlobalSecondaryIndexAction::builder().index_name(&it.name).build())?;
            out.drop.push(GlobalSecondaryIndexUpdate::builder().delete(drop).build());
        }
    }
    for it in wanted.global_secondary_index.iter() {
        match was.global_secondary_index.iter().find(|old| old.name == it.name) {
            Some(old) if it.same_build(old) => {
                if !it.same_rate(old, mode) {
                    out.change.push(it.change(mode)?);
                }
            }
            _ => out.build.push(it.creation(mode)?),
        }
    }
    Ok(out)
}

/// Every declared attribute is part of a key, and every key's attribute is declared.
pub fn adjust(plan: &mut Adjust) {
    spell_out(plan);
    let config = &plan.config;
    let blocks = |name: &str| config.get(name).and_then(Value::as_items).unwrap_or_default();
    let names = ["attribute", "hash_key", "range_key", "global_secondary_index", "local_secondary_index"];
    if names.iter().any(|it| config.get(it).is_some_and(|it| !it.wholly_known())) {
        return;
    }
    let text = |it: &Value, name: &str| it.get(name).and_then(Value::as_str).map(str::to_owned);
    let declared = blocks("attribute").iter().filter_map(|it| text(it, "name")).collect::<BTreeSet<_>>();
    let indexes = || blocks("global_secondary_index").iter().chain(blocks("local_secondary_index"));
    let keys = std::iter::once(config).chain(indexes());
    let keys = keys.flat_map(|it| [text(it, "hash_key"), text(it, "range_key")]).flatten();
    let used = keys.filter(|it| !it.is_empty()).collect::<BTreeSet<_>>();
    let list = |all: Vec<String>| all.join("`, `");
    let idle = declared.difference(&used).cloned().collect::<Vec<_>>();
    let unknown = used.difference(&declared).cloned().collect::<Vec<_>>();
    let unpaid = unpaid(plan);
    if !idle.is_empty() {
        let sentence =
            format!("no key or index uses `{}`: declare only what keys and indexes use", list(idle));
        plan.error("attribute", sentence);
    }
    if !unknown.is_empty() {
        plan.error("attribute", format!("keys or indexes use `{}`, which are not declared", list(unknown)));
    }
    for (name, sentence) in unpaid {
        plan.error(&name, sentence);
    }
}

/// A new index says what it leaves out as empty, which is how the provider's SDK plans items of a set.
fn spell_out(plan: &mut Adjust) {
    let name = "global_secondary_index";
    let old = plan.was.as_ref().and_then(|it| it.get(name)).and_then(Value::as_items).unwrap_or_default();
    let Some(Kind::Set(of, items)) = plan.will(name).map(|it| &it.kind) else { return };
    let null = |it: &Value, name: &str| it.get(name).is_some_and(Value::is_null);
    let each = items.iter().map(|it| match it.as_fields() {
        Some(fields) if !old.contains(it) => {
            let mut fields = fields.clone();
            if null(it, "non_key_attributes") {
                fields.insert("non_key_attributes".into(), Value::set(Type::String, Vec::new()));
            }
            if null(it, "range_key") {
                fields.insert("range_key".into(), "".into());
            }
            Value::object(fields).marked(it.marks)
        }
        _ => it.clone(),
    });
    let indexes = Value::set(of.clone(), each.collect());
    plan.set(name, indexes);
}

/// Rates that the billing mode asks for, or refuses, of a table that is to be made.
fn unpaid(plan: &Adjust) -> Vec<(String, String)> {
    let restored = plan.config("restore_source_name").or(plan.config("restore_source_table_arn")).is_some();
    if plan.was.is_some() || restored {
        return Vec::new();
    }
    let Some(mode) = plan.will("billing_mode").and_then(Value::as_str) else { return Vec::new() };
    let mut out = Vec::new();
    let mut check = |at: &str, of: &str, it: &Value| {
        for name in ["read_capacity", "write_capacity"] {
            let given = it.get(name).filter(|it| !it.is_null());
            let zero = given.is_some_and(|it| matches!(it.kind, Kind::Number(_)) && *it == 0.into());
            let at = if at.is_empty() { name } else { at };
            match mode {
                "PROVISIONED" if given.is_none() || zero => {
                    out.push((at.to_owned(), format!("`{name}`{of} must be at least 1 where provisioned")));
                }
                "PAY_PER_REQUEST" if given.is_some() && !zero => {
                    out.push((
                        at.to_owned(),
                        format!("`{name}`{of} is only for tables that are provisioned"),
                    ));
                }
                _ => {}
            }
        }
    };
    check("", "", &plan.config);
    for it in plan.config("global_secondary_index").and_then(Value::as_items).unwrap_or_default() {
        let name = it.get("name").and_then(Value::as_str).unwrap_or_default();
        check("global_secondary_index", &format!(" of index `{name}`"), it);
    }
    out
}
