use std::rc::Rc;

use aws_sdk_iam::types::{self as sdk, RoleDetail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::listed;
use super::grants::{self, Granted};
use super::tagging::{seen_tags, sent_tags};
use super::{
    IAM, blockers, document, each, gone, if_there, one_name, prefix_of, same_document, sent_document, stated,
    to_the_second,
};
use crate::aws::shape::{seen, sent};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// An identity that services, users or accounts may take on, with what it may do.
///
/// ```toml
/// [aws_iam_role.web]
/// name = "web"
/// assume_role_policy = '''${jsonencode({
///   Version = "2012-10-17"
///   Statement = [{
///     Effect = "Allow"
///     Action = "sts:AssumeRole"
///     Principal = { Service = "ecs-tasks.amazonaws.com" }
///   }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Who may take the role on: a policy document.
    #[schemars(extend("x-policy" = true))]
    pub assume_role_policy: Json,
    /// Unique in the account; else one is made up.
    #[schemars(length(max = 64), regex(pattern = r"^[0-9A-Za-z=,.@\-_+]*$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 38), regex(pattern = r"^[0-9A-Za-z=,.@\-_+]*$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// Folder in the role's ARN, such as `/service/`.
    #[serde(default = "root")]
    #[schemars(length(max = 512))]
    pub path: Fixed<String>,
    /// What the role is for.
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// The longest time that one session may last, in seconds.
    #[serde(default = "an_hour")]
    #[schemars(range(min = 3600, max = 43200))]
    pub max_session_duration: i64,
    /// ARN of the policy that limits what the role may ever be allowed.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub permissions_boundary: Option<String>,
    /// On removal, take off also policies that others put on.
    #[serde(default)]
    pub force_detach_policies: Local<bool>,
    /// ARNs of all policies that are attached, here or by `aws_iam_role_policy_attachment`. Where
    /// it is set, every other one is detached; better use that type.
    #[schemars(inner(regex(pattern = r"^(arn:.+)?$")))]
    pub managed_policy_arns: Chosen<Option<Set<String>>>,
    /// All policies written into the role, here or by `aws_iam_role_policy`. Where it is set, every
    /// other one is removed, an empty block removes all; better use that type.
    pub inline_policy: Chosen<Set<InlinePolicy>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The role's name.
    pub id: Computed<String>,
    /// The role's ARN.
    pub arn: Computed<String>,
    /// When the role was made.
    pub create_date: Computed<String>,
    /// Such as `AROA…`: no other role ever has it, not even one of the same name.
    pub unique_id: Computed<String>,
}

/// A policy written into a role.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InlinePolicy {
    /// The policy's name, unique in the role.
    #[schemars(length(max = 128), regex(pattern = r"^[\w+=,.@-]*$"))]
    pub name: Option<String>,
    /// The policy document.
    #[schemars(extend("x-policy" = true))]
    pub policy: Option<Json>,
}

fn root() -> Fixed<String> {
    Fixed("/".into())
}

fn an_hour() -> i64 {
    3600
}

