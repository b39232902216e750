use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::s3::object::{Place, tags_of};
use crate::aws::s3::there;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// An object that is there already. Where it is text, its content is told too, and kept in the state.
///
/// ```toml
/// [data.aws_s3_object.settings]
/// bucket = "acme-data"
/// key = "settings.json"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The bucket's name, or an access point's ARN.
    pub bucket: String,
    /// Its name in the bucket.
    pub key: String,
    /// A version of it; else the latest.
    pub version_id: Chosen<Option<String>>,
    /// A part of it only, such as `bytes=0-99`.
    pub range: Option<String>,
    /// `ENABLED` tells its checksums too, which takes a permission to decrypt it.
    #[schemars(extend("enum" = ["ENABLED"]))]
    pub checksum_mode: Option<String>,
    /// The labels of its latest version.
    pub tags: Chosen<Tags>,
    /// Its bucket and key, and after an `@` the version that is asked for.
    pub id: Computed<String>,
    /// The object's ARN.
    pub arn: Computed<String>,
    /// Its content, where `content_type` says that it is text, such as `text/html` or `application/json`.
    pub body: Computed<Option<String>>,
    /// Whether it is encrypted with a key of the bucket's, made of that of KMS.
    pub bucket_key_enabled: Computed<Option<bool>>,
    /// How long caches may keep it, such as `max-age=300`.
    pub cache_control: Computed<Option<String>>,
    /// The CRC-32 of its content, in base64.
    pub checksum_crc32: Computed<Option<String>>,
    /// The CRC-32C of its content, in base64.
    pub checksum_crc32c: Computed<Option<String>>,
    /// The CRC-64/NVME of its content, in base64.
    pub checksum_crc64nvme: Computed<Option<String>>,
    /// The SHA-1 of its content, in base64.
    pub checksum_sha1: Computed<Option<String>>,
    /// The SHA-256 of its content, in base64.
    pub checksum_sha256: Computed<Option<String>>,
    /// Whether to show or to save it, and by which name.
    pub content_disposition: Computed<Option<String>>,
    /// How it is packed, such as `gzip`.
    pub content_encoding: Computed<Option<String>>,
    /// Its language, such as `en-GB`.
    pub content_language: Computed<Option<String>>,
    /// How many bytes it has; with `range`, how many that part has.
    pub content_length: Computed<Option<i64>>,
    /// What it is, such as `text/html`.
    pub content_type: Computed<Option<String>>,
    /// What S3 makes of the content: of most objects the MD5 of it.
    pub etag: Computed<String>,
    /// When a rule of the bucket's removes it, and which.
    pub expiration: Computed<Option<String>>,
    /// Until when caches may keep it.
    pub expires: Computed<Option<String>>,
    /// When it was written, such as `Mon, 02 Feb 2026 15:04:05 UTC`.
    pub last_modified: Computed<Option<String>>,
    /// Headers of its owner's, without their `x-amz-meta-`.
    pub metadata: Computed<Tags>,
    /// `ON` where it is kept from being removed until that is taken off again.
    pub object_lock_legal_hold_status: Computed<Option<String>>,
    /// `GOVERNANCE` or `COMPLIANCE`, where it is kept until a date.
    pub object_lock_mode: Computed<Option<String>>,
    /// The date, such as `2027-01-01T00:00:00Z`.
    pub object_lock_retain_until_date: Computed<Option<String>>,
    /// How it is encrypted: `AES256`, `aws:kms` or `aws:kms:dsse`.
    pub server_side_encryption: Computed<Option<String>>,
    /// ARN of the KMS key that it is encrypted with.
    pub sse_kms_key_id: Computed<Option<String>>,
    /// Such as `STANDARD` or `STANDARD_IA`.
    pub storage_class: Computed<String>,
    /// Where a website sends those who ask for it.
    pub website_redirect_location: Computed<Option<String>>,
}

impl DataSource for Object {
    const TYPE: &'static str = "aws_s3_object";
    const READS: Reads = Reads::of(
        &[Cost::each("s3:HeadObject"), Cost::each("s3:GetObject"), Cost::each("s3:GetObjectTagging")],
        "its content, where it is text, and its labels, where it has any, have calls of their own",
    );
    const UNSET: &'static [&'static str] = &["body"];

    async fn read(self, aws: &Aws) -> Result<Self> {
        let place = Place::new(&self.bucket, &self.key);
        let call = aws.s3().head_object().bucket(&self.bucket).key(place.clean());
        let call = call
            .set_checksum_mode(said(&self.checksum_mode).map(|it| it.as_str().into()))
            .set_range(said(&self.range))
            .set_version_id(said(&self.version_id));
        let it = there(call.send().await.map_err(Error::from))?.ok_or_else(|| self.missing())?;
        let (body, tags) =
            futures::try_join!(self.body(aws, &place, &it), self.labels(aws, &place, it.tag_count))?;
        let arn = place.arn(aws);
        Ok(Object { arn: arn.into(), body: body.into(), tags: Chosen(tags), ..self.told(it) })
    }
}

