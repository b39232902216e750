use std::time::Duration;

use aws_sdk_s3::types::{self as sdk, BucketLifecycleConfiguration};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, S3, each, there};
use crate::aws::shape::{built, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod planned;

/// When a bucket's objects move to cheaper storage, and when they are removed.
///
/// ```toml
/// [aws_s3_bucket_lifecycle_configuration.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// rule = [{ id = "old", status = "Enabled", filter = [{ prefix = "logs/" }], expiration = [{ days = 30 }] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// The bucket.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: Fixed<String>,
    /// The account that the bucket must belong to.
    #[schemars(regex(pattern = r"^(\d{12})?$"))]
    pub expected_bucket_owner: Chosen<Fixed<Option<String>>>,
    /// From which size on objects move.
    #[schemars(extend("enum" = ["all_storage_classes_128K", "varies_by_storage_class"]))]
    pub transition_default_minimum_object_size: Chosen<Option<String>>,
    /// What happens to which objects.
    #[serde(default)]
    pub rule: Vec<Rule>,
    pub timeouts: Option<TimeoutsCreateUpdate>,
    /// The bucket's name; `name,account` where `expected_bucket_owner` is given.
    pub id: Computed<String>,
}

/// What happens to some objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule's name.
    #[schemars(length(min = 1, max = 255))]
    pub id: String,
    /// `Enabled` or `Disabled`.
    #[schemars(extend("enum" = ["Enabled", "Disabled"]))]
    pub status: String,
    /// What keys begin with. Deprecated: say it in `filter`.
    pub prefix: Chosen<Option<String>>,
    /// Which objects; all where there is none.
    #[serde(default)]
    pub filter: Vec<Filter>,
    /// When to remove objects.
    #[serde(default)]
    pub expiration: Vec<Expiration>,
    /// When to move objects to other storage.
    #[serde(default)]
    pub transition: Set<Transition>,
    /// When to remove former versions.
    #[serde(default)]
    pub noncurrent_version_expiration: Vec<FormerExpiration>,
    /// When to move former versions to other storage.
    #[serde(default)]
    pub noncurrent_version_transition: Set<FormerTransition>,
    /// When to give up unfinished uploads.
    #[serde(default)]
    pub abort_incomplete_multipart_upload: Vec<Abort>,
}

/// Which objects: one condition, or several in `and`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// What keys begin with.
    pub prefix: Chosen<Option<String>>,
    /// Larger than so many bytes.
    pub object_size_greater_than: Chosen<Option<i64>>,
    /// Smaller than so many bytes.
    pub object_size_less_than: Chosen<Option<i64>>,
    /// With this tag.
    #[serde(default)]
    pub tag: Vec<Tag>,
    /// All of these conditions.
    #[serde(default)]
    pub and: Vec<And>,
}

/// A tag of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// The tag's name.
    pub key: String,
    /// The tag's value.
    pub value: String,
}

/// Conditions that hold together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct And {
    /// What keys begin with.
    pub prefix: Chosen<Option<String>>,
    /// Larger than so many bytes.
    pub object_size_greater_than: Chosen<Option<i64>>,
    /// Smaller than so many bytes.
    pub object_size_less_than: Chosen<Option<i64>>,
    /// With all of these tags.
    pub tags: Option<Tags>,
}

/// When to remove objects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expiration {
    /// On this day, such as `2027-01-01T00:00:00Z`.
    #[schemars(regex(pattern = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"))]
    pub date: Option<String>,
    /// So many days after they were made.
    pub days: Chosen<Option<i64>>,
    /// Remove markers of deletion that stand alone.
    pub expired_object_delete_marker: Chosen<Option<bool>>,
}

/// When to move objects, and where to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// On this day, such as `2027-01-01T00:00:00Z`.
    #[schemars(regex(pattern = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"))]
    pub date: Option<String>,
    /// So many days after they were made.
    #[schemars(range(min = 0))]
    pub days: Chosen<Option<i64>>,
    /// Such as `STANDARD_IA` or `GLACIER`.
    #[schemars(extend("enum" = ["GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"]))]
    pub storage_class: String,
}

