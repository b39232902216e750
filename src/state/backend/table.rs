//! The DynamoDB table: locks and digests, item by item as Terraform has them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::claim::{Claim, Claimed, GONE_AGAIN, Taken};
use crate::aws::{self, Aws};
use crate::state::lease::watch::{Look, Sign, Watch};
use crate::state::lease::{FIELD, Missed, Pulse};
use crate::state::{Error, LockInfo, Loss, Result};

/// A table and the object it is about.
pub(super) struct Table<'a> {
    pub aws: &'a Aws,
    pub name: &'a str,
    /// `bucket/path`: the item's key.
    pub item: &'a str,
}

const KEY: &str = "LockID";
const INFO: &str = "Info";

type Item = HashMap<String, AttributeValue>;

impl Table<'_> {
    fn failed(&self, what: &str) -> impl FnOnce(aws::Error) -> Error {
        let (what, name) = (format!("{what} in table `{}`", self.name), self.name.to_owned());
        move |error| match error.code() {
            Some("ResourceNotFoundException") => Error::NoStore(format!("table `{name}`")),
            _ => Error::Aws { what, error },
        }
    }

    async fn get(&self, item: &str) -> Result<Item> {
        let call = self.aws.dynamodb().get_item().table_name(self.name).consistent_read(true);
        let answer = call.key(KEY, text(item)).send().await.map_err(aws::Error::from);
        Ok(answer.map_err(self.failed("cannot read the lock or digest"))?.item.unwrap_or_default())
    }

    /// Who holds the lock.
    pub async fn holder(&self) -> Result<Option<LockInfo>> {
        Ok(field(&self.get(self.item).await?, INFO).map(|it| LockInfo::parse(&it)))
    }

    /// Takes the lock if nobody holds it, or if its holder has been silent for too long.
    pub async fn claim(&self, claim: &Claim, watch: &mut Watch) -> Result<Claimed> {
        for _ in 0..GONE_AGAIN {
            if self.put_lock(claim, "attribute_not_exists(LockID)", &[]).await? {
                return Ok(Claimed::Ours { etag: None, from: None });
            }
            let Some((item, holder, sign)) = self.look(watch).await? else { continue };
            // Ours: the reply to an earlier attempt was lost.
            if holder.id == claim.info.id {
                return Ok(Claimed::Ours { etag: None, from: None });
            }
            let Sign::Dead(silence) = sign else { return Ok(Claimed::Theirs(Box::new(holder), sign)) };
            let seen = [(":info", field(&item, INFO)), (":heart", field(&item, FIELD))];
            let seen: Vec<_> = seen.into_iter().filter_map(|(name, it)| Some((name, it?))).collect();
            // Exactly what was seen: of two who take it one comes too late.
            if self.put_lock(claim, "Info = :info AND Heartbeat = :heart", &seen).await? {
                let last = field(&item, FIELD).and_then(|it| Some(Pulse::parse(&it)?.at().to_owned()));
                let from = Some(Box::new(Taken { holder, silence, last: last.unwrap_or_default() }));
                return Ok(Claimed::Ours { etag: None, from });
            }
        }
        Ok(Claimed::Theirs(Box::new(LockInfo::just_gone()), Sign::Alive))
    }

    /// What stands there, and what it says of its holder.
    pub async fn look(&self, watch: &mut Watch) -> Result<Option<(Item, LockInfo, Sign)>> {
        let look = Look::begin();
        let item = self.get(self.item).await?;
        let Some(info) = field(&item, INFO) else {
            // An item without any content is in the way all the same.
            return Ok((!item.is_empty()).then(|| (item, LockInfo::default(), Sign::None)));
        };
        let heart = field(&item, FIELD);
        let pulse = heart.as_deref().and_then(Pulse::parse);
        let exact = format!("{info}\n{}", heart.unwrap_or_default());
        let sign = watch.see("table", &look, &exact, pulse.as_ref());
        Ok(Some((item, LockInfo::parse(&info), sign)))
    }

    /// Writes the lock; tells whether the condition held.
    async fn put_lock(&self, claim: &Claim, condition: &str, values: &[(&str, String)]) -> Result<bool> {
        let mut call = self.aws.dynamodb().put_item().table_name(self.name);
        call = call.item(KEY, text(self.item)).item(INFO, text(&claim.info.to_json()));
        if let Some(pulse) = claim.pulse() {
            call = call.item(FIELD, text(&pulse.to_json()));
        }
        for (name, value) in values {
            call = call.expression_attribute_values(*name, text(value));
        }
        match call.condition_expression(condition).send().await.map_err(aws::Error::from) {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
            Err(error) => Err(self.failed("cannot lock")(error)),
        }
    }

    /// Writes a heartbeat, if the lock is still ours. Terraform's rights to the table are enough for it.
    pub async fn beat(&self, claim: &Claim) -> std::result::Result<(), Missed> {
        let failed = |it: Error| match it {
            Error::Aws { error, .. } => Missed::Failed(format!("table `{}`: {error}", self.name)),
            other => Missed::Failed(other.to_string()),
        };
        let ours = [(":info", claim.info.to_json())];
        if self.put_lock(claim, "Info = :info", &ours).await.map_err(failed)? {
            return Ok(());
        }
        Err(Missed::Lost(match self.holder().await.map_err(failed)? {
            Some(it) if it.id == claim.info.id => return Err(Missed::Failed("it was refused".to_owned())),
            Some(it) => Loss::Taken(Box::new(it)),
            None => Loss::Gone,
        }))
    }

    /// Releases the lock if it is the one with that id.
    pub async fn unlock(&self, id: &str) -> Result<()> {
        let found = self.get(self.item).await?;
        let Some(info) = field(&found, INFO) else {
            return Err(Error::NotOurs(format!("there is no lock in table `{}`", self.name)));
        };
        let holder = LockInfo::parse(&info);
        if holder.id != id {
            return Err(Error::NotOurs(format!(
                "the lock in table `{}` has the id {}",
                self.name, holder.id
            )));
        }
        let call = self.aws.dynamodb().delete_item().table_name(self.name).key(KEY, text(self.item));
        let call =
            call.condition_expression("Info = :info").expression_attribute_values(":info", text(&info));
        match call.send().await.map_err(aws::Error::from) {
            Ok(_) => Ok(()),
            // Gone meanwhile, or the reply to an earlier attempt was lost.
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(()),
            Err(error) => Err(self.failed("cannot unlock")(error)),
        }
    }

    /// The item that holds the digest.
    pub fn digest_item(&self) -> String {
        format!("{}-md5", self.item)
    }

    pub async fn digest(&self) -> Result<Option<String>> {
        Ok(field(&self.get(&self.digest_item()).await?, "Digest").filter(|it| !it.is_empty()))
    }

    /// Writes it over what was `seen` there (`Some(None)`: nothing), where anybody looked: a process that slept
    /// in the middle of a write and lost its lock meanwhile must not put its own in the place of another's.
    pub async fn set_digest(&self, digest: &str, seen: Option<Option<&str>>) -> Result<()> {
        let call = self.aws.dynamodb().put_item().table_name(self.name);
        let mut call = call.item(KEY, text(&self.digest_item())).item("Digest", text(digest));
        if let Some(seen) = seen {
            call = call
                .condition_expression("attribute_not_exists(LockID) OR Digest = :seen OR Digest = :new")
                .expression_attribute_values(":seen", text(seen.unwrap_or_default()))
                .expression_attribute_values(":new", text(digest));
        }
        match call.send().await.map_err(aws::Error::from) {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => {
                Err(Error::Refused(format!(
                    "the digest of the state in table `{}` is not written: somebody else has written it meanwhile",
                    self.name
                )))
            }
            Err(error) => Err(self.failed("the state is stored, but its digest could not be")(error)),
        }
    }

    pub async fn remove_digest(&self) -> Result<()> {
        let call = self.aws.dynamodb().delete_item().table_name(self.name);
        let gone = call.key(KEY, text(&self.digest_item())).send().await.map_err(aws::Error::from);
        gone.map(drop).map_err(self.failed("cannot remove the digest"))
    }
}

fn text(it: &str) -> AttributeValue {
    AttributeValue::S(it.to_owned())
}

fn field(item: &Item, name: &str) -> Option<String> {
    item.get(name).and_then(|it| it.as_s().ok()).cloned()
}
