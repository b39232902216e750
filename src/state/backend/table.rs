//! The DynamoDB table: locks and digests, item by item as Terraform has them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::{self, Aws};
use crate::state::{Error, LockInfo, Result};

/// A table and the object it is about.
pub(super) struct Table<'a> {
    pub aws: &'a Aws,
    pub name: &'a str,
    /// `bucket/path`: the item's key.
    pub item: &'a str,
}

const KEY: &str = "LockID";

impl Table<'_> {
    fn failed(&self, what: &str) -> impl FnOnce(aws::Error) -> Error {
        let (what, name) = (format!("{what} in table `{}`", self.name), self.name.to_owned());
        move |error| match error.code() {
            Some("ResourceNotFoundException") => Error::NoStore(format!("table `{name}`")),
            _ => Error::Aws { what, error },
        }
    }

    async fn get(&self, item: &str) -> Result<HashMap<String, AttributeValue>> {
        let call = self.aws.dynamodb().get_item().table_name(self.name).consistent_read(true);
        let answer = call.key(KEY, text(item)).send().await.map_err(aws::Error::from);
        Ok(answer.map_err(self.failed("cannot read the lock or digest"))?.item.unwrap_or_default())
    }

    /// Who holds the lock.
    pub async fn holder(&self) -> Result<Option<LockInfo>> {
        Ok(field(&self.get(self.item).await?, "Info").map(|it| LockInfo::parse(&it)))
    }

    /// Takes the lock, if nobody holds it.
    pub async fn lock(&self, info: &LockInfo) -> Result<()> {
        let call = self.aws.dynamodb().put_item().table_name(self.name);
        let call = call.item(KEY, text(self.item)).item("Info", text(&info.to_json()));
        let put = call.condition_expression("attribute_not_exists(LockID)").send().await;
        match put.map_err(aws::Error::from) {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => {
                match self.holder().await? {
                    // Ours: the reply to an earlier attempt was lost.
                    Some(it) if it.id == info.id => Ok(()),
                    holder => Err(Error::Locked(Box::new(holder.unwrap_or_else(LockInfo::just_gone)))),
                }
            }
            Err(error) => Err(self.failed("cannot lock")(error)),
        }
    }

    /// Releases the lock if it is the one with that id.
    pub async fn unlock(&self, id: &str) -> Result<()> {
        let found = self.get(self.item).await?;
        let Some(info) = field(&found, "Info") else {
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

    pub async fn set_digest(&self, digest: &str) -> Result<()> {
        let call = self.aws.dynamodb().put_item().table_name(self.name);
        let call = call.item(KEY, text(&self.digest_item())).item("Digest", text(digest));
        let put = call.send().await.map_err(aws::Error::from);
        put.map(drop).map_err(self.failed("the state is stored, but its digest could not be"))
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

fn field(item: &HashMap<String, AttributeValue>, name: &str) -> Option<String> {
    item.get(name).and_then(|it| it.as_s().ok()).cloned()
}
