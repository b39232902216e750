use std::time::Duration;

use aws_sdk_acm::operation::import_certificate::builders::ImportCertificateFluentBuilder;
use aws_sdk_acm::types::{self as sdk, CertificateStatus, CertificateType, KeyAlgorithm, ValidationMethod};
use aws_smithy_types::Blob;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ACM, all_keys, blockers, described, failure, moment, tags};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
use crate::resource::*;

mod planned;
mod renewal;
mod search;

/// A certificate for TLS: one that Amazon issues, of a private authority, or one of your own.
///
/// Amazon issues it once it is proved that the domain is yours: with DNS by a record for each name, which
/// `domain_validation_options` tells. `aws_acm_certificate_validation` waits for that. A certificate for
/// CloudFront has to be in `us-east-1`.
///
/// ```toml
/// [aws_acm_certificate.web]
/// domain_name = "www.example.com"
/// subject_alternative_names = ["example.com"]
/// validation_method = "DNS"
/// lifecycle = { create_before_destroy = true }
///
/// [aws_route53_record.proof]
/// for_each = "${{ for it in aws_acm_certificate.web.domain_validation_options : it.domain_name => it }}"
/// zone_id = "Z0123456789ABCDEFGHIJ"
/// name = "${each.value.resource_record_name}"
/// type = "${each.value.resource_record_type}"
/// records = ["${each.value.resource_record_value}"]
/// ttl = 60
/// allow_overwrite = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The name that it is for; `*.example.com` is for every name one label longer.
    #[schemars(regex(pattern = r"[^.]$"))]
    pub domain_name: Chosen<Fixed<Option<String>>>,
    /// Other names that it is for. AWS adds the first one.
    #[schemars(inner(length(min = 1, max = 253), regex(pattern = r"[^.]$")))]
    pub subject_alternative_names: Chosen<Fixed<Set<String>>>,
    /// How to prove that the domain is yours: `DNS` or `EMAIL`.
    #[schemars(extend("enum" = ["DNS", "EMAIL", "HTTP"]))]
    pub validation_method: Chosen<Fixed<Option<String>>>,
    /// For mails: the domain above a name whose owners are written to.
    #[serde(default)]
    pub validation_option: Fixed<Set<ValidationOption>>,
    /// Such as `RSA_2048` or `EC_prime256v1`.
    #[schemars(extend("enum" = KeyAlgorithm::values()))]
    pub key_algorithm: Chosen<Fixed<Option<String>>>,
    /// The private authority that issues it.
    #[schemars(regex(pattern = r"^(arn:.+)?$"))]
    pub certificate_authority_arn: Fixed<Option<String>>,
    /// Your own certificate, as PEM text.
    pub certificate_body: Option<String>,
    /// The certificates above your own, as PEM text.
    pub certificate_chain: Option<String>,
    /// The key of your own certificate, as PEM text. Never printed; kept in the state.
    pub private_key: Secret<Option<String>>,
    /// How long before it ends one of a private authority is renewed, such as `P90D` or `2160h`.
    pub early_renewal_duration: Option<String>,
    /// What else is to be said of it.
    #[serde(default)]
    pub options: Chosen<One<Options>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The certificate's ARN.
    pub id: Computed<String>,
    /// The certificate's ARN.
    pub arn: Computed<String>,
    /// The records that prove that the domain is yours, one for each name.
    pub domain_validation_options: Computed<Set<Proof>>,
    /// Until when it is good.
    pub not_after: Computed<Option<String>>,
    /// From when on it is good.
    pub not_before: Computed<Option<String>>,
    /// Whether the next change renews it.
    pub pending_renewal: Computed<bool>,
    /// `ELIGIBLE` where AWS renews it by itself.
    pub renewal_eligibility: Computed<Option<String>>,
    /// How its renewal goes.
    pub renewal_summary: Computed<Vec<Renewal>>,
    /// Such as `PENDING_VALIDATION` or `ISSUED`.
    pub status: Computed<Option<String>>,
    /// `AMAZON_ISSUED`, `PRIVATE` or `IMPORTED`.
    pub r#type: Computed<Option<String>>,
    /// To whom mails were sent.
    pub validation_emails: Computed<Vec<String>>,
}

/// Whom mails about a name go to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidationOption {
    /// One of the certificate's names.
    pub domain_name: Fixed<String>,
    /// The same, or a domain above it: mails go to its `admin@` and others.
    pub validation_domain: Fixed<String>,
}

/// What else is said of a certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// `DISABLED` keeps it out of public logs; browsers may not trust it then.
    #[serde(default = "enabled")]
    #[schemars(extend("enum" = ["ENABLED", "DISABLED"]))]
    pub certificate_transparency_logging_preference: String,
}

fn enabled() -> String {
    "ENABLED".to_owned()
}

/// A record that proves that a name is yours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The certificate's name.
    pub domain_name: Option<String>,
    /// The record's name.
    pub resource_record_name: Option<String>,
    /// The record's type.
    pub resource_record_type: Option<String>,
    /// The record's value.
    pub resource_record_value: Option<String>,
}

