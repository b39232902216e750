use std::time::Duration;

use aws_sdk_s3::types::VersioningConfiguration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Place, S3, each, there};
use crate::aws::{Aws, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Whether a bucket keeps former versions of its objects.
///
/// ```toml
/// [aws_s3_bucket_versioning.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// versioning_configuration = { status = "Enabled" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Versioning {
    /// The bucket.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: Fixed<String>,
    /// The account that the bucket must belong to.
    #[schemars(regex(pattern = r"^(\d{12})?$"))]
    pub expected_bucket_owner: Fixed<Option<String>>,
    /// Serial number of the owner's MFA device, a space, and its code: to change `mfa_delete`.
    pub mfa: Local<Option<String>>,
    /// What is kept.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub versioning_configuration: One<Config>,
    /// The bucket's name; `name,account` where `expected_bucket_owner` is given.
    pub id: Computed<String>,
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `Enabled`, `Suspended`, or `Disabled` for a bucket that never kept versions.
    #[schemars(extend("enum" = ["Enabled", "Suspended", "Disabled"]))]
    pub status: String,
    /// Ask for the owner's MFA device before a version is removed.
    #[schemars(extend("enum" = ["Enabled", "Disabled"]))]
    pub mfa_delete: Chosen<Option<String>>,
}

impl Resource for Versioning {
    const TYPE: &'static str = "aws_s3_bucket_versioning";
    const IMPORT: &'static [&'static str] = &["acme-data", "acme-data,123456789012"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketVersioning")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[S3];
    const VANISHES: bool = false; // every bucket has a versioning state
    type Key = Place;

    fn key(&self) -> Place {
        Place::new(&self.bucket, self.expected_bucket_owner.as_deref())
    }

    fn import(id: &str) -> Result<Place> {
        Ok(Place::parse(id))
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        each(places, |place| async move {
            Ok(there(ask(aws, &place).await)?.map(|it| Live {
                status: Status::Ready,
                tags: None,
                unread: &[],
                attributes: Versioning {
                    bucket: Fixed(place.bucket.clone()),
                    expected_bucket_owner: Fixed(place.owner.clone()),
                    mfa: Local(None),
                    versioning_configuration: One(Some(it)),
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

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.versioning_configuration == was.versioning_configuration {
            return Ok(());
        }
        self.put(aws).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        if self.versioning_configuration.as_ref().is_none_or(|it| it.status == "Disabled") {
            return Ok(());
        }
        let config = VersioningConfiguration::builder().status("Suspended".into()).build();
        match self.send(aws, config).await {
            // A bucket with object lock keeps versions as long as it lives.
            Err(it) if it.code() == Some("InvalidBucketState") => Ok(()),
            other => other,
        }
    }

    fn adjust(plan: &mut Adjust) {
        let status = |it: &crate::lang::Value| {
            let block = it.get("versioning_configuration")?.as_items()?.first()?;
            block.get("status")?.as_str().map(str::to_owned)
        };
        let was = plan.was.as_ref().and_then(status);
        if status(&plan.will).as_deref() == Some("Disabled") && was.is_some_and(|it| it != "Disabled") {
            let sentence = "a bucket that kept versions once can only be `Suspended`, never `Disabled` again";
            plan.error("versioning_configuration", sentence);
        }
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl Versioning {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let Some(wanted) = self.versioning_configuration.as_ref().filter(|it| it.status != "Disabled") else {
            return Ok(());
        };
        // Read as the provider reads it, what was never said is an empty text: S3 takes no such element.
        let mfa = wanted.mfa_delete.as_deref().filter(|it| !it.is_empty()).map(Into::into);
        let config = VersioningConfiguration::builder().status(wanted.status.as_str().into());
        self.send(aws, config.set_mfa_delete(mfa).build()).await
    }

    async fn send(&self, aws: &Aws, config: VersioningConfiguration) -> Result<()> {
        let call = aws.s3().put_bucket_versioning().bucket(&**self.bucket).versioning_configuration(config);
        let call = call.set_expected_bucket_owner(self.key().owner).set_mfa(self.mfa.0.clone());
        call.send().await?;
        Ok(())
    }
}

/// A bucket's versioning state; `Disabled` where it never kept versions.
pub async fn ask(aws: &Aws, place: &Place) -> Result<Config> {
    let call = aws.s3().get_bucket_versioning().bucket(&place.bucket);
    let error = match call.set_expected_bucket_owner(place.owner.clone()).send().await {
        Ok(it) => return Ok(config(it.status.as_ref(), it.mfa_delete.as_ref())),
        Err(it) => it,
    };
    // Some emulators name the answer's root after the call, which the SDK refuses to read.
    let body = error.raw_response().filter(|it| it.status().is_success()).and_then(|it| it.body().bytes());
    let text = body.map(String::from_utf8_lossy).unwrap_or_default();
    if !text.contains("GetBucketVersioningResponse") {
        return Err(error.into());
    }
    Ok(config(between(&text, "Status"), between(&text, "MfaDelete")))
}

fn config(status: Option<impl AsRef<str>>, mfa: Option<impl AsRef<str>>) -> Config {
    Config {
        status: status.map_or_else(|| "Disabled".into(), |it| it.as_ref().to_owned()),
        mfa_delete: Chosen(mfa.map(|it| it.as_ref().to_owned())),
    }
}

fn between<'a>(xml: &'a str, tag: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{tag}>"))?;
    rest.split_once(&format!("</{tag}>")).map(|it| it.0)
}