/// When to remove former versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerExpiration {
    /// Keep so many of them.
    #[schemars(range(min = 1))]
    pub newer_noncurrent_versions: Chosen<Option<i64>>,
    /// So many days after they were replaced.
    #[schemars(range(min = 1))]
    pub noncurrent_days: i64,
}

/// When to move former versions, and where to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerTransition {
    /// Leave so many of them.
    #[schemars(range(min = 1))]
    pub newer_noncurrent_versions: Chosen<Option<i64>>,
    /// So many days after they were replaced.
    #[schemars(range(min = 0))]
    pub noncurrent_days: i64,
    /// Such as `STANDARD_IA` or `GLACIER`.
    #[schemars(extend("enum" = ["GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"]))]
    pub storage_class: String,
}

/// When to give up unfinished uploads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Abort {
    /// So many days after they began.
    pub days_after_initiation: Option<i64>,
}

impl Resource for Lifecycle {
    const TYPE: &'static str = "aws_s3_bucket_lifecycle_configuration";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["acme-data", "acme-data,123456789012"];
    const UNWRITTEN: &'static [&'static str] = &["rule.prefix"];
    const FRAMEWORK: bool = true;
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("s3:GetBucketLifecycleConfiguration")],
        "S3 tells one part of one bucket a call",
    );
    const PATIENCE: Duration = Duration::from_secs(180);
    const PASSING: &'static [&'static [Passing]] = &[S3];
    type Key = Place;

    fn key(&self) -> Place {
        Place::new(&self.bucket, self.expected_bucket_owner.as_deref())
    }

    fn import(id: &str) -> Result<Place> {
        Ok(Place::parse(id))
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        each(places, |place| async move {
            let call = aws.s3().get_bucket_lifecycle_configuration().bucket(&place.bucket);
            let answer = call.set_expected_bucket_owner(place.owner.clone()).send().await;
            Ok(there(answer.map_err(Error::from))?.map(|it| Live {
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: Lifecycle {
                    bucket: Fixed(place.bucket.clone()),
                    // As the provider keeps it: it would replace one whose account it has yet to learn.
                    expected_bucket_owner: Chosen(Fixed(Some(place.owner.clone().unwrap_or_default()))),
                    transition_default_minimum_object_size: seen(it.transition_default_minimum_object_size),
                    rule: it.rules.unwrap_or_default().into_iter().map(Rule::from).collect(),
                    timeouts: None,
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
        let call = aws.s3().delete_bucket_lifecycle().bucket(&**self.bucket);
        call.set_expected_bucket_owner(self.key().owner).send().await?;
        Ok(())
    }

    // A rule without a filter is one whose filter lets everything through; S3 orders rules by itself.
    fn as_kept(mut self, kept: &Self) -> Self {
        let place = |id: &str| kept.rule.iter().position(|it| it.id == id).unwrap_or(usize::MAX);
        self.rule.sort_by_key(|it| place(&it.id));
        for it in &mut self.rule {
            let written = kept.rule.iter().find(|kept| kept.id == it.id);
            if written.is_some_and(|it| it.filter.is_empty()) && it.filter.iter().all(Filter::takes_all) {
                it.filter.clear();
            }
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        planned::settle(plan);
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl Lifecycle {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let rules = self.rule.iter().map(Rule::sent).collect::<Result<Vec<_>>>()?;
        let config = built(BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build())?;
        let call = aws
            .s3()
            .put_bucket_lifecycle_configuration()
            .bucket(&**self.bucket)
            .lifecycle_configuration(config)
            .set_expected_bucket_owner(self.key().owner)
            .set_transition_default_minimum_object_size(sent(&self.transition_default_minimum_object_size));
        call.send().await?;
        Ok(())
    }
}

fn time(text: Option<&str>) -> Result<Option<DateTime>> {
    let time = text.filter(|it| !it.is_empty()).map(|it| DateTime::from_str(it, Format::DateTime));
    time.transpose().map_err(|it| Error::Invalid(format!("date: {it}")))
}

fn text(time: Option<DateTime>) -> Option<String> {
    time.and_then(|it| it.fmt(Format::DateTime).ok())
}

fn positive(it: &Option<i64>) -> Option<i32> {
    it.filter(|it| *it > 0).and_then(|it| i32::try_from(it).ok())
}

impl Rule {
    fn sent(&self) -> Result<sdk::LifecycleRule> {
        let prefix = self.prefix.as_deref().filter(|it| !it.is_empty());
        let filter = match (self.filter.first(), prefix) {
            (Some(it), _) => Some(it.sent()?),
            (None, Some(_)) => None,
            (None, None) => Some(sdk::LifecycleRuleFilter::builder().build()),
        };
        let transitions = self.transition.iter().map(Transition::sent).collect::<Result<Vec<_>>>()?;
        let former =
            self.noncurrent_version_transition.iter().map(FormerTransition::sent).collect::<Vec<_>>();
        let abort = self.abort_incomplete_multipart_upload.first();
        let rule =
            sdk::LifecycleRule::builder().id(&self.id).status(self.status.as_str().into()).set_filter(filter);
        // The older place of the prefix, which S3 takes instead of a filter only.
        #[allow(deprecated, reason = "the provider's attribute of that name")]
        let rule = rule.set_prefix(if self.filter.is_empty() { prefix.map(str::to_owned) } else { None });
        let rule = rule
            .set_expiration(self.expiration.first().map(Expiration::sent).transpose()?)
            .set_transitions((!transitions.is_empty()).then_some(transitions))
            .set_noncurrent_version_expiration(
                self.noncurrent_version_expiration.first().map(FormerExpiration::sent),
            )
            .set_noncurrent_version_transitions((!former.is_empty()).then_some(former))
            .set_abort_incomplete_multipart_upload(abort.map(|it| {
                let days = sent(&it.days_after_initiation);
                sdk::AbortIncompleteMultipartUpload::builder().set_days_after_initiation(days).build()
            }));
        built(rule.build())
    }
}

impl From<sdk::LifecycleRule> for Rule {
    fn from(it: sdk::LifecycleRule) -> Self {
        #[allow(deprecated, reason = "the provider's attribute of that name")]
        let prefix = it.prefix;
        Rule {
            id: seen(it.id),
            status: it.status.as_str().to_owned(),
            prefix: Chosen(Some(prefix.unwrap_or_default())),
            filter: it.filter.map(Filter::from).into_iter().collect(),
            expiration: it.expiration.map(Expiration::from).into_iter().collect(),
            transition: it.transitions.unwrap_or_default().into_iter().map(Transition::from).collect(),
            noncurrent_version_expiration: it
                .noncurrent_version_expiration
                .map(FormerExpiration::from)
                .into_iter()
                .collect(),
            noncurrent_version_transition: it
                .noncurrent_version_transitions
                .unwrap_or_default()
                .into_iter()
                .map(FormerTransition::from)
                .collect(),
            abort_incomplete_multipart_upload: it
                .abort_incomplete_multipart_upload
                .map(|it| Abort { days_after_initiation: seen(it.days_after_initiation) })
                .into_iter()
                .collect(),
        }
    }
}

impl Filter {
    fn takes_all(&self) -> bool {
        let Filter { prefix, object_size_greater_than, object_size_less_than, tag, and } = self;
        prefix.as_deref().unwrap_or_default().is_empty()
            && object_size_greater_than.is_none()
            && object_size_less_than.is_none()
            && tag.is_empty()
            && and.is_empty()
    }

    fn sent(&self) -> Result<sdk::LifecycleRuleFilter> {
        let tag = |key: &str, value: &str| built(sdk::Tag::builder().key(key).value(value).build());
        let mut out = sdk::LifecycleRuleFilter::builder()
            .set_object_size_greater_than(self.object_size_greater_than.filter(|it| *it > 0))
            .set_object_size_less_than(self.object_size_less_than.filter(|it| *it > 0));
        if let Some(it) = self.tag.first() {
            out = out.tag(tag(&it.key, &it.value)?);
        }
        if let Some(it) = self.and.first() {
            let tags = it.tags.iter().flatten().map(|(k, v)| tag(k, v)).collect::<Result<Vec<_>>>()?;
            let and = sdk::LifecycleRuleAndOperator::builder()
                .set_prefix(it.prefix.0.clone().filter(|it| !it.is_empty()))
                // The provider always says so here, which leaves out empty objects.
                .object_size_greater_than(it.object_size_greater_than.unwrap_or(0))
                .set_object_size_less_than(it.object_size_less_than.filter(|it| *it > 0))
                .set_tags((!tags.is_empty()).then_some(tags));
            out = out.and(and.build());
        }
        let alone = self.tag.is_empty()
            && self.and.is_empty()
            && self.object_size_greater_than.is_none_or(|it| it <= 0)
            && self.object_size_less_than.is_none_or(|it| it <= 0);
        Ok(out.set_prefix(self.prefix.0.clone().filter(|it| alone || !it.is_empty())).build())
    }
}

impl From<sdk::LifecycleRuleFilter> for Filter {
    fn from(it: sdk::LifecycleRuleFilter) -> Self {
        let and = |it: sdk::LifecycleRuleAndOperator| And {
            prefix: Chosen(Some(it.prefix.unwrap_or_default())),
            object_size_greater_than: Chosen(Some(it.object_size_greater_than.unwrap_or_default())),
            object_size_less_than: Chosen(Some(it.object_size_less_than.unwrap_or_default())),
            tags: it.tags.map(|it| it.into_iter().map(|it| (it.key, it.value)).collect()),
        };
        Filter {
            prefix: Chosen(it.prefix),
            object_size_greater_than: Chosen(it.object_size_greater_than),
            object_size_less_than: Chosen(it.object_size_less_than),
            tag: it.tag.map(|it| Tag { key: it.key, value: it.value }).into_iter().collect(),
            and: it.and.map(and).into_iter().collect(),
        }
    }
}

impl Expiration {
    fn sent(&self) -> Result<sdk::LifecycleExpiration> {
        let date = time(self.date.as_deref())?;
        let days = positive(&self.days);
        // The marker stands alone.
        let marker = self.expired_object_delete_marker.filter(|it| *it || (date.is_none() && days.is_none()));
        let out = sdk::LifecycleExpiration::builder().set_date(date).set_days(days);
        Ok(out.set_expired_object_delete_marker(marker).build())
    }
}

impl From<sdk::LifecycleExpiration> for Expiration {
    fn from(it: sdk::LifecycleExpiration) -> Self {
        Expiration {
            date: text(it.date),
            days: Chosen(Some(it.days.unwrap_or_default().into())),
            expired_object_delete_marker: Chosen(Some(it.expired_object_delete_marker.unwrap_or_default())),
        }
    }
}

impl Transition {
    fn sent(&self) -> Result<sdk::Transition> {
        let date = time(self.date.as_deref())?;
        // 0 days is a time too: at once.
        let days = self.days.filter(|_| date.is_none()).and_then(|it| i32::try_from(it).ok());
        let out = sdk::Transition::builder().set_date(date).set_days(days);
        Ok(out.storage_class(self.storage_class.as_str().into()).build())
    }
}

impl From<sdk::Transition> for Transition {
    fn from(it: sdk::Transition) -> Self {
        Transition { date: text(it.date), days: seen(it.days), storage_class: seen(it.storage_class) }
    }
}

impl FormerExpiration {
    fn sent(&self) -> sdk::NoncurrentVersionExpiration {
        sdk::NoncurrentVersionExpiration::builder()
            .set_newer_noncurrent_versions(positive(&self.newer_noncurrent_versions))
            .set_noncurrent_days(sent(&self.noncurrent_days))
            .build()
    }
}

impl From<sdk::NoncurrentVersionExpiration> for FormerExpiration {
    fn from(it: sdk::NoncurrentVersionExpiration) -> Self {
        FormerExpiration {
            newer_noncurrent_versions: seen(it.newer_noncurrent_versions),
            noncurrent_days: seen(it.noncurrent_days),
        }
    }
}

impl FormerTransition {
    fn sent(&self) -> sdk::NoncurrentVersionTransition {
        sdk::NoncurrentVersionTransition::builder()
            .set_newer_noncurrent_versions(positive(&self.newer_noncurrent_versions))
            .set_noncurrent_days(sent(&self.noncurrent_days))
            .storage_class(self.storage_class.as_str().into())
            .build()
    }
}

impl From<sdk::NoncurrentVersionTransition> for FormerTransition {
    fn from(it: sdk::NoncurrentVersionTransition) -> Self {
        FormerTransition {
            newer_noncurrent_versions: seen(it.newer_noncurrent_versions),
            noncurrent_days: seen(it.noncurrent_days),
            storage_class: seen(it.storage_class),
        }
    }
}
