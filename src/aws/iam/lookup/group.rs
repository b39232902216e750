use aws_sdk_iam::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::iam::if_there;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A group that is there already, with its users.
///
/// ```toml
/// [data.aws_iam_group.admins]
/// group_name = "admins"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub group_name: String,
    /// Such as `AGPA…`.
    pub id: Computed<String>,
    /// The group's ARN.
    pub arn: Computed<String>,
    /// Such as `AGPA…`: no other group ever has it, not even one of the same name.
    pub group_id: Computed<String>,
    /// Folder in its ARN.
    pub path: Computed<String>,
    /// Who belongs to it.
    pub users: Computed<Vec<Member>>,
}

/// A user of a group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The user's ARN.
    pub arn: Option<String>,
    /// Folder in the ARN.
    pub path: Option<String>,
    /// Such as `AIDA…`.
    pub user_id: Option<String>,
    /// The user's name.
    pub user_name: Option<String>,
}

impl From<sdk::User> for Member {
    fn from(it: sdk::User) -> Self {
        Member {
            arn: Some(it.arn),
            path: Some(it.path),
            user_id: Some(it.user_id),
            user_name: Some(it.user_name),
        }
    }
}

/// The most users that a page may hold.
const PAGE: i32 = 1000;

impl DataSource for Group {
    const TYPE: &'static str = "aws_iam_group";
    const READS: Reads =
        Reads::of(&[Cost::each("iam:GetGroup")], "a call tells of one group and 1,000 of its users");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let name = &self.group_name;
        let pages = aws.iam().get_group().group_name(name).into_paginator().page_size(PAGE).send();
        let missing = || Error::Invalid(format!("the account has no group `{name}`: look at `group_name`"));
        let pages = if_there(pages.try_collect().await.map_err(Error::from))?.ok_or_else(missing)?;
        let (groups, users): (Vec<_>, Vec<_>) = pages.into_iter().map(|it| (it.group, it.users)).unzip();
        let it = groups.into_iter().flatten().next().ok_or(Error::Incomplete("the group"))?;
        Ok(Group {
            id: it.group_id.clone().into(),
            arn: it.arn.into(),
            group_id: it.group_id.into(),
            path: it.path.into(),
            users: Computed(users.into_iter().flatten().map(Member::from).collect()),
            ..self
        })
    }
}
