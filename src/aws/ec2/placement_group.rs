use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, PlacementGroupState, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, among, described, tagged, tags};
use crate::aws::shape::{given, seen, sent};
use crate::aws::tags::MARK;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// Where the hosts of instances are to be: close together, or apart from each other.
///
/// ```toml
/// [aws_placement_group.brokers]
/// name = "brokers"
/// strategy = "partition"
/// partition_count = 3
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacementGroup {
    /// Unique in the account and region.
    pub name: Fixed<String>,
    /// `cluster` (close together), `partition` (in groups that share no rack) or `spread` (each apart).
    #[schemars(extend("enum" = ["cluster", "partition", "spread"]))]
    pub strategy: Fixed<String>,
    /// How many partitions, with `partition`.
    #[schemars(range(min = 0, max = 7))]
    pub partition_count: Chosen<Fixed<Option<i64>>>,
    /// What instances do not share, with `spread`: `rack`, or on an Outpost `host`.
    #[schemars(extend("enum" = ["host", "rack"]))]
    pub spread_level: Chosen<Fixed<Option<String>>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// Such as `pg-0a1b2c`.
    pub placement_group_id: Computed<String>,
}

impl Resource for PlacementGroup {
    const TYPE: &'static str = "aws_placement_group";
    const IMPORT: &'static [&'static str] = &["brokers"];
    const TAGS: TagApi = TagApi::PlacementGroup;
    const MARKED: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::page("ec2:DescribePlacementGroups", 1000)], "a call takes 1,000 names");
    const BATCH: usize = super::IDS;
    const PATIENCE: Duration = Duration::from_secs(300);
    const PASSING: &'static [&'static [Passing]] = &[EC2, &[Passing::in_use("InvalidPlacementGroup.InUse")]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let groups = described(aws, "group-name", names, async |names, filters| {
            let call = aws.ec2().describe_placement_groups().set_group_names(names).set_filters(filters);
            Ok(call.send().await?.placement_groups.unwrap_or_default())
        });
        let there = groups.await?.into_iter().filter(|it| it.state != Some(PlacementGroupState::Deleted));
        Ok(there.map(Live::from).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.ec2().create_placement_group().group_name(&**self.name);
        let call = call.set_strategy(sent(&self.strategy)).set_partition_count(given(&self.partition_count));
        let call = call.set_spread_level(given(&self.spread_level));
        call.set_tag_specifications(tagged(ResourceType::PlacementGroup, &new.tags)).send().await?;
        Ok(self.name.0.clone())
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // only the tags can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        match aws.ec2().delete_placement_group().group_name(self.key()).send().await.map_err(Error::from) {
            // It is gone already.
            Err(error) if error.code() == Some("InvalidPlacementGroup.Unknown") => Ok(()),
            answer => answer.map(drop),
        }
    }

    // CreatePlacementGroup takes no client token, and AWS does not tell when a group was made.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let mark = among(&format!("tag:{MARK}"), std::slice::from_ref(&new.token));
        let found = aws.ec2().describe_placement_groups().filters(mark).send().await?.placement_groups;
        Ok(found.unwrap_or_default().into_iter().find_map(|it| it.group_name))
    }

    fn adjust(plan: &mut Adjust) {
        let strategy = plan.config("strategy").and_then(Value::as_str).map(str::to_owned);
        let Some(strategy) = strategy else { return };
        for (name, of) in [("partition_count", "partition"), ("spread_level", "spread")] {
            let said = plan.config(name).is_some_and(|it| !it.is_unknown() && !is_nothing(it));
            if said && strategy != of {
                plan.error(name, format!("`{name}` is for `strategy = \"{of}\"` only, not for `{strategy}`"));
            }
        }
    }
}

/// Takes [`MARK`] off the groups with these ARNs: it is taken off by ids, and ARNs are made of names.
pub async fn unmark(aws: &Aws, arns: &[String]) -> Result<()> {
    let names = arns.iter().filter_map(|it| it.split_once(":placement-group/"));
    let names: Vec<String> = names.map(|it| it.1.to_owned()).collect();
    let there = PlacementGroup::read(aws, &names).await?;
    let ids: Vec<String> = there.into_iter().map(|it| it.attributes.placement_group_id.0).collect();
    super::unmark(aws, &ids).await
}

impl From<sdk::PlacementGroup> for Live<PlacementGroup> {
    fn from(it: sdk::PlacementGroup) -> Self {
        let name: String = seen(it.group_name);
        let status = match it.state {
            Some(PlacementGroupState::Pending) => Status::Pending("pending".to_owned()),
            Some(PlacementGroupState::Deleting) => Status::Leaving("deleting".to_owned()),
            _ => Status::Ready,
        };
        Live {
            key: name.clone(),
            status,
            tags: Some(tags(it.tags)),
            unread: &[],
            attributes: PlacementGroup {
                name: name.clone().into(),
                strategy: seen(it.strategy),
                partition_count: seen(it.partition_count),
                spread_level: seen(it.spread_level),
                tags: None,
                tags_all: Chosen::default(),
                id: name.into(),
                arn: seen(it.group_arn),
                placement_group_id: seen(it.group_id),
            },
        }
    }
}
