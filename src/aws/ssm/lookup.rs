use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// The value of a parameter that is there already. It is kept in the state.
///
/// ```toml
/// [data.aws_ssm_parameter.image]
/// name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name; `name:3` is its third version, `name:prod` the version with that label.
    pub name: String,
    /// Whether a `SecureString` is decrypted.
    #[serde(default = "yes")]
    pub with_decryption: Option<bool>,
    /// Its name.
    pub id: Computed<String>,
    /// The parameter's ARN.
    pub arn: Computed<Option<String>>,
    /// The value, printed like any other; nothing for a `SecureString`.
    pub insecure_value: Computed<Option<String>>,
    /// `String`, `StringList` or `SecureString`.
    pub r#type: Computed<Option<String>>,
    /// The value. Never printed.
    pub value: Secret<Computed<Option<String>>>,
    /// Counts the writes.
    pub version: Computed<Option<i64>>,
}

fn yes() -> Option<bool> {
    Some(true)
}

impl DataSource for Parameter {
    const TYPE: &'static str = "aws_ssm_parameter";
    const READS: Reads =
        Reads::of(&[Cost::each("ssm:GetParameter")], "a call that takes many names takes no versions");

    async fn read(self, aws: &Aws) -> Result<Self> {
        let call = aws.ssm().get_parameter().name(&self.name);
        let answer = call.with_decryption(self.with_decryption.unwrap_or(true)).send().await?;
        let it = answer.parameter.ok_or(Error::Incomplete("the parameter"))?;
        let kind: Option<String> = seen(it.r#type);
        let open = it.value.clone().filter(|_| kind.as_deref() != Some("SecureString"));
        Ok(Parameter {
            id: it.name.clone().unwrap_or_default().into(),
            name: it.name.unwrap_or_default(),
            arn: it.arn.into(),
            insecure_value: open.into(),
            r#type: kind.into(),
            value: Secret(it.value.into()),
            version: Some(it.version).into(),
            ..self
        })
    }
}
