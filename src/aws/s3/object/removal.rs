//! Removing an object: with all its versions, where the bucket keeps them.

use aws_sdk_s3::types::{Delete, Error as Refusal, ObjectIdentifier, ObjectLockLegalHold};

use super::Object;
use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result};
use crate::resource::Resource;

pub(super) async fn remove(it: &Object, aws: &Aws) -> Result<()> {
    let place = Resource::key(it);
    let all = Versions { aws, bucket: &place.bucket, key: place.clean(), force: *it.force_destroy };
    if it.version_id.is_empty() {
        aws.s3().delete_object().bucket(all.bucket).key(all.key).send().await?;
        return Ok(());
    }
    // From the start each time: what was listed is gone by then.
    loop {
        let some = all.some().await?;
        if some.is_empty() {
            return Ok(());
        }
        for refusal in all.remove(some).await? {
            all.release(refusal).await?;
        }
    }
}

/// The versions of one object.
struct Versions<'a> {
    aws: &'a Aws,
    bucket: &'a str,
    key: String,
    /// Locked ones too.
    force: bool,
}

impl Versions<'_> {
    /// Ids of up to 1,000 of them, and of markers of deletion.
    async fn some(&self) -> Result<Vec<String>> {
        let call = self.aws.s3().list_object_versions().bucket(self.bucket).prefix(&self.key);
        let page = call.send().await?;
        let versions = page.versions.unwrap_or_default().into_iter().map(|it| (it.key, it.version_id));
        let markers = page.delete_markers.unwrap_or_default().into_iter().map(|it| (it.key, it.version_id));
        let own = versions.chain(markers).filter(|it| it.0.as_deref() == Some(&self.key));
        Ok(own.filter_map(|it| it.1).collect())
    }

    /// Gives what S3 refuses.
    async fn remove(&self, versions: Vec<String>) -> Result<Vec<Refusal>> {
        let each = versions
            .into_iter()
            .map(|it| built(ObjectIdentifier::builder().key(&self.key).version_id(it).build()));
        let all = Delete::builder().set_objects(Some(each.collect::<Result<_>>()?)).quiet(true);
        let call = self.aws.s3().delete_objects().bucket(self.bucket).delete(built(all.build())?);
        let answer = call.set_bypass_governance_retention(self.force.then_some(true)).send().await?;
        Ok(answer.errors.unwrap_or_default())
    }

    /// What is refused may be under a legal hold: with force, that is taken off.
    async fn release(&self, refusal: Refusal) -> Result<()> {
        let held = self.force && refusal.code() == Some("AccessDenied");
        let call = || self.aws.s3().get_object_legal_hold().bucket(self.bucket).key(&self.key);
        let status = match (held, refusal.version_id()) {
            (true, Some(version)) => {
                let answer = call().version_id(version).send().await;
                answer.ok().and_then(|it| it.legal_hold).and_then(|it| it.status)
            }
            _ => None,
        };
        if status.is_none_or(|it| it.as_str() != "ON") {
            return Err(Error::Refused {
                code: refusal.code.unwrap_or_default(),
                message: refusal.message.unwrap_or_else(|| "a version cannot be removed".to_owned()),
                request: None,
            });
        }
        let off = ObjectLockLegalHold::builder().status("OFF".into()).build();
        let call = self.aws.s3().put_object_legal_hold().bucket(self.bucket).key(&self.key);
        call.set_version_id(refusal.version_id).legal_hold(off).send().await?;
        Ok(())
    }
}
