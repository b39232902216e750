//! The lock of a state in S3: an object beside it, an item of a table, or both.

use super::{S3, is_conflict, knows_no_conditions};
use crate::aws;
use crate::state::backend::claim::{Claim, Claimed, GONE_AGAIN, Taken};
use crate::state::lease::watch::{Look, Sign, Watch};
use crate::state::lease::{FIELD, Missed, Moment, Pulse};
use crate::state::{Error, LockInfo, Loss, Result};

/// What a lock file holds, and S3's version of it.
struct File {
    text: String,
    etag: Option<String>,
}

impl File {
    fn holder(&self) -> LockInfo {
        LockInfo::parse(&self.text)
    }
}

impl S3 {
    fn lock_key(&self) -> String {
        format!("{}.tflock", self.path)
    }

    /// One attempt. A lock that we have got beats from then on.
    pub(in crate::state::backend) async fn lock(&self, claim: &Claim, watch: &mut Watch) -> Result<Claimed> {
        let info = LockInfo { path: self.item.clone(), ..claim.info.clone() };
        let claim = Claim { info, ..claim.clone() };
        let begun = Moment::now();
        let (mut version, mut from) = (None, None);
        if self.settings.use_lockfile {
            match self.claim_object(&claim, watch).await? {
                Claimed::Ours { etag, from: whom } => (version, from) = (etag, whom),
                theirs => {
                    self.look_at_table_too(watch).await?;
                    return Ok(theirs);
                }
            }
        }
        if let Some(table) = self.table() {
            match table.claim(&claim, watch).await {
                Ok(Claimed::Ours { from: whom, .. }) => from = whom.or(from),
                refused => {
                    self.give_back_object(&claim.info.id).await;
                    return refused;
                }
            }
        }
        self.keep_alive(&claim, version.clone(), begun)?;
        Ok(Claimed::Ours { etag: version, from })
    }

    /// Where the object is in the way already, so that the waiting for both goes on at once.
    async fn look_at_table_too(&self, watch: &mut Watch) -> Result<()> {
        match self.table() {
            Some(table) => table.look(watch).await.map(drop),
            None => Ok(()),
        }
    }

    /// Whatever comes of it, the reason to tell is why the table refused.
    async fn give_back_object(&self, id: &str) {
        if self.settings.use_lockfile
            && let Err(error) = self.unlock_object(id).await
        {
            tracing::warn!("{error}");
        }
    }

    async fn claim_object(&self, claim: &Claim, watch: &mut Watch) -> Result<Claimed> {
        for _ in 0..GONE_AGAIN {
            if let Some(etag) = self.put_lock(claim, None).await? {
                return Ok(Claimed::Ours { etag, from: None });
            }
            let look = Look::begin();
            let Some(file) = self.lock_file().await? else { continue };
            let holder = file.holder();
            // Ours: the reply to an earlier attempt was lost.
            if holder.id == claim.info.id {
                return Ok(Claimed::Ours { etag: file.etag, from: None });
            }
            // Without a version it could not be taken over alone as it was seen.
            let pulse = Pulse::of_file(&file.text).filter(|_| file.etag.is_some());
            let sign = watch.see("object", &look, &file.text, pulse.as_ref());
            let Sign::Dead(silence) = sign else { return Ok(Claimed::Theirs(Box::new(holder), sign)) };
            // Exactly what was seen: of two who take it one comes too late.
            if let Some(etag) = self.put_lock(claim, file.etag.as_deref()).await? {
                let last = pulse.map(|it| it.at().to_owned()).unwrap_or_default();
                let from = Some(Box::new(Taken { holder, silence, last }));
                return Ok(Claimed::Ours { etag, from });
            }
        }
        Ok(Claimed::Theirs(Box::new(LockInfo::just_gone()), Sign::Alive))
    }

