use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{S3, each, there};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Who may do what with a bucket and its objects.
///
/// ```toml
/// [aws_s3_bucket_policy.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::files/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketPolicy {
    /// The bucket.
    pub bucket: Fixed<String>,
    /// The policy document.
    pub policy: Json,
    /// The bucket's name.
    pub id: Computed<String>,
}

impl Resource for BucketPolicy {
    const TYPE: &'static str = "aws_s3_bucket_policy";
    const IMPORT: &'static [&'static str] = &["acme-data"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketPolicy")], "S3 tells one part of one bucket a call");
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
            let call = aws.s3().get_bucket_policy().bucket(&bucket);
            let found = there(call.send().await.map_err(Error::from))?.and_then(|it| it.policy);
            Ok(found.map(|policy| Live {
                key: bucket.clone(),
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: BucketPolicy {
                    policy: Json(policy),
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
        aws.s3().delete_bucket_policy().bucket(self.key()).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl BucketPolicy {
    async fn put(&self, aws: &Aws) -> Result<()> {
        aws.s3().put_bucket_policy().bucket(self.key()).policy(&*self.policy).send().await?;
        Ok(())
    }
}
