//! Writing an object, and what can be changed about one without writing it again.

use aws_sdk_s3::primitives::{ByteStream, DateTime, DateTimeFormat};
use aws_sdk_s3::types::{ChecksumAlgorithm, ObjectLockLegalHold, ObjectLockRetention, ServerSideEncryption};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Object;
use crate::aws::{Aws, Error, Result};
use crate::resource::{Resource, Tags};

/// The most bytes that S3 takes in one call.
const MOST: u64 = 5 * 1024 * 1024 * 1024;

/// What stands in a query as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What is said, where that is anything.
pub(super) fn stated(it: &Option<String>) -> Option<&str> {
    it.as_deref().filter(|it| !it.is_empty())
}

/// Whether the change is one that S3 takes only with the whole object.
pub(super) fn is_another(it: &Object, was: &Object) -> bool {
    let texts = |it: &Object| {
        [
            &it.source,
            &it.content,
            &it.content_base64,
            &it.source_hash,
            &it.etag.0,
            &it.content_type.0,
            &it.content_disposition,
            &it.content_encoding,
            &it.content_language,
            &it.cache_control,
            &it.website_redirect,
            &it.storage_class.0,
            &it.server_side_encryption.0,
            &it.kms_key_id.0,
            &it.checksum_algorithm,
        ]
        .map(|it| stated(it).map(str::to_owned))
    };
    let metadata = |it: &Object| it.metadata.clone().unwrap_or_default();
    texts(it) != texts(was)
        || metadata(it) != metadata(was)
        || it.bucket_key_enabled.unwrap_or_default() != was.bucket_key_enabled.unwrap_or_default()
}

/// Writes it, with its labels and locks.
pub(super) async fn put(it: &Object, aws: &Aws) -> Result<()> {
    let locked = stated(&it.object_lock_legal_hold_status).is_some()
        || stated(&it.object_lock_mode).is_some()
        || stated(&it.object_lock_retain_until_date).is_some();
    // S3 wants one beside a lock.
    let checksum = stated(&it.checksum_algorithm).map(Into::into);
    let checksum = checksum.or(locked.then_some(ChecksumAlgorithm::Crc32));
    let key = stated(&it.kms_key_id);
    let encryption = stated(&it.server_side_encryption).map(Into::into);
    let encryption = encryption.or(key.map(|_| ServerSideEncryption::AwsKms));
    let text = |it: &Option<String>| stated(it).map(str::to_owned);
    let place = Resource::key(it);
    let call = aws
        .s3()
        .put_object()
        .bucket(&place.bucket)
        .key(place.clean())
        .body(body(it).await?)
        .set_acl(stated(&it.acl).map(Into::into))
        .set_bucket_key_enabled(it.bucket_key_enabled.filter(|it| *it))
        .set_cache_control(text(&it.cache_control))
        .set_checksum_algorithm(checksum)
        .set_content_disposition(text(&it.content_disposition))
        .set_content_encoding(text(&it.content_encoding))
        .set_content_language(text(&it.content_language))
        .set_content_type(text(&it.content_type))
        .set_ssekms_key_id(key.map(str::to_owned))
        .set_server_side_encryption(encryption)
        .set_metadata(it.metadata.clone().filter(|it| !it.is_empty()).map(|it| it.into_iter().collect()))
        .set_object_lock_legal_hold_status(stated(&it.object_lock_legal_hold_status).map(Into::into))
        .set_object_lock_mode(stated(&it.object_lock_mode).map(Into::into))
        .set_object_lock_retain_until_date(date(&it.object_lock_retain_until_date)?)
        .set_storage_class(stated(&it.storage_class).map(Into::into))
        .set_tagging(query(&it.tags_all))
        .set_website_redirect_location(text(&it.website_redirect));
    call.send().await?;
    Ok(())
}

/// Tags as the header takes them.
fn query(tags: &Tags) -> Option<String> {
    let encoded = |it: &str| utf8_percent_encode(it, QUERY).to_string();
    let each = tags.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v)));
    (!tags.is_empty()).then(|| each.collect::<Vec<_>>().join("&"))
}

