use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::time::Duration;

use aws_sdk_iam::types::{AccessKeyMetadata, StatusType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::details::declined;
use super::{IAM, each, gone, if_there, to_the_second};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::{Adjust, text};
use crate::resource::*;

mod smtp;

/// A key by which a program signs its calls to AWS as a user. Its secret stands in the state, readable for
/// everybody who may read that: encrypt the state, or better use a role.
///
/// ```toml
/// [aws_iam_access_key.mailer]
/// user = "${aws_iam_user.mailer.name}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// Name of the user. AWS lets a user have two keys.
    pub user: Fixed<String>,
    /// `Active`, or `Inactive`: then AWS accepts no call that is signed with it.
    #[serde(default = "active")]
    #[schemars(extend("enum" = ["Active", "Inactive"]))]
    pub status: String,
    /// Not supported: the secret cannot be encrypted with a PGP key. Encrypt the state instead.
    pub pgp_key: Local<Fixed<Option<String>>>,
    /// Such as `AKIA…`: the public part of the key.
    pub id: Computed<String>,
    /// When the key was made.
    pub create_date: Computed<String>,
    /// The secret part. AWS tells it once, when it makes the key: not known of a key that was imported.
    pub secret: Secret<Local<Computed<Option<String>>>>,
    /// The password by which Amazon SES takes mail over SMTP in the provider's region, with `id` as the name.
    pub ses_smtp_password_v4: Secret<Local<Computed<Option<String>>>>,
    /// The secret as `pgp_key` encrypts it: nothing.
    pub encrypted_secret: Local<Computed<Option<String>>>,
    /// The password for SMTP as `pgp_key` encrypts it: nothing.
    pub encrypted_ses_smtp_password_v4: Local<Computed<Option<String>>>,
    /// The fingerprint of `pgp_key`: nothing.
    pub key_fingerprint: Local<Computed<Option<String>>>,
}

fn active() -> String {
    StatusType::Active.as_str().to_owned()
}

/// The status of a key whose secret was in an answer that never came: nobody can ever use it, and another one
/// takes its place.
const LOST: &str = "Lost";

/// Seconds from the beginning of an apply within which an unused key counts as the one whose answer was lost. A
/// later one may be somebody else's, made before the apply was gone on with: better a key too many than theirs
/// removed.
const OURS_WITHIN: i64 = 3600;

/// Whose key, and which. No `Debug`: nothing that holds a secret is to be written down.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    /// Nothing on import: AWS knows it.
    user: String,
    id: String,
    /// What only the answer tells that made the key, until it has been seen once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// [`LOST`], or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

