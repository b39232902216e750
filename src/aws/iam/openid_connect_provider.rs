use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tagging::{seen_tags, sent_tags};
use super::{IAM, each, gone, if_there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// Somebody outside of AWS whose tokens IAM believes, so that roles may be taken on with them: an EKS
/// cluster for its service accounts, or a CI system.
///
/// ```toml
/// [aws_iam_openid_connect_provider.shop]
/// url = "${aws_eks_cluster.shop.identity[0].oidc[0].issuer}"
/// client_id_list = ["sts.amazonaws.com"]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenIdConnectProvider {
    /// Where it is, as its tokens say in `iss`, such as `https://token.actions.githubusercontent.com`. IAM keeps
    /// it without `https://`, and so do the plan, the state and expressions.
    #[schemars(length(min = 1, max = 255))]
    pub url: Fixed<String>,
    /// For whom its tokens are, as they say in `aud`: `sts.amazonaws.com` for most.
    pub client_id_list: Set<String>,
    /// Fingerprints of the certificates by which its keys are fetched, 40 hexadecimal digits each. IAM looks
    /// them up itself where none is given, and needs none of well-known authorities.
    pub thumbprint_list: Chosen<Option<Vec<String>>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The provider's ARN.
    pub id: Computed<String>,
    /// The provider's ARN.
    pub arn: Computed<String>,
}

const SCHEME: &str = "https://";

impl Resource for OpenIdConnectProvider {
    const TYPE: &'static str = "aws_iam_openid_connect_provider";
    const IMPORT: &'static [&'static str] = &["arn:aws:iam::123456789012:oidc-provider/accounts.example.com"];
    const TAGS: TagApi = TagApi::IamOpenIdConnectProvider;
    const READS: Reads = Reads::of(
        &[Cost::each("iam:GetOpenIDConnectProvider")],
        "a call tells of one provider; the list of all tells ARNs only",
    );
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[IAM];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        if !id.starts_with("arn:") || !id.contains(":oidc-provider/") {
            return Err(Error::Invalid("a provider is imported by its ARN".to_owned()));
        }
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        each(arns, async |arn| ask(aws, arn).await.map(|it| it.0)).await
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let thumbprints = self.thumbprint_list.0.clone().filter(|it| !it.is_empty());
        let url = format!("{SCHEME}{}", bare(&self.url));
        let call = aws.iam().create_open_id_connect_provider().url(url);
        let call = call.set_client_id_list(Some(self.client_id_list.0.clone()));
        let call = call.set_thumbprint_list(thumbprints).set_tags(sent_tags(&new.tags)?);
        let answer = call.send().await?;
        answer.open_id_connect_provider_arn.ok_or(Error::Incomplete("the provider's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let (iam, arn) = (aws.iam(), &was.key());
        // It had none only when it was made: there is no way back to none.
        let thumbprints = self.thumbprint_list.0.clone().filter(|it| !it.is_empty());
        if let Some(all) = thumbprints.filter(|it| Some(it) != was.thumbprint_list.as_ref()) {
            let call = iam.update_open_id_connect_provider_thumbprint().open_id_connect_provider_arn(arn);
            call.set_thumbprint_list(Some(all)).send().await?;
        }
        for id in self.client_id_list.beyond(&was.client_id_list) {
            let call = iam.add_client_id_to_open_id_connect_provider().open_id_connect_provider_arn(arn);
            call.client_id(id).send().await?;
        }
        for id in was.client_id_list.beyond(&self.client_id_list) {
            let call = iam.remove_client_id_from_open_id_connect_provider().open_id_connect_provider_arn(arn);
            call.client_id(id).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.iam().delete_open_id_connect_provider().open_id_connect_provider_arn(self.key());
        gone(call.send().await.map_err(Error::from))
    }

    // CreateOpenIDConnectProvider takes no client token, but an address stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let account = &aws.account().await?.id;
        let arn = format!("arn:{}:iam::{account}:oidc-provider/{}", aws.partition(), bare(&self.url));
        let found = if_there(ask(aws, &arn).await)?;
        Ok(found.filter(|it| new.may_have_made(it.1)).map(|_| arn))
    }

    fn adjust(plan: &mut Adjust) {
        check(plan);
        // The state has what AWS says: the same without the scheme.
        if let Some(url) = plan.will("url").and_then(Value::as_str).map(|it| bare(it).to_owned()) {
            plan.set("url", url.as_str().into());
        }
    }
}

/// Without the scheme, as IAM keeps it.
pub(super) fn bare(url: &str) -> &str {
    url.strip_prefix(SCHEME).unwrap_or(url)
}

fn check(plan: &mut Adjust) {
    let Some(url) = plan.config("url").and_then(Value::as_str).map(str::to_owned) else { return };
    if url.contains("://") && !url.starts_with(SCHEME) {
        plan.error("url", format!("`{url}` has to begin with `{SCHEME}`"));
    } else if url.contains('?') {
        plan.error("url", format!("`{url}` holds a `?`: the address of a provider has no query"));
    }
    let texts = |name: &str| {
        let items = plan.will(name).and_then(Value::as_items).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let (prints, clients) = (texts("thumbprint_list"), texts("client_id_list"));
    for it in prints.iter().filter(|it| it.len() != 40) {
        plan.error("thumbprint_list", format!("`{it}` is no fingerprint: 40 hexadecimal digits of SHA-1"));
    }
    if prints.len() > 5 {
        plan.error("thumbprint_list", "IAM keeps at most five fingerprints");
    }
    if clients.iter().any(|it| it.is_empty() || it.len() > 255) {
        plan.error("client_id_list", "a client's id has from 1 to 255 characters");
    }
}

/// One of them, and when it was made. An error where there is none.
async fn ask(aws: &Aws, arn: &str) -> Result<(Live<OpenIdConnectProvider>, Option<i64>)> {
    let call = aws.iam().get_open_id_connect_provider().open_id_connect_provider_arn(arn);
    let it = call.send().await?;
    let live = Live {
        key: arn.to_owned(),
        status: Status::Ready,
        tags: Some(seen_tags(it.tags)),
        unread: &[],
        attributes: OpenIdConnectProvider {
            url: seen(it.url),
            client_id_list: Set(it.client_id_list.unwrap_or_default()),
            thumbprint_list: Chosen(it.thumbprint_list),
            tags: None,
            tags_all: Chosen::default(),
            id: Computed(arn.to_owned()),
            arn: Computed(arn.to_owned()),
        },
    };
    Ok((live, it.create_date.map(|it| it.secs())))
}
