//! Tags of a bucket: S3 writes them all at once.

use aws_sdk_s3::types::{Tag, Tagging};
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result};
use crate::resource::Tags;

/// `None` where there is no such bucket.
async fn tags_of(aws: &Aws, bucket: &str) -> Result<Option<Tags>> {
    match aws.s3().get_bucket_tagging().bucket(bucket).send().await.map_err(Error::from) {
        Ok(it) => Ok(Some(it.tag_set.into_iter().map(|it| (it.key, it.value)).collect())),
        Err(it) if it.code() == Some("NoSuchTagSet") => Ok(Some(Tags::new())),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// [`crate::aws::tags::change`] for a bucket.
pub async fn change_tags(aws: &Aws, bucket: &str, set: &Tags, unset: &[String]) -> Result<()> {
    // Tags that AWS itself keeps there stay.
    let mut tags = tags_of(aws, bucket).await?.unwrap_or_default();
    tags.retain(|it, _| !unset.contains(it));
    tags.extend(set.clone());
    if tags.is_empty() {
        aws.s3().delete_bucket_tagging().bucket(bucket).send().await?;
        return Ok(());
    }
    let tags = tags.into_iter().map(|(k, v)| built(Tag::builder().key(k).value(v).build()));
    let tagging = Tagging::builder().set_tag_set(Some(tags.collect::<Result<_>>()?));
    aws.s3().put_bucket_tagging().bucket(bucket).tagging(built(tagging.build())?).send().await?;
    Ok(())
}

/// Each bucket's tags, asked of S3 itself.
pub async fn list_tags(aws: &Aws, buckets: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(buckets).map(|it| tags_of(aws, it)).buffered(16).try_collect().await
}
