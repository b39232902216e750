//! Emptying a bucket.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result};

/// Removes every version of every object, and every marker of deletion, 1000 a call.
pub async fn clear(aws: &Aws, bucket: &str, locked: bool) -> Result<()> {
    loop {
        // From the start each time: what was listed is gone by then.
        let page = aws.s3().list_object_versions().bucket(bucket).send().await?;
        let versions = page.versions.unwrap_or_default().into_iter().map(|it| (it.key, it.version_id));
        let markers = page.delete_markers.unwrap_or_default().into_iter().map(|it| (it.key, it.version_id));
        let objects = versions.chain(markers).filter_map(|(key, version)| {
            let object = ObjectIdentifier::builder().key(key?).set_version_id(version);
            Some(built(object.build()))
        });
        let objects = objects.collect::<Result<Vec<_>>>()?;
        if objects.is_empty() {
            return Ok(());
        }
        let delete = built(Delete::builder().set_objects(Some(objects)).quiet(true).build())?;
        let call = aws.s3().delete_objects().bucket(bucket).delete(delete);
        let answer = call.set_bypass_governance_retention(locked.then_some(true)).send().await?;
        if let Some(it) = answer.errors.unwrap_or_default().into_iter().next() {
            let message = format!("{}: {}", it.key.unwrap_or_default(), it.message.unwrap_or_default());
            return Err(Error::Refused { code: it.code.unwrap_or_default(), message, request: None });
        }
    }
}
