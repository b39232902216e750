//! Finding a certificate that an attempt before may have made.

use std::collections::BTreeSet;

use aws_sdk_acm::types::{CertificateDetail, CertificateSummary, CertificateType};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::*;
use crate::aws::acm::describe;

/// For so long ACM knows the token of a request, in seconds; a little less, for clocks.
const KNOWN: i64 = 3500;

/// A requested one.
pub(super) async fn requested(aws: &Aws, ours: &Certificate, new: &New) -> Result<Option<String>> {
    if aws.now() < new.since + KNOWN {
        return Ok(None);
    }
    let domain = ours.domain_name.as_deref().unwrap_or_default();
    let named = listed(aws, |it| it.domain_name.as_deref() == Some(domain)).await?;
    let wanted: BTreeSet<&str> = ours.subject_alternative_names.iter().map(String::as_str).collect();
    let fits = |it: &CertificateDetail| {
        let names: BTreeSet<&str> = it.subject_alternative_names().iter().map(String::as_str).collect();
        it.r#type != Some(CertificateType::Imported)
            && new.may_have_made(it.created_at.map(|it| it.secs()))
            && names == wanted
    };
    Ok(details(aws, named).await?.into_iter().find(fits).and_then(|it| it.certificate_arn))
}

/// One's own: the same text, handed over since.
pub(super) async fn own(aws: &Aws, ours: &Certificate, new: &New) -> Result<Option<String>> {
    let ours = plain(ours.certificate_body.as_deref().unwrap_or_default());
    let fresh = listed(aws, |it| it.r#type == Some(CertificateType::Imported)).await?;
    for it in details(aws, fresh).await? {
        let Some(arn) = it.certificate_arn else { continue };
        if !new.may_have_made(it.imported_at.map(|it| it.secs())) {
            continue;
        }
        let text = aws.acm().get_certificate().certificate_arn(&arn).send().await?.certificate;
        if text.is_some_and(|it| plain(&it) == ours) {
            return Ok(Some(arn));
        }
    }
    Ok(None)
}

/// A PEM text without what means nothing.
fn plain(pem: &str) -> String {
    pem.split_whitespace().collect()
}

async fn listed(aws: &Aws, fits: impl Fn(&CertificateSummary) -> bool) -> Result<Vec<String>> {
    let call = aws.acm().list_certificates().includes(all_keys());
    let all = call.into_paginator().items().send().try_collect().await?;
    Ok(all.into_iter().filter(fits).filter_map(|it| it.certificate_arn).collect())
}

async fn details(aws: &Aws, arns: Vec<String>) -> Result<Vec<CertificateDetail>> {
    let each = stream::iter(&arns).map(|arn| describe(aws, arn)).buffered(5);
    let found: Vec<Option<CertificateDetail>> = each.try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}