/// How the renewal of a certificate goes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    /// Such as `PENDING_AUTO_RENEWAL` or `SUCCESS`.
    pub renewal_status: Option<String>,
    /// Why it failed.
    pub renewal_status_reason: Option<String>,
    /// When that was so.
    pub updated_at: Option<String>,
}

impl Resource for Certificate {
    const TYPE: &'static str = "aws_acm_certificate";
    const IMPORT: &'static [&'static str] =
        &["arn:aws:acm:eu-west-1:123456789012:certificate/7e7a28d2-163f-4b8f-b9cd-822f96c08d6a"];
    const TAGS: TagApi = TagApi::Acm;
    const READS: Reads =
        Reads::of(&[Cost::each("acm:DescribeCertificate").same()], "a call tells of one certificate");
    const BATCH: usize = 10_000; // each is asked about by itself
    // Until the records that prove it are known; being issued is another resource's business.
    const PATIENCE: Duration = Duration::from_secs(300);
    const DELETE_PATIENCE: Duration = Duration::from_secs(1200);
    const CREATE_SECONDS: u32 = 5;
    const PASSING: &'static [&'static [Passing]] = &[ACM, &[Passing::in_use("ResourceInUseException")]];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(arn: &str) -> Result<String> {
        Ok(arn.to_owned())
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, arns).await?;
        Ok(found.into_iter().filter_map(|(arn, it)| live(arn, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let tags = tags(&new.tags)?;
        if self.domain_name.as_deref().is_none_or(str::is_empty) {
            let arn = self.own(aws).set_tags(tags).send().await?.certificate_arn;
            return arn.ok_or(Error::Incomplete("the certificate's ARN"));
        }
        let said = |it: &Option<String>| it.clone().filter(|it| !it.is_empty());
        let names = self.subject_alternative_names.0.0.0.clone();
        let options = self.validation_option.iter().map(|it| {
            let option = sdk::DomainValidationOption::builder().domain_name(&*it.domain_name.0);
            built(option.validation_domain(&*it.validation_domain.0).build())
        });
        let options = options.collect::<Result<Vec<_>>>()?;
        let call = aws
            .acm()
            .request_certificate()
            .set_domain_name(said(&self.domain_name))
            // AWS makes no second one with the same within an hour.
            .idempotency_token(&new.token)
            .set_certificate_authority_arn(said(&self.certificate_authority_arn))
            .set_key_algorithm(said(&self.key_algorithm).map(|it| it.as_str().into()))
            .set_options(self.options.as_ref().map(Options::sent))
            .set_subject_alternative_names(Some(names).filter(|it| !it.is_empty()))
            .set_validation_method(said(&self.validation_method).map(|it| it.as_str().into()))
            .set_domain_validation_options(Some(options).filter(|it| !it.is_empty()))
            .set_tags(tags);
        call.send().await?.certificate_arn.ok_or(Error::Incomplete("the certificate's ARN"))
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let arn = was.key();
        let own = |it: &Self| {
            let text = |it: &Option<String>| it.clone().unwrap_or_default();
            (text(&it.private_key), text(&it.certificate_body), text(&it.certificate_chain))
        };
        if own(self) != own(was) {
            self.own(aws).certificate_arn(&arn).send().await?;
        } else if *self.pending_renewal || *was.pending_renewal {
            aws.acm().renew_certificate().certificate_arn(&arn).send().await?;
        }
        if let Some(options) = self.options.as_ref().filter(|_| self.options != was.options) {
            let call = aws.acm().update_certificate_options().certificate_arn(&arn);
            call.options(options.sent()).send().await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.acm().delete_certificate().certificate_arn(self.key()).send().await?;
        Ok(())
    }

    // Within an hour, the same request gives the same certificate. After that, and for one's own, those that
    // say what ours would say and are not older than our first attempt are looked at.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        match self.domain_name.as_deref().is_none_or(str::is_empty) {
            true => search::own(aws, self, new).await,
            false => search::requested(aws, self, new).await,
        }
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        let (until, early) = (self.not_after.as_deref(), kept.early_renewal_duration.as_deref());
        let eligible = self.renewal_eligibility.as_deref() == Some("ELIGIBLE");
        self.pending_renewal = Computed(eligible && renewal::is_due(until, early));
        self
    }

    fn adjust(plan: &mut Adjust) {
        planned::settle(plan);
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match error.code() {
            Some("ResourceInUseException") if op == Op::Delete => {
                blockers::of_certificate(aws, &self.key()).await
            }
            _ => Blockers::default(),
        })
    }
}

impl Certificate {
    /// Hands over a certificate of one's own.
    fn own(&self, aws: &Aws) -> ImportCertificateFluentBuilder {
        let blob =
            |it: &Option<String>| it.as_ref().filter(|it| !it.is_empty()).map(|it| Blob::new(it.as_bytes()));
        let call = aws.acm().import_certificate().set_certificate(blob(&self.certificate_body));
        call.set_private_key(blob(&self.private_key)).set_certificate_chain(blob(&self.certificate_chain))
    }
}

