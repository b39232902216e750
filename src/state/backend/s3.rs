//! States in S3, locked by an item in DynamoDB, by an object beside the state, or by both.

mod beat;
mod lock;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::types::{ObjectCannedAcl, ServerSideEncryption};
use aws_smithy_types::date_time::Format;
use md5::{Digest, Md5};
use tokio::time::Instant;

use super::table::Table;
use super::{DEFAULT_ENV, Stamp, keep_default};
use crate::aws::{self, Aws};
use crate::state::settings::{CustomerKey, S3Settings};
use crate::state::{Encryption, Error, Lease, Result, file};

/// One environment's object.
pub struct S3 {
    pub(super) aws: Aws,
    pub(super) settings: S3Settings,
    env: String,
    pub(super) path: String,
    /// `bucket/path`: what the lock table calls it.
    item: String,
    pub(super) encryption: Rc<Encryption>,
    /// The digest in the lock table, as last seen.
    recorded: RefCell<Option<String>>,
    /// Whether it was looked for.
    looked: Cell<bool>,
    /// The lock, while we hold it.
    lease: RefCell<Option<Rc<Lease>>>,
    /// The digest of what we stored last, where it could not be written.
    owed: RefCell<Option<String>>,
}

/// An object of the bucket.
#[derive(Debug)]
pub(super) struct Object {
    pub bytes: Vec<u8>,
    etag: Option<String>,
    /// When it was written.
    pub written: Option<String>,
    /// The digest that stood in the lock table when the object was written.
    over: Option<String>,
}

/// Under which the object says so: a write cut off between the object and its digest is known by it.
const OVER: &str = "infra-over";

/// An object's content, and S3's version of it.
type Found = Option<(Vec<u8>, Option<String>)>;

impl Object {
    fn found(self) -> (Vec<u8>, Option<String>) {
        (self.bytes, self.etag)
    }
}

/// How long the object and its digest may disagree, and how often to look.
const AGREE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_secs(2);

impl S3 {
    pub(super) async fn open(settings: &S3Settings, env: &str) -> Result<S3> {
        let aws = Aws::connect(&settings.aws).await.map_err(Error::aws("cannot reach the backend"))?;
        let path = settings.path(env);
        let item = format!("{}/{path}", settings.bucket);
        let (settings, env) = (settings.clone(), env.to_owned());
        let (encryption, recorded, owed) = (Rc::default(), RefCell::default(), RefCell::default());
        let looked = Cell::new(false);
        Ok(S3 {
            aws,
            settings,
            env,
            path,
            item,
            encryption,
            recorded,
            looked,
            lease: RefCell::default(),
            owed,
        })
    }

    pub(super) fn lease(&self) -> Option<Rc<Lease>> {
        self.lease.borrow().clone()
    }

    pub(super) fn env(&self) -> &str {
        &self.env
    }

    pub(super) fn origin(&self) -> String {
        format!("s3://{}", self.item)
    }

