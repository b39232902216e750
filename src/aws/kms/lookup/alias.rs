use aws_sdk_kms::types::KeyState;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A name of a key, and the key that it means.
///
/// ```toml
/// [data.aws_kms_alias.backups]
/// name = "alias/backups"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The name, such as `alias/backups`; `alias/aws/s3` is one of AWS's own.
    #[schemars(regex(pattern = r"^alias/[0-9A-Za-z/_-]+$"))]
    pub name: String,
    /// The name's ARN.
    pub id: Computed<String>,
    /// The name's ARN.
    pub arn: Computed<String>,
    /// The key's ARN.
    pub target_key_arn: Computed<String>,
    /// The key's id.
    pub target_key_id: Computed<String>,
}

impl DataSource for Alias {
    const TYPE: &'static str = "aws_kms_alias";
    const READS: Reads = Reads::of(
        &[Cost::each("kms:DescribeKey")],
        "a call tells which key a name means; the name's ARN follows from the key's",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let answer = aws.kms().describe_key().key_id(&self.name).send().await.map_err(Error::from);
        let answer = answer.map_err(|it| match it.is_missing() {
            true => Error::Invalid(format!("no key has the name `{}` in this region", self.name)),
            false => it,
        })?;
        let it = answer.key_metadata.ok_or(Error::Incomplete("the key"))?;
        if let Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion) = it.key_state {
            let sentence = format!("the key that `{}` means is about to be deleted", self.name);
            return Err(Error::Invalid(format!("{sentence}: give the name to another one")));
        }
        let key: String = seen(it.arn);
        // A name lies where its key does.
        let home = key.split(":key/").next().unwrap_or_default();
        let arn = format!("{home}:{}", self.name);
        Ok(Alias {
            id: arn.clone().into(),
            arn: arn.into(),
            target_key_arn: key.into(),
            target_key_id: it.key_id.into(),
            ..self
        })
    }
}
