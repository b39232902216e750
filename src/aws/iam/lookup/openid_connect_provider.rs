use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::iam::openid_connect_provider::bare;
use crate::aws::iam::tagging::seen_tags;
use crate::aws::iam::{if_there, stated};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// Somebody outside of AWS whose tokens IAM believes already: by ARN or by address.
///
/// ```toml
/// [data.aws_iam_openid_connect_provider.github]
/// url = "https://token.actions.githubusercontent.com"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenIdConnectProvider {
    /// Its ARN; or say `url`. An ARN costs one call less.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub arn: Chosen<Option<String>>,
    /// Its address, such as `https://token.actions.githubusercontent.com`. IAM keeps it without `https://`,
    /// and so do the state and expressions.
    pub url: Chosen<Option<String>>,
    /// Its labels.
    pub tags: Chosen<Tags>,
    /// Its ARN.
    pub id: Computed<String>,
    /// For whom its tokens are, as they say in `aud`.
    pub client_id_list: Computed<Vec<String>>,
    /// Fingerprints of the certificates by which its keys are fetched.
    pub thumbprint_list: Computed<Vec<String>>,
}

impl DataSource for OpenIdConnectProvider {
    const TYPE: &'static str = "aws_iam_openid_connect_provider";
    const READS: Reads = Reads::of(
        &[Cost::each("iam:GetOpenIDConnectProvider")],
        "a call tells of one provider; an address without an ARN costs the list of all providers besides",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let arn = match (stated(&self.arn), stated(&self.url)) {
            (Some(arn), None) => arn.to_owned(),
            (None, Some(url)) => at(aws, url).await?,
            _ => return Err(Error::Invalid("give either `arn` or `url`".to_owned())),
        };
        let call = aws.iam().get_open_id_connect_provider().open_id_connect_provider_arn(&arn);
        let missing = || Error::Invalid(format!("the account has no provider `{arn}`: look at `arn`"));
        let it = if_there(call.send().await.map_err(Error::from))?.ok_or_else(missing)?;
        Ok(OpenIdConnectProvider {
            arn: Chosen(Some(arn.clone())),
            url: Chosen(it.url),
            tags: Chosen(seen_tags(it.tags)),
            id: arn.into(),
            client_id_list: it.client_id_list.unwrap_or_default().into(),
            thumbprint_list: it.thumbprint_list.unwrap_or_default().into(),
        })
    }
}

/// The ARN of the provider with this address.
async fn at(aws: &Aws, url: &str) -> Result<String> {
    let ask = async {
        let answer = aws.iam().list_open_id_connect_providers().send().await?;
        let all = answer.open_id_connect_provider_list.unwrap_or_default();
        Ok(all.into_iter().filter_map(|it| it.arn).collect::<Vec<_>>())
    };
    let arns = aws.shared("iam openid connect providers", ask).await?;
    let found = arns.into_iter().find(|it| address(it) == Some(bare(url)));
    found.ok_or_else(|| Error::Invalid(format!("the account has no provider at `{url}`: look at `url`")))
}

/// `example.com/a` of `arn:aws:iam::123456789012:oidc-provider/example.com/a`.
fn address(arn: &str) -> Option<&str> {
    arn.split_once('/').map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_ends_in_the_address() {
        let arn = "arn:aws:iam::123456789012:oidc-provider/example.com/a";
        assert_eq!(address(arn), Some(bare("https://example.com/a")));
        assert_ne!(address(arn), Some(bare("https://example.com/a/")));
        assert_eq!(address("arn:aws:iam::123456789012:root"), None);
    }
}
