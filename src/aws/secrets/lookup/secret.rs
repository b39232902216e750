use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::secrets::{moment, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::lang::json;
use crate::resource::*;

/// A secret that is there already. What it holds is an `aws_secretsmanager_secret_version`.
///
/// ```toml
/// [data.aws_secretsmanager_secret.database]
/// name = "shop/database"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Its ARN. Either this or `name`.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub arn: Chosen<Option<String>>,
    /// Its name.
    pub name: Chosen<Option<String>>,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// The secret's ARN.
    pub id: Computed<String>,
    /// When it was made.
    pub created_date: Computed<String>,
    /// What it is for.
    pub description: Computed<Option<String>>,
    /// The KMS key that encrypts it; nothing where that is AWS's own for Secrets Manager.
    pub kms_key_id: Computed<Option<String>>,
    /// When it, or what it holds, was last changed.
    pub last_changed_date: Computed<String>,
    /// Who may do what with it.
    pub policy: Computed<String>,
}

impl DataSource for Secret {
    const TYPE: &'static str = "aws_secretsmanager_secret";
    const READS: Reads = Reads::of(
        &[Cost::each("secretsmanager:DescribeSecret"), Cost::each("secretsmanager:GetResourcePolicy")],
        "its policy has a call of its own",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let id = self.wanted()?;
        let described =
            async { there(aws.secrets().describe_secret().secret_id(id).send().await.map_err(Error::from)) };
        let ruled = async {
            there(aws.secrets().get_resource_policy().secret_id(id).send().await.map_err(Error::from))
        };
        let (it, policy) = futures::try_join!(described, ruled)?;
        let missing = || Error::Invalid(format!("there is no secret `{id}` in this region"));
        let it = it.filter(|it| it.deleted_date.is_none()).ok_or_else(missing)?;
        let policy = policy.and_then(|it| it.resource_policy);
        let tags = it.tags.unwrap_or_default().into_iter();
        let date = |it: Option<_>| it.as_ref().map(moment).unwrap_or_default();
        Ok(Secret {
            tags: Chosen(tags.filter_map(|it| Some((it.key?, it.value.unwrap_or_default()))).collect()),
            id: seen(it.arn.clone()),
            arn: Chosen(it.arn),
            name: Chosen(it.name),
            created_date: date(it.created_date).into(),
            description: it.description.into(),
            kms_key_id: it.kms_key_id.into(),
            last_changed_date: date(it.last_changed_date).into(),
            policy: policy.map(|it| json::normal(&it).unwrap_or(it)).unwrap_or_default().into(),
        })
    }
}

impl Secret {
    fn wanted(&self) -> Result<&str> {
        match (said(&self.arn), said(&self.name)) {
            (Some(it), None) | (None, Some(it)) => Ok(it),
            _ => Err(Error::Invalid("give either `arn` or `name` of the secret".to_owned())),
        }
    }
}

fn said(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_named_in_one_way() {
        let secret = |arguments: &str| serde_json::from_str::<Secret>(arguments).unwrap();
        let both = secret(r#"{"arn": "arn:aws:secretsmanager:a", "name": "a"}"#);
        assert!(both.wanted().is_err());
        assert!(secret(r#"{"name": ""}"#).wanted().is_err());
        assert_eq!(secret(r#"{"arn": "", "name": "a"}"#).wanted().unwrap(), "a");
        assert_eq!(secret(r#"{"arn": "arn:a"}"#).wanted().unwrap(), "arn:a");
    }
}
