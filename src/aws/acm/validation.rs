use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_acm::types::{CertificateDetail, CertificateStatus, CertificateType, ValidationMethod};
use aws_smithy_types::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ACM, describe, described, failure};
use crate::aws::{Aws, Error, Result, TagApi, moment};
use crate::resource::*;

/// Waits until Amazon has issued a certificate. What needs an issued one names this one's
/// `certificate_arn`. Nothing at AWS goes by it: to remove it removes nothing.
///
/// ```toml
/// [aws_acm_certificate.web]
/// domain_name = "www.example.com"
/// validation_method = "DNS"
///
/// [aws_route53_record.proof]
/// for_each = "${{ for it in aws_acm_certificate.web.domain_validation_options : it.domain_name => it }}"
/// zone_id = "Z0123456789ABCDEFGHIJ"
/// name = "${each.value.resource_record_name}"
/// type = "${each.value.resource_record_type}"
/// records = ["${each.value.resource_record_value}"]
/// ttl = 60
///
/// [aws_acm_certificate_validation.web]
/// certificate_arn = "${aws_acm_certificate.web.arn}"
/// validation_record_fqdns = "${[for it in aws_route53_record.proof : it.fqdn]}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// The certificate.
    pub certificate_arn: Fixed<String>,
    /// The names of the records that prove it: all of them have to be there.
    #[serde(default)]
    pub validation_record_fqdns: Fixed<Set<String>>,
    pub timeouts: Option<TimeoutsCreate>,
    /// When it was issued, where that was before anybody waited.
    pub id: Computed<String>,
}

impl Resource for Validation {
    const TYPE: &'static str = "aws_acm_certificate_validation";
    const IMPORT: &'static [&'static str] = &[];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("acm:DescribeCertificate").same()], "a call tells of one certificate");
    const BATCH: usize = 10_000; // each is asked about by itself
    const PATIENCE: Duration = Duration::from_secs(4500);
    const CREATE_SECONDS: u32 = 120;
    const VANISHES: bool = false;
    const PASSING: &'static [&'static [Passing]] = &[ACM];
    type Key = String;

    fn key(&self) -> String {
        self.certificate_arn.0.clone()
    }

    fn import(_id: &str) -> Result<String> {
        Err(Error::Invalid("a validation cannot be imported: apply it, which changes nothing".to_owned()))
    }

    async fn read(aws: &Aws, arns: &[String]) -> Result<Vec<Live<Self>>> {
        let found = described(aws, arns).await?;
        let each = found.into_iter().map(|(arn, it)| live(arn, &it));
        // One that is not issued any more has to be waited for anew.
        Ok(each.filter(|it| aws.exact() || it.status == Status::Ready).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let arn = self.key();
        let found = describe(aws, &arn).await?;
        let it = found.ok_or_else(|| Error::Invalid(format!("there is no certificate {arn}")))?;
        match &it.r#type {
            Some(CertificateType::AmazonIssued) | None => {}
            Some(other) => {
                let text =
                    format!("certificates of type `{}` need no validation: leave this out", other.as_str());
                return Err(Error::Invalid(text));
            }
        }
        self.check(&it)?;
        Ok(arn)
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, _aws: &Aws) -> Result<()> {
        Ok(())
    }

    // A create changes nothing, however often.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<String>> {
        Ok(None)
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if !kept.id.is_empty() {
            self.id = kept.id.clone();
        }
        self
    }
}

impl Validation {
    /// The records that are named are all that it takes.
    fn check(&self, it: &CertificateDetail) -> Result<()> {
        let named: Vec<&str> = self.validation_record_fqdns.iter().map(|it| bare(it)).collect();
        if named.is_empty() {
            return Ok(());
        }
        let mut missing = BTreeMap::new();
        for it in it.domain_validation_options() {
            match &it.validation_method {
                Some(ValidationMethod::Dns) | None => {}
                Some(other) => {
                    return Err(Error::Invalid(format!(
                        "this certificate is validated by {}, not by records: leave `validation_record_fqdns` out",
                        other.as_str()
                    )));
                }
            }
            let record = it.resource_record.as_ref().map(|it| bare(&it.name)).filter(|it| !it.is_empty());
            if let Some(record) = record.filter(|it| !named.contains(it)) {
                missing.insert(record.to_owned(), it.domain_name.clone());
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let each = missing.iter().map(|(record, domain)| format!("`{record}` for {domain}"));
        let each = each.collect::<Vec<_>>().join(", ");
        Err(Error::Invalid(format!("`validation_record_fqdns` lacks the record {each}")))
    }
}

fn bare(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn live(arn: String, it: &CertificateDetail) -> Live<Validation> {
    let status = match (&it.status, failure(it)) {
        (Some(CertificateStatus::Issued), _) => Status::Ready,
        (_, Some(why)) => Status::Failed(why),
        (word, None) => Status::Pending(word.as_ref().map_or("unknown", |it| it.as_str()).to_owned()),
    };
    let attributes = Validation {
        certificate_arn: Fixed(arn.clone()),
        validation_record_fqdns: Fixed(Set::default()),
        timeouts: None,
        id: Computed(issued(it.issued_at.as_ref())),
    };
    Live { key: arn, attributes, tags: None, status, unread: &["validation_record_fqdns"] }
}

/// As the provider writes it: `2026-01-31 12:00:00 +0000 UTC`.
fn issued(at: Option<&DateTime>) -> String {
    at.map_or_else(|| "0001-01-01 00:00:00 +0000 UTC".to_owned(), moment::long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_is_written_as_the_provider_does() {
        assert_eq!(issued(Some(&DateTime::from_secs(1_700_000_000))), "2023-11-14 22:13:20 +0000 UTC");
        let half = DateTime::from_secs_and_nanos(1_700_000_000, 500_000_000);
        assert_eq!(issued(Some(&half)), "2023-11-14 22:13:20.5 +0000 UTC");
        assert_eq!(issued(None), "0001-01-01 00:00:00 +0000 UTC");
    }

    #[test]
    fn a_certificate_that_fails_ends_the_waiting_with_its_reason() {
        let it = CertificateDetail::builder().status(CertificateStatus::ValidationTimedOut).build();
        assert!(matches!(live("a".to_owned(), &it).status, Status::Failed(why) if why.contains("72 hours")));
        let it = CertificateDetail::builder().status(CertificateStatus::PendingValidation).build();
        assert_eq!(live("a".to_owned(), &it).status, Status::Pending("PENDING_VALIDATION".to_owned()));
    }
}
