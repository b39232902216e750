use std::rc::Rc;

use aws_sdk_iam::types::Role;
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::iam::stated;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// Roles that are there already: all of them, or those of a folder, or those with a name of some form.
///
/// ```toml
/// [data.aws_iam_roles.admins]
/// name_regex = "^AWSReservedSSO_Admin_"
/// path_prefix = "/aws-reserved/sso.amazonaws.com/"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Only roles with a name that this regular expression finds.
    pub name_regex: Option<String>,
    /// Only roles with a path that begins with this, such as `/service/`.
    pub path_prefix: Option<String>,
    /// The region in use.
    pub id: Computed<String>,
    /// ARNs of the roles.
    pub arns: Computed<Set<String>>,
    /// Names of the roles.
    pub names: Computed<Set<String>>,
}

impl DataSource for Roles {
    const TYPE: &'static str = "aws_iam_roles";
    const READS: Reads = Reads::of(
        &[Cost::page("iam:ListRoles", 1000)],
        "a call tells 1,000 roles; names are searched for here",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let wanted = stated(&self.name_regex).map(Regex::new).transpose();
        let wanted =
            wanted.map_err(|it| Error::Invalid(format!("`name_regex` is no regular expression: {it}")))?;
        let all = within(aws, stated(&self.path_prefix)).await?;
        let found = all.iter().filter(|it| wanted.as_ref().is_none_or(|wanted| wanted.is_match(&it.0)));
        let (names, arns): (Vec<_>, Vec<_>) = found.cloned().unzip();
        Ok(Roles {
            id: aws.region().to_owned().into(),
            arns: Set(arns).into(),
            names: Set(names).into(),
            ..self
        })
    }
}

/// The most roles that a page may hold.
const PAGE: i32 = 1000;

/// Name and ARN of each role whose path begins with this.
async fn within(aws: &Aws, path: Option<&str>) -> Result<Rc<Vec<(String, String)>>> {
    let ask = async {
        let call = aws.iam().list_roles().set_path_prefix(path.map(str::to_owned));
        let all: Vec<Role> = call.into_paginator().page_size(PAGE).items().send().try_collect().await?;
        Ok(Rc::new(all.into_iter().map(|it| (it.role_name, it.arn)).collect::<Vec<_>>()))
    };
    aws.shared(&format!("iam roles in {}", path.unwrap_or("/")), ask).await
}
