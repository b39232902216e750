use std::time::Duration;

use aws_sdk_iam::types::{self as sdk, GroupDetail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::listed;
use super::renamed::{Named, elsewhere};
use super::{IAM, blockers, each, gone, if_there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Users that are allowed the same: what the group may do, each of them may.
///
/// ```toml
/// [aws_iam_group.developers]
/// name = "developers"
/// path = "/people/"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Unique in the account, whatever the path. It may change: the group keeps its users and policies.
    #[schemars(regex(pattern = r"^[0-9A-Za-z=,.@\-_+]+$"))]
    pub name: String,
    /// Folder in the group's ARN, such as `/people/`.
    #[serde(default = "root")]
    pub path: String,
    /// The group's name.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// Such as `AGPA…`: no other group ever has it, not even one of the same name.
    pub unique_id: Computed<String>,
}

fn root() -> String {
    "/".into()
}

impl Resource for Group {
    const TYPE: &'static str = "aws_iam_group";
    const IMPORT: &'static [&'static str] = &["developers"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:GetGroup").to(3),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(4).same(),
        ],
        "a call tells of one group; a page of the account holds 1,000 of them with their policies",
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
        let known = listed::<GroupDetail>(aws, &names, names.len()).await?;
        let of_list = |key: &Named| Some(live(key, known.get(&key.id)?));
        let mut out: Vec<Live<Self>> = keys.iter().filter_map(of_list).collect();
        let alone: Vec<&Named> = keys.iter().filter(|it| known.leaves_open(&it.id)).collect();
        out.extend(each(&alone, async |key: &&Named| Ok(live(key, &ask(aws, &key.id).await?))).await?);
        let renamed = elsewhere(keys, &out, async || {
            let all = aws.iam().list_groups().into_paginator().items().send();
            let all: Vec<sdk::Group> = all.try_collect().await?;
            Ok(all.into_iter().map(|it| (it.group_id, it.group_name)).collect())
        });
        let renamed = renamed.await?;
        let again = async |it: &(Named, String)| Ok(live(&it.0, &ask(aws, &it.1).await?));
        out.extend(each(&renamed, again).await?);
        Ok(out)
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Named> {
        let call = aws.iam().create_group().group_name(&self.name).path(&self.path);
        let made = call.send().await?.group;
        Ok(Named { id: self.name.clone(), unique_id: made.map(|it| it.group_id).unwrap_or_default() })
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.name != was.name || self.path != was.path {
            let call = aws.iam().update_group().group_name(&was.name);
            call.new_group_name(&self.name).new_path(&self.path).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        gone(aws.iam().delete_group().group_name(&*self.id.0).send().await.map_err(Error::from))
    }

    // CreateGroup takes no client token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<Named>> {
        if self.name.is_empty() {
            return Err(Error::Unsearchable);
        }
        let Some(group) = if_there(ask(aws, &self.name).await)? else { return Ok(None) };
        let made = new.may_have_made(group.create_date.map(|it| it.secs()));
        let ours = made && group.path.as_deref() == Some(self.path.as_str());
        Ok(ours.then(|| Named { id: self.name.clone(), unique_id: group.group_id.unwrap_or_default() }))
    }

    fn adjust(plan: &mut Adjust) {
        if plan.change("name").is_some() || plan.change("path").is_some() {
            plan.set_unknown("arn");
        }
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_group(aws, &self.id).await
        } else {
            Blockers::default()
        })
    }
}

/// One of them, as the account's details tell of it. Its users are in the answer, too: one is enough.
async fn ask(aws: &Aws, name: &str) -> Result<GroupDetail> {
    let group = aws.iam().get_group().group_name(name).max_items(1).send().await?.group;
    let it = group.ok_or(Error::Incomplete("the group"))?;
    let out = GroupDetail::builder().path(it.path).group_name(it.group_name).group_id(it.group_id);
    Ok(out.arn(it.arn).create_date(it.create_date).build())
}

fn live(key: &Named, it: &GroupDetail) -> Live<Group> {
    // For a moment after its creation the unique id may stand where the ARN should.
    let complete = it.arn().is_some_and(|it| it.starts_with("arn:"));
    Live {
        key: key.clone(),
        status: if complete { Status::Ready } else { Status::Pending("new".into()) },
        tags: None,
        unread: &[],
        attributes: Group {
            name: seen(it.group_name()),
            path: seen(it.path()),
            id: seen(it.group_name()),
            arn: seen(it.arn()),
            unique_id: seen(it.group_id()),
        },
    }
}
