use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{IAM, each, gone, grants};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// All roles, users and groups that a managed policy is attached to: whoever else has it loses it. Where
/// others may attach it, too, better use `aws_iam_role_policy_attachment` and the like.
///
/// ```toml
/// [aws_iam_policy_attachment.read]
/// name = "read"
/// policy_arn = "${aws_iam_policy.read.arn}"
/// roles = ["${aws_iam_role.web.name}", "${aws_iam_role.worker.name}"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyAttachment {
    /// What the attachment goes by in the state; AWS does not know it.
    #[schemars(length(min = 1))]
    pub name: Fixed<String>,
    /// ARN of the policy.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub policy_arn: Fixed<String>,
    /// Names of all groups that have it.
    pub groups: Option<Set<String>>,
    /// Names of all roles that have it.
    pub roles: Option<Set<String>>,
    /// Names of all users that have it.
    pub users: Option<Set<String>>,
    /// The attachment's name.
    pub id: Computed<String>,
}

impl Resource for PolicyAttachment {
    const TYPE: &'static str = "aws_iam_policy_attachment";
    // The provider cannot import it either.
    const IMPORT: &'static [&'static str] = &[];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("iam:ListEntitiesForPolicy")],
        "a call tells who has one policy; pages of the account tell what each role, user and group has, and all of them would have to be read",
    );
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    type Key = String;

    fn key(&self) -> String {
        self.policy_arn.0.clone()
    }

    fn import(_id: &str) -> Result<String> {
        Err(Error::Invalid("it cannot be imported: apply it, which attaches nothing twice".to_owned()))
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let found = each(arns, async |arn: &String| holders(aws, arn).await).await?;
        let there = found.into_iter().filter(|it| Whom::ALL.iter().any(|whom| !it.of(*whom).is_empty()));
        Ok(there.map(PolicyAttachment::live).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        for whom in Whom::ALL {
            for it in self.of(whom).iter() {
                whom.attach(aws, it, &self.policy_arn).await?;
            }
        }
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        for whom in Whom::ALL {
            let (wanted, had) = (self.of(whom), was.of(whom));
            for it in had.beyond(&wanted) {
                whom.detach(aws, &it, &self.policy_arn).await?;
            }
            for it in wanted.beyond(&had) {
                whom.attach(aws, &it, &self.policy_arn).await?;
            }
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        for whom in Whom::ALL {
            for it in self.of(whom).iter() {
                whom.detach(aws, it, &self.policy_arn).await?;
            }
        }
        Ok(())
    }

    // Attaching twice is attaching once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }

    // Somebody else may have attached it meanwhile: nothing to wait for.
    fn stays(&self) -> bool {
        true
    }

    // Nobody knows it by its name but the state.
    fn as_kept(self, kept: &Self) -> Self {
        Self { name: kept.name.clone(), id: Computed(kept.name.0.clone()), ..self }
    }

    fn adjust(plan: &mut Adjust) {
        if ["groups", "roles", "users"].iter().all(|it| plan.config(it).is_none()) {
            plan.error("policy_arn", "say who has it: at least one of `groups`, `roles` and `users`");
        }
    }
}

impl PolicyAttachment {
    fn of(&self, whom: Whom) -> Set<String> {
        let all = match whom {
            Whom::Group => &self.groups,
            Whom::Role => &self.roles,
            Whom::User => &self.users,
        };
        all.clone().unwrap_or_default()
    }

    fn live(self) -> Live<Self> {
        Live { key: self.key(), attributes: self, tags: None, status: Status::Ready, unread: &[] }
    }
}

/// All who have a policy.
async fn holders(aws: &Aws, arn: &str) -> Result<PolicyAttachment> {
    let pages = aws.iam().list_entities_for_policy().policy_arn(arn).into_paginator().send();
    let pages: Vec<_> = pages.try_collect().await?;
    let (mut groups, mut roles, mut users) = (Vec::new(), Vec::new(), Vec::new());
    for it in pages {
        groups.extend(it.policy_groups.unwrap_or_default().into_iter().filter_map(|it| it.group_name));
        roles.extend(it.policy_roles.unwrap_or_default().into_iter().filter_map(|it| it.role_name));
        users.extend(it.policy_users.unwrap_or_default().into_iter().filter_map(|it| it.user_name));
    }
    let some = |all: Vec<String>| (!all.is_empty()).then_some(Set(all));
    Ok(PolicyAttachment {
        name: Fixed(String::new()),
        policy_arn: Fixed(arn.to_owned()),
        groups: some(groups),
        roles: some(roles),
        users: some(users),
        id: Computed::default(),
    })
}

/// Who may have a policy.
#[derive(Clone, Copy)]
enum Whom {
    Group,
    Role,
    User,
}

impl Whom {
    const ALL: [Whom; 3] = [Whom::Group, Whom::Role, Whom::User];

    async fn attach(self, aws: &Aws, name: &str, arn: &str) -> Result<()> {
        match self {
            Whom::Group => {
                aws.iam().attach_group_policy().group_name(name).policy_arn(arn).send().await?;
            }
            Whom::Role => grants::attach(aws, name, arn).await?,
            Whom::User => {
                aws.iam().attach_user_policy().user_name(name).policy_arn(arn).send().await?;
            }
        }
        Ok(())
    }

    async fn detach(self, aws: &Aws, name: &str, arn: &str) -> Result<()> {
        match self {
            Whom::Group => {
                let answer = aws.iam().detach_group_policy().group_name(name).policy_arn(arn).send().await;
                gone(answer.map_err(Error::from))
            }
            Whom::Role => grants::detach(aws, name, arn).await,
            Whom::User => {
                let answer = aws.iam().detach_user_policy().user_name(name).policy_arn(arn).send().await;
                gone(answer.map_err(Error::from))
            }
        }
    }
}
