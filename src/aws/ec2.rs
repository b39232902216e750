//! EC2, and what its types share.

pub mod availability_zones;
mod blockers;
pub mod default_route_table;
pub mod default_security_group;
pub mod dhcp_options;
pub mod ebs_volume;
pub mod eip;
pub mod endpoint;
pub mod filters;
pub mod flow_log;
mod groups;
pub mod instance;
pub mod interfaces;
pub mod internet_gateway;
pub mod key_pair;
pub mod launch_template;
mod line;
pub mod lookup;
pub mod managed_prefix_list;
pub mod nat_gateway;
pub mod network_acl;
pub mod network_interface;
pub mod peering_connection;
pub mod permissions;
pub mod placement_group;
mod protocols;
pub mod route;
pub mod route_table;
pub mod route_table_association;
pub mod rule;
pub mod security_group;
pub mod security_group_rule;
pub mod subnet;
mod tables;
pub mod tag;
mod until;
pub mod volume_attachment;
pub mod vpc;

use aws_sdk_ec2::types::{
    AttributeBooleanValue, Filter, ResourceType, Tag, TagSpecification, UnsuccessfulItem,
};
use futures::future::try_join_all;

use super::{Aws, Error, Result};
use crate::resource::{Passing, Tags};
use crate::schema::{Form, equal};

/// Keeps the things whose `name` is one of `values`. Unlike an id list, a
/// filter does not fail when one of them is gone.
fn among(name: &str, values: &[String]) -> Filter {
    Filter::builder().name(name).set_values(Some(values.to_vec())).build()
}

/// The most values of all filters of one call.
const FILTER: usize = 200;
/// The most ids of one call.
pub const IDS: usize = 1000;

/// Describes the things with these ids. Up to 200 are found by the filter `name`, which does not mind when
/// one of them is gone. More of them would take several calls: 1,000 are asked for by their ids in one,
/// and by the filter after all where that is refused because one is gone.
///
/// `ask` is given either ids or a filter.
async fn described<T>(
    aws: &Aws,
    name: &str,
    ids: &[String],
    ask: impl AsyncFn(Option<Vec<String>>, Option<Vec<Filter>>) -> Result<Vec<T>>,
) -> Result<Vec<T>> {
    let ask = &ask;
    let filtered = async |ids: &[String]| {
        let calls = ids.chunks(FILTER).map(|some| ask(None, Some(vec![among(name, some)])));
        Ok(try_join_all(calls).await?.into_iter().flatten().collect())
    };
    if aws.exact() || ids.len() <= FILTER {
        return filtered(ids).await;
    }
    let filtered = &filtered;
    let calls = ids.chunks(IDS).map(async |some| match ask(Some(some.to_vec()), None).await {
        Err(it) if it.is_missing() || it.code().is_some_and(|it| it.starts_with("Invalid")) => {
            filtered(some).await
        }
        answer => answer,
    });
    Ok(try_join_all(calls).await?.into_iter().flatten().collect())
}

fn flag(value: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(value).build()
}

/// Whether two policies mean the same.
fn same_policy(a: &str, b: &str) -> bool {
    equal::same(Form::Json, a, b)
}

/// The items of a set; nothing where there are none.
fn some(set: &crate::resource::Set<String>) -> Option<Vec<String>> {
    Some(set.0.clone()).filter(|it| !it.is_empty())
}

/// The text, where there is one: states written by others hold empty text for absence.
fn text(it: &Option<String>) -> Option<&str> {
    it.as_deref().filter(|it| !it.is_empty())
}

/// The ARN of one of EC2's things: its owner may be another account that shares it.
fn arn(aws: &Aws, owner: Option<&str>, resource: &str) -> String {
    let owner = owner.unwrap_or_default();
    format!("arn:{}:ec2:{}:{owner}:{resource}", aws.partition(), aws.region())
}

