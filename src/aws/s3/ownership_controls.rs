use std::time::Duration;

use aws_sdk_s3::types::{OwnershipControls as Sent, OwnershipControlsRule};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{S3, each, there};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// Who owns the objects of a bucket: its owner alone, or whoever wrote them.
///
/// ```toml
/// [aws_s3_bucket_ownership_controls.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// rule = { object_ownership = "BucketOwnerPreferred" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnershipControls {
    /// The bucket.
    #[schemars(length(min = 1))]
    pub bucket: Fixed<String>,
    /// Who owns them.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub rule: One<Rule>,
    /// The bucket's name.
    pub id: Computed<String>,
}

/// Who owns the objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `BucketOwnerEnforced`, without any access lists; `BucketOwnerPreferred`, where the writer agrees; or
    /// `ObjectWriter`.
    #[schemars(extend("enum" = ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"]))]
    pub object_ownership: String,
}

impl Resource for OwnershipControls {
    const TYPE: &'static str = "aws_s3_bucket_ownership_controls";
    const IMPORT: &'static [&'static str] = &["acme-data"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketOwnershipControls")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(300);
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
            let answer = aws.s3().get_bucket_ownership_controls().bucket(&bucket).send().await;
            let found = there(answer.map_err(Error::from))?.and_then(|it| it.ownership_controls);
            Ok(found.map(|it| Live {
                key: bucket.clone(),
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: OwnershipControls {
                    rule: One(it
                        .rules
                        .into_iter()
                        .next()
                        .map(|it| Rule { object_ownership: seen(Some(it.object_ownership)) })),
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
        aws.s3().delete_bucket_ownership_controls().bucket(self.key()).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl OwnershipControls {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let rules = self.rule.as_ref().map(|it| {
            built(
                OwnershipControlsRule::builder()
                    .object_ownership(it.object_ownership.as_str().into())
                    .build(),
            )
        });
        let rules = rules.into_iter().collect::<Result<Vec<_>>>()?;
        let call = aws.s3().put_bucket_ownership_controls().bucket(self.key());
        call.ownership_controls(built(Sent::builder().set_rules(Some(rules)).build())?).send().await?;
        Ok(())
    }
}
