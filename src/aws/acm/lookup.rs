use aws_sdk_acm::types::{CertificateDetail, CertificateStatus, CertificateType, Filters, KeyAlgorithm};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{describe, tags_of};
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A certificate that is there already.
///
/// ```toml
/// [data.aws_acm_certificate.web]
/// domain = "www.example.com"
/// statuses = ["ISSUED"]
/// most_recent = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The name that it is for. This or `tags`.
    pub domain: Chosen<Option<String>>,
    /// Only those with these keys; `RSA_1024` and `RSA_2048` where nothing is said.
    #[serde(default)]
    pub key_types: Set<String>,
    /// Only those with these statuses; `ISSUED` where nothing is said.
    #[serde(default)]
    pub statuses: Vec<String>,
    /// Only those of these types: `AMAZON_ISSUED`, `PRIVATE`, `IMPORTED`.
    #[serde(default)]
    pub types: Vec<String>,
    /// Of several, take the newest.
    #[serde(default)]
    pub most_recent: bool,
    /// Labels that it must have; all of its labels.
    pub tags: Chosen<Tags>,
    /// The certificate's ARN.
    pub id: Computed<String>,
    /// The certificate's ARN.
    pub arn: Computed<String>,
    /// The certificate as PEM text, where it is issued.
    pub certificate: Computed<Option<String>>,
    /// The certificates above it.
    pub certificate_chain: Computed<Option<String>>,
    /// Such as `ISSUED`.
    pub status: Computed<Option<String>>,
}

impl DataSource for Certificate {
    const TYPE: &'static str = "aws_acm_certificate";
    const READS: Reads = Reads::of(
        &[
            Cost::each("acm:ListCertificates"),
            Cost::each("acm:DescribeCertificate"),
            Cost::each("acm:GetCertificate"),
            Cost::each("acm:ListTagsForCertificate"),
        ],
        "a search lists all of them, and what is found has three calls of its own",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let arns = self.named(aws).await?;
        let mut fit: Vec<(CertificateDetail, Tags)> = Vec::new();
        for arn in arns {
            let Some(it) = describe(aws, &arn).await? else { continue };
            let kind = it.r#type.as_ref().map(CertificateType::as_str).unwrap_or_default();
            if !self.types.is_empty() && !self.types.iter().any(|it| it == kind) {
                continue;
            }
            let tags = tags_of(aws, &arn).await?.unwrap_or_default();
            if self.tags.iter().all(|(key, value)| tags.get(key) == Some(value)) {
                fit.push((it, tags));
            }
        }
        let (it, tags) = self.only(fit)?;
        let arn = it.certificate_arn.clone().unwrap_or_default();
        let (mut text, mut chain) = (None, None);
        if it.status == Some(CertificateStatus::Issued) {
            let answer = aws.acm().get_certificate().certificate_arn(&arn).send().await?;
            (text, chain) = (answer.certificate, answer.certificate_chain);
        }
        Ok(Certificate {
            tags: Chosen(tags),
            id: arn.clone().into(),
            arn: arn.into(),
            certificate: text.into(),
            certificate_chain: chain.into(),
            status: it.status.map(|it| it.as_str().to_owned()).into(),
            ..self
        })
    }
}

impl Certificate {
    /// The ARNs of those with the name and the status that are asked for.
    async fn named(&self, aws: &Aws) -> Result<Vec<String>> {
        let domain = self.domain.as_deref().filter(|it| !it.is_empty());
        if domain.is_none() && self.tags.is_empty() {
            return Err(Error::Invalid(
                "say the `domain` of the certificate, or `tags` that it has".to_owned(),
            ));
        }
        let statuses = match self.statuses.is_empty() {
            true => vec![CertificateStatus::Issued],
            false => self.statuses.iter().map(|it| it.as_str().into()).collect(),
        };
        if let Some(it) = self.key_types.iter().find(|it| !KeyAlgorithm::values().contains(&it.as_str())) {
            let all = KeyAlgorithm::values().join("`, `");
            return Err(Error::Invalid(format!("`{it}` is none of the `key_types`, which are `{all}`")));
        }
        let keys: Vec<KeyAlgorithm> = self.key_types.iter().map(|it| it.as_str().into()).collect();
        let filter = (!keys.is_empty()).then(|| Filters::builder().set_key_types(Some(keys)).build());
        let call =
            aws.acm().list_certificates().set_certificate_statuses(Some(statuses)).set_includes(filter);
        let all = call.into_paginator().items().send().try_collect().await?;
        let named =
            all.into_iter().filter(|it| domain.is_none_or(|name| it.domain_name.as_deref() == Some(name)));
        Ok(named.filter_map(|it| it.certificate_arn).collect())
    }

    fn only(&self, fit: Vec<(CertificateDetail, Tags)>) -> Result<(CertificateDetail, Tags)> {
        let many = fit.len();
        let age = |it: &CertificateDetail| match it.status {
            Some(CertificateStatus::Issued) => it.not_before.map(|it| it.as_nanos()),
            _ => it.created_at.map(|it| it.as_nanos()),
        };
        let mut fit = fit.into_iter();
        let Some(first) = fit.next() else {
            let name = self.domain.as_deref().map(|it| format!(" for `{it}`")).unwrap_or_default();
            let text = format!(
                "there is no certificate{name} that fits; `statuses` are `ISSUED` unless you say more"
            );
            return Err(Error::Invalid(text));
        };
        if many == 1 {
            return Ok(first);
        }
        if !self.most_recent {
            let text =
                format!("{many} certificates fit and one is wanted: say more of it, or `most_recent = true`");
            return Err(Error::Invalid(text));
        }
        let rest: Vec<_> = fit.collect();
        if rest.iter().any(|it| it.0.status != first.0.status) {
            let text = "certificates of different statuses fit: say one in `statuses`";
            return Err(Error::Invalid(text.to_owned()));
        }
        Ok(rest.into_iter().fold(first, |best, it| if age(&it.0) > age(&best.0) { it } else { best }))
    }
}