impl Object {
    fn missing(&self) -> Error {
        let (bucket, key) = (&self.bucket, &self.key);
        let version = if said(&self.version_id).is_some() { " of that version" } else { "" };
        Error::Invalid(format!(
            "there is no `{key}`{version} in bucket `{bucket}`, or these credentials may not see it"
        ))
    }

    /// The content, where that can stand in a state.
    async fn body(&self, aws: &Aws, place: &Place, it: &HeadObjectOutput) -> Result<Option<String>> {
        if !it.content_type.as_deref().is_some_and(is_text) {
            return Ok(None);
        }
        let call = aws.s3().get_object().bucket(&self.bucket).key(place.clean());
        let call = call.set_range(said(&self.range)).set_version_id(it.version_id.clone());
        let bytes = call.send().await?.body.collect().await;
        let bytes = bytes.map_err(|it| Error::Unreached(it.to_string()))?.into_bytes();
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The number that came with the object is that of the version asked for.
    async fn labels(&self, aws: &Aws, place: &Place, number: Option<i32>) -> Result<Tags> {
        match (said(&self.version_id), number) {
            (None, None | Some(..=0)) => Ok(Tags::new()),
            _ => Ok(tags_of(aws, place).await?.unwrap_or_default()),
        }
    }

    fn told(self, it: HeadObjectOutput) -> Self {
        let version = said(&self.version_id).map(|it| format!("@{it}")).unwrap_or_default();
        // What S3 leaves out is the usual one.
        let class = it.storage_class.map_or_else(|| "STANDARD".to_owned(), |it| it.as_str().to_owned());
        Object {
            id: format!("{}/{}{version}", self.bucket, self.key).into(),
            version_id: Chosen(it.version_id),
            bucket_key_enabled: it.bucket_key_enabled.into(),
            cache_control: it.cache_control.into(),
            checksum_crc32: it.checksum_crc32.into(),
            checksum_crc32c: it.checksum_crc32_c.into(),
            checksum_crc64nvme: it.checksum_crc64_nvme.into(),
            checksum_sha1: it.checksum_sha1.into(),
            checksum_sha256: it.checksum_sha256.into(),
            content_disposition: it.content_disposition.into(),
            content_encoding: it.content_encoding.into(),
            content_language: it.content_language.into(),
            content_length: it.content_length.into(),
            content_type: it.content_type.into(),
            etag: it.e_tag.unwrap_or_default().trim_matches('"').to_owned().into(),
            expiration: it.expiration.into(),
            expires: it.expires_string.into(),
            last_modified: it.last_modified.as_ref().and_then(day).into(),
            metadata: it.metadata.unwrap_or_default().into_iter().collect::<Tags>().into(),
            object_lock_legal_hold_status: seen(it.object_lock_legal_hold_status),
            object_lock_mode: seen(it.object_lock_mode),
            object_lock_retain_until_date: it.object_lock_retain_until_date.as_ref().and_then(moment).into(),
            server_side_encryption: seen(it.server_side_encryption),
            sse_kms_key_id: it.ssekms_key_id.into(),
            storage_class: class.into(),
            website_redirect_location: it.website_redirect_location.into(),
            ..self
        }
    }
}

fn said(text: &Option<String>) -> Option<String> {
    text.clone().filter(|it| !it.is_empty())
}

/// Types of text whose names do not begin with `text/`.
const TEXTS: &[&str] = &[
    "application/atom+xml",
    "application/json",
    "application/ld+json",
    "application/x-csh",
    "application/x-httpd-php",
    "application/x-sh",
    "application/x-sql",
    "application/xhtml+xml",
    "application/xml",
    "application/yaml",
];

fn is_text(kind: &str) -> bool {
    TEXTS.contains(&kind) || kind.strip_prefix("text/").is_some_and(|it| !it.is_empty())
}

/// As HTTP writes it, but for the name of the zone.
fn day(time: &DateTime) -> Option<String> {
    let text = DateTime::from_secs(time.secs()).fmt(DateTimeFormat::HttpDate).ok()?;
    Some(text.replace("GMT", "UTC"))
}

fn moment(time: &DateTime) -> Option<String> {
    DateTime::from_secs(time.secs()).fmt(DateTimeFormat::DateTime).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_is_told() {
        for kind in ["text/html", "text/plain; charset=utf-8", "application/json"] {
            assert!(is_text(kind), "{kind}");
        }
        for kind in
            ["", "text/", "application/json; charset=utf-8", "application/octet-stream", "image/svg+xml"]
        {
            assert!(!is_text(kind), "{kind}");
        }
    }

    #[test]
    fn days_are_written_as_the_provider_writes_them() {
        let time = DateTime::from_secs_and_nanos(1_700_000_000, 500_000_000);
        assert_eq!(day(&time).as_deref(), Some("Tue, 14 Nov 2023 22:13:20 UTC"));
        assert_eq!(moment(&time).as_deref(), Some("2023-11-14T22:13:20Z"));
    }
}
