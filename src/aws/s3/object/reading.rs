//! An object as S3 tells of it.

use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_sdk_s3::types::ChecksumMode;

use super::content::date;
use super::{Object, Place, tagging};
use crate::aws::s3::there;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

pub(super) async fn head(aws: &Aws, place: &Place) -> Result<Option<HeadObjectOutput>> {
    let call = aws.s3().head_object().bucket(&place.bucket).key(place.clean());
    let call = call.set_checksum_mode(place.checksums.then_some(ChecksumMode::Enabled));
    there(call.send().await.map_err(Error::from))
}

pub(super) async fn one(aws: &Aws, place: &Place) -> Result<Option<Live<Object>>> {
    let Some(it) = head(aws, place).await? else { return Ok(None) };
    let tags = match it.tag_count {
        Some(1..) => tagging::tags_of(aws, place).await?,
        _ => Some(Tags::new()),
    };
    Ok(tags.map(|tags| live(aws, place, it, tags)))
}

fn live(aws: &Aws, place: &Place, it: HeadObjectOutput, tags: Tags) -> Live<Object> {
    let until = it.object_lock_retain_until_date.and_then(|it| spelt(&it));
    let metadata: Tags = it.metadata.unwrap_or_default().into_iter().collect();
    // What S3 leaves out is the usual one.
    let class = it.storage_class.map_or_else(|| "STANDARD".to_owned(), |it| it.as_str().to_owned());
    Live {
        key: place.clone(),
        status: Status::Ready,
        tags: Some(tags),
        unread: &[],
        attributes: Object {
            bucket: Fixed(place.bucket.clone()),
            key: Fixed(place.key.clone()),
            source: None,
            content: None,
            content_base64: None,
            source_hash: None,
            etag: Chosen(it.e_tag.map(|it| it.trim_matches('"').to_owned())),
            content_type: Chosen(it.content_type),
            content_disposition: it.content_disposition,
            content_encoding: it.content_encoding,
            content_language: it.content_language,
            cache_control: it.cache_control,
            website_redirect: it.website_redirect_location,
            metadata: Some(metadata).filter(|it| !it.is_empty()),
            acl: Chosen(None),
            storage_class: Chosen(Some(class)),
            server_side_encryption: seen(it.server_side_encryption),
            kms_key_id: Chosen(it.ssekms_key_id),
            bucket_key_enabled: Chosen(it.bucket_key_enabled),
            checksum_algorithm: None,
            object_lock_legal_hold_status: seen(it.object_lock_legal_hold_status),
            object_lock_mode: seen(it.object_lock_mode),
            object_lock_retain_until_date: until,
            force_destroy: Local(false),
            override_provider: Local(One(None)),
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(place.key.clone()),
            arn: Computed(place.arn(aws)),
            version_id: seen(it.version_id),
            checksum_crc32: seen(it.checksum_crc32),
            checksum_crc32c: seen(it.checksum_crc32_c),
            checksum_crc64nvme: seen(it.checksum_crc64_nvme),
            checksum_sha1: seen(it.checksum_sha1),
            checksum_sha256: seen(it.checksum_sha256),
        },
    }
}

fn spelt(time: &DateTime) -> Option<String> {
    time.fmt(DateTimeFormat::DateTime).ok()
}

/// Where its content came from, and which access list it was given, only the state knows.
pub(super) fn as_kept(mut it: Object, kept: &Object) -> Object {
    it.source.clone_from(&kept.source);
    it.content.clone_from(&kept.content);
    it.content_base64.clone_from(&kept.content_base64);
    it.source_hash.clone_from(&kept.source_hash);
    it.checksum_algorithm.clone_from(&kept.checksum_algorithm);
    it.acl.clone_from(&kept.acl);
    let moment = |it: &Option<String>| date(it).ok().flatten().map(|it| it.secs());
    if moment(&it.object_lock_retain_until_date) == moment(&kept.object_lock_retain_until_date) {
        it.object_lock_retain_until_date.clone_from(&kept.object_lock_retain_until_date);
    }
    it
}
