use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::iam::tagging::seen_tags;
use crate::aws::iam::{document, to_the_second};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A role that is there already.
///
/// ```toml
/// [data.aws_iam_role.deployer]
/// name = "deployer"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// Its name.
    pub id: Computed<String>,
    /// The role's ARN.
    pub arn: Computed<String>,
    /// Who may take it on: a policy document.
    pub assume_role_policy: Computed<String>,
    /// When it was made.
    pub create_date: Computed<String>,
    /// What it is for.
    pub description: Computed<Option<String>>,
    /// The longest time that one session may last, in seconds.
    pub max_session_duration: Computed<Option<i64>>,
    /// Folder in its ARN.
    pub path: Computed<String>,
    /// ARN of the policy that limits what it may ever be allowed.
    pub permissions_boundary: Computed<String>,
    /// When it was last used, and where; of the last 400 days.
    pub role_last_used: Computed<Vec<LastUsed>>,
    /// Such as `AROA…`.
    pub unique_id: Computed<String>,
}

/// The last use of a role.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LastUsed {
    /// When.
    pub last_used_date: Option<String>,
    /// In which region.
    pub region: Option<String>,
}

impl DataSource for Role {
    const TYPE: &'static str = "aws_iam_role";
    const READS: Reads = Reads::of(&[Cost::each("iam:GetRole")], "a call tells of one role");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let answer = aws.iam().get_role().role_name(&self.name).send().await?;
        let it = answer.role.ok_or(Error::Incomplete("the role"))?;
        let used = it.role_last_used.map(|it| LastUsed {
            last_used_date: Some(it.last_used_date.as_ref().map(to_the_second).unwrap_or_default()),
            region: Some(it.region.unwrap_or_default()),
        });
        let boundary = it.permissions_boundary.and_then(|it| it.permissions_boundary_arn);
        Ok(Role {
            tags: Chosen(seen_tags(it.tags)),
            id: self.name.clone().into(),
            arn: it.arn.into(),
            assume_role_policy: document(it.assume_role_policy_document.as_deref().unwrap_or_default())
                .0
                .into(),
            create_date: to_the_second(&it.create_date).into(),
            description: it.description.into(),
            max_session_duration: seen(it.max_session_duration),
            path: it.path.into(),
            permissions_boundary: boundary.unwrap_or_default().into(),
            role_last_used: used.into_iter().collect::<Vec<_>>().into(),
            unique_id: it.role_id.into(),
            ..self
        })
    }
}
