use std::time::Duration;

use aws_sdk_s3::types::{
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, S3, each, there};
use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// How a bucket encrypts new objects.
///
/// ```toml
/// [aws_s3_bucket_server_side_encryption_configuration.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// rule = [{ apply_server_side_encryption_by_default = { sse_algorithm = "aws:kms" }, bucket_key_enabled = true }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketEncryption {
    /// The bucket.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: Fixed<String>,
    /// The account that the bucket must belong to.
    #[schemars(regex(pattern = r"^(\d{12})?$"))]
    pub expected_bucket_owner: Fixed<Option<String>>,
    /// How; S3 takes one rule.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub rule: Set<Rule>,
    /// The bucket's name; `name,account` where `expected_bucket_owner` is given.
    pub id: Computed<String>,
}

/// How to encrypt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Where a request says nothing of it.
    #[serde(default)]
    pub apply_server_side_encryption_by_default: One<Default>,
    /// One key a bucket instead of one an object: fewer calls of KMS.
    pub bucket_key_enabled: Option<bool>,
}

/// Where a request says nothing of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Default {
    /// `AES256`, `aws:kms` or `aws:kms:dsse`.
    #[schemars(extend("enum" = ["AES256", "aws:kms", "aws:kms:dsse"]))]
    pub sse_algorithm: String,
    /// Which key of KMS; the account's own for S3 where none is given.
    pub kms_master_key_id: Option<String>,
}

impl Rule {
    pub fn sent(&self) -> Result<ServerSideEncryptionRule> {
        let ours = self.apply_server_side_encryption_by_default.as_ref().map(|it| {
            let theirs =
                ServerSideEncryptionByDefault::builder().sse_algorithm(it.sse_algorithm.as_str().into());
            let key = it.kms_master_key_id.clone().filter(|it| !it.is_empty());
            built(theirs.set_kms_master_key_id(key).build())
        });
        let rule = ServerSideEncryptionRule::builder()
            .bucket_key_enabled(self.bucket_key_enabled.unwrap_or_default());
        Ok(rule.set_apply_server_side_encryption_by_default(ours.transpose()?).build())
    }
}

impl From<ServerSideEncryptionRule> for Rule {
    fn from(it: ServerSideEncryptionRule) -> Self {
        let ours = |it: ServerSideEncryptionByDefault| Default {
            sse_algorithm: it.sse_algorithm.as_str().to_owned(),
            kms_master_key_id: it.kms_master_key_id.filter(|it| !it.is_empty()),
        };
        Rule {
            apply_server_side_encryption_by_default: One(it
                .apply_server_side_encryption_by_default
                .map(ours)),
            bucket_key_enabled: it.bucket_key_enabled,
        }
    }
}

impl Resource for BucketEncryption {
    const TYPE: &'static str = "aws_s3_bucket_server_side_encryption_configuration";
    const IMPORT: &'static [&'static str] = &["acme-data", "acme-data,123456789012"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketEncryption")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[S3];
    const VANISHES: bool = false; // S3 then encrypts with keys of its own, and says so
    type Key = Place;

    fn key(&self) -> Place {
        Place::new(&self.bucket, self.expected_bucket_owner.as_deref())
    }

    fn import(id: &str) -> Result<Place> {
        Ok(Place::parse(id))
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        each(places, |place| async move {
            let call = aws.s3().get_bucket_encryption().bucket(&place.bucket);
            let answer = call.set_expected_bucket_owner(place.owner.clone()).send().await;
            let found = there(answer.map_err(Error::from))?;
            Ok(found.and_then(|it| it.server_side_encryption_configuration).map(|it| Live {
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: BucketEncryption {
                    bucket: Fixed(place.bucket.clone()),
                    expected_bucket_owner: Fixed(place.owner.clone()),
                    rule: it.rules.into_iter().map(Rule::from).collect(),
                    id: Computed(place.id()),
                },
                key: place,
            }))
        })
        .await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        self.put(aws).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.s3().delete_bucket_encryption().bucket(&**self.bucket);
        call.set_expected_bucket_owner(self.key().owner).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl BucketEncryption {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let rules = self.rule.iter().map(Rule::sent).collect::<Result<Vec<_>>>()?;
        let config = built(ServerSideEncryptionConfiguration::builder().set_rules(Some(rules)).build())?;
        let call = aws.s3().put_bucket_encryption().bucket(&**self.bucket);
        let call = call.server_side_encryption_configuration(config);
        call.set_expected_bucket_owner(self.key().owner).send().await?;
        Ok(())
    }
}