    pub(super) fn table(&self) -> Option<Table<'_>> {
        let name = self.settings.dynamodb_table.as_deref()?;
        Some(Table { aws: &self.aws, name, item: &self.item })
    }

    pub(super) fn failed(&self, what: &str) -> impl FnOnce(aws::Error) -> Error {
        let (what, bucket) = (format!("{what} {}", self.origin()), self.settings.bucket.clone());
        move |error| match error.code() {
            Some("NoSuchBucket") => Error::NoStore(format!("bucket `{bucket}`")),
            _ => Error::Aws { what, error },
        }
    }

    async fn get(&self, key: &str) -> Result<Found> {
        Ok(self.object(key).await?.map(Object::found))
    }

    pub(super) async fn object(&self, key: &str) -> Result<Option<Object>> {
        let call = self.aws.s3().get_object().bucket(&self.settings.bucket).key(key);
        self.fetched(call).await
    }

    /// The content of an older version of the state's object.
    pub(super) async fn version(&self, version: &str) -> Result<Option<Vec<u8>>> {
        let call = self.aws.s3().get_object().bucket(&self.settings.bucket).key(&self.path);
        Ok(self.fetched(call.version_id(version)).await?.map(|it| it.bytes))
    }

    async fn fetched(&self, call: GetObjectFluentBuilder) -> Result<Option<Object>> {
        let call = match self.settings.customer_key() {
            None => call,
            Some(it) => call
                .sse_customer_algorithm(CustomerKey::ALGORITHM)
                .sse_customer_key(it.key)
                .sse_customer_key_md5(it.sum),
        };
        let answer = match call.send().await.map_err(aws::Error::from) {
            Ok(it) => it,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(self.failed("cannot read")(error)),
        };
        let etag = answer.e_tag;
        let over = answer.metadata.and_then(|mut it| it.remove(OVER));
        let written = answer.last_modified.and_then(|it| it.fmt(Format::DateTime).ok());
        let body = answer.body.collect().await;
        let body = body.map_err(|it| self.failed("cannot read")(aws::Error::Unreached(it.to_string())))?;
        Ok(Some(Object { bytes: body.to_vec(), etag, written, over }))
    }

    /// The object's content, whatever the digest says.
    pub(super) async fn raw(&self) -> Result<Option<Vec<u8>>> {
        Ok(self.get(&self.path).await?.map(|it| it.0).filter(|it| !it.is_empty()))
    }

    pub(super) async fn read(&self) -> Result<Found> {
        let end = Instant::now() + AGREE;
        loop {
            let found = self.object(&self.path).await?;
            match self.disagreement(found.as_ref()).await {
                None => return Ok(found.filter(|it| !it.bytes.is_empty()).map(Object::found)),
                Some(error) if Instant::now() >= end => return Err(error),
                Some(_) => tokio::time::sleep(LOOK).await,
            }
        }
    }

    /// What the digest says against the content.
    pub(super) async fn disagreement(&self, found: Option<&Object>) -> Option<Error> {
        let table = self.table()?;
        let wanted = match table.digest().await {
            Ok(it) => it,
            Err(error) => {
                // Reading needs no lock table; taking the lock will say what is wrong with it.
                tracing::warn!("the state's digest is not checked: {error}");
                return None;
            }
        };
        self.recorded.replace(wanted.clone());
        self.looked.set(true);
        let wanted = wanted?;
        let found_digest = found.map(|it| digest(&it.bytes)).unwrap_or_default();
        if found_digest == wanted || found.and_then(|it| it.over.as_deref()) == Some(wanted.as_str()) {
            return None;
        }
        Some(Error::Digest {
            origin: self.origin(),
            found: if found_digest.is_empty() { "absent".to_owned() } else { found_digest },
            wanted,
            table: table.name.to_owned(),
            item: table.digest_item(),
        })
    }

    fn put(&self, key: &str, body: Vec<u8>) -> PutObjectFluentBuilder {
        let it = &self.settings;
        let mut call = self.aws.s3().put_object().bucket(&it.bucket).key(key);
        call = call.content_type("application/json").body(body.into());
        call = call.set_acl(it.acl.as_deref().map(ObjectCannedAcl::from));
        if let Some(it) = it.customer_key() {
            let call = call.sse_customer_algorithm(CustomerKey::ALGORITHM);
            return call.sse_customer_key(it.key).sse_customer_key_md5(it.sum);
        }
        match &it.kms_key_id {
            _ if !it.encrypt => call,
            Some(key) => call.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id(key),
            None => call.server_side_encryption(ServerSideEncryption::Aes256),
        }
    }

    fn put_state(&self, bytes: Vec<u8>) -> PutObjectFluentBuilder {
        let call = self.put(&self.path, bytes);
        match self.recorded.borrow().as_deref() {
            Some(digest) => call.metadata(OVER, digest),
            None => call,
        }
    }

    /// Stores the bytes, if what stands there is what was read. Gives the new version, and what went wrong
    /// with its digest.
    pub(super) async fn write(
        &self,
        bytes: Vec<u8>,
        over: Option<&Stamp>,
    ) -> Result<(Option<String>, Option<Error>)> {
        let digest = digest(&bytes);
        let call = self.put_state(bytes.clone());
        let call = match over {
            None => call,
            Some(Stamp { etag: Some(etag), .. }) => call.if_match(etag),
            Some(_) => call.if_none_match("*"),
        };
        let etag = match call.send().await.map_err(aws::Error::from) {
            Ok(it) => it.e_tag,
            // That it is gone altogether is a change, too.
            Err(error) if is_conflict(&error) || error.code() == Some("NoSuchKey") => {
                self.after_conflict(bytes, over).await?
            }
            Err(error) if knows_no_conditions(&error) => self.write_checked(bytes, over).await?,
            Err(error) => return Err(self.failed("cannot write")(error)),
        };
        self.owed.replace(Some(digest));
        Ok((etag, self.digest_again().await.err()))
    }

    /// Writes the digest of what was stored last, where it is not written yet.
    pub(super) async fn digest_again(&self) -> Result<()> {
        let Some(digest) = self.owed.borrow().clone() else { return Ok(()) };
        if let Some(table) = self.table() {
            let seen = self.recorded.borrow().clone();
            table.set_digest(&digest, self.looked.get().then_some(seen.as_deref())).await?;
            self.recorded.replace(Some(digest));
        }
        self.owed.take();
        Ok(())
    }

    /// Something else stands there. It may be what we wrote: the reply to an earlier attempt was lost.
    async fn after_conflict(&self, bytes: Vec<u8>, over: Option<&Stamp>) -> Result<Option<String>> {
        match self.get(&self.path).await? {
            Some((found, etag)) if found == bytes => Ok(etag),
            Some((found, Some(etag))) if found.is_empty() => {
                let put = self.put_state(bytes).if_match(etag).send().await.map_err(aws::Error::from);
                Ok(put.map_err(self.failed("cannot write"))?.e_tag)
            }
            found => Err(self.changed(found, over)),
        }
    }

    fn changed(&self, found: Found, over: Option<&Stamp>) -> Error {
        let origin = self.origin();
        let now = match found.map(|it| file::position(&it.0)) {
            None => "is gone".to_owned(),
            Some(Some((_, serial))) => format!("is at serial {serial} now"),
            Some(None) => "is no state any more".to_owned(),
        };
        let serial = over.map_or(0, |it| it.serial);
        Error::Changed { origin, why: format!("it was at serial {serial} and {now}") }
    }

    /// For endpoints without conditional writes: look, then write. Two at the very same time are
    /// told apart by the lock only.
    async fn write_checked(&self, bytes: Vec<u8>, over: Option<&Stamp>) -> Result<Option<String>> {
        tracing::warn!("the endpoint knows no conditional writes: only the lock protects {}", self.origin());
        let found = self.get(&self.path).await?.filter(|it| !it.0.is_empty());
        let etag = found.as_ref().and_then(|it| it.1.clone());
        if over.is_some_and(|it| it.etag != etag) {
            return Err(self.changed(found, over));
        }
        let put = self.put_state(bytes).send().await.map_err(aws::Error::from);
        Ok(put.map_err(self.failed("cannot write"))?.e_tag)
    }

    async fn remove(&self, key: &str) -> Result<()> {
        let gone = self.aws.s3().delete_object().bucket(&self.settings.bucket).key(key).send().await;
        gone.map(drop).map_err(aws::Error::from).map_err(self.failed("cannot remove what belongs to"))
    }

    pub(super) async fn workspaces(&self) -> Result<Vec<String>> {
        let prefix = format!("{}/", self.settings.workspace_key_prefix);
        let list = self.aws.s3().list_objects_v2().bucket(&self.settings.bucket).prefix(&prefix);
        let mut pages = list.into_paginator().send();
        let mut out = Vec::new();
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(aws::Error::from).map_err(self.failed("cannot list the environments of"))?;
            let keys = page.contents.unwrap_or_default().into_iter().filter_map(|it| it.key);
            out.extend(keys.filter_map(|it| env_of(&it, &prefix, &self.settings.key)));
        }
        out.sort();
        out.dedup();
        out.insert(0, DEFAULT_ENV.to_owned());
        Ok(out)
    }

    pub(super) async fn delete(&self) -> Result<()> {
        keep_default(&self.env)?;
        self.remove(&self.path).await?;
        match self.table() {
            Some(table) => table.remove_digest().await,
            None => Ok(()),
        }
    }

    pub(super) async fn read_beside(&self, suffix: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.get(&format!("{}.{suffix}", self.path)).await?.map(|it| it.0))
    }

    pub(super) async fn write_beside(&self, suffix: &str, bytes: &[u8]) -> Result<()> {
        let put = self.put(&format!("{}.{suffix}", self.path), bytes.to_vec()).send().await;
        put.map(drop).map_err(aws::Error::from).map_err(self.failed("cannot write beside"))
    }

    /// As [`S3::write_beside`], where there is nothing yet.
    pub(super) async fn create_beside(&self, suffix: &str, bytes: &[u8]) -> Result<bool> {
        let put = || self.put(&format!("{}.{suffix}", self.path), bytes.to_vec());
        match put().if_none_match("*").send().await.map_err(aws::Error::from) {
            Ok(_) => Ok(true),
            Err(error) if is_conflict(&error) => Ok(false),
            Err(error) if knows_no_conditions(&error) => {
                self.write_beside(suffix, bytes).await.map(|()| true)
            }
            Err(error) => Err(self.failed("cannot write beside")(error)),
        }
    }

    pub(super) async fn remove_beside(&self, suffix: &str) -> Result<()> {
        self.remove(&format!("{}.{suffix}", self.path)).await
    }
}

/// The environment whose state an object holds.
fn env_of(object: &str, prefix: &str, key: &str) -> Option<String> {
    let (env, rest) = object.strip_prefix(prefix)?.split_once('/')?;
    (rest == key && !env.is_empty()).then(|| env.to_owned())
}

fn is_conflict(error: &aws::Error) -> bool {
    matches!(error.code(), Some("PreconditionFailed" | "ConditionalRequestConflict"))
}

fn knows_no_conditions(error: &aws::Error) -> bool {
    matches!(error, aws::Error::Unimplemented(_)) || error.code() == Some("NotImplemented")
}

/// Terraform's digest of a state: MD5, in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_found_in_object_names() {
        let env = |object: &str| env_of(object, "env:/", "a/b.tfstate");
        assert_eq!(env("env:/dev/a/b.tfstate").as_deref(), Some("dev"));
        assert_eq!(env("env:/dev/a/b.tfstate.tflock"), None);
        assert_eq!(env("env:/dev/b.tfstate"), None);
        assert_eq!(env("a/b.tfstate"), None);
    }

    #[test]
    fn the_digest_is_of_md5() {
        assert_eq!(digest(b""), "d41d8cd98f00b204e9800998ecf8427e");
    }
}