    /// Writes the lock file over this version of it, or where there is none. `None` where something else
    /// stands there.
    async fn put_lock(&self, claim: &Claim, over: Option<&str>) -> Result<Option<Option<String>>> {
        let call = self.put(&self.lock_key(), content(claim).into_bytes());
        let call = match over {
            Some(etag) => call.if_match(etag),
            None => call.if_none_match("*"),
        };
        match call.send().await.map_err(aws::Error::from) {
            Ok(answer) => Ok(Some(answer.e_tag)),
            Err(error) if knows_no_conditions(&error) => Err(Error::Refused(
                "the endpoint knows no conditional writes, which `use_lockfile` needs: lock with \
                 `dynamodb_table` instead"
                    .to_owned(),
            )),
            Err(error) if is_conflict(&error) || over.is_some() && error.is_missing() => Ok(None),
            Err(error) => Err(self.failed("cannot lock")(error)),
        }
    }

    /// Writes a heartbeat over the version that we wrote last, if it still stands there.
    pub(super) async fn beat_object(
        &self,
        claim: &Claim,
        version: &mut Option<String>,
    ) -> std::result::Result<(), Missed> {
        let failed = |it: Error| match it {
            Error::Aws { error, .. } => Missed::Failed(format!("s3://{}.tflock: {error}", self.item)),
            other => Missed::Failed(other.to_string()),
        };
        for _ in 0..GONE_AGAIN {
            if let Some(etag) = version.as_deref()
                && let Some(next) = self.put_lock(claim, Some(etag)).await.map_err(failed)?
            {
                *version = next;
                return Ok(());
            }
            let Some(file) = self.lock_file().await.map_err(failed)? else {
                return Err(Missed::Lost(Loss::Gone));
            };
            let holder = file.holder();
            if holder.id != claim.info.id {
                return Err(Missed::Lost(Loss::Taken(Box::new(holder))));
            }
            // The reply to an earlier one was lost: this is its version.
            *version = file.etag;
        }
        Err(Missed::Failed("its version changes all the time".to_owned()))
    }

    pub(in crate::state::backend) async fn holder(&self) -> Result<Option<LockInfo>> {
        let by_table = match self.table() {
            Some(table) => table.holder().await?,
            None => None,
        };
        match by_table {
            None if self.settings.use_lockfile => Ok(self.lock_file().await?.map(|it| it.holder())),
            found => Ok(found),
        }
    }

    async fn lock_file(&self) -> Result<Option<File>> {
        let found = self.get(&self.lock_key()).await?;
        Ok(found.map(|(bytes, etag)| File { text: String::from_utf8_lossy(&bytes).into_owned(), etag }))
    }

    pub(in crate::state::backend) async fn unlock(&self, id: &str) -> Result<()> {
        self.let_die(id);
        // Both are tried: what is left of a lock is in everybody's way.
        let by_object = if self.settings.use_lockfile { self.unlock_object(id).await } else { Ok(()) };
        let by_table = match self.table() {
            Some(table) => table.unlock(id).await,
            None => Ok(()),
        };
        by_object.and(by_table)
    }

    async fn unlock_object(&self, id: &str) -> Result<()> {
        let key = self.lock_key();
        for _ in 0..GONE_AGAIN {
            let Some(file) = self.lock_file().await? else {
                return Err(Error::NotOurs(format!("there is no lock s3://{}/{key}", self.settings.bucket)));
            };
            let holder = file.holder();
            if holder.id != id {
                return Err(Error::NotOurs(format!("the lock has the id {}", holder.id)));
            }
            // What can be taken over may have been just now; or it was a last heartbeat of our own.
            let version = file.etag.filter(|_| Pulse::of_file(&file.text).is_some());
            let delete = self.aws.s3().delete_object().bucket(&self.settings.bucket).key(&key);
            match delete.set_if_match(version).send().await.map_err(aws::Error::from) {
                Ok(_) => return Ok(()),
                Err(error) if knows_no_conditions(&error) => return self.remove(&key).await,
                // The reply to an earlier attempt was lost.
                Err(error) if error.is_missing() => return Ok(()),
                Err(error) if is_conflict(&error) => {}
                Err(error) => return Err(self.failed("cannot unlock")(error)),
            }
        }
        Err(Error::NotOurs("somebody else writes to it".to_owned()))
    }
}

/// What Terraform writes, with the heartbeat beside it.
fn content(claim: &Claim) -> String {
    let mut all = serde_json::json!(claim.info);
    if let (Some(fields), Some(pulse)) = (all.as_object_mut(), claim.pulse()) {
        fields.insert(FIELD.to_owned(), pulse.json());
    }
    all.to_string()
}