impl Resource for Role {
    const TYPE: &'static str = "aws_iam_role";
    const IMPORT: &'static [&'static str] = &["web"];
    const UNWRITTEN: &'static [&'static str] = &["inline_policy", "managed_policy_arns"];
    const TAGS: TagApi = TagApi::IamRole;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:GetRole").to(1),
            Cost::each("iam:GetRolePolicy").to(1).same(),
            Cost::each("iam:ListRolePolicies").to(1),
            Cost::each("iam:ListAttachedRolePolicies").to(1),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(2).same(),
            Cost::page("iam:ListRoles", 1000).from(2),
        ],
        "one role costs a call for each policy written into it too; a page of the account holds 1,000 roles with their policies, and lacks what only the second list tells: description and length of sessions",
    );
    const BATCH: usize = 10_000; // pages of the account's details, not a call's limit
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let wanted = names.iter().map(String::as_str).collect::<Vec<_>>();
        let calls = 3 * names.len();
        let details = listed::<RoleDetail>(aws, &wanted, calls).await?;
        let (known, open) = names.iter().partition::<Vec<_>, _>(|it| details.get(it).is_some());
        let known = known.into_iter().map(String::as_str).collect::<Vec<_>>();
        let basics = listed::<sdk::Role>(aws, &known, calls).await?;
        let mut live = Vec::with_capacity(names.len());
        let mut alone = open.into_iter().filter(|it| details.leaves_open(it)).cloned().collect::<Vec<_>>();
        let mut half = Vec::new();
        for name in known {
            match (details.get(name), basics.get(name)) {
                (Some(detail), Some(role)) => live.push(Granted::listed(role, detail).into()),
                (Some(detail), None) => half.push((name, detail.clone())),
                (None, _) => alone.push(name.to_owned()),
            }
        }
        let rest = async |it: &(&str, Rc<RoleDetail>)| {
            Ok(Granted::listed(&grants::role(aws, it.0).await?, &it.1).into())
        };
        live.extend(each(&half, rest).await?);
        live.extend(each(&alone, async |name| Ok(Granted::asked(aws, name).await?.into())).await?);
        Ok(live)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let call = aws.iam().create_role().role_name(&name).path(&*self.path.0);
        let call = call.assume_role_policy_document(sent_document(&self.assume_role_policy));
        let call = call.set_description(stated(&self.description).map(str::to_owned));
        let call = call.set_max_session_duration(sent(&self.max_session_duration));
        let call = call.set_permissions_boundary(stated(&self.permissions_boundary).map(str::to_owned));
        call.set_tags(sent_tags(&new.tags)?).send().await?;
        Ok(name)
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (iam, name) = (aws.iam(), &was.key());
        if !same_document(&self.assume_role_policy, &was.assume_role_policy) {
            let call = iam.update_assume_role_policy().role_name(name);
            call.policy_document(sent_document(&self.assume_role_policy)).send().await?;
        }
        if self.max_session_duration != was.max_session_duration {
            let call = iam.update_role().role_name(name);
            call.set_max_session_duration(sent(&self.max_session_duration)).send().await?;
        }
        if stated(&self.description) != stated(&was.description) {
            let description = self.description.clone().unwrap_or_default();
            iam.update_role_description().role_name(name).description(description).send().await?;
        }
        self.change_boundary(aws, was).await?;
        self.change_inline(aws, was).await?;
        self.change_attached(aws, was).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let (iam, name) = (aws.iam(), &self.key());
        let profiles = iam.list_instance_profiles_for_role().role_name(name).into_paginator().items().send();
        for it in profiles.try_collect().await? {
            let call = iam.remove_role_from_instance_profile().role_name(name);
            gone(call.instance_profile_name(it.instance_profile_name).send().await.map_err(Error::from))?;
        }
        let attached = self.managed_policy_arns.as_ref().is_some_and(|it| !it.is_empty());
        if attached || *self.force_detach_policies {
            for arn in grants::attached(aws, name).await? {
                grants::detach(aws, name, &arn).await?;
            }
        }
        if !self.inline_policy.is_empty() || *self.force_detach_policies {
            for policy in grants::inline_names(aws, name).await? {
                grants::remove_inline(aws, name, &policy).await?;
            }
        }
        iam.delete_role().role_name(name).send().await?;
        Ok(())
    }

    // CreateRole takes no client token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        let answer = aws.iam().get_role().role_name(&name).send().await;
        let role = if_there(answer.map_err(Error::from))?.and_then(|it| it.role);
        let ours = |it: &sdk::Role| it.path == *self.path.0 && new.may_have_made(Some(it.create_date.secs()));
        Ok(role.filter(ours).map(|_| name))
    }

    fn adjust(plan: &mut Adjust) {
        one_name(plan);
        same_policies(plan);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(if is_in_use::<Self>(op, error) {
            blockers::of_role(aws, &self.key()).await
        } else {
            Blockers::default()
        })
    }
}

impl Role {
    async fn change_boundary(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (iam, name) = (aws.iam(), &was.key());
        match stated(&self.permissions_boundary) {
            same if same == stated(&was.permissions_boundary) => {}
            Some(arn) => {
                let call = iam.put_role_permissions_boundary().role_name(name);
                call.permissions_boundary(arn).send().await?;
            }
            None => {
                iam.delete_role_permissions_boundary().role_name(name).send().await?;
            }
        }
        Ok(())
    }

