use std::collections::BTreeSet;

use aws_sdk_iam::types::RoleDetail;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::details::listed;
use super::{IAM, document, each, grants, one_name, prefix_of, same_document};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A policy written into a role: it has no life of its own.
///
/// ```toml
/// [aws_iam_role_policy.read_tasks]
/// name = "read-tasks"
/// role = "${aws_iam_role.web.name}"
/// policy = '''${jsonencode({
///   Version = "2012-10-17"
///   Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "*" }]
/// })}'''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePolicy {
    /// Name of the role.
    #[schemars(regex(pattern = r"^[\w+=,.@-]+$"))]
    pub role: Fixed<String>,
    /// The policy document.
    #[schemars(extend("x-policy" = true))]
    pub policy: Json,
    /// Unique in the role; else one is made up.
    #[schemars(length(max = 128), regex(pattern = r"^[\w+=,.@-]*$"))]
    pub name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 102), regex(pattern = r"^[0-9A-Za-z=,.@\-_+]*$"))]
    pub name_prefix: Chosen<Fixed<Option<String>>>,
    /// The names of role and policy: `role:policy`.
    pub id: Computed<String>,
}

/// A policy's place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    role: String,
    name: String,
}

impl Resource for RolePolicy {
    const TYPE: &'static str = "aws_iam_role_policy";
    const IMPORT: &'static [&'static str] = &["web:read-orders"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[
            Cost::each("iam:GetRolePolicy").to(3),
            Cost::page("iam:GetAccountAuthorizationDetails", 1000).from(4).same(),
        ],
        "a call tells one policy of a role; a page of the account holds 1,000 roles with all of them",
    );
    const BATCH: usize = 10_000; // pages of the account's details, not a call's limit
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    const MAY_LAG: bool = true;
    type Key = Place;

    fn key(&self) -> Place {
        Place { role: self.role.0.clone(), name: self.name.as_deref().unwrap_or_default().to_owned() }
    }

    fn import(id: &str) -> Result<Place> {
        match id.split_once(':') {
            Some((role, name)) if !role.is_empty() && !name.is_empty() => {
                Ok(Place { role: role.to_owned(), name: name.to_owned() })
            }
            _ => Err(Error::Invalid("say the role's name and the policy's: `role:policy`".to_owned())),
        }
    }

    async fn read(aws: &Aws, keys: &[Place]) -> Result<Vec<Live<Self>>> {
        let roles = keys.iter().map(|it| it.role.as_str()).collect::<BTreeSet<_>>();
        let roles = roles.into_iter().collect::<Vec<_>>();
        let details = listed::<RoleDetail>(aws, &roles, keys.len()).await?;
        let mut live = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(role) = details.get(&key.role) else { continue };
            let policy = role.role_policy_list().iter().find(|it| it.policy_name() == Some(&key.name));
            let text = policy.and_then(|it| it.policy_document());
            live.extend(text.map(|it| key.live(document(it))));
        }
        let alone = keys.iter().filter(|it| details.leaves_open(&it.role)).collect::<Vec<_>>();
        let ask = async |key: &&Place| Ok(key.live(grants::inline(aws, &key.role, &key.name).await?));
        live.extend(each(&alone, ask).await?);
        Ok(live)
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<Place> {
        let name = new.name(self.name.as_deref(), self.name_prefix.as_deref());
        grants::put_inline(aws, &self.role, &name, &self.policy).await?;
        Ok(Place { role: self.role.0.clone(), name })
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        if same_document(&self.policy, &was.policy) {
            return Ok(());
        }
        let Place { role, name } = was.key();
        grants::put_inline(aws, &role, &name, &self.policy).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let Place { role, name } = self.key();
        grants::remove_inline(aws, &role, &name).await
    }

    fn adjust(plan: &mut Adjust) {
        one_name(plan);
    }

    // Repeating PutRolePolicy is harmless.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl Place {
    fn live(&self, policy: Json) -> Live<RolePolicy> {
        let attributes = RolePolicy {
            role: Fixed(self.role.clone()),
            policy,
            name: Chosen(Fixed(Some(self.name.clone()))),
            name_prefix: Chosen(Fixed(prefix_of(&self.name))),
            id: Computed(format!("{}:{}", self.role, self.name)),
        };
        Live { key: self.clone(), attributes, tags: None, status: Status::Ready, unread: &[] }
    }
}
