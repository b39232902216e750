use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{S3, each};
use crate::aws::{Aws, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod content;
mod planned;
mod reading;
mod removal;
mod tagging;

pub use tagging::change_tags;
pub(in crate::aws::s3) use tagging::tags_of;

/// An object in a bucket.
///
/// Its content comes from a file (`source`) or from the stack (`content`, `content_base64`). A changed file
/// is noticed where `etag` or `source_hash` says which one is meant.
///
/// ```toml
/// [aws_s3_object.index]
/// bucket = "${aws_s3_bucket.site.id}"
/// key = "index.html"
/// content = "<h1>Welcome</h1>"
/// content_type = "text/html"
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The bucket's name, or an access point's ARN.
    #[schemars(length(min = 1))]
    pub bucket: Fixed<String>,
    /// Its name in the bucket.
    #[schemars(length(min = 1))]
    pub key: Fixed<String>,
    /// A file that holds its content.
    pub source: Option<String>,
    /// Its content, as text.
    pub content: Option<String>,
    /// Its content, of any bytes, in base64.
    pub content_base64: Option<String>,
    /// Anything that changes with the file, such as `${filemd5("index.html")}`.
    pub source_hash: Option<String>,
    /// What S3 makes of the content: of most objects the MD5 of it, such as `${filemd5("index.html")}`.
    pub etag: Chosen<Option<String>>,
    /// What it is, such as `text/html`.
    pub content_type: Chosen<Option<String>>,
    /// Whether to show or to save it, and by which name.
    pub content_disposition: Option<String>,
    /// How it is packed, such as `gzip`.
    pub content_encoding: Option<String>,
    /// Its language, such as `en-GB`.
    pub content_language: Option<String>,
    /// How long caches may keep it, such as `max-age=300`.
    pub cache_control: Option<String>,
    /// Where a website sends those who ask for it.
    pub website_redirect: Option<String>,
    /// Headers of yours, without their `x-amz-meta-`; in small letters.
    pub metadata: Option<Tags>,
    /// A ready-made access list.
    #[schemars(extend("enum" = ["private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control"]))]
    pub acl: Chosen<Option<String>>,
    /// Such as `STANDARD` or `STANDARD_IA`.
    #[schemars(extend("enum" = ["STANDARD", "REDUCED_REDUNDANCY", "GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "OUTPOSTS", "GLACIER_IR", "SNOW", "EXPRESS_ONEZONE"]))]
    pub storage_class: Chosen<Option<String>>,
    /// How it is encrypted: `AES256`, `aws:kms` or `aws:kms:dsse`.
    #[schemars(extend("enum" = ["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"]))]
    pub server_side_encryption: Chosen<Option<String>>,
    /// ARN of the key that it is encrypted with.
    #[schemars(regex(pattern = "^(arn:.+)?$"))]
    pub kms_key_id: Chosen<Option<String>>,
    /// Use a key of the bucket's, made of that key.
    pub bucket_key_enabled: Chosen<Option<bool>>,
    /// Which checksum S3 keeps: `CRC32`, `CRC32C`, `CRC64NVME`, `SHA1` or `SHA256`.
    #[schemars(extend("enum" = ["CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"]))]
    pub checksum_algorithm: Option<String>,
    /// `ON` keeps it from being removed, until that is taken off again.
    #[schemars(extend("enum" = ["ON", "OFF"]))]
    pub object_lock_legal_hold_status: Option<String>,
    /// Until a date: `GOVERNANCE`, which some may lift, or `COMPLIANCE`, which nobody can.
    #[schemars(extend("enum" = ["GOVERNANCE", "COMPLIANCE"]))]
    pub object_lock_mode: Option<String>,
    /// The date, such as `2027-01-01T00:00:00Z`.
    pub object_lock_retain_until_date: Option<String>,
    /// Remove it with all its versions, locked ones too.
    #[serde(default)]
    pub force_destroy: Local<bool>,
    /// What is not done here as the provider configuration says.
    #[serde(default)]
    pub override_provider: Local<One<Override>>,
    /// Labels of this resource; ten at most.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// Its key.
    pub id: Computed<String>,
    /// The object's ARN.
    pub arn: Computed<String>,
    /// Its version, in a bucket that keeps them.
    pub version_id: Computed<String>,
    /// With `checksum_algorithm`: the CRC-32 of its content, in base64.
    pub checksum_crc32: Computed<String>,
    /// With `checksum_algorithm`: the CRC-32C of its content, in base64.
    pub checksum_crc32c: Computed<String>,
    /// With `checksum_algorithm`: the CRC-64/NVME of its content, in base64.
    pub checksum_crc64nvme: Computed<String>,
    /// With `checksum_algorithm`: the SHA-1 of its content, in base64.
    pub checksum_sha1: Computed<String>,
    /// With `checksum_algorithm`: the SHA-256 of its content, in base64.
    pub checksum_sha256: Computed<String>,
}

