use std::collections::{BTreeSet, HashMap};

use aws_sdk_iam::types::RoleDetail;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::listed;
use super::{IAM, each, grants};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A managed policy attached to a role.
///
/// ```toml
/// [aws_iam_role_policy_attachment.logs]
/// role = "${aws_iam_role.web.name}"
/// policy_arn = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePolicyAttachment {
    /// Name of the role.
    pub role: Fixed<String>,
    /// ARN of the policy.
    #[schemars(regex(pattern = r"^arn:.+$"))]
    pub policy_arn: Fixed<String>,
    /// Unique in the state; AWS does not know it.
    pub id: Computed<String>,
}

/// Which policy on which role.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attachment {
    role: String,
    policy_arn: String,
}

impl Resource for RolePolicyAttachment {
    const TYPE: &'static str = "aws_iam_role_policy_attachment";
    const IMPORT: &'static [&'static str] = &["web/arn:aws:iam::123456789012:policy/read-orders"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:ListAttachedRolePolicies").to(3),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(4).same(),
        ],
        "a call tells what is attached to one role; a page of the account holds 1,000 roles with all of it",
    );
    const BATCH: usize = 10_000; // pages of the account's details, not a call's limit
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = Attachment;

    fn key(&self) -> Attachment {
        Attachment { role: self.role.0.clone(), policy_arn: self.policy_arn.0.clone() }
    }

    fn import(id: &str) -> Result<Attachment> {
        match id.split_once('/') {
            Some((role, arn)) if !role.is_empty() && arn.starts_with("arn:") => {
                Ok(Attachment { role: role.to_owned(), policy_arn: arn.to_owned() })
            }
            _ => Err(Error::Invalid("say the role's name and the policy's ARN: `role/arn`".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Attachment]) -> Result<Vec<Live<Self>>> {
        let roles = keys.iter().map(|it| it.role.as_str()).collect::<BTreeSet<_>>();
        let roles = roles.into_iter().collect::<Vec<_>>();
        let details = listed::<RoleDetail>(aws, &roles, roles.len()).await?;
        let mut attached = HashMap::<String, Vec<String>>::new();
        for role in roles.iter().filter_map(|it| details.get(it)) {
            let arns = role.attached_managed_policies().iter().filter_map(|it| it.policy_arn.clone());
            attached.insert(role.role_name.clone().unwrap_or_default(), arns.collect());
        }
        let alone = roles.into_iter().filter(|it| details.leaves_open(it)).collect::<Vec<_>>();
        let ask = async |role: &&str| Ok(((*role).to_owned(), grants::attached(aws, role).await?));
        attached.extend(each(&alone, ask).await?);
        let there =
            |it: &&Attachment| attached.get(&it.role).is_some_and(|arns| arns.contains(&it.policy_arn));
        Ok(keys.iter().filter(there).map(Attachment::live).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Attachment> {
        grants::attach(aws, &self.role, &self.policy_arn).await?;
        Ok(self.key())
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // nothing in it can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        grants::detach(aws, &self.role, &self.policy_arn).await
    }

    // Repeating AttachRolePolicy is harmless.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Attachment>> {
        Ok(None)
    }
}

impl Attachment {
    fn live(&self) -> Live<RolePolicyAttachment> {
        let attributes = RolePolicyAttachment {
            role: Fixed(self.role.clone()),
            policy_arn: Fixed(self.policy_arn.clone()),
            // Where the state has none yet.
            id: Computed(format!("{}-{}", self.role, self.policy_arn)),
        };
        Live { key: self.clone(), attributes, tags: None, status: Status::Ready, unread: &["id"] }
    }
}
