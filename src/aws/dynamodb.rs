//! DynamoDB, and what its types share.

pub mod create;
pub mod indexes;
pub mod item;
pub mod lookup;
pub mod replicas;
pub mod seen;
pub mod steps;
pub mod table;
pub mod table_item;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Region;
use aws_sdk_dynamodb::types::Tag;
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value as Json;

use super::shape::built;
use super::{Aws, Error, Result};
use crate::resource::{Op, Passing, Tags};

/// What passes with time for all of DynamoDB's types.
pub const DYNAMODB: &[Passing] = &[
    // So many tables may be made, changed or removed at once.
    Passing::busy("LimitExceededException").saying("simultaneously"),
    // Not where a table of that name exists, which a create is told with the same code.
    Passing::busy("ResourceInUseException").saying("being"),
    Passing::in_use("ResourceInUseException"),
    Passing::unseen("ResourceNotFoundException").on(&[Op::Update]),
    // Backups of a new table begin a little later.
    Passing::busy("ContinuousBackupsUnavailableException"),
];

/// The same account in another region.
fn elsewhere(aws: &Aws, region: &str) -> Client {
    let config = aws.dynamodb().config().to_builder().region(Region::new(region.to_owned()));
    Client::from_conf(config.build())
}

fn tags(tags: &Tags) -> Result<Option<Vec<Tag>>> {
    let tags = tags.iter().map(|(k, v)| built(Tag::builder().key(k).value(v).build()));
    let tags = tags.collect::<Result<Vec<_>>>()?;
    Ok((!tags.is_empty()).then_some(tags))
}

/// [`super::tags::change`] for a table, and for those of its replicas that are to follow it.
pub async fn change_tags(aws: &Aws, table: &Json, set: &Tags, unset: &[String]) -> Result<()> {
    let text = |it: &Json, name: &str| it.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    tag(aws.dynamodb(), &text(table, "arn"), set, unset).await?;
    for it in table.get("replica").and_then(Json::as_array).into_iter().flatten() {
        if it.get("propagate_tags") == Some(&Json::Bool(true)) {
            let region = text(it, "region_name");
            let arn = replicas::arn_in(&text(table, "arn"), &region);
            tag(&elsewhere(aws, &region), &arn, set, unset).await?;
        }
    }
    Ok(())
}

async fn tag(client: &Client, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = client.untag_resource().resource_arn(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        client.tag_resource().resource_arn(arn).set_tags(tags(set)?).send().await?;
    }
    Ok(())
}

/// Each table's tags, asked of DynamoDB itself.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(16).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    let mut out = Tags::new();
    let mut next = None;
    loop {
        let call = aws.dynamodb().list_tags_of_resource().resource_arn(arn).set_next_token(next);
        let page = match call.send().await.map_err(Error::from) {
            Ok(it) => it,
            Err(it) if it.is_missing() => return Ok(None),
            Err(it) => return Err(it),
        };
        out.extend(page.tags.unwrap_or_default().into_iter().map(|it| (it.key, it.value)));
        next = page.next_token.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(Some(out));
        }
    }
}