/// What is not done as the provider configuration says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The provider's default labels.
    #[serde(default)]
    pub default_tags: One<OverrideTags>,
}

/// Labels instead of the provider's default ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideTags {
    /// None: the only thing that can be said is `{}`.
    pub tags: Option<Tags>,
}

/// Where an object is, and whether its checksums are asked for: that takes a permission to decrypt it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    bucket: String,
    key: String,
    checksums: bool,
}

impl Place {
    pub(in crate::aws::s3) fn new(bucket: &str, key: &str) -> Self {
        Place { bucket: bucket.to_owned(), key: key.to_owned(), checksums: false }
    }

    /// The key as S3 is given it: as the provider does, without what leads or is repeated of slashes.
    pub(in crate::aws::s3) fn clean(&self) -> String {
        clean(&self.key)
    }

    /// Its ARN: in an access point, where the bucket is named by the ARN of one.
    pub(in crate::aws::s3) fn arn(&self, aws: &Aws) -> String {
        match self.bucket.starts_with("arn:") {
            true => format!("{}/object/{}", self.bucket, self.clean()),
            false => format!("arn:{}:s3:::{}/{}", aws.partition(), self.bucket, self.clean()),
        }
    }
}

fn clean(key: &str) -> String {
    let key = key.strip_prefix("./").unwrap_or(key).trim_start_matches('/');
    let mut out = String::with_capacity(key.len());
    for it in key.chars() {
        if it != '/' || !out.ends_with('/') {
            out.push(it);
        }
    }
    out
}

impl Resource for Object {
    const TYPE: &'static str = "aws_s3_object";
    const IMPORT: &'static [&'static str] = &["acme-data/index.html", "s3://acme-data/index.html"];
    const TAGS: TagApi = TagApi::S3Object;
    const READS: Reads = Reads::of(
        &[Cost::each("s3:HeadObject")],
        "S3 tells of one object a call; its list lacks what an object is served with. The labels of one that \
         has any cost a call more",
    );
    const PATIENCE: Duration = Duration::from_secs(1200);
    const PASSING: &'static [&'static [Passing]] = &[
        S3,
        // The bucket was told a moment ago that it keeps locked versions, or allows for access lists.
        &[
            Passing::unseen("AccessControlListNotSupported"),
            Passing::unseen("InvalidRequest").saying("missing object lock configuration"),
        ],
    ];
    type Key = Place;

    fn key(&self) -> Place {
        let checksums = self.checksum_algorithm.as_ref().is_some_and(|it| !it.is_empty());
        Place { bucket: self.bucket.0.clone(), key: self.key.0.clone(), checksums }
    }

    // How it is to be read is no part of which one it is.
    fn is_same(one: &Place, other: &Place) -> bool {
        (&one.bucket, &one.key) == (&other.bucket, &other.key)
    }

    fn key_after(&self, will: &Self) -> Place {
        Resource::key(will)
    }

    fn import(id: &str) -> Result<Place> {
        let id = id.strip_prefix("s3://").unwrap_or(id);
        match id.split_once('/') {
            Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => Ok(Place::new(bucket, key)),
            _ => Err(crate::aws::Error::Invalid("it is not `bucket/key` or `s3://bucket/key`".to_owned())),
        }
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        each(places, |place| async move { reading::one(aws, &place).await }).await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        content::put(self, aws).await?;
        Ok(Resource::key(self))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        match content::is_another(self, was) {
            // The access list and the locks go with it.
            true => content::put(self, aws).await,
            false => content::change(self, aws, was).await,
        }
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        removal::remove(self, aws).await
    }

    // Writing it again is the create, but leaves one version more where the bucket keeps them.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Place>> {
        let place = Resource::key(self);
        let made = reading::head(aws, &place).await?.and_then(|it| it.last_modified);
        Ok(new.may_have_made(made.map(|it| it.secs())).then_some(place))
    }

    fn as_kept(self, kept: &Self) -> Self {
        reading::as_kept(self, kept)
    }

    fn adjust(plan: &mut Adjust) {
        planned::settle(plan);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_cleaned_as_the_provider_cleans_them() {
        for (key, clean_key) in
            [("a/b", "a/b"), ("./a", "a"), ("//a//b///c/", "a/b/c/"), (".//a", "a"), ("a./b", "a./b")]
        {
            assert_eq!(clean(key), clean_key, "{key}");
        }
    }
}
