use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_iam::types::UserDetail;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::listed;
use super::{IAM, each, gone};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A managed policy attached to a user.
///
/// ```toml
/// [aws_iam_user_policy_attachment.audit]
/// user = "${aws_iam_user.auditor.name}"
/// policy_arn = "arn:aws:iam::aws:policy/SecurityAudit"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPolicyAttachment {
    /// Name of the user.
    pub user: Fixed<String>,
    /// ARN of the policy.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub policy_arn: Fixed<String>,
    /// Unique in the state; AWS does not know it.
    pub id: Computed<String>,
}

/// Which policy on which user.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attachment {
    user: String,
    policy_arn: String,
}

impl Resource for UserPolicyAttachment {
    const TYPE: &'static str = "aws_iam_user_policy_attachment";
    const IMPORT: &'static [&'static str] = &["mailer/arn:aws:iam::123456789012:policy/read-orders"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:ListAttachedUserPolicies").to(3),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(4).same(),
        ],
        "a call tells what is attached to one user; a page of the account holds 1,000 users with all of it",
    );
    const BATCH: usize = 10_000; // pages of the account's details, not a call's limit
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = Attachment;

    fn key(&self) -> Attachment {
        Attachment { user: self.user.0.clone(), policy_arn: self.policy_arn.0.clone() }
    }

    fn import(id: &str) -> Result<Attachment> {
        match id.split_once('/') {
            Some((user, arn)) if !user.is_empty() && arn.starts_with("arn:") => {
                Ok(Attachment { user: user.to_owned(), policy_arn: arn.to_owned() })
            }
            _ => Err(Error::Invalid("say the user's name and the policy's ARN: `user/arn`".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Attachment]) -> Result<Vec<Live<Self>>> {
        let users = keys.iter().map(|it| it.user.as_str()).collect::<BTreeSet<_>>();
        let users = users.into_iter().collect::<Vec<_>>();
        let details = listed::<UserDetail>(aws, &users, users.len()).await?;
        let mut held = HashMap::<String, Vec<String>>::new();
        for user in users.iter().filter_map(|it| details.get(it)) {
            let arns = user.attached_managed_policies().iter().filter_map(|it| it.policy_arn.clone());
            held.insert(user.user_name.clone().unwrap_or_default(), arns.collect());
        }
        let alone = users.into_iter().filter(|it| details.leaves_open(it)).collect::<Vec<_>>();
        let ask = async |user: &&str| Ok(((*user).to_owned(), attached(aws, user).await?));
        held.extend(each(&alone, ask).await?);
        let there = |it: &&Attachment| held.get(&it.user).is_some_and(|arns| arns.contains(&it.policy_arn));
        Ok(keys.iter().filter(there).map(Attachment::live).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Attachment> {
        let call = aws.iam().attach_user_policy().user_name(&*self.user.0).policy_arn(&*self.policy_arn.0);
        call.send().await?;
        Ok(self.key())
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // nothing in it can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.iam().detach_user_policy().user_name(&*self.user.0).policy_arn(&*self.policy_arn.0);
        gone(call.send().await.map_err(Error::from))
    }

    // Repeating AttachUserPolicy is harmless.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Attachment>> {
        Ok(None)
    }
}

impl Attachment {
    fn live(&self) -> Live<UserPolicyAttachment> {
        let attributes = UserPolicyAttachment {
            user: Fixed(self.user.clone()),
            policy_arn: Fixed(self.policy_arn.clone()),
            // Where the state has none yet.
            id: Computed(format!("{}-{}", self.user, self.policy_arn)),
        };
        Live { key: self.clone(), attributes, tags: None, status: Status::Ready, unread: &["id"] }
    }
}

/// ARNs of the policies attached to a user.
pub(super) async fn attached(aws: &Aws, user: &str) -> Result<Vec<String>> {
    let pages = aws.iam().list_attached_user_policies().user_name(user).into_paginator().items().send();
    let all: Vec<_> = pages.try_collect().await?;
    Ok(all.into_iter().filter_map(|it| it.policy_arn).collect())
}
