use std::time::Duration;

use aws_sdk_ec2::types::{self as sdk, PrefixListState, ResourceType};
use futures::stream::{self, StreamExt, TryStreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::until::until;
use super::{EC2, described, marked, tagged, tags, text};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{self, Adjust};
use crate::resource::*;

/// A list of address ranges, which routes and the rules of security groups name as one.
///
/// ```toml
/// [aws_ec2_managed_prefix_list.offices]
/// name = "offices"
/// address_family = "IPv4"
/// max_entries = 5
/// entry = [
///   { cidr = "192.0.2.0/24", description = "Berlin" },
///   { cidr = "198.51.100.0/24", description = "Lyon" },
/// ]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagedPrefixList {
    /// Its name; not beginning with `com.amazonaws`.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// `IPv4` or `IPv6`.
    #[schemars(extend("enum" = ["IPv4", "IPv6"]))]
    pub address_family: Fixed<String>,
    /// How many ranges it may have. It counts as so many rules wherever it is used.
    #[schemars(range(min = 1))]
    pub max_entries: i64,
    /// The ranges. Left out, they are looked after elsewhere.
    pub entry: Chosen<Set<Entry>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Such as `pl-0a1b2c`.
    pub id: Computed<String>,
    /// The list's ARN.
    pub arn: Computed<String>,
    /// The account that owns it.
    pub owner_id: Computed<String>,
    /// Goes up with each change of its ranges.
    pub version: Computed<i64>,
}

/// A range of a list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The range.
    #[schemars(extend("format" = "cidr"))]
    pub cidr: String,
    /// What it is.
    #[schemars(length(max = 255))]
    pub description: Option<String>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cidr == other.cidr && text(&self.description) == text(&other.description)
    }
}

/// How many lists' ranges are asked for at the same time.
const AT_ONCE: usize = 16;

/// How the engine knows that AWS has given a removal up.
const GIVEN_UP: &str = "DELETE_FAILED";

impl Resource for ManagedPrefixList {
    const TYPE: &'static str = "aws_ec2_managed_prefix_list";
    const IMPORT: &'static [&'static str] = &["pl-0a1b2c3d4e5f67890"];
    const TAGS: TagApi = TagApi::Ec2;
    const MARKED: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::page("ec2:DescribeManagedPrefixLists", 100), Cost::each("ec2:GetManagedPrefixListEntries")],
        "a call tells about 100 lists; the ranges of each have a call of their own",
    );
    const PATIENCE: Duration = Duration::from_secs(900);
    const PASSING: &'static [&'static [Passing]] = &[EC2, LISTS];
    const CREATE_SECONDS: u32 = 3;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, ids: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, "prefix-list-id", ids, async |ids, filters| {
            let call = aws.ec2().describe_managed_prefix_lists();
            let call = call.set_prefix_list_ids(ids).set_filters(filters);
            Ok(call.into_paginator().items().send().try_collect().await?)
        });
        let found: Vec<sdk::ManagedPrefixList> = found.await?;
        // AWS shows for a while what is deleted.
        let there = found.into_iter().filter(|it| it.state != Some(PrefixListState::DeleteComplete));
        let each = stream::iter(there).map(async |it| {
            let ranges = entries(aws, it.prefix_list_id().unwrap_or_default()).await?;
            Ok::<_, Error>(ranges.map(|all| live(it, all)))
        });
        let all: Vec<Option<Live<Self>>> = each.buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(all.into_iter().flatten().collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let answer = aws
            .ec2()
            .create_managed_prefix_list()
            .prefix_list_name(&self.name)
            .address_family(&**self.address_family)
            .set_max_entries(sent(&self.max_entries))
            .set_entries(added(&self.entry))
            .set_tag_specifications(tagged(ResourceType::PrefixList, &new.tags))
            .send()
            .await?;
        answer.prefix_list.and_then(|it| it.prefix_list_id).ok_or(Error::Incomplete("the prefix list's id"))
    }

    // AWS takes one change at a time, and each says which version it is of. A part of it may have been done.
    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let id = &was.id.0;
        let now = settled(aws, id).await?.attributes;
        // Room first where there is to be more, last where there is to be less.
        if self.max_entries > now.max_entries {
            self.resize(aws, id).await?;
        }
        // What does not change is not ours to say: others may look after the ranges.
        let ranges = if self.entry == was.entry { &now.entry } else { &self.entry };
        if self.name != now.name || *ranges != now.entry {
            self.change(aws, &now, ranges).await?;
        }
        if self.max_entries < now.max_entries {
            self.resize(aws, id).await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ec2().delete_managed_prefix_list().prefix_list_id(&self.id.0).send().await?;
        Ok(())
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let Some(id) = marked(aws, &new.token).await? else { return Ok(None) };
        // The labels of what is deleted are shown for a while, too.
        let there = Self::read(&aws.exactly(true), std::slice::from_ref(&id)).await?;
        Ok(there.into_iter().next().map(|it| it.key))
    }

    fn judged(&self, was: Option<&Self>, status: Status) -> Status {
        let labels_alone = was.is_some_and(|it| {
            it.name == self.name && it.entry == self.entry && it.max_entries == self.max_entries
        });
        match &status {
            // What was given up before this says nothing of this.
            Status::Failed(why) if labels_alone || why.starts_with(GIVEN_UP) => Status::Ready,
            _ => status,
        }
    }

    fn adjust(plan: &mut Adjust) {
        if plan.was.is_some() && plan.change("entry").is_some() {
            plan.set_unknown("version");
        }
        let ranges = plan.config("entry").and_then(Value::as_items).unwrap_or_default().to_vec();
        let most = plan.config("max_entries").and_then(Value::as_number).map(|it| it.to_f64());
        if most.is_some_and(|it| (ranges.len() as f64) > it) {
            let text = format!("these are {} ranges, more than `max_entries` lets in", ranges.len());
            plan.error("entry", text);
        }
        let family = adjust::text(plan.config("address_family")).to_owned();
        for range in ranges.iter().map(|it| adjust::text(it.get("cidr"))).filter(|it| !it.is_empty()) {
            let its = if range.contains(':') { "IPv6" } else { "IPv4" };
            if !family.is_empty() && family != its {
                let text = format!("{range} is a range of {its} addresses in a list of {family} ones");
                plan.error("entry", text);
            }
        }
    }
}

