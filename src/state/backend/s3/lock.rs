//! The lock of a state in S3: an object beside it, an item of a table, or both.

use super::{S3, is_conflict, knows_no_conditions};
use crate::aws;
use crate::state::{Error, LockInfo, Result};

impl S3 {
    fn lock_key(&self) -> String {
        format!("{}.tflock", self.path)
    }

    pub(in crate::state::backend) async fn lock(&self, info: &LockInfo) -> Result<()> {
        let info = LockInfo { path: self.item.clone(), ..info.clone() };
        if self.settings.use_lockfile {
            self.lock_by_object(&info).await?;
        }
        let Some(table) = self.table() else { return Ok(()) };
        let locked = table.lock(&info).await;
        if locked.is_err() && self.settings.use_lockfile {
            // Whatever comes of it, the reason to tell is why the table refused.
            if let Err(error) = self.unlock_object(&info.id).await {
                tracing::warn!("{error}");
            }
        }
        locked
    }

    async fn lock_by_object(&self, info: &LockInfo) -> Result<()> {
        let put = self.put(&self.lock_key(), info.to_json().into_bytes()).if_none_match("*").send().await;
        let error = match put.map_err(aws::Error::from) {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        if knows_no_conditions(&error) {
            return Err(Error::Refused(
                "the endpoint knows no conditional writes, which `use_lockfile` needs: lock with \
                 `dynamodb_table` instead"
                    .to_owned(),
            ));
        }
        if !is_conflict(&error) {
            return Err(self.failed("cannot lock")(error));
        }
        match self.object_holder().await? {
            Some(it) if it.id == info.id => Ok(()),
            holder => Err(Error::Locked(Box::new(holder.unwrap_or_else(LockInfo::just_gone)))),
        }
    }

    pub(in crate::state::backend) async fn holder(&self) -> Result<Option<LockInfo>> {
        let by_table = match self.table() {
            Some(table) => table.holder().await?,
            None => None,
        };
        match by_table {
            None if self.settings.use_lockfile => self.object_holder().await,
            found => Ok(found),
        }
    }

    async fn object_holder(&self) -> Result<Option<LockInfo>> {
        let found = self.get(&self.lock_key()).await?;
        Ok(found.map(|it| LockInfo::parse(&String::from_utf8_lossy(&it.0))))
    }

    pub(in crate::state::backend) async fn unlock(&self, id: &str) -> Result<()> {
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
        match self.object_holder().await? {
            None => Err(Error::NotOurs(format!("there is no lock s3://{}/{key}", self.settings.bucket))),
            Some(it) if it.id != id => Err(Error::NotOurs(format!("the lock has the id {}", it.id))),
            Some(_) => self.remove(&key).await,
        }
    }
}
