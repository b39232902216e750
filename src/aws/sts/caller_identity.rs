use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::{Aws, Result};
use crate::resource::*;

/// Whose credentials are in use.
///
/// ```toml
/// [data.aws_caller_identity.me]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallerIdentity {
    /// The account.
    pub id: Computed<String>,
    /// The account.
    pub account_id: Computed<String>,
    /// ARN of the user or of the assumed role.
    pub arn: Computed<String>,
    /// Unique id of the user or of the assumed role's session.
    pub user_id: Computed<String>,
}

impl DataSource for CallerIdentity {
    const TYPE: &'static str = "aws_caller_identity";
    const READS: Reads =
        Reads::of(&[Cost::once("sts:GetCallerIdentity")], "a call for each provider configuration");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let it = aws.account().await?.clone();
        Ok(CallerIdentity {
            id: it.id.clone().into(),
            account_id: it.id.into(),
            arn: it.arn.into(),
            user_id: it.user_id.into(),
        })
    }
}
