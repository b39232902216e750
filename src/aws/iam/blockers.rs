//! What stands in the way of removing IAM's things: looked up after a refusal, for people.

use futures::join;

use super::grants;
use crate::aws::{Aws, Error, Result};
use crate::resource::{Blocker, Blockers};

/// What the role holds, and who holds it.
pub async fn of_role(aws: &Aws, name: &str) -> Blockers {
    let (attached, inline, profiles) =
        join!(grants::attached(aws, name), grants::inline_names(aws, name), profiles(aws, name));
    let policy = |arn: &String| Blocker::new("attached policy", arn);
    let inline = inline.map(|all| {
        let one = |it: &String| Blocker::new("inline policy", it).known_by(format!("{name}:{it}"));
        all.iter().map(one).collect()
    });
    let mut out = Blockers::default();
    out.ask("attached policies", attached.map(|all| all.iter().map(policy).collect()));
    out.ask("inline policies", inline);
    out.ask("instance profiles", profiles);
    if out.all.is_empty() {
        return out;
    }
    out.help(
        "take them away and apply again; `force_detach_policies = true`, applied before, takes away all policies",
    )
}

async fn profiles(aws: &Aws, role: &str) -> Result<Vec<Blocker>> {
    let call = aws.iam().list_instance_profiles_for_role().role_name(role);
    let found: Vec<_> = call.into_paginator().items().send().try_collect().await?;
    Ok(found.iter().map(|it| Blocker::new("instance profile", it.instance_profile_name())).collect())
}

/// Who has the policy attached.
pub async fn of_policy(aws: &Aws, arn: &str) -> Blockers {
    let attached = async {
        let answer = aws.iam().list_entities_for_policy().policy_arn(arn).send().await?;
        let roles = answer.policy_roles().iter().filter_map(|it| it.role_name());
        let users = answer.policy_users().iter().filter_map(|it| it.user_name());
        let groups = answer.policy_groups().iter().filter_map(|it| it.group_name());
        let roles = roles.map(|it| Blocker::new("attached to role", it).known_by(format!("{it}/{arn}")));
        let users = users.map(|it| Blocker::new("attached to user", it));
        let groups = groups.map(|it| Blocker::new("attached to group", it));
        Ok::<_, Error>(roles.chain(users).chain(groups).collect())
    };
    let versions = async {
        let answer = aws.iam().list_policy_versions().policy_arn(arn).send().await?;
        let others = answer.versions().iter().filter(|it| !it.is_default_version);
        Ok::<_, Error>(others.filter_map(|it| Some(Blocker::new("version", it.version_id()?))).collect())
    };
    let (attached, versions) = join!(attached, versions);
    let mut out = Blockers::default();
    out.ask("whom it is attached to", attached);
    out.ask("its versions", versions);
    out
}
