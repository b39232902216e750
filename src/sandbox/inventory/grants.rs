//! Which policies are attached to whom, and the items of tables.

use aws_sdk_iam::types::{AttachedPolicy, EntityType};

use super::{Ids, add};
use crate::aws::dynamodb::item;
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    attachments(aws, all).await?;
    items(aws, all).await
}

async fn attachments(aws: &Aws, all: &mut Ids) -> Result<()> {
    let who = vec![EntityType::Role, EntityType::User, EntityType::Group];
    let pages = aws.iam().get_account_authorization_details().set_filter(Some(who)).into_paginator().send();
    let pages: Vec<_> = pages.try_collect().await?;
    let mut note = |name: Option<String>, policies: Option<Vec<AttachedPolicy>>| {
        let name = name.unwrap_or_default();
        let policies = policies.unwrap_or_default().into_iter();
        add(all, "attachment", policies.map(|it| Some(format!("{name}:{}", it.policy_arn?))));
    };
    for page in pages {
        for it in page.role_detail_list.unwrap_or_default() {
            note(it.role_name, it.attached_managed_policies);
        }
        for it in page.user_detail_list.unwrap_or_default() {
            note(it.user_name, it.attached_managed_policies);
        }
        for it in page.group_detail_list.unwrap_or_default() {
            note(it.group_name, it.attached_managed_policies);
        }
    }
    Ok(())
}

/// But for what the state's lock and its digest leave.
async fn items(aws: &Aws, all: &mut Ids) -> Result<()> {
    let tables = aws.dynamodb().list_tables().into_paginator().items().send().try_collect().await?;
    for table in tables {
        let items = aws.dynamodb().scan().table_name(&table).into_paginator().items().send();
        for it in items.try_collect().await? {
            if !it.contains_key("LockID") {
                add(all, "item", [Some(format!("{table}:{}", item::text(it)?.trim_end()))]);
            }
        }
    }
    Ok(())
}