/// What passes with time for lists of ranges, besides.
const LISTS: &[Passing] = &[
    // Another change of it is under way, or was made a moment ago.
    Passing::busy("IncorrectState").saying("in-progress"),
    Passing::busy("PrefixListVersionMismatch"),
];

impl ManagedPrefixList {
    async fn resize(&self, aws: &Aws, id: &str) -> Result<()> {
        let call = aws.ec2().modify_managed_prefix_list().prefix_list_id(id);
        call.set_max_entries(sent(&self.max_entries)).send().await?;
        changed(aws, id).await.map(drop)
    }

    async fn change(&self, aws: &Aws, now: &Self, wanted: &Set<Entry>) -> Result<()> {
        let (id, mut version) = (&now.id.0, now.version.0);
        let modify = || aws.ec2().modify_managed_prefix_list().prefix_list_id(id);
        let add = wanted.beyond(&now.entry);
        // One call does not take the same range out and in: one with another description goes out first.
        let comes_again = |it: &Entry| add.iter().any(|new| new.cidr == it.cidr);
        let (again, remove): (Vec<Entry>, Vec<Entry>) =
            now.entry.beyond(wanted).into_iter().partition(comes_again);
        if !again.is_empty() {
            modify().current_version(version).set_remove_entries(removed(&again)).send().await?;
            version = changed(aws, id).await?;
        }
        let ranges = !add.is_empty() || !remove.is_empty();
        let call = modify().prefix_list_name(&self.name).set_current_version(ranges.then_some(version));
        call.set_add_entries(added(&add)).set_remove_entries(removed(&remove)).send().await?;
        if ranges { changed(aws, id).await.map(drop) } else { Ok(()) }
    }
}

/// The list as it is when no change of it is under way.
async fn settled(aws: &Aws, id: &str) -> Result<Live<ManagedPrefixList>> {
    let aws = &aws.exactly(true);
    let ask = async || {
        let found = ManagedPrefixList::read(aws, &[id.to_owned()]).await?;
        Ok::<_, Error>(found.into_iter().next())
    };
    let is_end = |it: &Option<Live<ManagedPrefixList>>| {
        it.as_ref().is_none_or(|it| !matches!(it.status, Status::Pending(_)))
    };
    let missing = || Error::Missing {
        code: "InvalidPrefixListID.NotFound".to_owned(),
        message: format!("The prefix list ID '{id}' does not exist"),
    };
    until(ManagedPrefixList::PATIENCE, ask, is_end).await?.ok_or_else(missing)
}

/// Waits until a change is carried out; the version that has come of it.
async fn changed(aws: &Aws, id: &str) -> Result<i64> {
    let now = settled(aws, id).await?;
    match now.status {
        Status::Failed(why) => Err(Error::Invalid(format!("AWS has given the change of {id} up: {why}"))),
        _ => Ok(now.attributes.version.0),
    }
}

