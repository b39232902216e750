//! Secrets Manager.

mod blockers;
pub mod lookup;
pub mod secret;
pub mod secret_version;

use aws_sdk_secretsmanager::types::Tag;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::{Aws, Error, Result};
use crate::resource::{Op, Passing, Tags};

/// What passes with time for all of Secrets Manager's types.
pub const SECRETS: &[Passing] = &[
    // The name is free a moment after the old one is gone for good.
    Passing::busy("InvalidRequestException")
        .saying("scheduled for deletion")
        .not_saying(FOR_DAYS)
        .on(&[Op::Create]),
    Passing::busy("InvalidRequestException").saying("marked for deletion").on(&[Op::Create]),
    Passing::unseen("ResourceNotFoundException"),
    // A role that was made a moment ago is no principal yet.
    Passing::unseen("MalformedPolicyDocumentException").saying("unsupported principal"),
];

/// What a refusal says besides, where the old one keeps the name for its recovery window.
const FOR_DAYS: &str = "will be for days";

fn tags(tags: &Tags) -> Option<Vec<Tag>> {
    let all = tags.iter().map(|(k, v)| Tag::builder().key(k).value(v).build());
    Some(all.collect()).filter(|it: &Vec<_>| !it.is_empty())
}

/// [`super::tags::change`] for secrets.
pub async fn change_tags(aws: &Aws, arn: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        let call = aws.secrets().untag_resource().secret_id(arn);
        call.set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.secrets().tag_resource().secret_id(arn).set_tags(tags(set)).send().await?;
    }
    Ok(())
}

/// `None` where there is none, or none any more: a deleted secret can still be seen for some days.
fn there<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(it) if it.is_missing() || is_deleted(&it) => Ok(None),
        Err(it) => Err(it),
    }
}

fn is_deleted(error: &Error) -> bool {
    let words = ["scheduled for deletion", "marked for deletion", "marked deleted"];
    error.code() == Some("InvalidRequestException") && words.iter().any(|it| error.message().contains(it))
}

/// Date and time to the second, as the state holds them.
fn moment(time: &DateTime) -> String {
    DateTime::from_secs(time.secs()).fmt(Format::DateTime).unwrap_or_default()
}
