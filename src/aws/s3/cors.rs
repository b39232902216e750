use std::time::Duration;

use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, S3, each, there};
use crate::aws::shape::{built, seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// What scripts of other sites may ask of a bucket.
///
/// ```toml
/// [aws_s3_bucket_cors_configuration.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// cors_rule = [{ allowed_methods = ["GET"], allowed_origins = ["https://example.com"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketCors {
    /// The bucket.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: Fixed<String>,
    /// The account that the bucket must belong to.
    #[schemars(regex(pattern = r"^(\d{12})?$"))]
    pub expected_bucket_owner: Fixed<Option<String>>,
    /// What may be asked. The first that fits is followed.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub cors_rule: Set<Rule>,
    /// The bucket's name; `name,account` where `expected_bucket_owner` is given.
    pub id: Computed<String>,
}

/// What scripts of some sites may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule's name.
    #[schemars(length(max = 255))]
    pub id: Option<String>,
    /// Such as `GET`.
    pub allowed_methods: Set<String>,
    /// Such as `https://example.com`, or `*`.
    pub allowed_origins: Set<String>,
    /// Headers that a browser may send.
    pub allowed_headers: Option<Set<String>>,
    /// Headers that a script may see.
    pub expose_headers: Option<Set<String>>,
    /// How many seconds a browser may rely on the answer.
    pub max_age_seconds: Option<i64>,
}

impl Resource for BucketCors {
    const TYPE: &'static str = "aws_s3_bucket_cors_configuration";
    const IMPORT: &'static [&'static str] = &["acme-data", "acme-data,123456789012"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketCors")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(120);
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
            let call = aws.s3().get_bucket_cors().bucket(&place.bucket);
            let answer = call.set_expected_bucket_owner(place.owner.clone()).send().await;
            let found = there(answer.map_err(Error::from))?.and_then(|it| it.cors_rules);
            Ok(found.filter(|it| !it.is_empty()).map(|it| Live {
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: BucketCors {
                    bucket: Fixed(place.bucket.clone()),
                    expected_bucket_owner: Fixed(place.owner.clone()),
                    cors_rule: it.into_iter().map(Rule::from).collect(),
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
        let call = aws.s3().delete_bucket_cors().bucket(&**self.bucket);
        call.set_expected_bucket_owner(self.key().owner).send().await?;
        Ok(())
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl BucketCors {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let rules = self.cors_rule.iter().map(Rule::sent).collect::<Result<Vec<_>>>()?;
        let config = built(CorsConfiguration::builder().set_cors_rules(Some(rules)).build())?;
        let call = aws.s3().put_bucket_cors().bucket(&**self.bucket).cors_configuration(config);
        call.set_expected_bucket_owner(self.key().owner).send().await?;
        Ok(())
    }
}

impl Rule {
    fn sent(&self) -> Result<CorsRule> {
        let some = |it: &Option<Set<String>>| it.as_ref().map(|it| it.0.clone()).filter(|it| !it.is_empty());
        let rule = CorsRule::builder()
            .set_id(self.id.clone().filter(|it| !it.is_empty()))
            .set_allowed_methods(Some(self.allowed_methods.0.clone()))
            .set_allowed_origins(Some(self.allowed_origins.0.clone()))
            .set_allowed_headers(some(&self.allowed_headers))
            .set_expose_headers(some(&self.expose_headers))
            .set_max_age_seconds(sent(&self.max_age_seconds.unwrap_or_default()));
        built(rule.build())
    }
}

impl From<CorsRule> for Rule {
    fn from(it: CorsRule) -> Self {
        let some = |it: Option<Vec<String>>| it.filter(|it| !it.is_empty()).map(Set);
        Rule {
            id: it.id,
            allowed_methods: Set(it.allowed_methods),
            allowed_origins: Set(it.allowed_origins),
            allowed_headers: some(it.allowed_headers),
            expose_headers: some(it.expose_headers),
            max_age_seconds: seen(it.max_age_seconds),
        }
    }
}
