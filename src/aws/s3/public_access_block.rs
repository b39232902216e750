use std::time::Duration;

use aws_sdk_s3::types::PublicAccessBlockConfiguration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{S3, each, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Keeps a bucket from being opened to everybody.
///
/// ```toml
/// [aws_s3_bucket_public_access_block.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// block_public_acls = true
/// block_public_policy = true
/// ignore_public_acls = true
/// restrict_public_buckets = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicAccessBlock {
    /// The bucket.
    pub bucket: Fixed<String>,
    /// Refuse access lists that open the bucket or an object.
    #[serde(default)]
    pub block_public_acls: bool,
    /// Refuse policies that open the bucket.
    #[serde(default)]
    pub block_public_policy: bool,
    /// Ignore access lists that open the bucket or an object.
    #[serde(default)]
    pub ignore_public_acls: bool,
    /// Where a policy opens the bucket, let in the owner's account and AWS services only.
    #[serde(default)]
    pub restrict_public_buckets: bool,
    /// The bucket's name.
    pub id: Computed<String>,
}

impl Resource for PublicAccessBlock {
    const TYPE: &'static str = "aws_s3_bucket_public_access_block";
    const IMPORT: &'static [&'static str] = &["acme-data"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetPublicAccessBlock")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[S3];
    type Key = String;

    fn key(&self) -> String {
        self.bucket.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, buckets: &[String]) -> Result<Vec<Live<Self>>> {
        each(buckets, |bucket| async move {
            let call = aws.s3().get_public_access_block().bucket(&bucket);
            let answer = there(call.send().await.map_err(Error::from))?;
            let found = answer.and_then(|it| it.public_access_block_configuration);
            Ok(found.map(|it| Live {
                key: bucket.clone(),
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: PublicAccessBlock {
                    block_public_acls: seen(it.block_public_acls),
                    block_public_policy: seen(it.block_public_policy),
                    ignore_public_acls: seen(it.ignore_public_acls),
                    restrict_public_buckets: seen(it.restrict_public_buckets),
                    id: Computed(bucket.clone()),
                    bucket: Fixed(bucket),
                },
            }))
        })
        .await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.s3().delete_public_access_block().bucket(self.key()).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl PublicAccessBlock {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let config = PublicAccessBlockConfiguration::builder()
            .block_public_acls(self.block_public_acls)
            .block_public_policy(self.block_public_policy)
            .ignore_public_acls(self.ignore_public_acls)
            .restrict_public_buckets(self.restrict_public_buckets);
        let call = aws.s3().put_public_access_block().bucket(self.key());
        call.public_access_block_configuration(config.build()).send().await?;
        Ok(())
    }
}