/// The ranges of a list; `None` where it is gone meanwhile.
async fn entries(aws: &Aws, id: &str) -> Result<Option<Set<Entry>>> {
    let call = aws.ec2().get_managed_prefix_list_entries().prefix_list_id(id);
    let all: Vec<sdk::PrefixListEntry> =
        match call.into_paginator().items().send().try_collect().await.map_err(Error::from) {
            Err(it) if it.is_missing() => return Ok(None),
            answer => answer?,
        };
    let entry = |it: sdk::PrefixListEntry| Entry {
        cidr: seen(it.cidr),
        description: it.description.filter(|it| !it.is_empty()),
    };
    Ok(Some(all.into_iter().map(entry).collect()))
}

fn added(all: &[Entry]) -> Option<Vec<sdk::AddPrefixListEntry>> {
    let entry = |it: &Entry| {
        let what = text(&it.description).map(str::to_owned);
        sdk::AddPrefixListEntry::builder().cidr(&it.cidr).set_description(what).build()
    };
    Some(all.iter().map(entry).collect()).filter(|it: &Vec<_>| !it.is_empty())
}

fn removed(all: &[Entry]) -> Option<Vec<sdk::RemovePrefixListEntry>> {
    let entry = |it: &Entry| sdk::RemovePrefixListEntry::builder().cidr(&it.cidr).build();
    Some(all.iter().map(entry).collect()).filter(|it: &Vec<_>| !it.is_empty())
}

fn status(it: &sdk::ManagedPrefixList) -> Status {
    let Some(state) = &it.state else { return Status::Ready };
    let why = || text(&it.state_message).unwrap_or("AWS gives no reason").to_owned();
    match state.as_str() {
        word if word.ends_with("-in-progress") => Status::Pending(word.to_owned()),
        "delete-failed" => Status::Failed(format!("{GIVEN_UP}: {}", why())),
        word if word.ends_with("-failed") => Status::Failed(format!("{word}: {}", why())),
        _ => Status::Ready,
    }
}

fn live(it: sdk::ManagedPrefixList, entries: Set<Entry>) -> Live<ManagedPrefixList> {
    Live {
        key: seen(it.prefix_list_id.clone()),
        status: status(&it),
        tags: Some(tags(it.tags)),
        unread: &[],
        attributes: ManagedPrefixList {
            name: seen(it.prefix_list_name),
            address_family: seen(it.address_family),
            max_entries: seen(it.max_entries),
            entry: Chosen(entries),
            tags: None,
            tags_all: Chosen::default(),
            id: seen(it.prefix_list_id),
            arn: seen(it.prefix_list_arn),
            owner_id: seen(it.owner_id),
            version: seen(it.version),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(cidr: &str, description: Option<&str>) -> Entry {
        Entry { cidr: cidr.to_owned(), description: description.map(str::to_owned) }
    }

    #[test]
    fn no_description_and_an_empty_one_are_one() {
        assert_eq!(entry("192.0.2.0/24", None), entry("192.0.2.0/24", Some("")));
        assert_ne!(entry("192.0.2.0/24", None), entry("192.0.2.0/24", Some("a")));
    }

    #[test]
    fn states_tell_what_is_under_way() {
        let of = |state: PrefixListState| {
            status(&sdk::ManagedPrefixList::builder().state(state).state_message("in use").build())
        };
        assert_eq!(of(PrefixListState::ModifyComplete), Status::Ready);
        assert_eq!(of(PrefixListState::CreateInProgress), Status::Pending("create-in-progress".to_owned()));
        assert_eq!(of(PrefixListState::ModifyFailed), Status::Failed("modify-failed: in use".to_owned()));
        assert_eq!(of(PrefixListState::DeleteFailed), Status::Failed("DELETE_FAILED: in use".to_owned()));
    }

    #[test]
    fn a_list_holds_ranges_of_its_family_and_no_more_than_it_has_room_for() {
        let block = &crate::kind::resource("aws_ec2_managed_prefix_list").expect("registered").schema().block;
        let errors = |family: &str, most: i64| {
            let json = serde_json::json!({
                "name": "a", "address_family": family, "max_entries": most,
                "entry": [{ "cidr": "192.0.2.0/24" }, { "cidr": "198.51.100.0/24" }],
            });
            let will = crate::schema::conform::from_state(&json, block);
            let config = will.clone();
            let mut plan = Adjust { was: None, will, config, replace: Vec::new(), errors: Vec::new() };
            ManagedPrefixList::adjust(&mut plan);
            plan.errors.len()
        };
        assert_eq!(errors("IPv4", 2), 0);
        assert_eq!(errors("IPv4", 1), 1);
        assert_eq!(errors("IPv6", 2), 2);
    }
}
