//! KMS, and what its types share.

pub mod alias;
pub mod key;
pub mod lookup;

use aws_sdk_kms::types::Tag;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::{Aws, Error, Result};
use crate::resource::{Op, Passing, Tags};
use crate::schema::{Form, equal};

/// How many keys are asked about at once: KMS answers about one a call.
const AT_ONCE: usize = 20;

/// What passes with time for all of KMS's types.
pub const KMS: &[Passing] = &[
    // A key that was made a moment ago is not known to all of KMS yet.
    Passing::unseen("NotFoundException"),
    // Nor is a role a principal.
    Passing::unseen("MalformedPolicyDocumentException").saying("invalid principals"),
    // Nor is everybody told that a key was switched on.
    Passing::unseen("DisabledException").on(&[Op::Update]),
];

fn tags(tags: &Tags) -> Result<Option<Vec<Tag>>> {
    let each = tags.iter().map(|(k, v)| Tag::builder().tag_key(k).tag_value(v).build());
    let all = each.map(crate::aws::shape::built).collect::<Result<Vec<_>>>()?;
    Ok(Some(all).filter(|it| !it.is_empty()))
}

/// [`super::tags::change`] for keys.
pub async fn change_tags(aws: &Aws, id: &str, set: &Tags, unset: &[String]) -> Result<()> {
    if !unset.is_empty() {
        aws.kms().untag_resource().key_id(id).set_tag_keys(Some(unset.to_vec())).send().await?;
    }
    if !set.is_empty() {
        aws.kms().tag_resource().key_id(id).set_tags(tags(set)?).send().await?;
    }
    Ok(())
}

/// [`super::tags::unmark`] for keys.
pub async fn unmark(aws: &Aws, ids: &[String]) -> Result<()> {
    let each = stream::iter(ids).map(|id| async move {
        let call = aws.kms().untag_resource().key_id(id).tag_keys(super::tags::MARK);
        match call.send().await.map_err(Error::from) {
            Err(it) if it.is_missing() || is_leaving(&it) => Ok(()),
            answer => answer.map(drop),
        }
    });
    each.buffer_unordered(AT_ONCE).try_collect().await
}

/// Whether two policies mean the same.
fn same_policy(a: &str, b: &str) -> bool {
    equal::same(Form::Json, a, b)
}

/// Whether a refusal is for a key whose deletion is scheduled.
fn is_leaving(error: &Error) -> bool {
    error.code() == Some("KMSInvalidStateException") && error.message().contains("pending deletion")
}

/// Each key's tags, asked of KMS itself; `None` where a key is gone.
pub async fn list_tags(aws: &Aws, arns: &[String]) -> Result<Vec<Option<Tags>>> {
    stream::iter(arns).map(|arn| tags_of(aws, arn)).buffered(AT_ONCE).try_collect().await
}

async fn tags_of(aws: &Aws, key: &str) -> Result<Option<Tags>> {
    let pages = aws.kms().list_resource_tags().key_id(key).into_paginator().items().send();
    match pages.try_collect().await.map_err(Error::from) {
        Ok(all) => Ok(Some(all.into_iter().map(|it| (it.tag_key, it.tag_value)).collect())),
        Err(it) if it.is_missing() => Ok(None),
        Err(it) => Err(it),
    }
}
