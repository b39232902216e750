use std::time::Duration;

use aws_sdk_iam::types::{self as sdk, UserDetail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::listed;
use super::renamed::{Named, elsewhere};
use super::tagging::{seen_tags, sent_tags};
use super::{IAM, blockers, each, gone, if_there, stated};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

pub(super) mod owned;

/// A person or a program with credentials of its own. Roles are better wherever something can take one on.
///
/// ```toml
/// [aws_iam_user.mailer]
/// name = "mailer"
/// path = "/programs/"
/// force_destroy = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Unique in the account, whatever the path. It may change: the user keeps all that it has.
    #[schemars(regex(pattern = r"^[0-9A-Za-z=,.@\-_+]+$"))]
    pub name: String,
    /// Folder in the user's ARN, such as `/programs/`.
    #[serde(default = "root")]
    pub path: String,
    /// ARN of the policy that limits what the user may ever be allowed.
    #[schemars(length(max = 2048))]
    pub permissions_boundary: Option<String>,
    /// On removal, take away also the password, keys, certificates, MFA devices and credentials for single
    /// services that others gave the user. Otherwise they keep it from being removed.
    #[serde(default)]
    pub force_destroy: Local<bool>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The user's name.
    pub id: Computed<String>,
    /// The user's ARN.
    pub arn: Computed<String>,
    /// Such as `AIDA…`: no other user ever has it, not even one of the same name.
    pub unique_id: Computed<String>,
}

fn root() -> String {
    "/".into()
}

impl Resource for User {
    const TYPE: &'static str = "aws_iam_user";
    const IMPORT: &'static [&'static str] = &["mailer"];
    const TAGS: TagApi = TagApi::IamUser;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:GetUser").to(3),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(4).same(),
        ],
        "a call tells of one user; a page of the account holds 1,000 of them with their policies",
    );
    const BATCH: usize = 10_000; // pages of the account's details, not a call's limit
    const PATIENCE: Duration = Duration::from_secs(120);
    const SOUGHT_BY: &'static [&'static str] = &["name", "path"];
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = Named;

    fn key(&self) -> Named {
        Named { id: self.id.0.clone(), unique_id: self.unique_id.0.clone() }
    }

    fn is_same(one: &Named, other: &Named) -> bool {
        one.is(other)
    }

    fn key_after(&self, will: &Self) -> Named {
        self.key().called(&will.name)
    }

    fn import(id: &str) -> Result<Named> {
        Ok(Named::imported(id))
    }

    async fn read(aws: &Aws, keys: &[Named]) -> Result<Vec<Live<Self>>> {
        let names: Vec<&str> = keys.iter().map(|it| it.id.as_str()).collect();
        let known = listed::<UserDetail>(aws, &names, names.len()).await?;
        let of_list = |key: &Named| Some(live(key, known.get(&key.id)?));
        let mut out: Vec<Live<Self>> = keys.iter().filter_map(of_list).collect();
        let alone: Vec<&Named> = keys.iter().filter(|it| known.leaves_open(&it.id)).collect();
        out.extend(each(&alone, async |key: &&Named| Ok(live(key, &ask(aws, &key.id).await?))).await?);
        let renamed = elsewhere(keys, &out, async || {
            let all = aws.iam().list_users().into_paginator().items().send();
            let all: Vec<sdk::User> = all.try_collect().await?;
            Ok(all.into_iter().map(|it| (it.user_id, it.user_name)).collect())
        });
        let renamed = renamed.await?;
        let again = async |it: &(Named, String)| Ok(live(&it.0, &ask(aws, &it.1).await?));
        out.extend(each(&renamed, again).await?);
        Ok(out)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<Named> {
        let call = aws.iam().create_user().user_name(&self.name).path(&self.path);
        let call = call.set_permissions_boundary(stated(&self.permissions_boundary).map(str::to_owned));
        let made = call.set_tags(sent_tags(&new.tags)?).send().await?.user;
        Ok(Named { id: self.name.clone(), unique_id: made.map(|it| it.user_id).unwrap_or_default() })
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.name != was.name || self.path != was.path {
            let call = aws.iam().update_user().user_name(&was.name);
            call.new_user_name(&self.name).new_path(&self.path).send().await?;
        }
        self.change_boundary(aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let name = &self.id.0;
        gone(owned::leave_groups(aws, name).await)?;
        if *self.force_destroy {
            owned::remove_all(aws, name).await?;
        }
        gone(aws.iam().delete_user().user_name(name).send().await.map_err(Error::from))
    }

    // CreateUser takes no client token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Named>> {
        if self.name.is_empty() {
            // Without a name, AWS tells of whoever asks.
            return Err(Error::Unsearchable);
        }
        let Some(user) = if_there(ask(aws, &self.name).await)? else { return Ok(None) };
        let made = new.may_have_made(user.create_date.map(|it| it.secs()));
        let ours = made && user.path.as_deref() == Some(self.path.as_str());
        Ok(ours.then(|| Named { id: self.name.clone(), unique_id: user.user_id.unwrap_or_default() }))
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_user(aws, &self.id).await
        } else {
            Blockers::default()
        })
    }
}

impl User {
    /// By the name that it has by now.
    async fn change_boundary(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (iam, name) = (aws.iam(), &self.name);
        match stated(&self.permissions_boundary) {
            same if same == stated(&was.permissions_boundary) => {}
            Some(arn) => {
                iam.put_user_permissions_boundary().user_name(name).permissions_boundary(arn).send().await?;
            }
            None => {
                iam.delete_user_permissions_boundary().user_name(name).send().await?;
            }
        }
        Ok(())
    }
}

/// One of them, as the account's details tell of it.
async fn ask(aws: &Aws, name: &str) -> Result<UserDetail> {
    let user = aws.iam().get_user().user_name(name).send().await?.user;
    let it = user.ok_or(Error::Incomplete("the user"))?;
    let out = UserDetail::builder().path(it.path).user_name(it.user_name).user_id(it.user_id).arn(it.arn);
    let out = out.create_date(it.create_date).set_tags(it.tags);
    Ok(out.set_permissions_boundary(it.permissions_boundary).build())
}

fn live(key: &Named, it: &UserDetail) -> Live<User> {
    // For a moment after its creation the unique id may stand where the ARN should.
    let complete = it.arn().is_some_and(|it| it.starts_with("arn:"));
    let boundary = it.permissions_boundary().and_then(|it| it.permissions_boundary_arn());
    Live {
        key: key.clone(),
        status: if complete { Status::Ready } else { Status::Pending("new".into()) },
        tags: Some(seen_tags(it.tags.clone())),
        unread: &[],
        attributes: User {
            name: seen(it.user_name()),
            path: seen(it.path()),
            permissions_boundary: boundary.map(str::to_owned),
            force_destroy: Local(false),
            tags: None,
            tags_all: Chosen::default(),
            id: seen(it.user_name()),
            arn: seen(it.arn()),
            unique_id: seen(it.user_id()),
        },
    }
}
