//! What a role holds: the policies written into it, and those attached to it.

use aws_sdk_iam::types::{Role, RoleDetail};
use futures::{StreamExt, TryStreamExt, stream, try_join};

use super::{AT_ONCE, document, gone, sent_document};
use crate::aws::{Aws, Error, Result};
use crate::resource::Json;

/// A role and what it holds.
pub(super) struct Granted {
    pub role: Role,
    /// Name and document of each policy written into it.
    pub inline: Vec<(String, Json)>,
    /// ARNs of the policies attached to it.
    pub attached: Vec<String>,
}

impl Granted {
    /// From two listings, each of which lacks something.
    pub(super) fn listed(role: &Role, detail: &RoleDetail) -> Self {
        let mut role = role.clone();
        role.assume_role_policy_document = detail.assume_role_policy_document.clone();
        role.permissions_boundary = detail.permissions_boundary.clone();
        role.tags = detail.tags.clone();
        let inline = detail.role_policy_list().iter();
        let attached = detail.attached_managed_policies().iter();
        Granted {
            role,
            inline: inline
                .filter_map(|it| Some((it.policy_name.clone()?, document(it.policy_document()?))))
                .collect(),
            attached: attached.filter_map(|it| it.policy_arn.clone()).collect(),
        }
    }

    /// Asks about this role alone.
    pub(super) async fn asked(aws: &Aws, name: &str) -> Result<Self> {
        let role = role(aws, name).await?;
        let documents = async {
            let names = inline_names(aws, name).await?;
            let all = stream::iter(&names).map(async |it| Ok((it.clone(), inline(aws, name, it).await?)));
            all.buffered(AT_ONCE).try_collect::<Vec<_>>().await
        };
        let (inline, attached) = try_join!(documents, attached(aws, name))?;
        Ok(Granted { role, inline, attached })
    }
}

/// A role without what it holds.
pub(super) async fn role(aws: &Aws, name: &str) -> Result<Role> {
    let role = aws.iam().get_role().role_name(name).send().await?.role;
    role.ok_or(Error::Incomplete("the role"))
}

/// Names of the policies written into a role.
pub(super) async fn inline_names(aws: &Aws, role: &str) -> Result<Vec<String>> {
    Ok(aws.iam().list_role_policies().role_name(role).into_paginator().items().send().try_collect().await?)
}

/// A policy written into a role.
pub(super) async fn inline(aws: &Aws, role: &str, name: &str) -> Result<Json> {
    let ask = async {
        let answer = aws.iam().get_role_policy().role_name(role).policy_name(name).send().await?;
        Ok(document(&answer.policy_document))
    };
    aws.shared(&format!("iam policy {name} of {role}"), ask).await
}

pub(super) async fn put_inline(aws: &Aws, role: &str, name: &str, policy: &Json) -> Result<()> {
    let call = aws.iam().put_role_policy().role_name(role).policy_name(name);
    call.policy_document(sent_document(policy)).send().await?;
    Ok(())
}

pub(super) async fn remove_inline(aws: &Aws, role: &str, name: &str) -> Result<()> {
    let answer = aws.iam().delete_role_policy().role_name(role).policy_name(name).send().await;
    gone(answer.map_err(Error::from))
}

/// ARNs of the policies attached to a role.
pub(super) async fn attached(aws: &Aws, role: &str) -> Result<Vec<String>> {
    let ask = async {
        let pages = aws.iam().list_attached_role_policies().role_name(role).into_paginator().items().send();
        let all: Vec<_> = pages.try_collect().await?;
        Ok(all.into_iter().filter_map(|it| it.policy_arn).collect())
    };
    aws.shared(&format!("iam policies attached to {role}"), ask).await
}

pub(super) async fn attach(aws: &Aws, role: &str, arn: &str) -> Result<()> {
    aws.iam().attach_role_policy().role_name(role).policy_arn(arn).send().await?;
    Ok(())
}

pub(super) async fn detach(aws: &Aws, role: &str, arn: &str) -> Result<()> {
    let answer = aws.iam().detach_role_policy().role_name(role).policy_arn(arn).send().await;
    gone(answer.map_err(Error::from))
}