    /// Where no block stands, the role's policies are others' business. An empty block stands for none.
    async fn change_inline(&self, aws: &Aws, was: &Self) -> Result<()> {
        if self.inline_policy.is_empty() {
            return Ok(());
        }
        let name = &was.key();
        let find = |all: &[InlinePolicy], name: &str| {
            all.iter().find(|it| it.parts().is_some_and(|it| it.0 == name)).cloned()
        };
        for (policy, _) in was.inline_policy.iter().filter_map(InlinePolicy::parts) {
            if find(&self.inline_policy, policy).is_none() {
                grants::remove_inline(aws, name, policy).await?;
            }
        }
        for (policy, document) in self.inline_policy.iter().filter_map(InlinePolicy::parts) {
            let had = find(&was.inline_policy, policy).and_then(|it| it.policy);
            if !had.is_some_and(|it| same_document(&it, document)) {
                grants::put_inline(aws, name, policy, document).await?;
            }
        }
        Ok(())
    }

    async fn change_attached(&self, aws: &Aws, was: &Self) -> Result<()> {
        let Some(wanted) = &self.managed_policy_arns.0 else { return Ok(()) };
        let had = was.managed_policy_arns.0.clone().unwrap_or_default();
        for arn in had.beyond(wanted) {
            grants::detach(aws, &was.key(), &arn).await?;
        }
        for arn in wanted.beyond(&had) {
            grants::attach(aws, &was.key(), &arn).await?;
        }
        Ok(())
    }
}

impl InlinePolicy {
    /// Name and document; an empty block has neither.
    fn parts(&self) -> Option<(&str, &Json)> {
        Some((stated(&self.name)?, self.policy.as_ref()?))
    }
}

impl From<Granted> for Live<Role> {
    fn from(Granted { role, mut inline, mut attached }: Granted) -> Self {
        // The listings differ in order.
        inline.sort();
        attached.sort();
        // For a moment after its creation the unique id may stand where the ARN should.
        let status = if role.arn.starts_with("arn:") { Status::Ready } else { Status::Pending("new".into()) };
        let inline =
            inline.into_iter().map(|(name, policy)| InlinePolicy { name: Some(name), policy: Some(policy) });
        let boundary = role.permissions_boundary.and_then(|it| it.permissions_boundary_arn);
        Live {
            key: role.role_name.clone(),
            status,
            tags: Some(seen_tags(role.tags)),
            unread: &[],
            attributes: Role {
                assume_role_policy: document(role.assume_role_policy_document.as_deref().unwrap_or_default()),
                name_prefix: Chosen(Fixed(prefix_of(&role.role_name))),
                name: seen(Some(&role.role_name)),
                path: seen(Some(&role.path)),
                description: role.description.filter(|it| !it.is_empty()),
                max_session_duration: role.max_session_duration.map_or_else(an_hour, i64::from),
                permissions_boundary: boundary,
                force_detach_policies: Local(false),
                managed_policy_arns: Chosen(Some(Set(attached))),
                inline_policy: Chosen(inline.collect()),
                tags: None,
                tags_all: Chosen::default(),
                id: seen(Some(&role.role_name)),
                arn: seen(Some(&role.arn)),
                create_date: Computed(to_the_second(&role.create_date)),
                unique_id: seen(Some(&role.role_id)),
            },
        }
    }
}

/// Policies that mean the same are no change, whatever their text; nor is an empty block where
/// the role has none.
fn same_policies(plan: &mut Adjust) {
    let Some((was, will)) = plan.change("inline_policy") else { return };
    if !(was.wholly_known() && will.wholly_known()) {
        return;
    }
    let (was, had, wanted) = (was.clone(), policies(was), policies(will));
    let same = had.len() == wanted.len()
        && wanted.iter().all(|(name, text)| had.iter().any(|it| it.0 == *name && same_document(&it.1, text)));
    if same {
        plan.set("inline_policy", was);
    }
}

/// Name and document of each.
fn policies(blocks: &Value) -> Vec<(String, String)> {
    let text = |it: &Value, name: &str| it.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let all = blocks.as_items().unwrap_or_default().iter();
    all.map(|it| (text(it, "name"), text(it, "policy"))).filter(|it| !it.0.is_empty()).collect()
}

#[cfg(test)]
mod tests;
