use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::object::{Object, Place};
use crate::aws::{Aws, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// An object in a bucket, by the older name of the type: new stacks use `aws_s3_object`.
///
/// It always names an access list, which a bucket without access lists refuses.
///
/// ```toml
/// [aws_s3_bucket_object.index]
/// bucket = "${aws_s3_bucket.site.id}"
/// key = "index.html"
/// content = "<h1>Welcome</h1>"
/// content_type = "text/html"
/// ```
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketObject {
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
    #[serde(default = "private")]
    #[schemars(extend("enum" = ["private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control"]))]
    pub acl: Local<String>,
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
}

fn private() -> Local<String> {
    Local("private".to_owned())
}

/// One of the two structs from the other: the fields that both have, and those that only the one has.
macro_rules! alike {
    ($to:ident, $it:ident, { $($own:tt)* }) => {
        $to {
            bucket: $it.bucket,
            key: $it.key,
            source: $it.source,
            content: $it.content,
            content_base64: $it.content_base64,
            source_hash: $it.source_hash,
            etag: $it.etag,
            content_type: $it.content_type,
            content_disposition: $it.content_disposition,
            content_encoding: $it.content_encoding,
            content_language: $it.content_language,
            cache_control: $it.cache_control,
            website_redirect: $it.website_redirect,
            metadata: $it.metadata,
            storage_class: $it.storage_class,
            server_side_encryption: $it.server_side_encryption,
            kms_key_id: $it.kms_key_id,
            bucket_key_enabled: $it.bucket_key_enabled,
            object_lock_legal_hold_status: $it.object_lock_legal_hold_status,
            object_lock_mode: $it.object_lock_mode,
            object_lock_retain_until_date: $it.object_lock_retain_until_date,
            force_destroy: $it.force_destroy,
            tags: $it.tags,
            tags_all: $it.tags_all,
            id: $it.id,
            arn: $it.arn,
            version_id: $it.version_id,
            $($own)*
        }
    };
}

impl BucketObject {
    /// The same by the newer name, which can do more.
    fn renamed(&self) -> Object {
        let it = self.clone();
        alike!(Object, it, {
            acl: Chosen(Some(it.acl.0)),
            checksum_algorithm: None,
            override_provider: Local(One(None)),
            checksum_crc32: Computed::default(),
            checksum_crc32c: Computed::default(),
            checksum_crc64nvme: Computed::default(),
            checksum_sha1: Computed::default(),
            checksum_sha256: Computed::default(),
        })
    }
}

impl From<Object> for BucketObject {
    fn from(it: Object) -> Self {
        alike!(BucketObject, it, { acl: it.acl.0.map_or_else(private, Local) })
    }
}

impl Resource for BucketObject {
    const TYPE: &'static str = "aws_s3_bucket_object";
    const SENT: &'static [&'static str] = &["acl"];
    const IMPORT: &'static [&'static str] = Object::IMPORT;
    const TAGS: TagApi = Object::TAGS;
    const READS: Reads = Object::READS;
    const PATIENCE: Duration = Object::PATIENCE;
    const PASSING: &'static [&'static [Passing]] = Object::PASSING;
    type Key = Place;

    fn key(&self) -> Place {
        Place::new(&self.bucket, &self.key)
    }

    fn is_same(one: &Place, other: &Place) -> bool {
        Object::is_same(one, other)
    }

    fn import(id: &str) -> Result<Place> {
        Object::import(id)
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        let found = Object::read(aws, places).await?.into_iter().map(|it| Live {
            key: it.key,
            attributes: it.attributes.into(),
            tags: it.tags,
            status: it.status,
            unread: it.unread,
        });
        Ok(found.collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<Place> {
        self.renamed().create(aws, new).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        self.renamed().update(aws, &was.renamed()).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        self.renamed().delete(aws).await
    }

    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Place>> {
        self.renamed().find(aws, new).await
    }

    fn as_kept(self, kept: &Self) -> Self {
        self.renamed().as_kept(&kept.renamed()).into()
    }

    fn adjust(plan: &mut Adjust) {
        Object::adjust(plan);
    }
}