async fn body(it: &Object) -> Result<ByteStream> {
    if let Some(source) = stated(&it.source) {
        return file(source).await;
    }
    if let Some(text) = stated(&it.content) {
        return Ok(ByteStream::from(text.as_bytes().to_vec()));
    }
    let bytes = STANDARD.decode(stated(&it.content_base64).unwrap_or_default());
    bytes.map(ByteStream::from).map_err(|it| Error::Invalid(format!("`content_base64` is no base64: {it}")))
}

async fn file(source: &str) -> Result<ByteStream> {
    let path = match (source.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => source.into(),
    };
    let unread = |it: &dyn std::fmt::Display| Error::Invalid(format!("cannot read {}: {it}", path.display()));
    let found = std::fs::metadata(&path).map_err(|it| unread(&it))?;
    if !found.is_file() {
        return Err(unread(&"it is not a file"));
    }
    if found.len() > MOST {
        let text = "it has more than 5 GiB, the most that S3 takes in one call: upload it by other means";
        return Err(unread(&text));
    }
    ByteStream::from_path(&path).await.map_err(|it| unread(&it))
}

pub(super) fn date(text: &Option<String>) -> Result<Option<DateTime>> {
    let time = stated(text).map(|it| DateTime::from_str(it, DateTimeFormat::DateTimeWithOffset));
    let wrong = |it| {
        Error::Invalid(format!(
            "`object_lock_retain_until_date` is no time such as 2027-01-01T00:00:00Z: {it}"
        ))
    };
    time.transpose().map_err(wrong)
}

/// Access list and locks, one call each.
pub(super) async fn change(it: &Object, aws: &Aws, was: &Object) -> Result<()> {
    let (s3, place) = (aws.s3(), Resource::key(was));
    let (bucket, key) = (&place.bucket, place.clean());
    if it.acl != was.acl
        && let Some(acl) = stated(&it.acl)
    {
        s3.put_object_acl().bucket(bucket).key(&key).acl(acl.into()).send().await?;
    }
    let hold = |it: &Object| stated(&it.object_lock_legal_hold_status).map(str::to_owned);
    if hold(it) != hold(was) {
        let status = hold(it).unwrap_or_else(|| "OFF".to_owned());
        let hold = ObjectLockLegalHold::builder().status(status.as_str().into()).build();
        s3.put_object_legal_hold().bucket(bucket).key(&key).legal_hold(hold).send().await?;
    }
    let (until, before) =
        (date(&it.object_lock_retain_until_date)?, date(&was.object_lock_retain_until_date)?);
    if until != before || stated(&it.object_lock_mode) != stated(&was.object_lock_mode) {
        let retention = ObjectLockRetention::builder()
            .set_mode(stated(&it.object_lock_mode).map(Into::into))
            .set_retain_until_date(until)
            .build();
        // Only whoever may lift it can make it shorter.
        let shorter = match (until, before) {
            (Some(until), Some(before)) => until.secs() < before.secs(),
            (until, _) => until.is_none(),
        };
        let call = s3.put_object_retention().bucket(bucket).key(&key).retention(retention);
        call.set_bypass_governance_retention(shorter.then_some(true)).send().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_a_query() {
        let tags = |all: &[(&str, &str)]| all.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        assert_eq!(query(&tags(&[])), None);
        let one = query(&tags(&[("a b", "c&d=ä")]));
        assert_eq!(one.as_deref(), Some("a%20b=c%26d%3D%C3%A4"));
    }

    #[test]
    fn dates_may_have_an_offset() {
        let secs = |it: &str| date(&Some(it.to_owned())).map(|it| it.map(|it| it.secs()));
        assert_eq!(secs("2027-01-01T01:00:00+01:00").ok(), secs("2027-01-01T00:00:00Z").ok());
        assert!(secs("tomorrow").is_err());
        assert_eq!(date(&None).ok(), Some(None));
    }
}