impl Options {
    #[expect(deprecated, reason = "AWS is about to take no wishes any more; stacks still have them")]
    fn sent(&self) -> sdk::CertificateOptions {
        let logging = self.certificate_transparency_logging_preference.as_str().into();
        sdk::CertificateOptions::builder().certificate_transparency_logging_preference(logging).build()
    }
}

/// ACM writes `RSA-2048` in some answers.
fn key_algorithm(it: &KeyAlgorithm) -> String {
    let plain = |it: &str| it.replace('-', "_");
    let known = KeyAlgorithm::values().iter().find(|known| plain(known) == plain(it.as_str()));
    known.copied().unwrap_or(it.as_str()).to_owned()
}

/// Whether it is known how to prove that the domain is one's own.
fn is_told(it: &sdk::CertificateDetail) -> bool {
    match it.r#type {
        Some(CertificateType::AmazonIssued) => it.domain_validation_options().iter().any(|it| {
            it.resource_record.is_some()
                || !it.validation_emails().is_empty()
                || it.validation_status == Some(sdk::DomainStatus::Success)
        }),
        Some(CertificateType::Private) => it.status != Some(CertificateStatus::PendingValidation),
        _ => true,
    }
}

fn status(it: &sdk::CertificateDetail) -> Status {
    let renewal = it.renewal_summary.as_ref().map(|it| &it.renewal_status);
    match failure(it) {
        // A private authority's is renewed by an apply; what Amazon issues, when Amazon likes.
        _ if it.r#type == Some(CertificateType::Private)
            && renewal == Some(&sdk::RenewalStatus::PendingAutoRenewal) =>
        {
            Status::Pending(sdk::RenewalStatus::PendingAutoRenewal.as_str().to_owned())
        }
        _ if is_told(it) => Status::Ready,
        Some(why) => Status::Failed(why),
        None => Status::Pending("PENDING_VALIDATION".to_owned()),
    }
}

#[expect(deprecated, reason = "AWS is about to take no wishes any more; stacks still have them")]
fn logging(it: sdk::CertificateOptions) -> Option<Options> {
    let said = it.certificate_transparency_logging_preference?;
    Some(Options { certificate_transparency_logging_preference: said.as_str().to_owned() })
}

/// None where nobody has proved in time that the domain is theirs: ACM forgets such a one soon.
fn live(arn: String, it: sdk::CertificateDetail) -> Option<Live<Certificate>> {
    if it.status == Some(CertificateStatus::ValidationTimedOut) {
        return None;
    }
    let status = status(&it);
    let issued = it.r#type == Some(CertificateType::AmazonIssued);
    let validations = it.domain_validation_options.unwrap_or_default();
    let method = validations.first().filter(|_| issued).and_then(|it| it.validation_method.as_ref());
    let method = method.map_or("NONE", ValidationMethod::as_str).to_owned();
    let emails = validations.iter().flat_map(|it| it.validation_emails().to_vec()).collect::<Vec<_>>();
    let proofs = validations.into_iter().filter_map(|it| {
        let record = it.resource_record?;
        Some(Proof {
            domain_name: Some(it.domain_name),
            resource_record_name: Some(record.name),
            resource_record_type: Some(record.r#type.as_str().to_owned()),
            resource_record_value: Some(record.value),
        })
    });
    let renewal = it.renewal_summary.map(|it| Renewal {
        renewal_status: Some(it.renewal_status.as_str().to_owned()),
        renewal_status_reason: it.renewal_status_reason.map(|it| it.as_str().to_owned()),
        updated_at: Some(moment(&it.updated_at)),
    });
    let attributes = Certificate {
        domain_name: Chosen(Fixed(it.domain_name)),
        subject_alternative_names: Chosen(Fixed(
            it.subject_alternative_names.unwrap_or_default().into_iter().collect(),
        )),
        validation_method: Chosen(Fixed(Some(method))),
        validation_option: Fixed(Set::default()),
        key_algorithm: Chosen(Fixed(it.key_algorithm.as_ref().map(key_algorithm))),
        certificate_authority_arn: Fixed(it.certificate_authority_arn),
        certificate_body: None,
        certificate_chain: None,
        private_key: Secret(None),
        early_renewal_duration: None,
        options: Chosen(it.options.and_then(logging).into()),
        tags: None,
        tags_all: Chosen::default(),
        id: Computed(arn.clone()),
        arn: Computed(arn.clone()),
        domain_validation_options: Computed(proofs.collect()),
        not_after: Computed(it.not_after.as_ref().map(moment)),
        not_before: Computed(it.not_before.as_ref().map(moment)),
        pending_renewal: Computed(false),
        renewal_eligibility: seen(it.renewal_eligibility),
        renewal_summary: Computed(renewal.into_iter().collect()),
        status: seen(it.status),
        r#type: seen(it.r#type),
        validation_emails: Computed(emails),
    };
    let unread = &[
        "validation_option",
        "certificate_body",
        "certificate_chain",
        "private_key",
        "early_renewal_duration",
    ];
    Some(Live { key: arn, attributes, tags: None, status, unread })
}
