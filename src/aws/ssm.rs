//! Systems Manager's parameters.

pub mod lookup;
pub mod parameter;

use aws_sdk_ssm::types::{ResourceTypeForTagging, Tag};
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value as Json;

use super::{Aws, Error, Result};
use crate::aws::shape::built;
use crate::resource::{Op, Passing, Tags};

/// What passes with time for parameters.
pub const SSM: &[Passing] = &[
    Passing::busy("TooManyUpdates"),
    Passing::unseen("ParameterNotFound").on(&[Op::Update]),
    // What the tag calls say.
    Passing::unseen("InvalidResourceId").on(&[Op::Update]),
];

fn tags(tags: &Tags) -> Result<Option<Vec<Tag>>> {
    let all = tags.iter().map(|(k, v)| built(Tag::builder().key(k).value(v).build()));
    let all = all.collect::<Result<Vec<_>>>()?;
    Ok((!all.is_empty()).then_some(all))
}

/// [`super::tags::change`] for parameters.
pub async fn change_tags(aws: &Aws, name: &str, set: &Tags, unset: &[String]) -> Result<()> {
    let kind = ResourceTypeForTagging::Parameter;
    if !unset.is_empty() {
        let call = aws.ssm().remove_tags_from_resource().resource_type(kind.clone()).resource_id(name);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        let call = aws.ssm().add_tags_to_resource().resource_type(kind).resource_id(name);
        call.set_tags(tags(set)?).send().await?;
    }
    Ok(())
}

/// Each parameter's tags, asked of Systems Manager itself.
pub async fn list_tags(aws: &Aws, parameters: &[&Json]) -> Result<Vec<Option<Tags>>> {
    let name = |it: &&Json| it.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
    let names = parameters.iter().map(name).collect::<Vec<_>>();
    stream::iter(names).map(|name| tags_of(aws, name)).buffered(10).try_collect().await
}

async fn tags_of(aws: &Aws, name: String) -> Result<Option<Tags>> {
    let call = aws.ssm().list_tags_for_resource().resource_type(ResourceTypeForTagging::Parameter);
    match call.resource_id(name).send().await.map_err(Error::from) {
        Ok(it) => {
            let all = it.tag_list.unwrap_or_default().into_iter();
            Ok(Some(all.map(|it| (it.key, it.value)).collect()))
        }
        Err(it) if it.is_missing() || it.code() == Some("InvalidResourceId") => Ok(None),
        Err(it) => Err(it),
    }
}
