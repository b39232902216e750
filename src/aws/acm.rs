//! Certificates (ACM).

mod blockers;
pub mod certificate;
pub mod lookup;
pub mod validation;

use std::collections::HashMap;

use aws_sdk_acm::types::{CertificateDetail, CertificateStatus, Filters, KeyAlgorithm, Tag};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::{Aws, Error, Result};
use crate::resource::{Passing, Tags};

/// What passes with time for all of ACM's types.
pub const ACM: &[Passing] =
    &[Passing::busy("ConflictException"), Passing::unseen("ResourceNotFoundException")];

fn tags(tags: &Tags) -> Result<Option<Vec<Tag>>> {
    let all = tags.iter().map(|(k, v)| super::shape::built(Tag::builder().key(k).value(v).build()));
    let all = all.collect::<Result<Vec<_>>>()?;
    Ok((!all.is_empty()).then_some(all))
}

/// [`super::tags::change`] for certificates.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let keys = unset.iter().map(|it| super::shape::built(Tag::builder().key(it).build()));
        let call = aws.acm().remove_tags_from_certificate().certificate_arn(arn);
        call.set_tags(Some(keys.collect::<Result<Vec<_>>>()?)).send().await?;
    }
    if !set.is_empty() {
        aws.acm().add_tags_to_certificate().certificate_arn(arn).set_tags(tags(set)?).send().await?;
    }
    Ok(())
}

/// Each certificate's tags, asked of ACM itself.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(10).try_collect().await
}

async fn tags_of(aws: &Aws, arn: &str) -> Result<Option<Tags>> {
    match aws.acm().list_tags_for_certificate().certificate_arn(arn).send().await.map_err(Error::from) {
        Ok(it) => {
            let all = it.tags.unwrap_or_default().into_iter();
            Ok(Some(all.map(|it| (it.key, it.value.unwrap_or_default())).collect()))
        }
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// What ACM knows of these certificates, by ARN. In a refresh each is asked about once, whoever needs it.
async fn described(aws: &Aws, arns: &[String]) -> Result<HashMap<String, CertificateDetail>> {
    let ask = async |arns: Vec<String>| {
        let each = stream::iter(&arns).map(|arn| describe(aws, arn)).buffered(10);
        let found: Vec<Option<CertificateDetail>> = each.try_collect().await?;
        let pairs = arns.iter().cloned().zip(found).filter_map(|(arn, it)| Some((arn, it?)));
        Ok::<_, Error>(pairs.collect::<HashMap<_, _>>())
    };
    match aws.exact() {
        true => ask(arns.to_vec()).await,
        false => aws.together("certificates", arns, ask).await,
    }
}

async fn describe(aws: &Aws, arn: &str) -> Result<Option<CertificateDetail>> {
    match aws.acm().describe_certificate().certificate_arn(arn).send().await.map_err(Error::from) {
        Ok(it) => Ok(it.certificate),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}

/// A list leaves out certificates with other keys than the usual ones, unless it is told of them.
fn all_keys() -> Filters {
    let keys = KeyAlgorithm::values().iter().map(|it| KeyAlgorithm::from(*it));
    Filters::builder().set_key_types(Some(keys.collect())).build()
}

fn moment(time: &DateTime) -> String {
    DateTime::from_secs(time.secs()).fmt(Format::DateTime).unwrap_or_default()
}

/// Why ACM will never issue it, where it says so.
fn failure(it: &CertificateDetail) -> Option<String> {
    let status = it.status.clone()?;
    let reason = match &status {
        CertificateStatus::Failed => it.failure_reason.as_ref().map(|it| it.as_str()),
        CertificateStatus::Revoked => it.revocation_reason.as_ref().map(|it| it.as_str()),
        CertificateStatus::ValidationTimedOut => {
            Some("nobody has proved within 72 hours that the domain is theirs")
        }
        CertificateStatus::Expired | CertificateStatus::Inactive => None,
        _ => return None,
    };
    Some(match reason {
        Some(reason) => format!("its status is `{}`: {}", status.as_str(), told(reason)),
        None => format!("its status is `{}`", status.as_str()),
    })
}

/// A reason with a word about what to do, where there is one.
fn told(reason: &str) -> String {
    let advice = match reason {
        "CAA_ERROR" => "a CAA record of the domain does not allow Amazon to issue certificates",
        "DOMAIN_NOT_ALLOWED" => "the domain is on a list of unsafe sites",
        "INVALID_PUBLIC_DOMAIN" => "the domain's ending is none of public DNS",
        "NO_AVAILABLE_CONTACTS" => "there is nobody to write to: validate by DNS",
        "ADDITIONAL_VERIFICATION_REQUIRED" => "AWS wants to hear from you: open a support case",
        "DOMAIN_VALIDATION_DENIED" => "the domain's owner has said no",
        _ => return reason.to_owned(),
    };
    format!("{reason} ({advice})")
}

#[cfg(test)]
mod tests {
    use aws_sdk_acm::types::FailureReason;

    use super::*;

    #[test]
    fn a_certificate_that_fails_says_why() {
        let it = CertificateDetail::builder().status(CertificateStatus::PendingValidation).build();
        assert_eq!(failure(&it), None);
        let it = CertificateDetail::builder().status(CertificateStatus::Failed);
        let text = failure(&it.failure_reason(FailureReason::CaaError).build()).unwrap();
        assert!(text.contains("`FAILED`: CAA_ERROR (a CAA record"), "{text}");
        let it = CertificateDetail::builder().status(CertificateStatus::ValidationTimedOut).build();
        assert!(failure(&it).unwrap().contains("72 hours"));
    }
}
