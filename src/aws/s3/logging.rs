use std::time::Duration;

use aws_sdk_s3::types::{self as sdk, BucketLoggingStatus, LoggingEnabled};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acl::Grantee;
use super::{Place, S3, each, there};
use crate::aws::shape::{built, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

/// Writes down each request to a bucket, as objects in another one.
///
/// The other bucket has to let S3 write there: its policy allows `s3:PutObject` to the service
/// `logging.s3.amazonaws.com`.
///
/// ```toml
/// [aws_s3_bucket_logging.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// target_bucket = "${aws_s3_bucket.logs.id}"
/// target_prefix = "files/"
/// target_object_key_format = { partitioned_prefix = { partition_date_source = "EventTime" } }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketLogging {
    /// The bucket.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: Fixed<String>,
    /// The account that the bucket must belong to.
    #[schemars(regex(pattern = r"^(\d{12})?$"))]
    pub expected_bucket_owner: Fixed<Option<String>>,
    /// The bucket that the logs go to, in the same region and of the same account.
    pub target_bucket: String,
    /// What the logs' keys begin with; may be empty.
    pub target_prefix: String,
    /// Who else may do something with the logs, where that bucket allows for access lists.
    #[serde(default)]
    pub target_grant: Set<TargetGrant>,
    /// How the logs' keys go on.
    #[serde(default)]
    pub target_object_key_format: One<KeyFormat>,
    /// The bucket's name; `name,account` where `expected_bucket_owner` is given.
    pub id: Computed<String>,
}

/// What one grantee may do with the logs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetGrant {
    /// Who.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub grantee: One<Grantee>,
    /// `FULL_CONTROL`, `READ` or `WRITE`.
    #[schemars(extend("enum" = ["FULL_CONTROL", "READ", "WRITE"]))]
    pub permission: String,
}

/// How the logs' keys go on after `target_prefix`: in one of two ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyFormat {
    /// By account, region, bucket and day.
    #[serde(default)]
    pub partitioned_prefix: One<Partitioned>,
    /// By the time alone.
    #[serde(default)]
    pub simple_prefix: One<Simple>,
}

/// Keys by account, region, bucket and day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Partitioned {
    /// Which day that is: `EventTime`, the request's; or `DeliveryTime`, the log's.
    #[schemars(extend("enum" = ["EventTime", "DeliveryTime"]))]
    pub partition_date_source: String,
}

/// Keys by the time: there is nothing to say about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("properties" = {}))]
pub struct Simple {}

/// The ways of [`KeyFormat`].
const FORMATS: &[&str] = &["partitioned_prefix", "simple_prefix"];

