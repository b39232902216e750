//! Tags of CloudFront's things, by ARN.

use aws_sdk_cloudfront::types::{Tag, TagKeys, Tags as Sent};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::there;
use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result};
use crate::resource::Tags;

/// As the calls take them.
pub(super) fn sent_tags(tags: &Tags) -> Result<Sent> {
    let each = tags.iter().map(|(k, v)| built(Tag::builder().key(k).value(v).build()));
    Ok(Sent::builder().set_items(Some(each.collect::<Result<_>>()?)).build())
}

/// [`crate::aws::tags::change`] for what has this ARN.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let keys = TagKeys::builder().set_items(Some(unset.to_vec())).build();
        aws.cloudfront().untag_resource().resource(arn).tag_keys(keys).send().await?;
    }
    if !set.is_empty() {
        aws.cloudfront().tag_resource().resource(arn).tags(sent_tags(set)?).send().await?;
    }
    Ok(())
}

/// The tags of each, asked of CloudFront itself; `None` where it is gone.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|it| tags_of(aws, it)).buffered(16).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    let answer = aws.cloudfront().list_tags_for_resource().resource(arn).send().await;
    let tags = there(answer.map_err(Error::from))?.and_then(|it| it.tags);
    let items = |it: Sent| it.items.unwrap_or_default();
    Ok(tags.map(|it| items(it).into_iter().map(|it| (it.key, it.value.unwrap_or_default())).collect()))
}
