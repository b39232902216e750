use std::time::Duration;

use aws_sdk_s3::types::ReplicationConfiguration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{S3, each, there};
use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

mod destination;
mod rule;

pub use destination::Destination;
pub use rule::Rule;

/// Copies the objects of a bucket to others, as they are written.
///
/// All of these buckets keep former versions (`aws_s3_bucket_versioning`).
///
/// ```toml
/// [aws_s3_bucket_replication_configuration.files]
/// bucket = "${aws_s3_bucket_versioning.files.bucket}"
/// role = "${aws_iam_role.copies.arn}"
///
/// [[aws_s3_bucket_replication_configuration.files.rule]]
/// id = "all"
/// status = "Enabled"
/// filter = { prefix = "" }
/// delete_marker_replication = { status = "Enabled" }
/// destination = { bucket = "${aws_s3_bucket.copies.arn}", storage_class = "STANDARD_IA" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketReplication {
    /// The bucket.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: Fixed<String>,
    /// ARN of the role by which S3 copies.
    #[schemars(regex(pattern = "^arn:.+$"))]
    pub role: String,
    /// What goes where. Where several rules fit, that of the highest priority is followed.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1000))]
    pub rule: Vec<Rule>,
    /// A token from AWS's support, without which a bucket with object lock is not copied.
    pub token: Local<Secret<Option<String>>>,
    /// The bucket's name.
    pub id: Computed<String>,
}

impl Resource for BucketReplication {
    const TYPE: &'static str = "aws_s3_bucket_replication_configuration";
    const SENT: &'static [&'static str] = &["token"];
    const IMPORT: &'static [&'static str] = &["acme-data"];
    const UNWRITTEN: &'static [&'static str] = &["token"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketReplication")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[
        S3,
        // The buckets were told a moment ago to keep versions.
        &[
            Passing::unseen("InvalidRequest").saying("versioning must be 'enabled' on the bucket"),
            Passing::unseen("InvalidRequest").saying("destination bucket must have versioning enabled"),
        ],
    ];
    type Key = String;

    fn key(&self) -> String {
        self.bucket.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, buckets: &[String]) -> Result<Vec<Live<Self>>> {
        each(buckets, |bucket| async move {
            let answer = aws.s3().get_bucket_replication().bucket(&bucket).send().await;
            let found = there(answer.map_err(Error::from))?.and_then(|it| it.replication_configuration);
            Ok(found.map(|it| Live {
                key: bucket.clone(),
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: BucketReplication {
                    role: it.role,
                    rule: it.rules.into_iter().map(Rule::from).collect(),
                    token: Local(Secret(None)),
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
        aws.s3().delete_bucket_replication().bucket(self.key()).send().await?;
        Ok(())
    }

    // In whatever order S3 tells them: rules are known by their names.
    fn as_kept(mut self, kept: &Self) -> Self {
        let place = |it: &Rule| kept.rule.iter().position(|kept| kept.id == it.id);
        if self.rule.len() == kept.rule.len() && self.rule.iter().all(|it| place(it).is_some()) {
            self.rule.sort_by_key(place);
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        let items =
            |it: &Value, name: &str| it.get(name).and_then(Value::as_items).unwrap_or_default().to_vec();
        let says = |it: &Value| !it.is_unknown() && !is_nothing(it);
        let several = |it: Value| {
            ["prefix", "tag", "and"].iter().filter(|name| it.get(name).is_some_and(says)).count() > 1
        };
        let mut filters = items(&plan.config, "rule").into_iter().flat_map(|it| items(&it, "filter"));
        if filters.any(several) {
            let text = "a `filter` has one of `prefix`, `tag` and `and`: write several conditions in `and`";
            plan.error("rule", text);
        }
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }
}

impl BucketReplication {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let rules = self.rule.iter().map(Rule::sent).collect::<Result<Vec<_>>>()?;
        let config = ReplicationConfiguration::builder().role(&self.role).set_rules(Some(rules));
        let call = aws.s3().put_bucket_replication().bucket(self.key());
        let call = call.replication_configuration(built(config.build())?);
        call.set_token(stated(&self.token.0.0)).send().await?;
        Ok(())
    }
}

/// What is said, where that is anything.
fn stated(it: &Option<String>) -> Option<String> {
    it.clone().filter(|it| !it.is_empty())
}