impl Resource for BucketLogging {
    const TYPE: &'static str = "aws_s3_bucket_logging";
    const IMPORT: &'static [&'static str] = &["acme-data", "acme-data,123456789012"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketLogging")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[
        S3,
        // The bucket for the logs was made a moment ago.
        &[Passing::unseen("InvalidTargetBucketForLogging").saying("target bucket for logging does not")],
    ];
    const VANISHES: bool = false; // every bucket has a state of this, which S3 may be slow to show
    type Key = Place;

    fn key(&self) -> Place {
        Place::new(&self.bucket, self.expected_bucket_owner.as_deref())
    }

    fn import(id: &str) -> Result<Place> {
        Ok(Place::parse(id))
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        each(places, |place| async move {
            let call = aws.s3().get_bucket_logging().bucket(&place.bucket);
            let answer = call.set_expected_bucket_owner(place.owner.clone()).send().await;
            let found = there(answer.map_err(Error::from))?.and_then(|it| it.logging_enabled);
            Ok(found.map(|it| live(place, it)))
        })
        .await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        self.put(aws, Some(self.sent()?)).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, _was: &Self) -> Result<()> {
        self.put(aws, Some(self.sent()?)).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        self.put(aws, None).await
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one_in("target_object_key_format", FORMATS);
        let formats = plan.config("target_object_key_format").and_then(Value::as_items).unwrap_or_default();
        let says_none = |it: &Value| FORMATS.iter().all(|name| it.get(name).is_none_or(is_nothing));
        if formats.iter().any(|it| !it.is_unknown() && says_none(it)) {
            let text = "say `partitioned_prefix` or `simple_prefix`; or leave `target_object_key_format` out";
            plan.error("target_object_key_format", text);
        }
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl BucketLogging {
    fn sent(&self) -> Result<LoggingEnabled> {
        let grants = self.target_grant.iter().map(TargetGrant::sent).collect::<Result<Vec<_>>>()?;
        let it = LoggingEnabled::builder()
            .target_bucket(&self.target_bucket)
            .target_prefix(&self.target_prefix)
            .set_target_grants((!grants.is_empty()).then_some(grants))
            .set_target_object_key_format(self.target_object_key_format.as_ref().map(KeyFormat::sent));
        built(it.build())
    }

    /// `None` ends it.
    async fn put(&self, aws: &Aws, logging: Option<LoggingEnabled>) -> Result<()> {
        let status = BucketLoggingStatus::builder().set_logging_enabled(logging).build();
        let call = aws.s3().put_bucket_logging().bucket(&**self.bucket).bucket_logging_status(status);
        call.set_expected_bucket_owner(self.key().owner).send().await?;
        Ok(())
    }
}

impl TargetGrant {
    fn sent(&self) -> Result<sdk::TargetGrant> {
        let stated = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let grantee = self.grantee.as_ref().map(|it| {
            let one = sdk::Grantee::builder()
                .r#type(it.r#type.as_str().into())
                .set_display_name(stated(&it.display_name.0))
                .set_email_address(stated(&it.email_address))
                .set_id(stated(&it.id))
                .set_uri(stated(&it.uri));
            built(one.build())
        });
        let it = sdk::TargetGrant::builder().set_grantee(grantee.transpose()?);
        Ok(it.permission(self.permission.as_str().into()).build())
    }
}

impl From<sdk::TargetGrant> for TargetGrant {
    fn from(it: sdk::TargetGrant) -> Self {
        let grantee = it.grantee.map(|it| Grantee {
            r#type: seen(Some(it.r#type)),
            id: it.id,
            email_address: it.email_address,
            uri: it.uri,
            display_name: Computed(it.display_name),
        });
        TargetGrant { grantee: One(grantee), permission: seen(it.permission) }
    }
}

impl KeyFormat {
    fn sent(&self) -> sdk::TargetObjectKeyFormat {
        let partitioned = self.partitioned_prefix.as_ref().map(|it| {
            let source = sent(&it.partition_date_source);
            sdk::PartitionedPrefix::builder().set_partition_date_source(source).build()
        });
        let simple = self.simple_prefix.as_ref().map(|_| sdk::SimplePrefix::builder().build());
        let it = sdk::TargetObjectKeyFormat::builder().set_partitioned_prefix(partitioned);
        it.set_simple_prefix(simple).build()
    }
}

impl From<sdk::TargetObjectKeyFormat> for KeyFormat {
    fn from(it: sdk::TargetObjectKeyFormat) -> Self {
        let partitioned = |it: sdk::PartitionedPrefix| Partitioned {
            partition_date_source: seen(it.partition_date_source),
        };
        KeyFormat {
            partitioned_prefix: One(it.partitioned_prefix.map(partitioned)),
            simple_prefix: One(it.simple_prefix.map(|_| Simple {})),
        }
    }
}

fn live(place: Place, it: LoggingEnabled) -> Live<BucketLogging> {
    Live {
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: BucketLogging {
            bucket: Fixed(place.bucket.clone()),
            expected_bucket_owner: Fixed(place.owner.clone()),
            target_bucket: it.target_bucket,
            target_prefix: it.target_prefix,
            target_grant: it.target_grants.unwrap_or_default().into_iter().map(TargetGrant::from).collect(),
            target_object_key_format: One(it.target_object_key_format.map(KeyFormat::from)),
            id: Computed(place.id()),
        },
        key: place,
    }
}
