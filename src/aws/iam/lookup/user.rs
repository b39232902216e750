use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::iam::if_there;
use crate::aws::iam::tagging::seen_tags;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A user that is there already.
///
/// ```toml
/// [data.aws_iam_user.deployer]
/// user_name = "deployer"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The user's name.
    pub user_name: String,
    /// The user's labels.
    pub tags: Chosen<Tags>,
    /// Such as `AIDA…`.
    pub id: Computed<String>,
    /// The user's ARN.
    pub arn: Computed<String>,
    /// Folder in the ARN.
    pub path: Computed<String>,
    /// ARN of the policy that limits what the user may ever be allowed.
    pub permissions_boundary: Computed<String>,
    /// Such as `AIDA…`: no other user ever has it, not even one of the same name.
    pub user_id: Computed<String>,
}

impl DataSource for User {
    const TYPE: &'static str = "aws_iam_user";
    const READS: Reads = Reads::of(&[Cost::each("iam:GetUser")], "a call tells of one user");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let name = &self.user_name;
        let answer = aws.iam().get_user().user_name(name).send().await.map_err(Error::from);
        let missing = || Error::Invalid(format!("the account has no user `{name}`: look at `user_name`"));
        let answer = if_there(answer)?.ok_or_else(missing)?;
        let it = answer.user.ok_or(Error::Incomplete("the user"))?;
        let boundary = it.permissions_boundary.and_then(|it| it.permissions_boundary_arn);
        Ok(User {
            tags: Chosen(seen_tags(it.tags)),
            id: it.user_id.clone().into(),
            arn: it.arn.into(),
            path: it.path.into(),
            permissions_boundary: boundary.unwrap_or_default().into(),
            user_id: it.user_id.into(),
            ..self
        })
    }
}
