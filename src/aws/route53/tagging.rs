//! Tags of zones and health checks.

use aws_sdk_route53::types::{Tag, TagResourceType};
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value as Json;

use crate::aws::{Aws, Error, Result};
use crate::resource::Tags;

/// The most of one call: tags set or removed, and things whose tags are listed.
const MOST: usize = 10;

/// [`crate::aws::tags::change`] for zones and health checks.
pub async fn change_tags(
    aws: &Aws,
    kind: TagResourceType,
    id: &str,
    set: &Tags,
    unset: &[String],
) -> Result<()> {
    let set: Vec<Tag> = set.iter().map(|(k, v)| Tag::builder().key(k).value(v).build()).collect();
    let (mut set, mut unset) = (set.chunks(MOST), unset.chunks(MOST));
    loop {
        let (add, remove) = (set.next(), unset.next());
        if add.is_none() && remove.is_none() {
            return Ok(());
        }
        let call = aws.route53().change_tags_for_resource().resource_type(kind.clone()).resource_id(id);
        let call = call.set_add_tags(add.map(<[_]>::to_vec));
        call.set_remove_tag_keys(remove.map(<[_]>::to_vec)).send().await?;
    }
}

/// Each one's tags, asked of Route 53 itself.
pub async fn list_tags(aws: &Aws, kind: TagResourceType, all: &[&Json]) -> Result<Vec<Option<Tags>>> {
    let id = |it: &&Json| it.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
    let ids: Vec<String> = all.iter().map(id).collect();
    let pages = stream::iter(ids.chunks(MOST)).map(|some| page(aws, &kind, some));
    let pages: Vec<Vec<Option<Tags>>> = pages.buffered(4).try_collect().await?;
    Ok(pages.into_iter().flatten().collect())
}

/// One call's worth; where one of them is gone, each is asked about by itself.
async fn page(aws: &Aws, kind: &TagResourceType, ids: &[String]) -> Result<Vec<Option<Tags>>> {
    match listed(aws, kind, ids).await {
        Err(it) if it.is_missing() && ids.len() > 1 => {
            let each = stream::iter(ids).map(|id| alone(aws, kind, id));
            each.buffered(4).try_collect().await
        }
        Err(it) if it.is_missing() => Ok(vec![None]),
        answer => answer,
    }
}

async fn alone(aws: &Aws, kind: &TagResourceType, id: &str) -> Result<Option<Tags>> {
    match listed(aws, kind, &[id.to_owned()]).await {
        Ok(it) => Ok(it.into_iter().next().flatten()),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// In the order of the ids.
async fn listed(aws: &Aws, kind: &TagResourceType, ids: &[String]) -> Result<Vec<Option<Tags>>> {
    let call = aws.route53().list_tags_for_resources().resource_type(kind.clone());
    let answer = call.set_resource_ids(Some(ids.to_vec())).send().await.map_err(Error::from)?;
    let sets = answer.resource_tag_sets;
    let of = |id: &String| {
        let it = sets.iter().find(|it| it.resource_id.as_ref() == Some(id))?;
        Some(it.tags().iter().map(|it| (text(&it.key), text(&it.value))).collect())
    };
    Ok(ids.iter().map(of).collect())
}

fn text(it: &Option<String>) -> String {
    it.clone().unwrap_or_default()
}

/// One thing's tags.
pub async fn of(aws: &Aws, kind: TagResourceType, id: &str) -> Result<Tags> {
    let tags = listed(aws, &kind, &[id.to_owned()]).await?;
    Ok(tags.into_iter().flatten().next().unwrap_or_default())
}
