//! Labels of an object: S3 writes them all at once.

use aws_sdk_s3::types::{Tag, Tagging};
use serde_json::Value as Json;

use super::Place;
use crate::aws::s3::there;
use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result};
use crate::resource::Tags;

/// `None` where there is no such object.
pub(in crate::aws::s3) async fn tags_of(aws: &Aws, place: &Place) -> Result<Option<Tags>> {
    let answer = aws.s3().get_object_tagging().bucket(&place.bucket).key(place.clean()).send().await;
    let found = there(answer.map_err(Error::from))?;
    Ok(found.map(|it| it.tag_set.into_iter().map(|it| (it.key, it.value)).collect()))
}

/// [`crate::aws::tags::change`] for an object.
pub async fn change_tags(aws: &Aws, attributes: &Json, set: &Tags, unset: &[String]) -> Result<()> {
    let text = |name: &str| attributes.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let place = Place::new(&text("bucket"), &text("key"));
    // Labels that AWS itself keeps there stay.
    let mut tags = tags_of(aws, &place).await?.unwrap_or_default();
    let before = tags.clone();
    tags.retain(|it, _| !unset.contains(it));
    tags.extend(set.clone());
    // With the content they have been written already.
    if tags == before {
        return Ok(());
    }
    let (bucket, key) = (&place.bucket, place.clean());
    if tags.is_empty() {
        aws.s3().delete_object_tagging().bucket(bucket).key(key).send().await?;
        return Ok(());
    }
    let each = tags.into_iter().map(|(k, v)| built(Tag::builder().key(k).value(v).build()));
    let tagging = built(Tagging::builder().set_tag_set(Some(each.collect::<Result<_>>()?)).build())?;
    aws.s3().put_object_tagging().bucket(bucket).key(key).tagging(tagging).send().await?;
    Ok(())
}