impl Resource for AccessKey {
    const TYPE: &'static str = "aws_iam_access_key";
    const IMPORT: &'static [&'static str] = &["AKIAIOSFODNN7EXAMPLE"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[Cost::each("iam:ListAccessKeys")],
        "a call tells of all keys of one user, and no list of more",
    );
    const BATCH: usize = 10_000; // user by user
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    type Key = Key;

    fn key(&self) -> Key {
        let lost = self.status == LOST;
        let unseen = self.create_date.is_empty() && !lost;
        Key {
            user: self.user.0.clone(),
            id: self.id.0.clone(),
            secret: if unseen { self.secret.0.0.0.clone() } else { None },
            status: lost.then(|| LOST.to_owned()),
        }
    }

    fn is_same(one: &Key, other: &Key) -> bool {
        one.id == other.id
    }

    fn import(id: &str) -> Result<Key> {
        Ok(Key { user: String::new(), id: id.to_owned(), secret: None, status: None })
    }

    async fn read(aws: &Aws, keys: &[Key]) -> Result<Vec<Live<Self>>> {
        let mut wanted = Vec::with_capacity(keys.len());
        for key in keys {
            wanted.push((key, now(aws, key).await));
        }
        let users: BTreeSet<&str> = wanted.iter().map(|it| it.1.user.as_str()).collect();
        let users: Vec<&str> = users.into_iter().filter(|it| !it.is_empty()).collect();
        let ask = async |user: &&str| Ok(((*user).to_owned(), of_user(aws, user).await?));
        let told: HashMap<String, Vec<AccessKeyMetadata>> = each(&users, ask).await?.into_iter().collect();
        let (known, astray): (Vec<_>, Vec<_>) = wanted.iter().partition(|it| told.contains_key(&it.1.user));
        let mut out = Vec::with_capacity(keys.len());
        for (key, now) in known {
            let found = told.get(&now.user).and_then(|all| all.iter().find(|it| now.is(it)));
            out.extend(found.map(|it| live(aws, key, now, it)));
        }
        // The user has another name by now, or is to be found out in the first place.
        let ask = async |it: &&(&Key, Key)| {
            let found = by_owner(aws, &it.1).await?;
            Ok(found.map(|found| live(aws, it.0, &it.1, &found)))
        };
        out.extend(each(&astray, ask).await?.into_iter().flatten());
        Ok(out)
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Key> {
        make(aws, &self.user).await
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if was.status == LOST {
            return self.make_again(aws, was).await;
        }
        if self.status != was.status {
            set_status(aws, &self.user, &was.id, &self.status).await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let key = self.key();
        match remove(aws, &key.user, &key.id).await {
            Err(error) if error.is_missing() => match owner(aws, &key).await? {
                Some(user) if user != key.user => gone(remove(aws, &user, &key.id).await),
                _ => Ok(()),
            },
            answer => answer,
        }
    }

    /// A key that is younger than the journal, was never used, and whose secret this process was not given.
    /// The secret is gone for good, so the key is adopted to be replaced: see [`LOST`].
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Key>> {
        let user = &*self.user.0;
        if user.is_empty() {
            // Without a name, AWS tells of whoever asks.
            return Err(Error::Unsearchable);
        }
        let made = made(aws, user).await?;
        let made = made.lock().await;
        let mut all = if_there(of_user(aws, user).await)?.unwrap_or_default();
        let since = |it: &AccessKeyMetadata| it.create_date().map(|it| it.secs());
        let until = new.since.saturating_add(OURS_WITHIN);
        all.retain(|it| new.may_have_made(since(it)) && since(it).is_some_and(|it| it <= until));
        all.sort_by_key(|it| std::cmp::Reverse(since(it)));
        for id in all.into_iter().filter_map(|it| it.access_key_id).filter(|it| !made.contains(it)) {
            if !is_used(aws, &id).await? {
                let lost = Some(LOST.to_owned());
                return Ok(Some(Key { user: user.to_owned(), id, secret: None, status: lost }));
            }
        }
        Ok(None)
    }

    fn adjust(plan: &mut Adjust) {
        if plan.config("pgp_key").is_some() {
            let why = "`pgp_key` is not supported: leave it out. The secret then stands in the state, \
                       which can be encrypted as a whole";
            plan.error("pgp_key", why);
        }
        let lost = plan.was.as_ref().is_some_and(|it| text(it.get("status")) == LOST);
        if lost {
            let news = ["id", "create_date", "secret", "ses_smtp_password_v4"];
            news.iter().for_each(|it| plan.set_unknown(it));
        }
    }
}

impl AccessKey {
    /// Makes another key in the place of a lost one.
    async fn make_again(&self, aws: &Aws, lost: &Self) -> Result<()> {
        lost.delete(aws).await?;
        let key = match make(aws, &self.user).await {
            // Asked again here, it would make one more. The next apply looks for this one.
            Err(Error::Unreached(_)) => Err(Error::Incomplete("the secret of the new key")),
            it => it,
        }?;
        aws.once(&in_place_of(&lost.id), async { Ok(key.clone()) }).await?;
        if self.status != active() {
            set_status(aws, &key.user, &key.id, &self.status).await?;
        }
        Ok(())
    }
}

impl Key {
    fn is(&self, it: &AccessKeyMetadata) -> bool {
        it.access_key_id() == Some(self.id.as_str())
    }
}

/// The ids of the keys of a user that this process has made. While somebody holds it, no other is being made.
async fn made(aws: &Aws, user: &str) -> Result<Rc<Mutex<BTreeSet<String>>>> {
    aws.once(&format!("iam access keys made of {user}"), async { Ok(Mutex::default()) }).await
}

async fn make(aws: &Aws, user: &str) -> Result<Key> {
    let made = made(aws, user).await?;
    let mut made = made.lock().await;
    let answer = aws.iam().create_access_key().user_name(user).send().await?;
    let key = answer.access_key.ok_or(Error::Incomplete("the key"))?;
    made.insert(key.access_key_id.clone());
    let secret = Some(key.secret_access_key);
    Ok(Key { user: user.to_owned(), id: key.access_key_id, secret, status: None })
}

fn in_place_of(lost: &str) -> String {
    format!("iam access key in place of {lost}")
}

/// The key that has taken the place of a lost one, or the same.
async fn now(aws: &Aws, key: &Key) -> Key {
    if key.status.is_none() {
        return key.clone();
    }
    let none = async { Err(Error::Incomplete("another key")) };
    let other = aws.once::<Key>(&in_place_of(&key.id), none).await;
    other.map_or_else(|_| key.clone(), |it| Key::clone(&it))
}

async fn of_user(aws: &Aws, user: &str) -> Result<Vec<AccessKeyMetadata>> {
    Ok(aws.iam().list_access_keys().user_name(user).into_paginator().items().send().try_collect().await?)
}

/// The user that a key belongs to, whatever its name is by now.
async fn owner(aws: &Aws, key: &Key) -> Result<Option<String>> {
    let answer = aws.iam().get_access_key_last_used().access_key_id(&key.id).send().await;
    match answer.map_err(Error::from) {
        Ok(it) => Ok(it.user_name),
        Err(error) if error.is_missing() => Ok(None),
        // Nobody may ask this about a key that is not there.
        Err(error) if declined(&error) && !key.user.is_empty() => Ok(None),
        Err(error) => Err(error),
    }
}

async fn by_owner(aws: &Aws, key: &Key) -> Result<Option<AccessKeyMetadata>> {
    let Some(user) = owner(aws, key).await? else { return Ok(None) };
    Ok(of_user(aws, &user).await?.into_iter().find(|it| key.is(it)))
}

/// Whether somebody has signed a call with it. Where we may not ask, nobody is known to have.
async fn is_used(aws: &Aws, id: &str) -> Result<bool> {
    match aws.iam().get_access_key_last_used().access_key_id(id).send().await.map_err(Error::from) {
        Ok(it) => Ok(it.access_key_last_used.is_some_and(|it| it.last_used_date.is_some())),
        Err(error) if error.is_missing() || declined(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn set_status(aws: &Aws, user: &str, id: &str, status: &str) -> Result<()> {
    let call = aws.iam().update_access_key().user_name(user).access_key_id(id);
    call.status(StatusType::from(status)).send().await?;
    Ok(())
}

async fn remove(aws: &Aws, user: &str, id: &str) -> Result<()> {
    aws.iam().delete_access_key().user_name(user).access_key_id(id).send().await?;
    Ok(())
}

/// What was asked for as `key`, which is `now` the key that AWS tells of.
fn live(aws: &Aws, key: &Key, now: &Key, it: &AccessKeyMetadata) -> Live<AccessKey> {
    let password = now.secret.as_deref().map(|it| smtp::password(it, aws.region()));
    Live {
        key: key.clone(),
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: AccessKey {
            user: seen(it.user_name.as_deref()),
            status: now.status.clone().unwrap_or_else(|| seen(it.status())),
            pgp_key: Local::default(),
            id: seen(it.access_key_id()),
            create_date: Computed(it.create_date().map(to_the_second).unwrap_or_default()),
            secret: Secret(Local(Computed(now.secret.clone()))),
            ses_smtp_password_v4: Secret(Local(Computed(password))),
            encrypted_secret: Local::default(),
            encrypted_ses_smtp_password_v4: Local::default(),
            key_fingerprint: Local::default(),
        },
    }
}
