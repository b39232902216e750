//! Users and groups, and what they hold.

use super::{Ids, add};
use crate::aws::{Aws, Result};

pub async fn add_all(aws: &Aws, all: &mut Ids) -> Result<()> {
    let iam = aws.iam();
    let users: Vec<_> = iam.list_users().into_paginator().items().send().try_collect().await?;
    for name in users.into_iter().map(|it| it.user_name) {
        let of = |what: String| Some(format!("{name} {what}"));
        let keys = iam.list_access_keys().user_name(&name).send().await?.access_key_metadata;
        add(all, "access-key", keys.into_iter().map(|it| it.access_key_id));
        let policies = iam.list_user_policies().user_name(&name).send().await?.policy_names;
        add(all, "user-policy", policies.into_iter().map(of));
        let attached = iam.list_attached_user_policies().user_name(&name).send().await?.attached_policies;
        let arns = attached.unwrap_or_default().into_iter().filter_map(|it| it.policy_arn);
        add(all, "user-attachment", arns.map(of));
        add(all, "user", [Some(name)]);
    }
    let groups: Vec<_> = iam.list_groups().into_paginator().items().send().try_collect().await?;
    add(all, "group", groups.into_iter().map(|it| Some(it.group_name)));
    Ok(())
}
