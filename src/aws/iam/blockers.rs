//! What stands in the way of removing IAM's things: looked up after a refusal, for people.

use futures::join;

use super::grants;
use super::user::owned;
use super::user_policy::inline_names;
use super::user_policy_attachment::attached;
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

/// What the user has.
pub async fn of_user(aws: &Aws, name: &str) -> Blockers {
    let (attached, inline) = (attached(aws, name), inline_names(aws, name));
    let (keys, devices) = (owned::key_ids(aws, name), owned::devices(aws, name));
    let (attached, inline, keys, devices) = join!(attached, inline, keys, devices);
    let named =
        |kind: &str, all: Vec<String>| all.iter().map(|it| Blocker::new(kind, it)).collect::<Vec<_>>();
    let of_inline = |it: &String| Blocker::new("inline policy", it).known_by(format!("{name}:{it}"));
    let mut out = Blockers::default();
    out.ask("attached policies", attached.map(|all| named("attached policy", all)));
    out.ask("inline policies", inline.map(|all| all.iter().map(of_inline).collect()));
    out.ask("access keys", keys.map(|all| named("access key", all)));
    out.ask("MFA devices", devices.map(|all| named("MFA device", all)));
    out.help(
        "take them away and apply again; `force_destroy = true`, applied before, takes all but the policies",
    )
}

/// Who is in the group, and what it may do.
pub async fn of_group(aws: &Aws, name: &str) -> Blockers {
    let users = async {
        let all = aws.iam().get_group().group_name(name).send().await?.users;
        Ok::<_, Error>(all.iter().map(|it| Blocker::new("user", &it.user_name)).collect())
    };
    let attached = async {
        let all = aws.iam().list_attached_group_policies().group_name(name).send().await?;
        let arns = all.attached_policies().iter().filter_map(|it| it.policy_arn());
        Ok::<_, Error>(arns.map(|it| Blocker::new("attached policy", it)).collect())
    };
    let inline = async {
        let all = aws.iam().list_group_policies().group_name(name).send().await?.policy_names;
        let known = |it: &String| Blocker::new("inline policy", it).known_by(format!("{name}:{it}"));
        Ok::<_, Error>(all.iter().map(known).collect())
    };
    let (users, attached, inline) = join!(users, attached, inline);
    let mut out = Blockers::default();
    out.ask("its users", users);
    out.ask("attached policies", attached);
    out.ask("inline policies", inline);
    out
}