/// What passes with time for all of EC2's types.
pub const EC2: &[Passing] = &[
    // What the call names was made a moment ago, and not all of EC2 knows it yet. A rule that is not
    // there is another matter.
    Passing::unseen("Invalid*.NotFound").not_saying("rule does not exist"),
    // Interfaces and addresses that services hold go away some time after the services.
    Passing::in_use("DependencyViolation"),
    Passing::in_use("InvalidGroup.InUse"),
    Passing::in_use("InvalidIPAddress.InUse"),
    // One change after the other.
    Passing::busy("ConcurrentMutationLimitExceeded"),
    Passing::busy("ConcurrentTagAccess"),
    Passing::busy("*OperationInProgress"),
];

/// What this call names is not there, or not known to all of EC2 yet.
fn unseen(error: &Error) -> bool {
    error.code().is_some_and(|it| it.starts_with("Invalid") && it.ends_with(".NotFound"))
}

/// What an answer says of those that a call about many was not carried out for.
fn unsuccessful(items: Option<Vec<UnsuccessfulItem>>) -> Result<()> {
    let Some(error) = items.unwrap_or_default().into_iter().find_map(|it| it.error) else { return Ok(()) };
    let code = error.code.unwrap_or_default();
    let message = error.message.filter(|it| !it.is_empty()).unwrap_or("AWS gives no reason".to_owned());
    Err(match code.contains("NotFound") {
        true => Error::Missing { code, message },
        false => Error::Refused { code, message, request: None },
    })
}

/// Tags in a create call; nothing where there are none.
fn tagged(kind: ResourceType, tags: &Tags) -> Option<Vec<TagSpecification>> {
    (!tags.is_empty()).then(|| {
        let tags = tags.iter().map(|(k, v)| Tag::builder().key(k).value(v).build());
        vec![TagSpecification::builder().resource_type(kind).set_tags(Some(tags.collect())).build()]
    })
}

fn tags(answer: Option<Vec<Tag>>) -> Tags {
    let pair = |it: Tag| Some((it.key?, it.value.unwrap_or_default()));
    answer.unwrap_or_default().into_iter().filter_map(pair).collect()
}

/// [`super::tags::change`] for everything of EC2's.
/// A tag is removed only while it has the value that is known.
pub async fn change_tags(aws: &Aws, id: &str, set: &Tags, unset: &Tags) -> Result<()> {
    let tags = |it: &Tags| Some(it.iter().map(|(k, v)| Tag::builder().key(k).value(v).build()).collect());
    if !unset.is_empty() {
        aws.ec2().delete_tags().resources(id).set_tags(tags(unset)).send().await?;
    }
    if !set.is_empty() {
        aws.ec2().create_tags().resources(id).set_tags(tags(set)).send().await?;
    }
    Ok(())
}

/// What a create with this token has made: by the tag that it set, [`super::tags::MARK`].
async fn marked(aws: &Aws, token: &str) -> Result<Option<String>> {
    let call = aws.ec2().describe_tags().filters(among("key", &[super::tags::MARK.to_owned()]));
    let found = call.filters(among("value", &[token.to_owned()])).send().await?.tags.unwrap_or_default();
    Ok(found.into_iter().find_map(|it| it.resource_id))
}

/// The most things of one DeleteTags.
const UNMARKED_AT_ONCE: usize = 500;

/// Takes [`super::tags::MARK`] off all of these.
pub async fn unmark(aws: &Aws, ids: &[String]) -> Result<()> {
    let mark = || Tag::builder().key(super::tags::MARK).build();
    for some in ids.chunks(UNMARKED_AT_ONCE) {
        let call = aws.ec2().delete_tags().set_resources(Some(some.to_vec())).tags(mark());
        match call.send().await.map_err(Error::from) {
            // One that is gone already spoils it for all.
            Err(it) if unseen(&it) => {
                for id in some {
                    match aws.ec2().delete_tags().resources(id).tags(mark()).send().await.map_err(Error::from)
                    {
                        Err(it) if !unseen(&it) => return Err(it),
                        _ => {}
                    }
                }
            }
            answer => drop(answer?),
        }
    }
    Ok(())
}
