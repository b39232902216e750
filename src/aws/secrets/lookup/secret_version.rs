use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::secrets::{moment, there};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// What a secret holds. It is kept in the state.
///
/// ```toml
/// [data.aws_secretsmanager_secret_version.database]
/// secret_id = "shop/database"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretVersion {
    /// The secret's ARN or name.
    pub secret_id: String,
    /// A version by its id; instead of `version_stage`.
    pub version_id: Chosen<Option<String>>,
    /// A version by its label.
    #[serde(default = "current")]
    pub version_stage: Option<String>,
    /// The secret and the version asked for, with `|` between.
    pub id: Computed<String>,
    /// The secret's ARN.
    pub arn: Computed<Option<String>>,
    /// When the version was made.
    pub created_date: Computed<String>,
    /// The bytes. Never printed.
    pub secret_binary: Secret<Computed<String>>,
    /// The text. Never printed.
    pub secret_string: Secret<Computed<Option<String>>>,
    /// The version's labels.
    pub version_stages: Computed<Set<String>>,
}

fn current() -> Option<String> {
    Some("AWSCURRENT".to_owned())
}

impl DataSource for SecretVersion {
    const TYPE: &'static str = "aws_secretsmanager_secret_version";
    const READS: Reads = Reads::of(
        &[Cost::each("secretsmanager:GetSecretValue")],
        "a call that takes many secrets takes no versions",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let call = aws.secrets().get_secret_value().secret_id(&self.secret_id);
        let (call, version) = match self.version_id.as_deref().filter(|it| !it.is_empty()) {
            Some(id) => (call.version_id(id), id.to_owned()),
            None => {
                let stage = self.version_stage.clone().unwrap_or_default();
                (call.version_stage(&stage), stage)
            }
        };
        let missing = || Error::Invalid(format!("secret `{}` has no version `{version}`", self.secret_id));
        let it = there(call.send().await.map_err(Error::from))?.ok_or_else(missing)?;
        let bytes = it.secret_binary.map(|it| String::from_utf8_lossy(it.as_ref()).into_owned());
        Ok(SecretVersion {
            id: format!("{}|{version}", self.secret_id).into(),
            version_id: Chosen(it.version_id),
            arn: it.arn.into(),
            created_date: it.created_date.as_ref().map(moment).unwrap_or_default().into(),
            secret_binary: Secret(bytes.unwrap_or_default().into()),
            secret_string: Secret(it.secret_string.into()),
            version_stages: Set(it.version_stages.unwrap_or_default()).into(),
            ..self
        })
    }
}
